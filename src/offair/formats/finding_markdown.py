"""A report of findings as Markdown, for notes and for colleagues."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from offair.formats import finding_words as words
from offair.model.finding import Coverage, EditKind, Finding, Report, WordsFinding

_SPECIAL_RE = regex.compile(
    r"([\\`*_{}\[\]()<>#+!|~&@-]|(?<=www)\.|(?<=[A-Za-z]):(?=//))", regex.IGNORECASE
)
_MARKS = {
    EditKind.SUBSTITUTED: ("**", "**"),
    EditKind.ADDED: ("**+", "**"),
    EditKind.LEFT_OUT: ("~~", "~~"),
    EditKind.ELIDED: ("(", ")"),
    EditKind.BRACKETED: ("*", "*"),
}


def write(report: Report) -> str:
    """The report as Markdown. Text of the article and of the archive is escaped: none of it can
    make a link, a picture or HTML."""
    return "\n".join(_lines(report)).rstrip() + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {_plain(report.title or report.source or 'Quotation checked')}"
    yield ""
    named = f" {_plain(report.source)}," if report.source else ""
    yield f"Checked:{named} by {_plain(report.desk)}, {_plain(report.made_utc)}."
    yield ""
    yield _plain(words.summary(report))
    look = words.first_to_look_at(report)
    if look:
        yield ""
        yield f"Look first at: {', '.join(str(one) for one in look)}."
    if report.remarks:
        yield ""
        yield from (f"- {_plain(one)}" for one in report.remarks)
    speech = [
        (number, one)
        for number, one in enumerate(report.findings, 1)
        if one.words is not WordsFinding.NOT_A_QUOTATION
    ]
    for number, one in speech:
        yield ""
        yield from _finding(number, one)
    others = [
        (number, one)
        for number, one in enumerate(report.findings, 1)
        if one.words is WordsFinding.NOT_A_QUOTATION
    ]
    if others:
        yield ""
        yield "## Titles, terms and the like"
        yield ""
        yield from (f"- {number}: “{_plain(one.quotation.printed)}”" for number, one in others)
    yield from _searched(report)
    if speech:
        yield ""
        yield (
            "Marks: **changed**, **+printed, not spoken**, ~~spoken, left out without a mark~~, "
            "(spoken, left out with a mark), *in brackets*; ‼ critical."
        )


def _code(command: str) -> str:
    """A command to be copied: fenced by more marks than any run of them inside it."""
    fence = "`" * (1 + max(map(len, regex.findall("`+", command)), default=0))
    return f"{fence} {command} {fence}"


def _finding(number: int, finding: Finding) -> Iterator[str]:
    quotation = finding.quotation
    yield f"## {number}. {_plain(words.headline(finding))}"
    yield ""
    if finding.provisional:
        yield f"**Provisional: {_plain(finding.provisional)}.**"
        for command in words.confirming(finding):
            yield ""
            yield f"After listening: {_code(command)}"
        yield ""
    yield f"> {_runs(words.printed_runs(finding))}"
    yield ""
    if quotation.date:
        yield f"- Date claimed: {_plain(str(quotation.date))}"
    for part in words.parts(finding):
        yield f"- {part.name}: **{_plain(part.value)}**. {_plain(part.sentence)}"
    yield from (f"- {_plain(one)}" for one in finding.reasons)
    changes = words.edits(finding)
    if changes:
        yield "- Edits, critical ones first:"
        yield from (f"  - {'‼ ' if one.critical else ''}{_plain(words.edit_line(one))}"
                    for one in changes)  # fmt: skip
    for index, piece in enumerate(finding.pieces):
        yield ""
        yield f"{_plain(words.place(piece))}; {_plain(words.voice(piece))}; "
        yield f"{_plain(words.source(piece))}:"
        yield ""
        before = f"{_plain(piece.before)} " if piece.before else ""
        after = f"{words.gap(piece.after)}{_plain(piece.after)}" if piece.after else ""
        yield f"> {before}⟦{_runs(words.spoken_runs(finding, index))}⟧{after}"
    said = [
        words.distance(finding), words.significance(finding), words.longest(finding),
        words.also_said(finding),
    ]  # fmt: skip
    told = [_plain(one) for one in said if one]
    told += [f"The same, spelt otherwise: {_plain(a)} / {_plain(b)}." for a, b in finding.spellings]
    if told:
        yield ""
        yield " ".join(told)
    if len(finding.airings) > 1:
        yield ""
        yield "Aired, first airing first:"
        yield ""
        yield from (f"- {_plain(words.airing(one))}" for one in finding.airings)
    if finding.alternatives:
        yield ""
        yield "Other places worth a look:"
        yield ""
        yield from (f"- {_plain(words.place(one))}: “{_plain(one.spoken)}”"
                    for one in finding.alternatives)  # fmt: skip


def _searched(report: Report) -> Iterator[str]:
    for number, (coverage, lines) in enumerate(words.searched(report)):
        yield ""
        if not number:
            yield "## What was searched"
            yield ""
        yield from (f"{_plain(one)}  " for one in lines)
        yield from _channels(coverage)


def _channels(coverage: Coverage) -> Iterator[str]:
    if coverage.channels:
        yield ""
        yield "| channel | from | to | recordings | hours held | hours with text | gaps |"
        yield "|---|---|---|---|---|---|---|"
        for one in coverage.channels:
            yield (
                f"| {_plain(one.channel)} | {_plain(one.first or '–')} | {_plain(one.last or '–')} "
                f"| {one.recordings:,} | {one.held_hours:,.1f} | {one.transcribed_hours:,.1f} "
                f"| {one.gaps:,} ({one.gap_hours:,.1f} h) |"
            )


def _runs(runs: tuple[words.Run, ...]) -> str:
    return "".join(_run(one) for one in runs).strip()


def _run(run: words.Run) -> str:
    body = _plain(run.text)
    if not body:
        return " " if run.text else ""
    # Emphasis takes effect only where it touches the words: spaces at the edges stay outside.
    lead, tail = " " * run.text[:1].isspace(), " " * run.text[-1:].isspace()
    if run.kind not in _MARKS:
        return f"{lead}{body}{tail}"
    opening, closing = _MARKS[run.kind]
    return f"{lead}{opening}{body}{closing}{'‼' if run.critical else ''}{tail}"


def _plain(text: str) -> str:
    """Text in one line with everything escaped that Markdown would read as a mark."""
    folded = " ".join(words.visible(text).split())
    escaped = _SPECIAL_RE.sub(r"\\\1", folded)
    return regex.sub(r"^(\d+)([.)])", r"\1\\\2", escaped)
