"""The language of the pages' own words: chosen for each request, English where nothing else is.

Templates say `{{ _("…") }}` or `{% trans %}`; modules of the room call `_` and `_n` below. Each
language but English is one file of translations, `locale/<tag>.po`, which Babel's tools extract to
and update; it is read when it is first asked for. What an editor, a speaker or an engine said is
never translated here.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from http.cookies import SimpleCookie
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOLDER = Path(__file__).parent / "locale"
SOURCE = "en"
COOKIE = "offair-language"
_YEAR_S = 31_536_000


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language. name: of the language, in itself; rtl: whether it is written from
    right to left."""

    tag: str
    locale: Locale
    translations: NullTranslations

    @property
    def name(self) -> str:
        """The language's name in itself."""
        return str(self.locale.get_language_name(self.locale) or self.tag)

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`, for `dir`."""
        return str(self.locale.text_direction)


_NOW: ContextVar[Words] = ContextVar("_NOW")
"""The language of the request in hand."""


@cache
def languages() -> tuple[str, ...]:
    """The tags of the languages there are, English first."""
    return (SOURCE, *sorted(path.stem for path in FOLDER.glob("*.po")))


@cache
def words_of(tag: str) -> Words:
    """The words of a language there is. Raises `KeyError` for another tag."""
    if tag not in languages():
        raise KeyError(tag)
    if tag == SOURCE:
        # Its dates have the day before the month, as records print them.
        return Words(tag, Locale("en", "GB"), NullTranslations())
    locale = Locale.parse(tag, sep="-")
    with (FOLDER / f"{tag}.po").open("rb") as file:
        catalogue = read_po(file, locale=locale)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Words(tag, locale, GNUTranslations(compiled))


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Answer in a language while the context lasts. Raises `KeyError` where there are no words."""
    token = _NOW.set(words_of(tag))
    try:
        yield
    finally:
        _NOW.reset(token)


def spoken() -> Words:
    """The language of the request in hand."""
    return _NOW.get(words_of(SOURCE))


def _(text: str) -> str:
    """A sentence or a word of the interface in the language of the request."""
    return spoken().translations.gettext(text)


def marked(text: str) -> str:
    """A text that is translated later, where it is shown; this only says that it will be."""
    return text


def _n(one: str, many: str, number: int) -> str:
    """The same for a number of things; `%(num)s` in the text is filled in by who asks."""
    return spoken().translations.ngettext(one, many, number)


def chosen(asked: str | None, cookie: str | None, accepted: str) -> str:
    """The language to answer in: the one asked for, else the one chosen before, else the best of
    those that the browser accepts (RFC 9110, 12.5.4)."""
    for one in (asked, cookie):
        if one in languages():
            return str(one)
    return _accepted(accepted, languages())


def _accepted(header: str, known: Sequence[str]) -> str:
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(header[:1_000].split(",")):
        tag, _sep, weight = part.strip().partition(";")
        name, _sep, value = weight.strip().partition("=")
        try:
            quality = float(value) if name.strip() == "q" else 1.0
        except ValueError:
            continue
        base = tag.strip().lower().partition("-")[0]
        if base in known and 0.0 < quality <= 1.0:
            wanted.append((-quality, place, base))
    return min(wanted, default=(0.0, 0, SOURCE))[2]


class Spoken:
    """Answers each request in its language; `?lang=` chooses one and keeps it in a cookie."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        asked = request.query_params.get("lang")
        kept = request.cookies.get(COOKIE)
        tag = chosen(asked, kept, request.headers.get("accept-language", ""))

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Accept-Language, Cookie")
                if asked == tag != kept:
                    headers.append("set-cookie", _cookie(tag))
            await send(message)

        with speaking(tag):
            await self.app(scope, receive, told)


def _cookie(tag: str) -> str:
    cookie: SimpleCookie = SimpleCookie()
    cookie[COOKIE] = tag
    morsel = cookie[COOKIE]
    morsel["path"], morsel["samesite"], morsel["max-age"] = "/", "Lax", _YEAR_S
    morsel["httponly"] = True
    return morsel.OutputString()
