"""Stretches of spoken words beside printed ones: what they begin, break off, govern and end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from offair.model.finding import CRITICAL, EditClass, EditKind
from offair.text.align import Edit
from offair.text.judge_places import Place
from offair.text.lexicon import is_negation, word_classes
from offair.text.sentences import ends_sentence
from offair.text.tokenise import Token, TokenKind, base_language

SHORT_CUT = 3
"""Words: a run this short with a word of a critical class changes what is said around it."""
_FALSE_START = 5
_OPPOSITES = frozenset(str.split("un in im il ir dis non mis anti"))
_GOVERNS = frozenset({EditClass.NEGATION, EditClass.QUANTIFIER, EditClass.NUMBER})
_DISCOURSE = (
    ("you", "know"), ("i", "mean"), ("you", "see"), ("sort", "of"), ("kind", "of"), ("well",),
    ("look",), ("like",), ("okay",), ("ok",), ("folks",), ("oh",), ("ah",), ("now",), ("yeah",),
)  # fmt: skip
"""English words of delay: leaving them out is cleaning."""
_AUXILIARIES = frozenset(str.split("do does did is are was were am have has had"))
_REPLACED = _GOVERNS | {EditClass.CONDITION, EditClass.EXCEPTION, EditClass.MODALITY}
_NE = frozenset({"ne", "n"})
_NE_REST = frozenset(str.split("pas jamais rien personne aucun aucune ni guere nullement"))
_NE_REACH = 5
_BROKE_OFF_RE = regex.compile(r"^[\s,]*(?:—|–|--|-(?=\s)|…|\.\.\.)")

_Classes = frozenset[EditClass]


def classes_before(place: Place, first: int) -> frozenset[EditClass]:
    """What the word before the first one used governs it by, where brackets stand in its place:
    a quantifier, a negation, a number (`[All] of the people`, said: `most of the people`)."""
    if not first or ends_between(place, first):
        return frozenset()
    return word_classes(place.tokens[first - 1], place.language) & _GOVERNS


def classes_beside(place: Place, window: tuple[int, int], head: int, tail: int) -> _Classes:
    """The critical classes of up to `head` spoken words before the ones used and `tail` after
    them, in the same sentence: words that others are printed in the place of (`with it`, said:
    `without it`), where the printed ones are the first or the last of a quotation."""
    found: frozenset[EditClass] = frozenset()
    first, last = window
    while head > 0 and first > 0 and not ends_between(place, first):
        head, first = head - 1, first - 1
        found |= word_classes(place.tokens[first], place.language) & _REPLACED
    while tail > 0 and last < len(place.tokens) and not (last and ends_between(place, last)):
        found |= word_classes(place.tokens[last], place.language) & _REPLACED
        tail, last = tail - 1, last + 1
    return found


def is_half_negation(tokens: Sequence[Token], span: tuple[int, int], language: str | None) -> bool:
    """Whether words are the French `ne` alone and the rest of its negation follows (`pas`,
    `jamais`): spoken French leaves it out, written French puts it in."""
    first, last = span
    if base_language(language) != "fr" or last - first != 1 or tokens[first].form not in _NE:
        return False
    after = {one.form for one in tokens[last : last + _NE_REACH]}
    return not after.isdisjoint(_NE_REST)


def is_turned(read: Token, said: Token) -> bool:
    """Whether letters in brackets make a word its opposite: `[un]able`, `[im]possible`."""
    one, two = sorted((read.form, said.form), key=len)
    return two.endswith(one) and two[: len(two) - len(one)] in _OPPOSITES


def takes_its_negation(place: Place, first: int) -> bool:
    """Whether words left out begin with the negation of the auxiliary kept before them
    (`will [not, as I said,] build`)."""
    if not first or not is_negation(place.tokens[first].form, place.language):
        return False
    kept = place.tokens[first - 1]
    return kept.form in _AUXILIARIES or EditClass.MODALITY in word_classes(kept, place.language)


def runs_of(edits: Sequence[Edit]) -> Iterator[list[Edit]]:
    """Edits of one kind that follow one another; each equal or variant edit alone."""
    held: list[Edit] = []
    joined = {EditKind.LEFT_OUT, EditKind.ELIDED, EditKind.BRACKETED}
    for edit in edits:
        if held and edit.kind is held[0].kind and edit.kind in joined:
            held.append(edit)
            continue
        if held:
            yield held
        held = [edit]
    if held:
        yield held


def position_of(place: Place, char: int) -> tuple[int, int]:
    """Where a character of a place stands in its layer: (turn, character)."""
    index = place.turn_at(char)
    return place.order + index, char - place.starts[index]


def is_discourse(said: Sequence[Token]) -> bool:
    """Whether the words are all words of delay."""
    forms = [one.form for one in said if one.kind is not TokenKind.FILLER]
    at = 0
    while at < len(forms):
        step = next((len(one) for one in _DISCOURSE if tuple(forms[at : at + len(one)]) == one), 0)
        if not step:
            return False
        at += step
    return True


def false_start(place: Place, first: int, last: int, classes: frozenset[EditClass]) -> bool:
    """Whether spoken words break off and are begun anew in what follows them."""
    row = place.tokens
    if last - first > _FALSE_START or last >= len(row) or ends_between(place, last):
        return False
    run = [one.form for one in row[first:last]]
    follows = [one.form for one in row[last : last + 6]]
    weighty = classes & {EditClass.NEGATION, EditClass.NUMBER, EditClass.CONDITION}
    if weighty and not set(run) <= set(follows):
        return False
    between = place.text[row[last - 1].char_end : row[last].char_start]
    broke_off = _BROKE_OFF_RE.match(between) is not None
    begun_anew = (
        bool(run)
        and run[0] == follows[0]
        and (broke_off or "," in between or set(run) <= set(follows))
    )
    return begun_anew or (broke_off and last - first <= SHORT_CUT and not classes & CRITICAL)


def ends_between(place: Place, at: int) -> bool:
    """Whether a sentence ends before a word: what is said again after that is no false start."""
    row = place.tokens
    if not 0 < at < len(row):
        return False
    return ends_sentence(place.text[row[at - 1].char_end : row[at].char_start].strip())


def whole_sentences(place: Place, first: int, last: int) -> bool:
    """Whether spoken words are whole sentences."""
    row, text = place.tokens, place.text
    start = row[first - 1].char_end if first else 0
    before = text[start : row[first].char_start]
    stop = row[last].char_start if last < len(row) else len(text)
    after = text[row[last - 1].char_end : stop]
    return (not first or ends_sentence(before.strip()) or "\n" in before) and (
        ends_sentence(after.strip()) or "\n" in after
    )


def words_at(text: str, row: Sequence[Token], first: int, last: int) -> str:
    """The characters of some tokens of a text."""
    return text[slice(*chars_at(row, first, last))]


def chars_at(row: Sequence[Token], first: int, last: int) -> tuple[int, int]:
    """The character range of some tokens; an empty one where there are none."""
    if first < last:
        return row[first].char_start, row[last - 1].char_end
    at = row[first - 1].char_end if first else (row[0].char_start if row else 0)
    return at, at


def classes_named(classes: frozenset[EditClass]) -> str:
    """Critical classes as they stand behind a reason: ` (negation, number)`; else empty."""
    told = sorted(one.value for one in classes & CRITICAL)
    return f" ({', '.join(told)})" if told else ""


def shortened(text: str) -> str:
    """A text in one line of 90 characters at most, its middle left out."""
    text = " ".join(text.split())
    return text if len(text) <= 90 else f"{text[:44]} … {text[-43:]}"
