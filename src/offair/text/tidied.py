"""Whether a text was only tidied: its spelling and punctuation changed, and no word of it.

A slip of one letter counts as spelling where the word is long enough not to be another word by
chance, or where two neighbours changed places. Words whose change alters what was said never do.
"""

from __future__ import annotations

from offair.model.errors import BadInput
from offair.model.finding import EditClass, EditKind
from offair.text.align import align
from offair.text.lexicon import is_function_word
from offair.text.tokenise import Token, tokens

_SHORTEST = 5
"""Letters of a word from which one letter more, less or other is a slip: shorter words of one
letter's difference are mostly two words (`war`, `was`)."""


def beyond_tidy(old: str, new: str, language: str | None) -> tuple[tuple[str, str], ...]:
    """What changed besides spelling and punctuation, in order: the words that were there and those
    that came; empty for nothing. language: BCP 47 of both, None where unknown."""
    was, now = tokens(old, language), tokens(new, language)
    # Words written together or apart are the same words.
    if "".join(one.form for one in was) == "".join(one.form for one in now):
        return ()
    try:
        found = align(now, was, whole=True, language=language)
    except BadInput:
        return ((old, new),)
    return tuple(
        (_words(old, was, edit.spoken), _words(new, now, edit.printed))
        for edit in found.edits
        if edit.kind is not EditKind.EQUAL
        and (
            edit.critical
            or EditClass.INFLECTION in edit.classes
            or not _slip(was, edit.spoken, now, edit.printed, language)
        )
    )


def _words(text: str, found: tuple[Token, ...], places: tuple[int, int]) -> str:
    first, end = places
    return text[found[first].char_start : found[end - 1].char_end] if first < end else ""


def _slip(
    was: tuple[Token, ...],
    old: tuple[int, int],
    now: tuple[Token, ...],
    new: tuple[int, int],
    language: str | None,
) -> bool:
    """Whether one word became another spelling of itself."""
    if old[1] - old[0] != 1 or new[1] - new[0] != 1:
        return False
    one, other = was[old[0]], now[new[0]]
    if one.capital or other.capital or any(letter.isdigit() for letter in one.form + other.form):
        return False
    if swapped(one.form, other.form):
        return True
    if any(is_function_word(form, language) for form in (one.form, other.form)):
        return False
    long = min(len(one.form), len(other.form)) >= _SHORTEST
    return long and one_letter_apart(one.form, other.form)


def swapped(one: str, other: str) -> bool:
    """Whether two words differ by two neighbouring letters that changed places."""
    if len(one) != len(other):
        return False
    places = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) != 2 or places[1] != places[0] + 1:
        return False
    return (one[places[0]], one[places[1]]) == (other[places[1]], other[places[0]])


def one_letter_apart(one: str, other: str) -> bool:
    """Whether two words differ by one letter changed, put in or left out."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    short, long = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[at:] == long[at + 1 :] or short[at + 1 :] == long[at + 1 :]
