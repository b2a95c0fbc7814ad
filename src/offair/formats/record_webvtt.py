"""A record as WebVTT captions, each with the voice that speaks.

After W3C, "WebVTT: The Web Video Text Tracks Format" (Candidate Recommendation, 2019), sections
4.1 (file structure) and 4.2.2 (cue text). Reading is done by `timed_text`.
"""

from __future__ import annotations

from collections.abc import Sequence

from offair.formats.record_citation import citation, notice
from offair.formats.record_cues import in_clip_time
from offair.model.record import Layout, Record
from offair.model.time import Ms
from offair.model.transcript import Cue


def write(
    record: Record,
    layout: Layout | None = None,  # noqa: ARG001 - writers are called alike; captions have none
    *,
    cues: Sequence[Cue] | None = None,
    offset_ms: Ms = 0,
    address: str | None = None,
) -> str:
    """The record as a WebVTT file; time 0 is the start of the clip.

    cues: timed lines made from word times, in media time of the recording; without them each
    paragraph is one cue, because a division of its span would be invented. offset_ms: as
    `record_cues.in_clip_time`. The notice and the citation stand in a NOTE before the first cue.
    Raises `BadInput` where the record has no times.
    """
    shown = in_clip_time(record, cues, offset_ms=offset_ms)
    note = [notice(record), citation(record, address=address), f"Language: {record.language}"]
    blocks = ["WEBVTT", "NOTE\n" + "\n".join(_comment(line) for line in note if line)]
    blocks += [
        f"{_timestamp(cue.span.start)} --> {_timestamp(cue.span.end)}\n{_voice(cue)}"
        for cue in shown
    ]
    return "\n\n".join(blocks) + "\n"


def _voice(cue: Cue) -> str:
    name = " ".join((cue.speaker or "").split())
    return f"<v {_escape(name)}>{_escape(cue.text)}" if name else _escape(cue.text)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _comment(line: str) -> str:
    # A comment has no escapes, and an arrow in it would start a cue.
    return " ".join(line.replace("\0", "").split()).replace("-->", "→")


def _timestamp(ms: Ms) -> str:
    seconds, thousandths = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"
