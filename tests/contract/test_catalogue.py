"""What every catalogue does: channels, recordings, claims and runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from offair.model.errors import BadInput, BadSetting, Conflict, Corrupt, NotFound, Unavailable
from offair.model.recording import (
    Channel,
    Gap,
    Held,
    MediaFacts,
    Recording,
    StreamFacts,
    VaultObject,
)
from offair.model.time import ClockAnchor, DateKind, PartialDate, Span
from offair.model.transcript import Activity, Chunk, Claim, Engine, Heard
from offair.model.words import TimeSource, Word, Words
from offair.store import Catalogue, Transaction
from offair.store.catalogue import SqlCatalogue

MEDIA = MediaFacts(
    "mp4",
    62_000,
    120,
    (
        StreamFacts(0, "video", "h264", None, 0, 62_000, 640, 360, Fraction(30000, 1001)),
        StreamFacts(1, "audio", None, "ar", 5, 61_900, sample_rate_hz=48_000, audio_channels=2),
    ),
    browser_playable=True,
    anchors=(ClockAnchor(0, "2021-06-01T16:30:00Z", "file name"),),
    notes=("CEA-608 captions present, not read",),
)


@pytest.fixture(params=["sqlite"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalogue]:
    """Each implementation, empty and migrated."""
    made = SqlCatalogue(f"sqlite:///{tmp_path / 'desk' / 'offair.sqlite'}")
    made.migrate()
    yield made
    made.close()


def thing(digit: str, name: str = "news.mp4") -> VaultObject:
    return VaultObject(digit * 64, 1_234, name)


def add(
    tx: Transaction,
    object: VaultObject | None = None,
    aired: str | None = "2021-06-01",
    channel: str = "Channel 7",
) -> Recording:
    return tx.add_recording(
        channel=Channel(channel, languages=("ar",)),
        aired=None if aired is None else PartialDate.parse(aired),
        title="The evening news",
        held=Held.HELD,
        object=object or thing("a"),
        media=MEDIA,
        actor="rana",
        gaps=[Gap(Span(10, 20), "no signal"), Gap(Span(0, 5), "started late")],
    )


def test_a_recording_comes_back_as_it_was_given(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        added = add(tx)
    with catalogue.snapshot() as tx:
        found = tx.recording(added.id)
    assert found == added
    assert found.media == MEDIA
    assert found.aired == PartialDate.parse("2021-06-01")
    assert found.object == thing("a")
    assert found.gaps == (Gap(Span(0, 5), "started late"), Gap(Span(10, 20), "no signal"))
    assert (found.channel.name, found.channel.languages) == ("Channel 7", ("ar",))
    assert (found.added_by, found.held, found.quarantine) == ("rana", Held.HELD, None)
    assert found.added_utc.endswith("Z")


def test_identity_is_object_channel_and_airing(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        first = add(tx)
        others = [
            add(tx, channel="Channel 8"),
            add(tx, aired="2021-06-02"),
            add(tx, aired="2021-06"),
            add(tx, aired="2021-06-01T19:30"),
            add(tx, aired="2021-06-01T19:30Z"),
            add(tx, aired=None),
            add(tx, object=thing("b")),
        ]
        assert len({first.id, *(one.id for one in others)}) == 8
    for aired in ("2021-06-01", None):
        with pytest.raises(Conflict, match="already"), catalogue.transaction() as tx:
            add(tx, aired=aired)
    with catalogue.snapshot() as tx:
        assert first.channel.id is not None
        for aired, found in (("2021-06-01", first), (None, others[5])):
            date = None if aired is None else PartialDate.parse(aired)
            known = tx.find_recording(sha256="a" * 64, channel_id=first.channel.id, aired=date)
            assert known == found
        spoken = PartialDate.parse("2021-06-01", DateKind.SPOKEN)
        unknown = tx.find_recording(sha256="a" * 64, channel_id=first.channel.id, aired=spoken)
        assert unknown is None
        assert len(tx.recordings()) == 8


def test_recordings_without_an_object_are_never_the_same(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        made = [
            tx.add_recording(
                channel=Channel("Seven"),
                aired=None,
                title="",
                held=Held.NEVER_HELD,
                object=None,
                media=None,
                actor="rana",
            )
            for _ in range(2)
        ]
    assert made[0].id != made[1].id
    assert made[0].object is None
    assert made[0].media is None


def test_one_object_keeps_the_name_it_came_with_each_time(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        first = add(tx)
        second = add(tx, object=thing("a", "copy.mp4"), channel="Other")
        assert first.object is not None
        assert second.object is not None
        assert (first.object.name, second.object.name) == ("news.mp4", "copy.mp4")
        assert tx.object_named("a" * 64).name == "news.mp4"
    with pytest.raises(Corrupt, match="verify"), catalogue.transaction() as tx:
        add(tx, object=replace(thing("a"), size_bytes=9), channel="Third")


def test_what_failed_leaves_nothing(catalogue: Catalogue) -> None:
    def fail() -> None:
        with catalogue.transaction() as tx:
            add(tx)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with catalogue.snapshot() as tx:
        assert tx.recordings() == []
        assert tx.channels() == []
        assert not tx.object_referred("a" * 64)


def test_newest_recordings_first_and_by_pages(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        ids = [add(tx, aired=f"2021-06-{day:02}").id for day in range(1, 6)]
    with catalogue.snapshot() as tx:
        first = tx.recordings(limit=2)
        rest = tx.recordings(before_id=first[-1].id)
    assert [one.id for one in (*first, *rest)] == sorted(ids, reverse=True)


def test_a_channel_is_found_by_name_and_only_empty_fields_are_filled(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        bare = tx.ensure_channel(Channel("Channel 7"))
        full = tx.ensure_channel(Channel("Channel 7", country="Iraq", languages=("ar", "ku")))
        kept = tx.ensure_channel(Channel("Channel 7", country="Iran", zone="Asia/Baghdad"))
        tx.ensure_channel(Channel("Alpha"))
        assert [one.name for one in tx.channels()] == ["Alpha", "Channel 7"]
    assert bare.id == full.id == kept.id
    assert (bare.country, full.country, kept.country) == (None, "Iraq", "Iraq")
    assert kept.languages == ("ar", "ku")
    assert kept.zone == "Asia/Baghdad"
    with pytest.raises(BadInput, match="name"), catalogue.transaction() as tx:
        tx.ensure_channel(Channel("  "))


def test_attached_objects_come_oldest_first_and_once(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        recording = add(tx)
        for digit, role in (("c", "side-car"), ("b", "proxy"), ("c", "side-car")):
            tx.attach_object(recording.id, role, thing(digit, f"{digit}.bin"))
        assert [role for role, _ in tx.attached(recording.id)] == ["side-car", "proxy"]
        assert tx.attached(recording.id, "proxy") == [("proxy", thing("b", "b.bin"))]
        assert all(tx.object_referred(digit * 64) for digit in "abc")
        assert not tx.object_referred("d" * 64)
        with pytest.raises(NotFound):
            tx.attach_object(99, "proxy", thing("d"))


def test_quarantine_is_said_with_its_reason(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        recording = add(tx)
        tx.quarantine_recording(recording.id, "the decoder ate 3 GB")
        assert tx.recording(recording.id).quarantine == "the decoder ate 3 GB"


def test_what_is_not_there_is_named(catalogue: Catalogue) -> None:
    with catalogue.snapshot() as tx:
        for lookup, said in (
            (lambda: tx.recording(7), "recording 7"),
            (lambda: tx.layer(7), "layer 7"),
            (lambda: tx.clip(7), "clip 7"),
            (lambda: tx.job(7), "job 7"),
            (lambda: tx.turns_by_id([7]), "turn 7"),
            (lambda: tx.object_named("f" * 64), "f" * 64),
        ):
            with pytest.raises(NotFound, match=said):
                lookup()


def claim(key: str = "1") -> Claim:
    words = Words.of([Word(0, 3, 0, 300, TimeSource.ENGINE, 0.5), Word(4, 8)])
    heard = Heard("the news", words, "en", 0.99, 0.75, None)
    engine = Engine("whisper", "base", "r1", {"beam": 5, "language": None})
    return Claim(key * 64, engine, "5" * 64, 29_000, heard)


def test_a_claim_is_kept_once_and_never_changes(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        assert tx.claim("1" * 64) is None
        tx.add_claim(claim())
        tx.add_claim(replace(claim(), duration_ms=1))
    with catalogue.snapshot() as tx:
        assert tx.claim("1" * 64) == claim()


def test_a_run_goes_on_until_its_layer_is_made(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        recording = add(tx)
        other = add(tx, channel="Other")
        assert tx.open_run(recording.id, {"model": "base", "beam": 5}) == 1
        assert tx.open_run(recording.id, {"beam": 5, "model": "base"}) == 1
        assert tx.open_run(recording.id, {"model": "tiny"}) == 2
        assert tx.open_run(other.id, {"model": "base", "beam": 5}) == 1


def test_chunks_come_by_start_and_once(catalogue: Catalogue) -> None:
    late = Chunk(Span(30_000, 42_000), Activity.SPEECH, 0.9, claim_key="1" * 64)
    early = Chunk(Span(0, 30_000), Activity.SILENCE, 0.1, skipped="silence")
    with catalogue.transaction() as tx:
        recording = add(tx)
        run = tx.open_run(recording.id, {})
        tx.add_claim(claim())
        for chunk in (late, early, late, replace(early, skipped="again")):
            tx.add_chunk(recording.id, run, chunk)
        assert tx.chunks(recording.id, run) == [early, late]
        assert tx.chunks(recording.id, run + 1) == []
        with pytest.raises(NotFound, match="run 9"):
            tx.add_chunk(recording.id, 9, late)


@pytest.mark.parametrize(
    "chunk",
    [
        Chunk(Span(0, 1), Activity.SPEECH, 0.9, claim_key="9" * 64),
        Chunk(Span(0, 1), Activity.SPEECH, 0.9),
        Chunk(Span(0, 1), Activity.SPEECH, 0.9, claim_key="1" * 64, skipped="and skipped"),
    ],
)
def test_a_chunk_is_heard_or_skipped_and_its_claim_exists(
    catalogue: Catalogue, chunk: Chunk
) -> None:
    with catalogue.transaction() as tx:
        recording = add(tx)
        run = tx.open_run(recording.id, {})
        tx.add_claim(claim())
    with pytest.raises(Conflict), catalogue.transaction() as tx:
        tx.add_chunk(recording.id, run, chunk)
    with catalogue.snapshot() as tx:
        assert tx.chunks(recording.id, run) == []


def test_a_snapshot_sees_one_state_and_never_writes(catalogue: Catalogue) -> None:
    with catalogue.snapshot() as before:
        assert before.recordings() == []
        with catalogue.transaction() as tx:
            add(tx)
        assert before.recordings() == []
        with pytest.raises(Unavailable):
            before.ensure_channel(Channel("Channel 7"))
    with catalogue.snapshot() as after:
        assert len(after.recordings()) == 1
    with catalogue.transaction() as tx:
        tx.ensure_channel(Channel("a connection that read may write again"))


def test_threads_write_one_after_another(catalogue: Catalogue) -> None:
    def work(number: int) -> None:
        for place in range(5):
            with catalogue.transaction() as tx:
                before = len(tx.channels())
                tx.ensure_channel(Channel(f"{number}-{place}"))
                assert len(tx.channels()) == before + 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with catalogue.snapshot() as tx:
        assert len(tx.channels()) == 30


def test_a_transaction_inside_another_of_the_same_thread_is_refused(catalogue: Catalogue) -> None:
    with catalogue.transaction(), pytest.raises(RuntimeError), catalogue.transaction():
        pass
    with catalogue.transaction() as tx:
        tx.ensure_channel(Channel("and the next one works"))


def test_text_and_numbers_that_no_column_holds_are_bad_input(catalogue: Catalogue) -> None:
    with pytest.raises(BadInput, match="Unicode"), catalogue.transaction() as tx:
        tx.ensure_channel(Channel("Channel \udcff"))
    with pytest.raises(BadInput, match="64 bits"), catalogue.snapshot() as snapshot:
        snapshot.recording(1 << 64)


def test_any_character_comes_back(catalogue: Catalogue) -> None:
    name = "قناة ٧ \u202e <b>'\"; DROP TABLE channel;-- \x00 \n 📺"
    with catalogue.transaction() as tx:
        tx.ensure_channel(Channel(name))
    with catalogue.snapshot() as snapshot:
        assert [one.name for one in snapshot.channels()] == [name]


@pytest.mark.parametrize(
    "url", ["", "offair.sqlite", "postgresql://desk@host/offair", "sqlite://", "sqlite:///:memory:"]
)
def test_a_url_that_is_none_of_ours_is_a_bad_setting(url: str) -> None:
    with pytest.raises(BadSetting, match="sqlite:////path"):
        SqlCatalogue(url)


def test_a_path_may_hold_what_means_something_in_a_url(tmp_path: Path) -> None:
    made = SqlCatalogue(f"sqlite:///{tmp_path / 'a b?c=d%20#é'}")
    made.migrate()
    made.close()
    assert (tmp_path / "a b?c=d%20#é").is_file()


def test_bytes_of_a_recording_in_quarantine_are_known(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about = add(tx, thing("a"))
        assert about.object is not None
        assert not tx.object_quarantined(about.object.sha256)
        tx.quarantine_recording(about.id, "it broke its decoder")
        assert tx.object_quarantined(about.object.sha256)
        assert not tx.object_quarantined("0" * 64)
