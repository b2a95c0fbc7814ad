"""Published records whose sentences have addresses, for the tests of their pages."""

from __future__ import annotations

from dataclasses import replace

import web_desk

from offair.desk import Desk
from offair.formats import record_json
from offair.model.record import (
    Paragraph,
    Record,
    RecordMedia,
    RecordSentence,
    RecordSpan,
    RecordSpeaker,
    RecordTurn,
    StandingMark,
)
from offair.model.time import Span
from offair.model.transcript import Mark, MarkKind, SpeakerKind

ARABIC = "صباح الخير، هذه نشرة الأخبار. لن تُلغى الرحلة المسائية BBC 12 [بالإنجليزية]."


def add_printed(desk: Desk, recording_id: int) -> int:
    """Record 1 in two editions: the second changes a word of one sentence and drops another. Gives
    the clip's number."""
    path = web_desk.SAMPLES / "harbour-interview.mp4"
    cut = web_desk.keep(desk, path.read_bytes(), "clip.mp4")
    media = (RecordMedia("exact", cut.sha256, cut.size_bytes, "video/mp4", cut.name, 0, 12_000),)
    with desk.catalogue.transaction() as tx:
        clip = tx.add_clip(
            recording_id=recording_id, layer_id=None, spans=[Span(13_000, 25_000)], turn_ids=[],
            headline=None, summary=[], actor="test",
        ).id  # fmt: skip
        number = tx.take_number(clip, desk.series)
        for edition in (1, 2):
            record = replace(
                in_sentences(edition),
                number=number,
                edition=edition,
                media=media,
                spans=(RecordSpan(recording_id, Span(13_000, 25_000)),),
                published_utc=f"2026-05-1{3 + edition}T10:00:00Z",
                note="It said “not closing”; it says “not cancelling”." if edition == 2 else None,
            )
            tx.add_edition(
                clip, edition, document=record_json.write(record), objects=[cut], actor="test",
                note=record.note,
            )  # fmt: skip
    return clip


def in_sentences(edition: int = 2) -> Record:
    """A record whose second turn has three sentences, in its second edition two."""
    word = "closing" if edition == 1 else "cancelling"
    said = f"We are not {word} [this winter] the late boat. It stays."
    ends = [said.index("boat.") + 5, len(said)]
    sentences = [
        RecordSentence("s12", 0, ends[0], Span(15_000, 19_000)),
        RecordSentence("s13", ends[0] + 1, ends[1], Span(19_000, 21_000)),
    ]
    if edition == 1:
        said += " Believe me."
        sentences.append(RecordSentence("s14", ends[1] + 1, len(said), Span(21_000, 23_000)))
    start = said.index("[this")
    mark = Mark(MarkKind.INSERTION, start, start + 13, "[this winter]")
    asked = "Mr. Marsh, what is changing?"
    first = RecordSentence("s11", 0, len(asked), Span(13_000, 15_000))
    base = web_desk.a_record()
    return replace(
        base,
        body=(
            replace(base.turns[0], parts=(Paragraph(asked, (), None, (first,)),)),
            StandingMark(Mark(MarkKind.STAGE, 0, 10, "(LAUGHTER)")),
            replace(base.turns[1], parts=(Paragraph(said, (mark,), None, tuple(sentences)),)),
        ),
    )


def in_arabic() -> Record:
    """A record in Arabic with letters and digits of other scripts inside."""
    base = web_desk.a_record()
    end = ARABIC.index(".") + 1
    start = ARABIC.index("[")
    mark = Mark(MarkKind.LANGUAGE, start, len(ARABIC) - 1, ARABIC[start:-1])
    part = Paragraph(
        ARABIC,
        (mark,),
        None,
        (
            RecordSentence("s21", 0, end, Span(13_000, 17_000)),
            RecordSentence("s22", end + 1, len(ARABIC), Span(17_000, 25_000)),
        ),
    )
    return replace(
        base,
        headline="مدير الميناء: الرحلة المسائية باقية",
        summary=(Paragraph("ينفي مدير الميناء الشائعة."),),
        language="ar",
        original_language="ar",
        speakers=(RecordSpeaker("s1", "دانيال مارش", SpeakerKind.PERSON, ("دانيال مارش",)),),
        body=(
            RecordTurn("t1", "دانيال مارش", "s1", (part,), Span(13_000, 25_000), origin="machine"),
        ),
    )
