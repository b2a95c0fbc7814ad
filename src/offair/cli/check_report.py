"""A report of findings at the terminal: a table of all, then what there is to look at."""

from __future__ import annotations

from rich.console import Console, Group
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from offair.formats import finding_words as words
from offair.model.finding import EditKind, Finding, Report, WordsFinding

_MARKS = {
    EditKind.VARIANT: ("", "", "underline"),
    EditKind.SUBSTITUTED: ("{~", "~}", "bold yellow"),
    EditKind.ADDED: ("{+", "+}", "bold red"),
    EditKind.LEFT_OUT: ("[-", "-]", "bold cyan"),
    EditKind.ELIDED: ("(", ")", "dim"),
    EditKind.BRACKETED: ("{[", "]}", "magenta"),
}
_SIGNS = {"look": ("!", "bold red"), "open": ("?", "dim"), "good": ("✓", "green")}
_FEW = 3
"""So many findings are shown in full whatever they are."""


def print_report(report: Report) -> None:
    """Print it on the output stream, as wide as the terminal is (80 columns into a pipe)."""
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=False)
    single = report.source is None and len(report.findings) == 1
    if not single:
        _head(console, report)
    shown = [
        (number, one)
        for number, one in enumerate(report.findings, 1)
        if one.words is not WordsFinding.NOT_A_QUOTATION
        and (len(report.findings) <= _FEW or words.tone(one) == "look")
    ]
    for number, one in shown:
        _finding(console, number, one, numbered=not single)
    if any(one.passages for _, one in shown):
        console.print(_legend())
    for _, lines in words.searched(report):
        for line in lines:
            console.print(_text(line, "dim"))
    if len(shown) < len(report.findings) and len(report.findings) > _FEW:
        console.print(
            _text("Every finding in full: --format html --out FILE, or markdown, or json.", "dim")
        )


def _head(console: Console, report: Report) -> None:
    if report.title or report.source:
        console.print(_text(report.title or report.source or "", "bold"))
    console.print(_text(words.summary(report)))
    for remark in report.remarks:
        console.print(_text(f"note: {remark}", "dim"))
    if not report.findings:
        return
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold", expand=True)
    table.add_column("", width=1, no_wrap=True)
    table.add_column("", width=len(str(len(report.findings))), justify="right", no_wrap=True)
    table.add_column("quotation", ratio=5, overflow="fold")
    table.add_column("words", ratio=3)
    table.add_column("speaker", ratio=4)
    for number, one in enumerate(report.findings, 1):
        sign, style = _SIGNS[words.tone(one)]
        quotation = one.quotation
        claimed = quotation.speaker or "–"
        if quotation.speaker and not quotation.certain:
            claimed += " (guessed)"
        table.add_row(
            _text(sign, style),
            _text(str(number), style),
            _text(words.teaser(quotation.printed)),
            _text(one.words.value + (" (provisional)" if one.provisional else ""), style),
            _text(f"{claimed}: {one.speaker.value}"),
        )
    console.print(table)


def _finding(console: Console, number: int, finding: Finding, *, numbered: bool) -> None:
    sign, style = _SIGNS[words.tone(finding)]
    called = words.headline(finding)
    head = f"{sign} {number}. {called}" if numbered else f"{sign} {called}"
    console.print()
    console.print(Rule(_text(head, style), align="left", style="dim"))
    if finding.provisional:
        console.print(_text(f"PROVISIONAL: {finding.provisional}", "bold red"))
        for command in words.confirming(finding):
            console.print(_text(f"after listening: {command}", "dim"), soft_wrap=True)
    console.print(_text("printed", "dim"))
    console.print(Padding(_runs(words.printed_runs(finding)), (0, 0, 0, 2), expand=False))
    for index, piece in enumerate(finding.pieces):
        console.print(_text(f"spoken by {words.voice(piece)}", "dim"))
        spoken = Text()
        if piece.before:
            spoken.append(words.visible(piece.before.rstrip()) + " ", "dim")
        spoken.append_text(_runs(words.spoken_runs(finding, index)))
        if piece.after:
            spoken.append(words.gap(piece.after) + words.visible(piece.after), "dim")
        console.print(Padding(spoken, (0, 0, 0, 2), expand=False))
        where = f"{words.place(piece)}; {words.source(piece)}"
        console.print(Padding(_text(where, "dim"), (0, 0, 0, 2), expand=False))
    for part in words.parts(finding):
        line = _text(f"{part.name}: ", "bold")
        line.append(words.visible(part.value), style if part.leads else "bold")
        line.append(f". {words.visible(part.sentence)}")
        console.print(line)
    for one in words.edits(finding):
        mark = "‼ " if one.critical else "· "
        console.print(
            Padding(
                _text(mark + words.edit_line(one), "bold" if one.critical else ""),
                (0, 0, 0, 2),
                expand=False,
            )
        )
    for reason in finding.reasons:
        console.print(_text(reason))
    _facts(console, finding)


def _facts(console: Console, finding: Finding) -> None:
    said = (
        words.distance(finding),
        words.significance(finding),
        words.longest(finding),
        words.also_said(finding),
        *(f"The same, spelt otherwise: {a} / {b}." for a, b in finding.spellings),
    )
    for one in said:
        if one:
            console.print(_text(one))
    if len(finding.airings) > 1:
        console.print(_text("aired, first airing first", "dim"))
        for airing in finding.airings:
            console.print(Padding(_text(words.airing(airing)), (0, 0, 0, 2), expand=False))
    if finding.alternatives:
        console.print(_text("other places worth a look", "dim"))
        for piece in finding.alternatives:
            line = f"{words.place(piece)}: “{words.teaser(piece.spoken)}”"
            console.print(Padding(_text(line), (0, 0, 0, 2), expand=False))


def _legend() -> Group:
    return Group(
        Text(),
        _text(
            "{~changed~}  {+printed, not spoken+}  [-spoken, left out without a mark-]  "
            "(left out with a mark)  {[in brackets]}  ‼ critical",
            "dim",
        ),
    )


def _runs(runs: tuple[words.Run, ...]) -> Text:
    text = Text()
    for run in runs:
        if run.kind is None or run.kind not in _MARKS:
            text.append(words.visible(run.text))
            continue
        opening, closing, style = _MARKS[run.kind]
        text.append(opening + words.visible(run.text) + closing, style)
        if run.critical:
            text.append("‼", "bold red")
    return text


def _text(text: str, style: str = "") -> Text:
    return Text(words.visible(text), style)
