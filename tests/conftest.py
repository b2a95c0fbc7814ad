"""What the tests share: a desk in a temporary folder, the command line, samples, material."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import settings
from installation import SAMPLES, SHARED, Installation, install

# A suite started in the background inherits an ignored interrupt, and its children would too.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Two processes on two cores: how long one example took says nothing about the code.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


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


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """A desk of this test's own, empty."""
    return install(tmp_path)


@pytest.fixture
def installations(tmp_path: Path) -> Callable[[str], Installation]:
    """Makes further desks, by name."""

    def make(name: str) -> Installation:
        folder = tmp_path / name
        folder.mkdir()
        return install(folder)

    return make


@pytest.fixture(scope="session")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A desk that has heard the sample interview as recording 1; tests only add to it."""
    made = install(tmp_path_factory.mktemp("heard"))
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
