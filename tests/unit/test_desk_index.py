"""The verb `index`: what is searched is what the catalogue holds now, however it came to that."""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from web_desk import make_desk

from offair import wiring
from offair.desk import Desk
from offair.desk.examine import examine
from offair.desk.feed import indexed_layer, whose_words
from offair.desk.index import LITTLE_BEHIND, catch_up, index, is_behind, reindex, verify
from offair.model.errors import Conflict, Corrupt, Unavailable
from offair.model.names import Watch
from offair.model.query import Filter, QueryField, Term
from offair.model.recording import Channel, Held, Recording
from offair.model.time import PartialDate
from offair.model.transcript import (
    Attribution,
    Layer,
    LayerKind,
    LayerOrigin,
    SourceSentence,
    Speaker,
    Turn,
)
from offair.model.words import Words
from offair.search import Ask, Scope
from offair.search.merging import SPREAD


@pytest.fixture(autouse=True, scope="module")
def _no_power_cut() -> Iterator[None]:
    """Nothing here needs bytes on the disk itself, and waiting for it is most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk without anything."""
    made = make_desk(tmp_path)
    yield made
    made.index.close()
    made.catalogue.close()


def quiet(_: str) -> None:
    """Nobody listens."""


def recording(desk: Desk, title: str, aired: str | None = "2024-05-01") -> Recording:
    """A recording without media."""
    with desk.catalogue.transaction() as tx:
        return tx.add_recording(
            channel=tx.ensure_channel(Channel("Harbour One")),
            aired=PartialDate.parse(aired) if aired else None,
            title=title, held=Held.NEVER_HELD, object=None, media=None, actor="Ada",
        )  # fmt: skip


def text(
    desk: Desk,
    of: Recording,
    turns: Sequence[str],
    *,
    kind: LayerKind = LayerKind.SPEECH,
    origin: LayerOrigin = LayerOrigin.ENGINE,
    language: str = "en",
    run: int = 1,
    label: str | None = None,
    source: int | None = None,
) -> Layer:
    """A layer, each turn one sentence; with a source, that of the same place there translated."""
    with desk.catalogue.transaction() as tx:
        sources = {}
        if source is not None:
            theirs = tx.sentences([turn.id for turn in tx.turns(source)])
            for place, sentence in enumerate(theirs[: len(turns)]):
                sources[place, 0] = [SourceSentence(sentence.id, "0" * 64)]
        if kind is LayerKind.SPEECH and origin is LayerOrigin.ENGINE:
            run = tx.open_run(of.id, {"run": run})
        return tx.add_layer(
            recording_id=of.id, kind=kind, language=language, origin=origin, maker="maker", run=run,
            turns=[Turn(0, 0, one, Words(), None, label) for one in turns],
            sentences=[[(0, len(one))] if one else [] for one in turns],
            source_layer_id=source, sources=sources,
        )  # fmt: skip


def name(desk: Desk, layer: Layer, voice: Speaker | None, author: Speaker | None = None) -> None:
    """Attribute every turn of a layer."""
    with desk.catalogue.transaction() as tx:
        tx.add_attributions(
            [
                Attribution(turn.id, voice, author, None, None, "Ada", "Ada")
                for turn in tx.turns(layer.id)
            ]
        )


def watch(desk: Desk, label: str, query: str) -> Watch:
    """Keep a standing query."""
    with desk.catalogue.transaction() as tx:
        return tx.add_watch(label, query, owner="Ada")


def matched(desk: Desk, of: Watch) -> list[str]:
    """The sentences a standing query has found."""
    with desk.catalogue.snapshot() as tx:
        return [one.text for one in tx.matches(of.id)]


def said(desk: Desk, word: str) -> set[int]:
    """Layers in which a word stands, by both parts of the index."""
    opened = desk.index.open()
    _, places = opened.occurrences([word], Scope(), limit=1000)
    hits = opened.find(Term((word,), (0, 1)), Ask(limit=1000)).hits
    found = {one.layer_id for one in places}
    assert {one.layer_id for one in hits} == found
    return found


def by(desk: Desk, speaker: str) -> set[int]:
    """Turns of a speaker."""
    asked = Filter(QueryField.SPEAKER, speaker, (0, 1))
    return {one.turn_id for one in desk.index.open().find(asked, Ask(limit=1000)).hits}


def test_what_is_new_is_found_and_of_several_runs_the_best(desk: Desk) -> None:
    done = index(desk, notice=quiet)
    assert (done.applied, done.behind, done.layers) == (0, 0, 0)
    assert not is_behind(desk)
    one = recording(desk, "one")
    first = text(desk, one, ["The ferry leaves.", "um"])
    assert is_behind(desk)
    assert index(desk, notice=quiet).layers == 1
    assert said(desk, "ferry") == {first.id}
    assert said(desk, "um") == set()
    second = text(desk, one, ["The ferry left."], run=2)
    captions = text(
        desk, one, ["FERRY LEAVES"], kind=LayerKind.CAPTIONS, origin=LayerOrigin.BROADCASTER
    )
    translation = text(
        desk, one, ["Le ferry part."], kind=LayerKind.TRANSLATION, language="fr", source=second.id
    )
    index(desk, notice=quiet)
    assert said(desk, "ferry") == {second.id, captions.id, translation.id}
    with desk.catalogue.snapshot() as tx:
        turn = tx.turns(first.id)[0]
    with desk.catalogue.transaction() as tx:
        tx.revise_turn(
            turn.id, text="The yacht leaves.", words=Words(), sentences=[(0, 17)], actor="Ada"
        )
    index(desk, notice=quiet)
    assert said(desk, "yacht") == {first.id}
    assert said(desk, "ferry") == {captions.id, translation.id}
    persons = text(desk, one, ["The boat leaves."], origin=LayerOrigin.PERSON)
    silent = text(desk, one, [], origin=LayerOrigin.PERSON, run=2)
    index(desk, notice=quiet)
    assert said(desk, "boat") == {persons.id}
    assert said(desk, "yacht") == set()
    assert silent.id not in said(desk, "ferry")


def test_hearings_that_told_another_language_are_one_text(desk: Desk) -> None:
    one = recording(desk, "one")
    first = text(desk, one, ["ferry"], language="en")
    second = text(desk, one, ["ferry"], language="de", run=2)
    imported = text(desk, one, ["ferry"], language="en", origin=LayerOrigin.IMPORT)
    index(desk, notice=quiet)
    assert said(desk, "ferry") == {second.id, imported.id}
    name(desk, first, Speaker("Jane Roe"))
    index(desk, notice=quiet)
    assert said(desk, "ferry") == {first.id}
    name(desk, second, Speaker("Jane Roe"))
    index(desk, notice=quiet)
    assert said(desk, "ferry") == {second.id, imported.id}


def test_speakers_are_as_shown_and_nobody_withheld(desk: Desk) -> None:
    one = recording(desk, "one")
    heard = text(desk, one, ["The ferry leaves."], label="SPEAKER_00")
    translated = text(
        desk, one, ["Le ferry part."], kind=LayerKind.TRANSLATION, language="fr", source=heard.id
    )
    index(desk, notice=quiet)
    assert by(desk, "speaker") == by(desk, "SPEAKER_00") == set()
    name(desk, heard, Speaker("Jane Roe"))
    index(desk, notice=quiet)
    with desk.catalogue.snapshot() as tx:
        turn, other = tx.turns(heard.id)[0], tx.turns(translated.id)[0]
    assert by(desk, "Jane Roe") == {turn.id, other.id}
    name(desk, translated, Speaker("Max Interpreter"), Speaker("John Doe"))
    index(desk, notice=quiet)
    assert by(desk, "Jane Roe") == {turn.id}
    assert by(desk, "John Doe") == {other.id}
    assert by(desk, "Interpreter") == set()
    hidden = Speaker("Jane Roe", withheld=True)
    for voice, author in ((hidden, None), (Speaker("Max"), hidden), (hidden, Speaker("Max"))):
        said_by = Attribution(turn.id, voice, author, None, None, "Ada", "Ada")
        assert whose_words(turn, said_by, heard) == ""


def test_incremental_equals_made_anew(desk: Desk) -> None:
    dice = random.Random(4)
    held = [
        recording(desk, f"r{place}", dice.choice([None, "2021", "2022-03", "2024-05-01"]))
        for place in range(3)
    ]
    runs = iter(range(1, 1000))
    for step in range(14):
        of = dice.choice(held)
        kind = dice.choice(list(LayerKind))
        origin = dice.choice([LayerOrigin.PERSON, LayerOrigin.IMPORT, LayerOrigin.ENGINE])
        words = [f"word{step} ferry", f"boat word{step}"][: dice.randint(0, 2)]
        text(desk, of, words, kind=kind, origin=origin, run=next(runs))
        if dice.random() < 0.6:
            index(desk, notice=quiet)
    index(desk, notice=quiet)
    words_said = ["ferry", "boat", *(f"word{step}" for step in range(14))]
    incremental = {word: said(desk, word) for word in words_said}
    assert len(set().union(*incremental.values())) > 4
    reindex(desk, notice=quiet)
    assert {word: said(desk, word) for word in words_said} == incremental
    assert len(desk.index.open().map(lambda one: one.name)) == 1
    assert index(desk, notice=quiet).layers == 0


def test_what_many_small_changes_leave_is_merged(desk: Desk) -> None:
    index(desk, notice=quiet)
    for place in range(SPREAD):
        text(desk, recording(desk, f"r{place}"), [f"ferry number{place}"])
        done = index(desk, notice=quiet)
    assert done.merged == SPREAD
    assert len(desk.index.open().map(lambda one: one.name)) == 1
    assert len(said(desk, "ferry")) == SPREAD


def test_large_shards_are_merged_beside_what_is_new(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("offair.desk.index._AT_ONCE_WORDS", 0)
    index(desk, notice=quiet)
    for place in range(SPREAD):
        text(desk, recording(desk, f"r{place}"), ["ferry"])
        done = index(desk, notice=quiet, limit_s=60)
    assert done.merged == 0
    assert index(desk, notice=quiet).merged == SPREAD
    assert len(said(desk, "ferry")) == SPREAD


def test_standing_queries_see_what_is_new_once(desk: Desk) -> None:
    old = recording(desk, "old")
    text(desk, old, ["The ferry is old."])
    ferry = watch(desk, "ferries", "ferry")
    assert index(desk, notice=quiet).matches == 0
    one = recording(desk, "one")
    layer = text(desk, one, ["The ferry is new.", "Nothing else."])
    assert index(desk, notice=quiet).matches == 1
    by_roe = watch(desk, "Roe", "speaker:Roe")
    name(desk, layer, Speaker("Jane Roe"))
    assert index(desk, notice=quiet).matches == 2
    assert reindex(desk, notice=quiet).matches == 0
    assert matched(desk, ferry) == ["The ferry is new."]
    assert matched(desk, by_roe) == ["The ferry is new.", "Nothing else."]


def test_an_index_that_was_lost_misses_no_match(desk: Desk) -> None:
    text(desk, recording(desk, "old"), ["The ferry is old."])
    ferry = watch(desk, "ferries", "ferry")
    text(desk, recording(desk, "new"), ["The ferry is new."])
    assert index(desk, notice=quiet).matches == 1
    assert matched(desk, ferry) == ["The ferry is new."]


def test_a_search_catches_up_or_says_how_far_behind_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert catch_up(desk, notice=quiet) is None
    text(desk, recording(desk, "one"), ["ferry"])
    with desk.index.writer():
        sentence = catch_up(desk, notice=quiet)
    assert sentence is not None
    assert sentence.startswith("the index is 1 change(s) behind")
    assert "another process writes" in sentence
    assert catch_up(desk, notice=quiet) is None
    assert said(desk, "ferry")
    monkeypatch.setattr("offair.desk.index.LITTLE_BEHIND", 0)
    assert LITTLE_BEHIND > 0
    text(desk, recording(desk, "two"), ["yacht"])
    assert "offair reindex" in (catch_up(desk, notice=quiet) or "")
    assert said(desk, "yacht") == set()


def broken(desk: Desk) -> None:
    """Damage the only shard."""
    (shard,) = desk.index.open().map(lambda one: one.name)
    files = (desk.index.folder / "shards" / shard / "quotation").iterdir()
    next(one for one in sorted(files) if one.stat().st_size).write_bytes(b"")
    desk.index.close()


def test_a_damaged_index_is_made_anew_and_said_so(desk: Desk) -> None:
    text(desk, recording(desk, "one"), ["ferry"])
    index(desk, notice=quiet)
    broken(desk)
    assert said(desk, "ferry") == set()
    findings = []
    for one in examine(desk):
        if one.part == "media":
            break
        findings.append(one)
    assert [one.well for one in findings if one.part == "index"] == [True, False]
    assert "damaged" in findings[-1].sentence
    assert is_behind(desk)
    told: list[str] = []
    done = index(desk, notice=told.append)
    assert len(done.rebuilt) == 1
    assert "was damaged" in done.rebuilt[0]
    assert told == list(done.rebuilt)
    assert said(desk, "ferry")
    assert verify(desk, notice=quiet).rebuilt == ()
    (desk.index.folder / "index.json").write_text("?")
    assert is_behind(desk)
    assert catch_up(desk, notice=told.append) is None
    assert "made anew" in told[-1]
    assert said(desk, "ferry")


def test_an_index_newer_than_the_catalogue_is_made_anew(desk: Desk) -> None:
    one = text(desk, recording(desk, "one"), ["ferry"])
    index(desk, notice=quiet)
    with desk.index.writer() as writer:
        writer.apply((), (one.id,), 1000)
    assert said(desk, "ferry") == set()
    assert is_behind(desk)
    told: list[str] = []
    assert catch_up(desk, notice=told.append) is None
    assert "restored" in told[0]
    assert said(desk, "ferry")


def test_what_has_every_byte_and_does_not_open_is_made_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    text(desk, recording(desk, "one"), ["ferry"])
    index(desk, notice=quiet)
    desk.index.close()

    def refuse(folder: Path) -> None:
        raise Corrupt(f"{folder.name} is of another version")

    with monkeypatch.context() as patch:
        patch.setattr("offair.search.open_shard.FullTextShard", refuse)
        assert "another version" in desk.index.open().damaged[0]
    assert len(index(desk, notice=quiet).rebuilt) == 1
    assert said(desk, "ferry")


def test_bytes_that_changed_are_found_and_mended(desk: Desk) -> None:
    text(desk, recording(desk, "one"), ["ferry"])
    index(desk, notice=quiet)
    for path in (desk.index.folder / "shards").rglob("quotation/*"):
        data = path.read_bytes()
        path.write_bytes(bytes(one ^ 255 for one in data))
    assert len(verify(desk, notice=quiet).rebuilt) == 1
    assert said(desk, "ferry")


def test_another_tokeniser_is_told_and_reindex_helps(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    text(desk, recording(desk, "one"), ["ferry"])
    index(desk, notice=quiet)
    monkeypatch.setattr("offair.search.listing.TOKENISER_VERSION", -1)
    desk.index.close()
    with pytest.raises(Conflict, match="offair reindex"):
        catch_up(desk, notice=quiet)
    with pytest.raises(Conflict, match="offair reindex"):
        index(desk, notice=quiet)
    reindex(desk, notice=quiet)
    assert said(desk, "ferry")


def test_a_layer_that_cannot_be_read_is_told_and_keeps_nothing_back(
    desk: Desk, tmp_path: Path
) -> None:
    bad = text(desk, recording(desk, "one"), ["ferry"])
    good = text(desk, recording(desk, "two"), ["ferry"])
    with sqlite3.connect(tmp_path / "desk.sqlite") as rows:
        rows.execute("UPDATE turn SET words = X'00' WHERE layer_id = ?", (bad.id,))
    done = index(desk, notice=quiet)
    assert said(desk, "ferry") == {good.id}
    assert len(done.unread) == 1
    assert f"layer {bad.id}" in done.unread[0]
    assert done.behind == 0


def test_making_it_anew_goes_on_where_it_was_stopped(desk: Desk) -> None:
    for place in range(4):
        text(desk, recording(desk, f"r{place}", f"20{place + 10}"), ["ferry"])
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 2

    assert reindex(desk, notice=quiet, stop=stop).behind > 0
    with desk.index.writer() as writer, desk.catalogue.snapshot() as tx:
        assert writer.building
        there = indexed_layer(tx, tx.layer(2), tx.recording(2), writer.building)
        writer.replace([], [there])
    done = index(desk, notice=quiet)
    assert (done.layers, done.behind) == (3, 0)
    assert len(said(desk, "ferry")) == 4


def test_the_indexer_follows_and_tells_an_error_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "_INDEX_EVERY_S", 0.02)
    text(desk, recording(desk, "one"), ["ferry"])
    with wiring.indexing(desk, notice=quiet):
        latest = time.monotonic() + 60
        while not said(desk, "ferry"):
            assert time.monotonic() < latest, "not indexed in a minute"
            time.sleep(0.02)
    told: list[str] = []
    tries = threading.Semaphore(0)

    def refuse() -> None:
        tries.release()
        raise Unavailable("the disk is full")

    class Full:
        """A catalogue on a full disk."""

        folder = desk.index.folder
        open = staticmethod(refuse)
        writer = staticmethod(refuse)

    monkeypatch.setattr("offair.wiring._INDEX_AGAIN_S", 0.02)
    with wiring.indexing(replace(desk, index=Full()), notice=told.append):
        for _ in range(3):
            tries.acquire(timeout=10)
    assert told == ["the index is not brought up to date: the disk is full"]


def test_what_comes_while_the_indexer_runs_is_found_soon(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "_INDEX_EVERY_S", 0.02)
    with wiring.indexing(desk, notice=quiet):
        text(desk, recording(desk, "one"), ["ferry"])
        for _ in range(1000):
            if not is_behind(desk):
                break
            threading.Event().wait(0.01)
        assert said(desk, "ferry")
