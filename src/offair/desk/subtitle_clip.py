"""A clip's media with its words as subtitles that a player can show or hide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from offair import media
from offair.desk import Desk
from offair.desk.attributed import spoken_by
from offair.desk.clip_ground import ClipText, clip_text
from offair.desk.clip_states import refuse_ended
from offair.desk.publication_stops import instant
from offair.desk.record_draft import draft_record
from offair.desk.scratch import scratch_folder
from offair.media import ProxyFile
from offair.model.clip_work import ClipWork
from offair.model.errors import BadInput, Refused
from offair.model.time import Span
from offair.model.transcript import Cue
from offair.text.captions import cue_lines


def subtitle_clip(
    desk: Desk,
    clip_id: int,
    out: Path,
    *,
    actor: str,
    now_utc: str,
    progress: Callable[[float], None] | None = None,
) -> ProxyFile:
    """Write the exact cut of a clip to `out` (MP4), with the words as they stand now as a track.

    What the record would say of itself (MACHINE TRANSCRIPT, NOT CHECKED) is the first line. A line
    names the speaker where another one begins; who is withheld is named nowhere. now_utc: ISO 8601
    with `Z`. Raises `NotFound`, `BadInput` (no text, no media, words without times), `Refused`
    (hold, not before, withdrawn, quarantine), media errors of the cut.
    """
    with desk.catalogue.snapshot() as tx:
        text, work = clip_text(tx, clip_id), tx.clip_work(clip_id)
        caution = draft_record(
            tx, text.clip, text.recording, actor=actor, desk_name=desk.name, now_utc=now_utc
        ).caution
    _refuse(work, now_utc)
    recording = text.recording
    if recording.object is None or recording.media is None:
        raise BadInput(f"recording {recording.id} has no media to put subtitles on")
    if recording.quarantine is not None:
        raise Refused(f"the media of recording {recording.id} is in quarantine")
    lines = subtitles(text)
    if caution is not None and lines:
        lines[0] = replace(lines[0], text=f"[{caution}]\n{lines[0].text}")
    source = desk.vault.path(recording.object.sha256)
    with scratch_folder(desk, "subtitles") as folder:
        exact = media.cut(source, text.clip.spans, folder, desk.limits, progress)[0]
        return media.subtitled(
            exact.path, lines, out, language=text.layer.language, limits=desk.limits
        )


def _refuse(work: ClipWork, now_utc: str) -> None:
    refuse_ended(work)
    if work.hold is not None:
        raise Refused(f"clip {work.clip_id} is held by {work.hold_by}: {work.hold}")
    if work.not_before is not None and instant(now_utc) < instant(work.not_before):
        raise Refused(f"clip {work.clip_id} must not leave the desk before {work.not_before}")


def subtitles(text: ClipText) -> list[Cue]:
    """The lines of a clip in its own time, which begins with its first span; each names its speaker
    where another one begins. Raises `BadInput` where a turn has no time."""
    lines: list[Cue] = []
    begun, speaker = 0, None
    for group, span in zip(text.groups, text.clip.spans, strict=True):
        for turn in group:
            shown = spoken_by(turn, text.attributions.get(turn.id), text.layer)
            name = shown.label if shown.named else None
            for cue in cue_lines([turn], language=text.layer.language):
                start = max(cue.span.start, span.start) - span.start + begun
                end = min(cue.span.end, span.end) - span.start + begun
                said = f"{name}: {cue.text}" if name and name != speaker else cue.text
                speaker = name
                lines.append(Cue(Span(start, max(start, end)), said))
        begun += span.length
    return lines
