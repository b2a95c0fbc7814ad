"""A desk with a small archive of invented speech, for checking quotations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archive_in_memory import MemoryIndex
from web_desk import make_desk

from offair.desk import Desk
from offair.model.recording import Channel, Held, Recording
from offair.model.time import PartialDate, Span
from offair.model.transcript import Attribution, Layer, LayerKind, LayerOrigin, Speaker, Turn
from offair.model.words import TimeSource, Word, Words
from offair.text.sentences import sentences

HARBOUR = Channel("Harbour One", "Ireland", "Europe/Dublin", ("en",))


@dataclass(frozen=True)
class Said:
    """A turn: who speaks, what, whose words they are where not the voice's."""

    who: str | None
    text: str
    author: str | None = None
    withheld: bool = False


def spoken_desk(folder: Path) -> Desk:
    """An empty desk whose index is the referee's."""
    desk = make_desk(folder)
    return replace(desk, index=MemoryIndex(desk.catalogue))


def air(
    desk: Desk,
    said: Sequence[Said],
    *,
    aired: str | None = "2021-06-01",
    language: str = "en",
    kind: LayerKind = LayerKind.SPEECH,
    origin: LayerOrigin = LayerOrigin.ENGINE,
    channel: Channel = HARBOUR,
    confirmed: str | None = "Ada",
    recording: Recording | None = None,
    timed: bool = True,
    maker: str = "whisper base",
) -> tuple[Recording, Layer]:
    """Put a broadcast on air, or one more text of it; its words take a third of a second each."""
    turns, at = [], 0
    for number, one in enumerate(said):
        words, begin = [], 0
        for word in one.text.split():
            start = one.text.index(word, begin)
            begin = start + len(word)
            words.append(
                Word(start, begin, at, at + 300, TimeSource.ENGINE) if timed else Word(start, begin)
            )
            at += 333
        spans = [(w.start, w.end) for w in words if w.start is not None and w.end is not None]
        span = Span(spans[0][0], spans[-1][1]) if spans else None
        turns.append(Turn(0, number, one.text, Words.of(words), span))
    with desk.catalogue.transaction() as tx:
        if recording is None:
            recording = tx.add_recording(
                channel=tx.ensure_channel(channel),
                aired=PartialDate.parse(aired) if aired else None, title="Debate",
                held=Held.NEVER_HELD, object=None, media=None, actor="Ada",
            )  # fmt: skip
        layer = tx.add_layer(
            recording_id=recording.id, kind=kind, language=language, origin=origin, maker=maker,
            run=1, turns=turns, sentences=[sentences(one.text, language) for one in turns],
        )  # fmt: skip
        tx.add_attributions(
            [
                Attribution(
                    turn.id, Speaker(one.who, withheld=one.withheld) if one.who else None,
                    Speaker(one.author) if one.author else None, one.who, None, "test", confirmed,
                )
                for turn, one in zip(tx.turns(layer.id), said, strict=True)
                if one.who or one.author
            ]
        )  # fmt: skip
    return recording, layer
