"""Operations that publish: ask for a clip to be published, and see how far it is."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from offair.desk.publication_stops import Stopped
from offair.desk.publishing import Publishing
from offair.desk.queue_publishing import PublishingState, publishing_state, queue_publishing
from offair.model.clip_work import EditionAct
from offair.model.errors import Refused
from offair.model.job import JobState
from offair.model.people import Role
from offair.web.api import Model, Operation
from offair.web.clip_api import now_utc
from offair.web.clip_models import StopFacts
from offair.web.language import _
from offair.web.record_links import record_address
from offair.web.view import desk_of, problem
from offair.web.who import may

_LONGEST = 4_000
_LARGEST_ID = 2**53
_STATES = {
    JobState.QUEUED: "queued",
    JobState.RUNNING: "running",
    JobState.PAUSED: "queued",
    JobState.DONE: "done",
}


class PublishingOrder(Model):
    """How a clip is to be published. version: of the draft that was looked at. note: public, of a
    correction; said, says: what was printed and what is now. override: the reason for which an
    administrator passes what stops it."""

    version: int | None = Field(None, ge=1, le=_LARGEST_ID)
    act: Literal["publish", "tidy", "correct"] | None = None
    note: str | None = Field(None, max_length=_LONGEST)
    said: str | None = Field(None, max_length=_LONGEST)
    says: str | None = Field(None, max_length=_LONGEST)
    override: str | None = Field(None, max_length=_LONGEST)


class PublishingFacts(Model):
    """How far the publishing is that was asked for last. state: `none` where nobody asked. share:
    of the cut, 0…1. record: the address of the newest edition. problem: why it failed or waits."""

    state: Literal["none", "queued", "running", "done", "failed"]
    job: int | None
    share: float | None
    record: str | None
    edition: int
    problem: str | None


def facts_of(request: Request, found: PublishingState) -> PublishingFacts:
    """The same as an answer, with the address of the record."""
    job, clip = found.job, found.clip
    address = None
    if clip.number is not None and clip.edition:
        address = record_address(clip.number, desk_of(request).series)
    return PublishingFacts.model_validate(
        {
            "state": "none" if job is None else _STATES.get(job.state, "failed"),
            "job": None if job is None else job.id,
            "share": None if job is None else job.share,
            "record": address,
            "edition": clip.edition,
            "problem": found.problem,
        }
    )


def _id(request: Request) -> int:
    found: int = request.path_params["id"]
    return found


def order(request: Request, clip_id: int, how: Publishing, actor: str) -> PublishingState:
    """Ask for a clip to be published. Raises as `queue_publishing`; `Refused` where somebody passes
    what stops it who is no administrator."""
    if how.override is not None and not may(request, Role.ADMINISTRATOR):
        raise Refused("only an administrator passes what stops a clip")
    return queue_publishing(desk_of(request), clip_id, how, actor=actor, now_utc=now_utc())


def _publish(request: Request, actor: str, body: PublishingOrder) -> PublishingFacts | Response:
    how = Publishing(
        None if body.act is None else EditionAct(body.act), body.note, body.said, body.says,
        body.override, body.version,
    )  # fmt: skip
    try:
        return facts_of(request, order(request, _id(request), how, actor))
    except Stopped as stopped:
        message = str(stopped)
        return problem(
            request, 409, _("It cannot be published yet"), f"{message[:1].upper()}{message[1:]}.",
            stops=[StopFacts.of(one).model_dump(mode="json") for one in stopped.stops],
        )  # fmt: skip


def _look(request: Request, _actor: str, _body: None) -> PublishingFacts:
    return facts_of(request, publishing_state(desk_of(request), _id(request)))


API = (
    Operation(
        "POST", "/clips/{id:int}/publish", "Publish a clip, or its next edition.", Role.PUBLISHER,
        _publish, body=PublishingOrder, answer=PublishingFacts,
        raises={409: "Something stops it, told in `stops`; or somebody changed it meanwhile."},
    ),
    Operation(
        "GET", "/clips/{id:int}/publishing", "How far the publishing of a clip is.", Role.READER,
        _look, answer=PublishingFacts,
    ),
)  # fmt: skip
