"""What the page Check is sent: an article or words, and quotations as its fields hold them.

The fields of the page are all it knows, so that it works without scripts and keeps nothing: of
quotation 3 `printed-3`, `speaker-3` and so on. Everything is counted while it comes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from offair.desk.check_article import LONGEST_QUOTATION, MOST_QUOTATIONS
from offair.formats.article import LARGEST_BYTES
from offair.model.errors import BadInput, TooLarge
from offair.model.finding import Quotation
from offair.model.time import PartialDate
from offair.web.who import check_csrf

MOST_BYTES = LARGEST_BYTES + 4 * 1024 * 1024
"""An article as large as is read, and the fields beside it."""
_MOST_FIELDS = MOST_QUOTATIONS * 12 + 50
_PRINTED_RE = re.compile(r"printed-([1-9]\d{0,4})", re.ASCII)
_LONGEST_LINE = 300
_LONGEST_CONTEXT = 20_000


@dataclass(frozen=True, slots=True)
class Sent:
    """A form. file: name and bytes of what was uploaded, None where nothing was."""

    fields: Mapping[str, str]
    file: tuple[str, bytes] | None = None

    def line(self, name: str) -> str | None:
        """A field as one line, None where it is empty. Raises `BadInput` where it is too long."""
        text = " ".join(self.fields.get(name, "").split())
        if len(text) > _LONGEST_LINE:
            raise BadInput(f"{name} has at most {_LONGEST_LINE} characters")
        return text or None

    def date(self, name: str) -> PartialDate | None:
        """A field as a date. Raises `BadInput`."""
        return read_date(self.line(name))


def read_date(text: str | None) -> PartialDate | None:
    """A date as somebody types it, None where nothing is typed. Raises `BadInput`."""
    if not text:
        return None
    try:
        return PartialDate.parse(text)
    except ValueError as error:
        raise BadInput(str(error)) from error


async def read_sent(request: Request) -> Sent:
    """The form of a request, urlencoded or in parts. Raises `TooLarge`, `BadInput`, `Refused` where
    it is no form of this session's."""
    had = 0

    async def counted() -> Message:
        nonlocal had
        message = await request.receive()
        had += len(message.get("body", b""))
        if had > MOST_BYTES:
            raise TooLarge(
                f"more than {MOST_BYTES >> 20} MiB were sent; give the article alone, without its "
                "pictures"
            )
        return message

    try:
        form = await Request(request.scope, counted).form(
            max_files=1, max_fields=_MOST_FIELDS, max_part_size=MOST_BYTES
        )
    except HTTPException as error:
        raise BadInput(f"the form cannot be read ({error.detail}); send it again") from error
    except (UnicodeDecodeError, ValueError) as error:
        raise BadInput(f"the form cannot be read ({error}); send it again") from error
    fields: dict[str, str] = {}
    file = None
    try:
        for name, value in form.multi_items():
            if not isinstance(value, UploadFile):
                fields[name] = value
            elif value.filename:
                file = (value.filename, await value.read(LARGEST_BYTES + 1))
    finally:
        await form.close()
    check_csrf(request, fields.get("csrf"))
    return Sent(fields, file)


def quotations(sent: Sent) -> dict[int, Quotation]:
    """The quotations that the fields hold, by their number; one whose words were deleted is left
    out. Raises `BadInput` with what cannot be checked."""
    fields = sent.fields
    numbers = sorted(int(found[1]) for one in fields if (found := _PRINTED_RE.fullmatch(one)))
    if len(numbers) > MOST_QUOTATIONS:
        raise BadInput(f"at most {MOST_QUOTATIONS} quotations are checked at once")
    recording_id = number_of(sent, "recording")
    made = {}
    for number in numbers:
        printed = fields[f"printed-{number}"].replace("\r\n", "\n").strip()
        if not printed:
            continue
        if len(printed) > LONGEST_QUOTATION:
            raise BadInput(
                f"quotation {number} has {len(printed):,} characters; at most "
                f"{LONGEST_QUOTATION:,} are checked as one"
            )
        speaker = sent.line(f"speaker-{number}")
        guessed = fields.get(f"guess-{number}", "") == (speaker or "") and speaker is not None
        made[number] = Quotation(
            printed, speaker=speaker, date=sent.date(f"date-{number}"), recording_id=recording_id,
            language=sent.line(f"language-{number}"),
            context=fields.get(f"context-{number}", "")[:_LONGEST_CONTEXT],
            certain=not guessed, is_speech=f"no-speech-{number}" not in fields,
            speaker_from=(sent.line(f"from-{number}") or "") if guessed else "",
        )  # fmt: skip
    return made


def number_of(sent: Sent, name: str) -> int | None:
    """A field as a whole number, None where it is empty. Raises `BadInput`."""
    raw = sent.line(name)
    if raw is None:
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) < 16):
        raise BadInput(f"{raw[:40]!r} is no number of a recording; leave it out")
    return int(raw)
