"""Clips before they are published: edits, states, queries, proofs, stops, overlaps, preview."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from clips_made import harbour_clip, hear_all, revised, speech, turns_of
from published import publish
from web_desk import add_harbour, add_text_only, make_desk

from offair.desk import Desk
from offair.desk.change_clip_state import (
    change_clip_state,
    give_clip,
    set_hold,
    set_not_before,
)
from offair.desk.clip import clip
from offair.desk.clip_queries import answer, ask, read_queries
from offair.desk.clip_states import NEXT, set_published
from offair.desk.clip_stops import clip_stops
from offair.desk.edit_clip import ClipChange, StaleClip, edit_clip
from offair.desk.find_overlaps import find_overlaps, overlaps_of
from offair.desk.list_clips import list_clips, show_clip
from offair.desk.merge_turns import merge_turns
from offair.desk.preview_clip import preview_clip
from offair.desk.prove import ClauseAt, confirm_proof, pass_clause, propose_proofs, read_proofs
from offair.desk.revert_revision import revert_revision
from offair.desk.split_turn import split_turn
from offair.desk.words_to_spans import words_to_spans
from offair.formats import record_text
from offair.model.clip_work import ClauseKind, ClipState, ProofLink, Stop, StopKind
from offair.model.desk_lists import ChannelTerms
from offair.model.errors import BadInput, Conflict, NotFound, Refused
from offair.model.people import Act
from offair.model.record import Clip
from offair.model.recording import Held
from offair.model.time import PartialDate, Span
from offair.model.transcript import LayerKind, LayerOrigin
from offair.text.word_spans import Selection

NOW = "2026-05-14T12:00:00Z"
S = ClipState


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.catalogue.close()


def stops(
    desk: Desk, clip_id: int, *, required: bool = False, terms: ChannelTerms | None = None
) -> tuple[Stop, ...]:
    """The stops of a clip now."""
    return clip_stops(desk, clip_id, now_utc=NOW, second_reader_required=required, terms=terms)


def kinds(found: tuple[Stop, ...]) -> list[StopKind]:
    """Of which kind they are."""
    return [one.kind for one in found]


def acts(desk: Desk, clip_id: int) -> list[Act]:
    """The log of a clip, newest first."""
    with desk.catalogue.snapshot() as tx:
        return list(tx.acts(kind="clip", subject=clip_id))


def go(desk: Desk, clip_id: int, *states: ClipState, actor: str = "ana") -> None:
    """Put a clip through states."""
    for state in states:
        change_clip_state(desk, clip_id, state, actor=actor)


# Edits


def test_an_edit_changes_what_is_named_and_the_version(desk: Desk) -> None:
    made = harbour_clip(desk)
    found = edit_clip(desk, made.id, ClipChange(headline="Marsh: Boats"), version=1, actor="ana")
    assert (found.clip.headline, found.clip.summary) == ("Marsh: Boats", made.summary)
    assert (found.work.version, found.work.state, found.work.owner) == (2, S.IN_HAND, "ana")
    assert found.clip.spans == made.spans
    assert acts(desk, made.id)[0].detail["changed"] == "headline"
    again = edit_clip(desk, made.id, ClipChange(headline="Marsh: Boats"), version=2, actor="ana")
    assert again.work.version == 2


def test_a_stale_edit_hands_both_versions(desk: Desk) -> None:
    made = harbour_clip(desk)
    edit_clip(desk, made.id, ClipChange(headline="Theirs"), version=1, actor="ben")
    mine = ClipChange(headline="Mine")
    with pytest.raises(StaleClip, match="ben changed clip") as stale:
        edit_clip(desk, made.id, mine, version=1, actor="ana")
    assert (stale.value.clip.headline, stale.value.change) == ("Theirs", mine)
    assert stale.value.work.version == 2


@pytest.mark.parametrize(
    "change",
    [
        ClipChange(spans=[Span(0, 0)]),
        ClipChange(spans=[Span(0, 500_000)]),
        ClipChange(spans=[Span(5_000, 9_000), Span(1_000, 2_000)]),
        ClipChange(spans=[]),
        ClipChange(turn_ids=[1]),
        ClipChange(spans=[Span(93_000, 93_500)]),
        ClipChange(headline="x" * 6_000),
        ClipChange(headline="a\x00b"),
        ClipChange(summary=["x"] * 41),
    ],
)
def test_what_no_clip_can_be_is_refused(desk: Desk, change: ClipChange) -> None:
    made = harbour_clip(desk)
    with pytest.raises(BadInput):
        edit_clip(desk, made.id, change, version=1, actor="ana")
    assert show_clip(desk, made.id).work.version == 1


def test_an_edit_after_ready_takes_the_clip_back_in_hand(desk: Desk) -> None:
    made = harbour_clip(desk)
    edit_clip(desk, made.id, ClipChange(summary=["Boats sail."]), version=1, actor="ana")
    go(desk, made.id, S.TO_SECOND_READER)
    ready = change_clip_state(desk, made.id, S.READY, actor="ben", second_reader_required=True)
    assert (ready.state, ready.read_by) == (S.READY, "ben")
    found = edit_clip(desk, made.id, ClipChange(summary=[]), version=2, actor="ana")
    assert (found.work.state, found.work.read_by) == (S.IN_HAND, None)
    assert len(found.notes) == 2


# States


def test_every_step_is_logged_and_no_other_is_taken(desk: Desk) -> None:
    made = harbour_clip(desk)
    assert show_clip(desk, made.id).work.state is S.TO_DO
    for state in ClipState:
        if state not in NEXT[S.TO_DO]:
            with pytest.raises(Conflict, match="cannot become"):
                change_clip_state(desk, made.id, state, actor="ana")
    go(desk, made.id, S.IN_HAND, S.TO_SECOND_READER, S.QUERIED, S.IN_HAND)
    steps = [one.detail["after"] for one in acts(desk, made.id) if "after" in one.detail]
    assert steps == ["in hand", "queried", "to second reader", "in hand"]
    assert show_clip(desk, made.id).work.owner == "ana"


def test_the_second_reader_is_neither_owner_nor_translator(desk: Desk) -> None:
    recording = add_harbour(desk)
    with desk.catalogue.snapshot() as tx:
        arabic = next(x for x in tx.layers(recording) if x.kind is LayerKind.TRANSLATION)
    made = clip(desk, recording, spans=[Span(0, 8_000)], layer_id=arabic.id, actor="ana")
    go(desk, made.id, S.IN_HAND, S.TO_SECOND_READER)
    for who in ("ana", "Ana", "samia"):
        with pytest.raises(Refused):
            change_clip_state(desk, made.id, S.READY, actor=who, second_reader_required=True)
    work = change_clip_state(desk, made.id, S.READY, actor="ben", second_reader_required=True)
    assert work.read_by == "ben"


def test_without_a_required_second_reader_the_owner_may_say_ready(desk: Desk) -> None:
    made = harbour_clip(desk)
    go(desk, made.id, S.IN_HAND, S.READY)
    work = show_clip(desk, made.id).work
    assert (work.state, work.read_by) == (S.READY, None)
    assert StopKind.SECOND_READER in kinds(stops(desk, made.id, required=True))


def test_who_read_another_version_cannot_say_ready(desk: Desk) -> None:
    made = harbour_clip(desk)
    edit_clip(desk, made.id, ClipChange(summary=["Boats sail."]), version=1, actor="ana")
    with pytest.raises(Conflict, match="since you read it"):
        change_clip_state(desk, made.id, S.READY, actor="ben", version=1)


def test_hold_embargo_and_owner_are_kept_and_logged(desk: Desk) -> None:
    made = harbour_clip(desk)
    assert give_clip(desk, made.id, " ben ", actor="ana").owner == "ben"
    held = set_hold(desk, made.id, "waiting for  the lawyer", actor="carl")
    assert (held.hold, held.hold_by) == ("waiting for the lawyer", "carl")
    assert set_not_before(desk, made.id, "2026-05-14T18:00+02:00", actor="ana").not_before == (
        "2026-05-14T16:00:00Z"
    )
    assert {StopKind.HOLD, StopKind.NOT_BEFORE} <= set(kinds(stops(desk, made.id)))
    with pytest.raises(BadInput, match="no moment"):
        set_not_before(desk, made.id, "soon", actor="ana")
    with pytest.raises(BadInput, match="why it is held"):
        set_hold(desk, made.id, " ", actor="ana")
    set_hold(desk, made.id, None, actor="ana")
    set_not_before(desk, made.id, None, actor="ana")
    assert not {StopKind.HOLD, StopKind.NOT_BEFORE} & set(kinds(stops(desk, made.id)))
    assert [one.detail.get("what") for one in acts(desk, made.id)][:2] == ["not before", "hold"]


def test_a_withdrawn_clip_is_left_alone(desk: Desk) -> None:
    made = harbour_clip(desk)
    with desk.catalogue.transaction() as tx:
        work = tx.clip_work(made.id)
        tx.save_clip_work(replace(work, state=S.WITHDRAWN), version=1, actor="ana")
    with pytest.raises(Refused):
        edit_clip(desk, made.id, ClipChange(headline="x"), version=1, actor="ana")
    with pytest.raises(Refused):
        ask(desk, made.id, "why?", actor="ana")
    with pytest.raises(Refused):
        change_clip_state(desk, made.id, S.IN_HAND, actor="ana")


def test_publishing_and_editing_after_it_are_states_too(desk: Desk) -> None:
    made = harbour_clip(desk)
    go(desk, made.id, S.IN_HAND)
    with desk.catalogue.transaction() as tx:
        assert set_published(tx, made.id, actor="ana").state is S.PUBLISHED
    found = edit_clip(desk, made.id, ClipChange(headline="Boats"), version=1, actor="ana")
    assert found.work.state is S.IN_HAND
    assert found.notes == ("it was published, and is in hand again",)


# Queries


def test_a_query_goes_along_with_the_words_it_is_pinned_to(desk: Desk) -> None:
    made = harbour_clip(desk)
    go(desk, made.id, S.IN_HAND, S.TO_SECOND_READER)
    turn = turns_of(desk, made.layer_id or 0)[1]
    start = turn.text.index("half past six")
    found, work = ask(
        desk, made.id, "six/seven? 0:17", turn_id=turn.id, char_start=start, char_end=start + 13,
        actor="ben",
    )  # fmt: skip
    assert work.state is S.QUERIED
    assert found.query.words == "half past six"
    assert found.query.at == found.standing.at if found.standing else False
    new = revised(
        desk, turn, turn.text.replace("Good morning, Nora.", "Good morning to you, Nora.")
    )
    (moved,) = read_queries(desk, made.id)
    assert moved.standing is not None
    assert (moved.standing.turn.id, moved.standing.words) == (new.id, "half past six")
    gone = revised(desk, new, "Good morning to you, Nora.")
    (moved,) = read_queries(desk, made.id)
    assert moved.gone
    assert StopKind.OPEN_QUERY in kinds(stops(desk, made.id))
    assert gone.id != new.id
    settled, work = answer(desk, made.id, moved.query.id, "Six.", actor="ana")
    assert (settled.query.answer, settled.query.settled_by) == ("Six.", "ana")
    assert work.state is S.TO_SECOND_READER
    with pytest.raises(Conflict):
        answer(desk, made.id, moved.query.id, "Seven.", actor="ana")


def test_what_is_pinned_goes_along_when_turns_are_split_merged_and_put_back(desk: Desk) -> None:
    made = harbour_clip(desk)
    layer = made.layer_id or 0
    turn = turns_of(desk, layer)[1]
    start = turn.text.index("late boat")
    ask(desk, made.id, "?", turn_id=turn.id, char_start=start, char_end=start + 9, actor="ben")
    proof = read_proofs(desk, made.id).proofs[-1]
    at = ClauseAt(proof.part, proof.char_start, proof.clause)
    confirm_proof(desk, made.id, at, actor="ana", now_utc=NOW)

    def pinned() -> tuple[str, str | None]:
        (query,) = read_queries(desk, made.id)
        assert query.standing is not None
        assert query.standing.turn in turns_of(desk, layer)
        return query.standing.words, read_proofs(desk, made.id).proofs[-1].confirmed_by

    assert pinned() == ("late boat", "ana")
    split_turn(desk, turn.id, turn.text.index("We are not"), actor="rana")
    assert pinned() == ("late boat", "ana")
    _, first, second, *_ = turns_of(desk, layer)
    merged = merge_turns(desk, first.id, second.id, actor="rana")
    assert pinned() == ("late boat", "ana")
    revert_revision(desk, merged.revision.id, actor="rana")
    assert pinned() == ("late boat", "ana")


def test_open_queries_keep_a_clip_from_being_ready(desk: Desk) -> None:
    made = harbour_clip(desk)
    go(desk, made.id, S.IN_HAND)
    query, work = ask(desk, made.id, "Is the headline right?", actor="ana")
    assert work.state is S.IN_HAND
    with pytest.raises(Refused, match="queries"):
        change_clip_state(desk, made.id, S.READY, actor="ben")
    assert list_clips(desk)[0].queries == 1
    with pytest.raises(BadInput):
        answer(desk, made.id, query.query.id + 1, "yes", actor="ana")


def test_a_query_is_about_words_of_the_clip(desk: Desk) -> None:
    made = harbour_clip(desk)
    turns = turns_of(desk, made.layer_id or 0)
    with pytest.raises(BadInput, match="not printed"):
        ask(desk, made.id, "?!", turn_id=turns[5].id, char_start=0, char_end=3, actor="ana")
    with pytest.raises(BadInput, match="no words"):
        ask(desk, made.id, "?!", turn_id=turns[1].id, char_start=3, char_end=3, actor="ana")
    with pytest.raises(BadInput):
        ask(desk, made.id, "  ", actor="ana")
    with pytest.raises(NotFound):
        ask(desk, made.id + 1, "What?", actor="ana")


# Proofs


def test_proofs_are_proposed_confirmed_and_kept_while_the_words_stand(desk: Desk) -> None:
    made = harbour_clip(desk, summary=["He said there will be 14 crossings a day."])
    speaker, late, crossings = read_proofs(desk, made.id).proofs
    assert [one.kind.value for one in (speaker, late, crossings)] == ["record fact", "said", "said"]
    assert len(propose_proofs(desk, made.id, actor="ana")) == 3
    at = ClauseAt(crossings.part, crossings.char_start, crossings.clause)
    kept = confirm_proof(desk, made.id, at, actor="ana", now_utc=NOW)
    assert (kept.confirmed_by, kept.confirmed_utc, kept.kind) == ("ana", NOW, ClauseKind.SAID)
    # Another paragraph is edited: what was confirmed stands.
    edit_clip(
        desk, made.id, ClipChange(summary=["Whales sing in the sea.", made.summary[0]]),
        version=1, actor="ana",
    )  # fmt: skip
    found = read_proofs(desk, made.id).proofs
    assert found[-1].confirmed_by is None  # it stands in another paragraph now
    edit_clip(desk, made.id, ClipChange(summary=made.summary), version=2, actor="ana")
    confirm_proof(desk, made.id, at, actor="ana", now_utc=NOW)
    turn = next(
        one for one in turns_of(desk, made.layer_id or 0) if one.id == crossings.links[0].turn_id
    )
    same = revised(desk, turn, f"Well. {turn.text}")
    moved = read_proofs(desk, made.id).proofs[-1]
    assert moved.confirmed_by == "ana"
    assert {one.turn_id for one in moved.links} == {same.id}
    # The words themselves are changed: it is proposed anew, and says so.
    revised(desk, same, same.text.replace("14", "15"))
    changed = read_proofs(desk, made.id).proofs[-1]
    assert (changed.confirmed_by, changed.kind) == (None, ClauseKind.UNSUPPORTED)
    assert "changed since" in changed.reasons[-1]


def test_an_editor_says_what_a_clause_rests_on(desk: Desk) -> None:
    made = harbour_clip(desk, headline="Harbour Master Daniel Marsh: Boats Sail In All Weather")
    label, boats, _ = read_proofs(desk, made.id).proofs
    assert (label.kind, boats.kind) == (ClauseKind.UNSUPPORTED, ClauseKind.UNSUPPORTED)
    at = ClauseAt(0, label.char_start, label.clause)
    with pytest.raises(BadInput, match="nothing was found"):
        confirm_proof(desk, made.id, at, actor="ana", now_utc=NOW)
    with pytest.raises(BadInput, match="a source"):
        confirm_proof(
            desk, made.id, at, actor="ana", now_utc=NOW, kind=ClauseKind.BACKGROUND, field=" "
        )
    kept = confirm_proof(
        desk, made.id, at, actor="ana", now_utc=NOW, kind=ClauseKind.BACKGROUND,
        field="port office's list of 2026",
    )  # fmt: skip
    assert kept.field == "port office's list of 2026"
    where = ClauseAt(0, boats.char_start, boats.clause)
    with pytest.raises(BadInput, match="link the words"):
        confirm_proof(
            desk, made.id, where, actor="ana", now_utc=NOW, kind=ClauseKind.SAID, links=[]
        )
    turn = turns_of(desk, made.layer_id or 0)[1]
    for bad in (ProofLink(turn.id, 5, 5), ProofLink(turn.id, 0, 10_000), ProofLink(999, 0, 1)):
        with pytest.raises(BadInput):
            confirm_proof(
                desk, made.id, where, actor="ana", now_utc=NOW, kind=ClauseKind.SAID, links=[bad]
            )
    confirm_proof(
        desk, made.id, where, actor="ana", now_utc=NOW, kind=ClauseKind.SAID,
        links=[ProofLink(turn.id, 0, 12)], own_words=False,
    )  # fmt: skip
    assert StopKind.UNSUPPORTED_CLAUSE not in kinds(stops(desk, made.id))
    with pytest.raises(Conflict, match="read its proofs again"):
        confirm_proof(desk, made.id, replace(at, clause="x"), actor="ana", now_utc=NOW)


def test_an_unsupported_clause_is_passed_with_a_reason(desk: Desk) -> None:
    made = harbour_clip(desk, headline="Whales Sing In The Sea")
    whale = read_proofs(desk, made.id).proofs[0]
    at = ClauseAt(0, 0, whale.clause)
    found = [one for one in stops(desk, made.id) if one.kind is StopKind.UNSUPPORTED_CLAUSE]
    assert "Whales Sing In The Sea" in found[0].sentence
    with pytest.raises(BadInput, match="say why"):
        pass_clause(desk, made.id, at, " ", actor="ana", now_utc=NOW)
    passed = pass_clause(desk, made.id, at, "a joke of the house", actor="ana", now_utc=NOW)
    assert passed.passed == "a joke of the house"
    assert StopKind.UNSUPPORTED_CLAUSE not in kinds(stops(desk, made.id))
    said = read_proofs(desk, made.id).proofs[1]
    with pytest.raises(BadInput, match="confirm it instead"):
        pass_clause(
            desk, made.id, ClauseAt(said.part, said.char_start, said.clause), "x", actor="ana",
            now_utc=NOW,
        )  # fmt: skip
    # Edited, it is another clause, and nobody passed that one.
    edit_clip(desk, made.id, ClipChange(headline="Whales Sing"), version=1, actor="ana")
    assert StopKind.UNSUPPORTED_CLAUSE in kinds(stops(desk, made.id))


def test_reported_speech_stands_beside_the_proofs(desk: Desk) -> None:
    recording = add_harbour(desk)
    made = clip(
        desk, recording, spans=[Span(25_000, 29_000)], layer_id=speech(desk, recording).id,
        actor="ana",
    )  # fmt: skip
    (found,) = read_proofs(desk, made.id).reported
    assert found.cue == "say that"
    assert found.content == "they were never asked."


# Stops


def test_a_clip_that_nobody_heard_stops_and_a_heard_and_confirmed_one_does_not(desk: Desk) -> None:
    made = harbour_clip(desk)
    found = stops(desk, made.id, required=True)
    assert kinds(found) == [
        StopKind.UNHEARD, StopKind.UNCONFIRMED_SPEAKER, StopKind.SECOND_READER,
    ]  # fmt: skip
    assert found[0].turn_ids == (turns_of(desk, made.layer_id or 0)[1].id,)
    assert "Daniel Marsh" in found[1].sentence
    hear_all(desk, made.layer_id or 0)
    go(desk, made.id, S.IN_HAND, S.TO_SECOND_READER)
    change_clip_state(desk, made.id, S.READY, actor="ben", second_reader_required=True)
    assert stops(desk, made.id, required=True) == ()


def test_words_changed_after_the_second_reader_stop_again(desk: Desk) -> None:
    made = harbour_clip(desk)
    hear_all(desk, made.layer_id or 0)
    go(desk, made.id, S.IN_HAND, S.TO_SECOND_READER)
    change_clip_state(desk, made.id, S.READY, actor="ben", second_reader_required=True)
    turn = turns_of(desk, made.layer_id or 0)[1]
    revised(desk, turn, turn.text.replace("rumour", "rumor"))
    found = stops(desk, made.id, required=True)
    assert StopKind.SECOND_READER in kinds(found)
    assert "since ben read it" in found[-1].sentence


def test_a_machines_translation_stops_until_somebody_revised_or_heard_it(desk: Desk) -> None:
    recording = add_harbour(desk)
    with desk.catalogue.transaction() as tx:
        source = next(x for x in tx.layers(recording) if x.kind is LayerKind.SPEECH)
        turns = [replace(one, id=0) for one in tx.turns(source.id)]
        layer = tx.add_layer(
            recording_id=recording, kind=LayerKind.TRANSLATION, language="en",
            origin=LayerOrigin.ENGINE, maker="machine", run=2, turns=turns,
            sentences=[[(0, len(one.text))] for one in turns], source_layer_id=source.id,
        )  # fmt: skip
    made = clip(desk, recording, spans=[Span(13_500, 28_500)], layer_id=layer.id, actor="ana")
    before = [x for x in stops(desk, made.id) if x.kind is StopKind.UNREVISED_TRANSLATION]
    assert len(before[0].turn_ids) == 2
    second = turns_of(desk, layer.id)[1]
    split_turn(desk, second.id, second.text.index("The first boat"), actor="rana")
    divided = [x for x in stops(desk, made.id) if x.kind is StopKind.UNREVISED_TRANSLATION]
    assert len(divided[0].turn_ids) == 3  # to divide a turn is not to revise it
    revised(desk, turns_of(desk, layer.id)[1], "Good morning to you.", actor="samia")
    after = [x for x in stops(desk, made.id) if x.kind is StopKind.UNREVISED_TRANSLATION]
    assert len(after[0].turn_ids) == 2
    go(desk, made.id, S.IN_HAND)
    with pytest.raises(Refused, match="translated"):
        change_clip_state(desk, made.id, S.READY, actor="samia", second_reader_required=True)
    hear_all(desk, layer.id)
    assert StopKind.UNREVISED_TRANSLATION not in kinds(stops(desk, made.id))


def test_the_channels_terms_stop_and_cannot_be_passed(desk: Desk) -> None:
    made = harbour_clip(desk)
    terms = ChannelTerms(text=False, longest_ms=5_000, ground="contract of 2025")
    found = [one for one in stops(desk, made.id, terms=terms) if one.kind is StopKind.RIGHTS]
    assert [one.passable for one in found] == [False, False]
    assert "0:11.800" in found[1].sentence
    assert all("contract of 2025" in one.sentence for one in found)
    with desk.catalogue.transaction() as tx:
        channel = tx.recording(made.recording_id).channel
        tx.set_channel_terms(channel.id or 0, terms)
    assert kinds(stops(desk, made.id)).count(StopKind.RIGHTS) == 2


# Overlaps, selections, preview


def other_airing(desk: Desk, recording_id: int, *, day: str = "2026-05-15") -> int:
    """The same words on another recording."""
    with desk.catalogue.transaction() as tx:
        known = tx.recording(recording_id)
        layer = next(x for x in tx.layers(recording_id) if x.kind is LayerKind.SPEECH)
        turns = [replace(one, id=0) for one in tx.turns(layer.id)]
        again = tx.add_recording(
            channel=known.channel, aired=PartialDate.parse(day), title="Again",
            held=Held.HELD, object=known.object, media=known.media, actor="test",
        )  # fmt: skip
        tx.add_layer(
            recording_id=again.id, kind=LayerKind.SPEECH, language="en", origin=LayerOrigin.ENGINE,
            maker="machine", run=1, turns=turns, sentences=[[(0, len(x.text))] for x in turns],
        )  # fmt: skip
    return again.id


def test_clips_that_overlap_are_found_on_every_recording_of_the_broadcast(desk: Desk) -> None:
    made = harbour_clip(desk)
    layer = speech(desk, made.recording_id).id

    def cut(recording: int, start: int, end: int) -> Clip:
        return clip(
            desk, recording, spans=[Span(start, end)], layer_id=speech(desk, recording).id,
            actor="ana",
        )  # fmt: skip

    near = cut(made.recording_id, 20_000, 30_000)
    cut(made.recording_id, 30_000, 40_000)
    again = cut(other_airing(desk, made.recording_id), 13_500, 25_300)
    cut(other_airing(desk, made.recording_id, day="2026-05-20"), 13_500, 25_300)
    same, other = find_overlaps(desk, made.id)
    assert (same.clip.id, same.spans, same.common_ms) == (near.id, (Span(20_000, 25_300),), 5_300)
    assert (other.clip.id, other.spans) == (again.id, ())
    assert (other.words or 0) > 30
    before = overlaps_of(desk, made.recording_id, spans=[Span(24_000, 26_000)], layer_id=layer)
    assert [one.clip.id for one in before] == [near.id, made.id]


def test_clips_by_turns_overlap_where_they_share_one(desk: Desk) -> None:
    recording = add_text_only(desk)
    with desk.catalogue.snapshot() as tx:
        first, second, third = tx.turns(tx.layers(recording)[0].id)
    one = clip(desk, recording, turn_ids=[first.id, second.id], actor="ana")
    other = clip(desk, recording, turn_ids=[second.id, third.id], actor="ana")
    (found,) = find_overlaps(desk, one.id)
    assert (found.clip.id, found.turn_ids) == (other.id, (second.id,))


def test_a_clip_by_turns_prints_their_revisions(desk: Desk) -> None:
    recording = add_text_only(desk)
    with desk.catalogue.snapshot() as tx:
        first, *_ = tx.turns(tx.layers(recording)[0].id)
    made = clip(desk, recording, turn_ids=[first.id], actor="ana")
    revised(desk, first, "صباح النور.")
    assert "صباح النور." in preview_clip(desk, made.id, actor="ana", now_utc=NOW).text


def test_selected_words_are_spans(desk: Desk) -> None:
    made = harbour_clip(desk)
    layer = made.layer_id or 0
    turns = turns_of(desk, layer)
    second = turns[1]
    start = second.text.index("We are not")
    spans = words_to_spans(
        desk, made.recording_id, layer,
        [
            Selection(turns[3].id, turns[4].id, 0, 5),
            Selection(second.id, second.id, start, start + len("We are not cancelling")),
        ],
    )  # fmt: skip
    assert len(spans) == 2
    cut = clip(desk, made.recording_id, spans=spans, layer_id=layer, actor="ana")
    text = preview_clip(desk, cut.id, actor="ana", now_utc=NOW).text
    assert '"We are not cancelling"' in text
    assert "[...]" in text
    for bad in (
        [],
        [Selection(second.id, second.id, 5, 5)],
        [Selection(turns[2].id, turns[1].id, 0, 5)],
        [Selection(second.id, second.id, 0, 10_000)],
    ):
        with pytest.raises(BadInput):
            words_to_spans(desk, made.recording_id, layer, bad)


def test_the_preview_is_what_is_published_but_for_its_number(desk: Desk) -> None:
    made = harbour_clip(desk)
    shown = preview_clip(desk, made.id, actor="ana", now_utc=NOW)
    assert shown.record.number is None
    assert "Cancelling The Late Boat" in shown.html
    with desk.catalogue.snapshot() as tx:
        assert tx.clip(made.id).number is None
    published = publish(desk, made.id, actor="ana", now_utc=NOW)
    assert replace(published.record, number=None, media=()) == shown.record
    printed = record_text.write(published.record, record_text.layout_for(published.record))
    assert printed.replace("#1 | ", "# | ") == shown.text


def test_clips_are_listed_by_state_and_owner(desk: Desk) -> None:
    made = harbour_clip(desk)
    other = clip(
        desk, made.recording_id, spans=[Span(30_000, 40_000)], layer_id=made.layer_id, actor="ben"
    )
    go(desk, other.id, S.IN_HAND, actor="ben")
    assert [one.clip.id for one in list_clips(desk)] == [other.id, made.id]
    assert [one.clip.id for one in list_clips(desk, state=S.TO_DO)] == [made.id]
    assert [one.clip.id for one in list_clips(desk, owner="ben")] == [other.id]
    assert list_clips(desk, before_id=made.id) == ()
    publish(desk, made.id, actor="ana", now_utc=NOW)
    assert [one.clip.id for one in list_clips(desk, state=S.PUBLISHED)] == [made.id]
