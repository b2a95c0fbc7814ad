"""What the desk keeps beside records: terms of channels, the style sheet, shared reports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from offair.model.time import Ms


@dataclass(frozen=True, slots=True)
class ChannelTerms:
    """What of a channel's material the desk may show. text, media: to the public, else to the desk
    alone. longest_ms: of a clip, None where there is no limit. expires_days: media is removed so
    many days after it was taken in, None for never. ground: of all this, in words."""

    text: bool = True
    media: bool = True
    longest_ms: Ms | None = None
    download: bool = True
    embed: bool = False
    expires_days: int | None = None
    ground: str | None = None


class StyleKind(StrEnum):
    """What a rule of the house style sheet is about."""

    SPELLING = "spelling"
    TERM = "term"
    DATE = "date"


DATE_FORMS = ("14 May 2024", "May 14, 2024", "2024-05-14")
"""The forms of a date that a rule may ask for, each written as this day would be."""


@dataclass(frozen=True, slots=True)
class StyleRule:
    """One rule: `off` is not written here, `house` is. A term's rule may have no `house`: it is
    marked for a person to decide, and `note` says why. language: BCP 47, None for all. id: 0 before
    it is stored."""

    kind: StyleKind
    off: str
    house: str | None = None
    note: str | None = None
    language: str | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class SharedReport:
    """A report of findings as it stood, at an address that cannot be guessed.

    key: in the address. document: the findings as JSON (`formats.finding_json`). ended_utc: when
    somebody took it back, or what it rests on was removed; then it answers 410.
    """

    id: int
    key: str
    title: str
    document: str
    made_by: str
    made_utc: str
    ended_utc: str | None = None
