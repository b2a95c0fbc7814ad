"""Hears the items of a set with the desk's own whole pipeline, in a desk that is thrown away.

Each item is taken in and processed by the verbs that the commands use, and what is scored is what
the catalogue then holds: the layer, its flags, the chunks of its run, the voices.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from offair import wiring
from offair.config import Settings, StoreSettings, with_section
from offair.desk import Desk
from offair.desk.accept import accept
from offair.desk.process import Progress, process
from offair.evaluation import listening
from offair.evaluation.listening import (
    Invented,
    ItemScore,
    Lost,
    Spoken,
    SpokenWord,
    compare,
    counts_words,
)
from offair.evaluation.material import Item, Kind
from offair.evaluation.normaliser import normal_words
from offair.evaluation.processor import processor_seconds
from offair.model.recording import Channel
from offair.model.time import Ms, Span
from offair.model.transcript import Engine, Turn, VoiceSpan
from offair.model.words import WordFlag

_ACTOR = "evaluation"


@dataclass(frozen=True, slots=True)
class HeardItem:
    """What the desk heard in an item.

    text: of the layer, with its words. language: of the layer. engines: who made the claims.
    unheard: spans skipped, and spans in no chunk. voices: of the diariser, None without one.
    wall_s, cpu_s: None where a claim was there already; cpu_s: also where it cannot be measured.
    run: every setting of the run.
    """

    duration_ms: Ms
    text: Spoken
    language: str
    engines: tuple[Engine, ...]
    unheard: tuple[Span, ...]
    voices: tuple[VoiceSpan, ...] | None
    wall_s: float | None
    cpu_s: float | None
    run: dict[str, str]


@contextlib.contextmanager
def scratch_desk(settings: Settings, *, notice: Callable[[str], None]) -> Iterator[Desk]:
    """A desk that hears as these settings say, its data in a folder that is removed at the end.

    Its engines are opened before it is handed over, so that the first item does not pay for it.
    Raises `BadSetting`, `BadInput`, `Unavailable`.
    """
    told = with_section(settings, "listening", {"processes": wiring.processes(settings)})
    with tempfile.TemporaryDirectory(prefix="offair-evaluation-") as folder:
        told = told.model_copy(update={"data": Path(folder), "store": StoreSettings()})
        with wiring.open_desk(told, notice=notice) as desk:
            heard_by = desk.listening
            heard_by.open_pool(heard_by.routing.route(heard_by.language)).engine  # noqa: B018 - waits until it is loaded
            if heard_by.languages is not None:
                heard_by.languages().engine  # noqa: B018
            if heard_by.diariser is not None:
                heard_by.diariser().engine  # noqa: B018
            yield desk


def hear(
    desk: Desk, item: Item, *, progress: Callable[[Progress], None] = lambda _: None
) -> HeardItem:
    """Take one item in, hear it, and read back what the catalogue holds.

    Each item has a channel of its own, so that equal sounds stay apart. Raises `OffairError`.
    """
    last: Progress | None = None

    def note(far: Progress) -> None:
        nonlocal last
        last = far
        progress(far)

    channel = Channel(f"evaluation: {item.name}", languages=item.channel_languages)
    recording = accept(desk, item.media, channel=channel, aired=None, actor=_ACTOR).recording
    cpu, began = processor_seconds(), time.perf_counter()
    layer = process(desk, recording.id, actor=_ACTOR, progress=note)
    wall = time.perf_counter() - began
    spent = processor_seconds()
    fresh = last is not None and not last.reused
    with desk.catalogue.snapshot() as tx:
        chunks = tx.chunks(recording.id, layer.run)
        claims = [tx.claim(one.claim_key) for one in chunks if one.claim_key]
        run = tx.run_settings(recording.id, layer.run)
        key = run.get("speakers.key")
        voices = tx.diarisation(str(key)) if key else None
        turns = tx.turns(layer.id)
    length = recording.media.duration_ms if recording.media else 0
    heard = listening.joined(one.span for one in chunks if one.claim_key)
    engines: list[Engine] = []
    for claim in claims:
        if claim is not None and claim.engine not in engines:
            engines.append(claim.engine)
    if voices is not None:
        engines.append(voices.engine)
    return HeardItem(
        length,
        spoken(turns),
        layer.language,
        tuple(engines),
        listening.outside(heard, (Span(0, length),)),
        voices.voices if voices else None,
        wall if fresh else None,
        spent - cpu if fresh and spent is not None and cpu is not None else None,
        {name: str(value) for name, value in run.items() if value is not None},
    )


def spoken(turns: Sequence[Turn]) -> Spoken:
    """The turns as one text, a line each, with their words."""
    words: list[SpokenWord] = []
    at = 0
    for turn in turns:
        words += (
            SpokenWord(
                at + one.char_start, at + one.char_end, one.start, one.end, turn.label,
                bool(one.flags & WordFlag.DOUBTED),
            )
            for one in turn.words
        )  # fmt: skip
        at += len(turn.text) + 1
    return Spoken("\n".join(turn.text for turn in turns), tuple(words))


def known(item: Item) -> Spoken:
    """The reference's words with times and speakers: of its words, else of its lines.

    The words of a line are spread over its time by their characters.
    """
    words: list[SpokenWord] = []
    pieces: list[str] = []
    at = 0
    for word in item.words:
        text = word.text
        words.append(SpokenWord(at, at + len(text), word.start, word.end, word.speaker))
        pieces.append(text)
        at += len(text) + 1
    if words:
        return Spoken(" ".join(pieces), tuple(words))
    for line in item.lines:
        length = max(1, len(line.text))
        for one in normal_words(line.text, item.language):
            start = line.span.start + line.span.length * one.char_start // length
            end = line.span.start + line.span.length * one.char_end // length
            words.append(
                SpokenWord(at + one.char_start, at + one.char_end, start, end, line.speaker)
            )
        pieces.append(line.text)
        at += len(line.text) + 1
    return Spoken("\n".join(pieces), tuple(words))


def speech_of(item: Item) -> tuple[Span, ...] | None:
    """Where somebody is known to speak, in order; None where that is not known.

    Of the voices, else of the word times, else of the line times.
    """
    if item.kind is not Kind.SPEECH:
        return ()
    if item.voices is not None:
        return listening.joined(one.span for one in item.voices)
    timed = [(one.start, one.end) for one in item.words]
    if timed and all(start is not None for start, _ in timed):
        return listening.joined(
            Span(start, end) for start, end in timed if start is not None and end is not None
        )
    return listening.joined(one.span for one in item.lines) if item.lines else None


def score(item: Item, heard: HeardItem, *, collar_ms: float = 0.0) -> ItemScore:
    """All scores that the item's references allow."""
    whole = (Span(0, heard.duration_ms),)
    scored = listening.shared(listening.joined(item.scored), whole) if item.scored else whole
    reference = known(item)
    compared = compare(item.text or "", heard.text.text, item.language)
    said = item.text is not None and item.kind is Kind.SPEECH
    by_words = said and counts_words(item.language)
    speech = speech_of(item)
    made_up: Invented | None = None
    missed: Lost | None = None
    if speech is not None:
        nobody = listening.outside(listening.joined(speech, listening.MARGIN_MS), scored)
        made_up = listening.invented(heard.text.words, nobody)
        inside = listening.shared(speech, scored)
        missed = listening.lost(reference.words, inside, heard.unheard)
    beside = compare(reference.text, heard.text.text, item.language) if item.words else None
    return ItemScore(
        item.name,
        item.language,
        heard.duration_ms,
        words=listening.word_errors(compared) if by_words else None,
        characters=listening.character_errors(compared) if said else None,
        speakers=listening.speaker_errors(reference, heard.text, item.language) if said else None,
        apart=(
            listening.told_apart(item.voices, heard.voices, scored, collar_ms=collar_ms)
            if item.voices is not None and heard.voices is not None
            else None
        ),
        boundaries=listening.boundaries(beside, reference, heard.text) if beside else None,
        invented=made_up,
        lost=missed if speech else None,
        doubts=listening.doubts(compared, heard.text) if said else None,
        wall_s=heard.wall_s,
        cpu_s=heard.cpu_s,
        timed_ms=heard.duration_ms if heard.wall_s is not None else 0,
    )
