"""Checking quotations at a desk with a small archive; the index is the referee's, in memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from spoken_archive import Said, air, spoken_desk

from offair.desk import Desk
from offair.desk.check_quote import check_quote, check_quotes
from offair.desk.index import index
from offair.model.errors import BadInput, NotFound, Unavailable
from offair.model.finding import (
    NOT_HEARD,
    SPEAKER_NOT_CONFIRMED,
    UNHEARD_TEXTS,
    ContextFinding,
    Finding,
    Quotation,
    SpeakerFinding,
    WordsFinding,
)
from offair.model.names import Hearing
from offair.model.time import PartialDate
from offair.model.transcript import LayerKind, LayerOrigin
from offair.search.index import FolderIndex

SPEECH = (
    "We met the harbour board on Monday. The council does not support the new harbour wall, and I "
    "may visit fifteen villages on the northern coast if the weather holds. Thank you for coming."
)
ASKED = "And what about the ferry company?"
ANSWER = "The ferry company kept its word. We kept our word as well."
VALLEY = (
    "I told the workers in the valley that their boats will be painted before Easter, and that we "
    "sail in the morning."
)
FILLER = (
    "The fishing season opens in October and closes when the ice comes. Nets are mended in the "
    "winter. Children learn to row before they learn to swim, and the school has its own boats."
)
WALL = "The council does not support the new harbour wall"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Four broadcasts: the first is repeated as the third, the fourth holds other words."""
    made = spoken_desk(tmp_path)
    said = [Said("Ana Roe", SPEECH), Said("Bob Doe", ASKED), Said("Ana Roe", ANSWER)]
    air(made, said)
    air(made, [Said("Bob Doe", VALLEY)], aired="2021-07-02")
    air(made, [Said("Ana Roe", SPEECH)], aired="2021-06-03")
    air(made, [Said("Eva Lind", FILLER)], aired="2020-01-05", confirmed=None)
    return made


def check(desk: Desk, printed: str, **claims: object) -> Finding:
    return check_quote(desk, Quotation(printed, **claims))  # type: ignore[arg-type]


def test_words_as_they_were_said(desk: Desk) -> None:
    found = check(desk, WALL, speaker="Ana Roe")
    assert (found.words, found.speaker) == (WordsFinding.VERBATIM, SpeakerFinding.AS_CLAIMED)
    assert found.context == (ContextFinding.SENTENCE_CUT,)
    piece = found.pieces[0]
    assert (piece.recording_id, piece.spoken, piece.at, piece.until) == (1, WALL, 2331, 5295)
    assert piece.before == "We met the harbour board on Monday. "
    assert piece.after.startswith(", and I may visit")
    assert piece.sentence_id is not None
    assert [(one.recording_id, one.at) for one in found.airings] == [(1, 2331), (3, 2331)]
    assert found.also_said == 0
    assert found.provisional is None
    assert found.significance is not None
    assert found.significance.expected < 1e-3
    assert found.coverage.words_searched == sum(desk.index.open().words.values())
    assert found.coverage.channels[0].channel == "Harbour One"


def test_altered_words_are_provisional_until_heard_and_the_speaker_confirmed(desk: Desk) -> None:
    printed = WALL.replace(" not", "")
    found = check(desk, printed, speaker="Ana Roe")
    assert (found.words, found.provisional) == (WordsFinding.ALTERED, NOT_HEARD)
    assert found.leads == "words"
    piece = found.pieces[0]
    start = SPEECH.index(WALL)
    with desk.catalogue.transaction() as tx:
        tx.add_hearings(
            [
                Hearing(
                    piece.turn_ids[0], start, start + len(WALL) + 1, "Ada", "2026-01-01T00:00:00Z"
                )
            ]
        )
    heard = check(desk, printed, speaker="Ana Roe", recording_id=1)
    assert heard.pieces[0].heard
    assert heard.provisional is None
    somebody = check(desk, FILLER[:60].replace("opens", "begins"), speaker="Eva Lind")
    turn = somebody.pieces[0].turn_ids[0]
    with desk.catalogue.transaction() as tx:
        tx.add_hearings([Hearing(turn, 0, len(FILLER), "Ada", "2026-01-01T00:00:00Z")])
    again = check(desk, FILLER[:60].replace("opens", "begins"), speaker="Eva Lind")
    assert again.provisional == SPEAKER_NOT_CONFIRMED


def test_somebody_elses_words(desk: Desk) -> None:
    found = check(desk, "their boats will be painted before Easter", speaker="Ana Roe")
    assert found.words is WordsFinding.VERBATIM
    assert found.speaker is SpeakerFinding.SOMEBODY_ELSE
    assert (found.leads, found.provisional) == ("speaker", NOT_HEARD)


def test_an_imported_text_says_that_it_is_one(desk: Desk) -> None:
    text = "No lighthouse on this coast will be sold to a hotel while I hold this office."
    air(
        desk, [Said("Ana Roe", text)], aired="2022-01-01", origin=LayerOrigin.IMPORT,
        confirmed=None, timed=False, maker="speech.txt",
    )  # fmt: skip
    found = check(desk, text.replace("No", "Every"), speaker="Ana Roe")
    assert found.provisional == UNHEARD_TEXTS[LayerOrigin.IMPORT]
    assert found.pieces[0].at is None
    found = check(desk, text, speaker="Carl Poe")
    assert found.speaker is SpeakerFinding.SOMEBODY_ELSE


def test_pieces_of_two_recordings_are_spliced(desk: Desk) -> None:
    found = check(desk, f"their boats will be painted before Easter … {WALL}")
    assert found.words is WordsFinding.SPLICED
    assert [one.recording_id for one in found.pieces] == [2, 1]
    assert {one.piece for one in found.passages if one.piece is not None} == {0, 1}


def test_far_apart_in_one_recording_the_distance_is_told(desk: Desk) -> None:
    found = check(desk, f"{WALL} … We kept our word as well", speaker="Ana Roe")
    assert found.words is WordsFinding.ELIDED
    backwards = check(desk, f"We kept our word as well. {WALL}")
    assert backwards.words is WordsFinding.SPLICED
    assert backwards.distance_ms is not None
    assert backwards.distance_ms > 5_000


def test_not_found_is_never_bare(desk: Desk) -> None:
    found = check(desk, "the northern coast will be sold to a bank in another country tomorrow")
    assert found.words is WordsFinding.NOT_FOUND
    assert found.speaker is SpeakerFinding.NOBODY_NAMED
    assert found.longest is not None
    assert found.longest.text == "the northern coast"
    assert found.longest.count == 2
    assert found.coverage.channels
    assert any("the northern coast" in reason for reason in found.reasons)
    claimed = check(desk, "nobody ever said these quite unlikely words", speaker="Ana Roe")
    assert claimed.speaker is SpeakerFinding.UNDECIDED


def test_the_exhaustive_scan_is_proof(desk: Desk) -> None:
    words = "the northern coast will be sold to a bank in another country tomorrow"
    found = check_quote(desk, Quotation(words), thorough=True)
    assert found.words is WordsFinding.NOT_FOUND
    assert any("nowhere within 3 edits" in reason for reason in found.reasons)


def test_few_words_are_decided_by_their_scope(desk: Desk) -> None:
    assert check(desk, "the ferry").words is WordsFinding.TOO_SHORT
    found = check(desk, "we kept", recording_id=1)
    assert found.words is WordsFinding.VERBATIM
    assert "the words stand once in this recording" in found.reasons
    assert found.pieces[0].at == 15_318
    twice = check(desk, "ferry", recording_id=1)
    assert "the words stand twice in this recording" in twice.reasons
    assert check(desk, "lighthouse", recording_id=1).words is WordsFinding.NOT_FOUND
    day = PartialDate.parse("2021-06-03")
    found = check(desk, "the wall", speaker="Ana Roe", date=day)
    assert found.words is WordsFinding.TOO_SHORT
    found = check(desk, "wall", speaker="Ana Roe", date=day)
    assert (found.words, found.pieces[0].recording_id) == (WordsFinding.VERBATIM, 3)
    assert "the words stand once in what was aired that day" in found.reasons
    nobody = check(desk, "harbour wall", speaker="Bob Doe", date=day)
    assert nobody.words is WordsFinding.TOO_SHORT


def test_not_in_this_recording_but_in_another(desk: Desk) -> None:
    found = check(desk, "their boats will be painted before Easter", recording_id=1)
    assert found.words is WordsFinding.NOT_FOUND
    assert "recording 2" in found.reasons[0]
    assert found.alternatives[0].recording_id == 2
    with pytest.raises(NotFound):
        check(desk, "their boats will be painted", recording_id=99)


def test_another_date_unless_it_was_aired_then_too(desk: Desk) -> None:
    found = check(desk, WALL, date=PartialDate.parse("2021-06-03"))
    assert found.pieces[0].recording_id == 3
    assert ContextFinding.OTHER_DATE not in found.context
    found = check(desk, WALL, date=PartialDate.parse("2021-08-03"))
    assert ContextFinding.OTHER_DATE in found.context


def test_another_event_with_the_same_words_is_counted_apart(desk: Desk) -> None:
    air(desk, [Said("Bob Doe", f"A year on, I say it again to you all tonight. {WALL}, my friends.")], aired="2022-06-01")  # fmt: skip # noqa: E501
    found = check(desk, WALL, speaker="Ana Roe")
    assert [one.recording_id for one in found.airings] == [1, 3]
    assert found.also_said == 1
    assert found.alternatives[0].recording_id == 5


def test_captions_of_the_same_broadcast_are_no_further_airing(desk: Desk) -> None:
    text = "Each spring the old ladies of the quay repaint the benches where the captains sat."
    recording, _ = air(desk, [Said("Ana Roe", text)], aired="2023-01-01")
    air(
        desk, [Said(None, text)], kind=LayerKind.CAPTIONS,
        origin=LayerOrigin.BROADCASTER, recording=recording, maker="captions.srt",
    )  # fmt: skip
    found = check(desk, "repaint the benches where the captains sat", speaker="Ana Roe")
    assert found.pieces[0].kind is LayerKind.SPEECH
    assert [one.recording_id for one in found.airings] == [recording.id]
    assert found.also_said == 0


def test_what_was_heard_leads_where_captions_print_it_as_well(desk: Desk) -> None:
    heard = "I can promise the boat, at fifty kilometers an hour, whenever the islands ask us."
    recording, _ = air(desk, [Said("Ana Roe", heard)], aired="2023-01-01")
    printed = heard.replace("kilometers", "kilometres")
    air(
        desk, [Said(None, printed)], kind=LayerKind.CAPTIONS,
        origin=LayerOrigin.BROADCASTER, recording=recording, maker="captions.srt",
    )  # fmt: skip
    found = check(desk, printed, speaker="Ana Roe", recording_id=recording.id)
    assert (found.words, found.speaker) == (WordsFinding.VERBATIM, SpeakerFinding.AS_CLAIMED)
    assert found.pieces[0].kind is LayerKind.SPEECH
    assert not any("twice" in reason for reason in found.reasons)
    wrong = check(desk, printed, speaker="Bob Doe")
    assert wrong.speaker is SpeakerFinding.SOMEBODY_ELSE
    caption = check(desk, "promise the boat whenever the islands ask us", recording_id=recording.id)
    assert caption.pieces[0].kind is LayerKind.SPEECH


def test_the_spoken_language_comes_before_a_translation(desk: Desk) -> None:
    arabic = "لن نغادر الميناء القديم قبل نهاية هذا العام، وهذا قرار المجلس كله."
    english = "We shall not leave the old port before the end of this year, the whole council says."
    recording, _ = air(desk, [Said("Sami Nur", arabic)], aired="2022-02-02", language="ar")
    air(
        desk, [Said("Sami Nur", english)], kind=LayerKind.TRANSLATION, recording=recording,
        maker="machine",
    )  # fmt: skip
    found = check(desk, "We shall not leave the old port before the end of this year")
    assert found.words is WordsFinding.AS_TRANSLATED
    changed = check(desk, "We shall leave the old port before the end of this year")
    assert (changed.words, changed.provisional) == (WordsFinding.SUBSTANCE, NOT_HEARD)
    spoken = check(desk, "لن نغادر الميناء القديم قبل نهاية هذا العام", language="ar")
    assert spoken.words is WordsFinding.VERBATIM
    assert spoken.pieces[0].language == "ar"


def test_the_like_in_other_words_is_never_more_than_a_possible_paraphrase(desk: Desk) -> None:
    words = "school children there learn how to row long before anybody lets them learn to swim, in boats"  # noqa: E501
    found = check(desk, "before they swim, the children must learn to row boats their school has")
    assert found.words in {WordsFinding.NOT_FOUND, WordsFinding.PARAPHRASE}
    found = check(desk, words)
    assert found.words in {WordsFinding.NOT_FOUND, WordsFinding.PARAPHRASE, WordsFinding.ALTERED}


_QUAY = "Repairing the northern quay took eleven masons and a diver the whole of February."
_MASONS = "the northern quays were repaired in February, it took masons and divers: eleven, whole"


def test_the_like_in_other_words_is_shown_with_its_words_in_any_form(desk: Desk) -> None:
    assert check(desk, _MASONS).words is WordsFinding.NOT_FOUND
    air(desk, [Said("Ana Roe", _QUAY)], aired="2022-03-03")
    found = check(desk, "northern quays taking eleven masons and divers in the wholes of February")
    assert found.words is WordsFinding.PARAPHRASE
    assert found.pieces[0].spoken in _QUAY
    assert "words of meaning stand close together" in found.reasons[0]


def test_a_withheld_speaker_is_named_nowhere(desk: Desk) -> None:
    text = "Somebody must tell the minister that the northern quay is sinking by the hour."
    air(desk, [Said("Secret Name", text, withheld=True)], aired="2022-03-03")
    found = check(desk, text, speaker="Secret Name")
    assert found.speaker is SpeakerFinding.UNCONFIRMED
    assert found.pieces[0].speaker is None
    assert "Secret" not in " ".join(reason for reason in found.reasons if "claimed" not in reason)


def test_another_airing_may_name_the_speaker(desk: Desk) -> None:
    text = (
        "Every boat that leaves this harbour in winter must have a radio on board. That is the law "
        "from the first of November, and the harbour master will see to it himself."
    )
    air(desk, [Said(None, text)], aired="2022-03-03")
    air(desk, [Said("Ana Roe", text.replace("himself", "personally"))], aired="2022-03-04")
    quoted = text[text.index("That is") :].rstrip(".")
    found = check(desk, quoted, speaker="Ana Roe")
    assert found.words is WordsFinding.VERBATIM
    assert found.speaker is SpeakerFinding.AS_CLAIMED
    assert any("another airing" in reason for reason in found.reasons)


def test_what_is_no_quotation_is_listed(desk: Desk) -> None:
    found = check(desk, "The Old Man and the Sea", is_speech=False)
    assert found.words is WordsFinding.NOT_A_QUOTATION
    assert not found.pieces


@pytest.mark.parametrize(
    ("printed", "part"),
    [
        ("", "empty"), ("  \n", "empty"), ("… — !", "no word"), ("[the editor]", "no word"),
        ("we sail\x00 at dawn", "null bytes"), ("word " * 100_000, "characters"),
    ],
)  # fmt: skip
def test_bad_input_gets_a_clear_answer(desk: Desk, printed: str, part: str) -> None:
    with pytest.raises(BadInput, match=part):
        check(desk, printed)


@pytest.mark.parametrize(
    "printed",
    [
        "wall",
        "[[[ wall",
        "wall ]]] (((",
        "wall стена جدار 墙",
        "“‘“wall",
        "w.*ll|a+",
        "wall " * 900,
    ],
)
def test_strange_input_is_answered(desk: Desk, printed: str) -> None:
    assert check(desk, printed).words in set(WordsFinding)


def test_a_batch_says_what_each_quotation_alone_would_say(desk: Desk) -> None:
    asked = [
        Quotation(WALL, "Ana Roe"), Quotation("ferry", recording_id=1), Quotation("the ferry"),
        Quotation("their boats will be painted before Easter", "Ana Roe"), Quotation(WALL, "Bob"),
    ]  # fmt: skip
    assert check_quotes(desk, asked) == tuple(check_quote(desk, one) for one in asked)
    assert check_quotes(desk, []) == ()


def test_a_revised_turn_is_read_as_it_stands_now(desk: Desk) -> None:
    """The index still has the old words; the finding rests on the new ones."""
    shards = desk.index.open()
    with desk.catalogue.transaction() as tx:
        turn = tx.turns(tx.layers(2)[0].id)[0]
        text = turn.text.replace("Easter", "Whitsun")
        tx.revise_turn(turn.id, text=text, words=turn.words, sentences=[(0, len(text))], actor="A")
    frozen = replace(desk, index=_Frozen(shards))  # type: ignore[arg-type]
    found = check(frozen, "their boats will be painted before Whitsun")
    assert found.words is WordsFinding.VERBATIM
    assert found.coverage.behind > 0


class _Frozen:
    def __init__(self, shards: object) -> None:
        self._shards = shards

    def open(self) -> object:
        return self._shards


def test_without_an_index_it_says_what_to_do(desk: Desk, tmp_path: Path) -> None:
    bare = replace(desk, index=FolderIndex(tmp_path / "none"))
    with pytest.raises(Unavailable, match="reindex"):
        check(bare, WALL)


def test_the_real_index_gives_what_the_referee_gives(desk: Desk, tmp_path: Path) -> None:
    real = replace(desk, index=FolderIndex(tmp_path / "real"))
    index(real, notice=lambda _: None)
    for printed in (
        WALL, WALL.replace(" not", ""), f"their boats will be painted before Easter … {WALL}",
        "we kept our word as well", "nobody ever said anything of this",
        "and I may see fifteen towns on the northern coast if the weather holds",
    ):  # fmt: skip
        ours, theirs = check(real, printed), check(desk, printed)
        assert (ours.words, ours.speaker, ours.context, ours.pieces, ours.longest) == (
            theirs.words, theirs.speaker, theirs.context, theirs.pieces, theirs.longest,
        )  # fmt: skip
