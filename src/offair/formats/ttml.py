"""W3C timed text (TTML 1 and 2, IMSC, EBU-TT-D, DFXP) to cues with their speakers.

ttconv was passed over as a reader: it refuses the older namespaces that broadcasters still
deliver, drops what stands where its model has no place for it without a word, knows no agents, and
fails over one bad value with whatever error comes. Styles and regions are of no use here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from offair.formats.cue_report import Draft, Report, cues_of, refuse_too_many
from offair.formats.ttml_times import Clock
from offair.formats.xml_tree import Node, attribute_of_root, parse
from offair.model.errors import BadInput
from offair.model.record import Remark
from offair.model.time import Ms
from offair.model.transcript import Cue

_NAMESPACES = ("ttml", "ttaf1")
_TIMED = ("body", "div", "p", "span", "br")
_NOT_SPOKEN = frozenset(
    {"metadata", "title", "desc", "copyright", "set", "animate", "agent", "item"}
)
_ANNOTATION = frozenset({"text", "textContainer", "delimiter"})


def language(data: bytes) -> str | None:
    """The language that the document names as a whole; None where it names none."""
    return attribute_of_root(data, "lang")


def read(
    data: bytes, *, source: str, encoding: str | None = None
) -> tuple[tuple[Cue, ...], tuple[Remark, ...]]:
    """The cues of a TTML document, by start, and the report of the reading.

    A paragraph is a cue; spans of it with times of their own are cues of their own. The speaker is
    the agent that an element names, else a label before a colon. Raises `BadInput` where it is not
    well-formed XML, has a document type (entities are never resolved), is not TTML, or no caption
    can be read.
    """
    root = parse(data, source=source, encoding=encoding)
    if root.name != "tt" or not (
        root.space is None or any(known in root.space for known in _NAMESPACES)
    ):
        raise BadInput(f"{source}: is XML but no TTML document (its root is {root.name!r})")
    report = Report()
    reading = _Reading(Clock.of(root, report), _agents(root), report, source)
    for body in root.elements("body"):
        reading.take(body, _Context(0, None))
    drafts = sorted(reading.drafts, key=lambda one: one.start)
    return cues_of(drafts, report, source=source, kind="a TTML document")


def _agents(root: Node) -> dict[str, str]:
    """Names of the agents of the head, by id."""
    names = {}
    for head in root.elements("head"):
        for node in head.walk():
            if node.name == "agent" and "id" in node.attributes:
                said = [" ".join(one.all_text().split()) for one in node.elements("name")]
                names[node.attributes["id"]] = next((one for one in said if one), "")
    return {key: name for key, name in names.items() if name}


@dataclass(frozen=True, slots=True)
class _Context:
    """What an element inherits. end: None where nothing ends it. timed: some element said when."""

    start: Ms
    end: Ms | None
    timed: bool = False
    preserve: bool = False
    speaker: str | None = None
    hidden: bool = False


class _Reading:
    def __init__(self, clock: Clock, agents: dict[str, str], report: Report, source: str) -> None:
        self.drafts: list[Draft] = []
        self._clock = clock
        self._agents = agents
        self._report = report
        self._source = source

    def take(self, node: Node, outer: _Context) -> _Context:
        """The cues of a body, a division or a paragraph; returns its own context."""
        inner = self._enter(node, outer)
        if node.name == "p":
            self._paragraph(node, inner)
            return inner
        base = inner
        for child in node.children:
            if isinstance(child, str):
                if child.strip():
                    self._report.unexplained(
                        "text outside a paragraph is left out", node.line, child.strip()
                    )
            elif child.name in ("div", "p"):
                done = self.take(child, base)
                if node.attributes.get("timeContainer") == "seq":
                    base = replace(base, start=done.end if done.end is not None else done.start)
            elif child.name not in _NOT_SPOKEN and child.all_text().strip():
                self._report.unexplained(
                    f"the element {child.name!r} is not known and is left out",
                    child.line,
                    child.all_text().strip(),
                )
            elif child.name == "image" or "backgroundImage" in child.attributes:
                self._report.unexplained("a caption that is a picture is not read", child.line)
        if "backgroundImage" in node.attributes:
            self._report.unexplained("a caption that is a picture is not read", node.line)
        return inner

    def _enter(self, node: Node, outer: _Context) -> _Context:
        said = node.attributes
        begin, end, duration = (
            self._clock.ms(said[name], node.line) if name in said else None
            for name in ("begin", "end", "dur")
        )
        start = outer.start + (begin or 0)
        ends = [outer.start + end] if end is not None else []
        ends += [start + duration] if duration is not None else []
        # An element is over when what it stands in is over.
        stop = min(ends) if ends else outer.end
        speaker = self._agents.get(said.get("agent", "").strip(), outer.speaker)
        return _Context(
            start,
            stop,
            outer.timed or begin is not None or end is not None or duration is not None,
            said.get("space", "preserve" if outer.preserve else "default") == "preserve",
            speaker,
            outer.hidden or said.get("display") == "none" or said.get("visibility") == "hidden",
        )

    def _paragraph(self, node: Node, inner: _Context) -> None:
        if "backgroundImage" in node.attributes:
            self._report.unexplained("a caption that is a picture is not read", node.line)
        groups: list[tuple[_Context, list[str]]] = []
        for context, text in self._runs(node, inner):
            if groups and groups[-1][0] == context:
                groups[-1][1].append(text)
            elif text.strip() or groups:
                # White space belongs to the words before it.
                if text.strip() or text == "\n":
                    groups.append((context, [text]))
                else:
                    groups[-1][1].append(text)
        for context, texts in groups:
            self._keep(node, context, "".join(texts))

    def _keep(self, node: Node, context: _Context, text: str) -> None:
        words = "\n".join(" ".join(line.split()) for line in text.split("\n"))
        if not words.strip():
            return
        if context.hidden:
            self._report.note("a caption that is never shown is left out", node.line, words)
        elif not context.timed:
            self._report.unexplained(
                "the caption has no time that can be read and is left out", node.line, words
            )
        else:
            refuse_too_many(len(self.drafts), self._source)
            self.drafts.append(Draft(node.line, context.start, context.end, words, context.speaker))

    def _runs(self, node: Node, context: _Context) -> Iterator[tuple[_Context, str]]:
        """Stretches of text, each with its time; `\\n` only where a line really breaks."""
        base = context
        for child in node.children:
            if isinstance(child, str):
                yield base, child if context.preserve else _spaced(child)
            elif child.name == "br":
                yield base, "\n"
            elif child.attributes.get("ruby") in _ANNOTATION:
                self._report.note("a reading aid (ruby) is left out", child.line, child.all_text())
            elif child.name in _NOT_SPOKEN:
                continue
            else:
                if child.name not in _TIMED and child.all_text().strip():
                    self._report.note(
                        f"the element {child.name!r} is not known; its text is kept", child.line
                    )
                inner = self._enter(child, base)
                yield from self._runs(child, inner)
                if node.attributes.get("timeContainer") == "seq":
                    base = replace(base, start=inner.end if inner.end is not None else inner.start)


def _spaced(text: str) -> str:
    """Text whose white space is single spaces, as TTML has it by default."""
    words = " ".join(text.split())
    if not words:
        return " " if text else ""
    return (" " if text[0].isspace() else "") + words + (" " if text[-1].isspace() else "")
