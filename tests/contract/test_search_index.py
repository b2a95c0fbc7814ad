"""The door `offair.search.Index`: any sequence of writing equals a dictionary of layers."""

from __future__ import annotations

import errno
import json
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.model.errors import Conflict, Corrupt, Unavailable
from offair.model.query import Term
from offair.model.transcript import LayerKind, LayerOrigin
from offair.search import UNDATED, Ask, IndexedLayer, IndexedTurn, Scope, merging
from offair.search.index import FolderIndex, FolderShards
from offair.search.index_writer import FolderIndexWriter
from offair.search.manifest import LAYERS, MANIFEST
from offair.search.merging import SPREAD, Sized, groups

KINDS = tuple(LayerKind)
DAYS = ("2021", "2022-03", "2023-05-01", "2023-05-01T19:30", UNDATED)


def layer(layer_id: int, change: int, words: int = 4) -> IndexedLayer:
    """A layer whose words say which version of it this is; with 0 words it has none."""
    said = ["common", f"layer{layer_id}", f"version{change}", *["more"] * words]
    text = " ".join(said) if words else ""
    turns = (
        IndexedTurn(layer_id * 10, text, ((layer_id * 100, 0, len(text)),), "Ann"),
        IndexedTurn(layer_id * 10 + 1, "um", ((layer_id * 100 + 1, 0, 2),)),
    )
    return IndexedLayer(
        layer_id, layer_id // 3, change, KINDS[layer_id % 3], LayerOrigin.IMPORT, "en", "Harbour",
        DAYS[layer_id % len(DAYS)], turns,
    )  # fmt: skip


def stands(shards: FolderShards) -> dict[int, int]:
    """Layer → change of what can be found, by both parts of the index."""
    found = {}
    for shard in shards.shards:
        for row in shard.table[shard.live]:
            found[int(row["layer"])] = int(row["change"])
    hits = shards.find(Term(("common",), (0, 6)), Ask(limit=1000)).hits
    assert sorted(one.layer_id for one in hits) == sorted(found)
    count, places = shards.occurrences(["common"], Scope(), limit=1000)
    assert count == len(found)
    assert {one.layer_id for one in places} == found.keys()
    for layer_id, change in found.items():
        said = shards.occurrences([f"layer{layer_id}", f"version{change}"], Scope())
        assert said[0] == 1
    return found


@pytest.fixture(autouse=True, scope="module")
def _no_power_cut() -> Iterator[None]:
    """Nothing here needs bytes on the disk itself, and waiting for it is most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture
def index(tmp_path: Path) -> Iterator[FolderIndex]:
    """An index that was never made."""
    made = FolderIndex(tmp_path / "index")
    yield made
    made.close()


def test_an_index_never_made_is_empty_and_touches_nothing(index: FolderIndex) -> None:
    opened = index.open()
    assert opened.applied == 0
    assert set(opened.words.values()) == {0}
    assert opened.damaged == ()
    assert opened.map(lambda one: one.name) == []
    assert opened.occurrences(["common"], Scope()) == (0, [])
    assert not index.folder.exists()


OPERATIONS = st.lists(
    st.one_of(
        st.tuples(
            st.just("apply"),
            st.dictionaries(st.integers(1, 9), st.integers(0, 5), max_size=4),
            st.sets(st.integers(1, 9), max_size=2),
        ),
        st.tuples(st.just("merge"), st.sets(st.integers(0, 5), min_size=1), st.booleans()),
        st.tuples(st.just("twice"), st.none(), st.none()),
        st.tuples(st.just("again"), st.none(), st.none()),
    ),
    min_size=2,
    max_size=6,
)


@settings(max_examples=8)
@given(OPERATIONS)
def test_any_sequence_equals_a_dictionary(
    tmp_path_factory: pytest.TempPathFactory, operations: list[tuple[str, Any, Any]]
) -> None:
    index = FolderIndex(tmp_path_factory.mktemp("index") / "here")
    held: dict[int, IndexedLayer] = {}
    change = 0
    last: tuple[list[IndexedLayer], set[int], int] = ([], set(), 0)
    for what, first, second in operations:
        with index.writer() as writer:
            if what == "apply":
                change += 1
                layers = [layer(key, change, words) for key, words in first.items()]
                gone = second - first.keys()
                last = (layers, gone, change)
                writer.apply(layers, gone, change)
                for one in layers:
                    held[one.layer_id] = one
                    if not one.turns[0].text:
                        del held[one.layer_id]
                held = {key: one for key, one in held.items() if key not in gone}
            elif what == "twice":
                writer.apply(*last)
            elif what == "merge":
                names = [one.name for one in index.open().shards]
                chosen = [name for place, name in enumerate(names) if place in first]
                ids = writer.layers_of(chosen)
                assert len(ids) == len(set(ids))
                if second and ids:  # one of them is no longer in the catalogue
                    del held[ids[0]]
                    last = ([one for one in last[0] if one.layer_id != ids[0]], *last[1:])
                writer.replace(chosen, [held[key] for key in ids if key in held])
            else:
                index.close()
            assert writer.live(range(1, 10)) == held.keys()
            assert writer.verify() == {}
        opened = index.open()
        assert opened.applied == change
        assert stands(opened) == {key: one.change for key, one in held.items()}
        words = sum(len(one.turns[0].text.split()) for one in held.values())
        assert sum(opened.words.values()) == words
        assert index.open() is opened


def test_a_long_stream_becomes_several_shards_and_none_is_half(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    writer = FolderIndexWriter(tmp_path / "index", shard_words=200)
    taken: list[int] = []

    def stream() -> Iterator[IndexedLayer]:
        for key in range(1, 41):
            taken.append(key)
            yield layer(key, key, 25)

    writer.apply(stream(), (), 40)
    opened = FolderIndex(tmp_path / "index").open()
    assert taken == list(range(1, 41))
    assert len(opened.shards) > 2
    assert all(200 <= one.words < 400 for one in opened.shards if one.days[1])
    assert stands(opened) == {key: key for key in range(1, 41)}


def test_a_stream_that_breaks_off_leaves_what_was_there(index: FolderIndex) -> None:
    def broken() -> Iterator[IndexedLayer]:
        yield layer(2, 2)
        raise Unavailable("the catalogue is busy")

    with index.writer() as writer:
        writer.apply([layer(1, 1)], (), 1)
        with pytest.raises(Unavailable, match="busy"):
            writer.apply(broken(), (), 2)
        assert writer.applied == 1
    assert stands(index.open()) == {1: 1}
    assert len(list((index.folder / "shards").iterdir())) == 2


def test_leftovers_of_a_killed_writer_are_swept_away(index: FolderIndex) -> None:
    with index.writer() as writer:
        writer.apply([layer(1, 1)], (), 1)
    shards = index.folder / "shards"
    (shards / "abc123.unfinished").mkdir()
    (shards / "abc123.unfinished" / "half").write_bytes(b"x")
    shutil.copytree(shards / index.open().shards[0].name, shards / "def456")
    (shards / f"def456.{LAYERS}").write_bytes(b"x")
    (index.folder / "index.json.new").write_bytes(b"{")
    with index.writer() as writer:
        assert writer.live([1]) == {1}
    assert (
        sorted(one.name.split(".")[0] for one in shards.iterdir())
        == [index.open().shards[0].name] * 2
    )


def test_one_writes_at_a_time(index: FolderIndex) -> None:
    other = FolderIndex(index.folder)
    with index.writer() as writer:
        with pytest.raises(Conflict, match="another process writes"), other.writer():
            pass
        writer.apply([layer(1, 1)], (), 1)
        assert stands(other.open()) == {1: 1}
    with other.writer() as writer:
        assert writer.applied == 1


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unavailable, match="cannot be written"):
        FolderIndex(tmp_path / "file" / "index").writer().__enter__()


def damage(index: FolderIndex, how: str) -> str:
    """Damage the only shard; its name."""
    name = index.open().shards[0].name
    place = index.folder / "shards" / name
    files = sorted(one for one in place.rglob("*") if one.is_file() and one.stat().st_size)
    data = next(one for one in files if one.parent.name == "quotation")
    if how == "shorter":
        data.write_bytes(data.read_bytes()[:-1])
    elif how == "file missing":
        data.unlink()
    elif how == "manifest":
        (place / MANIFEST).write_bytes(b"{}")
    elif how == "text":
        for one in files:
            if one.parent.name == "text":
                one.unlink()
    elif how == "folder missing":
        shutil.rmtree(place)
    else:
        (place / LAYERS).write_bytes(b"")
        shutil.rmtree(place / "quotation")
    index.close()
    return name


@pytest.mark.parametrize(
    "how", ["shorter", "file missing", "manifest", "text", "folder missing", "table too"]
)
def test_a_damaged_shard_is_told_left_out_and_made_anew(index: FolderIndex, how: str) -> None:
    with index.writer() as writer:
        writer.apply([layer(1, 1), layer(2, 1)], (), 1)
    name = damage(index, how)
    with index.writer() as writer:
        writer.apply([layer(3, 2)], (), 2)
        opened = index.open()
        assert stands(opened) == {3: 2}
        assert len(opened.damaged) == 1
        assert name in opened.damaged[0]
        assert list(writer.damaged) == [name]
        assert list(writer.verify()) == [name]
        assert writer.mergeable() == []
        ids = writer.layers_of([name])
        assert sorted(ids) == [1, 2]
        writer.replace([name], [layer(key, 1) for key in ids])
        assert writer.damaged == {}
    assert stands(index.open()) == {1: 1, 2: 1, 3: 2}
    assert index.open().damaged == ()


def test_a_shard_that_is_damaged_does_not_bring_old_words_back(index: FolderIndex) -> None:
    with index.writer() as writer:
        writer.apply([layer(1, 1), layer(2, 1)], (), 1)
        old = index.open().shards[0].name
        writer.apply([layer(1, 2)], (), 2)
    new = next(one.name for one in index.open().shards if one.name != old)
    shutil.rmtree(index.folder / "shards" / new)
    index.close()
    assert stands(index.open()) == {2: 1}


@pytest.mark.parametrize("small", [True, False])
def test_bytes_that_changed_in_place_are_found_by_reading_them(
    index: FolderIndex, monkeypatch: pytest.MonkeyPatch, small: bool
) -> None:
    # Files too long to be read at every opening are found by `verify` only.
    monkeypatch.setattr("offair.search.manifest._READ_AT_ONCE", 1 << 20 if small else 0)
    with index.writer() as writer:
        writer.apply([layer(1, 1)], (), 1)
        name = index.open().shards[0].name
        path = index.folder / "shards" / name / "quotation"
        data = next(one for one in sorted(path.iterdir()) if one.stat().st_size)
        whole = data.read_bytes()
        data.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        assert list(writer.damaged) == ([name] if small else [])
        assert list(writer.verify()) == [name]
        assert data.name in writer.verify()[name]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', "null", "\x00\x01"])
def test_a_damaged_list_is_told_and_started_over(index: FolderIndex, text: str) -> None:
    with index.writer() as writer:
        writer.apply([layer(1, 1)], (), 1)
    (index.folder / "index.json").write_text(text)
    with pytest.raises(Corrupt, match="offair reindex"):
        index.open()
    with index.writer() as writer:
        with pytest.raises(Corrupt):
            writer.apply([], (), 2)
        writer.start_over()
        assert writer.applied == 0
        writer.apply([layer(1, 3)], (), 3)
    assert stands(index.open()) == {1: 3}
    assert len(list((index.folder / "shards").iterdir())) == 2


def test_another_tokeniser_asks_for_a_rebuild(index: FolderIndex) -> None:
    with index.writer() as writer:
        writer.apply([layer(1, 1)], (), 1)
    path = index.folder / "index.json"
    said = json.loads(path.read_text())
    path.write_text(json.dumps(said | {"tokeniser": -1}))
    with pytest.raises(Conflict, match="offair reindex"):
        index.open()
    with index.writer() as writer:
        with pytest.raises(Conflict, match="offair reindex"):
            _ = writer.applied
        writer.start_over(7)
        assert writer.building == 7
    assert index.open().applied == 0


def test_building_is_remembered_until_a_change_is_applied(index: FolderIndex) -> None:
    with index.writer() as writer:
        assert not writer.made
        writer.start_over(9)
        assert writer.made
        writer.replace([], [layer(1, 9)])
    with index.writer() as writer:
        assert writer.building == 9
        assert writer.live([1, 2]) == {1}
        writer.apply([layer(2, 9)], (), 9)
        assert writer.building is None
    assert index.open().applied == 9


def test_readers_go_on_while_shards_are_merged(index: FolderIndex) -> None:
    with index.writer() as writer:
        for change in range(1, 4):
            writer.apply([layer(change, change)], (), change)
        before = index.open()
        stop, troubles, seen = threading.Event(), [], set()
        reader = FolderIndex(index.folder)

        def read() -> None:
            while not stop.is_set():
                try:
                    seen.add(frozenset(stands(reader.open())))
                except Exception as error:  # noqa: BLE001 - told by the test
                    troubles.append(error)
                    return

        thread = threading.Thread(target=read)
        thread.start()
        for _ in range(3):
            names = [one.name for one in index.open().shards]
            writer.replace(names, [layer(key, key) for key in writer.layers_of(names)])
        stop.set()
        thread.join()
    assert troubles == []
    assert seen == {frozenset({1, 2, 3})}
    assert stands(before) == {1: 1, 2: 2, 3: 3}


def test_what_comes_while_shards_are_merged_counts(index: FolderIndex) -> None:
    with index.writer() as writer:
        writer.apply([layer(1, 1), layer(2, 1), layer(3, 1)], (), 1)

        def slowly() -> Iterator[IndexedLayer]:
            yield layer(1, 1)
            writer.apply([layer(1, 2)], [2], 2)
            yield from (layer(2, 1), layer(3, 1))

        writer.replace([one.name for one in index.open().shards], slowly())
    assert stands(index.open()) == {1: 2, 3: 1}


def test_what_is_only_out_of_reach_is_not_called_damaged(
    index: FolderIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    with index.writer() as writer:
        writer.apply([layer(1, 1)], (), 1)
        index.close()
        with monkeypatch.context() as patch:
            patch.setattr(Path, "read_bytes", _no_more_files)
            with pytest.raises(Unavailable, match="Too many open files"):
                index.open()
            with pytest.raises(Unavailable, match="Too many open files"):
                _ = writer.damaged
    assert stands(index.open()) == {1: 1}


def _no_more_files(_: Path) -> bytes:
    raise OSError(errno.EMFILE, "Too many open files")


def test_shards_replaced_meanwhile_are_not_replaced_again(index: FolderIndex) -> None:
    with index.writer() as writer:
        writer.apply([layer(1, 1)], (), 1)
        name = index.open().shards[0].name
        writer.apply([layer(1, 2)], (), 2)
        with pytest.raises(Conflict, match="look again"):
            writer.replace([name], [layer(1, 1)])
        with pytest.raises(Conflict, match="no shard"):
            writer.layers_of([name])
    assert stands(index.open()) == {1: 2}


@given(
    st.lists(
        st.tuples(st.integers(1, 30_000_000), st.floats(0, 1), st.sampled_from(DAYS)), max_size=60
    )
)
def test_merging_keeps_few_shards_and_none_too_large(
    made: list[tuple[int, float, str]],
) -> None:
    shards = [
        Sized(str(place), (day, day), int(words * alive), words)
        for place, (words, alive, day) in enumerate(made)
    ]
    for _ in range(100):
        found = groups(shards)
        if not found:
            break
        names = [name for group in found for name in group]
        assert len(names) == len(set(names))
        by_name = {one.name: one for one in shards}
        for group in found:
            live = sum(by_name[name].live for name in group)
            assert live <= merging.SHARD_WORDS
            days = sorted(by_name[name].days for name in group)
            fresh = Sized("+".join(group), (days[0][0], days[-1][1]), live, live)
            shards = [one for one in shards if one.name not in group] + [fresh]
    else:
        pytest.fail("merging never ends")
    assert sum(one.live for one in shards) == sum(int(w * alive) for w, alive, _ in made)
    small = [one for one in shards if one.live < merging.SHARD_WORDS // 2]
    tiers = {one.tier for one in small}
    assert all(sum(one.tier == tier for one in small) < SPREAD for tier in tiers)
