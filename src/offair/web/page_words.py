"""The words of a record's page in the language of the request."""

from __future__ import annotations

from offair.formats.page_words import ENGLISH, PageWords
from offair.web import wording
from offair.web.language import SOURCE, _, spoken


def page_words() -> PageWords:
    """What `record_html.write` and `page_of` say by themselves; English as the file that is
    exported has it."""
    now = spoken()
    return ENGLISH if now.tag == SOURCE else PageWords(now.tag, now.direction, _, wording.day)
