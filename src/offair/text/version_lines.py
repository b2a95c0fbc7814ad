"""The lines of two versions of a text, each beside the one it was or became."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

_ALIKE = 0.5
"""Share of common words from which two lines count as versions of one; of `ratio`, 0…1."""
_MOST_WORDS = 4_000
"""Of two lines together, beyond which they are taken for versions of one by their places alone: the
comparison's time grows with the square of the number."""


def paired(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[str | None, str | None], ...]:
    """Lines of both versions in order; None beside a line that went, or that came."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    found: list[tuple[str | None, str | None]] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            found += zip(old[a:b], new[c:d], strict=True)
            continue
        was, now = list(old[a:b]), list(new[c:d])
        end: list[tuple[str | None, str | None]] = []
        while was and now and _alike(was[0], now[0]):
            found.append((was.pop(0), now.pop(0)))
        while was and now and _alike(was[-1], now[-1]):
            end.append((was.pop(), now.pop()))
        found += [(one, None) for one in was]
        found += [(None, one) for one in now]
        found += reversed(end)
    return tuple(found)


def _alike(old: str, new: str) -> bool:
    one, two = old.split(), new.split()
    if len(one) + len(two) > _MOST_WORDS:
        return True
    matcher = difflib.SequenceMatcher(None, one, two, autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE
