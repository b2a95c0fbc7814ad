"""Take a text from Word, a file or pasted: a translation of a recording, or a text of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from offair.desk.browse import open_recording
from offair.desk.take_text import Origin, take_text
from offair.desk.take_translation import take_translation
from offair.formats import record_docx_reading
from offair.model.errors import BadInput
from offair.model.people import Role
from offair.model.recording import Recording
from offair.web.check_form import Sent, read_sent
from offair.web.language import _, _n
from offair.web.view import desk_of, number_asked, page, recording_asked
from offair.web.who import actor_of

_WORD = (".docx", ".docm")
_MARKUP = (".html", ".htm")
_PLAIN = (".txt",)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of it. told: as a sentence. address: of the text. remarks: of its reading."""

    told: str
    address: str
    remarks: tuple[str, ...]


def word(request: Request) -> Response:
    """`/recordings/{id}/edit/word`: the form."""
    actor_of(request, Role.EDITOR)
    return _form(request, None)


async def sent(request: Request) -> Response:
    """The form, sent: the text is taken in, and its reading reported."""
    actor = actor_of(request, Role.EDITOR)
    given = await read_sent(request)
    taken = await run_in_threadpool(_take, request, given, actor)
    return await run_in_threadpool(_form, request, taken)


def _form(request: Request, taken: TakenIn | None) -> Response:
    desk = desk_of(request)
    opened = open_recording(desk, recording_asked(request), number_asked(request, "layer"))
    return page(
        request, "edit_word.html", styles=("edit.css",), opened=opened, taken=taken,
        into=desk.translates_to,
    )  # fmt: skip


def _take(request: Request, given: Sent, actor: str) -> TakenIn:
    """Take in what was sent. Raises `BadInput`."""
    desk = desk_of(request)
    opened = open_recording(desk, recording_asked(request), number_asked(request, "layer"))
    name, data = _sent_text(given)
    kind = given.fields.get("as", "")
    with TemporaryDirectory(prefix="offair-word-") as folder:
        if kind == "text":
            path = Path(folder) / name
            path.write_bytes(data)
            return _as_text(request, path, opened.recording, actor)
        if kind != "translation":
            raise BadInput("say what the text is: a translation, or a text of its own")
        words, remarks = _words(name, data)
        path = Path(folder) / f"{Path(name).stem}.txt"
        path.write_bytes(words)
        done = take_translation(
            desk, opened.recording.id, path, actor=actor, to=given.line("language"),
            layer_id=opened.layer.id if opened.layer else None,
        )  # fmt: skip
    told = _n("%(num)s turn was taken in.", "%(num)s turns were taken in.", done.turns)
    if not done.new:
        told = _("This very text was here already.")
    address = f"/recordings/{opened.recording.id}/edit?layer={done.layer.id}"
    return TakenIn(told % {"num": done.turns}, address, (*remarks, *done.remarks))


def _as_text(request: Request, path: Path, beside: Recording, actor: str) -> TakenIn:
    origin = Origin(otherwise=beside.channel, aired=beside.aired)
    done = take_text(desk_of(request), path, origin, actor=actor)
    told = _n("%(num)s turn was taken in.", "%(num)s turns were taken in.", done.turns)
    if not done.new:
        told = _("This very text was here already.")
    return TakenIn(
        told % {"num": done.turns}, f"/recordings/{done.recording.id}",
        tuple(one.message for one in done.report),
    )  # fmt: skip


def _sent_text(given: Sent) -> tuple[str, bytes]:
    """Name and bytes of the file, or of what was pasted. Raises `BadInput`."""
    if given.file is not None:
        name = Path(given.file[0].replace("\\", "/")).name
        if Path(name).suffix.lower() not in (*_WORD, *_MARKUP, *_PLAIN):
            raise BadInput(f"{name[:80]} is no Word file; save it as .docx and send that")
        return f"text{Path(name).suffix.lower()}", given.file[1]
    words = given.fields.get("words", "").replace("\r\n", "\n")
    if not words.strip():
        raise BadInput("choose a Word file, or paste the words")
    return "pasted.txt", words.encode("utf-8", "replace")


def _words(name: str, data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The words of a file as plain text, and what its reader has to say."""
    suffix = Path(name).suffix
    if suffix in _PLAIN:
        return data, ()
    read = record_docx_reading.words if suffix in _WORD else record_docx_reading.pasted_words
    text, remarks = read(data, source=name)
    return text.encode(), tuple(one.message for one in remarks)


ROUTES = (
    Route("/recordings/{id:int}/edit/word", word, methods=["GET"]),
    Route("/recordings/{id:int}/edit/word", sent, methods=["POST"]),
)
