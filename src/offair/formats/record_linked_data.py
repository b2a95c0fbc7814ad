"""The record for machines: schema.org JSON-LD that a page carries in a data block.

Terms after schema.org 28 (`VideoObject`, `AudioObject`, `Clip`, `BroadcastEvent`). Offsets are
seconds from the start of the clip.
"""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from offair.formats.record_html_page import Page
from offair.model.record import Record

_ESCAPES = {one: f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"}


def linked_data(record: Record, page: Page) -> Markup:
    """The JSON-LD text, safe inside `<script>`: no character in it can end the element."""
    text = json.dumps(_work(record, page), ensure_ascii=False, separators=(",", ":"))
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return Markup(text)


def _work(record: Record, page: Page) -> dict[str, Any]:
    player = page.player
    audio = player is not None and player.kind == "audio"
    work: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "AudioObject" if audio else "VideoObject",
        "name": page.title,
        "description": page.description,
        "inLanguage": None if record.language == "und" else record.language,
        "url": page.address,
        "identifier": page.number,
        "version": str(record.edition) if record.number else None,
        "uploadDate": record.published_utc,
        "duration": _duration(record.run_time_ms) if record.run_time_ms is not None else None,
        "contentUrl": player.url if player else None,
        "encodingFormat": player.media_type if player else None,
        "creativeWorkStatus": record.caution,
        "transcript": "\n\n".join(_lines(page)) or None,
        "publication": _publication(record),
        "hasPart": [
            _without_empty(
                {
                    "@type": "Clip",
                    "name": turn.name or "Speaker not identified",
                    "startOffset": turn.span.start / 1000,
                    "endOffset": turn.span.end / 1000,
                    "url": f"{page.address or ''}#{turn.key}",
                }
            )
            for turn in page.turns
            if turn.span is not None
        ],
    }
    return _without_empty(work)


def _publication(record: Record) -> dict[str, Any] | None:
    date = record.aired or record.date
    if record.channel is None and date is None:
        return None
    return _without_empty(
        {
            "@type": "BroadcastEvent",
            "startDate": date.value if date else None,
            "publishedOn": {"@type": "BroadcastService", "name": record.channel}
            if record.channel
            else None,
        }
    )


def _lines(page: Page) -> list[str]:
    return [
        f"{turn.name}: {part.text}" if turn.name else str(part.text)
        for turn in page.turns
        for part in turn.plain
    ]


def _duration(ms: int) -> str:
    seconds = ms / 1000
    return f"PT{int(seconds) if seconds.is_integer() else seconds}S"


def _without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", [])}
