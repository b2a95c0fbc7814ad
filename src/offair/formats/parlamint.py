"""Parliamentary debates as TEI in the ParlaMint schema: `u who`, `seg`, notes, gaps, gestures.

ParlaMint (CLARIN, clarin-eric.github.io/ParlaMint) gives each sitting a file and each corpus a root
file with its persons (`listPerson`), which stands in the sitting's header, in the root beside it or
in a file of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import langcodes

from offair.formats.spoken_document import SpokenDocument, SpokenTurn, TurnText, with_marks_between
from offair.formats.xml_tree import Node, parse
from offair.model.errors import BadInput
from offair.model.record import Remark, Severity
from offair.model.time import DateKind, PartialDate
from offair.model.transcript import Mark, MarkKind, SpeakerKind

_MARKS = {
    "kinesic": MarkKind.STAGE,
    "vocal": MarkKind.STAGE,
    "incident": MarkKind.STAGE,
    "note": MarkKind.STAGE,
    "head": MarkKind.STAGE,
    "gap": MarkKind.OMISSION,
    "unclear": MarkKind.UNCLEAR,
}
_WORDS = frozenset(("w", "pc"))
_PAGES = frozenset(("pb", "lb", "cb", "milestone", "anchor"))


@dataclass(slots=True)
class _Sitting:
    """Turns so far, marks above each, the label that is printed for the next."""

    people: Mapping[str, str]
    turns: list[SpokenTurn] = field(default_factory=list)
    above: list[list[Mark]] = field(default_factory=list)
    standing: list[Mark] = field(default_factory=list)
    label: str | None = None
    seen: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    unknown: dict[str, int] = field(default_factory=dict)
    report: list[Remark] = field(default_factory=list)


def looks_like(data: bytes) -> bool:
    """Whether the root element is TEI's."""
    return re.search(rb"<(?:\w+:)?TEI[\s>]", data[:4096]) is not None


def people(data: bytes, *, source: str) -> dict[str, str]:
    """Full name of each person by id, as a root file, a person list or a header names them.

    Raises `BadInput` where it is no XML.
    """
    return _people(parse(data, source=source))


def _people(root: Node) -> dict[str, str]:
    found: dict[str, str] = {}
    for person in root.walk():
        if person.name != "person" or not (key := person.attributes.get("id")):
            continue
        names = person.elements("persName")
        if names:
            parts = [
                " ".join(one.all_text().split())
                for kind in ("forename", "nameLink", "surname")
                for one in names[0].elements(kind)
            ]
            name = " ".join(parts) or " ".join(names[0].all_text().split())
            if name:
                found[key] = name
    return found


def read(
    data: bytes,
    *,
    source: str,
    encoding: str | None = None,
    people: Mapping[str, str] | None = None,
) -> SpokenDocument:
    """The sitting's turns, one for each `u`. people: full names by id, from files beside it.

    Without them a speaker's name is the label printed above the words. Raises `BadInput` where it
    is no XML, no TEI, or nobody speaks.
    """
    root = parse(data, source=source, encoding=encoding)
    if root.name != "TEI":
        raise BadInput(f"{source}: <{root.name}> is no sitting; a sitting's root is <TEI>")
    sitting = _Sitting({**(people or {}), **_people(root)})
    for text in root.elements("text"):
        _walk(sitting, text)
    if not sitting.turns:
        raise BadInput(f"{source}: nobody speaks in this sitting (no <u> with words)")
    header = next(iter(root.elements("teiHeader")), Node("teiHeader", None, {}, 1))
    language = _language(sitting, root)
    date = _date(sitting, header)
    _tell(sitting)
    setting = [one for one in header.walk() if one.name == "setting"]
    country = _first(setting, "name", "country")
    sources = [one for one in header.walk() if one.name in {"bibl", "biblStruct"}]
    return SpokenDocument(
        _title(header),
        date,
        _first(sources, "publisher") or _meeting_of(header),
        country,
        language,
        _first(sources, "idno"),
        with_marks_between(sitting.turns, sitting.above, sitting.standing),
        tuple(sorted(sitting.report, key=lambda one: one.line or 0)),
    )


def _walk(sitting: _Sitting, node: Node) -> None:
    for child in node.children:
        if isinstance(child, str):
            if child.strip():
                message = "text outside of any speech; kept as a mark"
                sitting.report.append(
                    Remark(Severity.UNEXPLAINED, message, node.line, child.strip())
                )
                _stand(sitting, MarkKind.STAGE, child, "outside of any speech")
        elif child.name == "u":
            _utterance(sitting, child)
        elif child.name == "note" and child.attributes.get("type") == "speaker":
            if sitting.label is not None:
                _stand(sitting, MarkKind.STAGE, sitting.label, "name without words")
            sitting.label = " ".join(child.all_text().split()).rstrip(" :") or None
        elif child.name in _MARKS:
            kind, sense = _kind_of(child)
            _stand(sitting, kind, child.all_text(), sense)
        elif child.name in _PAGES:
            sitting.seen["page and line breaks"] += 1
        else:
            _walk(sitting, child)


def _stand(sitting: _Sitting, kind: MarkKind, text: str, sense: str | None) -> None:
    plain = " ".join(text.split())
    sitting.standing.append(Mark(kind, 0, 0, plain or f"[{sense or kind.value}]", sense))


def _kind_of(node: Node) -> tuple[MarkKind, str | None]:
    sense = node.attributes.get("type") or node.attributes.get("reason")
    if node.name == "note" and sense == "time":
        return MarkKind.CLOCK, sense
    return _MARKS[node.name], sense or (None if node.name == "note" else node.name)


def _utterance(sitting: _Sitting, node: Node) -> None:
    text = TurnText()
    parts = [one for one in node.children if isinstance(one, Node) or one.strip()]
    for part in parts:
        if isinstance(part, Node) and part.name == "seg":
            text.paragraph()
            _count_language(sitting, part)
            _add(sitting, text, part)
        elif isinstance(part, Node):
            _inside(sitting, text, part)
        else:
            text.add(part)
    words, marks = text.finished()
    who = node.attributes.get("who", "").rpartition("#")[2]
    label, sitting.label = sitting.label, None
    name = sitting.people.get(who) or label
    if who and who not in sitting.people:
        sitting.unknown[who] = sitting.unknown.get(who, 0) + 1
    if not re.search(r"\w", words):
        printed = " ".join([label or who, words, *(one.text for one in marks)])
        _stand(sitting, MarkKind.STAGE, printed, "name without words")
        return
    sitting.turns.append(
        SpokenTurn(label, name, SpeakerKind.PERSON, words, marks, False, node.line)
    )
    sitting.above.append(sitting.standing)
    sitting.standing = []


def _count_language(sitting: _Sitting, node: Node) -> None:
    language = node.attributes.get("lang")
    if language:
        sitting.languages[language] += 1


def _add(sitting: _Sitting, into: TurnText, node: Node) -> None:
    for child in node.children:
        if isinstance(child, Node):
            _inside(sitting, into, child)
        elif child.strip() or not any(isinstance(one, Node) for one in node.children):
            into.add(child)
        else:
            into.add(" ")


def _inside(sitting: _Sitting, into: TurnText, node: Node) -> None:
    if node.name in _MARKS:
        kind, sense = _kind_of(node)
        into.mark(kind, " ".join(node.all_text().split()) or f"[{sense or kind.value}]", sense)
        into.add(" ")
    elif node.name in _WORDS:
        # An annotated corpus has a word an element; `join` says that no space follows.
        if node.name == "pc" and not _opens(node):
            into.no_space()
        into.add(node.all_text().strip())
        if node.attributes.get("join") not in {"right", "both"}:
            into.add(" ")
    elif node.name in _PAGES:
        sitting.seen["page and line breaks"] += 1
        into.add(" ")
    elif node.name == "linkGrp":
        sitting.seen["links of syntax"] += 1
    else:
        _add(sitting, into, node)


def _opens(node: Node) -> bool:
    return node.all_text().strip() in {"(", "[", "«", "“", "„", "¿", "¡", "—", "–", "-"}


def _language(sitting: _Sitting, root: Node) -> str | None:
    raw = root.attributes.get("lang", "")
    others = [one for one in sitting.languages if one != raw]
    if others:
        count = sum(sitting.languages[one] for one in others)
        message = f"{count} paragraphs are in {', '.join(sorted(others))}; the text counts as {raw}"
        sitting.report.append(Remark(Severity.DOUBT, message))
    return langcodes.standardize_tag(raw) if raw and langcodes.tag_is_valid(raw) else None


def _date(sitting: _Sitting, header: Node) -> PartialDate | None:
    places = [
        *(one for one in header.walk() if one.name == "setting"),
        *(one for one in header.walk() if one.name in {"bibl", "biblStruct"}),
    ]
    for place in places:
        for node in place.walk():
            if node.name != "date":
                continue
            try:
                return PartialDate.parse(
                    node.attributes.get("when") or node.all_text(), DateKind.SPOKEN
                )
            except ValueError:
                continue
    sitting.report.append(Remark(Severity.DOUBT, "no date of the sitting can be read"))
    return None


def _title(header: Node) -> str | None:
    titles = [one for one in header.walk() if one.name == "titleStmt"]
    return _first(titles, "title")


def _meeting_of(header: Node) -> str | None:
    titles = [one for one in header.walk() if one.name == "titleStmt"]
    return next(
        (
            " ".join(one.all_text().split())
            for top in titles
            for one in top.elements("title")
            if one.attributes.get("type") == "sub"
        ),
        None,
    )


def _first(nodes: list[Node], name: str, kind: str | None = None) -> str | None:
    for node in nodes:
        for one in node.walk():
            if one.name == name and (kind is None or one.attributes.get("type") == kind):
                text = " ".join(one.all_text().split())
                if text:
                    return text
    return None


def _tell(sitting: _Sitting) -> None:
    for what, count in sorted(sitting.seen.items()):
        sitting.report.append(Remark(Severity.NOTE, f"{count} {what}, which are no words"))
    if sitting.unknown:
        message = (
            f"{len(sitting.unknown)} persons are named by an id only; the corpus's root file or "
            "person list beside this one would name them"
        )
        sitting.report.append(
            Remark(Severity.DOUBT, message, None, " ".join(sitting.unknown)[:500])
        )
