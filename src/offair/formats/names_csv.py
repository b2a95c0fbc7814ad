"""The names list as a table: one row a name, readable in any spreadsheet.

Columns: `kind` (`person`, `body`, `place`), `house`, `native`, `authority`, `spellings`,
`offices`; only `kind` and `house` must be there, in any order. Several spellings or offices of one
name stand in one cell with `|` between; whose a spelling is and when an office was held follow in
square brackets: `Jaafari [Reuters] | al-Ja'fari`, `Foreign Minister [2014-09..2018-10-25]`. Commas,
semicolons or tabs separate the columns; UTF-8 with or without a byte-order mark.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from offair.model.errors import BadInput
from offair.model.names import Name, NameKind, Office, Spelling
from offair.model.time import PartialDate, Precision

COLUMNS = ("kind", "house", "native", "authority", "spellings", "offices")
LARGEST_BYTES = 16 * 1024 * 1024
MOST_NAMES = 100_000
_BETWEEN = "|"
_BAD_SHOWN = 10
_NOTED_RE = re.compile(r"(?P<text>[^\[\]]*+)(?:\[(?P<note>[^\[\]]*+)\])?", re.DOTALL)


def write(names: Sequence[Name]) -> str:
    """The table, with a header, in the order given; `read` gives the same names back."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for one in names:
        table.writerow(
            (
                one.kind.value, one.house, one.native or "", one.authority or "",
                f" {_BETWEEN} ".join(map(spelling_text, one.spellings)),
                f" {_BETWEEN} ".join(map(office_text, one.offices)),
            )
        )  # fmt: skip
    return out.getvalue()


def read(data: bytes, source: str) -> tuple[tuple[int, Name], ...]:
    """Every name of a table with the line it begins on, from 1; their ids are 0.

    source: the file's name, for messages. Raises `BadInput` that names the lines that cannot be
    read, and what is wrong with each; then nothing is returned.
    """
    text = _decoded(data, source)
    wrong: list[str] = []
    found: list[tuple[int, Name]] = []
    for line, row in _rows(text, source):
        try:
            found.append((line, _name(row)))
        except BadInput as error:
            wrong.append(f"line {line}: {error}")
        if len(found) > MOST_NAMES:
            raise BadInput(f"{source} has more than {MOST_NAMES:,} names; split it")
    refuse(wrong, source)
    return tuple(found)


def refuse(wrong: Sequence[str], source: str) -> None:
    """Raises `BadInput` with the first of these sentences about lines, where there are any."""
    if wrong:
        more = f"; and {len(wrong) - _BAD_SHOWN} more" if len(wrong) > _BAD_SHOWN else ""
        raise BadInput(f"nothing of {source} was taken in: {'; '.join(wrong[:_BAD_SHOWN])}{more}")


def spelling_of(text: str) -> Spelling:
    """`Jaafari [Reuters]` as a spelling and whose it is. Raises `BadInput`."""
    spelt, whose = _noted(text, "a spelling", "Jaafari [Reuters]")
    return Spelling(spelt, whose)


def spelling_text(spelling: Spelling) -> str:
    """A spelling as `spelling_of` reads it."""
    return f"{spelling.text} [{spelling.whose}]" if spelling.whose else spelling.text


def office_of(text: str) -> Office:
    """`Foreign Minister [2014-09..2018-10-25]`; a bound may be left out. Raises `BadInput`."""
    title, held = _noted(text, "an office", "Foreign Minister [2014-09..2018]")
    if held is None:
        return Office(title)
    since, between, until = held.partition("..")
    if not between or not held.strip(" ."):
        raise BadInput(
            f"{held!r} does not say from when to when; write [2014-09..2018], [2014..] or [..2018]"
        )
    return Office(title, _bound(since), _bound(until))


def office_text(office: Office) -> str:
    """An office as `office_of` reads it."""
    if office.since is None and office.until is None:
        return office.title
    since, until = ("" if one is None else one.value for one in (office.since, office.until))
    return f"{office.title} [{since}..{until}]"


def _decoded(data: bytes, source: str) -> str:
    if len(data) > LARGEST_BYTES:
        raise BadInput(
            f"{source} has {len(data)} bytes; names lists over {LARGEST_BYTES} are refused"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{source} is not UTF-8 (at byte {error.start}); save it as `CSV UTF-8`"
        ) from error
    if "\0" in text:
        raise BadInput(f"{source} holds null bytes: it is no text; export it as CSV")
    return text


def _rows(text: str, source: str) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, cells by column) of each row that is not empty."""
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    line = 1
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                pass
            elif header is None:
                header = _header(cells, source)
            else:
                if len(cells) > len(header) and any(cells[len(header) :]):
                    raise BadInput(
                        f"line {line} of {source} has {len(cells)} columns, its header "
                        f"{len(header)}; put cells that hold a separator in quotation marks"
                    )
                yield line, dict(zip(header, cells, strict=False))
            line = rows.line_num + 1
    except csv.Error as error:
        raise BadInput(f"{source} is no table that can be read (line {line}: {error})") from error
    if header is None:
        raise BadInput(f"{source} is empty; its first line names the columns {', '.join(COLUMNS)}")


def _header(cells: Sequence[str], source: str) -> list[str]:
    names = [cell.casefold() for cell in cells]
    unknown = [cell for cell, name in zip(cells, names, strict=True) if name not in COLUMNS]
    if unknown or len(set(names)) < len(names) or not {"kind", "house"} <= set(names):
        raise BadInput(
            f"the first line of {source} must name columns out of {', '.join(COLUMNS)}, each once, "
            f"kind and house among them; it has {', '.join(cell[:40] for cell in cells[:12])}"
        )
    return names


def _name(row: dict[str, str]) -> Name:
    kind = row.get("kind", "").casefold()
    if kind not in {one.value for one in NameKind}:
        raise BadInput(f"{row.get('kind', '')[:40]!r} is no kind; write person, body or place")
    if not row.get("house"):
        raise BadInput("there is no house spelling")
    return Name(
        kind=NameKind(kind),
        house=row["house"],
        native=row.get("native") or None,
        spellings=tuple(spelling_of(one) for one in _parts(row.get("spellings", ""))),
        authority=row.get("authority") or None,
        offices=tuple(office_of(one) for one in _parts(row.get("offices", ""))),
    )


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(_BETWEEN)] if cell else []


def _noted(text: str, what: str, example: str) -> tuple[str, str | None]:
    match = _NOTED_RE.fullmatch(text.strip())
    if match is None or not match["text"].strip() or _BETWEEN in text:
        raise BadInput(f"{text[:80]!r} is not {what}; write {example}")
    note = (match["note"] or "").strip()
    return match["text"].strip(), note or None


def _bound(text: str) -> PartialDate | None:
    if not text.strip():
        return None
    try:
        date = PartialDate.parse(text)
    except ValueError as error:
        raise BadInput(str(error)) from error
    if date.precision not in (Precision.YEAR, Precision.MONTH, Precision.DAY):
        raise BadInput(f"{text.strip()!r} is more than a day; an office is held from day to day")
    return date
