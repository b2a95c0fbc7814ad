"""kill -9 and pauses over several recordings at once: doubted chunks, voices, spans heard again."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from installation import SAMPLES, Installation

from offair.model.job import JobState

KILLS = 6
RECORDINGS = (1, 2)
AGAIN = ("rehear", 1, "--from", "20", "--to", "40", "--take")
State = list[list[tuple[object, ...]]]
POINTS = """[offair.engines.speech]
rig = listening_rig:Rig
[offair.engines.speakers]
rig = listening_rig:Voices
"""


def _rig(made: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Engines whose every answer follows from the sound, published as another package's."""
    plug = made.config.parent / "plug"
    (plug / "rig-1.dist-info").mkdir(parents=True)
    (plug / "rig-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: rig\n")
    (plug / "rig-1.dist-info" / "entry_points.txt").write_text(POINTS)
    (plug / "listening_rig.py").write_bytes(
        (Path(__file__).parents[1] / "listening_rig.py").read_bytes()
    )
    path = os.pathsep.join([str(plug), *(one for one in sys.path if one)])
    monkeypatch.setenv("PYTHONPATH", path)
    monkeypatch.syspath_prepend(str(plug))
    text = made.config.read_text("utf-8")
    made.config.write_text(
        f'{text}engine = "rig"\nlanguages = "none"\nat_once = 2\n[speakers]\nengine = "rig"\n'
    )


def _sound(path: Path, loudness: float) -> Path:
    """The interview's sound at another loudness, so that it is another sound."""
    with av.open(str(SAMPLES / "harbour-interview.mp4")) as container:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=16_000)
        parts = [
            part.to_ndarray()[0]
            for frame in container.decode(audio=0)
            for part in resampler.resample(frame)
        ]
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes((np.concatenate(parts) * loudness).astype("<i2").tobytes())
    return path


def _add(made: Installation, folder: Path) -> None:
    for number in RECORDINGS:
        path = folder / f"{number}.wav"
        if not path.exists():
            _sound(path, 0.5 + number / 10)
        made.run("add", path, "--channel", f"Harbour {number}", "--language", "en")


def _state(made: Installation) -> State:
    """All that was made of each recording, and that nothing is left over."""
    with made.desk() as desk, desk.catalogue.snapshot() as tx:
        assert {job.state for job in tx.jobs()} == {JobState.DONE}
        assert all(tx.object_referred(one) for one in desk.vault.objects())
        assert list(desk.vault.unkept()) == []
        return [
            [
                (
                    layer.run, layer.note, layer.maker,
                    [(one.text, one.label, [tuple(w) for w in one.words])
                     for one in tx.turns(layer.id)],
                    [(one.kind, one.span, one.reason) for one in tx.flags(layer.id)],
                    list(tx.chunks(number, layer.run)),
                )
                for layer in tx.layers(number)
            ]
            for number in RECORDINGS
        ]  # fmt: skip


def _killed(made: Installation, words: tuple[object, ...], after_s: float) -> bool:
    """Start a command and kill it after some time; False where it had ended by then."""
    process = subprocess.Popen(
        made.command(*(str(one) for one in words)), env=made.environment(),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=after_s)
    ended = process.poll() is not None
    process.kill()
    process.wait()
    return not ended


@pytest.mark.timeout(900)
def test_what_is_heard_does_not_depend_on_kills_and_pauses(
    installations: Callable[[str], Installation],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, made = installations("whole"), installations("killed")
    for one in (whole, made):
        _rig(one, monkeypatch)
        _add(one, tmp_path)
    whole.run("work")
    whole.run(*AGAIN)
    expected = _state(whole)
    assert [len(one) for one in expected] == [2, 1]
    assert any(chunk.second_key for chunk in expected[0][0][-1]), "none was doubted"

    chance = random.Random(8914)
    for kill in range(KILLS):
        _killed(made, ("work",), chance.uniform(2.0, 8.0))
        moved = made.run("jobs", "pause", "--recording", 1 + kill % 2, code=None)
        _killed(made, ("work",), chance.uniform(2.0, 5.0))
        if moved.returncode == 0:
            made.run("jobs", "resume", "--recording", 1 + kill % 2)
    made.run("work")
    # One that comes to its end in time is not asked a second time: it would hear its own words.
    for _ in range(3):
        if not _killed(made, AGAIN, chance.uniform(0.5, 3.0)):
            break
    else:
        made.run(*AGAIN)
    assert _state(made) == expected
