"""Keep a report of findings at an address that cannot be guessed, read it there, and end it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import replace

from offair.desk import Desk
from offair.formats import finding_json
from offair.model.desk_lists import SharedReport
from offair.model.errors import BadInput, Gone, NotFound, Refused
from offair.model.finding import Finding, Piece, Report, SpeakerFinding
from offair.model.record import WITHHELD
from offair.store import Transaction
from offair.text.tokenise import tokens

_KEY_BYTES = 24
"""192 bits: nobody finds an address by trying."""
_KEY_RE = re.compile(r"[A-Za-z0-9_-]{32}", re.ASCII)
_LONGEST_TITLE = 300
_QUOTED_RE = re.compile(r"(“[^“”]*”)")


def keep_report(desk: Desk, report: Report, *, actor: str) -> SharedReport:
    """Keep a report as it stands; it says when it was made and on what it rests, and no later
    change of the archive changes it. Raises `BadInput` where it holds no finding."""
    if not report.findings:
        raise BadInput("the report holds no finding, so there is nothing to share")
    title = " ".join(
        (report.title or report.source or report.findings[0].quotation.printed).split()
    )
    title = title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"
    document = finding_json.write(report)
    with desk.catalogue.transaction() as tx:
        kept = tx.add_shared_report(secrets.token_urlsafe(_KEY_BYTES), title, document, actor=actor)
        # The log names the report by its number: who reads the log needs no key to it.
        tx.note_act(actor, "keep_report", "report", kept.id)
    return kept


def read_report(desk: Desk, key: str, *, public: bool) -> tuple[SharedReport, Report]:
    """The report at an address, and its findings, less the names of those who are withheld now.

    public: for somebody who is not logged in. Raises `NotFound`, `Gone` (it was ended), `Refused`
    (public, and the terms of a channel keep its text inside the desk).
    """
    with desk.catalogue.snapshot() as tx:
        kept = _kept(tx, key)
        if kept.ended_utc is not None:
            raise Gone("this report was taken back; ask who sent it for a new one")
        report = finding_json.read(kept.document, source="the report")
        if public:
            _check_terms(tx, report)
        findings = tuple(_as_shown(tx, one) for one in report.findings)
    return kept, replace(report, findings=findings)


def list_reports(desk: Desk, *, before: int | None = None, limit: int = 50) -> list[SharedReport]:
    """Reports that were kept, newest first, without their documents. before: a report's id."""
    with desk.catalogue.snapshot() as tx:
        return list(tx.shared_reports(before_id=before, limit=limit))


def end_report(desk: Desk, key: str, *, actor: str, anybodys: bool = False) -> SharedReport:
    """End a report: its address says that it is gone. anybodys: the actor may end others' too.

    Raises `NotFound`, `Refused` where somebody else made it.
    """
    with desk.catalogue.transaction() as tx:
        kept = _kept(tx, key)
        if kept.made_by != actor and not anybodys:
            raise Refused(
                f"{kept.made_by} made this report; only {kept.made_by} or an administrator ends it"
            )
        if kept.ended_utc is not None:
            return kept
        ended = tx.end_shared_report(key)
        tx.note_act(actor, "end_report", "report", kept.id)
    return ended


def _kept(tx: Transaction, key: str) -> SharedReport:
    if _KEY_RE.fullmatch(key) is None:
        raise NotFound("there is no report at this address; ask who sent it for a new one")
    return tx.shared_report(key)


def _check_terms(tx: Transaction, report: Report) -> None:
    shown = {one.channel for finding in report.findings for one in _pieces(finding)}
    for channel in tx.channels():
        if channel.name in shown and not tx.channel_terms(channel.id or 0).text:
            raise Refused(
                f"this report shows words of {channel.name}, whose terms keep its text inside the "
                "desk; log in to read it"
            )


def _pieces(finding: Finding) -> Sequence[Piece]:
    return (*finding.pieces, *finding.alternatives)


def _as_shown(tx: Transaction, finding: Finding) -> Finding:
    """A finding without the names of those who were withheld since."""
    hidden: set[tuple[str, ...]] = set()
    for recording_id in {one.recording_id for one in _pieces(finding)}:
        hidden |= {_row(one.name) for one in tx.withheld(recording_id)}
    hidden.discard(())
    named = {one for piece in _pieces(finding) for one in (piece.speaker, piece.author) if one}
    gone = sorted((one for one in named if _row(one) in hidden), key=len, reverse=True)
    if not gone:
        return finding
    return replace(
        finding,
        pieces=tuple(_without(one, gone) for one in finding.pieces),
        alternatives=tuple(_without(one, gone) for one in finding.alternatives),
        reasons=tuple(_said(one, gone) for one in finding.reasons),
        # Who is named by the print would else be confirmed, or told apart, by this report.
        speaker=SpeakerFinding.UNCONFIRMED,
        leads="words" if finding.leads == "speaker" else finding.leads,
    )


def _without(piece: Piece, gone: Sequence[str]) -> Piece:
    speaker = None if piece.speaker in gone else piece.speaker
    author = None if piece.author in gone else piece.author
    if (speaker, author) == (piece.speaker, piece.author):
        return piece
    return replace(piece, speaker=speaker, author=author, confirmed=False)


def _said(reason: str, gone: Sequence[str]) -> str:
    """A reason with these names replaced, but in what it quotes: those words stand in the text."""
    parts = _QUOTED_RE.split(reason)
    for name in gone:
        parts[::2] = [one.replace(name, WITHHELD) for one in parts[::2]]
    return "".join(parts)


def _row(name: str) -> tuple[str, ...]:
    return tuple(one.form for one in tokens(name))
