"""Check: a printed quotation, or every one of an article, held against the archive.

The page keeps nothing: what was found in an article stands in its fields, where it is corrected and
checked again. Without scripts the whole page is sent and answered; with them an article's
quotations are checked a few at a time, so that one sees how far it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from offair.desk import Desk
from offair.desk.browse import open_record
from offair.desk.check_article import LONGEST_QUOTATION, check_article, quotations_in
from offair.desk.check_quote import check_quotes
from offair.desk.share_report import keep_report
from offair.formats import finding_json, finding_words
from offair.model.errors import BadInput, OffairError
from offair.model.finding import Quotation, Report
from offair.model.people import Role
from offair.web import finding_view, finding_wording, wording
from offair.web.api import Model, Operation
from offair.web.check_form import Sent, number_of, quotations, read_date, read_sent
from offair.web.limits import OFTEN
from offair.web.view import desk_of, fragment, page
from offair.web.who import actor_of, may

AT_ONCE = 12
"""Quotations that a script has checked in one request."""
_STYLES = ("find.css", "check.css")
_PASTED = "pasted text"


def within_limit(request: Request) -> None:
    """Raise `TooMany` where somebody checks more often than the application allows, whose
    `state.limited` is asked; without one there is no limit."""
    limited = getattr(request.app.state, "limited", None)
    if limited is not None:
        limited(request)


def check_page(request: Request) -> Response:
    """`/check`: the form; with `?words=` a quotation, checked."""
    params = request.query_params
    sent = Sent(dict(params))
    if not params.get("words", "").strip():
        return _page(request, sent)
    within_limit(request)
    try:
        report = _single(desk_of(request), sent)
    except BadInput as error:
        return _page(request, sent, trouble=error)
    return _page(request, sent, report=report, twin=f"/check.json?{request.url.query}")


def check_data(request: Request) -> Response:
    """`/check.json?words=`: the same as the document that `offair check --format json` writes."""
    within_limit(request)
    report = _single(desk_of(request), Sent(dict(request.query_params)))
    return JSONResponse(finding_json.document(report))


async def check_sent(request: Request) -> Response:
    """What the page sends: `act` is `quotation`, `article`, `again` or `keep`; `part` is what of
    the page is answered: all of it, or `list` and `items` for the page's script."""
    sent = await read_sent(request)
    act = sent.fields.get("act", "quotation")
    if act == "keep":
        actor = actor_of(request, Role.EDITOR)
    within_limit(request)
    answers = {"quotation": _quotation, "article": _article, "again": _again}
    if act == "keep":
        return await run_in_threadpool(_keep, request, sent, actor)
    if act not in answers:
        raise BadInput(f"the page knows no {act[:20]!r}; load it again")
    return await run_in_threadpool(answers[act], request, sent)


def _quotation(request: Request, sent: Sent) -> Response:
    try:
        report = _single(desk_of(request), sent)
    except BadInput as error:
        return _refused(request, sent, error)
    return _whole(request, sent, report)


def _article(request: Request, sent: Sent) -> Response:
    try:
        data, name = _sent_article(sent)
        quoted = quotations_in(
            data, name, language=sent.line("language"), published=sent.date("published")
        )
        given = sent.date("date")
        recording_id = _scope(desk_of(request), sent)
    except BadInput as error:
        return _refused(request, sent, error)
    source = name if sent.file is not None else None
    found = [
        replace(one, date=one.date or given, recording_id=recording_id) for one in quoted.quotations
    ]
    if sent.fields.get("part") == "list":
        empty = Report(
            (), desk_of(request).name, _now(), source, quoted.article.title, quoted.remarks
        )
        if recording_id is not None:
            sent = replace(sent, fields={**sent.fields, "recording": str(recording_id)})
        return _part(request, "check_list.html", sent, empty, waiting=list(enumerate(found, 1)))
    try:
        report = report_on(
            desk_of(request), found, source=source, title=quoted.article.title,
            remarks=quoted.remarks,
        )  # fmt: skip
    except BadInput as error:
        return _refused(request, sent, error)
    return _whole(request, sent, report)


def _again(request: Request, sent: Sent) -> Response:
    try:
        _printed_at(sent)
        found = quotations(sent)
        report = _report_of(desk_of(request), sent, found)
    except BadInput as error:
        return _refused(request, sent, error)
    if sent.fields.get("part") == "items":
        return _part(request, "check_items.html", sent, report, numbers=list(found))
    return _whole(request, sent, report)


def _keep(request: Request, sent: Sent, actor: str) -> Response:
    try:
        found = quotations(sent)
        report = _report_of(desk_of(request), sent, found)
        kept = keep_report(desk_of(request), report, actor=actor)
    except BadInput as error:
        return _refused(request, sent, error)
    return RedirectResponse(f"/reports/{kept.key}", 303)


def _report_of(desk: Desk, sent: Sent, found: Mapping[int, Quotation]) -> Report:
    if not found:
        raise BadInput("no quotation is left to check; write its words")
    remarks = tuple(one for one in sent.fields.get("remarks", "")[:50_000].split("\n") if one)
    return report_on(
        desk, list(found.values()), source=sent.line("source"), title=sent.line("title"),
        remarks=tuple(one.strip() for one in remarks),
        thorough="thorough" in sent.fields,
    )  # fmt: skip


def _single(desk: Desk, sent: Sent) -> Report:
    """The report on one quotation. Raises `BadInput`, `NotFound` (the record, the recording)."""
    words = sent.fields.get("words", "").replace("\r\n", "\n").strip()
    if not words:
        raise BadInput("there is nothing to check; write the printed words")
    if len(words) > LONGEST_QUOTATION:
        raise BadInput(
            f"the quotation has {len(words):,} characters; at most {LONGEST_QUOTATION:,} are "
            "checked as one: paste the article instead"
        )
    _printed_at(sent)
    asked = Quotation(
        _unquoted(words), speaker=sent.line("speaker"), date=sent.date("date"),
        recording_id=_scope(desk, sent), language=sent.line("language"),
    )  # fmt: skip
    return report_on(desk, [asked], thorough="thorough" in sent.fields)


def _unquoted(words: str) -> str:
    """Words without one pair of quotation marks around all of them."""
    pairs = {"“": "”", '"': '"', "„": "“", "«": "»", "»": "«", "「": "」", "『": "』"}
    inner = words[1:-1]
    if len(words) > 2 and pairs.get(words[0]) == words[-1]:
        return words if words[0] in inner or words[-1] in inner else inner.strip()
    return words


def _scope(desk: Desk, sent: Sent) -> int | None:
    record = sent.line("record")
    recording_id = number_of(sent, "recording")
    if record is None:
        return recording_id
    return open_record(desk, record.strip("/").removeprefix("records/")).clip.recording_id


def report_on(
    desk: Desk,
    asked: Sequence[Quotation],
    *,
    source: str | None = None,
    title: str | None = None,
    remarks: tuple[str, ...] = (),
    thorough: bool = False,
) -> Report:
    """The report on quotations. Raises `BadInput` with what cannot be checked, and what
    `check_quotes` raises."""
    for number, one in enumerate(asked, 1):
        if one.is_speech and len(one.printed) > LONGEST_QUOTATION:
            raise BadInput(
                f"quotation {number} has {len(one.printed):,} characters, more than the "
                f"{LONGEST_QUOTATION:,} that are checked as one; is a quotation mark missing near "
                f"“{one.printed[:40]}”?"
            )
    findings = check_quotes(desk, asked, thorough=thorough)
    return Report(findings, desk.name, _now(), source, title, remarks)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _sent_article(sent: Sent) -> tuple[bytes, str]:
    """The article's bytes and its name. Raises `BadInput` where nothing was sent."""
    if sent.file is not None:
        name, data = sent.file
        return data, name.replace("\\", "/").rpartition("/")[2] or _PASTED
    html = sent.fields.get("html", "")
    if html.strip():
        return f'<!DOCTYPE html><meta charset="utf-8">{html}'.encode(), f"{_PASTED}.html"
    text = sent.fields.get("text", "")
    if not text.strip():
        raise BadInput("there is nothing to check; paste the article or choose its file")
    return text.encode(), f"{_PASTED}.txt"


def _page(
    request: Request,
    sent: Sent,
    *,
    report: Report | None = None,
    trouble: OffairError | None = None,
    twin: str | None = None,
) -> Response:
    return page(
        request, "check.html", status=400 if trouble else 200, styles=_STYLES, scripts=("check",),
        twin=twin, **_values(request, sent, report, trouble),
    )  # fmt: skip


def _whole(request: Request, sent: Sent, report: Report) -> Response:
    """The findings: as a page, or as what the page's script puts into it."""
    if sent.fields.get("part"):
        return _part(request, "check_list.html", sent, report, waiting=[])
    return _page(request, sent, report=report)


def _refused(request: Request, sent: Sent, error: BadInput) -> Response:
    if sent.fields.get("part"):
        return fragment("check_trouble.html", trouble=_said(error))
    return _page(request, sent, trouble=error)


def _part(request: Request, template: str, sent: Sent, report: Report, **more: Any) -> Response:
    values = _values(request, sent, report, None, numbers=more.pop("numbers", None))
    return fragment(template, csrf=getattr(request.state, "csrf", None), **(values | more))


def _values(
    request: Request,
    sent: Sent,
    report: Report | None,
    trouble: OffairError | None,
    numbers: Sequence[int] | None = None,
) -> dict[str, Any]:
    found = report.findings if report is not None else ()
    numbered = zip(numbers or range(1, len(found) + 1), found, strict=True)
    fields = dict(sent.fields)
    if report is not None and found and found[0].quotation.recording_id is not None:
        fields["recording"] = str(found[0].quotation.recording_id)
    return {
        "given": fields,
        "report": report,
        "items": [finding_view.item(number, one) for number, one in numbered],
        "waiting": [],
        "numbers": numbers,
        "counts": finding_view.counts(report) if report is not None else None,
        "searched": finding_wording.searched(report) if report is not None and found else [],
        "legend": finding_view.legend(),
        "first": finding_words.first_to_look_at(report) if report is not None else (),
        "notice": finding_wording.notice(report) if report is not None else "",
        "trouble": _said(trouble) if trouble else None,
        "may_keep": may(request, Role.EDITOR),
        "may_hear": may(request, Role.EDITOR),
        "printed_at": None if trouble else _printed_at(sent),
        "editable": True,
        "linked": True,
        "at_once": AT_ONCE,
    }


def _printed_at(sent: Sent) -> int | None:
    """The time at which the words are said to stand in the recording, where one was given. Raises
    `BadInput`."""
    given = sent.line("at")
    return wording.read_time(given) if given else None


def _said(error: OffairError) -> str:
    message = str(error)
    return f"{message[:1].upper()}{message[1:]}.".replace("..", ".")


class ToCheck(Model):
    """A printed quotation."""

    printed: str = Field(min_length=1, max_length=LONGEST_QUOTATION, description="Marks off.")
    speaker: str | None = Field(None, max_length=300, description="Who is said to have said it.")
    date: str | None = Field(None, max_length=40, description="ISO 8601, as far as it is known.")
    recording: int | None = Field(None, ge=0, le=2**53, description="Look there alone.")
    language: str | None = Field(None, max_length=40, description="BCP 47.")
    context: str = Field("", max_length=20_000, description="The printed sentence around it.")
    is_speech: bool = Field(True, description="False for a title or a term.")

    def quotation(self) -> Quotation:
        """The same as the desk reads it. Raises `BadInput`."""
        return Quotation(
            self.printed, speaker=self.speaker or None, date=read_date(self.date),
            recording_id=self.recording, language=self.language or None, context=self.context,
            is_speech=self.is_speech,
        )  # fmt: skip


class QuotationsToCheck(Model):
    """Quotations to hold against the archive."""

    quotations: list[ToCheck] = Field(min_length=1, max_length=500)
    thorough: bool = Field(False, description="Look at more places, and scan every word.")


class ArticleToCheck(Model):
    """An article whose quotations are all checked."""

    text: str = Field(min_length=1, max_length=2_000_000)
    name: str = Field("article.txt", max_length=200, description="Its ending says the format.")
    published: str | None = Field(None, max_length=40, description="The article's own day.")
    language: str | None = Field(None, max_length=40, description="BCP 47.")


def _check_quotations(request: Request, _actor: str, body: QuotationsToCheck) -> Response:
    within_limit(request)
    asked = [one.quotation() for one in body.quotations]
    report = report_on(desk_of(request), asked, thorough=body.thorough)
    return JSONResponse(finding_json.document(report))


def _check_article(request: Request, _actor: str, body: ArticleToCheck) -> Response:
    within_limit(request)
    report = check_article(
        desk_of(request), body.text.encode(), body.name, check=check_quotes,
        language=body.language or None, published=read_date(body.published),
    )  # fmt: skip
    return JSONResponse(finding_json.document(report))


ROUTES = (
    Route("/check", check_page, methods=["GET"]),
    Route("/check", check_sent, methods=["POST"]),
    Route("/check.json", check_data),
)
API = (
    Operation(
        "POST", "/check/quotations",
        "Hold quotations against the archive; the answer is a report (finding-json).",
        Role.READER, _check_quotations, body=QuotationsToCheck,
        raises={
            404: "The desk has no such recording.", 429: OFTEN,
            503: "The index was not made yet.",
        },
    ),
    Operation(
        "POST", "/check/article",
        "Hold every quotation of an article against the archive; the answer is a report.",
        Role.READER, _check_article, body=ArticleToCheck,
        raises={429: OFTEN, 503: "The index was not made yet."},
    ),
)  # fmt: skip
