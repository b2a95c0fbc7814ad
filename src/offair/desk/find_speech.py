"""Find half a minute of sound to measure a recogniser with: speech that this desk holds."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from offair import media
from offair.desk import Desk
from offair.desk.hearing import SAMPLES_PER_MS
from offair.model.errors import OffairError
from offair.model.recording import Held
from offair.model.time import Ms
from offair.model.transcript import LayerKind, LayerOrigin
from offair.store import Transaction

LENGTH_MS: Ms = 28_000
_LATEST = 20
"""Recordings looked through, newest first."""


@dataclass(frozen=True, slots=True)
class FoundSpeech:
    """samples: mono float32, 16 000 Hz, 28 s. sentence: where they come from."""

    samples: NDArray[np.float32]
    sentence: str


def find_speech(desk: Desk) -> FoundSpeech:
    """The beginning of the first chunk with words of the newest recording that has one; where the
    desk has none, a sound that only resembles speech, which the sentence says."""
    with desk.catalogue.snapshot() as tx:
        places = [
            (one, chunk.span.start)
            for one in tx.recordings(limit=_LATEST)
            if one.held is Held.HELD and one.object is not None and one.quarantine is None
            for run in _newest_run(tx, one.id)
            for chunk in tx.chunks(one.id, run)
            if chunk.claim_key is not None and chunk.span.length >= LENGTH_MS // 2
        ]
    for recording, start in places:
        if recording.object is None:
            continue
        wanted = LENGTH_MS * SAMPLES_PER_MS
        begin, heard = start * SAMPLES_PER_MS, np.zeros(0, np.float32)
        try:
            with closing(media.sound(desk.vault.path(recording.object.sha256),
                                     limits=desk.limits)) as blocks:  # fmt: skip
                for block in blocks:
                    samples = np.frombuffer(block.samples, dtype="<f4")
                    first = max(0, begin - block.start_ms * SAMPLES_PER_MS)
                    heard = np.concatenate([heard, samples[first:]])
                    if len(heard) >= wanted:
                        break
        except OffairError:
            continue
        if len(heard) >= wanted // 2:
            return FoundSpeech(heard[:wanted], f"with speech of recording {recording.id}")
    return FoundSpeech(_like_speech(), "with a sound like speech, as the desk holds none yet; "
                       "measure again when something was heard")  # fmt: skip


def _newest_run(tx: Transaction, recording_id: int) -> list[int]:
    machine = [
        one.run
        for one in tx.layers(recording_id)
        if (one.kind, one.origin) == (LayerKind.SPEECH, LayerOrigin.ENGINE)
    ]
    return [max(machine)] if machine else []


def _like_speech() -> NDArray[np.float32]:
    """A buzz with formants that come and go four times a second."""
    time = np.arange(LENGTH_MS * SAMPLES_PER_MS) / (SAMPLES_PER_MS * 1000)
    buzz = np.sign(np.sin(2 * np.pi * 120 * time))
    tone = np.sin(2 * np.pi * (500 + 400 * np.sin(2 * np.pi * 1.7 * time)) * time)
    syllables = np.clip(np.sin(2 * np.pi * 4 * time), 0, None)
    sound: NDArray[np.float32] = (0.1 * buzz * tone * syllables).astype(np.float32)
    return sound
