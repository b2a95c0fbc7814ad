"""Quotations weighed against the archive: what the index proposes, read and judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from offair.desk.quoted_evidence import Evidence
from offair.desk.quoted_request import (
    Asked,
    day_scope,
    rarity_of,
    scope_of,
    worth_reading,
)
from offair.model.names import Name
from offair.model.transcript import LayerKind
from offair.search import Proposal, Scope, Shards, Stretch
from offair.store import Catalogue, Transaction
from offair.text.judge import Judged, Rarity, judge
from offair.text.judge_places import Place
from offair.text.judge_speaker import KnownNames
from offair.text.spellings import Spellings

STRETCHES = 8
"""Places that the index proposes for one quotation."""
_CELLS = 20_000_000
"""Printed × spoken words held against each other at once; of a very long quotation fewer places."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names list, as speakers are compared and as words are."""

    known: KnownNames
    spellings: Spellings


_KEPT: WeakKeyDictionary[Catalogue, tuple[int, Names]] = WeakKeyDictionary()


def names_now(catalogue: Catalogue, tx: Transaction) -> Names:
    """The names list, read again only where it has changed."""
    change = tx.names_change()
    kept = _KEPT.get(catalogue)
    if kept is None or kept[0] != change:
        kept = _KEPT[catalogue] = (change, names_of(tx.names()))
    return kept[1]


def names_of(entries: Sequence[Name]) -> Names:
    """A list of names made ready."""
    return Names(KnownNames(entries), Spellings.of(entries))


@dataclass(frozen=True, slots=True)
class Weighed:
    """A quotation against texts of some kinds. by_day: the claimed day decided."""

    asked: Asked
    kinds: Sequence[LayerKind]
    proposal: Proposal
    rarity: Rarity
    judged: Judged | None
    by_day: bool = False

    @property
    def believed(self) -> bool:
        """Whether chance does not give this."""
        return self.judged is not None and self.judged.believed

    @property
    def bits(self) -> float:
        """The score, very low where there is nothing."""
        return self.judged.significance.bits if self.judged is not None else -1e9


def settled(weighed: Weighed) -> bool:
    """Whether our translations need not be asked."""
    judged = weighed.judged
    return judged is not None and judged.believed


class Weighing:
    """Weighs quotations on one view of catalogue and index."""

    def __init__(self, evidence: Evidence, shards: Shards, names: Names, *, thorough: bool) -> None:
        """thorough: the index looks at more places of frequent words."""
        self._evidence, self._shards = evidence, shards
        self._names, self._thorough = names, thorough

    def has(self, kinds: Sequence[LayerKind]) -> bool:
        """Whether the archive has texts of these kinds."""
        return any(self._shards.words.get(kind, 0) for kind in kinds)

    def weigh(self, asked: Sequence[Asked], kinds: Sequence[LayerKind]) -> dict[int, Weighed]:
        """Each quotation weighed against the texts of these kinds."""
        proposals = self._propose(asked, kinds)
        chosen = {
            id(one): worth_reading(proposals[id(one)].stretches, proposals[id(one)], len(one.forms))
            for one in asked
        }
        self._evidence.read(stretch for every in chosen.values() for stretch in every)
        backgrounds = self._backgrounds(asked, kinds)
        weighed = {}
        for one in asked:
            proposal = proposals[id(one)]
            background = backgrounds.get(id(one), proposal)
            rarity = rarity_of(one, background, proposal)
            places = self.places(one, chosen[id(one)])
            judged = self.judge(one, places, rarity)
            weighed[id(one)] = self._by_day(
                one, kinds, Weighed(one, kinds, proposal, rarity, judged)
            )
        return weighed

    def _propose(self, asked: Sequence[Asked], kinds: Sequence[LayerKind]) -> dict[int, Proposal]:
        """What the index proposes, those of one scope in one call."""
        by_scope: dict[Scope, list[Asked]] = {}
        for one in asked:
            by_scope.setdefault(scope_of(one, tuple(kinds)), []).append(one)
        found: dict[int, Proposal] = {}
        for scope, group in by_scope.items():
            proposed = self._shards.propose(
                [one.forms for one in group], scope, limit=STRETCHES, thorough=self._thorough
            )
            found.update((id(one), given) for one, given in zip(group, proposed, strict=True))
        return found

    def _backgrounds(
        self, asked: Sequence[Asked], kinds: Sequence[LayerKind]
    ) -> dict[int, Proposal]:
        """For quotations of one record, how rare their words are in the whole archive."""
        group = [one for one in asked if one.quotation.recording_id is not None]
        if not group:
            return {}
        proposed = self._shards.propose(
            [one.forms for one in group], Scope(kinds=tuple(kinds)), limit=1
        )
        return {id(one): given for one, given in zip(group, proposed, strict=True)}

    def places(self, asked: Asked, stretches: Sequence[Stretch]) -> list[Place]:
        """The stretches as the judge reads them; of a very long quotation only the first."""
        places: list[Place] = []
        cells = 0
        for stretch in stretches:
            place = self._evidence.place(stretch, len(asked.forms))
            if place is None:
                continue
            cells += len(place.tokens) * len(asked.printed.tokens)
            if places and cells > _CELLS:
                break
            places.append(place)
        return places

    def judge(
        self, asked: Asked, places: Sequence[Place], rarity: Rarity, *, scoped: bool = False
    ) -> Judged | None:
        """Decide a quotation against these places. scoped: they lie in the day that is claimed."""
        inside = scoped or asked.quotation.recording_id is not None
        return judge(
            asked.quotation, asked.printed, places, rarity, scoped=[inside] * len(places),
            spellings=self._names.spellings, known=self._names.known,
        )  # fmt: skip

    def _by_day(self, asked: Asked, kinds: Sequence[LayerKind], weighed: Weighed) -> Weighed:
        """Where the archive as a whole does not decide, the claimed speaker's words of the claimed
        day may: there are so few of them."""
        if settled(weighed):
            return weighed
        scope = day_scope(asked, tuple(kinds))
        if scope is None:
            return weighed
        proposal = self._shards.propose([asked.forms], scope, limit=STRETCHES)[0]
        if not proposal.words_searched or not proposal.stretches:
            return weighed
        self._evidence.read(proposal.stretches)
        claimed = asked.quotation.speaker or ""
        places = [
            place
            for place in self.places(asked, proposal.stretches)
            if any(
                turn.voice.shown
                and self._names.known.same(claimed, turn.voice.shown, place.aired).value[:3]
                == "yes"
                for turn in place.turns
            )
        ]
        rarity = replace(weighed.rarity, scope_words=proposal.words_searched)
        judged = self.judge(asked, places, rarity, scoped=True)
        if judged is None or not judged.believed:
            return weighed
        return replace(weighed, judged=judged, rarity=rarity, by_day=True)

    def with_more_airings(self, weighed: Weighed, judged: Judged) -> Judged:
        """The same with every proposed place at hand: another airing may name the speaker."""
        stretches = weighed.proposal.stretches
        self._evidence.read(stretches)
        again = self.judge(weighed.asked, self.places(weighed.asked, stretches), weighed.rarity)
        if again is None or again.significance.bits < judged.significance.bits:
            return judged
        return again
