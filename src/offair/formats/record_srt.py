"""A record as SubRip captions (SRT).

SRT has neither comments nor escapes nor speakers. So the notice that nobody checked the record is
the first line of the first caption (a caption of its own would need a time that nobody spoke at),
the speaker is printed as `Name: ` where it changes, and only characters that a player or a reader
would take for markup are written as HTML references, which players resolve. Reading is done by
`timed_text`, which undoes all three.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from offair.formats.record_citation import notice
from offair.formats.record_cues import in_clip_time
from offair.model.record import Layout, Record
from offair.model.time import Ms
from offair.model.transcript import Cue

_MARKUP_RE = re.compile(r"<(?=[a-z/!])|&(?=(?:amp|lt|gt|nbsp|quot|#123);)|(?<=--)>|\{(?=\\)", re.I)
_REFERENCES = {"<": "&lt;", "&": "&amp;", ">": "&gt;", "{": "&#123;"}


def write(
    record: Record,
    layout: Layout | None = None,  # noqa: ARG001 - writers are called alike; captions have none
    *,
    cues: Sequence[Cue] | None = None,
    offset_ms: Ms = 0,
) -> str:
    """The record as an SRT file; time 0 is the start of the clip.

    cues, offset_ms and errors as `record_webvtt.write`.
    """
    blocks: list[str] = []
    speaker: str | None = None
    for number, cue in enumerate(in_clip_time(record, cues, offset_ms=offset_ms), start=1):
        name = " ".join((cue.speaker or "").split())
        text = f"{name}: {cue.text}" if name and name != speaker else cue.text
        speaker = name
        lines = _MARKUP_RE.sub(lambda found: _REFERENCES[found.group()], text)
        said = notice(record) if number == 1 else None
        blocks.append(
            f"{number}\n{_timestamp(cue.span.start)} --> {_timestamp(cue.span.end)}\n"
            + (f"[{said}]\n" if said else "")
            + f"{lines}\n"
        )
    return "\n".join(blocks)


def _timestamp(ms: Ms) -> str:
    seconds, thousandths = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{thousandths:03}"
