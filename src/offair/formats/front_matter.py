"""The head of a Markdown file: YAML between two lines of three dashes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from offair.model.errors import BadInput

HEAD_RE = re.compile(r"\s*---[ \t]*\n(?P<head>.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
"""Where a head stands; its YAML is the group `head`."""
_LARGEST = 65_536
_INVISIBLE = {ord(one): None for one in "\u2060\u200b\ufeff\u00ad"}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A head's plain values as text, and where the body begins.

    values: what is no plain value (a list, a table) is left out and named in `others`. body: index
    in the text. line: of the body's first line, from 1.
    """

    values: Mapping[str, str]
    others: tuple[str, ...]
    body: int
    line: int


def read(text: str, *, source: str) -> FrontMatter | None:
    """The head of a text with `\\n` line ends, or None where it has none.

    Values are text as written, nothing is resolved into dates or numbers. Raises `BadInput` where
    the head is no YAML or larger than 64 KB.
    """
    match = HEAD_RE.match(text[: _LARGEST + 1])
    if match is None:
        return None
    try:
        found = yaml.load(match["head"], Loader=yaml.CBaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise BadInput(
            f"{source}: its head between the lines --- is not YAML; mend or remove it"
        ) from error
    if not isinstance(found, dict):
        return None
    values = {
        str(key): " ".join(value.translate(_INVISIBLE).split())
        for key, value in found.items()
        if isinstance(value, str)
    }
    others = tuple(str(key) for key, value in found.items() if not isinstance(value, str))
    return FrontMatter(values, others, match.end(), 1 + match.group().count("\n"))
