"""Two versions of a text word by word, so that both can be read from the one list.

The alignment of quotations is not used here: it leaves out punctuation and case and reads brackets
as printed signs, and of an edit every character counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

import regex

_PIECE_RE = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*"
    r"|[\p{L}\p{N}\p{M}\p{Cf}'’]+|\s+|\X"
)
_LARGEST_COMPARED = 20_000
"""Words and signs of both texts together; longer changes are shown whole."""


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of both texts: equal, or `old` in the one where the other has `new`."""

    old: str
    new: str

    @property
    def same(self) -> bool:
        """Whether nothing changed here."""
        return self.old == self.new


def word_changes(old: str, new: str) -> tuple[Change, ...]:
    """What changed, in order, no two neighbours of one kind; the `old` of all give the old text,
    the `new` the new one. A space between two changed words goes with them."""
    one, two = _PIECE_RE.findall(old), _PIECE_RE.findall(new)
    if len(one) + len(two) > _LARGEST_COMPARED:
        return (Change(old, new),) if old or new else ()
    found: list[tuple[bool, str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        old_part, new_part = "".join(one[a:b]), "".join(two[c:d])
        inside = (a or c) and (b < len(one) or d < len(two))
        same = tag == "equal" and not (inside and old_part.isspace())
        if found and found[-1][0] == same:
            _, before, beside = found.pop()
            old_part, new_part = before + old_part, beside + new_part
        found.append((same, old_part, new_part))
    return tuple(Change(old_part, new_part) for _, old_part, new_part in found)
