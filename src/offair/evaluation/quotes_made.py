"""Quotations made from an archive by rule, so that what is right of them is known exactly.

The mix of edits is the one measured on the adjudicated altered quotations of the White House set
(69 edits: 46 % words substituted, 32 % left out, 22 % added; 58 % of the quotations have one edit,
26 % two, 16 % three). The seed is fixed: the same archive gives the same quotations.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from offair.evaluation.quotes_set import KnownQuotation
from offair.model.finding import EditClass, SpeakerFinding, WordsFinding
from offair.text.normalise import word_set

MIX = {"substituted": 0.46, "left out": 0.32, "added": 0.22}
"""Shares of the kinds of edits, as measured."""
EDITS = {1: 0.58, 2: 0.26, 3: 0.16}
"""Shares of quotations by number of edits, as measured."""
LENGTHS = (5, 7, 10, 14, 20, 28)
"""Words of the passages that quotations are made of, in turn."""

_PLAIN_RE = re.compile(r"[A-Za-z][a-z]{3,}[.,]?")
_ENDS_RE = re.compile(r"[.!?]$")
_AUXILIARIES = word_set("is are was were can will would should could must may does did has")
_MODALS = {
    "can": "must", "could": "must", "will": "may", "would": "might", "should": "must",
    "must": "may", "may": "will", "might": "will",
}  # fmt: skip
_QUANTIFIERS = {"all": "some", "some": "all", "every": "many", "many": "all", "most": "all"}
_DIGITS_RE = re.compile(r"(?<![\w.,-])(\d{1,3})(?![\w-]|[.,]\d)")
_AGAIN_RE = re.compile(r"\b([A-Za-z’']+(?: [A-Za-z’']+){0,2}) — \1\b")
_ANY_DIGIT_RE = re.compile(r"\d")
_CHANGING = word_set(
    "not no never none nobody nothing neither nor cannot without if unless except only but can "
    "could will would should must may might all some every each many few most any say says said "
    "tell told think believe according one two three four five six seven eight nine ten hundred "
    "thousand"
)
"""Words that no fair ellipsis leaves out: with them gone the sentence may say something else."""
_NOT_CONTENT = word_set(
    "about above after again also although among another because been before being below between "
    "both could does doing down during each either else even ever every except from further have "
    "having here however into itself just least less like many might more most much must neither "
    "never none nothing only other others ought over perhaps rather said same says several shall "
    "should since some such than that their them themselves then there these they thing things "
    "this those though three through together under unless until upon very want well were what "
    "when where whether which while will with within without would your yours yourself always "
    "going able unable needed needs supposed required allowed obliged forced bound likely meant "
    "often seven eight four five nine hundred thousand million billion percent dollars years year "
    "tell told telling saying claim claims claimed asked answer "
    "months today tomorrow yesterday believe think know"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of words of one turn. words: as white space parts them. event: the archive's file.
    speaker: as the desk shows it, None where nobody is named."""

    words: tuple[str, ...]
    event: str
    speaker: str | None


@dataclass(frozen=True, slots=True)
class _Row:
    """Words of a printed quotation; `kept` says of each whether it was said so."""

    words: tuple[str, ...]
    kept: tuple[bool, ...]
    classes: frozenset[EditClass] = frozenset()


def _whole(passage: Passage) -> _Row:
    return _Row(passage.words, (True,) * len(passage.words))


def _inside(row: _Row, wanted: Callable[[str], bool]) -> list[int]:
    """Places of kept words, not at either end, that are such and such."""
    return [
        place
        for place in range(1, len(row.words) - 1)
        if row.kept[place] and wanted(row.words[place])
    ]


def _content(word: str) -> bool:
    bare = word.strip(".,").casefold()
    return bool(_PLAIN_RE.fullmatch(word)) and bare not in _NOT_CONTENT and word.islower()


def _put(row: _Row, place: int, count: int, words: Sequence[str], kept: bool = False) -> _Row:
    return _Row(
        (*row.words[:place], *words, *row.words[place + count :]),
        (*row.kept[:place], *[kept] * len(words), *row.kept[place + count :]),
        row.classes,
    )


class Maker:
    """Makes quotations of passages. vocabulary: content words of the archive, to put in."""

    def __init__(self, passages: Sequence[Passage], *, seed: int) -> None:
        self._chance = random.Random(seed)
        self._passages = list(passages)
        self._vocabulary = sorted(
            {word for one in passages for word in one.words if _content(word) and word.isalpha()}
        )

    def make(self, each: int) -> Iterator[KnownQuotation]:
        """So many quotations by every rule, where the archive has passages that fit."""
        for name, rule in self._rules().items():
            made = 0
            for number, passage in enumerate(self._shuffled()):
                if made >= each:
                    break
                one = rule(passage)
                if one is not None:
                    made += 1
                    yield replace(one, name=f"{name} {number}", group=f"made: {name}")

    def _rules(self) -> dict[str, Callable[[Passage], KnownQuotation | None]]:
        return {
            "verbatim": self._verbatim,
            "cleaned": self._cleaned,
            "elided": self._elided,
            "left out": self._left_out,
            "measured mix": self._mixed,
            "negation": self._negation,
            "number": self._number,
            "modality": self._modality,
            "quantifier": self._quantifier,
            "bracketed": self._bracketed,
            "20 words, 15 % and 15 %": self._noisy,
        }

    def _shuffled(self) -> list[Passage]:
        rows = list(self._passages)
        self._chance.shuffle(rows)
        return rows

    def _known(
        self, passage: Passage, row: _Row, words: WordsFinding, *also: WordsFinding
    ) -> KnownQuotation:
        kept, at = [], 0
        for word, said in zip(row.words, row.kept, strict=True):
            if said:
                kept.append((at, at + len(word)))
            at += len(word) + 1
        named = passage.speaker is not None
        return KnownQuotation(
            "", "", " ".join(row.words), passage.speaker, words,
            SpeakerFinding.AS_CLAIMED if named else SpeakerFinding.NOBODY_NAMED,
            frozenset(also), frozenset({passage.event}), row.classes, tuple(kept),
        )  # fmt: skip

    def _verbatim(self, passage: Passage) -> KnownQuotation | None:
        if any(mark in one for one in passage.words for mark in "[…"):
            return None
        return self._known(passage, _whole(passage), WordsFinding.VERBATIM)

    def _cleaned(self, passage: Passage) -> KnownQuotation | None:
        text = " ".join(passage.words)
        match = _AGAIN_RE.search(text)
        if match is None or len(passage.words) < 9:
            return None
        if min(text[: match.start()].count(" "), text[match.end() :].count(" ")) < 3:
            return None
        words = (text[: match.start(1)] + text[match.end(1) + 3 :]).split()
        if _AGAIN_RE.search(" ".join(words)):
            return None
        return self._known(passage, _Row(tuple(words), (True,) * len(words)), WordsFinding.CLEANED)

    def _elided(self, passage: Passage) -> KnownQuotation | None:
        if len(passage.words) < 18:
            return None
        start, count = self._chance.randint(5, 7), self._chance.randint(3, 6)
        gone = {one.strip(".,?!;:—").casefold() for one in passage.words[start : start + count]}
        if gone & _CHANGING or any("n’t" in one or _ANY_DIGIT_RE.search(one) for one in gone):
            return None
        row = _put(_whole(passage), start, count, ())
        words = (*row.words[:start], "…", *row.words[start:])
        kept = (*row.kept[:start], False, *row.kept[start:])
        return self._known(passage, _Row(words, kept), WordsFinding.ELIDED)

    def _left_out(self, passage: Passage) -> KnownQuotation | None:
        row = _whole(passage)
        places = _inside(row, _content)
        if len(row.words) < 9 or not places:
            return None
        return self._known(passage, _put(row, self._chance.choice(places), 1, ()), WordsFinding.CUT)

    def _mixed(self, passage: Passage) -> KnownQuotation | None:
        row = _whole(passage)
        if len(row.words) < 8:
            return None
        wanted = self._chance.choices(list(EDITS), list(EDITS.values()))[0]
        kinds = self._chance.choices(list(MIX), list(MIX.values()), k=wanted)
        for kind in kinds:
            places = _inside(row, _content)
            if not places:
                return None
            place = self._chance.choice(places)
            new = self._chance.choice(self._vocabulary)
            if kind == "substituted":
                row = _put(row, place, 1, (new,))
            elif kind == "left out":
                row = _put(row, place, 1, ())
            else:
                row = _put(row, place, 0, (new,))
        only_cut = set(kinds) == {"left out"}
        return self._known(passage, row, WordsFinding.CUT if only_cut else WordsFinding.ALTERED)

    def _negation(self, passage: Passage) -> KnownQuotation | None:
        row = replace(_whole(passage), classes=frozenset({EditClass.NEGATION}))
        if len(row.words) < 8:
            return None
        found = _inside(row, lambda word: word.casefold() == "not")
        if found:
            return self._known(
                passage, _put(row, found[0], 1, ()), WordsFinding.CUT, WordsFinding.ALTERED
            )
        short = _inside(row, lambda word: word.endswith("n’t") and word not in {"can’t", "won’t"})
        if short:
            said = row.words[short[0]].removesuffix("n’t")
            return self._known(
                passage, _put(row, short[0], 1, (said,)), WordsFinding.ALTERED, WordsFinding.CUT
            )
        places = _inside(row, lambda word: word in _AUXILIARIES)
        if not places or "not" in row.words:
            return None
        return self._known(passage, _put(row, places[0] + 1, 0, ("not",)), WordsFinding.ALTERED)

    def _number(self, passage: Passage) -> KnownQuotation | None:
        row = replace(_whole(passage), classes=frozenset({EditClass.NUMBER}))
        places = _inside(row, lambda word: _DIGITS_RE.search(word) is not None)
        if len(row.words) < 8 or not places:
            return None
        place = places[0]
        new = _DIGITS_RE.sub(lambda match: str(int(match[1]) + 3), row.words[place], count=1)
        return self._known(passage, _put(row, place, 1, (new,)), WordsFinding.ALTERED)

    def _modality(self, passage: Passage) -> KnownQuotation | None:
        return self._swapped(passage, _MODALS, EditClass.MODALITY)

    def _quantifier(self, passage: Passage) -> KnownQuotation | None:
        return self._swapped(passage, _QUANTIFIERS, EditClass.QUANTIFIER)

    def _swapped(
        self, passage: Passage, table: dict[str, str], touched: EditClass
    ) -> KnownQuotation | None:
        row = replace(_whole(passage), classes=frozenset({touched}))
        places = _inside(row, lambda word: word in table)
        if len(row.words) < 8 or not places:
            return None
        new = table[row.words[places[0]]]
        return self._known(passage, _put(row, places[0], 1, (new,)), WordsFinding.ALTERED)

    def _bracketed(self, passage: Passage) -> KnownQuotation | None:
        row = _whole(passage)
        places = _inside(row, lambda word: word in {"it", "he", "she", "they", "them", "this"})
        if len(row.words) < 9 or not places:
            return None
        new = f"[the {self._chance.choice(self._vocabulary)}]".split()
        return self._known(passage, _put(row, places[0], 1, new), WordsFinding.BRACKETED)

    def _noisy(self, passage: Passage) -> KnownQuotation | None:
        if len(passage.words) < 20:
            return None
        row = _whole(replace(passage, words=passage.words[:20]))
        chosen = sorted(self._chance.sample(range(20), 6), reverse=True)
        dropped = set(self._chance.sample(chosen, 3))
        for place in chosen:
            new = () if place in dropped else (self._chance.choice(self._vocabulary),)
            row = _put(row, place, 1, new)
        return self._known(passage, row, WordsFinding.ALTERED)


def passages_of(
    text: str, event: str, speaker: str | None, length: int, chance: random.Random
) -> Passage | None:
    """A run of so many words that begins where a sentence of the turn does; None where there is
    none without brackets."""
    words = text.split()
    starts = [
        place
        for place in range(len(words) - length)
        if place == 0 or _ENDS_RE.search(words[place - 1])
    ]
    if not starts:
        return None
    start = chance.choice(starts)
    run = tuple(words[start : start + length])
    if any(one in word for word in run for one in '[]()…“”"*<>'):
        return None
    return Passage(run, event, speaker)
