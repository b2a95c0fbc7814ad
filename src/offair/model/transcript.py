"""Claims of engines, layers of text, turns, sentences, speakers, attributions, marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from offair.model.time import Ms, Span
from offair.model.words import Words


class Activity(StrEnum):
    """What a stretch of sound is. `music` is said only by an engine that can tell it."""

    SPEECH = "speech"
    OTHER = "other sound"
    SILENCE = "silence"
    MUSIC = "music"


@dataclass(frozen=True, slots=True)
class Engine:
    """Which engine said something: name, model, revision, and every setting that changes output."""

    name: str
    model: str
    revision: str
    settings: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a recogniser made of one chunk of sound; times in ms from the chunk's start.

    text: the words joined as the engine prints them, no leading or trailing space; empty where
    nothing was heard. language: BCP 47, as recognised or as forced. probabilities: 0…1 or None.
    """

    text: str
    words: Words
    language: str
    language_probability: float | None = None
    mean_probability: float | None = None
    no_speech_probability: float | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What one engine said of one chunk of sound. Never changed.

    `key` is the SHA-256 over the chunk's sound, the engine, its model, revision and settings:
    the same sound heard again the same way is the same claim.
    """

    key: str
    engine: Engine
    sound_sha256: str
    duration_ms: Ms
    heard: Heard


@dataclass(frozen=True, slots=True)
class Chunk:
    """One unit of work of a run: a span of at most 30 s, heard or skipped, with the reason.

    Exactly one of `claim_key` and `skipped` is set. The words of the claim that `claim_key` names
    count; only those whose midpoint lies in `span` belong to the run.
    language: BCP 47, as told before it was cut, or as forced; None where the recogniser told it.
    language_probability: 0…1, or None where nobody estimated it.
    second_key: the claim of the other of two hearings, kept beside.
    sound_start: media time at which the claim's sound begins; None where that is `span.start`.
    """

    span: Span
    activity: Activity
    score: float
    claim_key: str | None = None
    skipped: str | None = None
    language: str | None = None
    language_probability: float | None = None
    second_key: str | None = None
    sound_start: Ms | None = None


@dataclass(frozen=True, slots=True)
class VoiceSpan:
    """A stretch in which one voice speaks, labelled as the diariser named it (`SPEAKER_01`)."""

    span: Span
    label: str


@dataclass(frozen=True, slots=True)
class Diarisation:
    """Who speaks when, as one engine said of a whole sound: a claim, never changed.

    key: SHA-256 over the sound, the engine, its model, revision and settings.
    voices: by start; spans of different labels may overlap (several people speak at once).
    """

    key: str
    engine: Engine
    sound_sha256: str
    duration_ms: Ms
    voices: tuple[VoiceSpan, ...]


@dataclass(frozen=True, slots=True)
class TranslationClaim:
    """What one engine made of a batch of neighbouring sentences, in order. Never changed.

    key: SHA-256 over the engine, its model, revision and settings, the languages and the
    sentences. source, target: BCP 47. answers: one for each sentence, none of them empty.
    """

    key: str
    engine: Engine
    source: str
    target: str
    answers: tuple[str, ...]


class FlagKind(StrEnum):
    """Why a stretch of text is doubted."""

    REPEATED = "words repeated"
    TOO_FAST = "more words than the time allows"
    UNSURE = "the engine is unsure"
    NO_SPEECH = "words where no speech was found"
    WRONG_SCRIPT = "script of another language"
    PROMPT_ECHO = "the expected names and nothing else"
    SECOND_HEARING = "a second hearing differs"
    CAPTIONS_DIFFER = "the captions differ"
    NOT_HEARD = "not heard"
    NUMBER_DIFFERS = "a number differs from the original"
    NAME_DIFFERS = "a name differs from the original"
    SENTENCE_MISSING = "not translated"
    MEANING_DIFFERS = "the meaning may differ from the original"


@dataclass(frozen=True, slots=True)
class Flag:
    """A doubt about a stretch of a layer, with its reason as a sentence. Flags delete nothing.

    span: media time, or None where the text has no times. sentence_id: the sentence doubted,
    where it is about one. settled_by: the person who looked at it; `settled_note` what they found.
    """

    kind: FlagKind
    span: Span | None
    reason: str
    id: int = 0
    sentence_id: int | None = None
    settled_by: str | None = None
    settled_note: str | None = None


class LayerKind(StrEnum):
    """What a layer's text is."""

    SPEECH = "speech"
    CAPTIONS = "captions"
    TRANSLATION = "translation"


class LayerOrigin(StrEnum):
    """Who made a layer."""

    ENGINE = "engine"
    BROADCASTER = "broadcaster"
    PERSON = "person"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Layer:
    """One text of a recording, keyed by recording, kind, language, origin, maker and run.

    maker: the engine's name and model, the person, or the file it was read from.
    source_layer_id: for a translation, the layer it translates; None there means from sound
    or from words the desk does not hold (`note` says which).
    """

    id: int
    recording_id: int
    kind: LayerKind
    language: str
    origin: LayerOrigin
    maker: str
    run: int
    frozen: bool
    source_layer_id: int | None = None
    note: str | None = None


class MarkKind(StrEnum):
    """An editorial act in a text."""

    INSERTION = "insertion"
    REPLACEMENT = "replacement"
    GLOSS = "gloss"
    LANGUAGE = "language"
    ORIGINAL_WORD = "original word"
    CUT = "cut"
    OMISSION = "omission"
    ELLIPSIS = "ellipsis"
    STAGE = "stage"
    UNCLEAR = "unclear"
    SIC = "sic"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Mark:
    """An editorial act kept as data on the text it is printed in.

    char_start, char_end: the printed characters in the paragraph or turn text, brackets included;
    equal where nothing is printed (a cut inferred from spacing). `sense` refines the kind
    (`unknown`, `broke off`, … for an ellipsis; `inferred from spacing` for a cut).
    confirmed: False where a rule could only guess the kind.
    """

    kind: MarkKind
    char_start: int
    char_end: int
    text: str
    sense: str | None = None
    confirmed: bool = True


class SpeakerKind(StrEnum):
    """Whether a label names somebody."""

    PERSON = "person"
    ROLE = "role"
    LABEL = "label"
    """No person: `Narrator`, `Crowd`, `On-screen text`."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person, or a role that belongs to one record only."""

    name: str
    kind: SpeakerKind = SpeakerKind.PERSON
    id: int | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Withholding:
    """Somebody withheld a speaker, or (`withheld` False) lifted it: who, when, why. Append-only.

    made_utc: ISO 8601 with `Z`.
    """

    speaker: Speaker
    withheld: bool
    why: str
    made_by: str
    made_utc: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is heard in a turn, and whose words they are. Append-only; the newest of a turn counts.

    voice: who speaks; author: whose words, where not the voice's own (interpreter, reading).
    label: as printed or as the engine named the cluster. certainty: 0…1 or None where unknown.
    confirmed_by: a person, or None.
    """

    turn_id: int
    voice: Speaker | None
    author: Speaker | None
    label: str | None
    certainty: float | None
    made_by: str
    confirmed_by: str | None = None
    heard: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's contiguous words. `id` is opaque, never reused; 0 before it is stored.

    made_by: the person whose revision this is; None where it stands as the layer's maker made it.
    """

    id: int
    ordinal: int
    text: str
    words: Words
    span: Span | None
    label: str | None = None
    marks: tuple[Mark, ...] = ()
    made_by: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit of translation, proof and citation: a character range of one turn."""

    id: int
    turn_id: int
    char_start: int
    char_end: int


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """What a translated sentence translates: a sentence, and the SHA-256 of its text back then.

    sha256: of the text in UTF-8, 64 lower-case hex digits; another text now means stale.
    """

    sentence_id: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Cue:
    """A timed line of a caption track: text without markup, with the speaker if it was named."""

    span: Span
    text: str
    speaker: str | None = None
