"""Channels, recordings, what their media is, and the gaps in what is held."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from offair.model.time import ClockAnchor, Ms, PartialDate, Span


@dataclass(frozen=True, slots=True)
class Channel:
    """A station's output. (The channels of a sound are always called `audio_channels`.)

    `country` is a name as the desk prints it; `zone` an IANA zone name; `languages` BCP 47 tags.
    """

    name: str
    country: str | None = None
    zone: str | None = None
    languages: tuple[str, ...] = ()
    stream_address: str | None = None
    rights: str | None = None
    id: int | None = None


class Held(StrEnum):
    """What of a recording's media the desk has."""

    HELD = "held"
    EXPIRED = "expired"
    NEVER_HELD = "never held"


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """One stream of a container, as the demuxer reports it. Never changed once stored.

    kind: `video`, `audio`, `subtitle`, `data`. language: as the container says, not verified.
    """

    index: int
    kind: str
    codec: str | None
    language: str | None = None
    start_ms: Ms | None = None
    duration_ms: Ms | None = None
    width: int | None = None
    height: int | None = None
    frame_rate: Fraction | None = None
    sample_rate_hz: int | None = None
    audio_channels: int | None = None


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What a probe found: facts about the bytes, never claims about what is said in them.

    duration_ms: from the earliest to the latest presentation timestamp found in the container.
    start_ms: the earliest presentation timestamp, the zero of media time, in the file's own clock.
    browser_playable: a current browser plays container and codecs as they are.
    notes: what was seen and could not be used, in words (`CEA-608 captions present, not read`).
    """

    container: str
    duration_ms: Ms
    start_ms: Ms
    streams: tuple[StreamFacts, ...]
    browser_playable: bool
    anchors: tuple[ClockAnchor, ...] = ()
    notes: tuple[str, ...] = ()

    def of_kind(self, kind: str) -> tuple[StreamFacts, ...]:
        """The streams of one kind (`video`, `audio`, `subtitle`), in container order."""
        return tuple(stream for stream in self.streams if stream.kind == kind)


@dataclass(frozen=True, slots=True)
class VaultObject:
    """Bytes in the vault, addressed by their SHA-256 (64 lower-case hex digits)."""

    sha256: str
    size_bytes: int
    name: str
    """The name it came with, made safe: no path, no control characters."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Time that was due and is not held, with its reason. A row, never an absence."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Recording:
    """One airing held by the desk, identified by (vault object, channel, aired).

    Imported text is a recording without media: `media` None, `held` `never held`.
    `title` is the programme, or the file's name where no programme was given.
    """

    id: int
    channel: Channel
    aired: PartialDate | None
    title: str
    held: Held
    object: VaultObject | None
    media: MediaFacts | None
    added_utc: str
    added_by: str
    gaps: tuple[Gap, ...] = field(default_factory=tuple)
    quarantine: str | None = None
    """Why its media may not be touched again, or None."""
