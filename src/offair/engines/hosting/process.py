"""One running process of a host: its pipes, its time limit, and how it ended, in words."""

from __future__ import annotations

import contextlib
import io
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from typing import IO

from offair.engines.hosting.frames import Header, read_frame, write_frame

_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
_HUGE_PAGES = "glibc.malloc.hugetlb=1"
"""glibc from 2.35 on then asks for huge pages; others leave it. Whisper's encoder takes and gives
back some 70 MB in each layer, and a page fault for every 4 KiB of it is an eighth of its time."""
_LAST_WORDS_BYTES = 2_000
_MOST_ERRORS_BYTES = 1 << 20


class ChildError(Exception):
    """The process has gone; the text says how. `hung`: it was ended, for it gave no answer."""

    def __init__(self, how: str, *, hung: bool) -> None:
        super().__init__(how)
        self.hung = hung


class Watch:
    """Ends what takes too long: calls `end` once the time allowed has gone by.

    One thread sets and pauses it; another, its own, waits.
    """

    def __init__(self, end: Callable[[], None]) -> None:
        self._end = end
        self._changed = threading.Condition()
        self._deadline: float | None = None
        self._left_s = 0.0
        self._closed = False
        self.expired = False
        self._thread = threading.Thread(target=self._keep, name="engine-watch", daemon=True)
        self._thread.start()

    def allow(self, limit_s: float) -> None:
        """So many seconds from now on."""
        with self._changed:
            self._deadline = time.monotonic() + limit_s
            self._changed.notify()

    def pause(self) -> None:
        """No time goes by until `resume`."""
        with self._changed:
            if self._deadline is not None:
                self._left_s = self._deadline - time.monotonic()
                self._deadline = None

    def resume(self) -> None:
        """What was left at `pause` runs on."""
        self.allow(self._left_s)

    def rest(self) -> None:
        """Nothing is being waited for."""
        with self._changed:
            self._deadline = None

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _keep(self) -> None:
        with self._changed:
            while not self._closed:
                if self._deadline is None:
                    self._changed.wait()
                elif (left := self._deadline - time.monotonic()) > 0:
                    self._changed.wait(left)
                else:
                    self.expired, self._deadline = True, None
                    self._end()


class Child:
    """One running process and its pipes. Used by one thread, but for `kill`."""

    def __init__(self) -> None:
        # What somebody tunes himself stands.
        environment = {"GLIBC_TUNABLES": _HUGE_PAGES} | os.environ | _ONE_THREAD
        # The process finds what this one finds, whatever put it on the path here.
        environment["PYTHONPATH"] = os.pathsep.join(entry for entry in sys.path if entry)
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `close`
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "offair.engines.hosting.child", str(os.getpid())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env=environment,
                bufsize=0,
            )
        except OSError:
            self._errors.close()
            raise
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("a process was started without pipes")
        self._requests = io.BufferedWriter(self._process.stdin)
        # Not buffered: `answered` asks the kernel whether something is there to be read.
        self._answers = self._process.stdout
        self.watch = Watch(self.kill)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def send(self, header: Mapping[str, object], body: bytes = b"") -> None:
        """Send one frame. Raises `ChildError`."""
        try:
            write_frame(self._requests, header, body)
        except OSError as error:
            raise self._gone() from error

    def ended(self) -> bool:
        """Whether the process has gone."""
        return self._process.poll() is not None

    def answered(self) -> bool:
        """Whether a frame (or the end) can be read without waiting."""
        waiting = select.poll()
        waiting.register(self._answers, select.POLLIN)
        return bool(waiting.poll(0))

    def receive(self) -> tuple[Header, bytes]:
        """Wait for the next frame. Raises `ChildError`."""
        frame = read_frame(self._answers)
        if frame is None:
            raise self._gone()
        return frame

    def tidy(self) -> None:
        """Forget what libraries printed, where it has become much. Between calls only."""
        if os.fstat(self._errors.fileno()).st_size > _MOST_ERRORS_BYTES:
            # The process writes through the same open file, so it goes on from the start.
            self._errors.seek(0)
            self._errors.truncate()

    def kill(self) -> None:
        """End the process now."""
        self._process.kill()

    def close(self) -> None:
        """End the process if it runs still, and let go of its pipes."""
        self.watch.close()
        self._process.kill()
        self._process.wait()
        for pipe in (self._requests, self._answers):
            with contextlib.suppress(OSError):
                pipe.close()
        self._errors.close()

    def _gone(self) -> ChildError:
        """How the process ended, in words, with the last line it wrote to its error stream."""
        # A process can close its pipe and live on; nothing more will come of it.
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        if code == -signal.SIGKILL:
            how = "it was killed, as the kernel does when memory runs out"
        elif code < 0:
            how = f"signal {signal.Signals(-code).name}"
        else:
            how = f"exit code {code}"
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - _LAST_WORDS_BYTES))
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return ChildError(f"{how}: {lines[-1].strip()}" if lines else how, hung=self.watch.expired)
