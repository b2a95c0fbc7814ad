"""The house style sheet: its rules, a form for them, and a text held against it."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from offair.desk.style_sheet import hold_against, list_rules, remove_rule, save_rule
from offair.model.desk_lists import DATE_FORMS, StyleKind, StyleRule
from offair.model.errors import BadInput
from offair.model.people import Role
from offair.web.api import Model, Operation
from offair.web.forms import read_form
from offair.web.view import desk_of, page
from offair.web.who import actor_of, may


def sheet(request: Request) -> Response:
    """`/style`: every rule; who may change them sees forms."""
    rules = list_rules(desk_of(request))
    if request.url.path.endswith(".json"):
        return JSONResponse({"rules": [_facts(one) for one in rules]})
    return page(
        request,
        "style_sheet.html",
        styles=("names.css",),
        rules=rules,
        kinds=list(StyleKind),
        date_forms=DATE_FORMS,
        may_change=may(request, Role.EDITOR),
        twin="/style.json",
    )


async def save(request: Request) -> Response:
    """The form of one rule: makes it, changes it, or takes it off the sheet."""
    actor = actor_of(request, Role.EDITOR)
    form = await read_form(request)
    number = form.get("id", "")
    if (number and not number.isascii()) or (number and not number.isdigit()):
        raise BadInput(f"{number[:20]!r} is no number of a rule")
    desk = desk_of(request)
    if "remove" in form and number:
        await run_in_threadpool(remove_rule, desk, int(number), actor=actor)
        return RedirectResponse("/style", 303)
    rule = StyleRule(
        _kind(form.get("kind", "")),
        form.get("off", ""),
        form.get("house", "").strip() or None,
        form.get("note", "").strip() or None,
        form.get("language", "").strip() or None,
        int(number or 0),
    )
    await run_in_threadpool(save_rule, desk, rule, actor=actor)
    return RedirectResponse("/style", 303)


def _kind(text: str) -> StyleKind:
    try:
        return StyleKind(text)
    except ValueError as error:
        raise BadInput(f"{text[:20]!r} is no kind of rule; spelling, term or date") from error


def _facts(one: StyleRule) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind.value,
        "off": one.off,
        "house": one.house,
        "note": one.note,
        "language": one.language,
    }


class StyleText(Model):
    """A text to hold against the sheet."""

    text: str = Field(max_length=200_000)
    language: str | None = Field(default=None, max_length=40, description="BCP 47.")


class FoundMark(Model):
    """A stretch of the text that is off the sheet; characters, half-open."""

    start: int
    end: int
    found: str
    proposal: str | None
    reason: str
    rule: int | None


class FoundMarks(Model):
    """What is off, in order."""

    marks: list[FoundMark]


def _hold(request: Request, _actor: str, body: StyleText) -> FoundMarks:
    found = hold_against(desk_of(request), body.text, body.language)
    fields = FoundMark.model_fields
    return FoundMarks(
        marks=[FoundMark(**{name: getattr(one, name) for name in fields}) for one in found]
    )


ROUTES = (
    Route("/style", sheet, methods=["GET"]),
    Route("/style", save, methods=["POST"]),
    Route("/style.json", sheet),
)
API = (
    Operation(
        "POST", "/style/marks", "Hold a text against the style sheet and the names list.",
        Role.READER, _hold, body=StyleText, answer=FoundMarks,
    ),
)  # fmt: skip
