"""A person confirms what they heard: words, speakers, and what a record then says."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest
from published import publish
from web_desk import HARBOUR, keep, make_desk, silent_wave, sound_facts, timed

from offair.cli import confirm
from offair.desk import Desk
from offair.desk.hear_span import HeardSpan, hear_span, span_to_hear
from offair.desk.heard import all_heard, words_in
from offair.desk.revise_sentence import revise_sentence
from offair.model.errors import BadInput, Conflict, NotFound
from offair.model.names import Hearing
from offair.model.record import Record
from offair.model.recording import Held
from offair.model.time import Span
from offair.model.transcript import Attribution, LayerKind, LayerOrigin, Speaker, Turn
from offair.model.words import Words

LINES = (
    ("SPEAKER_00", "Good evening from the harbour."),
    ("SPEAKER_01", "We will not raise the fares."),
    ("SPEAKER_01", "Good evening um from all of us."),
)
NOW = "2026-05-14T10:00:00Z"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Recording 1: sound, five-second turns, a word every 300 ms. Recording 2: text alone."""
    made = make_desk(tmp_path)
    object = keep(made, silent_wave(30_000), "news.wav")
    turns = []
    for place, (label, said) in enumerate(LINES):
        start = place * 5_000
        pieces = [
            (word, start + n * 300, start + n * 300 + 280) for n, word in enumerate(said.split())
        ]
        turns.append(Turn(0, place, *timed(pieces), Span(start, start + 4_900), label))
    with made.catalogue.transaction() as tx:
        channel = tx.ensure_channel(HARBOUR)
        for held, there, media, given in (
            (Held.HELD, object, sound_facts(30_000), turns),
            (Held.NEVER_HELD, None, None, [Turn(0, 0, "So it goes. On and on.", Words(), None)]),
        ):
            about = tx.add_recording(
                channel=channel, aired=None, title="News", held=held, object=there, media=media,
                actor="test",
            ).id  # fmt: skip
            tx.add_layer(
                recording_id=about, kind=LayerKind.SPEECH, language="en",
                origin=LayerOrigin.ENGINE, maker="test", run=1, turns=given,
                sentences=[[(0, len(turn.text))] for turn in given],
            )  # fmt: skip
    yield made
    made.catalogue.close()


def hear(desk: Desk, span: Span, speaker: str | None = None, **more: bool) -> HeardSpan:
    shown = span_to_hear(desk, 1, span=span)
    return hear_span(desk, shown, actor="ana", now_utc=NOW, speaker=speaker, **more)


def heard_texts(desk: Desk) -> list[str]:
    with desk.catalogue.snapshot() as tx:
        turns = [*tx.turns(1), *tx.turns(2)]
        found = tx.hearings([turn.id for turn in turns])
        return [
            turn.text[one.char_start : one.char_end]
            for turn in turns
            for one in found.get(turn.id, ())
        ]


def attributions(desk: Desk) -> dict[int, Attribution]:
    with desk.catalogue.snapshot() as tx:
        return dict(tx.attributions([turn.id for turn in tx.turns(1)]))


def record_of(desk: Desk, span: Span) -> Record:
    with desk.catalogue.transaction() as tx:
        clip = tx.add_clip(
            recording_id=1, layer_id=1, spans=[span], turn_ids=(), headline="News", summary=(),
            actor="ana",
        )  # fmt: skip
    return publish(desk, clip.id, actor="ana", now_utc=NOW).record


def test_the_words_of_a_span_are_shown_and_then_heard(desk: Desk) -> None:
    shown = span_to_hear(desk, 1, span=Span(600, 5_890))
    assert [one.text for one in shown.pieces] == ["from the harbour.", "We will not"]
    assert [(one.at, one.until) for one in shown.pieces] == [(600, 1_480), (5_000, 5_880)]
    assert shown.words == 6
    assert heard_texts(desk) == []
    done = hear_span(desk, shown, actor="ana", now_utc=NOW)
    assert (done.words, done.turn_ids, done.speakers) == (6, (1, 2), ())
    assert heard_texts(desk) == ["from the harbour.", "We will not"]
    assert attributions(desk) == {}


def test_a_quotation_names_its_place(desk: Desk) -> None:
    shown = span_to_hear(desk, 1, quotation="harbour — WE will “not”")
    assert [one.text for one in shown.pieces] == ["harbour.", "We will not"]
    fillers = span_to_hear(desk, 1, quotation="Good evening from all")
    assert [one.text for one in fillers.pieces] == ["Good evening um from all"]
    with pytest.raises(BadInput, match=r"stand in 2 places \(turn 1 at 0:00.000, turn 3 at"):
        span_to_hear(desk, 1, quotation="good evening")
    with pytest.raises(NotFound, match="do not stand one after the other"):
        span_to_hear(desk, 1, quotation="We will raise the fares")
    for empty in ("", "…", "“”"):
        with pytest.raises(BadInput, match="no words"):
            span_to_hear(desk, 1, quotation=empty)
    with pytest.raises(BadInput, match="20001 characters"):
        span_to_hear(desk, 1, quotation="a" * 20_001)


def test_a_text_without_times_is_heard_by_turns(desk: Desk) -> None:
    with pytest.raises(NotFound, match=r"no word between 0:00\.000 and"):
        span_to_hear(desk, 2, span=Span(0, 9_000))
    with pytest.raises(NotFound, match="no turn 1 stands in layer 2"):
        span_to_hear(desk, 2, turn_ids=[1])
    shown = span_to_hear(desk, 2, turn_ids=[4, 4])
    assert (shown.words, shown.pieces[0].at) == (6, None)
    hear_span(desk, shown, actor="ana", now_utc=NOW)
    assert heard_texts(desk) == ["So it goes. On and on."]
    part = span_to_hear(desk, 2, quotation="On and on")
    assert part.pieces[0].text == "On and on."


@pytest.mark.parametrize("given", [{}, {"span": Span(0, 9), "turn_ids": [1]}])
def test_one_way_of_saying_what_was_heard(desk: Desk, given: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="say what was heard"):
        span_to_hear(desk, 1, **given)  # type: ignore[arg-type]


def test_the_speaker_of_the_turns_is_confirmed(desk: Desk) -> None:
    done = hear(desk, Span(5_000, 15_000), "Daniel  Marsh")
    assert done.speakers == ("Daniel Marsh",)
    found = attributions(desk)
    assert {(one, found[one].confirmed_by, found[one].heard) for one in found} == {
        (2, "ana", True),
        (3, "ana", True),
    }
    assert found[2].voice is not None
    assert (found[2].voice.name, found[2].made_by) == ("Daniel Marsh", "ana, this turn alone")
    with pytest.raises(Conflict, match="turn 2 is said to be Daniel Marsh's, not Nora Whitlow's"):
        hear(desk, Span(5_000, 9_000), "Nora Whitlow")
    assert hear(desk, Span(5_000, 9_000), "daniel marsh").speakers == ("Daniel Marsh",)


def test_speakers_are_confirmed_as_shown(desk: Desk) -> None:
    with pytest.raises(BadInput, match="nobody is named for turn 2"):
        hear(desk, Span(5_000, 9_000), as_shown=True)
    with pytest.raises(BadInput, match="not both"):
        hear(desk, Span(5_000, 9_000), "Ada", as_shown=True)
    for name in ("", " ", "A" * 121, "A\x1bB"):
        with pytest.raises(BadInput, match="speaker's name"):
            hear(desk, Span(5_000, 9_000), name)
    assert heard_texts(desk) == []
    marsh = Attribution(2, Speaker("Daniel Marsh"), None, "Marsh", 0.8, "machine")
    with desk.catalogue.transaction() as tx:
        tx.add_attributions([marsh])
    assert hear(desk, Span(5_000, 9_000), as_shown=True).speakers == ("Daniel Marsh",)
    confirmed = attributions(desk)[2]
    assert (confirmed.label, confirmed.made_by, confirmed.certainty) == ("Marsh", "machine", 0.8)
    assert (confirmed.confirmed_by, confirmed.heard) == ("ana", True)


def test_what_was_changed_meanwhile_is_not_confirmed(desk: Desk) -> None:
    shown = span_to_hear(desk, 1, span=Span(0, 9_000))
    with desk.catalogue.transaction() as tx:
        tx.add_attributions([Attribution(2, Speaker("Ada"), None, None, None, "ben", "ben")])
    with pytest.raises(Conflict, match="named the speaker of turn 2 meanwhile"):
        hear_span(desk, shown, actor="ana", now_utc=NOW, speaker="Daniel Marsh")
    assert heard_texts(desk) == []
    revise_sentence(desk, 1, 2, "We will raise the fares.", actor="ben")
    with pytest.raises(Conflict, match="turn 2 was revised meanwhile"):
        hear_span(desk, shown, actor="ana", now_utc=NOW)
    assert heard_texts(desk) == []


def test_a_record_that_was_heard_and_confirmed_carries_no_notice(desk: Desk) -> None:
    span = Span(5_000, 10_000)
    assert record_of(desk, span).notice is not None
    hear(desk, Span(5_000, 5_600), "Daniel Marsh")
    part = record_of(desk, span)
    assert (part.notice is not None, part.turns[0].heard) == (True, False)
    assert record_of(desk, Span(5_000, 5_600)).notice is None
    hear(desk, span)
    whole = record_of(desk, span)
    assert (whole.notice, whole.checked, whole.turns[0].heard) == (None, True, True)
    wider = record_of(desk, Span(0, 10_000))
    assert ([one.heard for one in wider.turns], wider.checked) == ([False, True], False)
    hear(desk, Span(0, 5_000))
    unconfirmed = record_of(desk, Span(0, 10_000))
    assert ([one.heard for one in unconfirmed.turns], unconfirmed.checked) == ([True, True], False)


def test_a_revision_brings_the_notice_back(desk: Desk) -> None:
    hear(desk, Span(5_000, 10_000), "Daniel Marsh")
    revise_sentence(desk, 1, 2, "We will now raise the fares.", actor="ben")
    assert heard_texts(desk) == ["We will", "raise the fares."]
    record = record_of(desk, Span(5_000, 10_000))
    assert (record.notice is not None, record.turns[0].heard) == (True, False)


def test_words_are_heard_by_several_persons_together() -> None:
    turn = Turn(1, 0, "one two three", Words(), None)
    every = [(0, len(turn.text))]
    parts = [Hearing(1, 0, 5, "ana", NOW), Hearing(1, 5, 13, "ben", NOW)]
    assert words_in(turn, every) == [(0, 3), (4, 7), (8, 13)]
    assert all_heard(turn, every, parts)
    assert not all_heard(turn, every, parts[:1])
    assert all_heard(turn, [(0, 3)], parts[:1])
    assert not all_heard(turn, [], parts)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["We will not", "--from", "0", "--to", "9"], "Say --recording ID"),
        (["words", "--recording", "1", "--from", "0"], "leave --from"),
        (["1", "--from", "9", "--to", "3"], "later --to"),
        (["1", "--from", "9"], "later --to"),
    ],
)
def test_the_command_says_what_is_missing(words: list[str], says: str) -> None:

    parser = argparse.ArgumentParser()
    confirm.arguments(parser)
    with pytest.raises(BadInput, match=says):
        confirm.run(parser.parse_args(words, argparse.Namespace(config=None)))
