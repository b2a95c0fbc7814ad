"""The child: the only process that parses media. `python -m offair.media.child OPERATION`.

Started by `offair.media.calling`, never by hand. Reads one request from stdin, confines itself,
imports the operation (and FFmpeg's libraries with it), works, and answers on stdout.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import sys
import time
from typing import Any

from offair.media import confining
from offair.media.wire import PROGRESS, Kind, pack
from offair.model.errors import Corrupt, OffairError, Unavailable

OPERATIONS = {
    "probe": "offair.media.probing",
    "sound": "offair.media.sounding",
    "captions": "offair.media.captioning",
    "closed_captions": "offair.media.closed_captioning",
    "peaks": "offair.media.peaking",
    "cut": "offair.media.cutting",
    "proxy": "offair.media.proxying",
    "still": "offair.media.stilling",
    "subtitled": "offair.media.subtitling",
}
"""Each module has `run(job)`, which does the work and returns what the result is, as JSON."""

_BEAT_S = 0.25


class Job:
    """A request and the way back. `request` as `calling.Child` wrote it."""

    def __init__(self, request: dict[str, Any], answers: int) -> None:
        self.request = request
        self.name: str = request["name"]
        self.descriptor: int = request["descriptor"]
        self._answers = answers
        self._beat_at = 0.0
        self._share = 0.0

    def send(self, kind: Kind, payload: bytes) -> None:
        """Write one message, waiting while the desk is not reading."""
        view = memoryview(pack(kind, payload))
        while view:
            view = view[os.write(self._answers, view) :]

    def beat(self, share: float) -> None:
        """Say that work goes on, and that `share` of it is done, 0…1. Never runs back.

        Cheap; call it once a packet.
        """
        now = time.monotonic()
        self._share = max(self._share, min(1.0, share))
        if now >= self._beat_at:
            self._beat_at = now + _BEAT_S
            self.send(Kind.PROGRESS, PROGRESS.pack(self._share))


def _run(operation: str, job: Job) -> Any:
    """The result. What FFmpeg, the disk or the memory refuses becomes one of our errors."""
    try:
        return importlib.import_module(OPERATIONS[operation]).run(job)
    except MemoryError as error:
        megabytes = job.request["memory_bytes"] >> 20
        raise Corrupt(
            f"{job.name} needs more than the {megabytes} MiB of memory it is allowed; it is "
            "damaged or hostile, or the limit is too low"
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Unavailable(
                f"the disk filled up while {job.name} was worked on; make room and try again"
            ) from error
        if error.errno == errno.EFBIG:
            raise Unavailable(
                f"what was to be made of {job.name} is larger than the "
                f"{job.request['output_bytes']} bytes allowed; allow more or ask for less"
            ) from error
        raise Corrupt(
            f"{job.name} could not be worked on ({error.strerror or type(error).__name__}); "
            "it is damaged, or the folder written to is not there"
        ) from error
    except ValueError as error:
        # FFmpeg's InvalidDataError is a ValueError, too.
        raise Corrupt(
            f"{job.name} is damaged or uses something FFmpeg's libraries cannot handle "
            f"({type(error).__name__}: {str(error)[:200]!r})"
        ) from error


def main() -> int:
    """Do one job. Returns the exit status: 0 where an answer, even a refusal, was given."""
    answers = os.dup(1)
    os.dup2(2, 1)
    requests = os.fdopen(0, "rb", buffering=0, closefd=False)
    line = bytearray()
    while not line.endswith(b"\n"):
        data = requests.read(1 << 16)
        if not data:
            return 1
        line += data
    request = json.loads(line)
    confining.die_with(request["parent"])
    confining.leave_at_end_of(requests)
    job = Job(request, answers)
    confining.limit(
        memory_bytes=request["memory_bytes"],
        cpu_s=request["cpu_s"],
        output_bytes=request["output_bytes"],
    )
    try:
        result = _run(sys.argv[1], job)
    except OffairError as error:
        said = {"error": type(error).__name__, "message": str(error)}
        job.send(Kind.ERROR, json.dumps(said).encode("ascii"))
    else:
        job.send(Kind.RESULT, json.dumps(result).encode("ascii"))
    return 0


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    # Not sys.exit: freeing what a hostile file has left behind can crash or take long.
    os._exit(status)
