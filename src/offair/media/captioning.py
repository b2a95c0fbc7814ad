"""The operation `captions`: the cues of an embedded text track, without markup."""

from __future__ import annotations

import html
import re
from typing import Any

from offair.media.child import Job
from offair.media.opening import Source, microseconds
from offair.model.errors import BadInput

READABLE = ("mov_text", "subrip", "srt", "webvtt", "ass", "ssa", "text")
"""FFmpeg's names of the text tracks that can be read."""

_TAG_RE = re.compile(r"<[^<>]*>")
_VOICE_RE = re.compile(r"<v(?:\.[^\s<>]*+)?\s++([^<>]++)>")
_ASS_RE = re.compile(r"\{[^{}]*\}")
_ASS_FIELDS = 8
_LAST_CUE_MS = 5000
"""How long a last cue without an end stands."""


def run(job: Job) -> list[tuple[int, int, str, str | None]]:
    """(start, end, text, speaker) of every cue, by start, in media time."""
    source = Source(job)
    index = job.request["stream"]
    streams = {stream.index: stream for stream in source.container.streams}
    stream = streams.get(index)
    codec = None
    if stream is not None and stream.type == "subtitle" and stream.codec_context is not None:
        codec = stream.codec_context.codec.canonical_name
    if stream is None or codec is None:
        raise BadInput(f"{job.name} has no caption track with the number {index}; see its streams")
    if codec not in READABLE:
        raise BadInput(
            f"the captions in stream {index} of {job.name} are {codec}, which the desk cannot "
            f"read; it reads {', '.join(READABLE)}"
        )
    found: list[tuple[int, int | None, str, str | None]] = []
    for packet in source.packets([stream]):
        if packet.pts is None:
            continue
        start = microseconds(packet.pts, stream) // 1000
        end = start + microseconds(packet.duration, stream) // 1000 if packet.duration else None
        text, speaker = read_cue(codec, bytes(packet))
        found.append((start, end, text, speaker))
    found.sort(key=lambda cue: cue[0])
    return closed(found)


def closed(cues: list[tuple[int, int | None, str, str | None]]) -> list[Any]:
    """Cues with text, each with an end: its own, or where the next one starts.

    An empty cue ends the one before and is no cue. Media time does not go below 0.
    """
    result = []
    for number, (start, end, text, speaker) in enumerate(cues):
        if end is None:
            end = cues[number + 1][0] if number + 1 < len(cues) else start + _LAST_CUE_MS
        if text and end > 0:
            result.append((max(0, start), max(end, start, 0), text, speaker))
    return result


def read_cue(codec: str, data: bytes) -> tuple[str, str | None]:
    """The text of one cue without markup, lines joined by line feeds, and its speaker if named.

    codec: as in `READABLE`. Bytes that are not UTF-8 become U+FFFD. Never raises.
    """
    if codec == "mov_text":
        length = int.from_bytes(data[:2], "big")
        body = data[2 : 2 + length]
        coding = "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
        return _lines(body.decode(coding, "replace")), None
    text = data.decode("utf-8", "replace").replace("\0", "")
    if codec in ("ass", "ssa"):
        fields = text.split(",", _ASS_FIELDS)
        speaker = fields[3].strip() if len(fields) > _ASS_FIELDS else ""
        text = _ASS_RE.sub("", fields[-1])
        text = text.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")
        return _lines(text), speaker or None
    if codec == "webvtt":
        voice = _VOICE_RE.search(text)
        named = html.unescape(voice.group(1)).strip() if voice else None
        return _lines(html.unescape(_TAG_RE.sub("", text))), named or None
    if codec in ("subrip", "srt"):
        return _lines(_ASS_RE.sub("", _TAG_RE.sub("", text))), None
    return _lines(text), None


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
