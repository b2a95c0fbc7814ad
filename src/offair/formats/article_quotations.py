"""The list of an article's quotations as a file to correct: written, edited by hand, read back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from offair.formats.decoding import decode
from offair.model.article import Article
from offair.model.errors import BadInput
from offair.model.finding import Quotation
from offair.model.time import PartialDate
from offair.text.normalise import word_set

VERSION = "1.0"
LARGEST_BYTES = 16 * 1024 * 1024
"""A longer list is refused unread."""

_KEYS = word_set(
    "number printed speaker certain speaker_from date language is_speech char_start char_end "
    "context"
)


def write(article: Article, quotations: Sequence[Quotation], *, source: str) -> str:
    """The quotations as JSON, numbered from 1 as reports number them."""
    rows = [
        {
            "number": number,
            "printed": one.printed,
            "speaker": one.speaker,
            "certain": one.certain,
            "speaker_from": one.speaker_from,
            "date": one.date.value if one.date else None,
            "language": one.language,
            "is_speech": one.is_speech,
            "char_start": one.char_start,
            "char_end": one.char_end,
            "context": one.context,
        }
        for number, one in enumerate(quotations, 1)
    ]
    document = {"offair_quotations": VERSION, "article": source, "title": article.title,
                "quotations": rows}  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def read(data: bytes, article: Article, *, source: str) -> tuple[Quotation, ...]:
    """The quotations of a corrected list, held against the article they are of.

    An entry needs `printed`; a range that no longer holds these words is looked up anew. Raises
    `BadInput` with the number of the entry: no such list, words that do not stand in the article,
    a field of the wrong kind, a date that is none.
    """
    if len(data) > LARGEST_BYTES:
        raise BadInput(f"{source}: is too long for a list of quotations")
    try:
        document = json.loads(decode(data, source=source))
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadInput(
            f"{source}: is no JSON ({error}); write the list with `offair check --article FILE "
            "--list --out FILE`"
        ) from None
    rows = document.get("quotations") if isinstance(document, dict) else None
    if (
        not isinstance(document, dict)
        or not isinstance(rows, list)
        or (str(document.get("offair_quotations")).split(".")[0] != "1")
    ):
        raise BadInput(
            f"{source}: is no list of quotations of version 1; write one with "
            "`offair check --article FILE --list --out FILE`"
        )
    found = [_quotation(one, number, article, source) for number, one in enumerate(rows, 1)]
    return tuple(sorted(found, key=lambda one: one.char_start))


def _quotation(row: object, number: int, article: Article, source: str) -> Quotation:
    where = f"{source}: entry {number}"
    if not isinstance(row, dict):
        raise BadInput(f"{where} is no object; see what --list writes")
    unknown = sorted(str(key) for key in row if key not in _KEYS)
    if unknown:
        raise BadInput(f"{where} has the unknown field {unknown[0]!r}; correct it there")
    printed = _text(row, "printed", where) or ""
    if not printed.strip():
        raise BadInput(f"{where} has no printed words; give them or take the entry out")
    start, end = row.get("char_start"), row.get("char_end")
    if not (isinstance(start, int) and isinstance(end, int) and not isinstance(start, bool)
            and article.text[max(0, start) : max(0, end)] == printed):  # fmt: skip
        start = _nearest(article.text, printed, start if isinstance(start, int) else 0)
        if start < 0:
            raise BadInput(
                f"{where}: these words do not stand in the article: “{printed[:60]}”; "
                "copy them from it, or take the entry out"
            )
        end = start + len(printed)
    for name in ("certain", "is_speech"):
        if not isinstance(row.get(name, True), bool):
            raise BadInput(f"{where}: {name} is true or false")
    return Quotation(
        printed=printed,
        speaker=(_text(row, "speaker", where) or "").strip() or None,
        date=_date(_text(row, "date", where), where),
        language=_text(row, "language", where),
        char_start=start,
        char_end=end,
        context=_text(row, "context", where) or "",
        certain=row.get("certain", True),
        is_speech=row.get("is_speech", True),
        speaker_from=_text(row, "speaker_from", where) or "",
    )


def _nearest(text: str, printed: str, near: int) -> int:
    """Where the words stand, nearest to the place an entry names; -1 where they do not."""
    before, after = text.rfind(printed, 0, max(0, near) + len(printed)), text.find(
        printed, max(0, near)
    )  # fmt: skip
    places = [one for one in (before, after) if one >= 0]
    return min(places, key=lambda one: abs(one - near), default=-1)


def _text(row: dict[str, Any], name: str, where: str) -> str | None:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise BadInput(f"{where}: {name} is text or null")
    return value


def _date(text: str | None, where: str) -> PartialDate | None:
    if text is None:
        return None
    try:
        return PartialDate.parse(text)
    except ValueError as error:
        raise BadInput(f"{where}: {error}") from None
