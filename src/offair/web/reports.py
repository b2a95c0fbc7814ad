"""Shared reports of findings: at an address that cannot be guessed, as they stood when kept."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from offair.desk.share_report import end_report, keep_report, list_reports, read_report
from offair.formats import finding_html, finding_json, finding_markdown, finding_words
from offair.model.desk_lists import SharedReport
from offair.model.finding import Report
from offair.model.people import Role
from offair.web import finding_view, finding_wording
from offair.web.api import Model, Operation
from offair.web.check import QuotationsToCheck, report_on, within_limit
from offair.web.forms import read_form
from offair.web.limits import OFTEN
from offair.web.view import desk_of, number_asked, page
from offair.web.who import account_of, actor_of, may

_STYLES = ("find.css", "check.css")
_PRIVATE = {"x-robots-tag": "noindex, nofollow", "referrer-policy": "no-referrer"}
"""The address is the only key: it is kept from search engines and from other sites."""
_AT_ONCE = 50


def reports_page(request: Request) -> Response:
    """`/reports`: what was shared, newest first, for those who work at the desk."""
    actor_of(request, Role.EDITOR)
    rows = list_reports(
        desk_of(request), before=number_asked(request, "before"), limit=_AT_ONCE + 1
    )
    more = rows[_AT_ONCE - 1].id if len(rows) > _AT_ONCE else None
    if request.url.path.endswith(".json"):
        told = [KeptReport.of(one).model_dump() for one in rows[:_AT_ONCE]]
        following = f"/reports.json?before={more}" if more else None
        return JSONResponse({"reports": told, "next": following})
    return page(
        request, "reports.html", styles=_STYLES, rows=rows[:_AT_ONCE], more=more,
        moment=finding_wording.moment,
        may_end=lambda one: _may_end(request, one), twin="/reports.json",
    )  # fmt: skip


def report_page(request: Request) -> Response:
    """`/reports/{key}`: a report as it stood."""
    kept, report = _read(request)
    answer = page(
        request, "report.html", styles=_STYLES, scripts=("check",),
        twin=f"/reports/{kept.key}.json", linked=account_of(request) is not None,
        may_end=_may_end(request, kept),
        **_values(kept, report),
    )  # fmt: skip
    answer.headers.update(_PRIVATE)
    return answer


def _values(kept: SharedReport, report: Report) -> dict[str, Any]:
    return {
        "kept": kept,
        "moment": finding_wording.moment,
        "printed_at": None,
        "waiting": [],
        "numbers": None,
        "report": report,
        "items": [finding_view.item(number, one) for number, one in enumerate(report.findings, 1)],
        "counts": finding_view.counts(report),
        "searched": finding_wording.searched(report),
        "legend": finding_view.legend(),
        "first": finding_words.first_to_look_at(report),
        "notice": finding_wording.notice(report),
        "editable": False,
        "may_hear": False,
        "given": {},
    }


def report_data(request: Request) -> Response:
    """`/reports/{key}.json`: the document as it was kept."""
    _kept, report = _read(request)
    return JSONResponse(finding_json.document(report), headers=_PRIVATE)


def report_markdown(request: Request) -> Response:
    """`/reports/{key}.md`: for notes."""
    kept, report = _read(request)
    headers = _PRIVATE | {"content-disposition": f'attachment; filename="report-{kept.id}.md"'}
    text = finding_markdown.write(report)
    return Response(text, media_type="text/markdown; charset=utf-8", headers=headers)


def report_file(request: Request) -> Response:
    """`/reports/{key}.html`: one file that needs nothing else, to be mailed or kept."""
    kept, report = _read(request)
    headers = _PRIVATE | {"content-disposition": f'attachment; filename="report-{kept.id}.html"'}
    text = finding_html.write(report)
    return Response(text, media_type="text/html; charset=utf-8", headers=headers)


async def end(request: Request) -> Response:
    """`/reports/{key}/end`: the form that takes a report back."""
    actor = actor_of(request, Role.EDITOR)
    await read_form(request)
    await run_in_threadpool(_end, request, actor, None)
    return RedirectResponse("/reports", 303)


def _read(request: Request) -> tuple[SharedReport, Report]:
    public = account_of(request) is None
    return read_report(desk_of(request), request.path_params["key"], public=public)


def _may_end(request: Request, kept: SharedReport) -> bool:
    account = account_of(request)
    if account is None or kept.ended_utc is not None or not may(request, Role.EDITOR):
        return False
    return account.name == kept.made_by or may(request, Role.ADMINISTRATOR)


class ReportToKeep(QuotationsToCheck):
    """Quotations to check once more and to keep the findings of."""

    title: str | None = Field(None, max_length=300)
    source: str | None = Field(None, max_length=300, description="Name of the article's file.")


class KeptReport(Model):
    """A report that is kept. address: for everybody to whom it is given."""

    key: str
    address: str
    title: str
    made_by: str
    made_utc: str
    ended_utc: str | None

    @classmethod
    def of(cls, kept: SharedReport) -> KeptReport:
        """The same as an answer."""
        return cls(
            key=kept.key, address=f"/reports/{kept.key}", title=kept.title, made_by=kept.made_by,
            made_utc=kept.made_utc, ended_utc=kept.ended_utc,
        )  # fmt: skip


def _keep(request: Request, actor: str, body: ReportToKeep) -> KeptReport:
    within_limit(request)
    report = report_on(
        desk_of(request), [one.quotation() for one in body.quotations], source=body.source,
        title=body.title, thorough=body.thorough,
    )  # fmt: skip
    return KeptReport.of(keep_report(desk_of(request), report, actor=actor))


def _end(request: Request, actor: str, _body: None) -> KeptReport:
    key = request.path_params["key"]
    anybodys = may(request, Role.ADMINISTRATOR)
    return KeptReport.of(end_report(desk_of(request), key, actor=actor, anybodys=anybodys))


ROUTES = (
    Route("/reports", reports_page),
    Route("/reports.json", reports_page),
    Route("/reports/{key:str}.json", report_data),
    Route("/reports/{key:str}.md", report_markdown),
    Route("/reports/{key:str}.html", report_file),
    Route("/reports/{key:str}/end", end, methods=["POST"]),
    Route("/reports/{key:str}", report_page),
)
API = (
    Operation(
        "POST", "/reports", "Check quotations and keep the report at an address of its own.",
        Role.EDITOR, _keep, body=ReportToKeep, answer=KeptReport, status=201,
        raises={
            404: "The desk has no such recording.", 429: OFTEN,
            503: "The index was not made yet.",
        },
    ),
    Operation(
        "DELETE", "/reports/{key}", "End a report that is shared.", Role.EDITOR, _end,
        answer=KeptReport,
    ),
)  # fmt: skip
