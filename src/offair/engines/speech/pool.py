"""One process per core, each with its own recogniser on one thread.

A second thread inside one recogniser gains nothing, a second process nearly doubles the speed
(docs/choices.md has the figures); and a process that the kernel kills takes one chunk with it,
not the desk.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO, TYPE_CHECKING, BinaryIO, Self

from offair.engines.speech.frames import (
    Header,
    read_engine,
    read_error,
    read_frame,
    read_heard,
    write_frame,
)
from offair.model.errors import BadInput, OffairError, Unavailable
from offair.model.transcript import Engine, Heard

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LOG = logging.getLogger(__name__)
_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
_WAITING_PER_PROCESS = 2
_LAST_WORDS_BYTES = 2_000


@dataclass(slots=True, eq=False)
class _Task:
    """A chunk waiting to be heard."""

    sound: bytes
    language: str | None
    prompt: str | None
    label: str
    future: Future[Heard] = field(default_factory=Future)


class _ChildError(Exception):
    """The process has gone; the text says how."""


class _Child:
    """One running process and its pipes. Used by one thread, but for `kill`."""

    def __init__(self) -> None:
        environment = os.environ | _ONE_THREAD
        # The process finds what this one finds, whatever put it on the path here.
        environment["PYTHONPATH"] = os.pathsep.join(entry for entry in sys.path if entry)
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `close`
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "offair.engines.speech.child", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment,
        )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def send(self, header: Mapping[str, object], body: bytes = b"") -> None:
        """Send one frame. Raises `_ChildError`."""
        try:
            write_frame(self._pipe(self._process.stdin), header, body)
        except OSError as error:
            raise _ChildError(self._how()) from error

    def receive(self) -> tuple[Header, bytes]:
        """Wait for the next frame. Raises `_ChildError`."""
        frame = read_frame(self._pipe(self._process.stdout))
        if frame is None:
            raise _ChildError(self._how())
        return frame

    def kill(self) -> None:
        """End the process now."""
        self._process.kill()

    def close(self) -> None:
        """End the process if it runs still, and let go of its pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                self._pipe(pipe).close()
        self._errors.close()

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> BinaryIO:
        if pipe is None:
            raise _ChildError("it has no pipe")
        return pipe  # type: ignore[return-value]  # Popen types its pipes as IO, they are binary

    def _how(self) -> str:
        """How the process ended, in words, with the last line it wrote to its error stream."""
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
        return f"{how}: {lines[-1].strip()}" if lines else how


class ProcessPool:
    """Fulfils `RecogniserPool`; made by `offair.engines.speech.open_pool`.

    A thread per process hands it chunks and starts it again once where it dies. The chance to be
    started again comes back with every chunk heard.
    """

    def __init__(
        self,
        implementation: str,
        settings: Mapping[str, str | int | float | bool | None],
        processes: int,
        notice: Callable[[str], None] | None = None,
    ) -> None:
        if processes < 1:
            raise BadInput(f"a pool needs at least one process, not {processes}")
        self._first_frame = {
            "kind": "load",
            "implementation": implementation,
            "settings": dict(settings),
        }
        self._name = implementation
        self._notice = notice or _LOG.warning
        self._processes = processes
        self._changed = threading.Condition()
        self._tasks: deque[_Task] = deque()
        self._children: set[_Child] = set()
        self._engine: Engine | None = None
        self._trouble: OffairError | None = None
        self._seats = processes
        self._closed = False
        self._threads = [
            threading.Thread(target=self._sit, name=f"recogniser-{index + 1}", daemon=True)
            for index in range(processes)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def engine(self) -> Engine:
        """What the recogniser says it is; waits for the first process. Raises as it raised."""
        with self._changed:
            self._changed.wait_for(lambda: self._engine is not None or self._over())
            if self._engine is None:
                raise self._why_over()
            return self._engine

    @property
    def processes(self) -> int:
        """How many chunks are heard at a time."""
        return self._processes

    @property
    def usable(self) -> bool:
        """False once it is closed or its processes died; a new pool must then be opened."""
        with self._changed:
            return not self._over()

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The ids of the running processes, for whoever measures them."""
        with self._changed:
            return tuple(sorted(child.pid for child in self._children))

    def submit(
        self,
        samples: NDArray[np.float32],
        *,
        language: str | None = None,
        prompt: str | None = None,
        label: str = "a chunk",
    ) -> Future[Heard]:
        """Hear a chunk as soon as a process is free; see `RecogniserPool.submit`."""
        sound = samples.astype("<f4", copy=False).tobytes()
        task = _Task(sound, language, prompt, label)
        room = self._processes * _WAITING_PER_PROCESS
        with self._changed:
            self._changed.wait_for(lambda: len(self._tasks) < room or self._over())
            if self._over():
                raise self._why_over()
            self._tasks.append(task)
            self._changed.notify_all()
        return task.future

    def close(self) -> None:
        """End the processes; chunks not yet heard raise `CancelledError`. Idempotent."""
        with self._changed:
            self._closed = True
            waiting = list(self._tasks)
            self._tasks.clear()
            for child in self._children:
                child.kill()
            self._changed.notify_all()
        for task in waiting:
            task.future.cancel()
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _over(self) -> bool:
        return self._closed or self._seats == 0

    def _why_over(self) -> OffairError:
        if self._trouble is not None and not self._closed:
            return type(self._trouble)(str(self._trouble))
        return Unavailable("the recogniser's processes are closed; open a new pool")

    def _sit(self) -> None:
        """Keep one process running and hand it chunks, until the pool closes or it fails."""
        chances = 1
        try:
            while not self._closed:
                try:
                    if self._run_child():
                        chances = 1
                except _ChildError as died:
                    # Between chunks and while loading there is no future to tell.
                    self._note(Unavailable(self._sentence("while loading its model", str(died))))
                if chances == 0:
                    return
                chances -= 1
        except OffairError as error:
            self._note(error)
        finally:
            self._leave()

    def _run_child(self) -> bool:
        """Start a process and serve it until it dies or the pool closes; whether it heard a chunk.

        Raises what the constructor raised, or `_ChildError` where it died before a chunk.
        """
        try:
            child = _Child()
        except OSError as error:
            raise Unavailable(
                f"a process for {self._name} could not be started: {error};"
                " set fewer processes or free some memory"
            ) from error
        with self._changed:
            self._children.add(child)
            if self._closed:
                child.kill()
        heard = False
        try:
            self._load(child)
            while (task := self._next_task()) is not None:
                if not self._hear(child, task):
                    return heard
                heard = True
        finally:
            with self._changed:
                self._children.discard(child)
            child.close()
        return heard

    def _load(self, child: _Child) -> None:
        """Wait until the process has its model. Raises what its constructor raised."""
        child.send(self._first_frame)
        while True:
            header, _ = child.receive()
            if header["kind"] == "notice":
                self._notice(header["message"])
            elif header["kind"] == "error":
                raise read_error(header)
            else:
                break
        engine = read_engine(header)
        with self._changed:
            if self._engine is None:
                self._engine = engine
            elif self._engine != engine:
                raise Unavailable(
                    f"the files of {engine.name}'s model {engine.model} changed while its processes"
                    " started; start again"
                )
            self._changed.notify_all()

    def _next_task(self) -> _Task | None:
        """The next chunk that nobody has cancelled; None where the pool closes."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._tasks) or self._closed)
                if self._closed:
                    return None
                task = self._tasks.popleft()
                self._changed.notify_all()
            if task.future.set_running_or_notify_cancel():
                return task

    def _hear(self, child: _Child, task: _Task) -> bool:
        """Have one chunk heard; False where the process died over it."""
        request = {
            "kind": "hear",
            "language": task.language,
            "prompt": task.prompt,
            "label": task.label,
        }
        try:
            child.send(request, task.sound)
            header, body = child.receive()
            while header["kind"] == "notice":
                self._notice(header["message"])
                header, body = child.receive()
        except _ChildError as died:
            if self._closed:
                task.future.set_exception(CancelledError())
            else:
                error = Unavailable(self._sentence(f"while hearing {task.label}", str(died)))
                self._note(error)
                task.future.set_exception(error)
            return False
        if header["kind"] == "error":
            task.future.set_exception(read_error(header))
        else:
            task.future.set_result(read_heard(header, body))
        return True

    def _sentence(self, when: str, how: str) -> str:
        who = self._name if self._engine is None else f"{self._engine.name} {self._engine.model}"
        return (
            f"the process of {who} ended {when} ({how}); try again,"
            " and if it happens again set fewer processes or a smaller model"
        )

    def _note(self, error: OffairError) -> None:
        with self._changed:
            self._trouble = error

    def _leave(self) -> None:
        """This thread serves no more; the last one out fails what is still waiting."""
        with self._changed:
            self._seats -= 1
            waiting: list[_Task] = []
            if self._seats == 0 and not self._closed:
                waiting = list(self._tasks)
                self._tasks.clear()
            self._changed.notify_all()
        for task in waiting:
            if task.future.set_running_or_notify_cancel():
                task.future.set_exception(self._why_over())
