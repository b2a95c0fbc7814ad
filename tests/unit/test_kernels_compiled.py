"""Where compiled loops are kept, and that the search can be compiled before anybody asks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from offair.kernels import compiled as made
from offair.kernels.compiled import compiled, is_compiled
from offair.search.warming import is_warm, warm


def double(number: int) -> int:
    """What is compiled here."""
    return 2 * number


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Only the folder for temporary files can be written: neither the package's nor the user's."""

    def refused(_: object) -> None:
        raise RuntimeError("no locator available")

    there = made._kept

    def kept(function: object) -> object:
        import numba

        return there(function) if numba.config.CACHE_DIR else refused(function)  # type: ignore

    made._own_folder.cache_clear()
    monkeypatch.setattr(made, "_kept", kept)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("numba.config.CACHE_DIR", "")
    return tmp_path


def test_compiled_code_is_kept_in_a_folder_of_ones_own(nowhere: Path) -> None:
    loop = compiled(double)
    assert not is_compiled(loop)
    assert loop(21) == 42
    assert is_compiled(compiled(double))  # found on disk, by one that was never called
    (folder,) = nowhere.iterdir()
    assert folder.stat().st_mode & 0o077 == 0
    made._own_folder.cache_clear()


@pytest.mark.parametrize("mode", [0o777, 0o770])
def test_a_folder_that_others_can_write_is_not_used(nowhere: Path, mode: int) -> None:
    folder = nowhere / f"compiled-loops-{os.getuid()}"
    folder.mkdir()
    folder.chmod(mode)
    loop = compiled(double)
    assert loop(21) == 42
    assert list(folder.iterdir()) == []
    made._own_folder.cache_clear()


def test_without_any_folder_the_package_still_loads(tmp_path: Path) -> None:
    program = (
        "import tempfile; tempfile.tempdir = '/proc/nowhere'\n"
        "from numba.core import caching\n"
        "caching._SourceFileBackedLocatorMixin.ensure_cache_path = "
        "lambda self: (_ for _ in ()).throw(OSError())\n"
        "import numpy, offair.kernels.counting as c\n"
        "counts = numpy.zeros(3, numpy.uint32)\n"
        "c.count_layers(numpy.array([0, 1, 2, 1, 0], numpy.uint32),"
        " numpy.array([1, 5], numpy.uint32), numpy.array([True]), counts)\n"
        "print(counts.tolist(), c.count_layers.stats.cache_path)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, check=False,
        env={**os.environ, "NUMBA_CACHE_DIR": ""},
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "[0, 2, 1] None\n", "")


def test_the_search_is_warmed_and_can_be_stopped() -> None:
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) > 1

    warm(stop)
    assert len(asked) == 2
    warm(lambda: False)
    assert is_warm()
