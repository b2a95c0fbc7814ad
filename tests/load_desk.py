"""A desk that many read while two edit: what stands in it, and the steps of its readers."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import web_desk
from installation import Installation
from load_walk import PASSWORD, Editor, Reader, Step, Visitor, Walk, history

from offair.desk.accounts import add_account
from offair.desk.prepare_peaks import prepare_peaks
from offair.formats import record_json
from offair.model.people import Role
from offair.model.record import RecordMedia, RecordNumber, RecordSentence, RecordSpan
from offair.model.time import Span

READERS, EDITORS = 50, ("rana", "tomas")
_ACCOUNTS = 5
"""Readers' accounts; those of the 50 who work at the desk share them."""
_INDEX_S = 60
_QUOTED = "We+are+not+cancelling+the+late+boat"
_RANGES = ("bytes=0-65535", "bytes=300000-", "bytes=-1000", "bytes=500000-900000")


@dataclass(frozen=True)
class LoadDesk:
    """Where what is read and edited stands. edited: the layer; public, inner: steps of readers
    without an account, and of those with one."""

    edited: int
    turns: int
    public: tuple[Step, ...]
    inner: tuple[Step, ...]


def fill(installation: Installation, *, turns: int = 60, words_in_turn: int = 40) -> LoadDesk:
    """Recordings, records in editions with media and sentences, accounts."""
    with installation.desk() as desk:
        harbour = web_desk.add_harbour(desk)
        long = web_desk.add_long(desk, turns, words_in_turn)
        web_desk.add_records(desk, harbour)
        prepare_peaks(desk, harbour)
        cut = web_desk.keep(
            desk, (web_desk.SAMPLES / "harbour-interview.mp4").read_bytes()[:-2], "cut.mp4"
        )
        with desk.catalogue.transaction() as tx:
            edited = tx.layers(long)[0].id
            held = tx.recording(harbour).object
            clip = tx.add_clip(
                recording_id=harbour, layer_id=None, spans=[Span(13_000, 25_000)], turn_ids=[],
                headline=None, summary=[], actor="test",
            ).id  # fmt: skip
            number = tx.take_number(clip, desk.series)
            made = replace(
                web_desk.a_record(),
                number=number,
                spans=(RecordSpan(harbour, Span(13_000, 25_000)),),
                body=tuple(
                    replace(one, parts=tuple(
                        replace(part, sentences=(RecordSentence(f"s{place}", 0, len(part.text)),))
                        for part in one.paragraphs
                    ))
                    for place, one in enumerate(web_desk.a_record().body, 70)
                ),
                media=(
                    RecordMedia(
                        "exact", cut.sha256, cut.size_bytes, "video/mp4", cut.name, 0, 12_000
                    ),
                ),
            )  # fmt: skip
            tx.add_edition(clip, 1, document=record_json.write(made), objects=[cut], actor="test")
        for name in EDITORS:
            add_account(desk, name, Role.EDITOR, PASSWORD, actor="test")
        for place in range(_ACCOUNTS):
            add_account(desk, f"reader {place}", Role.READER, PASSWORD, actor="test")
    assert held is not None
    public = _public(number, f"/media/{cut.sha256}")
    return LoadDesk(edited, turns, public, (*_inner(harbour, long, held.sha256), *public))


def _public(number: RecordNumber, media: str) -> tuple[Step, ...]:
    page = f"/records/{number.printed}"
    return (
        Step("records", "/records"),
        Step("record", page),
        Step("record as data", f"{page}.json"),
        Step("feed", "/records.atom"),
        Step("sentence", f"{page}/s71"),
        Step("edition", "/records/1/1"),
        Step("media", media),
        *(Step("media range", media, {"range": one}, (206,)) for one in _RANGES),
        Step("records as data", "/records.json"),
        Step("citation", f"{page}.bib"),
        Step("captions", f"{page}.vtt"),
    )


def _inner(harbour: int, long: int, sha256: str) -> tuple[Step, ...]:
    page, text = f"/recordings/{harbour}", f"/recordings/{long}"
    ranges = (Step("media range", f"/media/{sha256}", {"range": one}, (206,)) for one in _RANGES)
    return (
        Step("today", "/"),
        Step("recordings", "/recordings"),
        Step("recording", page),
        Step("recording", text),
        *ranges,
        Step("turns", f"{text}/turns?from=40"),
        Step("turns", f"{text}/turns?t=2:00"),
        Step("find", "/find?q=ferry"),
        Step("find's hits", "/find?q=boat&part=hits"),
        Step("check", f"/check?words={_QUOTED}"),
        Step("check as data", f"/check.json?words={_QUOTED}"),
        Step("recording as data", f"{text}.json"),
        Step("today as data", "/today.json"),
        Step("names", "/names"),
        Step("waveform", f"{page}/peaks?from=0&width=900"),
        Step("doubts", f"{page}/flags"),
        Step("recording's captions", f"{page}/captions.vtt"),
    )


@dataclass(frozen=True)
class Day:
    """What a load left. walk: what readers met; editors: with their acknowledged saves."""

    walk: Walk
    editors: tuple[Editor, ...]


def hold(
    address: str,
    desk: LoadDesk,
    places: Sequence[Sequence[int]],
    *,
    steps: int,
    readers: int = READERS,
    pause_s: float,
) -> Day:
    """Let everybody at the desk at once. places: of each editor's saves, turns of the layer. steps:
    that a reader takes at least; all read on until the editors are done. Half of the readers have
    an account. pause_s: between two steps of a reader."""
    walk, over = Walk(), threading.Event()
    accounts = [Visitor(address) for _ in range(_ACCOUNTS)]
    for place, one in enumerate(accounts):
        one.log_in(f"reader {place}")
    _wait_for_index(accounts[0])
    editors = []
    for name in EDITORS:
        visitor = Visitor(address)
        visitor.log_in(name)
        editors.append(Editor(visitor, name, desk.edited))
    reading = [
        Reader(
            Visitor(address, accounts[place % _ACCOUNTS].cookie if place % 2 else ""),
            desk.inner if place % 2 else desk.public,
            place * 3,
            pause_s=pause_s,
        )
        for place in range(readers)
    ]
    threads = [threading.Thread(target=one.read, args=(steps, over, walk)) for one in reading]
    at_work = [
        threading.Thread(target=one.work, args=(chosen, walk))
        for one, chosen in zip(editors, places, strict=True)
    ]
    for thread in (*threads, *at_work):
        thread.start()
    for thread in at_work:
        thread.join()
    over.set()
    for thread in threads:
        thread.join()
    for one in accounts:
        one.close()
    return Day(walk, tuple(editors))


def _wait_for_index(visitor: Visitor) -> None:
    """A desk answers to no check before its index was made for the first time."""
    end = time.monotonic() + _INDEX_S
    while visitor.ask("GET", f"/check.json?words={_QUOTED}").status == 503:
        assert time.monotonic() < end, f"the index was not made in {_INDEX_S} s"
        time.sleep(0.2)


def lost(address: str, desk: LoadDesk, day: Day) -> list[str]:
    """What does not stand as it was acknowledged: in the history, in its order, in the text."""
    visitor = Visitor(address)
    visitor.log_in(EDITORS[0])
    told = []
    acknowledged = sorted(
        (save for one in day.editors for save in one.saves), key=lambda s: s.revision
    )
    kept = history(visitor, desk.edited)
    if [one["id"] for one in kept] != [one.revision for one in acknowledged]:
        told.append(f"{len(acknowledged)} saves acknowledged, {len(kept)} in the history")
    for revision, save in zip(kept, acknowledged, strict=False):
        texts = [one["text"] for one in revision["after"]]
        if (revision["who"], texts) != (save.who, [save.text]):
            told.append(f"revision {revision['id']} is not what {save.who} saved")
    turns = visitor.ask("GET", f"/api/v1/layers/{desk.edited}/turns?limit=200").json()["turns"]
    for root, turn in enumerate(turns):
        saves = [one for one in acknowledged if one.root == root]
        if saves and turn["text"] != saves[-1].text:
            told.append(f"turn {root} does not read as it was saved last")
        words = [one.word for one in saves]
        if words and turn["text"].split()[-len(words):] != words:  # fmt: skip
            told.append(f"turn {root} has not every saved word in the order of the saves: {words}")
    visitor.close()
    return told
