"""The desk's side of a child: start it, read its messages, end it, say what went wrong.

The child gets an open file and never a name to open, so that FFmpeg can be told to read from
that one descriptor and from nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from offair.media.wire import Kind, Unpacker
from offair.model.errors import BadInput, Corrupt, OffairError, Refused, Unavailable

_CHILD = ("-P", "-s", "-m", "offair.media.child")
_PACKAGES = Path(__file__).resolve().parents[2]
_KEPT_STDERR = 4096
_READ_BYTES = 1 << 18
_ERRORS: dict[str, type[OffairError]] = {
    error.__name__: error for error in (BadInput, Corrupt, Refused, Unavailable)
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use.

    memory_bytes: address space; importing FFmpeg's libraries takes about 200 MiB of it.
    silent_s: the longest time without progress. cpu_s: CPU seconds, None for what the size of
    the file warrants. output_bytes: the largest file written, None for 64 GiB.
    """

    memory_bytes: int = 2 << 30
    silent_s: float = 60.0
    cpu_s: int | None = None
    output_bytes: int | None = None


DEFAULT_LIMITS = Limits()
"""What every operation gets where the caller asks for nothing else."""

_OUTPUT_BYTES = 64 << 30
_READING = ("probe", "sound", "captions", "closed_captions", "peaks", "still")


def shown(path: Path | str) -> str:
    """A file's name as it may stand in a message: control characters and odd bytes escaped."""
    name = path.name if isinstance(path, Path) else path
    plain = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in name
    )
    return plain if plain == name and name.strip() == name and name else f"'{plain}'"


def open_regular(path: Path) -> int:
    """A read-only descriptor of a regular file that is not empty.

    Raises `BadInput` where there is no such file, it may not be read, is a folder, a pipe or a
    device, or holds nothing.
    """
    try:
        # Looked at before it is opened: opening a pipe or a device can already do something.
        if not stat.S_ISREG(path.stat().st_mode):
            raise BadInput(
                f"{shown(path)} is not a regular file (it is a folder, a pipe or a device); "
                "give the media file itself"
            )
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError as error:
        raise BadInput(f"there is no file {shown(path)}; check the path") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its name holds a zero byte"
        raise BadInput(
            f"{shown(path)} cannot be read ({reason}); check the path and the rights"
        ) from error
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode) and status.st_size:
        return descriptor
    os.close(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise BadInput(f"{shown(path)} is not a regular file; give the media file itself")
    raise BadInput(f"{shown(path)} is empty (0 bytes); check that it was copied whole")


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    return kept | {
        "PATH": os.defpath,
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(_PACKAGES),
        "PYTHONUTF8": "1",
        # Address space is what is limited, and arenas and pools of threads only reserve it.
        "MALLOC_ARENA_MAX": "2",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


class Child:
    """One child at work on one file. A context manager: leaving it ends the child, done or not.

    command: what to run instead of `offair.media.child`, for the tests of this class.
    """

    def __init__(
        self,
        operation: str,
        source: Path,
        request: Mapping[str, Any],
        limits: Limits,
        *,
        command: Sequence[str] | None = None,
    ) -> None:
        self._name = shown(source)
        self._limits = limits
        descriptor = open_regular(source)
        try:
            size = os.fstat(descriptor).st_size
            self._process = subprocess.Popen(
                [*(command or (sys.executable, *_CHILD)), operation],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=(descriptor,),
                env=_environment(),
                cwd="/",
                start_new_session=True,
                bufsize=0,
            )
        except OSError as error:
            raise Unavailable(
                f"{self._name} could not be opened: no process could be started for it "
                f"({error.strerror}); try again"
            ) from error
        finally:
            os.close(descriptor)
        cpu_s = limits.cpu_s
        if cpu_s is None and operation in _READING:
            cpu_s = 600 + size // 50_000
        output_bytes = _OUTPUT_BYTES if limits.output_bytes is None else limits.output_bytes
        line = {
            **request,
            "parent": os.getpid(),
            "descriptor": descriptor,
            "name": self._name,
            "suffix": source.suffix,
            "memory_bytes": limits.memory_bytes,
            "cpu_s": cpu_s,
            "output_bytes": output_bytes,
        }
        self._errors = bytearray()
        self._unpacker = Unpacker()
        self._selector = selectors.DefaultSelector()
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                os.set_blocking(stream.fileno(), False)
                self._selector.register(stream, selectors.EVENT_READ)
        self._send(json.dumps(line).encode("ascii") + b"\n")

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The child's process id, which is also its process group."""
        return self._process.pid

    def close(self) -> None:
        """End the child and everything it started. Idempotent."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._selector.close()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    def messages(self) -> Iterator[tuple[Kind, bytes]]:
        """What the child sends, up to and including its result.

        Raises the child's own error as it says it; `Corrupt` where it was killed by a limit,
        crashed, or gave no progress for `silent_s`; `Unavailable` where somebody else killed it.
        """
        while True:
            kind, payload = self._receive()
            if kind is Kind.ERROR:
                said = json.loads(payload)
                raise _ERRORS.get(said["error"], Corrupt)(said["message"])
            yield kind, payload
            if kind is Kind.RESULT:
                return

    def _send(self, line: bytes) -> None:
        if self._process.stdin is None:
            raise Unavailable(f"{self._name} could not be opened: no pipe to its process")
        # A child that died before it read a word says more by its exit status.
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(line)

    def _receive(self) -> tuple[Kind, bytes]:
        waits_until = time.monotonic() + self._limits.silent_s
        while True:
            try:
                message = self._unpacker.next()
            except ValueError as error:
                raise Corrupt(
                    f"{self._name} made the decoder answer nonsense; the file is damaged or "
                    "hostile and is left alone"
                ) from error
            if message is not None:
                return message
            left = waits_until - time.monotonic()
            if left <= 0:
                raise Corrupt(
                    f"{self._name} made no progress for {self._limits.silent_s:g} s and was given "
                    "up; it is damaged or hostile, or the disk it lies on has stopped answering"
                )
            for key, _ in self._selector.select(left):
                self._read(key.fileobj)
            if self._process.stdout is None or self._process.stdout.closed:
                raise self._ended()

    def _read(self, stream: Any) -> None:
        data = stream.read(_READ_BYTES)
        if data is None:
            return
        if stream is self._process.stderr:
            self._errors = (self._errors + data)[-_KEPT_STDERR:]
        else:
            self._unpacker.feed(data)
        if not data:
            self._selector.unregister(stream)
            stream.close()

    def _ended(self) -> OffairError:
        """What to say of a child that went without an answer."""
        try:
            code = self._process.wait(timeout=self._limits.silent_s)
        except subprocess.TimeoutExpired:
            code = -signal.SIGALRM
        while self._process.stderr is not None and not self._process.stderr.closed:
            if not self._selector.select(0):
                break
            self._read(self._process.stderr)
        last = self._errors.decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
        megabytes = self._limits.memory_bytes >> 20
        if code == -signal.SIGXCPU:
            return Corrupt(
                f"{self._name} used up the CPU time it was allowed; it is damaged or hostile"
            )
        if code == -signal.SIGKILL:
            return Unavailable(
                f"the process that read {self._name} was killed from outside (perhaps the machine "
                "ran out of memory); try again"
            )
        if "MemoryError" in last or "cannot allocate" in last.lower():
            return Corrupt(
                f"{self._name} needs more than the {megabytes} MiB of memory it is allowed; it is "
                "damaged or hostile, or the limit is too low"
            )
        how = f"signal {-code}" if code < 0 else f"exit {code}"
        return Corrupt(
            f"{self._name} made the decoder break down ({how}: {shown(last) if last else 'silent'})"
            "; it is damaged or hostile"
        )
