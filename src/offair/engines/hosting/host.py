"""A pool of processes that each hold one engine and answer calls, with a limit on their time.

A second thread inside a recogniser gains nothing, a second process nearly doubles the speed
(docs/choices.md has the figures); and a process that the kernel kills, or that hangs, takes one
piece of work with it, not the desk.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import Any, Self, TypeVar

from offair.engines.hosting import Hosted
from offair.engines.hosting.blocks import BlockQueue
from offair.engines.hosting.frames import Header, read_error
from offair.engines.hosting.process import Child, ChildError
from offair.model.errors import BadInput, EngineDied, OffairError, Unavailable

_LOG = logging.getLogger(__name__)
_WAITING_PER_PROCESS = 2
_DEATHS_IN_A_ROW = 3

T = TypeVar("T")
Reader = Callable[[Mapping[str, Any], bytes], T]
"""Makes a value of an answer's JSON and bytes."""


class _End(Enum):
    """How a process came out of a call."""

    ANSWERED = "answered"
    DIED = "died"
    GIVEN_UP = "the caller gave up in the middle of a stream"


@dataclass(slots=True, eq=False)
class _Task:
    """A call waiting to be answered. blocks: of a stream, in place of `body`."""

    method: str
    given: Mapping[str, Any]
    body: bytes
    label: str
    read: Reader[Any]
    blocks: BlockQueue | None = None
    future: Future[Any] = field(default_factory=Future)


class Host:
    """Processes that each hold one engine. A context manager; leaving it closes it.

    A thread per process hands it calls and starts it again where it dies. A process that died
    three times with nothing answered in between is not started again; when none is left, the host
    is no longer `usable`.
    """

    def __init__(
        self, hosted: Hosted, processes: int = 1, notice: Callable[[str], None] | None = None
    ) -> None:
        """Start the processes and return at once; engines load in all of them in parallel.

        notice: is told, in a sentence, what takes long (a model that is being downloaded, its
        size); called from another thread. By default such sentences are logged as warnings.
        Raises `BadInput` where there is no process or no time.
        """
        if processes < 1:
            raise BadInput(f"a pool needs at least one process, not {processes}")
        if not hosted.time_limit_s > 0:
            raise BadInput(
                f"a {hosted.what} needs time: `time_limit_s` is {hosted.time_limit_s};"
                " set it to some seconds"
            )
        self._hosted = hosted
        self._notice = notice or _LOG.warning
        self._processes = processes
        self._changed = threading.Condition()
        self._tasks: deque[_Task] = deque()
        self._children: set[Child] = set()
        self._loaded: set[Child] = set()
        self._described: Header | None = None
        self._trouble: OffairError | None = None
        self._seats = processes
        self._closed = False
        self._threads = [
            threading.Thread(target=self._sit, name=f"{hosted.what}-{index + 1}", daemon=True)
            for index in range(processes)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def described(self) -> Header:
        """What the server said of its engine; waits until the first process has loaded it.

        Raises what the engine's constructor raised (`BadInput`, `Unavailable`).
        """
        with self._changed:
            self._changed.wait_for(lambda: self._described is not None or self._over())
            if self._described is None:
                raise self._why_over()
            return self._described

    def wait_loaded(self) -> None:
        """Wait until every process that is not given up has loaded its engine.

        Raises what the engine's constructor raised, where none is left.
        """
        with self._changed:
            self._changed.wait_for(lambda: len(self._loaded) >= self._seats or self._over())
            if self._over():
                raise self._why_over()

    @property
    def processes(self) -> int:
        """How many calls are answered at a time."""
        return self._processes

    @property
    def usable(self) -> bool:
        """False once it is closed or its processes died; a new host must then be made."""
        with self._changed:
            return not self._over()

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The ids of the running processes, for whoever measures them."""
        with self._changed:
            return tuple(sorted(child.pid for child in self._children))

    def submit(
        self,
        method: str,
        given: Mapping[str, Any],
        body: bytes,
        read: Reader[T],
        *,
        label: str,
    ) -> Future[T]:
        """Have a call answered as soon as a process is free; calls start in the order submitted.

        given: the call's JSON. read: makes the value of the answer. label: what messages call the
        piece of work. Waits where two calls per process are already waiting, so that a long
        recording is not held in memory. The future raises what the engine raised, or `EngineDied`
        naming engine and piece of work where its process died or gave no answer within the time
        limit; another process takes its place. Raises `Unavailable` where the host is no longer
        usable, or what the engine's constructor raised.
        """
        task = _Task(method, given, body, label, read)
        self._queue(task)
        return task.future

    def call(
        self,
        method: str,
        given: Mapping[str, Any],
        body: bytes,
        read: Reader[T],
        *,
        label: str,
    ) -> T:
        """As `submit`, and wait for the answer."""
        return self.submit(method, given, body, read, label=label).result()

    def stream(
        self,
        method: str,
        given: Mapping[str, Any],
        blocks: Iterable[bytes],
        read: Reader[T],
        *,
        label: str,
    ) -> T:
        """As `call`, with a body that is never held whole: blocks are taken as they are sent on.

        What making the blocks raises is raised, and the call is given up. An engine that answers
        before the last block ends the stream.
        """
        queue = BlockQueue()
        task = _Task(method, given, b"", label, read, queue)
        whole = False
        self._queue(task)
        try:
            for block in blocks:
                if not queue.put(block):
                    break
            whole = True
        finally:
            queue.end(whole=whole)
        value: T = task.future.result()
        return value

    def close(self) -> None:
        """End the processes; calls not yet answered raise `CancelledError`. Idempotent."""
        with self._changed:
            self._closed = True
            waiting = list(self._tasks)
            self._tasks.clear()
            for child in self._children:
                child.kill()
            self._changed.notify_all()
        for task in waiting:
            task.future.cancel()
            _refuse_blocks(task)
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

    def _queue(self, task: _Task) -> None:
        room = self._processes * _WAITING_PER_PROCESS
        with self._changed:
            self._changed.wait_for(lambda: len(self._tasks) < room or self._over())
            if self._over():
                raise self._why_over()
            self._tasks.append(task)
            self._changed.notify_all()

    def _over(self) -> bool:
        return self._closed or self._seats == 0

    def _why_over(self) -> OffairError:
        if self._trouble is None or self._closed:
            return Unavailable(f"the {self._hosted.what}'s processes are closed; open a new pool")
        if isinstance(self._trouble, EngineDied):
            # Said of a piece of work that was never begun: that one is not what killed them.
            return Unavailable(
                f"the processes of {self._who()} ended again and again with nothing done in"
                f" between; the last time: {self._trouble}"
            )
        return type(self._trouble)(str(self._trouble))

    def _who(self) -> str:
        if self._described is None:
            return f"the {self._hosted.what} {self._hosted.implementation}"
        engine = self._described["engine"]
        return f"{engine['name']} {engine['model']}"

    def _sit(self) -> None:
        """Keep one process running and hand it calls, until the host closes or it fails."""
        deaths = 0
        try:
            while not self._closed and deaths < _DEATHS_IN_A_ROW:
                deaths += 1
                try:
                    if self._run_child():
                        deaths = 1
                except ChildError as died:
                    self._note(Unavailable(self._not_loaded(died)))
        except OffairError as error:
            self._note(error)
        finally:
            self._leave()

    def _run_child(self) -> bool:
        """Start a process and serve it until it dies or the host closes; whether it answered.

        Raises what the constructor raised, or `ChildError` where it died before a call.
        """
        try:
            child = Child()
        except OSError as error:
            raise Unavailable(
                f"a process for {self._who()} could not be started: {error};"
                " set fewer processes or free some memory"
            ) from error
        with self._changed:
            self._children.add(child)
            if self._closed:
                child.kill()
        answered = False
        try:
            self._load(child)
            while not child.watch.expired and (task := self._next_task(child)) is not None:
                end = self._serve(child, task)
                answered = answered or end is not _End.DIED
                if end is not _End.ANSWERED:
                    break
                child.tidy()
        finally:
            with self._changed:
                self._children.discard(child)
                self._loaded.discard(child)
            child.close()
        return answered

    def _load(self, child: Child) -> None:
        """Wait until the process has its engine. Raises what its constructor raised."""
        hosted = self._hosted
        child.watch.allow(hosted.load_limit_s)
        child.send(
            {
                "kind": "load",
                "what": hosted.what,
                "implementation": hosted.implementation,
                "settings": dict(hosted.settings),
                "server": hosted.server,
            }
        )
        while True:
            header, _ = child.receive()
            if header["kind"] == "notice":
                child.watch.allow(hosted.load_limit_s)
                self._notice(header["message"])
            elif header["kind"] == "error":
                raise read_error(header)
            else:
                break
        child.watch.rest()
        described = header["described"]
        with self._changed:
            self._loaded.add(child)
            if self._described is None:
                self._described = described
            elif self._described != described:
                engine = described["engine"]
                raise Unavailable(
                    f"the files of {engine['name']}'s model {engine['model']} changed while its"
                    " processes started; start again"
                )
            self._changed.notify_all()

    def _next_task(self, child: Child) -> _Task | None:
        """The next call that nobody has cancelled; None where the host closes.

        None as well where the process died while it had nothing to do: the call that waits is not
        what killed it, and is left for the process that takes its place.
        """
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._tasks) or self._closed)
                if self._closed or child.ended():
                    return None
                task = self._tasks.popleft()
                self._changed.notify_all()
            if task.future.set_running_or_notify_cancel():
                return task
            _refuse_blocks(task)

    def _serve(self, child: Child, task: _Task) -> _End:
        """Have one call answered, or its future told why not."""
        child.watch.allow(self._hosted.time_limit_s)
        try:
            header, body = self._answer(child, task)
            child.watch.rest()
            if task.blocks is not None and task.blocks.broken:
                # The caller has its own error; the process waits in the middle of a sound.
                task.future.set_exception(CancelledError())
                return _End.GIVEN_UP
            if header["kind"] == "error":
                raise read_error(header)
            task.future.set_result(task.read(header["answer"], body))
        except ChildError as died:
            if self._closed:
                task.future.set_exception(CancelledError())
            else:
                error = EngineDied(self._died(task.label, died))
                self._note(error)
                task.future.set_exception(error)
            return _End.DIED
        except OffairError as error:
            task.future.set_exception(error)
        finally:
            child.watch.rest()
            _refuse_blocks(task)
            if not task.future.done():
                # A fault of ours must not leave somebody waiting for ever.
                task.future.set_exception(Unavailable(f"{task.label} could not be passed on"))
        return _End.ANSWERED

    def _answer(self, child: Child, task: _Task) -> tuple[Header, bytes]:
        """Send a call and wait for its answer. Raises `ChildError`."""
        request = {
            "kind": "call",
            "method": task.method,
            "given": dict(task.given),
            "label": task.label,
            "streamed": task.blocks is not None,
        }
        child.send(request, task.body)
        if task.blocks is not None:
            while True:
                child.watch.pause()
                block = task.blocks.take()
                child.watch.resume()
                if task.blocks.broken:
                    return {"kind": "given up"}, b""
                if child.answered():
                    header, body = child.receive()
                    if header["kind"] != "notice":
                        child.send({"kind": "end"})
                        return header, body
                    self._notice(header["message"])
                if block is None:
                    break
                child.send({"kind": "block"}, block)
            child.send({"kind": "end"})
        header, body = child.receive()
        while header["kind"] == "notice":
            self._notice(header["message"])
            header, body = child.receive()
        return header, body

    def _died(self, label: str, died: ChildError) -> str:
        limit = self._hosted.time_limit_s
        if died.hung:
            return (
                f"{self._who()} gave no answer on {label} in {limit:g} s and its process was"
                " ended; try again, allow more time (`time_limit_s`), or choose a smaller model or"
                " another engine"
            )
        return (
            f"the process of {self._who()} ended over {label} ({died}); try again,"
            " and if it happens again set fewer processes or a smaller model"
        )

    def _not_loaded(self, died: ChildError) -> str:
        if died.hung:
            limit = self._hosted.load_limit_s
            return (
                f"{self._who()} had not loaded its model after {limit:g} s without a sign of life"
                " and its process was ended; try again, or choose a smaller model"
            )
        return (
            f"the process of {self._who()} ended while loading its model ({died}); try again,"
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
            _refuse_blocks(task)


def _refuse_blocks(task: _Task) -> None:
    if task.blocks is not None:
        task.blocks.refuse()
