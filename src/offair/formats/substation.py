"""SubStation Alpha captions (`.ass`, `.ssa`) to cues with their actors.

pysubs2 was passed over as a reader: it takes fields by position whatever the file's own list of
them says, drops lines it does not know without a sign, and one bad time costs the whole file.
"""

from __future__ import annotations

import re

from offair.formats.cue_report import Draft, Report, cues_of, numbered_lines, refuse_too_many
from offair.formats.decoding import decode
from offair.model.record import Remark
from offair.model.time import Ms
from offair.model.transcript import Cue

_SECTION_RE = re.compile(r"\s*\[([^\]]*)\]\s*")
_CLOCK_RE = re.compile(r"\s*(-?)(\d{1,9}):(\d{1,2}):(\d{1,2})(?:[.,:](\d{1,9}))?\s*")
_OVERRIDE_RE = re.compile(r"\{([^{}]*)\}")
_DRAWING_RE = re.compile(r"\\p(\d+)")
_FIELDS = (
    "marked",
    "start",
    "end",
    "style",
    "name",
    "marginl",
    "marginr",
    "marginv",
    "effect",
    "text",
)
_NO_ACTOR = frozenset({"", "default", "ntp", "none"})
_OTHER_EVENTS = ("comment", "picture", "sound", "movie", "command")
_NOT_SPEECH = ("script info", "styles", "fonts", "graphics", "aegisub")


def read(
    data: bytes, *, source: str, encoding: str | None = None
) -> tuple[tuple[Cue, ...], tuple[Remark, ...]]:
    """The cues of a SubStation file, in the file's order, and the report of the reading.

    Fields are taken as the file's `Format` line lists them. Overrides and drawings are removed; the
    speaker is the actor, else a label before a colon. Raises `BadInput` where the bytes are not
    text of `encoding`, or no caption can be read.
    """
    report = Report()
    reading = _Reading(report, source)
    text = decode(data, source=source, encoding=encoding)
    for number, line in numbered_lines(text, source):
        reading.take(number, line)
    return cues_of(reading.drafts, report, source=source, kind="an ASS or SSA file")


class _Reading:
    def __init__(self, report: Report, source: str) -> None:
        self.drafts: list[Draft] = []
        self._report = report
        self._source = source
        self._section = ""
        self._fields: tuple[str, ...] = _FIELDS

    def take(self, number: int, line: str) -> None:
        """One line of the file."""
        if not line.strip():
            return
        section = _SECTION_RE.fullmatch(line)
        if section is not None:
            self._section = section[1].strip().casefold()
            return
        if self._section == "events":
            self._event(number, line)
        elif line.lstrip().startswith((";", "!:")):
            self._report.note("a comment, which is not speech", number, line)
        elif not any(known in self._section for known in _NOT_SPEECH):
            where = f"section [{self._section}]" if self._section else "no section"
            self._report.unexplained(f"the line stands in {where} and is left out", number, line)
        elif ":" not in line and not self._section.startswith(("fonts", "graphics")):
            self._report.note("the line is not understood; it is no caption", number, line)

    def _event(self, number: int, line: str) -> None:
        kind, colon, rest = line.partition(":")
        name = kind.strip().casefold()
        if colon and name == "format":
            fields = tuple(one.strip().casefold() for one in rest.split(","))
            if {"start", "end", "text"} <= set(fields):
                self._fields = fields
            else:
                self._report.doubt("the list of fields lacks times or text", number, line)
        elif colon and name == "dialogue":
            self._dialogue(number, rest)
        elif line.lstrip().startswith(";") or (colon and name in _OTHER_EVENTS):
            self._report.note("a comment or an event that is no caption", number, line)
        else:
            self._report.unexplained("the line is not understood and is left out", number, line)

    def _dialogue(self, number: int, rest: str) -> None:
        refuse_too_many(len(self.drafts), self._source)
        parts = rest.split(",", len(self._fields) - 1)
        if self._fields[-1] != "text" and len(parts) == len(self._fields):
            self._report.doubt("the text is not the last field and may hold commas", number, rest)
        if len(parts) != len(self._fields):
            self._report.unexplained("the caption lacks fields and is left out", number, rest)
            return
        said = dict(zip(self._fields, parts, strict=True))
        start, end = _ms(said["start"]), _ms(said["end"])
        if start is None or end is None:
            self._report.unexplained(
                "the caption has no time that can be read and is left out", number, rest
            )
            return
        actor = said.get("name", said.get("actor", "")).strip()
        speaker = None if actor.casefold() in _NO_ACTOR else actor
        self.drafts.append(Draft(number, start, end, self._words(number, said["text"]), speaker))

    def _words(self, number: int, text: str) -> str:
        words, drawing, position = [], False, 0
        for tag in _OVERRIDE_RE.finditer(text):
            words.append((drawing, text[position : tag.start()]))
            position = tag.end()
            for scale in _DRAWING_RE.finditer(tag[1]):
                drawing = int(scale[1]) > 0
        words.append((drawing, text[position:]))
        drawn = "".join(part for drawing, part in words if drawing)
        if drawn.strip():
            self._report.note("a drawing, which is not speech", number, drawn)
        said = "".join(part for drawing, part in words if not drawing)
        return said.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")


def _ms(clock: str) -> Ms | None:
    match = _CLOCK_RE.fullmatch(clock)
    if match is None or int(match[3]) > 59 or int(match[4]) > 59:
        return None
    whole = (int(match[2]) * 60 + int(match[3])) * 60 + int(match[4])
    value = whole * 1000 + int((match[5] or "0")[:3].ljust(3, "0"))
    return -value if match[1] else value
