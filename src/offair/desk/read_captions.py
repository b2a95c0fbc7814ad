"""Read the closed captions inside the pictures of a recording: a layer for each channel."""

from __future__ import annotations

from collections.abc import Callable

from offair import media
from offair.desk import Desk
from offair.desk.evidence import (
    CLOSED_CAPTIONS,
    closed_caption_streams,
    held_object,
    language_tag,
    only_caption_language,
    store_captions,
)
from offair.desk.run_layer import doubt_by_captions
from offair.formats import line_21
from offair.model.errors import BadInput
from offair.model.recording import Recording
from offair.model.transcript import LayerOrigin
from offair.store import Transaction


def read_captions(
    desk: Desk,
    recording_id: int,
    *,
    actor: str,
    progress: Callable[[float], None] | None = None,
    check: Callable[[], None] = lambda: None,
    finish: Callable[[Transaction], None] = lambda _: None,
) -> int:
    """Read CEA-608 in the video and in `c608` tracks; how many layers are new.

    Each channel that shows something (CC1 to CC4) becomes a layer of captions by the broadcaster.
    Run again it finds what is there and writes nothing. Text services, native CEA-708 services and
    bytes that came damaged are said in the layer's note. `check` is called between streams and
    may raise to stop; `finish` is called in the transaction that stores the layers. Raises media
    errors (`Corrupt`: quarantine), `NotFound` (no media here), `BadInput` (no video).
    """
    del actor  # the layers are the broadcaster's
    with desk.catalogue.snapshot() as tx:
        recording = tx.recording(recording_id)
    source = held_object(recording)
    if recording.media is None or not recording.media.of_kind("video"):
        raise BadInput(f"recording {recording_id} has no video; there are no captions in it")
    found = []
    for stream in closed_caption_streams(recording.media):
        check()
        read = media.closed_captions(desk.vault.path(source.sha256), stream, desk.limits, progress)
        found.append((stream, read, line_21.decode(read.pairs, recording.media.duration_ms)))
    stored = 0
    with desk.catalogue.transaction() as tx:
        for stream, read, decoded in found:
            for track in decoded.tracks:
                where = "" if stream is None else f", track {stream}"
                stored += store_captions(
                    tx, recording, f"{CLOSED_CAPTIONS} {track.name}{where}",
                    _language(recording, stream, track.name), track.cues, LayerOrigin.BROADCASTER,
                    note=_beside(track, decoded, read.services),
                )  # fmt: skip
        if stored:
            # Heard already: what the captions say otherwise is still to be looked at.
            doubt_by_captions(tx, recording)
        finish(tx)
    return stored


def _language(recording: Recording, stream: int | None, channel: str) -> str:
    """What the container says; the first channel is the programme's own language, others are not
    said to be."""
    streams = recording.media.streams if recording.media else ()
    said = next((one.language for one in streams if one.index == stream), None)
    tag = language_tag(said)
    if tag != "und" or channel != "CC1":
        return tag
    return only_caption_language(recording.channel)


def _beside(
    track: line_21.Track, decoded: line_21.Decoded, services: tuple[int, ...]
) -> str | None:
    """What an editor should know besides the cues, or None."""
    notes = []
    if track.lost:
        notes.append(f"text before the first command is not among the captions: {track.lost!r}")
    if decoded.damaged:
        notes.append(f"{decoded.damaged} byte pairs came damaged")
    if decoded.text_services:
        notes.append(f"text services {', '.join(decoded.text_services)} are present and not read")
    if services:
        numbers = ", ".join(map(str, services))
        notes.append(f"native CEA-708 services {numbers} are present and not read")
    return "; ".join(notes) or None
