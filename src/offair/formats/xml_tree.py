"""XML from strangers: a small tree, without document types, entities or anything fetched.

The standard library's parser underneath (expat) resolves nothing that a document type does not
declare, so a document that has one is refused before its first declaration is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from xml.parsers import expat

from offair.model.errors import BadInput

_DEEPEST = 64
_MOST_NODES = 1_000_000


@dataclass(slots=True)
class Node:
    """An element: local name, name space, attributes by local name, children in order, line."""

    name: str
    space: str | None
    attributes: dict[str, str]
    line: int
    children: list[Node | str] = field(default_factory=list)

    def elements(self, name: str) -> list[Node]:
        """The child elements of that local name."""
        return [one for one in self.children if isinstance(one, Node) and one.name == name]

    def walk(self) -> Iterator[Node]:
        """This element and all inside it, in document order."""
        yield self
        for one in self.children:
            if isinstance(one, Node):
                yield from one.walk()

    def all_text(self) -> str:
        """The text of this element and all inside it."""
        return "".join(one if isinstance(one, str) else one.all_text() for one in self.children)


class _Stop(Exception):  # noqa: N818 - not an error: the parser is told to go no further
    """What was asked for has been found."""


def parse(data: bytes, *, source: str, encoding: str | None = None) -> Node:
    """The root element of a document.

    Raises `BadInput` where it is not well-formed, has a document type, nests deeper than 64
    elements or has more than a million nodes, or `encoding` is not one the parser knows.
    """
    builder = _Builder(source)
    _run(data, builder, source, encoding)
    if builder.root is None:
        raise BadInput(f"{source}: holds no XML element")
    return builder.root


def attribute_of_root(data: bytes, name: str) -> str | None:
    """An attribute of the root element by its local name; None where it has none or is no XML."""
    builder = _Builder("document", only_root=True)
    with suppress(_Stop, BadInput):
        _run(data, builder, "document", None)
    return builder.root.attributes.get(name) if builder.root else None


class _Builder:
    def __init__(self, source: str, *, only_root: bool = False) -> None:
        self.root: Node | None = None
        self._source = source
        self._only_root = only_root
        self._open: list[Node] = []
        self._count = 0
        self.line = 1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        said: dict[str, str] = {}
        for key, value in attributes.items():
            # The plain attribute counts before one of a foreign name space.
            if " " not in key or key.rpartition(" ")[2] not in said:
                said[key.rpartition(" ")[2]] = value
        node = Node(local, space or None, said, self.line)
        if self._open:
            self._add(node)
        else:
            self.root = node
        if self._only_root:
            raise _Stop
        self._open.append(node)
        if len(self._open) > _DEEPEST:
            raise BadInput(
                f"{self._source}: nests more than {_DEEPEST} elements; it is damaged or hostile"
            )

    def end(self, _: str) -> None:
        self._open.pop()

    def text(self, text: str) -> None:
        if self._open:
            self._add(text)

    def refuse_type(self, *_: object) -> None:
        raise BadInput(
            f"{self._source}: has a document type (DOCTYPE), which can hold traps and which no "
            "such file needs; take it out"
        )

    def _add(self, child: Node | str) -> None:
        self._count += 1
        if self._count > _MOST_NODES:
            raise BadInput(
                f"{self._source}: has more than {_MOST_NODES} elements; it is damaged or hostile"
            )
        self._open[-1].children.append(child)


def _run(data: bytes, builder: _Builder, source: str, encoding: str | None) -> None:
    try:
        parser = expat.ParserCreate(encoding, namespace_separator=" ")
    except (ValueError, TypeError) as error:
        raise BadInput(f"{source}: {encoding!r} is no encoding the XML parser knows") from error
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        builder.line = parser.CurrentLineNumber
        builder.start(name, attributes)

    parser.StartElementHandler = start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = builder.refuse_type
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise BadInput(
            f"{source}: is not well-formed XML (line {error.lineno}: "
            f"{expat.ErrorString(error.code)}); check that it was copied whole"
        ) from error
    except (LookupError, UnicodeError) as error:
        raise BadInput(f"{source}: is in an encoding the XML parser does not know") from error
