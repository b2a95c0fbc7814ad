"""Hansard as digitised XML: `member` and `membercontribution` in paragraphs of sections.

The markup of the digitised volumes of the parliament at Westminster (1803–2005), as the parser at
millbank/hansard reads it. Column numbers and page images are no words; headings, times and
procedural lines are marks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from offair.formats.record_roles import ROLES, TITLES, kind_of_label
from offair.formats.spoken_document import SpokenDocument, SpokenTurn, TurnText, with_marks_between
from offair.formats.xml_tree import Node, parse
from offair.model.errors import BadInput
from offair.model.record import Remark, Severity
from offair.model.time import MONTHS, DateKind, PartialDate
from offair.model.transcript import Mark, MarkKind, SpeakerKind

ROOTS = {
    "housecommons": "House of Commons",
    "houselords": "House of Lords",
    "westminsterhall": "Westminster Hall",
    "grandcommitteereport": "Grand Committee",
    "lordswrittenanswers": "House of Lords",
    "commonswrittenanswers": "House of Commons",
    "writtenanswers": "Written Answers",
    "lordswrittenstatements": "House of Lords",
    "commonswrittenstatements": "House of Commons",
    "writtenstatements": "Written Statements",
    "hansard": "Hansard",
}
"""Root elements, lower case without underscores, and whose proceedings they hold."""

_FURNITURE = {"col": "column numbers", "image": "page images", "a": "anchors"}
_TABLES = frozenset(("table", "division", "ul", "ol"))
_CLOCK_RE = re.compile(r"\W*\d{1,2}(?:[.·:]\d{1,2})?\s*(?:[ap]\.?m\.?|noon|midnight)\W*", re.I)
_NEW_LINE, _TABLE = "\x0b", "\x0e"
_BRACKET_RE = re.compile(rf"\[[^\[\]{_NEW_LINE}{_TABLE}]{{1,600}}\]|{_NEW_LINE}|{_TABLE}")
_STAGE_RE = re.compile(r"\[\W*(?:interruption|laughter|hon\. members?|cheers)\b", re.I)
_NUMBER_RE = re.compile(r"\s*(?:[QT]?\d{1,3}\.|\d{1,3}(?:, \d{1,3})* (?:and|to) \d{1,3}\.)\s*")
_NAMED_RE = re.compile(r"(?P<office>.{2,160}?)\s*\((?P<name>[^()]{3,80})\)\s*")
_MONTHS = {name.lower(): place for place, name in enumerate(MONTHS, 1)}
_DAY_RE = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?P<month>[A-Z][a-z]+),?\s+(?P<year>\d{4})"
)


@dataclass(slots=True)
class _Sitting:
    """Turns so far, marks above each, and what is neither."""

    turns: list[SpokenTurn] = field(default_factory=list)
    above: list[list[Mark]] = field(default_factory=list)
    standing: list[Mark] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    report: list[Remark] = field(default_factory=list)
    dates: list[Node] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)

    def alone(self, kind: MarkKind, text: str, sense: str) -> None:
        plain = " ".join(text.split())
        if plain:
            self.standing.append(Mark(kind, 0, 0, plain, sense))


def looks_like(data: bytes) -> bool:
    """Whether the root element is one of `ROOTS`."""
    match = re.search(rb"<\s*([A-Za-z_]+)", re.sub(rb"<[?!][^>]*>", b"", data[:4096]))
    return match is not None and _plain_name(match[1].decode("ascii")) in ROOTS


def _plain_name(name: str) -> str:
    return name.casefold().replace("_", "")


def read(data: bytes, *, source: str, encoding: str | None = None) -> SpokenDocument:
    """The sitting's turns. Raises `BadInput` where it is no XML, no Hansard, or nobody speaks."""
    root = parse(data, source=source, encoding=encoding)
    body = ROOTS.get(_plain_name(root.name))
    if body is None:
        raise BadInput(f"{source}: <{root.name}> is no Hansard; a sitting is <housecommons>")
    sitting = _Sitting()
    _walk(sitting, root)
    if not sitting.turns:
        raise BadInput(
            f"{source}: nobody speaks in this sitting (no member, no contribution); "
            "is it the whole file?"
        )
    _tell_furniture(sitting)
    turns = with_marks_between(_full_names(sitting.turns), sitting.above, sitting.standing)
    title = next(iter(sitting.titles), None)
    date = _date(sitting)
    report = tuple(sorted(sitting.report, key=lambda one: one.line or 0))
    return SpokenDocument(title or body, date, body, "United Kingdom", "en", None, turns, report)


def _walk(sitting: _Sitting, node: Node) -> None:
    for child in node.children:
        if isinstance(child, str):
            if child.strip():
                message = "text outside of any paragraph; kept as a mark"
                sitting.report.append(
                    Remark(Severity.UNEXPLAINED, message, node.line, child.strip())
                )
                sitting.alone(MarkKind.STAGE, child, "outside of any paragraph")
        elif child.name == "p":
            _paragraph(sitting, child)
        elif child.name == "title":
            text = " ".join(child.all_text().split())
            sitting.titles.append(text)
            sitting.alone(MarkKind.STAGE, text, "heading")
        elif child.name == "date":
            sitting.dates.append(child)
        elif child.name in _FURNITURE:
            sitting.seen[_FURNITURE[child.name]] += 1
        elif child.name in _TABLES:
            _table(sitting, child)
        elif child.name == "quote":
            _paragraph(sitting, Node("p", None, {}, child.line, [child]))
        else:
            _walk(sitting, child)


def _table(sitting: _Sitting, node: Node) -> None:
    text = " ".join(
        " ".join(one.all_text().split()) for one in node.walk() if one.name in {"td", "li", "th"}
    )
    sitting.seen["tables and lists of votes, kept as marks"] += 1
    sitting.alone(MarkKind.STAGE, text, node.name)


def _paragraph(sitting: _Sitting, node: Node) -> None:
    """One paragraph: a turn for each member in it, else a mark or a turn without a name."""
    members = [one for one in node.walk() if one.name == "member"]
    if not members:
        _without_member(sitting, node)
        return
    before: list[Node | str] = []
    said: list[tuple[str, list[Node | str]]] = []
    for child in _parts(node):
        if isinstance(child, Node) and child.name == "member":
            said.append((_label(child), []))
        else:
            (said[-1][1] if said else before).append(child)
    above = " ".join(_flat(sitting, one, []) for one in before).translate({0x0B: " ", 0x0E: " "})
    for label, parts in said:
        text = TurnText()
        if above.strip():
            text.mark(MarkKind.STAGE, above, "number" if _NUMBER_RE.fullmatch(above) else None)
            above = ""
        _add(sitting, text, parts)
        _close(sitting, label, text, node.line)


def _parts(node: Node) -> list[Node | str]:
    """The children of a paragraph, members lifted out of whatever wraps them."""
    parts: list[Node | str] = []
    for child in node.children:
        wraps = isinstance(child, Node) and child.name != "member"
        if wraps and any(one.name == "member" for one in child.walk()):  # type: ignore[union-attr]
            parts += _parts(child)  # type: ignore[arg-type]
        else:
            parts.append(child)
    return parts


def _label(member: Node) -> str:
    text = "".join(
        one if isinstance(one, str) else "" if one.name == "memberconstituency" else one.all_text()
        for one in member.children
    )
    plain = " ".join(text.split()).strip(" :")
    wrapped = plain.startswith("(") and plain.endswith(")")
    return (plain[1:-1] if wrapped else plain) or "Member"


def _without_member(sitting: _Sitting, node: Node) -> None:
    text = " ".join(node.all_text().split())
    if not text:
        return
    italic = " ".join(" ".join(one.all_text().split()) for one in node.elements("i"))
    centred = node.attributes.get("align") == "center"
    procedural = centred or len(italic) * 2 >= len(text) or text.startswith(("[", "("))
    if _CLOCK_RE.fullmatch(text):
        sitting.alone(MarkKind.CLOCK, text, "time of day")
    elif procedural:
        sitting.alone(MarkKind.STAGE, text, "procedure")
    else:
        words = TurnText()
        _add(sitting, words, node.children)
        message = "no member is named over this paragraph; it may be procedure or go on from above"
        sitting.report.append(Remark(Severity.DOUBT, message, node.line, text[:200]))
        _close(sitting, None, words, node.line)


def _flat(sitting: _Sitting, part: Node | str, tables: list[str]) -> str:
    """A part's text in one piece, so that brackets close over markup; line breaks and tables are
    characters that no XML can hold."""
    if isinstance(part, str):
        return part
    if part.name in _FURNITURE:
        sitting.seen[_FURNITURE[part.name]] += 1
        return " "
    if part.name in {"lb", "br"}:
        return _NEW_LINE
    if part.name in _TABLES or part.name == "memberconstituency":
        tables.append(" ".join(part.all_text().split()))
        return _TABLE
    return "".join(_flat(sitting, child, tables) for child in part.children)


def _add(sitting: _Sitting, into: TurnText, parts: Sequence[Node | str]) -> None:
    tables: list[str] = []
    words = "".join(_flat(sitting, one, tables) for one in parts)
    place = 0
    for match in _BRACKET_RE.finditer(words):
        into.add(words[place : match.start()])
        place = match.end()
        if match.group() == _NEW_LINE:
            into.paragraph()
        elif match.group() == _TABLE:
            into.mark(MarkKind.STAGE, tables.pop(0), "beside the words")
        else:
            stage = _STAGE_RE.match(match.group())
            into.mark(MarkKind.STAGE if stage else MarkKind.INSERTION, match.group())
    into.add(words[place:])


def _close(sitting: _Sitting, label: str | None, text: TurnText, line: int) -> None:
    words, marks = text.finished()
    shift = len(words) - len(words.lstrip(" :—–-\n"))
    words = words[shift:]
    if not re.search(r"\w", words):
        # `Mr. Cook rose—`: somebody is named, and nothing that was said is printed.
        printed = " ".join([label or "", words, *(one.text for one in marks)])
        sitting.alone(MarkKind.STAGE, printed, "name without words")
        return
    moved = tuple(
        Mark(
            one.kind,
            max(0, one.char_start - shift),
            max(0, one.char_end - shift),
            one.text,
            one.sense,
        )
        for one in marks
    )
    kind = _kind(label) if label else SpeakerKind.PERSON
    sitting.turns.append(SpokenTurn(label, label, kind, words, moved, False, line))
    sitting.above.append(sitting.standing)
    sitting.standing = []


def _kind(label: str) -> SpeakerKind:
    words = [one.casefold().strip(".,") for one in label.split()]
    if words[:1] in (["mr"], ["madam"]) and words[-1:] in (["speaker"], ["chairman"]):
        return SpeakerKind.ROLE
    if words in (["hon", "members"], ["several", "hon", "members"]):
        return SpeakerKind.LABEL
    return kind_of_label(label)


def _full_names(turns: list[SpokenTurn]) -> list[SpokenTurn]:
    """Turns with the fullest name that the sitting prints for a label.

    `The Secretary of State for Energy (Mr. Peter Walker)` is Peter Walker, and so is `Mr. Walker`
    where the sitting names no other Walker.
    """
    named: dict[str, str] = {}
    for turn in turns:
        match = _NAMED_RE.fullmatch(turn.label or "")
        person = match["name"] if match and _is_address(match["name"]) else turn.label
        if person is not None and turn.label is not None:
            named[turn.label] = person
    full: dict[str, set[str]] = {}
    for person in named.values():
        plain = _without_address(person)
        if plain is not None and len(plain) > 1:
            full.setdefault(plain[-1].casefold(), set()).add(" ".join(plain))
    return [_with_name(turn, named, full) for turn in turns]


def _with_name(turn: SpokenTurn, named: dict[str, str], full: dict[str, set[str]]) -> SpokenTurn:
    person = named.get(turn.label or "")
    plain = _without_address(person) if person else None
    if plain is None or (turn.kind is not SpeakerKind.PERSON and person == turn.label):
        return turn
    known = full.get(plain[-1].casefold(), set())
    name = " ".join(plain) if len(plain) > 1 else next(iter(known)) if len(known) == 1 else None
    return SpokenTurn(
        turn.label, name or person, SpeakerKind.PERSON, turn.text, turn.marks, False, turn.line
    )


def _is_address(name: str) -> bool:
    return name.split()[0].casefold().strip(".") in TITLES


def _without_address(person: str) -> list[str] | None:
    """The words of a name without its form of address; None where it has none or is an office."""
    words = person.split()
    place = 0
    while place < len(words) and words[place].casefold().strip(".") in TITLES:
        place += 1
    rest = words[place:]
    office = any(one.casefold().strip(".,") in ROLES | {"the"} for one in rest)
    return rest if place and rest and not office else None


def _date(sitting: _Sitting) -> PartialDate | None:
    """The sitting's day as printed, else as the markup has it; where they differ it is said."""
    for node in sitting.dates:
        printed = _printed_day(node.all_text())
        coded = node.attributes.get("format")
        if printed and coded and printed != coded:
            message = (
                f"the day printed is {printed}, the markup says {coded}; the printed one counts"
            )
            sitting.report.append(Remark(Severity.DOUBT, message, node.line, node.all_text()))
        for value in (printed, coded):
            try:
                if value:
                    return PartialDate.parse(value, DateKind.SPOKEN)
            except ValueError:
                continue
    sitting.report.append(Remark(Severity.DOUBT, "no date of the sitting can be read"))
    return None


def _printed_day(text: str) -> str | None:
    match = _DAY_RE.search(text)
    month = _MONTHS.get(match["month"].casefold()) if match else None
    if match is None or month is None:
        return None
    return f"{match['year']}-{month:02}-{int(match['day']):02}"


def _tell_furniture(sitting: _Sitting) -> None:
    for what, count in sorted(sitting.seen.items()):
        sitting.report.append(Remark(Severity.NOTE, f"{count} {what}, which are no words"))
