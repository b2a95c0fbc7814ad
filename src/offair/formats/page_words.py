"""The words that a record's page says by itself, in the language of who reads it.

What the record prints is never translated: headline, text, names, notes, marks, the citation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from offair.formats.record_citation import long_date
from offair.model.time import PartialDate


@dataclass(frozen=True, slots=True)
class PageWords:
    """The page's own words in one language. tag: BCP 47. direction: `ltr` or `rtl`. say: gives the
    translation of an English text, or the text itself. day: a date in words."""

    tag: str = "en"
    direction: str = "ltr"
    say: Callable[[str], str] = str
    day: Callable[[PartialDate], str] = long_date


ENGLISH = PageWords()


def worded(text: str) -> str:
    """A text that is translated later, where it is shown; this only says that it will be."""
    return text
