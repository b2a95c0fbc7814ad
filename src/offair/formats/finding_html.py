"""A report of findings as a web page that stands alone: no scripts, nothing fetched.

Everything of the article and of the archive is escaped; a content security policy allows the
page's own style and nothing else. No mark rests on colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import regex
from markupsafe import Markup, escape

from offair.formats import finding_words as words
from offair.formats.standing_page import environment, policy
from offair.model.finding import Coverage, EditKind, Finding, Piece, Report, WordsFinding

_CSS = {
    EditKind.VARIANT: "variant",
    EditKind.SUBSTITUTED: "changed",
    EditKind.ADDED: "added",
    EditKind.LEFT_OUT: "left-out",
    EditKind.ELIDED: "elided",
    EditKind.BRACKETED: "bracketed",
}
_QUOTED_RE = regex.compile(r"“[^“”]*”")
_ACTING_RE = regex.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that act instead of being seen: terminals' controls, turns of the reading direction
(elements isolate what they hold; a turn copied out of one would not be)."""
_TONES = {"look": "to look at", "open": "nothing to go by", "good": "as spoken"}


@dataclass(frozen=True, slots=True)
class _Mark:
    text: str
    css: str = ""
    note: str = ""
    critical: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    piece: Piece
    where: Markup
    name: str
    sure: str
    source: str
    marks: tuple[_Mark, ...]


@dataclass(frozen=True, slots=True)
class _Edit:
    line: Markup
    critical: bool


@dataclass(frozen=True, slots=True)
class _Item:
    number: int
    finding: Finding
    headline: str
    worst: str
    tone: str
    tone_name: str
    parts: tuple[words.Part, ...]
    printed: tuple[_Mark, ...]
    places: tuple[_Place, ...]
    edits: tuple[_Edit, ...]
    reasons: tuple[Markup, ...]
    facts: tuple[Markup, ...]
    airings: tuple[Markup, ...]
    alternatives: tuple[tuple[Markup, str], ...]
    guess: str
    confirming: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Searched:
    coverage: Coverage
    lines: tuple[Markup, ...]


def write(report: Report) -> str:
    """The report as a complete HTML page."""
    style = _style()
    items = [_item(number, one) for number, one in enumerate(report.findings, 1)]
    speech = [one for one in items if one.finding.words is not WordsFinding.NOT_A_QUOTATION]
    kinds = {passage.kind for one in report.findings for passage in one.passages}
    page = (
        environment()
        .get_template("finding.html.jinja")
        .render(
            report=report,
            gap=words.gap,
            title=report.title or report.source or "Quotation checked",
            summary=words.summary(report),
            look=[items[number - 1] for number in words.first_to_look_at(report)],
            teaser=words.teaser,
            made=words.made(report),
            speech=speech,
            others=[one for one in items if one.finding.words is WordsFinding.NOT_A_QUOTATION],
            notice=words.notice(report),
            legend=[(css, words.EDITS[kind]) for kind, css in _CSS.items() if kind in kinds],
            critical=any(p.critical for one in report.findings for p in one.passages),
            searched=[
                _Searched(one, tuple(isolated(line) for line in lines))
                for one, lines in words.searched(report)
            ],
            style=Markup(style),
            policy=policy(style),
        )
    )
    return _ACTING_RE.sub("\ufffd", page)


def _item(number: int, finding: Finding) -> _Item:
    said = [
        words.distance(finding),
        words.significance(finding),
        words.longest(finding),
        words.also_said(finding),
        *(f"The same, spelt otherwise: {a} / {b}." for a, b in finding.spellings),
    ]
    tone = words.tone(finding)
    return _Item(
        number=number,
        finding=finding,
        headline=words.headline(finding),
        worst=words.worst(finding),
        tone=tone,
        tone_name=_TONES[tone],
        parts=words.parts(finding),
        printed=_marks(words.printed_runs(finding)),
        places=tuple(
            _Place(
                piece,
                isolated(words.place(piece), (piece.channel,)),
                words.voice_name(piece),
                words.sure(piece),
                words.source(piece),
                _marks(words.spoken_runs(finding, index)),
            )
            for index, piece in enumerate(finding.pieces)
        ),
        edits=tuple(
            _Edit(isolated(words.edit_line(one)), one.critical) for one in words.edits(finding)
        ),
        reasons=tuple(isolated(one, _names(finding)) for one in finding.reasons),
        facts=tuple(isolated(one) for one in said if one),
        airings=tuple(isolated(words.airing(one), (one.channel,)) for one in finding.airings),
        alternatives=tuple(
            (isolated(words.place(one), (one.channel,)), one.spoken) for one in finding.alternatives
        ),
        guess=words.guess(finding.quotation),
        confirming=words.confirming(finding),
    )


def isolated(sentence: str, names: Iterable[str | None] = ()) -> Markup:
    """An English sentence with what it quotes, and these names, kept from turning its direction:
    Arabic or Hebrew inside it would else drag the words around it along."""
    parts = [_QUOTED_RE.pattern, *(regex.escape(one) for one in names if one)]
    at, made = 0, Markup()
    for match in regex.finditer("|".join(parts), sentence):
        made += escape(sentence[at : match.start()])
        made += Markup("<bdi>{}</bdi>").format(match.group())
        at = match.end()
    return made + escape(sentence[at:])


def _names(finding: Finding) -> tuple[str | None, ...]:
    return (finding.quotation.speaker, *(words.voice_name(one) for one in finding.pieces))


def _marks(runs: tuple[words.Run, ...]) -> tuple[_Mark, ...]:
    return tuple(
        _Mark(one.text, _CSS.get(one.kind, "") if one.kind else "", one.note, one.critical)
        for one in runs
    )


@cache
def _style() -> str:
    return (files("offair.formats") / "templates" / "finding.css").read_text(encoding="utf-8")
