"""Models from the hub, with what is being downloaded told while it goes on.

What is told is a log record of `offair`, which a process passes to its host as a notice: a sign of
life, and a line for whoever waits.
"""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from offair.model.errors import Unavailable

_LOG = logging.getLogger(__name__)
_EVERY_S = 20.0


def on_this_machine(repository: str, patterns: Sequence[str], cache: Path) -> Path | None:
    """The folder of a repository as downloaded before, whole or not; None where there is none.

    repository: `owner/name`. patterns: of its files, as `fnmatch` takes them. cache: where
    downloads are kept.
    """
    import huggingface_hub

    with suppress(OSError, ValueError):
        return Path(
            huggingface_hub.snapshot_download(
                repository,
                cache_dir=cache / "hub",
                allow_patterns=list(patterns),
                local_files_only=True,
            )
        )
    return None


def download(repository: str, patterns: Sequence[str], cache: Path, *, otherwise: str) -> Path:
    """Download the files of a repository; what is here already is not fetched again.

    otherwise: what to do where there is no network, as the end of a sentence. Raises `Unavailable`.
    """
    import huggingface_hub
    from huggingface_hub.errors import HfHubHTTPError

    size = _size(repository, patterns, cache)
    _LOG.info("the model %s is not here yet: downloading it%s", repository, size)
    try:
        return Path(
            huggingface_hub.snapshot_download(
                repository,
                cache_dir=cache / "hub",
                allow_patterns=list(patterns),
                tqdm_class=_telling(repository),
            )
        )
    except (OSError, ValueError, HfHubHTTPError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise Unavailable(
            f"the model {repository} is not on this machine and cannot be downloaded ({reason});"
            f" with a network try again, without one {otherwise}"
        ) from error


def _size(repository: str, patterns: Sequence[str], cache: Path) -> str:
    """How much a download will be, in words; empty where the hub does not say."""
    import huggingface_hub
    from huggingface_hub.errors import HfHubHTTPError

    try:
        files = huggingface_hub.snapshot_download(
            repository, cache_dir=cache / "hub", dry_run=True, allow_patterns=list(patterns)
        )
        size = sum(file.file_size or 0 for file in files)
    except (OSError, ValueError, AttributeError, HfHubHTTPError):
        return ""
    return f", {size / 1e6:.0f} MB"


def _telling(repository: str) -> type[Any]:
    """A progress bar that writes nothing and tells the log every 20 s how far it is."""
    from huggingface_hub.utils.tqdm import tqdm

    class Telling(tqdm):
        def __init__(self, *given: Any, **named: Any) -> None:
            self._told = time.monotonic()
            shown = named | {"file": io.StringIO(), "disable": False}
            super().__init__(*given, **shown)  # type: ignore[no-untyped-call]  # the hub's

        def display(self, *given: Any, **named: Any) -> None:
            del given, named
            now = time.monotonic()
            if self.unit == "B" and self.total and self.n and now - self._told >= _EVERY_S:
                self._told = now
                _LOG.info(
                    "downloading %s: %.0f of %.0f MB", repository, self.n / 1e6, self.total / 1e6
                )

    return Telling
