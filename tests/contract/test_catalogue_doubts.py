"""What every catalogue does: flags, diarisations, second hearings, channels anew, persons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from offair.model.errors import BadInput, Conflict, Corrupt, NotFound
from offair.model.recording import Channel, Held
from offair.model.time import Span
from offair.model.transcript import (
    Activity,
    Attribution,
    Chunk,
    Claim,
    Diarisation,
    Engine,
    Flag,
    FlagKind,
    Heard,
    Layer,
    LayerKind,
    LayerOrigin,
    Speaker,
    SpeakerKind,
    TranslationClaim,
    Turn,
    VoiceSpan,
)
from offair.model.words import Words
from offair.store import Catalogue, Transaction
from offair.store.catalogue import SqlCatalogue

ENGINE = Engine("onnx", "segmentation", "abc", {"threshold": 0.45, "speakers": None})


@pytest.fixture(params=["sqlite"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalogue]:
    """Each implementation, empty and migrated."""
    made = SqlCatalogue(f"sqlite:///{tmp_path / 'offair.sqlite'}")
    made.migrate()
    yield made
    made.close()


def recording(tx: Transaction, channel: str = "Channel 7") -> int:
    return tx.add_recording(
        channel=Channel(channel), aired=None, title="News", held=Held.NEVER_HELD,
        object=None, media=None, actor="rana",
    ).id  # fmt: skip


def add_layer(tx: Transaction, about: int, run: int = 1) -> Layer:
    turns = [Turn(0, 0, "One. Two.", Words(), Span(0, 10)) for _ in range(2)]
    return tx.add_layer(
        recording_id=about, kind=LayerKind.SPEECH, language="en", origin=LayerOrigin.ENGINE,
        maker="whisper", run=run, turns=turns, sentences=[[(0, 4), (5, 9)]] * 2,
    )  # fmt: skip


def test_flags_come_back_by_start_and_are_settled_by_a_person(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about = recording(tx)
        layer, other = add_layer(tx, about), add_layer(tx, about, 2)
        sentence = tx.sentences([tx.turns(layer.id)[0].id])[1].id
        given = [
            Flag(FlagKind.NAME_DIFFERS, None, "the name Ali is missing", sentence_id=sentence),
            Flag(FlagKind.REPEATED, Span(900, 1_000), "the same 3 words 5 times"),
            Flag(FlagKind.UNSURE, Span(20, 40), "unsure"),
            Flag(FlagKind.SECOND_HEARING, Span(0, 5), "differs", 0, None, "ana", "heard it"),
        ]
        tx.add_flags(layer.id, given)
        tx.add_flags(layer.id, [])
        found = tx.flags(layer.id)
        assert [replace(one, id=0) for one in found] == [given[3], given[2], given[1], given[0]]
        assert len({one.id for one in found}) == 4
        assert tx.flags(other.id) == []
    with catalogue.transaction() as tx:
        settled = tx.settle_flag(found[1].id, actor="rana", note="it is right")
        assert settled == replace(found[1], settled_by="rana", settled_note="it is right")
        assert tx.flags(layer.id) == [found[0], settled, *found[2:]]
        again = tx.settle_flag(found[1].id, actor="ali")
        assert (again.settled_by, again.settled_note) == ("ali", None)
        with pytest.raises(NotFound, match="flag 999"):
            tx.settle_flag(999, actor="rana")


def test_a_flag_of_what_is_not_there_is_refused(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about = recording(tx)
        layer, other = add_layer(tx, about), add_layer(tx, about, 2)
        foreign = tx.sentences([tx.turns(other.id)[0].id])[0].id
    flag = Flag(FlagKind.NUMBER_DIFFERS, None, "12 is missing")
    for layer_id, sentence_id, error in (
        (99, None, NotFound), (layer.id, foreign, BadInput), (layer.id, 999, BadInput),
    ):  # fmt: skip
        with pytest.raises(error), catalogue.transaction() as tx:
            tx.add_flags(layer_id, [flag, replace(flag, sentence_id=sentence_id)])
    with catalogue.snapshot() as tx:
        assert tx.flags(layer.id) == []


def test_a_diarisation_is_kept_once_and_never_changed(catalogue: Catalogue) -> None:
    voices = tuple(
        VoiceSpan(Span(start, start + 500), label)
        for start, label in ((0, "SPEAKER_01"), (300, "SPEAKER_00"), (900, "SPEAKER_01"))
    )
    one = Diarisation("d" * 64, ENGINE, "5" * 64, 2_000, voices)
    with catalogue.transaction() as tx:
        assert tx.diarisation(one.key) is None
        tx.add_diarisation(one)
        tx.add_diarisation(replace(one, voices=()))
        tx.add_diarisation(replace(one, key="e" * 64, voices=()))
    with catalogue.snapshot() as tx:
        assert tx.diarisation(one.key) == one
        assert tx.diarisation("e" * 64) == replace(one, key="e" * 64, voices=())


def test_what_a_translator_said_is_kept_once_and_never_changed(catalogue: Catalogue) -> None:
    one = TranslationClaim("d" * 64, ENGINE, "pt-BR", "en", ("Good day.", "“Yes”\nno \u200f"))
    with catalogue.transaction() as tx:
        assert tx.translation_claim(one.key) is None
        tx.add_translation_claim(one)
        tx.add_translation_claim(replace(one, answers=("Other",)))
    with catalogue.snapshot() as tx:
        assert tx.translation_claim(one.key) == one
        assert tx.translation_claim("e" * 64) is None


@pytest.mark.parametrize(
    "voices",
    ["{}", "nothing", '{"labels":[],"spans":[[0,1,0]]}', '{"labels":["a"],"spans":[[2,1,0]]}'],
)
def test_a_damaged_diarisation_says_so(catalogue: Catalogue, voices: str) -> None:
    with catalogue.transaction() as tx:
        tx.add_diarisation(Diarisation("d" * 64, ENGINE, "5" * 64, 2_000, ()))
    assert isinstance(catalogue, SqlCatalogue)
    with catalogue.transaction() as tx:
        tx._connection.exec_driver_sql("UPDATE diarisation SET voices = ?", (voices,))
    with pytest.raises(Corrupt, match="damaged"), catalogue.snapshot() as tx:
        tx.diarisation("d" * 64)


def test_a_chunk_keeps_its_language_and_both_hearings(catalogue: Catalogue) -> None:
    def claim(digit: str) -> Claim:
        return Claim(digit * 64, ENGINE, "5" * 64, 900, Heard("", Words(), "pt"))

    chunks = [
        Chunk(Span(0, 900), Activity.SPEECH, 0.9, "a" * 64, None, "pt", 0.75, "b" * 64, 0),
        Chunk(Span(900, 1_800), Activity.SPEECH, 0.9, "a" * 64, None, "en", None, None, 850),
        Chunk(Span(1_800, 2_000), Activity.SILENCE, 0.1, None, "no speech in it"),
    ]
    with catalogue.transaction() as tx:
        about = recording(tx)
        run = tx.open_run(about, {})
        for digit in "ab":
            tx.add_claim(claim(digit))
        for chunk in chunks:
            tx.add_chunk(about, run, chunk)
    with catalogue.snapshot() as tx:
        assert tx.chunks(about, run) == chunks
    with pytest.raises(Conflict), catalogue.transaction() as tx:
        tx.add_chunk(about, run, replace(chunks[0], span=Span(5, 6), second_key="c" * 64))


def test_a_channel_is_written_anew_with_every_field(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        first = tx.ensure_channel(
            Channel("Seven", "Iraq", "Asia/Baghdad", ("ar",), "udp://239.1.1.1:5000", "none")
        )
        tx.ensure_channel(Channel("Eight", "Iran"))
        changed = tx.change_channel(Channel("Seven", "Ireland", languages=("en", "ga")))
        assert changed == Channel("Seven", "Ireland", languages=("en", "ga"), id=first.id)
        assert tx.channels() == [Channel("Eight", "Iran", id=tx.channels()[0].id), changed]
        with pytest.raises(NotFound, match="'Nine'"):
            tx.change_channel(Channel("Nine"))


def test_persons_are_those_named_the_newest_first(catalogue: Catalogue) -> None:
    rana, ali, hidden = Speaker("Rana"), Speaker("Ali"), Speaker("Source", withheld=True)
    role, crowd = Speaker("Host", SpeakerKind.ROLE), Speaker("Crowd", SpeakerKind.LABEL)
    with catalogue.transaction() as tx:
        assert tx.persons() == []
        here, there = recording(tx), recording(tx, "Channel 8")
        one, other = (turn.id for turn in tx.turns(add_layer(tx, here).id))
        away = tx.turns(add_layer(tx, there).id)[0].id
        for turn_id, voice, author in (
            (one, rana, None), (one, role, ali), (other, hidden, None), (away, rana, None),
            (other, crowd, None), (away, Speaker("Zoe"), None), (one, ali, None),
        ):  # fmt: skip
            tx.add_attributions([Attribution(turn_id, voice, author, None, None, "ana")])
        seven, eight = (tx.recording(one).channel.id for one in (here, there))
    with catalogue.snapshot() as tx:
        assert [one.name for one in tx.persons()] == ["Ali", "Zoe", "Rana"]
        assert [one.name for one in tx.persons(limit=1)] == ["Ali"]
        assert [one.name for one in tx.persons(channel_id=seven)] == ["Ali", "Rana"]
        assert [one.name for one in tx.persons(channel_id=eight)] == ["Zoe", "Rana"]
        assert tx.persons(channel_id=99) == []
        assert all(one.id is not None and not one.withheld for one in tx.persons())


def test_whether_people_worked_in_a_layer(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        about = recording(tx)
        named, looked, machine = (add_layer(tx, about, run) for run in (1, 2, 3))
        flag = Flag(FlagKind.REPEATED, Span(0, 5), "said again")
        for layer in (looked, machine):
            tx.add_flags(layer.id, [flag])
        assert not any(tx.people_worked(one.id) for one in (named, looked, machine))
        first = tx.turns(named.id)[0]
        unconfirmed = Attribution(first.id, Speaker("Ana"), None, None, 0.5, "captions", None)
        tx.add_attributions([unconfirmed])
        assert not tx.people_worked(named.id)
        tx.add_attributions([replace(unconfirmed, made_by="from layer 9", confirmed_by="rana")])
        assert tx.people_worked(named.id)
        assert not tx.people_worked(named.id, carried=("elsewhere ", "from layer "))
        tx.add_attributions([unconfirmed])
        assert not tx.people_worked(named.id), "the newest attribution counts"
        tx.settle_flag(tx.flags(looked.id)[0].id, actor="rana", note="settled in layer 1")
        assert tx.people_worked(looked.id)
        assert not tx.people_worked(looked.id, carried=("settled in layer ",))
        tx.settle_flag(tx.flags(looked.id)[0].id, actor="rana")
        assert tx.people_worked(looked.id, carried=("settled in layer ",))
        assert not tx.people_worked(machine.id)
