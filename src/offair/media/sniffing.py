"""What the first bytes of a file say it is, before FFmpeg's libraries see it."""

from __future__ import annotations

import os
from dataclasses import dataclass

_HEAD_BYTES = 1 << 16
_LISTS = (
    (b"#EXTM3U", "an HLS playlist"),
    (b"ffconcat version", "a list of files to join"),
    (b"[playlist]", "a playlist"),
    (b"[reference]", "a playlist"),
    (b"v=0\r\n", "a session description"),
    (b"v=0\n", "a session description"),
)
_BOXES = (b"ftyp", b"moov", b"mdat", b"styp", b"moof", b"free", b"skip", b"wide", b"sidx")
_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
)


@dataclass(frozen=True, slots=True)
class Head:
    """What the beginning of a file tells.

    container: the kind it begins like, in words, or None. refusal: why it must not be opened
    ("is …", to stand after the file's name), or None. cut_short: what to say of it when it
    cannot be opened because its end is missing, or None. fragmented: an MP4 whose index is spread
    over it, so that only reading it through tells what it holds.
    """

    container: str | None = None
    refusal: str | None = None
    cut_short: str | None = None
    fragmented: bool = False


def look_at(descriptor: int) -> Head:
    """Judge a file by its first 64 KiB. Does not move the descriptor."""
    head = os.pread(descriptor, _HEAD_BYTES, 0)
    size = os.fstat(descriptor).st_size
    if head[4:8] not in _BOXES:
        return judge(head)
    return judge(
        head,
        without_index=not _has_box(descriptor, size, b"moov"),
        fragmented=_has_box(descriptor, size, b"moof"),
    )


def judge(head: bytes, *, without_index: bool = False, fragmented: bool = False) -> Head:
    """As `look_at`, from bytes. without_index, fragmented: what is known of its MP4 boxes."""
    if not head.strip(b"\0"):
        return Head(refusal="holds nothing but zero bytes; its contents were lost: copy it again")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for mark, what in _LISTS:
        if start[: len(mark)].lower() == mark.lower():
            return Head(
                refusal=f"is {what}, which points at other files; the desk never follows it: "
                "give the media itself"
            )
    if b"<MPD" in start[:4096]:
        return Head(
            refusal="is a DASH manifest, which points at other files; the desk never follows it: "
            "give the media itself"
        )
    if head[4:8] in _BOXES:
        cut_short = (
            "has no index (its `moov` part is missing or cut off): the recorder was stopped or the "
            "copy broke off before the file was finished; fetch it again, or repair it with the "
            "recorder's own tool"
            if without_index
            else None
        )
        return Head(container="MP4 or MOV", cut_short=cut_short, fragmented=fragmented)
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return Head(container="WebM" if b"webm" in head[:256] else "Matroska")
    if head[:4] in (b"RIFF", b"RF64", b"BW64"):
        return Head(container="AVI" if head[8:12] == b"AVI " else "WAV")
    for mark, kind in ((b"OggS", "Ogg"), (b"fLaC", "FLAC"), (b"ID3", "MP3")):
        if head.startswith(mark):
            return Head(container=kind)
    for mark, kind in _PICTURES:
        if head.startswith(mark):
            return Head(refusal=f"is a {kind} picture, not a recording; give sound or video")
    if _is_text(head):
        return Head(
            refusal="holds text, not sound or video, whatever its name says; "
            "texts are taken in with `offair import`"
        )
    return Head()


def _is_text(head: bytes) -> bool:
    sample = head[:4096]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" in sample:
        return True
    control = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in sample)
    if control:
        return False
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(sample) - 4
    return True


def _has_box(descriptor: int, size: int, wanted: bytes) -> bool:
    """Whether a whole box of that kind stands at the top level of an MP4. Reads headers only."""
    position = 0
    for _ in range(100_000):
        header = os.pread(descriptor, 16, position)
        if len(header) < 8:
            return False
        length = int.from_bytes(header[:4], "big")
        if length == 1 and len(header) == 16:
            length = int.from_bytes(header[8:], "big")
        if header[4:8] == wanted:
            return position + length <= size
        if length < 8 or position + length >= size:
            return False
        position += length
    return False
