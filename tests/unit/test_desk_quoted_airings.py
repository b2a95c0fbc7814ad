"""Who speaks in the other places where a quotation's words stand: read as in the one it names."""

from __future__ import annotations

from pathlib import Path

import pytest
from spoken_archive import Said, air, spoken_desk

from offair.desk import Desk
from offair.desk.check_quote import check_quote
from offair.model.finding import Quotation, SpeakerFinding, WordsFinding
from offair.model.transcript import LayerKind, LayerOrigin, Turn
from offair.model.words import Words

WORDS = "the northern quay will be dug out before the herring come back"
PLACES = (
    "bakers", "coopers", "divers", "farmers", "glaziers", "joiners", "millers", "netmakers",
    "painters", "riggers", "sailors", "tanners",
)  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk on which many people said the same words, each to others."""
    made = spoken_desk(tmp_path)
    for day, trade in enumerate(PLACES, 1):
        text = f"All {trade} of the town were told at noon that {WORDS}. {trade} were not amused."
        air(made, [Said(f"Speaker {day}", text)], aired=f"2021-06-{day:02}")
    return made


def test_the_claimed_speaker_is_found_among_many_who_said_the_same(desk: Desk) -> None:
    """More places than the index proposes: those beyond are asked for their speakers too."""
    for who in ("Speaker 1", "Speaker 12"):
        found = check_quote(desk, Quotation(WORDS, speaker=who))
        assert found.words is WordsFinding.VERBATIM
        assert found.speaker is SpeakerFinding.AS_CLAIMED, who
        assert found.pieces[0].speaker == who
    found = check_quote(desk, Quotation(WORDS, speaker="Somebody Else"))
    assert found.speaker is SpeakerFinding.SOMEBODY_ELSE
    assert all(one.speaker for one in found.alternatives)


def test_a_withheld_speaker_is_not_named_by_the_label_of_another_place(tmp_path: Path) -> None:
    desk = spoken_desk(tmp_path)
    air(desk, [Said("Secret Name", "The harbour is closed today.", withheld=True)])
    for day, trade in enumerate(PLACES, 1):
        around = " ".join(f"{trade}{chr(97 + number)}" for number in range(14))
        text = f"{around} {WORDS} {around[::-1]}"
        recording, _ = air(desk, [Said(None, "Good evening.")], aired=f"2021-07-{day:02}")
        with desk.catalogue.transaction() as tx:
            tx.add_layer(
                recording_id=recording.id, kind=LayerKind.CAPTIONS, language="en",
                origin=LayerOrigin.IMPORT, maker="Ada", run=1, sentences=[[(0, len(text))]],
                turns=[Turn(0, 0, text, Words(), None, label="Secret Name")],
            )  # fmt: skip
    found = check_quote(desk, Quotation(WORDS))
    assert len(found.alternatives) == 3
    assert all(one.speaker is None for one in (*found.pieces, *found.alternatives))
