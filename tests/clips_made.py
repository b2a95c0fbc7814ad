"""The harbour interview as a clip of a desk, and as turns that clauses are held against."""

from __future__ import annotations

import json
from collections.abc import Sequence

from web_desk import SAMPLES, add_harbour

from offair.desk import Desk
from offair.desk.clip import clip
from offair.model.names import Hearing, Name, NameKind, Office
from offair.model.record import Clip
from offair.model.time import PartialDate, Span
from offair.model.transcript import Attribution, Layer, LayerKind, Speaker, SpeakerKind, Turn
from offair.text.clause_facts import RecordFacts
from offair.text.clause_ground import Ground
from offair.text.clause_words import SaidTurn
from offair.text.judge_places import Voice
from offair.text.retime import retime
from offair.text.sentences import sentences

AIRED = PartialDate.parse("2026-05-14")
MARSH = Name(
    NameKind.PERSON,
    "Daniel Marsh",
    offices=(
        Office("Harbour Master of Port Callan", PartialDate.parse("2020")),
        Office("Minister of Transport", PartialDate.parse("2010"), PartialDate.parse("2014")),
    ),
)


def harbour_turns() -> list[tuple[str, str]]:
    """(speaker, text) of each turn of the sample broadcast."""
    script = json.loads((SAMPLES / "harbour-interview.script.json").read_text("utf-8"))
    return [
        (one["name"], " ".join(w["text"] for s in one["sentences"] for w in s["words"]))
        for one in script["turns"]
    ]


def ground(turns: Sequence[tuple[str | None, str]] | None = None, language: str = "en") -> Ground:
    """What clauses about the sample, or about these turns, can rest on."""
    said = harbour_turns() if turns is None else turns
    return Ground(
        (tuple(SaidTurn(n, text, 0, Voice(name)) for n, (name, text) in enumerate(said, 1)),),
        language,
        RecordFacts("Harbour One", "Ireland", AIRED, "Morning Quay", "12", 94_000),
        aired=AIRED,
        names=(MARSH,),
    )


def harbour_clip(
    desk: Desk,
    *,
    headline: str | None = "Daniel Marsh: We Are Not Cancelling The Late Boat",
    summary: Sequence[str] = ("He said there will be 14 crossings a day.",),
    actor: str = "ana",
) -> Clip:
    """A clip of the first answer of the sample broadcast."""
    recording = add_harbour(desk)
    return clip(
        desk, recording, spans=[Span(13_500, 25_300)], layer_id=speech(desk, recording).id,
        headline=headline, summary=summary, actor=actor,
    )  # fmt: skip


def speech(desk: Desk, recording_id: int) -> Layer:
    """The machine's text of a recording."""
    with desk.catalogue.snapshot() as tx:
        return next(one for one in tx.layers(recording_id) if one.kind is LayerKind.SPEECH)


def turns_of(desk: Desk, layer_id: int) -> list[Turn]:
    """The turns of a layer that stand."""
    with desk.catalogue.snapshot() as tx:
        return list(tx.turns(layer_id))


def revised(desk: Desk, turn: Turn, text: str, actor: str = "rana") -> Turn:
    """The turn with another text."""
    with desk.catalogue.transaction() as tx:
        return tx.revise_turn(
            turn.id, text=text, words=retime(turn.text, turn.words, text, turn.span),
            sentences=sentences(text, "en"), actor=actor,
        )  # fmt: skip


def hear_all(desk: Desk, layer_id: int, *, confirm: bool = True, by: str = "ana") -> None:
    """Somebody hears every word of a layer, and confirms who speaks."""
    turns = turns_of(desk, layer_id)
    with desk.catalogue.transaction() as tx:
        tx.add_hearings(
            [Hearing(one.id, 0, len(one.text), by, "2026-05-14T12:00:00Z") for one in turns]
        )
        if confirm:
            known = tx.attributions([one.id for one in turns])
            tx.add_attributions(
                [
                    Attribution(
                        one.id, known[one.id].voice if one.id in known else
                        Speaker("Daniel Marsh", SpeakerKind.PERSON), None, None, None, by, by,
                    )
                    for one in turns
                ]
            )  # fmt: skip
