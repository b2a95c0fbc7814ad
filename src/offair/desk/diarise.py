"""Tell the voices of a recording apart anew: the same words, a new run, new turns."""

from __future__ import annotations

from collections.abc import Callable

from offair.desk import Desk
from offair.desk.evidence import held_object
from offair.desk.hearing import Progress
from offair.desk.run_layer import (
    Assembled,
    carried_flags,
    carried_notes,
    freeze,
    machine_speech,
    run_layer,
)
from offair.desk.voices import diarisation_key, tell_apart
from offair.model.errors import BadInput
from offair.model.transcript import Layer, LayerKind, VoiceSpan
from offair.store import Transaction


def diarise(
    desk: Desk,
    recording_id: int,
    *,
    actor: str,
    layer_id: int | None = None,
    speakers: int | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
    check: Callable[[], None] = lambda: None,
    finish: Callable[[Transaction], None] = lambda _: None,
) -> Layer:
    """Attribute the words of a machine's speech layer anew, by the voices of the desk's diariser
    (or by the captions, where `speakers.engine` is `captions`), as a layer of a new run.

    layer_id: the layer whose words are taken; by default the newest. speakers: how many there are,
    where somebody knows. The layer of before stays, with whatever people confirmed in it.
    Where that layer's voices were told apart in just this way already, it is the answer.
    Raises `NotFound` (no such layer, nothing heard yet), and as `voices.tell_apart`.
    """
    if speakers is not None and speakers < 1:
        raise BadInput(f"{speakers} speakers cannot be told apart; give 1 or more, or none")
    with desk.catalogue.snapshot() as tx:
        recording = tx.recording(recording_id)
        base = machine_speech(tx, recording_id, layer_id)
        before = tx.run_settings(recording_id, base.run)
    settings = dict(before)
    by_captions = desk.listening.diariser is None and desk.listening.speakers == "captions"
    voices: tuple[VoiceSpan, ...] = ()
    settings["speakers"] = desk.listening.speakers
    settings.pop("speakers.key", None)
    settings.pop("speakers.count", None)
    if not by_captions:
        source = held_object(recording)
        total = recording.media.duration_ms if recording.media else 0
        progress(Progress(recording_id, 0, total, 0, 0, 0, "telling voices apart"))
        told = tell_apart(desk, source, speakers=speakers, check=check)
        voices = told.voices
        settings["speakers.key"] = diarisation_key(source, told.engine, speakers)
        settings["speakers.count"] = speakers
    with desk.catalogue.transaction() as tx:
        # The captions may have changed since; then it is another run.
        settings["captions_known"] = sum(
            one.kind is LayerKind.CAPTIONS for one in tx.layers(recording_id)
        )
        if "words_of_run" in before and settings == before:
            finish(tx)
            return base
        settings["words_of_run"] = base.run
        run = tx.open_run(recording_id, settings)
        finished = run_layer(tx.layers(recording_id), run)
        if finished is None:
            chunks = tuple(tx.chunks(recording_id, base.run))
            made_of = Assembled(
                chunks,
                carried_flags(tx, base),
                voices,
                by_captions,
                carried_notes(base, voices_anew=True),
            )
            finished = freeze(tx, recording, run, base.maker, made_of)
            # The layer is signed by the engine that made it; the log says who asked for it.
            tx.note_act(actor, "diarise", "layer", finished.id, recording=recording_id)
        finish(tx)
    return finished
