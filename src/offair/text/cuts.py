"""Where a text may be cut without changing a token: what each character is to the cutter.

The tokeniser reads a text from left to right with one pattern, so it may be cut wherever no match
can go on and nothing it looks at beyond a match changes:

* at a character that no part of the pattern names (`CUT`): most white space, brackets, dashes;
* at a space (`SPACE`), unless it stands between two digits and may group them;
* before an ideograph or a letter of a script without spaces, and after it with its marks (`ALONE`,
  `JOINS`): no other token may hold one;
* marks that only ever stand between two other characters of a token (`EDGE`: full stop, comma,
  colon, slash, apostrophe, quotation mark, middle dot) are left out at either end.

A property test holds the tokens of the runs against the tokens of the whole.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import regex

from offair.kernels.words import ALONE, CUT, DIGIT, EDGE, INSIDE, JOINS, SPACE, TAIL
from offair.text.normalise import APOSTROPHES
from offair.text.tokenise import IDEOGRAPH, UNSPACED

_JOINING = r"\uff9e\uff9f\u0e32\u0e33\u0eb2\u0eb3"
_SETS: tuple[tuple[int, str], ...] = (
    (INSIDE, r"[\p{L}\p{N}\p{M}\p{Cf}\p{Sc}%％﹪٪‰℃℉\u3380-\u33df]"),
    (TAIL, r"[\p{M}\p{Cf}]"),
    (DIGIT, r"\p{Nd}"),
    (ALONE, rf"[[[{IDEOGRAPH}][[{UNSPACED}]&&\p{{L}}]]--[\p{{M}}\p{{Cf}}{_JOINING}]]"),
    (JOINS, rf"[{_JOINING}]"),
    (SPACE, r"[\x20\u00a0\u202f\u2009]"),
    (EDGE, rf"[[.,:/⁄∕٫٬·‧\"״”“{APOSTROPHES}]--[\p{{L}}\p{{M}}]]"),
    (CUT, r"\u200b"),
)
"""Later sets overrule earlier ones; what is in none is a `CUT`."""


@lru_cache(maxsize=1)
def character_classes() -> npt.NDArray[np.uint8]:
    """The class of each code point, shape (0x110000,), constants of `kernels.words`; read-only."""
    every = "".join(map(chr, range(0x110000)))
    classes = np.full(len(every), CUT, np.uint8)
    for kind, characters in _SETS:
        for run in regex.finditer(rf"{characters}+", every, regex.VERSION1):
            classes[run.start() : run.end()] = kind
    classes.setflags(write=False)
    return classes
