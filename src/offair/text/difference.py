"""A printed quotation beside the words that were said, with character ranges on both sides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from offair.text.align import Alignment, Edit, align
from offair.text.printed import parse_printed, printed_words
from offair.text.tokenise import Token, tokens


@dataclass(frozen=True, slots=True)
class Passage:
    """One edit with the text it touches: character ranges, half-open, empty where nothing stands.

    printed_text, spoken_text: those characters, empty strings where there are none.
    """

    edit: Edit
    printed_chars: tuple[int, int]
    spoken_chars: tuple[int, int]
    printed_text: str
    spoken_text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between a printed text and the best stretch of a spoken one.

    printed, spoken: the tokens `alignment` counts. window_chars: from the first to the last
    spoken word used, in the spoken text; None where none was (nothing to compare, or no word
    of the quotation was said).
    """

    alignment: Alignment
    passages: tuple[Passage, ...]
    printed: tuple[Token, ...]
    spoken: tuple[Token, ...]
    window_chars: tuple[int, int] | None


def difference(
    printed_text: str,
    spoken_text: str,
    *,
    language: str | None = None,
    whole: bool = False,
    names: Collection[str] = (),
) -> Difference:
    """Hold a printed quotation against what was said (a turn, a recording's turns joined).

    Ellipses and square brackets of the printed text are read (`printed`); `whole` compares with
    all of the spoken text instead of its best stretch. Deterministic; see `align` for ties.
    Raises `BadInput` where the two are too long to compare at once.
    """
    words = printed_words(parse_printed(printed_text, language))
    spoken = tokens(spoken_text, language)
    alignment = align(
        words.tokens,
        spoken,
        whole=whole,
        language=language,
        names=names,
        gaps=words.gaps,
        bracketed=words.bracketed,
    )
    passages = tuple(
        _passage(edit, printed_text, words.tokens, spoken_text, spoken) for edit in alignment.edits
    )
    first, last = alignment.window
    window = _chars(spoken, first, last) if first < last else None
    return Difference(alignment, passages, words.tokens, spoken, window)


def _passage(
    edit: Edit,
    printed_text: str,
    printed: tuple[Token, ...],
    spoken_text: str,
    spoken: tuple[Token, ...],
) -> Passage:
    one, two = _chars(printed, *edit.printed), _chars(spoken, *edit.spoken)
    return Passage(edit, one, two, printed_text[slice(*one)], spoken_text[slice(*two)])


def _chars(row: tuple[Token, ...], first: int, last: int) -> tuple[int, int]:
    if first < last:
        return row[first].char_start, row[last - 1].char_end
    at = row[first - 1].char_end if first else (row[0].char_start if row else 0)
    return at, at
