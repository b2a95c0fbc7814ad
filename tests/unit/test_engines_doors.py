"""The doors of the engine rooms: light, with keys that say everything that was heard."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from offair.engines import activity, languages, speakers, speech, translation
from offair.model.transcript import Engine

ENGINE = Engine("an engine", "a model", "r1", {"beam": 5})


def test_doors_load_no_model_library() -> None:
    code = (
        "import sys; from offair.engines import activity, languages, speakers, speech, translation;"
        "print(','.join(sorted({m.split('.')[0] for m in sys.modules})))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    loaded = set(answer.strip().split(","))
    assert "offair" in loaded
    assert not loaded & {"onnxruntime", "faster_whisper", "ctranslate2", "numpy", "av"}


def test_every_name_is_a_module_and_a_class() -> None:
    for room in (activity, languages, speakers, speech, translation):
        for name, place in room.ENGINES.items():
            module, _, class_name = place.partition(":")
            assert name
            assert module.startswith("offair.engines.")
            assert class_name.isidentifier()


def test_the_same_sound_heard_the_same_way_is_the_same_claim() -> None:
    again = replace(ENGINE, settings={"beam": 5})
    first = speech.claim_key(ENGINE, b"\0\0\0\0", "en", None)
    assert first == speech.claim_key(again, b"\0\0\0\0", "en", None)
    assert len(first) == 64
    assert set(first) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("engine", "sound", "language", "prompt"),
    [
        (replace(ENGINE, name="another"), b"\0\0\0\0", "en", None),
        (replace(ENGINE, model="another"), b"\0\0\0\0", "en", None),
        (replace(ENGINE, revision="r2"), b"\0\0\0\0", "en", None),
        (replace(ENGINE, settings={"beam": 4}), b"\0\0\0\0", "en", None),
        (ENGINE, b"\0\0\0\1", "en", None),
        (ENGINE, b"\0\0\0\0", None, None),
        (ENGINE, b"\0\0\0\0", "None", None),
        (ENGINE, b"\0\0\0\0", "en", ""),
        (ENGINE, b"\0\0\0\0", "en", "Names"),
    ],
)
def test_whatever_changes_makes_another_claim(
    engine: Engine, sound: bytes, language: str | None, prompt: str | None
) -> None:
    first = speech.claim_key(ENGINE, b"\0\0\0\0", "en", None)
    assert speech.claim_key(engine, sound, language, prompt) != first
