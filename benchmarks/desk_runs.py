"""What the benchmarks of whole commands share: a desk in a folder, commands on it, the machine."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class BenchDesk:
    """A desk of a benchmark's own."""

    folder: Path
    model: str
    processes: int

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "offair.toml").write_text(
            f'data = "{self.folder / "data"}"\n[listening]\nmodel = "{self.model}"\n'
            f"processes = {self.processes}\n",
            encoding="utf-8",
        )

    def environment(self) -> dict[str, str]:
        """The variables a command runs with."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("OFFAIR_")}
        return kept | {
            "OFFAIR_CONFIG": str(self.folder / "offair.toml"),
            "HF_HUB_OFFLINE": "1",
        }

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        """Start `offair WORDS`, its output to be read."""
        return subprocess.Popen(
            [sys.executable, "-m", "offair.cli", *(str(word) for word in words)],
            env=self.environment(), text=True, stdout=subprocess.PIPE,
        )  # fmt: skip

    def facts(self, *words: str | Path) -> list[dict[str, Any]]:
        """Run `offair WORDS --json` to its end and read its lines."""
        process = self.start(*words, "--json")
        out, _ = process.communicate()
        if process.returncode:
            raise SystemExit(f"offair {words[0]} ended with {process.returncode}")
        return [json.loads(line) for line in out.splitlines()]


def machine() -> str:
    """The machine in a line: processor, cores this process may use, memory, Python."""
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{model}, {cores} cores, {memory:.0f} GiB, Python {platform.python_version()}"
