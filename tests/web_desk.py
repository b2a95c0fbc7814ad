"""A desk to look at in a browser: every kind of recording and record that a page must show."""

from __future__ import annotations

import io
import json
import random
import wave
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from offair.desk import Desk, Listening
from offair.engines.speech.routing import Route, read_routing
from offair.formats import record_json
from offair.jobs.queue import Queue
from offair.media import Limits
from offair.model.record import (
    Paragraph,
    Record,
    RecordMedia,
    RecordNumber,
    RecordSpan,
    RecordSpeaker,
    RecordTurn,
)
from offair.model.recording import Channel, Held, MediaFacts, StreamFacts, VaultObject
from offair.model.time import DateKind, PartialDate, Span
from offair.model.transcript import (
    Activity,
    Attribution,
    Chunk,
    Flag,
    FlagKind,
    LayerKind,
    LayerOrigin,
    Mark,
    MarkKind,
    Speaker,
    SpeakerKind,
    Turn,
)
from offair.model.words import TimeSource, Word, Words
from offair.search.index import FolderIndex
from offair.store import Transaction
from offair.store.catalogue import SqlCatalogue
from offair.store.folder_vault import FolderVault

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
HARBOUR = Channel("Harbour One", "Ireland", "Europe/Dublin", ("en",))
LONG_TURNS = 150
LONG_TURN_MS = 4_000

ARABIC = (
    "صباح الخير، هذه نشرة الأخبار من إذاعة الميناء.",
    "تبحر العبّارة الأولى في السادسة والنصف، و14 رحلة في اليوم لا 12.",
    "قال مدير الميناء إن الرحلة المسائية لن تُلغى [بالإنجليزية].",
)

DOUBTS = (
    Flag(FlagKind.NO_SPEECH, Span(4_000, 4_310), "no speech was found under <b>‘ferry’</b>"),
    Flag(FlagKind.NOT_HEARD, Span(9_370, 13_300), "3.9 s of speech and no words"),
    Flag(
        FlagKind.CAPTIONS_DIFFER,
        Span(16_460, 17_720),
        "the captions have ‘half past seven’, where ‘half past six’ was heard: a number differs",
    ),
    Flag(FlagKind.UNSURE, Span(20_000, 21_000), "looked at", settled_by="Ada", settled_note="fine"),
)
"""Doubts about the sample broadcast, one of them settled."""


def _never(*_: object) -> NoReturn:
    raise AssertionError("a page asked for an engine")


def make_desk(folder: Path) -> Desk:
    """An empty desk in a folder; its engines may not be asked for."""
    catalogue = SqlCatalogue(f"sqlite:///{folder / 'desk.sqlite'}")
    catalogue.migrate()
    return Desk(
        name="Test desk",
        series="desk",
        catalogue=catalogue,
        vault=FolderVault(folder / "vault"),
        queue=Queue(),
        index=FolderIndex(folder / "index"),
        limits=Limits(),
        listening=Listening(
            activity=_never,
            routing=read_routing(None, "packaged", Route("faster-whisper", "base", {})),
            open_pool=_never,
            languages=None,
            diariser=None,
            speakers="captions",
            language=None,
            names=(),
            second_try=True,
        ),
        translator=_never,
        translates_to="en",
        scratch=folder / "scratch",
        address=None,
    )


def timed(pieces: list[tuple[str, int, int]]) -> tuple[str, Words]:
    """Text and words from (word, start, end), one space between."""
    text, words = "", []
    for piece, start, end in pieces:
        begin = len(text) + (1 if text else 0)
        text = f"{text} {piece}" if text else piece
        words.append(Word(begin, len(text), start, end, TimeSource.ENGINE, 0.9))
    return text, Words.of(words)


def keep(desk: Desk, data: bytes, name: str) -> VaultObject:
    """Bytes in the vault."""
    with desk.vault.deposit_bytes(data, name) as deposit:
        deposit.keep()
        return deposit.object


def silent_wave(duration_ms: int) -> bytes:
    """A small file that any browser plays: 8-bit mono at 4 kHz, silence."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(4000)
        out.writeframes(b"\x80" * (duration_ms * 4))
    return file.getvalue()


def sound_facts(duration_ms: int, *, playable: bool = True) -> MediaFacts:
    """Media facts of a sound file."""
    stream = StreamFacts(0, "audio", "pcm_u8", None, 0, duration_ms, None, None, None, 4000, 1)
    return MediaFacts("wav", duration_ms, 0, (stream,), playable)


def add_harbour(desk: Desk) -> int:
    """The sample broadcast with a machine layer, its captions and an Arabic translation."""
    script = json.loads((SAMPLES / "harbour-interview.script.json").read_text("utf-8"))
    media = keep(desk, (SAMPLES / "harbour-interview.mp4").read_bytes(), "harbour-interview.mp4")
    facts = MediaFacts(
        "mp4",
        script["duration_ms"],
        0,
        (
            StreamFacts(0, "video", "h264", None, 0, script["duration_ms"], 640, 360),
            StreamFacts(
                1, "audio", "aac", "eng", 0, script["duration_ms"], None, None, None, 48000, 1
            ),
        ),
        True,
    )
    turns = []
    for index, one in enumerate(script["turns"]):
        words = [word for sentence in one["sentences"] for word in sentence["words"]]
        text, columns = timed([(w["text"], w["start_ms"], w["end_ms"]) for w in words])
        turns.append(Turn(0, index, text, columns, Span(one["start_ms"], one["end_ms"])))
    with desk.catalogue.transaction() as tx:
        recording = tx.add_recording(
            channel=tx.ensure_channel(HARBOUR),
            aired=PartialDate.parse("2026-05-14"),
            title="Morning Quay",
            held=Held.HELD,
            object=media,
            media=facts,
            actor="test",
        )
        run = tx.open_run(recording.id, {"model": "tiny.en"})
        tx.add_chunk(
            recording.id,
            run,
            Chunk(Span(0, 1_200), Activity.SILENCE, 0.03, None, "no speech in it: silence"),
        )
        layer = tx.add_layer(
            recording_id=recording.id,
            kind=LayerKind.SPEECH,
            language="en",
            origin=LayerOrigin.ENGINE,
            maker="faster-whisper tiny.en",
            run=run,
            turns=turns,
            sentences=[[(0, len(turn.text))] for turn in turns],
        )
        captions = [
            Turn(0, i, c["text"], Words(), Span(c["start_ms"], c["end_ms"]))
            for i, c in enumerate(script["captions"])
        ]
        tx.add_layer(
            recording_id=recording.id,
            kind=LayerKind.CAPTIONS,
            language="en",
            origin=LayerOrigin.BROADCASTER,
            maker="embedded caption track 2 (mov_text)",
            run=1,
            turns=captions,
            sentences=[[(0, len(turn.text))] for turn in captions],
            note="caption time, which lags speech",
        )
        tx.add_layer(
            recording_id=recording.id,
            kind=LayerKind.TRANSLATION,
            language="ar",
            origin=LayerOrigin.PERSON,
            maker="Samia",
            run=1,
            turns=arabic_turns(),
            sentences=[[(0, len(text))] for text in ARABIC],
            source_layer_id=layer.id,
        )
        tx.add_flags(layer.id, DOUBTS)
        for turn, one in zip(tx.turns(layer.id), script["turns"], strict=True):
            speaker = Speaker(one["name"], SpeakerKind.PERSON)
            tx.add_attributions([Attribution(turn.id, speaker, None, None, 0.8, "test")])
    return recording.id


def arabic_turns() -> list[Turn]:
    """Three turns in Arabic, each word with a time, the last with an editor's mark."""
    turns = []
    for index, line in enumerate(ARABIC):
        start = 1_200 + index * 6_000
        text, words = timed(
            [(word, start + n * 400, start + n * 400 + 350) for n, word in enumerate(line.split())]
        )
        turns.append(Turn(0, index, text, words, Span(start, start + 6_000)))
    begin = ARABIC[2].index("[")
    mark = Mark(MarkKind.LANGUAGE, begin, ARABIC[2].index("]") + 1, "[بالإنجليزية]")
    turns[2] = replace(turns[2], marks=(mark,))
    return turns


def add_long(desk: Desk, turns: int = LONG_TURNS, words_in_turn: int = 8) -> int:
    """A silent recording with a long text; every word of turn n has a time in its own span."""
    chance = random.Random(8914)
    duration = turns * LONG_TURN_MS
    lines = []
    for index in range(turns):
        start = index * LONG_TURN_MS
        step = (LONG_TURN_MS - 400) // words_in_turn
        pieces = [
            (
                "".join(chance.choices("aeioulmnrst", k=chance.randint(2, 9))),
                start + n * step,
                start + n * step + step - 40,
            )
            for n in range(words_in_turn)
        ]
        text, columns = timed(pieces)
        lines.append(Turn(0, index, text, columns, Span(start, pieces[-1][2])))
    media = keep(desk, silent_wave(duration), "long.wav")
    with desk.catalogue.transaction() as tx:
        recording = tx.add_recording(
            channel=tx.ensure_channel(HARBOUR),
            aired=PartialDate.parse("2026-05-15T19:30"),
            title="Long session",
            held=Held.HELD,
            object=media,
            media=sound_facts(duration),
            actor="test",
        )
        tx.add_layer(
            recording_id=recording.id,
            kind=LayerKind.SPEECH,
            language="en",
            origin=LayerOrigin.ENGINE,
            maker="faster-whisper base",
            run=1,
            turns=lines,
            sentences=[[(0, len(turn.text))] for turn in lines],
        )
    return recording.id


def add_trouble(desk: Desk) -> tuple[int, int, int]:
    """A quarantined recording, one that waits for its copy, one whose hearing runs."""
    with desk.catalogue.transaction() as tx:
        channel = tx.ensure_channel(Channel("قناة الميناء", "Iraq"))
        ids = []
        for number, title in enumerate(("damaged.mp4", "Evening tape", "Radio <b>Hour</b>")):
            data = silent_wave(10_000 + number)
            one = tx.add_recording(
                channel=channel,
                aired=PartialDate.parse("2026-05"),
                title=title,
                held=Held.HELD,
                object=keep(desk, data, f"{number}.wav"),
                media=sound_facts(10_000, playable=number != 1),
                actor="test",
            )
            ids.append(one.id)
        tx.quarantine_recording(ids[0], "the decoder asked for more than 2048 MiB of memory")
        desk.queue.enqueue(tx, "proxy", ids[1])
        desk.queue.enqueue(tx, "process", ids[2])
        tx.claim_due_job(["process"], owner="w", now=1e10, leased_until=2e10)
        run = tx.open_run(ids[2], {})
        tx.add_chunk(
            ids[2],
            run,
            Chunk(Span(0, 4_000), Activity.OTHER, 0.2, None, "no speech in it: other sound"),
        )
    return ids[0], ids[1], ids[2]


def add_text_only(desk: Desk) -> int:
    """An imported Arabic text without media and without times."""
    turns = [Turn(0, i, text, Words(), None, label="المذيعة") for i, text in enumerate(ARABIC)]
    with desk.catalogue.transaction() as tx:
        recording = tx.add_recording(
            channel=tx.ensure_channel(Channel("إذاعة الميناء", "Iraq", None, ("ar",))),
            aired=PartialDate.parse("2021"),
            title="نشرة الصباح",
            held=Held.NEVER_HELD,
            object=keep(desk, "نص".encode(), "نشرة.txt"),
            media=None,
            actor="test",
        )
        tx.add_layer(
            recording_id=recording.id,
            kind=LayerKind.SPEECH,
            language="ar",
            origin=LayerOrigin.IMPORT,
            maker="نشرة.txt",
            run=1,
            turns=turns,
            sentences=[[(0, len(text))] for text in ARABIC],
        )
    return recording.id


def add_records(desk: Desk, recording_id: int) -> None:
    """Record 1 in two editions with a media file, and a publisher's record 8914."""
    cut = keep(desk, (SAMPLES / "harbour-interview.mp4").read_bytes()[:-1], "clip.mp4")
    with desk.catalogue.transaction() as tx:
        clip = _clip(tx, recording_id)
        number = tx.take_number(clip, desk.series)
        for edition in (1, 2):
            record = replace(
                a_record(),
                number=number,
                edition=edition,
                headline=f"Harbour Master: the late boat stays, edition {edition}",
                spans=(RecordSpan(recording_id, Span(13_000, 25_000)),),
                media=(
                    RecordMedia(
                        "exact", cut.sha256, cut.size_bytes, "video/mp4", cut.name, 0, 12_000
                    ),
                ),
            )
            tx.add_edition(
                clip,
                edition,
                document=record_json.write(record),
                objects=[cut],
                actor="test",
                note=None if edition == 1 else "a word",
            )
        other = _clip(tx, recording_id)
        printed = RecordNumber("monitor", "8914")
        tx.set_printed_number(other, printed)
        imported = replace(
            a_record(),
            number=printed,
            checked=True,
            speakers=(),
            body=(RecordTurn("t1", "Guest", None, (Paragraph("We are not cancelling."),)),),
        )
        tx.add_edition(other, 1, document=record_json.write(imported), objects=[], actor="test")


def a_record() -> Record:
    """A record of two turns with times."""
    date = PartialDate.parse("2026-05-14", DateKind.PUBLISHED)
    return Record(
        number=None,
        edition=1,
        date=date,
        aired=PartialDate.parse("2026-05-14"),
        headline="Harbour Master: the late boat stays",
        run_time_ms=12_000,
        channel="Harbour One",
        country="Ireland",
        summary=(Paragraph("The harbour master denies a rumour."),),
        speakers=(
            RecordSpeaker("s1", "Nora Whitlow", SpeakerKind.PERSON, ("Nora Whitlow",)),
            RecordSpeaker("s2", "Daniel Marsh", SpeakerKind.PERSON, ("Daniel Marsh",)),
        ),
        body=(
            RecordTurn(
                "t1",
                "Nora Whitlow",
                "s1",
                (Paragraph("Mr. Marsh, what is changing?"),),
                span=Span(13_000, 15_000),
                origin="machine",
            ),
            RecordTurn(
                "t2",
                "Daniel Marsh",
                "s2",
                (Paragraph("We are not cancelling the late boat."),),
                span=Span(15_000, 25_000),
                origin="machine",
            ),
        ),
        language="en",
        original_language="en",
        made_by="Test desk",
    )


def _clip(tx: Transaction, recording_id: int) -> int:
    return tx.add_clip(
        recording_id=recording_id,
        layer_id=None,
        spans=[Span(13_000, 25_000)],
        turn_ids=[],
        headline=None,
        summary=[],
        actor="test",
    ).id
