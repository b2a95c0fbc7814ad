"""Which words of what was said a clause of the desk has in common with it: words of meaning only.

Two words are the same by their form, a regular spelling or inflection (`word_variants`), without
the particles that are written onto them (`clitics`), or as spellings of one name. In languages
other than English a long common beginning stands for inflection. In scripts without spaces, where
a token is one character, only pairs of neighbours count.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from offair.model.finding import EditClass
from offair.text.clauses import spoken_clauses
from offair.text.clitics import stripped
from offair.text.judge_places import Voice
from offair.text.lexicon import class_words, is_function_word, is_negation
from offair.text.normalise import word_set
from offair.text.numbers import NumberSpan, is_article, number_spans
from offair.text.sentences import sentences
from offair.text.spellings import Spellings
from offair.text.tokenise import Token, TokenKind, base_language, tokens
from offair.text.word_variants import NEAR_SPELLING, variant_cost

WEAK = frozenset(
    {
        EditClass.NEGATION, EditClass.MODALITY, EditClass.CONDITION, EditClass.EXCEPTION,
        EditClass.ATTRIBUTION, EditClass.QUANTIFIER,
    }
)  # fmt: skip
"""Words of these classes change what a clause says, and never support it by standing there."""
_UNSPACED = word_set("zh yue ja th lo my km")
_VERB_LAST = word_set("de nl da sv no nb nn tr fa hi ja ko")
_BEGINNING = 5
_ENDING = 3
"""Two words of other languages are inflections of one where they share so many letters at least,
and each has at most so many more."""
_WINDOW = 4
_REACH = 8
"""Sentences of a stretch that supports a clause, and how far from the best one others are looked
for."""
_STRETCHES = 3
_NEGATION_BEFORE = 4
_NEGATION_AFTER = 2


_NOBODY = Voice()


@dataclass(frozen=True, slots=True)
class SaidTurn:
    """A turn as the clip prints it. offset: where `text` begins in the whole turn's text."""

    turn_id: int
    text: str
    offset: int = 0
    voice: Voice = _NOBODY
    asides: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Meant:
    """A word of meaning of a clause. place: among the clause's tokens; weight: 2 for a name."""

    token: Token
    place: int
    weight: int


@dataclass(frozen=True)
class SaidSentence:
    """A sentence of speech. place: among all of the clip's. start: of its text in `turn.text`."""

    turn: SaidTurn
    place: int
    start: int
    end: int
    tokens: tuple[Token, ...]
    language: str | None

    @cached_property
    def clauses(self) -> tuple[tuple[int, int], ...]:
        """Its clauses, as ranges of tokens."""
        text = self.turn.text[self.start : self.end]
        edges = [
            next(
                (n for n, one in enumerate(self.tokens) if one.char_start - self.start >= first),
                len(self.tokens),
            )
            for first, _ in spoken_clauses(text, self.language)
        ]
        return tuple(itertools.pairwise([*edges, len(self.tokens)])) if edges else ()

    def range(self, first: int, last: int) -> tuple[int, int]:
        """Tokens `first` to `last` (not included) as a range of the whole turn's text."""
        offset = self.turn.offset
        return (
            offset + self.tokens[first].char_start,
            offset + self.tokens[last - 1].char_end,
        )


@dataclass(frozen=True, slots=True)
class Match:
    """Where a word of a clause was said: sentence, and place among its tokens. same: in this very
    form."""

    sentence: int
    at: int
    same: bool


@dataclass(frozen=True, slots=True)
class Support:
    """What supports a clause. share: of its words of meaning, by weight, 0…1. found: of each word
    (by place among the clause's tokens) its best match. sentences: by place, in order."""

    share: float
    found: Mapping[int, Match]
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Nearest:
    """A clause of speech near to one of the desk's: its sentence, and from the first of the words
    they have in common to the last, as a range of tokens. nearest: none is nearer."""

    sentence: SaidSentence
    first: int
    last: int
    nearest: bool


class Spoken:
    """A clip's speech, made ready to be held against clauses."""

    def __init__(
        self, turns: Sequence[SaidTurn], language: str | None, spellings: Spellings | None = None
    ) -> None:
        """language: BCP 47 of the turns and of the clauses."""
        self.language = language
        self._base = base_language(language)
        self._spellings = spellings
        self.sentences: list[SaidSentence] = []
        for turn in turns:
            every = tokens(turn.text, language)
            for start, end in sentences(turn.text, language):
                inside = tuple(one for one in every if start <= one.char_start < end)
                if inside:
                    self.sentences.append(
                        SaidSentence(turn, len(self.sentences), start, end, inside, language)
                    )
        self._forms: dict[str, list[tuple[int, int]]] = {}
        self._names: dict[int, list[tuple[int, int]]] = {}
        for sentence in self.sentences:
            for at, one in enumerate(sentence.tokens):
                if one.kind is not TokenKind.FILLER:
                    self._forms.setdefault(one.form, []).append((sentence.place, at))
            for span in spellings.spans(sentence.tokens) if spellings is not None else ():
                self._names.setdefault(span.name_id, []).append((sentence.place, span.first))

    def meant(self, found: Sequence[Token], passed_over: Collection[int] = ()) -> list[Meant]:
        """The words of meaning among the tokens of a clause. passed_over: places of tokens that
        something else explains."""
        numbers = numbered(found, self.language)
        weak = {form for kind in WEAK for form in class_words(kind, self.language)}
        result = []
        for place, one in enumerate(found):
            if place in passed_over or place in numbers or one.kind is not TokenKind.WORD:
                continue
            body = one.capital and one.form in {"us", "who"}
            if (is_function_word(one.form, self.language) and not body) or one.form in weak:
                continue
            result.append(Meant(one, place, 2 if one.capital and self._base != "de" else 1))
        return result

    def matches(self, found: Sequence[Token], words: Sequence[Meant]) -> dict[int, list[Match]]:
        """Of each word of meaning every place where it was said."""
        named: dict[int, list[Match]] = {}
        for span in self._spellings.spans(found) if self._spellings is not None else ():
            for sentence, at in self._names.get(span.name_id, ()):
                for place in range(span.first, span.last):
                    named.setdefault(place, []).append(Match(sentence, at, True))
        result = {}
        for word in words:
            places = [
                Match(sentence, at, form == word.token.form)
                for form in self._alike(word.token)
                for sentence, at in self._forms[form]
            ]
            if self._base in _UNSPACED:
                places = [one for one in places if self._beside(found, word.place, one)]
            places += named.get(word.place, ())
            if places:
                result[word.place] = places
        return result

    def _alike(self, word: Token) -> list[str]:
        """The spoken forms that are this word."""
        bare = stripped(word.form, self.language)
        result = []
        for form in self._forms:
            if (
                form == word.form
                or stripped(form, self.language) == bare
                or variant_cost(word.form, form, self.language) < NEAR_SPELLING
                or (self._base not in {None, "en"} and _inflected(bare, form))
            ):
                result.append(form)
        return result

    def _beside(self, found: Sequence[Token], place: int, match: Match) -> bool:
        said = self.sentences[match.sentence].tokens
        return any(
            0 <= place + step < len(found)
            and 0 <= match.at + step < len(said)
            and found[place + step].form == said[match.at + step].form
            for step in (-1, 1)
        )

    def support(
        self,
        words: Sequence[Meant],
        matches: Mapping[int, Sequence[Match]],
        *,
        by: Collection[int] | None = None,
    ) -> Support:
        """The stretches that have most of these words: the best one, of at most four sentences of a
        turn, then others near it for what it has not. by: places of the sentences that may count,
        None for all."""
        total = sum(word.weight for word in words)
        per_sentence: dict[int, set[int]] = {}
        for word in words:
            for match in matches.get(word.place, ()):
                if by is None or match.sentence in by:
                    per_sentence.setdefault(match.sentence, set()).add(word.place)
        if not per_sentence or not total:
            return Support(0.0, {}, ())
        weights = {word.place: word.weight for word in words}
        chosen: list[int] = []
        held: set[int] = set()
        for number in range(_STRETCHES):
            best = self._best(per_sentence, weights, held, chosen)
            if best is None:
                break
            gained = set().union(*(per_sentence.get(one, set()) for one in best)) - held
            if number and sum(weights[one] for one in gained) < 2:
                break
            chosen += [one for one in best if per_sentence.get(one, set()) & gained]
            held |= gained
        kept = sorted(set(chosen))
        found = {place: self._best_match(matches[place], kept) for place in sorted(held)}
        return Support(sum(weights[one] for one in held) / total, found, tuple(kept))

    def _best(
        self,
        per_sentence: Mapping[int, set[int]],
        weights: Mapping[int, int],
        held: set[int],
        chosen: Sequence[int],
    ) -> tuple[int, ...] | None:
        best: tuple[float, tuple[int, ...]] | None = None
        for first in sorted(per_sentence):
            if chosen and min(abs(first - one) for one in chosen) > _REACH:
                continue
            gained: set[int] = set()
            for last in range(first, min(first + _WINDOW, len(self.sentences))):
                if self.sentences[last].turn is not self.sentences[first].turn:
                    break
                gained |= per_sentence.get(last, set()) - held
                score = sum(weights[one] for one in gained) - 0.3 * (last - first)
                if gained and (best is None or score > best[0]):
                    best = score, tuple(range(first, last + 1))
        return None if best is None else best[1]

    @staticmethod
    def _best_match(matches: Iterable[Match], kept: Sequence[int]) -> Match:
        inside = [one for one in matches if one.sentence in kept]
        return min(inside, key=lambda one: (not one.same, one.sentence, one.at))

    def nearest(
        self, clause: Sequence[Token], support: Support, matches: Mapping[int, Sequence[Match]]
    ) -> list[Nearest]:
        """The clauses of the supporting speech that have two of the words and more, or most of
        them: those that have most first; of as many, those that have most of all the clause's
        words. All that are equally near to the clause are `nearest`."""
        found: dict[tuple[int, int, int], dict[int, int]] = {}
        for place in support.found:
            for match in matches[place]:
                if match.sentence not in support.sentences:
                    continue
                sentence = self.sentences[match.sentence]
                first, last = next(
                    (one for one in sentence.clauses if one[0] <= match.at < one[1]),
                    (0, len(sentence.tokens)),
                )
                found.setdefault((match.sentence, first, last), {}).setdefault(place, match.at)
        forms = {one.form for one in clause}

        def nearness(key: tuple[int, int, int]) -> tuple[int, int]:
            said = {one.form for one in self.sentences[key[0]].tokens[key[1] : key[2]]}
            return len(found[key]), len(forms & said)

        most = max(map(nearness, found))
        return [
            Nearest(
                self.sentences[key[0]], min(found[key].values()), max(found[key].values()) + 1,
                nearness(key) == most,
            )
            for key in sorted(found, key=lambda key: (tuple(-n for n in nearness(key)), key))
            if len(found[key]) >= min(2, most[0])
        ]  # fmt: skip

    def negation_near(self, near: Nearest) -> Token | None:
        """The word that negates what a clause of speech has in common with the desk's, or None."""
        sentence, first, last = near.sentence, near.first, near.last
        begin, end = next(
            (one for one in sentence.clauses if one[0] <= first < one[1]),
            (0, len(sentence.tokens)),
        )
        after = _NEGATION_AFTER if self._base in _VERB_LAST else 0
        low, high = max(begin, first - _NEGATION_BEFORE), min(max(end, last), last + after)
        text = sentence.turn.text
        for at in range(first - 1, low - 1, -1):
            gap = text[sentence.tokens[at].char_end : sentence.tokens[at + 1].char_start]
            if sentence.tokens[at].form in _JOINS or any(one in ",;:،.!?؟。" for one in gap):
                low = at + 1
                break
        return next(
            (
                sentence.tokens[at]
                for at in range(low, high)
                if is_negation(sentence.tokens[at].form, self.language)
            ),
            None,
        )

    def numbers(self, places: Iterable[int]) -> dict[tuple[str, str], list[tuple[int, int, int]]]:
        """Every number (value, unit) of these sentences, each reading of it, with its sentence and
        range of tokens; those right behind a negation (`not 12`) left out."""
        found: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
        for place in places:
            row = self.sentences[place].tokens
            for span in number_spans(row, self.language):
                before = row[span.first - 1].form if span.first else ""
                if not is_negation(before, self.language):
                    at = (place, span.first, span.last)
                    found.setdefault((span.value, span.unit), []).append(at)
        return found


_JOINS = word_set("and but or und aber oder et mais ou y pero o e mas и а но و لكن")


def numbered(found: Sequence[Token], language: str | None) -> frozenset[int]:
    """The places of tokens that belong to a number."""
    return frozenset(
        at
        for group in number_groups(found, language)
        for at in range(group[0].first, group[0].last)
    )


def number_groups(found: Sequence[Token], language: str | None) -> list[list[NumberSpan]]:
    """The numbers in a row of tokens, each with its readings, the widest first; no lone article and
    no lone `one`."""
    groups: list[list[NumberSpan]] = []
    for span in number_spans(found, language):
        lone = span.last - span.first == 1
        form = found[span.first].form
        word = not form[0].isdigit()
        # `First, …` and `one of them` count nothing.
        if lone and (is_article(form) or (word and span.value in {"1", "1º"})):
            continue
        if groups and span.first < groups[-1][0].last:
            if (span.first, span.last) == (groups[-1][0].first, groups[-1][0].last):
                groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _inflected(one: str, other: str) -> bool:
    shared = len(_common(one, other))
    return shared >= _BEGINNING and max(len(one), len(other)) - shared <= _ENDING


def _common(one: str, other: str) -> str:
    return "".join(
        a for a, _ in itertools.takewhile(lambda p: p[0] == p[1], zip(one, other, strict=False))
    )
