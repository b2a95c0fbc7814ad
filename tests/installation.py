"""A desk of the tests' own: its folder, its settings, its command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from offair import config, wiring
from offair.desk import Desk

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "samples"
PASS = ("--override", "made for a test")
"""What `offair publish` takes beside a clip that nobody has heard."""
SHARED = ROOT.parent / "shared"


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


def install(folder: Path, model: str = "tiny.en") -> Installation:
    """A desk in this folder, with nothing in it yet."""
    data = folder / "data"
    file = folder / "offair.toml"
    file.write_text(
        f'name = "Test desk"\nseries = "test"\ndata = "{data}"\n\n'
        f'[listening]\nmodel = "{model}"\nprocesses = 2\n',
        encoding="utf-8",
    )
    return Installation(data, file)
