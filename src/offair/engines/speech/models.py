"""Where recognisers find Whisper's models: where the language engine finds them too."""

from __future__ import annotations

from offair.engines.whisper_models import PACKAGED, FoundModel, PackagedModel, find_model

__all__ = ["PACKAGED", "FoundModel", "PackagedModel", "find_model"]
