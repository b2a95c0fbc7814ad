"""Which part of a long text is cut into words: the same as if all of it had been counted."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from offair.desk.quoted_evidence import _CHUNK_RE, _char_range
from offair.text.tokenise import TokenKind, tokens

PIECES = ("harbour", "uh", "—", "state-of-the-art", "l'État", "don't", "3,000", "...", "wall.\n")


def _counted_plainly(text: str, first: int, last: int) -> tuple[int, int]:
    """Every part of the text counted, word by word."""
    chunks = [match.span() for match in _CHUNK_RE.finditer(text)]
    starts = [0]
    for low, high in chunks:
        found = tokens(text[low:high], "en")
        starts.append(starts[-1] + sum(one.kind is not TokenKind.FILLER for one in found))
    begins = max(at for at, start in enumerate(starts) if start <= max(0, first))
    ends = next((at for at, start in enumerate(starts) if start >= last), len(chunks))
    return chunks[min(begins, len(chunks) - 1)][0], chunks[max(min(ends, len(chunks)), 1) - 1][1]


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=120),
    st.integers(-10, 150),
    st.integers(1, 60),
)
def test_a_part_is_counted_as_all_of_it_would_be(row: list[str], first: int, length: int) -> None:
    text = " ".join(row)
    last = first + length
    if last > 0:
        assert _char_range(text, "en", first, last) == _counted_plainly(text, first, last)
