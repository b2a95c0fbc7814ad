"""What the tests share: a desk in a temporary folder, the command line, samples, material."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from offair import config, wiring
from offair.desk import Desk

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "samples"
SHARED = ROOT.parent / "shared"


@pytest.fixture
def samples() -> Path:
    """The folder of the samples that the project ships."""
    return SAMPLES


@pytest.fixture
def shared() -> Path:
    """The folder of shared material beside the checkout; without it the test is skipped."""
    if not SHARED.is_dir():
        pytest.skip("no shared material beside this checkout (../shared)")
    return SHARED


@dataclass(frozen=True)
class Installation:
    """One desk with its own data folder, and the command line on it."""

    data: Path
    config: Path

    def environment(self) -> dict[str, str]:
        """The variables a command runs with: this desk's settings, no network."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("OFFAIR_")}
        return kept | {"OFFAIR_CONFIG": str(self.config), "HF_HUB_OFFLINE": "1"}

    def command(self, *words: str | Path) -> list[str]:
        """The words to start a command with."""
        return [sys.executable, "-m", "offair.cli", *(str(word) for word in words)]

    def run(
        self, *words: str | Path, code: int | None = 0, extra: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run `offair WORDS` to its end; `code` is the exit code it must have, None for any."""
        done = subprocess.run(
            self.command(*words), env=self.environment() | dict(extra or {}), text=True,
            capture_output=True, check=False, timeout=280,
        )  # fmt: skip
        if code is not None:
            assert done.returncode == code, f"{done.stdout}\n{done.stderr}"
        return done

    def facts(self, *words: str | Path, code: int = 0) -> list[dict[str, Any]]:
        """Run a command with `--json` and read its lines."""
        out = self.run(*words, "--json", code=code).stdout
        return [json.loads(line) for line in out.splitlines()]

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """The desk itself."""
        with wiring.open_desk(config.load(self.config), notice=lambda _: None) as desk:
            yield desk


def _install(folder: Path, model: str = "tiny.en") -> Installation:
    data = folder / "data"
    file = folder / "offair.toml"
    file.write_text(
        f'name = "Test desk"\nseries = "test"\ndata = "{data}"\n\n'
        f'[listening]\nmodel = "{model}"\nprocesses = 2\n',
        encoding="utf-8",
    )
    return Installation(data, file)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """A desk of this test's own, empty."""
    return _install(tmp_path)


@pytest.fixture
def installations(tmp_path: Path) -> Callable[[str], Installation]:
    """Makes further desks, by name."""

    def make(name: str) -> Installation:
        folder = tmp_path / name
        folder.mkdir()
        return _install(folder)

    return make


@pytest.fixture(scope="session")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A desk that has heard the sample interview as recording 1; tests only add to it."""
    made = _install(tmp_path_factory.mktemp("heard"))
    made.run(
        "add", SAMPLES / "harbour-interview.mp4", "--channel", "Harbour One", "--country",
        "Ireland", "--language", "en", "--aired", "2026-05-14", "--now",
    )  # fmt: skip
    return made


@pytest.fixture(scope="session")
def silent_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of picture without sound."""
    path = tmp_path_factory.mktemp("silent") / "silent.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for index in range(20):
            picture = np.full((48, 64, 3), index * 10, dtype=np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path
