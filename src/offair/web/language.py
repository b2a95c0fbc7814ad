"""The language of the pages' own words: chosen for each request, English where nothing else is.

Templates say `{{ _("…") }}` or `{% trans %}`; modules of the room call `_` and `_n` below. What an
editor, a speaker or an engine said is never translated here.
"""

from __future__ import annotations

from contextvars import ContextVar
from gettext import NullTranslations

SPOKEN: ContextVar[NullTranslations] = ContextVar("SPOKEN")
"""The words of the request in hand; not set where they are English."""
_ENGLISH = NullTranslations()


def _(text: str) -> str:
    """A sentence or a word of the interface in the language of the request."""
    return SPOKEN.get(_ENGLISH).gettext(text)


def _n(one: str, many: str, number: int) -> str:
    """The same for a number of things; `{number}` in the text is filled in by who asks."""
    return SPOKEN.get(_ENGLISH).ngettext(one, many, number)
