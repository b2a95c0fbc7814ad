"""What two pairs of eyes do to a clip before it is published, and what may be done after."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from offair.model.time import Ms


class ClipState(StrEnum):
    """Where a clip stands at the desk. `withdrawn` and `removed` come after `published`."""

    TO_DO = "to do"
    IN_HAND = "in hand"
    TO_SECOND_READER = "to second reader"
    QUERIED = "queried"
    READY = "ready"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class ClipWork:
    """How a clip is worked on. version grows with every change of the draft: who saves on a stale
    one is shown both. not_before: UTC, ISO 8601. hold: why it must not be published now. read_by:
    the second reader, once he or she said that it may go."""

    clip_id: int
    state: ClipState = ClipState.TO_DO
    owner: str | None = None
    version: int = 1
    not_before: str | None = None
    hold: str | None = None
    hold_by: str | None = None
    read_by: str | None = None
    changed_by: str | None = None
    changed_utc: str | None = None


@dataclass(frozen=True, slots=True)
class ClipQuery:
    """A question pinned to words of a clip ("quality/special operations? 01:22"), open until
    somebody answers it.

    turn_id, char_start, char_end: the words, in the text as it stood then, half-open; None, 0, 0
    for one about headline or summary. words: as they stood. at: media time, None where unknown.
    """

    id: int
    clip_id: int
    turn_id: int | None
    char_start: int
    char_end: int
    words: str
    at: Ms | None
    text: str
    made_by: str
    made_utc: str
    answer: str | None = None
    settled_by: str | None = None
    settled_utc: str | None = None


class ClauseKind(StrEnum):
    """What a clause of a headline or summary rests on."""

    SAID = "said"
    RECORD_FACT = "record fact"
    BACKGROUND = "background"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class ProofLink:
    """Words of a turn that a clause rests on; the range is in the turn's text, half-open."""

    turn_id: int
    char_start: int
    char_end: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What one clause of a clip's headline or summary rests on.

    part: 0 for the headline, 1, 2, … for the summary's paragraphs; char_start, char_end: of the
    clause there, half-open; clause: its text, by which it is found again when what stands around it
    changes. own_words: said in the speaker's own words, not the desk's paraphrase. field: which
    field of the record, or which entry of the names list, a fact was checked against. differing:
    terms of the clause that the speaker did not use. reasons: how the machine came to it. An editor
    confirms it (`confirmed_by`), or passes an unsupported one with `passed`, a reason.
    """

    id: int
    clip_id: int
    part: int
    char_start: int
    char_end: int
    clause: str
    kind: ClauseKind
    links: tuple[ProofLink, ...] = ()
    own_words: bool = False
    field: str | None = None
    differing: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    proposed_by: str = "machine"
    confirmed_by: str | None = None
    confirmed_utc: str | None = None
    passed: str | None = None


class StopKind(StrEnum):
    """Why a clip cannot be published as it stands."""

    UNHEARD = "unheard"
    UNREVISED_TRANSLATION = "unrevised translation"
    UNCONFIRMED_SPEAKER = "unconfirmed speaker"
    UNSUPPORTED_CLAUSE = "unsupported clause"
    OPEN_QUERY = "open query"
    SECOND_READER = "second reader"
    NOT_BEFORE = "not before"
    HOLD = "hold"
    RIGHTS = "rights"


@dataclass(frozen=True, slots=True)
class Stop:
    """One reason why publishing stops, as a sentence, with the turns it is about. An administrator
    may override those that are `passable`, with a reason that is logged."""

    kind: StopKind
    sentence: str
    turn_ids: tuple[int, ...] = ()
    passable: bool = True


class EditionAct(StrEnum):
    """What made an edition, or ended all of them."""

    PUBLISH = "publish"
    TIDY = "tidy"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class RecordAct:
    """An act on a published record. edition: the one it made, or the newest it ended. said, says:
    what was printed and what is now, for the public note. public: whether readers are shown it (a
    tidy is logged only). ground: of a removal, kept and never shown."""

    id: int
    clip_id: int
    edition: int
    act: EditionAct
    made_by: str
    made_utc: str
    note: str | None = None
    said: str | None = None
    says: str | None = None
    ground: str | None = None
    erased: bool = False

    @property
    def public(self) -> bool:
        """Whether a reader of the record is told."""
        return self.act is not EditionAct.TIDY


class Stance(StrEnum):
    """What a speaker makes of somebody else's words that he or she gives."""

    REPORTS = "reports"
    ADOPTS = "adopts"
    DISPUTES = "disputes"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class ReportedSpeech:
    """A place where a speaker gives what somebody else said or wrote. What that source really said
    is not verified by it.

    char_start, char_end: cue, source and content, in the turn's text, half-open. cue: the words
    that say so ("mentioned that"). source: as named there, None where nobody is. content: what is
    given. stance: of the speaker; shown_by: the words that show it, None for a bare report.
    inner: a further source inside the content, with its own stance.
    """

    turn_id: int
    char_start: int
    char_end: int
    cue: str
    source: str | None
    content: str
    stance: Stance = Stance.REPORTS
    shown_by: str | None = None
    inner: ReportedSpeech | None = None
