"""What the clauses of a clip can rest on: its turns, its record's fields, the names list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from offair.model.errors import BadInput
from offair.model.finding import Quotation
from offair.model.names import Name
from offair.model.time import PartialDate
from offair.model.transcript import LayerKind, LayerOrigin
from offair.text.clause_facts import Persons, RecordFacts
from offair.text.clause_words import SaidTurn, Spoken
from offair.text.judge import Judged, Rarity, judge
from offair.text.judge_places import Place, SpokenTurn
from offair.text.judge_speaker import KnownNames
from offair.text.printed import read_printed
from offair.text.spellings import Spellings
from offair.text.tokenise import tokens

_BITS = 12.0
"""What each printed word weighs: in one clip chance is not asked about."""


@dataclass(frozen=True)
class Ground:
    """What a clip's clauses can rest on.

    runs: the turns printed, parted where words between were left out. language: BCP 47 of the
    turns, and of what the desk writes. names: the names list, persons who are withheld left out.
    """

    runs: tuple[tuple[SaidTurn, ...], ...]
    language: str
    facts: RecordFacts
    kind: LayerKind = LayerKind.SPEECH
    origin: LayerOrigin = LayerOrigin.ENGINE
    aired: PartialDate | None = None
    names: tuple[Name, ...] = ()

    @cached_property
    def spellings(self) -> Spellings:
        """The names list, as words are compared."""
        return _spellings(self.names)

    @cached_property
    def known(self) -> KnownNames:
        """The names list, as speakers are compared."""
        return _known(self.names)

    @cached_property
    def spoken(self) -> Spoken:
        """The turns, ready to be held against clauses."""
        turns = [turn for run in self.runs for turn in run]
        return Spoken(turns, self.language, self.spellings)

    @cached_property
    def persons(self) -> Persons:
        """Who can be named."""
        turns = [turn for run in self.runs for turn in run]
        return Persons(self.names, [one.voice.shown for one in turns if one.voice.shown])

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The runs, as the judge of quotations reads them."""
        return tuple(
            Place(
                0, 0, self.kind, self.origin, self.language, self.aired,
                tuple(SpokenTurn(n, one.text, one.voice, one.asides) for n, one in enumerate(run)),
            )
            for run in self.runs
            if run
        )  # fmt: skip


@lru_cache(maxsize=2)
def _spellings(names: tuple[Name, ...]) -> Spellings:
    return Spellings.of(names)


@lru_cache(maxsize=2)
def _known(names: tuple[Name, ...]) -> KnownNames:
    return KnownNames(names)


def is_title(printed: str, facts: RecordFacts) -> bool:
    """Whether words in quotation marks are what the broadcast is called."""
    row = [one.form for one in tokens(printed)]
    names = (facts.title, facts.channel)
    return any(name and row == [one.form for one in tokens(name)] for name in names)


def judged_in(printed: str, ground: Ground) -> Judged | None:
    """Words in quotation marks held against the turns, word for word; None where none stands
    there."""
    words = read_printed(printed, ground.language)
    if not words.tokens or not ground.places:
        return None
    count = len(words.tokens)
    said = sum(len(one.tokens) for one in ground.places)
    quotation = Quotation(printed, language=ground.language)
    try:
        return judge(
            quotation, words, ground.places, Rarity((_BITS,) * count, said, said),
            scoped=[True] * len(ground.places), spellings=ground.spellings, known=ground.known,
        )  # fmt: skip
    except BadInput:
        # So many words, or so often the same ones, that nobody said them so in a clip.
        return None
