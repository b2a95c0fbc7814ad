"""FFmpeg's libraries and nothing else: probe, decode, cut, captions, proxies, fixity.

Media files are hostile. Nothing in this room parses one in the calling process: every function
here starts a child (`python -m offair.media.child`) with limits on memory, CPU time, silence and
protocols, and reads its answer from a pipe. The child dies with its parent.

To add an operation: a module beside this one with a function that runs in the child, an entry in
`child.OPERATIONS`, and a function here that calls it.

Media time zero is the earliest presentation timestamp of the best video stream and of the audio
streams on its clock, edit lists and encoder delay applied as FFmpeg applies them. Where the clock
of a file jumps, the jump is closed up (`timeline`).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from offair.media.calling import DEFAULT_LIMITS, Child, Limits, open_regular, shown
from offair.media.peaks import PER_SECOND, Peaks, check_rate, of_planes, read_peaks
from offair.media.wire import CAPTION_PAIR, CEA_608, LINE_21, PROGRESS, SOUND_HEADER, Kind
from offair.model.errors import BadInput, Corrupt, Unavailable
from offair.model.recording import MediaFacts, StreamFacts
from offair.model.time import Ms, Span
from offair.model.transcript import Cue

__all__ = [
    "CEA_608",
    "LINE_21",
    "CaptionPairs",
    "CutFile",
    "Limits",
    "Peaks",
    "ProxyFile",
    "SoundBlock",
    "captions",
    "closed_captions",
    "cut",
    "fixity",
    "peaks",
    "probe",
    "proxy",
    "read_peaks",
    "shown",
    "sound",
    "still",
    "subtitled",
]

Progress = Callable[[float], None]
"""Told the share done, 0…1, now and then."""

_READ_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class SoundBlock:
    """At most one second of sound. Blocks are contiguous; sample n of the file is at n / 16 ms.

    start_ms: media time of the first sample. samples: mono float32, little-endian, 16 000 Hz,
    −1…1. damaged: some of the sound here is missing or could not be decoded, and silence stands for
    it, or it ran back into what was heard before and was left out. one_channel: two audio channels
    cancel each other out here, and the louder one stands for both. levels: of two audio channels,
    left and right, RMS 0…1; zeros where there are not two.
    """

    start_ms: Ms
    samples: memoryview
    damaged: bool = False
    one_channel: bool = False
    levels: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class CaptionPairs:
    """The CEA-608 bytes of a stream, in time order, and what is beside them.

    pairs: (media time, field 1 or 2, first byte, second byte), parity bits as they came; of a run
    of empty pairs only the first. services: numbers of the native CEA-708 services seen, which
    nothing here reads.
    """

    pairs: tuple[tuple[Ms, int, int, int], ...]
    services: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CutFile:
    """One file made by a cut.

    role: `exact` (encoded anew, begins and ends within 40 ms) or `original` (copied, from the key
    frame before). clip_in, clip_out: where the span lies in this file, in its own media time.
    note: what the reader of the record should know, or None.
    """

    path: Path
    role: Literal["exact", "original"]
    media_type: str
    clip_in: Ms
    clip_out: Ms
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ProxyFile:
    """A copy that any browser plays, with the same media time zero. media_type: as HTTP has it."""

    path: Path
    media_type: str


def fixity(path: Path) -> tuple[str, int]:
    """SHA-256 of a file as 64 lower-case hex digits, and its size in bytes. Streams.

    Raises `BadInput` (not a regular file, empty, not readable), `Unavailable` (the disk fails).
    """
    digest, size = hashlib.sha256(), 0
    descriptor = open_regular(path)
    try:
        while data := os.read(descriptor, _READ_BYTES):
            digest.update(data)
            size += len(data)
    except OSError as error:
        raise Unavailable(
            f"{shown(path)} could not be read to its end ({error.strerror}); check the disk"
        ) from error
    finally:
        os.close(descriptor)
    return digest.hexdigest(), size


def probe(path: Path, limits: Limits = DEFAULT_LIMITS) -> MediaFacts:
    """What a media file is: container, streams, duration, whether a browser plays it.

    Raises `BadInput` (not media, a playlist, empty), `Corrupt` (damaged, hostile, over a limit).
    """
    facts = _result("probe", path, {}, limits)
    return MediaFacts(
        container=facts["container"],
        duration_ms=facts["duration_ms"],
        start_ms=facts["start_ms"],
        streams=tuple(_stream_facts(stream) for stream in facts["streams"]),
        browser_playable=facts["browser_playable"],
        notes=tuple(facts["notes"]),
    )


def _stream_facts(stream: dict[str, Any]) -> StreamFacts:
    rate = stream.pop("frame_rate")
    return StreamFacts(**stream, frame_rate=Fraction(*rate) if rate else None)


def sound(
    path: Path, *, stream: int | None = None, limits: Limits = DEFAULT_LIMITS
) -> Generator[SoundBlock, None, None]:
    """The sound of a file from media time 0, streamed; never held whole.

    stream: the container's index of an audio stream, None for the best. Silence stands where the
    stream has nothing. Closing the generator ends the child (use `contextlib.closing`); so does
    the end of the thread that took the first block. Errors come with the first block or later.

    Raises `BadInput` (no sound, no such stream, not media), `Corrupt`.
    """
    with Child("sound", path, {"stream": stream}, limits) as child:
        for kind, payload in child.messages():
            if kind is Kind.SOUND:
                start_ms, damaged, one, left, right = SOUND_HEADER.unpack_from(payload)
                samples = memoryview(payload)[SOUND_HEADER.size :]
                yield SoundBlock(start_ms, samples, damaged, one, (left, right))


def peaks(
    path: Path,
    *,
    streams: Sequence[int] = (),
    per_second: int = PER_SECOND,
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress | None = None,
) -> Peaks:
    """How loud a file is from media time 0 on: lowest and highest sample of every bucket.

    streams: the container's indexes of audio streams, drawn over each other; none for the best.
    per_second: buckets in a second of sound. The sound is read in pieces and never held whole.

    Raises `BadInput` (no sound, no such stream, a rate the sound's does not divide by, not media),
    `Corrupt`.
    """
    check_rate(per_second)
    request = {"streams": list(streams), "per_second": per_second}
    planes = bytearray()
    with Child("peaks", path, request, limits) as child:
        for kind, payload in child.messages():
            if kind is Kind.PEAKS:
                planes += payload
            elif kind is Kind.PROGRESS and progress is not None:
                progress(PROGRESS.unpack(payload)[0])
            elif kind is Kind.RESULT:
                return of_planes(bytes(planes), per_second)
    raise Corrupt(f"{shown(path)} gave no answer; it is damaged or hostile")


def captions(path: Path, stream: int, limits: Limits = DEFAULT_LIMITS) -> tuple[Cue, ...]:
    """The cues of an embedded text track, sorted by start, without markup, in media time.

    stream: the container's index of a `subtitle` stream: mov_text, subrip, webvtt, ass, text.
    Raises `BadInput` (no such stream, or one of pictures), `Corrupt`.
    """
    cues = _result("captions", path, {"stream": stream}, limits)
    return tuple(Cue(Span(start, end), text, speaker) for start, end, text, speaker in cues)


def closed_captions(
    path: Path,
    stream: int | None = None,
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress | None = None,
) -> CaptionPairs:
    """The CEA-608 bytes of a video stream or of a `c608` track. Reads the file, decodes nothing.

    stream: the container's index, None for the best video stream. Raises `BadInput` (a stream
    that cannot hold them, not media), `Corrupt`.
    """
    pairs: list[tuple[Ms, int, int, int]] = []
    with Child("closed_captions", path, {"stream": stream}, limits) as child:
        for kind, payload in child.messages():
            if kind is Kind.CAPTIONS:
                pairs.extend(CAPTION_PAIR.iter_unpack(payload))
            elif kind is Kind.PROGRESS and progress is not None:
                progress(PROGRESS.unpack(payload)[0])
            elif kind is Kind.RESULT:
                return CaptionPairs(tuple(pairs), tuple(json.loads(payload)["services"]))
    raise Corrupt(f"{shown(path)} gave no answer; it is damaged or hostile")


def cut(
    path: Path,
    spans: Sequence[Span],
    out_dir: Path,
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress | None = None,
) -> tuple[CutFile, ...]:
    """Cut spans of media time out of a file, into `out_dir`.

    `exact.*` (H.264 and AAC), first in the result, holds all spans one after the other;
    `original.*`, `original-2.*`, … are copies of the original streams, one for each span, where
    some container takes them, else the exact cut's note says why not. spans: in order. Nothing
    half-written stays. One cut at a time per folder; files of those names are replaced.

    Raises `BadInput` (span empty or outside the recording, not media), `Corrupt`, `Unavailable`.
    """
    if not spans or not all(span.length for span in spans):
        raise BadInput("a cut of no length was asked for; give an end after the start")
    copies = [out_dir / f".original-{number}.part" for number in range(1, len(spans) + 1)]
    parts = [out_dir / ".exact.part", *copies]
    request = {
        "spans": [[span.start, span.end] for span in spans],
        "parts": [str(part) for part in parts],
    }
    try:
        made = _result("cut", path, _absolute(request, out_dir), limits, progress)
        return tuple(_kept(one, out_dir) for one in made)
    finally:
        _remove(*parts)


def _absolute(request: dict[str, Any], folder: Path) -> dict[str, Any]:
    if not folder.is_dir():
        raise BadInput(f"there is no folder {shown(folder)} to write to; make it first")
    # The child works in another folder.
    return {
        **request,
        "parts": [str(folder.resolve() / Path(part).name) for part in request["parts"]],
    }


def _kept(made: dict[str, Any], out_dir: Path) -> CutFile:
    final = out_dir / f"{made['name']}{made['suffix']}"
    _replace(Path(made["part"]), final)
    return CutFile(
        path=final,
        role=made["role"],
        media_type=made["media_type"],
        clip_in=made["clip_in"],
        clip_out=made["clip_out"],
        note=made["note"],
    )


def proxy(
    path: Path, out: Path, limits: Limits = DEFAULT_LIMITS, progress: Progress | None = None
) -> ProxyFile:
    """Write a copy any browser plays to `out`: H.264 (at most 720 lines) and AAC in MP4.

    Sound only becomes AAC in M4A. Media time is the source's. `out` appears when it is whole.
    Raises `BadInput` (nothing to play, not media), `Corrupt`, `Unavailable` (disk).
    """
    part = out.with_name(f".{out.name}.part")
    try:
        made = _result(
            "proxy", path, _absolute({"parts": [str(part)]}, out.parent), limits, progress
        )
        _replace(part, out)
    finally:
        _remove(part)
    return ProxyFile(out, made["media_type"])


def still(path: Path, at: Ms, out: Path, limits: Limits = DEFAULT_LIMITS) -> Path:
    """Write the picture shown at a media time to `out`, as its suffix says (`.jpg`, `.png`).

    At most 1280 pixels wide. The last picture stands for times after it.
    Raises `BadInput` (no picture, other suffix, not media), `Corrupt`, `Unavailable` (disk).
    """
    kinds = {".jpg": "mjpeg", ".jpeg": "mjpeg", ".png": "png"}
    if out.suffix.lower() not in kinds:
        raise BadInput(f"a still is written as .jpg or .png, not {shown(out)}; choose one of them")
    part = out.with_name(f".{out.name}.part")
    request = {"at": at, "codec": kinds[out.suffix.lower()], "parts": [str(part)]}
    try:
        _result("still", path, _absolute(request, out.parent), limits)
        _replace(part, out)
    finally:
        _remove(part)
    return out


def subtitled(
    path: Path,
    cues: Sequence[Cue],
    out: Path,
    *,
    language: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> ProxyFile:
    """Write the pictures and sound of a file as they are to `out` (MP4), with a track of subtitles
    that a player can show or hide. `out` appears when it is whole.

    cues: in this file's media time; one that runs into the next ends there, one without text is
    left out. language: BCP 47. Raises `BadInput` (no cues; streams that MP4 does not take, as those
    of most `original` cuts), `Corrupt`, `Unavailable` (disk).
    """
    rows: list[tuple[Ms, Ms, str]] = []
    for cue in sorted(cues, key=lambda one: (one.span.start, one.span.end)):
        text = "\n".join(line.strip() for line in cue.text.splitlines() if line.strip())
        if not text:
            continue
        if rows and rows[-1][1] > cue.span.start:
            before = rows.pop()
            if before[0] < cue.span.start:
                rows.append((before[0], cue.span.start, before[2]))
            else:
                text = f"{before[2]}\n{text}"
        if cue.span.length:
            rows.append((cue.span.start, cue.span.end, text))
    if not rows:
        raise BadInput(f"there is no line to show under {shown(path)}; give cues that have text")
    part = out.with_name(f".{out.name}.part")
    tag = _ISO_639_2.get((language or "").split("-")[0].lower(), "und")
    request = {"cues": rows, "language": tag, "parts": [str(part)]}
    try:
        made = _result("subtitled", path, _absolute(request, out.parent), limits)
        _replace(part, out)
    finally:
        _remove(part)
    return ProxyFile(out, made["media_type"])


_ISO_639_2 = {
    "ar": "ara", "bn": "ben", "bg": "bul", "cs": "ces", "da": "dan", "de": "deu", "el": "ell",
    "en": "eng", "es": "spa", "et": "est", "fa": "fas", "fi": "fin", "fr": "fra", "ga": "gle",
    "he": "heb", "hi": "hin", "hr": "hrv", "hu": "hun", "id": "ind", "it": "ita", "ja": "jpn",
    "ko": "kor", "ku": "kur", "lt": "lit", "lv": "lav", "nb": "nob", "nl": "nld", "no": "nor",
    "pl": "pol", "ps": "pus", "pt": "por", "ro": "ron", "ru": "rus", "sk": "slk", "sl": "slv",
    "sr": "srp", "sv": "swe", "sw": "swa", "th": "tha", "tr": "tur", "uk": "ukr", "ur": "urd",
    "vi": "vie", "zh": "zho",
}  # fmt: skip
"""MP4 names the language of a track by three letters (ISO 639-2/T)."""


def _result(
    operation: str,
    path: Path,
    request: dict[str, Any],
    limits: Limits,
    progress: Progress | None = None,
) -> Any:
    with Child(operation, path, request, limits) as child:
        for kind, payload in child.messages():
            if kind is Kind.PROGRESS and progress is not None:
                progress(PROGRESS.unpack(payload)[0])
            elif kind is Kind.RESULT:
                if progress is not None:
                    progress(1.0)
                return json.loads(payload)
    raise Corrupt(f"{shown(path)} gave no answer; it is damaged or hostile")


def _replace(part: Path, final: Path) -> None:
    try:
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(final)
    except OSError as error:
        raise Unavailable(
            f"{shown(final)} could not be written ({error.strerror}); check the disk and the rights"
        ) from error


def _remove(*parts: Path) -> None:
    for part in parts:
        part.unlink(missing_ok=True)
