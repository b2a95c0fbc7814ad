"""What a publisher can still do with a published record: withdraw it, or have it removed."""

from __future__ import annotations

from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from offair.desk.remove_record import remove_record
from offair.desk.show_record import show_record
from offair.desk.withdraw_record import withdraw_record
from offair.model.errors import BadInput
from offair.model.people import Role
from offair.web.api import Model, Operation
from offair.web.forms import read_form
from offair.web.record_links import record_address
from offair.web.view import desk_of, page
from offair.web.who import actor_of, check_csrf, may

_LONGEST = 2_000


class Withdrawing(Model):
    """record: its number, as in its address (`12`, `publisher/8914`). The reason is public: the
    record's page shows it."""

    record: str = Field(min_length=1, max_length=400)
    reason: str = Field(min_length=1, max_length=_LONGEST)


class Removing(Model):
    """record: its number, as in its address. The ground is kept and shown to nobody. erase: take
    everything out for good, and seal nothing."""

    record: str = Field(min_length=1, max_length=400)
    ground: str = Field(min_length=1, max_length=_LONGEST)
    erase: bool = False


class EndedFacts(Model):
    """A record that was ended. also: numbers of other records that print the same words. freed:
    bytes of media that were erased."""

    act: str
    edition: int
    made_by: str
    made_utc: str
    also: list[str] = Field(default_factory=list)
    freed: int = 0


def acts_page(request: Request) -> Response:
    """`/record-acts/{number}`: what each act does, with its form."""
    actor_of(request, Role.PUBLISHER)
    desk = desk_of(request)
    opened = show_record(desk, request.path_params["address"]).opened
    return page(
        request,
        "record_acts.html",
        styles=("acts.css",),
        opened=opened,
        address=record_address(opened.number, desk.series),
        removes=may(request, Role.ADMINISTRATOR),
    )


async def act(request: Request) -> Response:
    """What the form of that page sends; the record's address then says what became of it."""
    form = await read_form(request)
    check_csrf(request, form.get("csrf", ""))
    address = request.path_params["address"]
    desk = desk_of(request)
    if form.get("act") == "withdraw":
        actor = actor_of(request, Role.PUBLISHER)
        await run_in_threadpool(withdraw_record, desk, address, form.get("reason", ""), actor=actor)
    elif form.get("act") == "remove":
        actor = actor_of(request, Role.ADMINISTRATOR)
        if form.get("sure") != "yes":
            raise BadInput("tick that you are sure: a removal cannot be taken back")
        await run_in_threadpool(
            remove_record, desk, address, form.get("ground", ""), actor=actor,
            erase=form.get("erase") == "yes",
        )  # fmt: skip
    else:
        raise BadInput("the form does not say what to do with the record; load the page again")
    return RedirectResponse(f"/records/{address}", status_code=303)


def _withdraw(request: Request, actor: str, body: Withdrawing) -> EndedFacts:
    done = withdraw_record(desk_of(request), body.record, body.reason, actor=actor)
    return EndedFacts(
        act=done.act.value, edition=done.edition, made_by=done.made_by, made_utc=done.made_utc
    )


def _remove(request: Request, actor: str, body: Removing) -> EndedFacts:
    done = remove_record(desk_of(request), body.record, body.ground, actor=actor, erase=body.erase)
    return EndedFacts(
        act=done.act.act.value, edition=done.act.edition, made_by=done.act.made_by,
        made_utc=done.act.made_utc, also=list(done.also), freed=done.freed_bytes,
    )  # fmt: skip


ROUTES = (
    Route("/record-acts/{address:path}", acts_page, methods=["GET"]),
    Route("/record-acts/{address:path}", act, methods=["POST"]),
)
_ENDED = {
    404: "There is no such record.",
    409: "It is being published.",
    410: "It was removed before.",
}
API = (
    Operation(
        "POST", "/records/withdraw", "Withdraw a record, for good.",
        Role.PUBLISHER, _withdraw, body=Withdrawing, answer=EndedFacts, raises=_ENDED,
    ),
    Operation(
        "POST", "/records/remove", "Remove a record, for law or safety, for good.",
        Role.ADMINISTRATOR, _remove, body=Removing, answer=EndedFacts, raises=_ENDED,
    ),
)  # fmt: skip
