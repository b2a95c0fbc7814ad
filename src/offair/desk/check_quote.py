"""Is this printed quotation what was really said? Quotations held against the archive in one batch.

The index proposes, the words that stand in the catalogue now are aligned and judged (`text.judge`),
and what only the desk knows is added: times, hearings, airings of the same event, coverage. Words
in the language spoken come before translations. Speaker and date are priors, never filters: else
somebody else's words could not be found.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from offair.desk import Desk
from offair.desk.coverage import coverage_of
from offair.desk.quoted_airings import airings_of, claimed_elsewhere
from offair.desk.quoted_evidence import Evidence
from offair.desk.quoted_request import Asked, day_scope, longest_of, read_quotation, scope_of
from offair.desk.quoted_sentences import alike
from offair.desk.quoted_weighing import STRETCHES, Names, Weighed, Weighing, names_now, settled
from offair.model.errors import Unavailable
from offair.model.finding import (
    PROVISIONAL_WORDS,
    SPEAKER_NOT_CONFIRMED,
    UNHEARD_TEXTS,
    Coverage,
    Finding,
    LongestFragment,
    Piece,
    Quotation,
    SpeakerFinding,
    WordsFinding,
)
from offair.model.time import Ms
from offair.model.transcript import LayerKind
from offair.search import Occurrence, Shards
from offair.store import Transaction
from offair.text.judge import Judged, named_by_another_airing
from offair.text.significance import bits_needed

SPOKEN = (LayerKind.SPEECH, LayerKind.CAPTIONS)
TRANSLATED = (LayerKind.TRANSLATION,)
_SCANNED = 1_024
_SCAN_SHARE = 0.25
"""Of the words, how many may differ in a place that the exhaustive scan counts."""
_TRANSLATION_WINS = 20.0
"""Bits by which our translation must fit better than words in the language spoken."""


def check_quote(desk: Desk, quotation: Quotation, *, thorough: bool = False) -> Finding:
    """One quotation; see `check_quotes`."""
    return check_quotes(desk, [quotation], thorough=thorough)[0]


def check_quotes(
    desk: Desk, quotations: Sequence[Quotation], *, thorough: bool = False
) -> tuple[Finding, ...]:
    """Hold printed quotations against the archive; a finding for each, in order.

    thorough: look at more places, and where nothing is found read every word of the scope, so that
    the finding can say that the words stand nowhere within so many edits.

    Raises `BadInput` (no words, too many, null bytes), `NotFound` (a recording that is named),
    `Unavailable` (no index was made yet), and what opening the index raises.
    """
    asked = [
        read_quotation(one, number, len(quotations)) for number, one in enumerate(quotations, 1)
    ]
    shards = desk.index.open()
    with desk.catalogue.snapshot() as tx:
        last = tx.last_change()
        if not shards.applied and not shards.damaged and last:
            raise Unavailable(
                "no quotation can be checked, because the index was not made yet; make it with "
                "`offair reindex`"
            )
        names = names_now(desk.catalogue, tx)
        checking = _Checking(tx, shards, names, last_change=last, thorough=thorough)
        return checking.all(asked)


class _Checking:
    """One batch, on one view of catalogue and index."""

    def __init__(
        self, tx: Transaction, shards: Shards, names: Names, *, last_change: int, thorough: bool
    ) -> None:
        self._tx, self._shards, self._thorough = tx, shards, thorough
        self._last_change = last_change
        self._evidence = Evidence(tx, behind=shards.applied < last_change)
        self._names = names
        self._weighing = Weighing(self._evidence, shards, names, thorough=thorough)
        self._coverage: dict[int | None, Coverage] = {}

    def all(self, asked: Sequence[Asked]) -> tuple[Finding, ...]:
        """The findings, in order."""
        spoken = [one for one in asked if one.quotation.is_speech]
        found: dict[int, Finding] = {}
        first = self._weighing.weigh(spoken, SPOKEN)
        doubtful = [one for one in spoken if not settled(first[id(one)])]
        second = (
            self._weighing.weigh(doubtful, TRANSLATED)
            if doubtful and self._weighing.has(TRANSLATED)
            else {}
        )
        for one in spoken:
            found[id(one)] = self._decide(one, first[id(one)], second.get(id(one)))
        return tuple(
            found[id(one)] if one.quotation.is_speech else self._no_quotation(one) for one in asked
        )

    def _decide(self, asked: Asked, first: Weighed, second: Weighed | None) -> Finding:
        """The finding: words in the language spoken first, then our translations, then what is
        merely alike."""
        if first.believed and not (
            second is not None and second.believed and second.bits > first.bits + _TRANSLATION_WINS
        ):
            return self._finding(first)
        if second is not None and second.believed:
            return self._finding(second)
        return self._not_believed(asked, first, second)

    def _finding(self, weighed: Weighed) -> Finding:
        """A match that chance does not give."""
        judged = weighed.judged
        assert judged is not None  # noqa: S101
        asked = weighed.asked
        scope = scope_of(asked, tuple(weighed.kinds))
        if weighed.by_day:
            scope = day_scope(asked, tuple(weighed.kinds)) or scope
        if len(judged.used) == 1:
            better = claimed_elsewhere(
                self._evidence, self._shards, asked.quotation, judged, scope, self._names.known
            )
            if better:
                again = self._weighing.judge(asked, better, weighed.rarity)
                if again is not None and again.significance.bits >= judged.significance.bits - 1:
                    judged = again
        if judged.speaker is SpeakerFinding.UNCONFIRMED:
            judged = self._weighing.with_more_airings(weighed, judged)
        pieces = tuple(self._evidence.piece(one) for one in judged.used)
        told = airings_of(self._evidence, self._shards, judged, scope)
        if judged.speaker is SpeakerFinding.UNCONFIRMED:
            for other in told.event:
                judged = named_by_another_airing(judged, asked.quotation, other, self._names.known)
        reasons = list(judged.reasons)
        if told.said and (weighed.by_day or asked.quotation.recording_id is not None):
            where = "what was aired that day" if weighed.by_day else "this recording"
            reasons.append(f"the words stand {_times(told.said)} in {where}")
        elif told.more:
            reasons.append(f"the words stand {told.said:,} times; the first of them were looked at")
        return Finding(
            quotation=asked.quotation,
            words=judged.words,
            speaker=judged.speaker,
            context=judged.context,
            leads=judged.leads,
            reasons=tuple(reasons),
            passages=judged.passages,
            pieces=pieces,
            airings=told.airings,
            significance=judged.significance,
            longest=None,
            coverage=self._covered(weighed),
            provisional=_provisional(judged, pieces),
            spellings=judged.spellings,
            distance_ms=_distance(pieces),
            also_said=told.also_said,
            alternatives=tuple(self._evidence.piece(one) for one in told.others),
        )

    def _not_believed(self, asked: Asked, first: Weighed, second: Weighed | None) -> Finding:
        """Nothing was found that chance does not give as well."""
        weighed = first
        if second is not None and second.bits > first.bits:
            weighed = second
        longest = longest_of(asked, first.proposal)
        if second is not None:
            other = longest_of(asked, second.proposal)
            longest = max(longest, other, key=lambda one: one.words if one else 0)
        most = sum(first.rarity.bits)
        words = first.rarity.scope_words or first.rarity.words
        scoped = asked.quotation.recording_id is not None
        reasons: list[str] = []
        if most < bits_needed(words) and not scoped:
            return self._too_short(weighed, longest)
        if self._thorough:
            proved = self._read_through(asked, first)
            if isinstance(proved, Weighed):
                return self._finding(proved)
            reasons.append(proved)
        kinds = (SPOKEN, TRANSLATED) if self._weighing.has(TRANSLATED) else (SPOKEN,)
        for each in kinds:
            found = alike(
                self._tx, self._shards, self._evidence, asked.quotation, asked.printed, each,
                self._names.known, first.rarity, weighed.judged,
            )  # fmt: skip
            if found is not None:
                return self._alike(weighed, found, longest, reasons)
        if scoped:
            return self._elsewhere(asked, weighed, longest, reasons)
        return self._nowhere(weighed, longest, reasons)

    def _elsewhere(
        self,
        asked: Asked,
        weighed: Weighed,
        longest: LongestFragment | None,
        reasons: Sequence[str],
    ) -> Finding:
        """Not found in the recording that was given; where else the words stand is said."""
        free = replace(asked, quotation=replace(asked.quotation, recording_id=None))
        finding = self._nowhere(weighed, longest, reasons)
        other = self._weighing.weigh([free], SPOKEN)[id(free)]
        if not other.believed or other.judged is None:
            return finding
        pieces = self._pieces(other.judged)
        told = (
            f"the words stand elsewhere: in recording {pieces[0].recording_id}, "
            f"{other.judged.words.value}"
        )
        return replace(
            finding, reasons=(told, *finding.reasons), alternatives=(*pieces, *finding.alternatives)
        )

    def _too_short(self, weighed: Weighed, longest: LongestFragment | None) -> Finding:
        asked, judged = weighed.asked, weighed.judged
        total, _ = self._shards.occurrences(
            asked.forms, scope_of(asked, tuple(weighed.kinds)), limit=1
        )
        words = weighed.rarity.words
        reasons = [
            f"so few and common words prove nothing in {words:,}: "
            + (f"they stand there {_times(total)}" if total else "they stand nowhere in a row")
            + "; name a record, or the speaker and the day"
        ]
        exact = judged is not None and total > 0
        return self._plain(
            weighed, WordsFinding.TOO_SHORT, reasons, longest,
            alternatives=self._pieces(judged) if exact else (),
        )  # fmt: skip

    def _alike(
        self,
        weighed: Weighed,
        judged: Judged,
        longest: LongestFragment | None,
        reasons: Sequence[str],
    ) -> Finding:
        """A sentence that says something like it in other words."""
        pieces = self._pieces(judged)
        return Finding(
            quotation=weighed.asked.quotation,
            words=judged.words,
            speaker=judged.speaker,
            context=judged.context,
            leads="words",
            reasons=(*judged.reasons, *reasons),
            passages=judged.passages,
            pieces=pieces,
            airings=(),
            significance=None,
            longest=longest,
            coverage=self._covered(weighed),
            spellings=(),
        )

    def _nowhere(
        self, weighed: Weighed, longest: LongestFragment | None, reasons: Sequence[str]
    ) -> Finding:
        judged = weighed.judged
        near = judged is not None and judged.significance.bits > 0
        told = list(reasons)
        if near and judged is not None:
            told.append(
                "the nearest place differs so much that chance gives "
                f"{_count(judged.significance.expected)} as good in as many words"
            )
        if longest is not None:
            told.append(
                f"the longest part that was said is “{longest.text}”, {_times(longest.count)}"
            )
        return self._plain(
            weighed, WordsFinding.NOT_FOUND, told, longest,
            alternatives=self._pieces(judged) if near else (),
        )  # fmt: skip

    def _plain(
        self,
        weighed: Weighed,
        words: WordsFinding,
        reasons: Sequence[str],
        longest: LongestFragment | None,
        alternatives: tuple[Piece, ...] = (),
    ) -> Finding:
        judged, quotation = weighed.judged, weighed.asked.quotation
        return Finding(
            quotation=quotation,
            words=words,
            speaker=(
                SpeakerFinding.UNDECIDED if quotation.speaker else SpeakerFinding.NOBODY_NAMED
            ),
            context=(),
            leads="words",
            reasons=tuple(reasons),
            passages=(),
            pieces=(),
            airings=(),
            significance=judged.significance if judged is not None else None,
            longest=longest,
            coverage=self._covered(weighed),
            alternatives=alternatives,
        )

    def _pieces(self, judged: Judged | None) -> tuple[Piece, ...]:
        if judged is None:
            return ()
        return tuple(self._evidence.piece(one) for one in judged.used)

    def _read_through(self, asked: Asked, weighed: Weighed) -> Weighed | str:
        """Read every word of the scope: a better match, or a sentence that says there is none."""
        forms = asked.forms[:_SCANNED]
        edits = max(1, int(len(forms) * _SCAN_SHARE)) if len(forms) > 1 else 0
        kinds = (*SPOKEN, *TRANSLATED)
        total, found = self._shards.scan(forms, edits, scope_of(asked, kinds), limit=STRETCHES)
        which = "" if len(forms) == len(asked.forms) else f" (of its first {len(forms):,} words)"
        if not total:
            return f"every word was read: nowhere within {edits} edits of the quotation{which}"
        by_kind: dict[bool, list[Occurrence]] = {}
        for one in found:
            by_kind.setdefault(one.kind is LayerKind.TRANSLATION, []).append(one)
        for _, places in sorted(by_kind.items()):
            stretches = self._evidence.occurrences(places, len(asked.forms))
            judged = self._weighing.judge(
                asked, self._weighing.places(asked, stretches), weighed.rarity
            )
            if judged is not None and judged.believed:
                return replace(weighed, judged=judged)
        return (
            f"every word was read: {total:,} places lie within {edits} edits of the "
            f"quotation{which}, none of them better than chance"
        )

    def _no_quotation(self, asked: Asked) -> Finding:
        """A title, a term, a scare quote: listed, never a failure."""
        return Finding(
            quotation=asked.quotation,
            words=WordsFinding.NOT_A_QUOTATION,
            speaker=SpeakerFinding.NOBODY_NAMED,
            context=(),
            leads="words",
            reasons=(
                "a title, a term or words that nobody is said to have spoken; not looked for",
            ),
            passages=(),
            pieces=(),
            airings=(),
            significance=None,
            longest=None,
            coverage=replace(self._whole(None), words_searched=sum(self._shards.words.values())),
        )

    def _covered(self, weighed: Weighed) -> Coverage:
        coverage = self._whole(weighed.asked.quotation.recording_id)
        searched = weighed.rarity.scope_words or weighed.rarity.words
        return replace(coverage, words_searched=searched)

    def _whole(self, recording_id: int | None) -> Coverage:
        """What is held, read once; of how many words were searched it says nothing."""
        known = self._coverage.get(recording_id)
        if known is None:
            known = coverage_of(
                self._tx, self._shards, recording_id=recording_id, words_searched=0,
                last_change=self._last_change,
            )  # fmt: skip
            self._coverage[recording_id] = known
        return known


def _provisional(judged: Judged, pieces: Sequence[Piece]) -> str | None:
    """Why a finding is not final, or None."""
    if judged.words not in PROVISIONAL_WORDS and judged.speaker is not SpeakerFinding.SOMEBODY_ELSE:
        return None
    for piece in pieces:
        if not piece.heard:
            return UNHEARD_TEXTS[piece.origin]
    if judged.speaker is SpeakerFinding.NOBODY_NAMED or all(judged.sure):
        return None
    return SPEAKER_NOT_CONFIRMED


def _distance(pieces: Sequence[Piece]) -> Ms | None:
    """Media time between the first two pieces of one recording that stand apart."""
    for one, other in itertools.pairwise(pieces):
        if (
            one.recording_id == other.recording_id
            and one.until is not None
            and other.at is not None
        ):
            if other.at >= one.until:
                return other.at - one.until
            if one.at is not None and other.until is not None:
                return max(0, one.at - other.until)
    return None


def _times(count: int) -> str:
    return "once" if count == 1 else "twice" if count == 2 else f"{count:,} times"


def _count(expected: float) -> str:
    if expected >= 1e6:
        return "a great many"
    return f"{expected:,.0f}" if expected >= 10 else f"{expected:.2g}"
