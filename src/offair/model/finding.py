"""A printed quotation, and what holding it against the archive shows.

A finding describes words, never motive. Its three parts (words; speaker; context and time) are
decided alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from offair.model.time import Ms, PartialDate
from offair.model.transcript import LayerKind, LayerOrigin

FINDING_VERSION = "1.0"
"""Version of the JSON document of a report; changes with docs/reference/finding-json.md."""


class EditKind(StrEnum):
    """What happened to a run of words.

    `variant`: the same word or number in another form. `elided`: said, and skipped where an
    ellipsis is printed. `bracketed`: editor's words, with the spoken words they stand for.
    """

    EQUAL = "equal"
    VARIANT = "variant"
    SUBSTITUTED = "substituted"
    ADDED = "added"
    LEFT_OUT = "left out"
    ELIDED = "elided"
    BRACKETED = "bracketed"


class EditClass(StrEnum):
    """What an edit touches, or in what a variant differs."""

    NEGATION = "negation"
    NUMBER = "number"
    UNIT = "unit"
    NAME = "name"
    MODALITY = "modality"
    CONDITION = "condition"
    EXCEPTION = "exception"
    ATTRIBUTION = "attribution"
    QUANTIFIER = "quantifier"
    FILLER = "filler"
    REPETITION = "repetition"
    FUNCTION_WORD = "function word"
    CONTENT = "content"
    SPELLING = "spelling"
    INFLECTION = "inflection"
    CONTRACTION = "contraction"
    NUMBER_FORM = "number form"
    INTERJECTION = "interjection"
    """Somebody else's few words, or a note such as `(applause)`: nothing the speaker said."""


CRITICAL: frozenset[EditClass] = frozenset(
    {
        EditClass.NEGATION,
        EditClass.NUMBER,
        EditClass.UNIT,
        EditClass.NAME,
        EditClass.MODALITY,
        EditClass.CONDITION,
        EditClass.EXCEPTION,
        EditClass.ATTRIBUTION,
        EditClass.QUANTIFIER,
    }
)
"""An edit that touches one of these may turn a statement into another one."""


class WordsFinding(StrEnum):
    """What the words show. The last four before `NOT_FOUND` are said of translations only."""

    VERBATIM = "verbatim"
    CLEANED = "verbatim, cleaned"
    ELIDED = "elided"
    CUT = "cut without a mark"
    BRACKETED = "bracketed"
    ALTERED = "altered"
    SPLICED = "spliced"
    PARAPHRASE = "possible paraphrase"
    AS_TRANSLATED = "as in our translation"
    WITH_CHANGES = "with changes"
    OTHER_TRANSLATION = "other translation"
    SUBSTANCE = "differs in substance"
    NOT_FOUND = "not found"
    TOO_SHORT = "too short to decide"
    NOT_A_QUOTATION = "not a quotation"


class SpeakerFinding(StrEnum):
    """What the attribution shows. Only a confirmed attribution is called different."""

    AS_CLAIMED = "as claimed"
    SOMEBODY_ELSE = "somebody else"
    QUOTING = "quoted by the speaker from somebody else"
    READ_OUT = "spoken by an interpreter or read out"
    UNCONFIRMED = "unknown or unconfirmed"
    NOBODY_NAMED = "nobody named"
    UNDECIDED = "not decided"
    """Nothing was found whose speaker could be compared."""


class ContextFinding(StrEnum):
    """What the neighbouring words and the date show; several may hold."""

    COMPLETE = "complete"
    SENTENCE_CUT = "the sentence is cut"
    NEGATION = "stands under a negation"
    CONDITION = "stands under a condition"
    EXCEPTION = "stands under an exception"
    QUESTION = "stands in a question"
    ATTRIBUTION = "stands under an attribution"
    OTHER_DATE = "aired on another date than claimed"


PROVISIONAL_WORDS = frozenset({WordsFinding.ALTERED, WordsFinding.SPLICED, WordsFinding.SUBSTANCE})
"""Findings about words that stay provisional until a person has heard the span."""

NOT_HEARD = "machine transcript, not heard"
"""What a provisional finding carries, wherever it is shown."""

UNHEARD_TEXTS: Mapping[LayerOrigin, str] = {
    LayerOrigin.ENGINE: NOT_HEARD,
    LayerOrigin.BROADCASTER: "the broadcaster's text, not heard",
    LayerOrigin.IMPORT: "imported text, not heard",
    LayerOrigin.PERSON: "text by a person, not confirmed as heard",
}
"""The same by who made the text."""

SPEAKER_NOT_CONFIRMED = "heard; the speaker is not confirmed"
"""What a finding carries whose words a person heard, and whose speaker nobody confirmed."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Printed words said to be somebody's.

    printed: between the quotation marks, marks off. char_start, char_end: in the article it was
    found in, 0 where it came alone. context: the printed sentence around it. speaker, date: as
    claimed, None where nobody and no date was. recording_id: scope, where given. language: BCP 47
    of the printed words, None where unknown. certain: False where the speaker was guessed;
    speaker_from then says by what.
    is_speech: False for titles, terms and scare quotes without a speaker.
    """

    printed: str
    speaker: str | None = None
    date: PartialDate | None = None
    recording_id: int | None = None
    language: str | None = None
    char_start: int = 0
    char_end: int = 0
    context: str = ""
    certain: bool = True
    is_speech: bool = True
    speaker_from: str = ""


@dataclass(frozen=True, slots=True)
class ComparedPassage:
    """One edit with the text it touches.

    printed_chars: range in `Quotation.printed`. piece: index into `Finding.pieces` of the spoken
    words, None where none stand against it. spoken_chars: range in that piece's `spoken`.
    """

    kind: EditKind
    printed_text: str
    spoken_text: str
    printed_chars: tuple[int, int]
    piece: int | None
    spoken_chars: tuple[int, int]
    classes: frozenset[EditClass] = frozenset()
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the archive that words of the quotation come from.

    spoken: its text from the first to the last word used. before, after: the neighbouring words of
    the same layer, as far as the sentences around it go. at, until: media time of its first and
    last word, None where the text has no times. speaker: the voice as it may be shown; author:
    whose words, where not the voice's. confirmed: a person confirmed the speaker. heard: a person
    heard these words and found them so. turn_ids: touched. sentence_id: the one it begins in.
    edition, translator: for a translation, which of ours, and by whom made (`machine: NAME`).
    """

    recording_id: int
    layer_id: int
    kind: LayerKind
    origin: LayerOrigin
    language: str
    channel: str
    aired: PartialDate | None
    at: Ms | None
    until: Ms | None
    turn_ids: tuple[int, ...]
    sentence_id: int | None
    spoken: str
    before: str
    after: str
    speaker: str | None
    author: str | None
    confirmed: bool
    heard: bool
    maker: str


@dataclass(frozen=True, slots=True)
class Airing:
    """One airing of the same event: the passage was on air here too."""

    recording_id: int
    layer_id: int
    channel: str
    aired: PartialDate | None
    at: Ms | None
    turn_id: int


@dataclass(frozen=True, slots=True)
class Significance:
    """How surprising the match is.

    bits: Σ of the matched words' bits less the edits' price. expected: how many matches this good
    chance alone gives in so many words searched. constants: version of λ and prices.
    """

    bits: float
    expected: float
    words_searched: int
    constants: str


@dataclass(frozen=True, slots=True)
class LongestFragment:
    """The longest run of the quotation's words that was found as it stands, and how often."""

    text: str
    words: int
    count: int


@dataclass(frozen=True, slots=True)
class ChannelCoverage:
    """What the desk holds of one channel. Hours are of recordings with media; `texts` counts
    recordings known by an imported text alone; `heard_words` words a person confirmed as heard.

    first, last: airing dates, None where none is known. gaps: how many, and their hours.
    """

    channel: str
    recordings: int
    texts: int
    held_hours: float
    transcribed_hours: float
    heard_words: int
    words: int
    first: str | None
    last: str | None
    gaps: int
    gap_hours: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a search or a finding rests on.

    behind: changes of the catalogue that the index does not hold yet. remarks: sentences to be
    repeated wherever a result is (`only excerpts of this broadcast are held`).
    """

    channels: tuple[ChannelCoverage, ...]
    words_searched: int
    behind: int = 0
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What comparing one quotation with the archive shows.

    words, speaker, context: the three parts. leads: which of the three is the worst (`words`,
    `speaker`, `context`). reasons: sentences that explain each part, worst first. passages: cover
    every printed word once. pieces: in the order of the printed words; empty where nothing was
    found. airings: of the event of the first piece, first airing first. distance_ms: between the
    pieces of a spliced quotation, where times are known. provisional: a value
    of `UNHEARD_TEXTS`, `SPEAKER_NOT_CONFIRMED`, or None.
    spellings: (printed, house spelling) of names that differ in spelling alone. also_said: how
    many further events hold the same words. alternatives: other pieces, worth a look.
    """

    quotation: Quotation
    words: WordsFinding
    speaker: SpeakerFinding
    context: tuple[ContextFinding, ...]
    leads: str
    reasons: tuple[str, ...]
    passages: tuple[ComparedPassage, ...]
    pieces: tuple[Piece, ...]
    airings: tuple[Airing, ...]
    significance: Significance | None
    longest: LongestFragment | None
    coverage: Coverage
    provisional: str | None = None
    spellings: tuple[tuple[str, str], ...] = ()
    distance_ms: Ms | None = None
    also_said: int = 0
    alternatives: tuple[Piece, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of one article or of one quotation, and what they rest on.

    source: name of the article's file, None for words given alone. made_utc: ISO 8601. desk: who
    says so. remarks: what the reader of the article could not use.
    """

    findings: tuple[Finding, ...]
    desk: str
    made_utc: str
    source: str | None = None
    title: str | None = None
    remarks: tuple[str, ...] = ()
