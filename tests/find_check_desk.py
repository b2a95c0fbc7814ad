"""A desk with an index to find in and check against: English with sound, Arabic, captions."""

from __future__ import annotations

from pathlib import Path

from spoken_archive import Said, air
from web_desk import HARBOUR, add_harbour, add_text_only, make_desk

from offair.desk import Desk
from offair.desk.index import index
from offair.model.recording import Channel
from offair.model.transcript import LayerKind

PROMISE = "I can promise the boat. I cannot promise the weather."
"""Of the sample broadcast, spoken by Daniel Marsh at 1:07."""
ARABIC_SAID = "قال الوزير إن الحكومة لن ترفع أسعار الوقود هذا العام مهما حدث في الأسواق"
ANN, BEN = "Ann Smith", "Ben Roe"
QUAY = Channel("Quay Two", "Ireland", "Europe/Dublin", ("en",))


def find_check_desk(folder: Path) -> Desk:
    """The desk; recording 1 is the sample broadcast, with media."""
    desk = make_desk(folder)
    add_harbour(desk)
    add_text_only(desk)
    for number, day in enumerate(("2024-01-09", "2024-03-02", "2024-03-20", "2025-11-30")):
        air(
            desk,
            [
                Said(ANN, f"The ferry report number {number} was read to the council."),
                Said(BEN, "Nobody told us that the ferry would pass the wall at that speed."),
                Said(ANN, "We will not raise the fares before the winter timetable begins."),
            ],
            aired=day, channel=QUAY, confirmed="Ada" if number else None,
        )  # fmt: skip
    air(desk, [Said("سامر", ARABIC_SAID)], aired="2024-03-05", language="ar",
        channel=Channel("إذاعة الميناء", "Iraq", None, ("ar",)))  # fmt: skip
    air(desk, [Said(None, "The ferry captions say the boat is late.")], aired="2024-02-01",
        kind=LayerKind.CAPTIONS, channel=HARBOUR, confirmed=None)  # fmt: skip
    index(desk, notice=print)
    return desk
