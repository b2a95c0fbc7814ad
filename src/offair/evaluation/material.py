"""What a set is made of: sound with the words, times and voices that are known to be in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from offair.model.time import Ms, Span
from offair.model.transcript import VoiceSpan


class Kind(StrEnum):
    """What an item's sound is. In all but speech there is no word."""

    SPEECH = "speech"
    NOISE = "noise"
    MUSIC = "music"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class KnownWord:
    """A word that is known to be said; times in ms or None, half-open. speaker: None if unknown."""

    text: str
    start: Ms | None = None
    end: Ms | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class KnownLine:
    """Words whose time is known as a whole."""

    span: Span
    text: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One sound of a set, and what is known of it.

    language: BCP 47 of the words, `und` where nobody says. channel_languages: what the desk is
    told of the channel; with exactly one it is forced, with none it is told per stretch.
    text: the words, or None where they are not known. words, lines: with times, empty where there
    are none. voices: who speaks when, or None. scored: the spans that the references speak of;
    None for all of the sound.
    """

    name: str
    media: Path
    kind: Kind = Kind.SPEECH
    language: str = "und"
    channel_languages: tuple[str, ...] = ()
    text: str | None = None
    words: tuple[KnownWord, ...] = ()
    lines: tuple[KnownLine, ...] = ()
    voices: tuple[VoiceSpan, ...] | None = None
    scored: tuple[Span, ...] | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What lies in a set's folder and cannot be used, with the reason as a sentence."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class TestSet:
    """A set. layout: which layout its folder was read as."""

    name: str
    folder: Path
    layout: str
    items: tuple[Item, ...]
    left_out: tuple[LeftOut, ...]
