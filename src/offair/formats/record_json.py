"""The record's document in JSON: the record, its layout and its reading report, all of it.

The published schemas are `record-1.0.schema.json` and `record-1.1.schema.json` beside this module;
`schema()` gives the text of the newest. The version is the document's own: a reader takes every
1.x, leaving out, with a remark, the fields that a later version added; it refuses another major
version. Since 1.1 a paragraph names its sentences.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from offair.formats.decoding import decode
from offair.formats.record_document import (
    layout_from,
    layout_to,
    record_from,
    record_to,
    remark_from,
    remark_to,
)
from offair.model.errors import BadInput, NotFound
from offair.model.record import DOCUMENT_VERSION, Layout, Record, Remark, Severity

LARGEST_BYTES = 64 * 1024 * 1024
"""A longer document is refused unread: a whole day of speech is about a tenth of it."""

_MOST_PROBLEMS = 3
_LONGEST_VALUE = 60


_VERSIONS = ("1.0", "1.1")


@cache
def schema(version: str = DOCUMENT_VERSION) -> str:
    """The published JSON Schema (2020-12) of a version of the document, as text. Raises
    `NotFound` where this offair has no such version."""
    if version not in _VERSIONS:
        raise NotFound(
            f"there is no schema {version!r} of records; there are {', '.join(_VERSIONS)}"
        )
    return (files("offair.formats") / f"record-{version}.schema.json").read_text(encoding="utf-8")


def write(record: Record, layout: Layout | None = None, report: Sequence[Remark] = ()) -> str:
    """The document: fixed order of keys, two spaces' indent, nothing escaped, final newline.

    The same record gives the same text. Raises `BadInput` where the schema refuses the record (a
    language that is no tag), or a text of it cannot be written as UTF-8.
    """
    document: dict[str, Any] = {"offair_record": DOCUMENT_VERSION}
    if record.notice is not None:
        document["notice"] = record.notice
    document["record"] = record_to(record)
    document["layout"] = layout_to(layout) if layout is not None else None
    document["report"] = [remark_to(remark) for remark in report]
    _check_characters(document, "the record")
    # What cannot be read again must not be published.
    _validate(document, "the record", DOCUMENT_VERSION)
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def read(
    data: bytes | str, *, source: str = "the document"
) -> tuple[Record, Layout | None, tuple[Remark, ...]]:
    """The record, its layout if it has one, and its report.

    Raises `BadInput` with the JSON path and the reason: no JSON, a key named twice, a number no
    record can hold, another version, a field that is missing, unknown or of the wrong kind, a
    span that ends before it starts, a mark outside its text, a key used twice or not defined.
    """
    document = _parse(data, source)
    version = _version(document, source)
    remarks = _validate(document, source, version)
    try:
        record = record_from(document["record"], "$.record")
        layout = document["layout"]
        return (
            record,
            layout_from(layout) if layout is not None else None,
            (*(remark_from(remark) for remark in document["report"]), *remarks),
        )
    except BadInput as error:
        raise BadInput(f"{source}: {error}; correct the document there") from None


def _parse(data: bytes | str, source: str) -> dict[str, Any]:
    if len(data) > LARGEST_BYTES:
        raise BadInput(
            f"{source}: is longer than the {LARGEST_BYTES >> 20} MiB a record's document may have; "
            "check that it is one"
        )
    text = decode(data, source=source) if isinstance(data, bytes) else data
    try:
        document = json.loads(
            text, object_pairs_hook=_without_doubles, parse_constant=_refuse_constant
        )
    except json.JSONDecodeError as error:
        raise BadInput(
            f"{source}: is not JSON at line {error.lineno}, column {error.colno} ({error.msg}); "
            "give a document written by offair"
        ) from None
    except RecursionError:
        raise BadInput(
            f"{source}: is nested deeper than any record; give a document written by offair"
        ) from None
    except BadInput as error:
        raise BadInput(f"{source}: {error}; correct the document there") from None
    except ValueError:
        # Python refuses to read integers of more than some thousand digits.
        raise BadInput(
            f"{source}: holds a number too long for any record; correct the document"
        ) from None
    if not isinstance(document, dict):
        raise BadInput(f"{source}: holds no JSON object; give a document written by offair")
    _check_characters(document, source)
    return document


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        double = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise BadInput(f"the key {_shown(double)} stands twice in one object")
    return found


def _refuse_constant(name: str) -> float:
    raise BadInput(f"{name} is no number of JSON")


def _check_characters(document: object, source: str) -> None:
    for path, text in _texts(document):
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise BadInput(
                f"{source}: the text at {path} holds half a character (a lone surrogate); "
                "correct the text there"
            )


def _texts(document: object) -> Iterator[tuple[str, str]]:
    """Every string of the document, keys included, with its JSON path."""
    waiting: list[tuple[str, object]] = [("$", document)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, dict):
            yield from ((path, key) for key in value)
            waiting += [(f"{path}.{key}", inner) for key, inner in value.items()]
        elif isinstance(value, (list, tuple)):
            waiting += [(f"{path}[{index}]", inner) for index, inner in enumerate(value)]


def _version(document: dict[str, Any], source: str) -> str:
    version = document.get("offair_record")
    if not isinstance(version, str):
        raise BadInput(
            f"{source}: has no version at $.offair_record; give a document written by offair"
        )
    if re.fullmatch(r"1\.(?:0|[1-9][0-9]{0,3})", version) is None:
        raise BadInput(
            f"{source}: is a record document of version {_shown(version)}, and this offair reads "
            "1.0 and later 1.x; update offair, or have the record exported again as 1.0"
        )
    return version


@cache
def _validator(version: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema(version)))


def _validate(document: dict[str, Any], source: str, version: str) -> list[Remark]:
    """Check against the schema; in a newer document unknown fields become remarks."""
    newer = version not in _VERSIONS
    remarks: list[Remark] = []
    problems: list[str] = []
    for error in _validator(DOCUMENT_VERSION if newer else version).iter_errors(document):
        unknown = _unknown_fields(error)
        if newer and unknown:
            remarks += [
                Remark(
                    Severity.UNEXPLAINED,
                    f"the field {error.json_path}.{name} is newer than this offair; it is left out",
                    text=json.dumps(error.instance[name], ensure_ascii=False),
                )
                for name in unknown
            ]
            continue
        problems += _explained(error, unknown)
        if len(problems) >= _MOST_PROBLEMS:
            break
    if problems:
        advice = "update offair" if newer else "correct the document there"
        raise BadInput(f"{source}: {'; '.join(problems[:_MOST_PROBLEMS])}; {advice}")
    return remarks


def _unknown_fields(error: ValidationError) -> list[str]:
    if error.validator != "additionalProperties":
        return []
    rule: Any = error.schema
    instance: Any = error.instance
    return [name for name in instance if name not in rule["properties"]]


def _explained(error: ValidationError, unknown: Iterable[str]) -> list[str]:
    """What is wrong, in our words: the library's repeat the whole value."""
    path = error.json_path
    wanted: Any = error.validator_value
    instance: Any = error.instance
    rule = str(error.validator)
    fields = [f"{path} has the unknown field {_shown(name)}" for name in unknown]
    if fields:
        return fields
    if rule == "required":
        return [f"{path} lacks {', '.join(name for name in wanted if name not in instance)}"]
    if error.schema is False:
        return [f"{path}.notice may not stand where a record was checked"]
    if rule == "type":
        wanted = wanted if isinstance(wanted, str) else " or ".join(wanted)
    reason = {
        "type": f"is not of type {wanted}",
        "enum": "is none of the values allowed there",
        "const": f"is not {wanted!r}",
        "pattern": "is not written as this field must be",
        "minimum": f"is less than {wanted}",
        "maximum": f"is more than {wanted}",
    }.get(rule, "is not valid there")
    return [f"{path} {reason} (it is {_shown(instance)})"]


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
