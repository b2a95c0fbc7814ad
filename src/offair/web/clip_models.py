"""What the operations of clips take and answer: clips, their work, queries, proofs, stops."""

from __future__ import annotations

from pydantic import Field

from offair.desk.clip_queries import PinnedQuery
from offair.desk.edit_clip import ClipChange
from offair.desk.find_overlaps import Overlap
from offair.desk.list_clips import ListedClip
from offair.model.clip_work import (
    ClauseKind,
    ClipState,
    ClipWork,
    Proof,
    ProofLink,
    ReportedSpeech,
    Stance,
    Stop,
    StopKind,
)
from offair.model.record import Clip
from offair.model.time import Span
from offair.text.word_spans import Selection
from offair.web.api import Model

_LARGEST_MS = 2**40
_LARGEST_ID = 2**53
_LONGEST = 20_000


class SpanFacts(Model):
    """A span of media time in milliseconds, half-open."""

    start_ms: int = Field(ge=0, le=_LARGEST_MS)
    end_ms: int = Field(ge=0, le=_LARGEST_MS)

    @classmethod
    def of(cls, span: Span) -> SpanFacts:
        """The same as an answer."""
        return cls(start_ms=span.start, end_ms=span.end)


class ClipFacts(Model):
    """What a clip is. number: None before it is published; edition: 0 then."""

    id: int
    recording: int
    layer: int | None
    headline: str | None
    summary: list[str]
    spans: list[SpanFacts]
    turns: list[int]
    number: str | None
    edition: int
    made_by: str
    made_utc: str

    @classmethod
    def of(cls, clip: Clip) -> ClipFacts:
        """The same as an answer."""
        return cls(
            id=clip.id,
            recording=clip.recording_id,
            layer=clip.layer_id,
            headline=clip.headline,
            summary=list(clip.summary),
            spans=[SpanFacts.of(one) for one in clip.spans],
            turns=list(clip.turn_ids),
            number=clip.number.printed if clip.number else None,
            edition=clip.edition,
            made_by=clip.made_by,
            made_utc=clip.made_utc,
        )


class WorkFacts(Model):
    """How a clip is worked on. version: to be sent back with an edit."""

    state: ClipState
    owner: str | None
    version: int
    not_before: str | None
    hold: str | None
    hold_by: str | None
    read_by: str | None
    changed_by: str | None
    changed_utc: str | None

    @classmethod
    def of(cls, work: ClipWork) -> WorkFacts:
        """The same as an answer."""
        return cls(**{name: getattr(work, name) for name in cls.model_fields})


class ListedFacts(Model):
    """A clip in a list. queries: how many are open."""

    clip: ClipFacts
    work: WorkFacts
    channel: str
    aired: str | None
    title: str
    queries: int

    @classmethod
    def of(cls, listed: ListedClip) -> ListedFacts:
        """The same as an answer."""
        recording = listed.recording
        return cls(
            clip=ClipFacts.of(listed.clip),
            work=WorkFacts.of(listed.work),
            channel=recording.channel.name,
            aired=str(recording.aired) if recording.aired else None,
            title=recording.title,
            queries=listed.queries,
        )


class ClipList(Model):
    """Clips, the newest first. before: what to ask for to read on, None at the end."""

    clips: list[ListedFacts]
    before: int | None


class QueryFacts(Model):
    """A query. turn, start, end: where its words stand now, None where they are gone or there are
    none; words: as they stood when it was asked; words_now: as they stand."""

    id: int
    text: str
    words: str
    words_now: str | None
    gone: bool
    turn: int | None
    start: int | None
    end: int | None
    at_ms: int | None
    made_by: str
    made_utc: str
    answer: str | None
    settled_by: str | None
    settled_utc: str | None

    @classmethod
    def of(cls, pinned: PinnedQuery) -> QueryFacts:
        """The same as an answer."""
        query, now = pinned.query, pinned.standing
        return cls(
            id=query.id,
            text=query.text,
            words=query.words,
            words_now=now.words if now else None,
            gone=pinned.gone,
            turn=now.turn.id if now else None,
            start=now.char_start if now else None,
            end=now.char_end if now else None,
            at_ms=now.at if now else query.at,
            made_by=query.made_by,
            made_utc=query.made_utc,
            answer=query.answer,
            settled_by=query.settled_by,
            settled_utc=query.settled_utc,
        )


class LinkFacts(Model):
    """Words of a turn: characters of its text, half-open."""

    turn: int = Field(ge=1, le=_LARGEST_ID)
    start: int = Field(ge=0, le=_LARGEST_ID)
    end: int = Field(ge=0, le=_LARGEST_ID)

    @classmethod
    def of(cls, link: ProofLink) -> LinkFacts:
        """The same as an answer."""
        return cls(turn=link.turn_id, start=link.char_start, end=link.char_end)

    @property
    def link(self) -> ProofLink:
        """The same as a proof holds it."""
        return ProofLink(self.turn, self.start, self.end)


class ProofFacts(Model):
    """What a clause rests on. part: 0 the headline, 1, 2, … the paragraphs of the summary."""

    part: int
    start: int
    end: int
    clause: str
    kind: ClauseKind
    links: list[LinkFacts]
    own_words: bool
    field: str | None
    differing: list[str]
    reasons: list[str]
    proposed_by: str
    confirmed_by: str | None
    confirmed_utc: str | None
    passed: str | None

    @classmethod
    def of(cls, proof: Proof) -> ProofFacts:
        """The same as an answer."""
        return cls(
            part=proof.part,
            start=proof.char_start,
            end=proof.char_end,
            clause=proof.clause,
            kind=proof.kind,
            links=[LinkFacts.of(one) for one in proof.links],
            own_words=proof.own_words,
            field=proof.field,
            differing=list(proof.differing),
            reasons=list(proof.reasons),
            proposed_by=proof.proposed_by,
            confirmed_by=proof.confirmed_by,
            confirmed_utc=proof.confirmed_utc,
            passed=proof.passed,
        )


class ReportedFacts(Model):
    """Where a speaker gives somebody else's words, and what he or she makes of them. What the
    source really said is not verified by it."""

    turn: int
    start: int
    end: int
    cue: str
    source: str | None
    content: str
    stance: Stance
    shown_by: str | None
    inner: ReportedFacts | None

    @classmethod
    def of(cls, one: ReportedSpeech) -> ReportedFacts:
        """The same as an answer."""
        return cls(
            turn=one.turn_id,
            start=one.char_start,
            end=one.char_end,
            cue=one.cue,
            source=one.source,
            content=one.content,
            stance=one.stance,
            shown_by=one.shown_by,
            inner=None if one.inner is None else cls.of(one.inner),
        )


class StopFacts(Model):
    """Why the clip cannot be published as it stands."""

    kind: StopKind
    sentence: str
    turns: list[int]
    passable: bool

    @classmethod
    def of(cls, stop: Stop) -> StopFacts:
        """The same as an answer."""
        return cls(
            kind=stop.kind,
            sentence=stop.sentence,
            turns=list(stop.turn_ids),
            passable=stop.passable,
        )


class OverlapFacts(Model):
    """A clip that shows some of the same: by time (spans), by turns, or by words in common."""

    clip: int
    headline: str | None
    number: str | None
    recording: int
    spans: list[SpanFacts]
    turns: list[int]
    words: int | None

    @classmethod
    def of(cls, one: Overlap) -> OverlapFacts:
        """The same as an answer."""
        return cls(
            clip=one.clip.id,
            headline=one.clip.headline,
            number=one.clip.number.printed if one.clip.number else None,
            recording=one.recording.id,
            spans=[SpanFacts.of(each) for each in one.spans],
            turns=list(one.turn_ids),
            words=one.words,
        )


class WholeClip(Model):
    """A clip with all that is known of it before it is published."""

    clip: ClipFacts
    work: WorkFacts
    title: str
    queries: list[QueryFacts]
    proofs: list[ProofFacts]
    reported: list[ReportedFacts]
    stops: list[StopFacts]
    overlaps: list[OverlapFacts]


class ShownRecord(Model):
    """The record as it would be printed now: as text, and as a page of its own."""

    text: str
    html: str


class WordRange(Model):
    """Selected words: from a character of the first turn to a character of the last, half-open."""

    first: int = Field(ge=1, le=_LARGEST_ID, description="The turn with the first word.")
    last: int = Field(ge=1, le=_LARGEST_ID, description="The turn with the last word.")
    start: int = Field(ge=0, le=_LARGEST_ID)
    end: int = Field(ge=0, le=_LARGEST_ID)

    @property
    def selection(self) -> Selection:
        """The same as the desk takes it."""
        return Selection(self.first, self.last, self.start, self.end)


class WordRanges(Model):
    """Words selected in a layer."""

    layer: int = Field(ge=1, le=_LARGEST_ID)
    words: list[WordRange] = Field(min_length=1, max_length=100)


class Cutting(Model):
    """Spans of media time, and the clips that a clip of them would overlap."""

    spans: list[SpanFacts]
    overlaps: list[OverlapFacts]


class NewClip(Model):
    """A clip to draft: of spans, of selected words, or of turns where there is no media."""

    layer: int | None = Field(default=None, ge=1, le=_LARGEST_ID)
    spans: list[SpanFacts] = Field(default_factory=list, max_length=100)
    words: list[WordRange] = Field(default_factory=list, max_length=100)
    turns: list[int] = Field(default_factory=list, max_length=10_000)
    headline: str | None = Field(default=None, max_length=_LONGEST)
    summary: list[str] = Field(default_factory=list, max_length=100)


class Edit(Model):
    """What to change of a clip; what is left out stays. version: of the draft that was edited."""

    version: int = Field(ge=1, le=_LARGEST_ID)
    headline: str | None = Field(default=None, max_length=_LONGEST)
    summary: list[str] | None = Field(default=None, max_length=100)
    spans: list[SpanFacts] | None = Field(default=None, max_length=100)
    turns: list[int] | None = Field(default=None, max_length=10_000)
    layer: int | None = Field(default=None, ge=1, le=_LARGEST_ID)

    @property
    def change(self) -> ClipChange:
        """The same as the desk takes it. Raises `ValueError` where a span runs backwards."""
        spans = (
            None if self.spans is None else [Span(one.start_ms, one.end_ms) for one in self.spans]
        )
        return ClipChange(self.headline, self.summary, spans, self.turns, self.layer)


class Edited(Model):
    """A clip as it stands after an edit. notes: what the edit did besides, as sentences."""

    clip: ClipFacts
    work: WorkFacts
    proofs: list[ProofFacts]
    notes: list[str]


class NewState(Model):
    """The state a clip is to have. version: of the draft that was read; needed for `ready`."""

    state: ClipState
    version: int | None = Field(default=None, ge=1, le=_LARGEST_ID)


class Owner(Model):
    """Who has a clip in hand; None for nobody."""

    owner: str | None = Field(max_length=200)


class NotBefore(Model):
    """When a clip may be published at the earliest (ISO 8601, UTC where no zone is given); None
    for at once."""

    not_before: str | None = Field(max_length=60)


class Hold(Model):
    """Why a clip is held back; None to let it go."""

    hold: str | None = Field(max_length=_LONGEST)


class Question(Model):
    """A query about words of a clip, or without a turn about headline or summary."""

    text: str = Field(max_length=_LONGEST)
    turn: int | None = Field(default=None, ge=1, le=_LARGEST_ID)
    start: int = Field(default=0, ge=0, le=_LARGEST_ID)
    end: int = Field(default=0, ge=0, le=_LARGEST_ID)


class Answer(Model):
    """What is answered to a query."""

    text: str = Field(max_length=_LONGEST)


class Asked(Model):
    """A query as it stands, and how the clip stands after it."""

    query: QueryFacts
    work: WorkFacts


class ClauseOf(Model):
    """A clause as it was read: part, where it begins there, its text."""

    part: int = Field(ge=0, le=1_000)
    start: int = Field(ge=0, le=_LARGEST_ID)
    clause: str = Field(max_length=_LONGEST)


class Confirmation(ClauseOf):
    """What a clause rests on, as an editor says; what is left out is as it was proposed."""

    kind: ClauseKind | None = None
    links: list[LinkFacts] | None = Field(default=None, max_length=200)
    field: str | None = Field(default=None, max_length=_LONGEST, description="Or a source note.")
    own_words: bool | None = None


class Passing(ClauseOf):
    """Why an unsupported clause may stand."""

    why: str = Field(max_length=_LONGEST)


class ProofList(Model):
    """The proofs of a clip's clauses, in order."""

    proofs: list[ProofFacts]
