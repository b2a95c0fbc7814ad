"""A report of findings in JSON: everything it knows, versioned, read back to the same values.

The published schema is `finding-1.0.schema.json` beside this module; `schema()` gives its text.
The keys are those of `model.finding`; what several findings rest on alike (the coverage) is
written once. A reader takes every 1.x, leaving out, with a remark, what a later version added.
"""

from __future__ import annotations

import dataclasses
import json
import re
import types
import typing
from collections.abc import Iterable
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from offair.formats.decoding import decode
from offair.formats.finding_words import notice
from offair.model.errors import BadInput
from offair.model.finding import FINDING_VERSION, Coverage, Finding, Report
from offair.model.time import DateKind, PartialDate

LARGEST_BYTES = 64 * 1024 * 1024
"""A longer document is refused unread."""

_VERSION_RE = re.compile(r"1\.(?:0|[1-9][0-9]{0,3})")
_MOST_PROBLEMS = 3
_LONGEST_SHOWN = 60


@cache
def schema() -> str:
    """The published JSON Schema (2020-12) of the document, as text."""
    path = files("offair.formats") / f"finding-{FINDING_VERSION}.schema.json"
    return path.read_text(encoding="utf-8")


def write(report: Report) -> str:
    """The document: fixed order of keys, two spaces' indent, final newline.

    The same report gives the same text. Raises `BadInput` where a text of it cannot be written as
    UTF-8.
    """
    text = json.dumps(document(report), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise BadInput(
            "the report holds half a character (a lone surrogate); correct the article's text"
        ) from None
    return text


def document(report: Report) -> dict[str, Any]:
    """The document's values, for a caller that writes JSON of its own (one line, a data twin)."""
    coverages = list(dict.fromkeys(one.coverage for one in report.findings))
    made: dict[str, Any] = {"offair_report": FINDING_VERSION}
    provisional = notice(report)
    if provisional is not None:
        made["notice"] = provisional
    for name in ("desk", "made_utc", "source", "title", "remarks"):
        made[name] = _to(getattr(report, name))
    made["coverages"] = [_to(one) for one in coverages]
    made["findings"] = [
        {**_to(one), "coverage": coverages.index(one.coverage)} for one in report.findings
    ]
    return made


def read(data: bytes | str, *, source: str = "the report") -> Report:
    """The report in a document.

    Raises `BadInput` with the JSON path and the reason: no JSON, another version, a field missing,
    unknown or of the wrong kind, a number that points at no coverage or at no piece.
    """
    given = _parse(data, source)
    newer = _version(given, source) != FINDING_VERSION
    left_out = _validate(given, source, newer=newer)
    coverages = [_from(Coverage, one, f"$.coverages[{n}]") for n, one in
                 enumerate(given["coverages"])]  # fmt: skip
    findings = []
    for number, one in enumerate(given["findings"]):
        path = f"$.findings[{number}]"
        if one["coverage"] >= len(coverages):
            raise BadInput(f"{source}: {path}.coverage points at no coverage of the document")
        try:
            found = _from(Finding, {**one, "coverage": None}, path)
        except ValueError as error:
            raise BadInput(f"{source}: {path}: {error}; correct the document there") from None
        for place, passage in enumerate(found.passages):
            if passage.piece is not None and passage.piece >= len(found.pieces):
                raise BadInput(f"{source}: {path}.passages[{place}].piece points at no piece")
        findings.append(dataclasses.replace(found, coverage=coverages[one["coverage"]]))
    return Report(
        findings=tuple(findings),
        desk=given["desk"],
        made_utc=given["made_utc"],
        source=given["source"],
        title=given["title"],
        remarks=(*given["remarks"], *left_out),
    )


def _to(value: Any) -> Any:
    """A value of the model as JSON: enums by their value, sets sorted, tuples as lists."""
    if isinstance(value, PartialDate):
        return {"value": value.value, "kind": value.kind.value, "zone": value.zone}
    if dataclasses.is_dataclass(value):
        return {one.name: _to(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, frozenset):
        return sorted(_to(one) for one in value)
    if isinstance(value, tuple | list):
        return [_to(one) for one in value]
    return value


@cache
def _fields(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _from(kind: Any, value: Any, path: str) -> Any:
    """A value of the model from checked JSON. Raises `ValueError` on a date no calendar has."""
    origin = typing.get_origin(kind)
    if origin is types.UnionType or origin is typing.Union:
        if value is None:
            return None
        (inner,) = (one for one in typing.get_args(kind) if one is not type(None))
        return _from(inner, value, path)
    if value is None:
        return None
    if origin is tuple:
        inner = typing.get_args(kind)
        kinds: Iterable[Any] = (
            [inner[0]] * len(value) if len(inner) == 2 and inner[1] is Ellipsis else inner
        )
        return tuple(_from(one, item, f"{path}[{n}]") for n, (one, item) in
                     enumerate(zip(kinds, value, strict=True)))  # fmt: skip
    if origin is frozenset:
        (member,) = typing.get_args(kind)
        return frozenset(_from(member, item, path) for item in value)
    if kind is PartialDate:
        zone = value["zone"]
        made = PartialDate.parse(value["value"], DateKind(value["kind"]))
        return dataclasses.replace(made, zone=zone)
    if dataclasses.is_dataclass(kind):
        hints = _fields(typing.cast("type", kind))
        names = [one.name for one in dataclasses.fields(kind)]
        return typing.cast("Any", kind)(
            **{name: _from(hints[name], value[name], f"{path}.{name}") for name in names
               if name in value}
        )  # fmt: skip
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    return float(value) if kind is float else value


def _parse(data: bytes | str, source: str) -> dict[str, Any]:
    if len(data) > LARGEST_BYTES:
        raise BadInput(f"{source}: is longer than the {LARGEST_BYTES >> 20} MiB a report may have")
    text = decode(data, source=source) if isinstance(data, bytes) else data
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise BadInput(
            f"{source}: is not JSON at line {error.lineno}, column {error.colno} ({error.msg}); "
            "give a report written by offair"
        ) from None
    except RecursionError:
        raise BadInput(f"{source}: is nested deeper than any report") from None
    except ValueError as error:
        raise BadInput(f"{source}: holds what no report holds ({error})") from None
    if not isinstance(document, dict):
        raise BadInput(f"{source}: holds no JSON object; give a report written by offair")
    return document


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _version(document: dict[str, Any], source: str) -> str:
    version = document.get("offair_report")
    if not isinstance(version, str) or _VERSION_RE.fullmatch(version) is None:
        raise BadInput(
            f"{source}: names no version 1.x at $.offair_report; give a report written by offair, "
            "or update offair"
        )
    return version


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema()))


def _validate(document: dict[str, Any], source: str, *, newer: bool) -> list[str]:
    """Check against the schema; in a newer document unknown fields become remarks."""
    remarks: list[str] = []
    problems: list[str] = []
    for error in _validator().iter_errors(document):
        unknown = _unknown(error)
        if newer and unknown:
            remarks += [
                f"the field {error.json_path}.{name} is newer than this offair; it is left out"
                for name in unknown
            ]
        else:
            problems.append(_explained(error, unknown))
        if len(problems) >= _MOST_PROBLEMS:
            break
    if problems:
        raise BadInput(f"{source}: {'; '.join(problems)}; correct the document there")
    return remarks


def _unknown(error: ValidationError) -> list[str]:
    if error.validator != "additionalProperties":
        return []
    rule: Any = error.schema
    instance: Any = error.instance
    return [name for name in instance if name not in rule["properties"]]


def _explained(error: ValidationError, unknown: list[str]) -> str:
    if unknown:
        return f"{error.json_path} has the unknown field {_shown(unknown[0])}"
    if error.validator == "required":
        wanted: Any = error.validator_value
        instance: Any = error.instance
        return f"{error.json_path} lacks {', '.join(n for n in wanted if n not in instance)}"
    return f"{error.json_path} is not as it must be (it is {_shown(error.instance)})"


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
