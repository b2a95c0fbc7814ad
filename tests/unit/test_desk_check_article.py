"""An article's quotations: found, corrected, checked in one batch, reported."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import cast

import pytest
from findings_made import no_quotation, verbatim

from offair.desk import Desk
from offair.desk import check_article as verb
from offair.desk.check_article import Corrections, check_article, quotations_in
from offair.formats import article_quotations
from offair.model.errors import BadInput
from offair.model.finding import Finding, Quotation
from offair.model.time import PartialDate

STORY = (
    "Ann Smith came on Monday. “We will go to the harbour,” Smith said on Tuesday.\n\n"
    "The term “red tape” was used. Bob Brown said: “Nobody will leave this place.” “[…]”"
).encode()


class _Desk:
    name = "Harbour desk"


def _check(asked: list[Sequence[Quotation]]) -> verb.CheckQuotes:
    def check(desk: Desk, quotations: Sequence[Quotation]) -> Sequence[Finding]:
        asked.append(quotations)
        return [verbatim() if one.is_speech else no_quotation() for one in quotations]

    return check


def test_all_quotations_go_in_one_batch() -> None:
    asked: list[Sequence[Quotation]] = []
    report = check_article(
        cast("Desk", _Desk()), STORY, "story.txt", check=_check(asked), recording_id=4,
        published=PartialDate.parse("2023-05-17"), date=PartialDate.parse("2023"),
    )  # fmt: skip
    (batch,) = asked
    assert [one.speaker for one in batch] == ["Ann Smith", None, "Bob Brown"]
    assert [one.date.value for one in batch if one.date] == ["2023-05-16", "2023", "2023"]
    assert {one.recording_id for one in batch} == {4}
    assert (len(report.findings), report.source, report.desk) == (3, "story.txt", "Harbour desk")


def test_an_article_without_quotations_is_no_error() -> None:
    asked: list[Sequence[Quotation]] = []
    report = check_article(cast("Desk", _Desk()), b"Plain words.", "a.txt", check=_check(asked))
    assert asked == []
    assert report.findings == ()
    assert "no quotation marks" in report.remarks[0]


def test_corrections_by_number() -> None:
    corrections = Corrections({2: "Carla Rossi"}, frozenset({1}))
    first, second, _ = quotations_in(STORY, "a.txt", corrections=corrections).quotations
    assert (first.is_speech, first.speaker) == (False, None)
    assert (second.is_speech, second.speaker, second.certain) == (True, "Carla Rossi", True)


@pytest.mark.parametrize(
    "corrections",
    [
        Corrections({9: "x"}), Corrections({0: "x"}), Corrections({}, frozenset({-1})),
        Corrections({1: "x"}, frozenset({1})),
    ],
)  # fmt: skip
def test_corrections_of_what_is_not_there_are_refused(corrections: Corrections) -> None:
    with pytest.raises(BadInput):
        quotations_in(STORY, "a.txt", corrections=corrections)


def _listed() -> dict[str, object]:
    quoted = quotations_in(STORY, "a.txt")
    made: dict[str, object] = json.loads(
        article_quotations.write(quoted.article, quoted.quotations, source="a.txt")
    )
    return made


def test_a_list_is_read_back_as_it_was_written() -> None:
    listed = json.dumps(_listed()).encode()
    plain = quotations_in(STORY, "a.txt").quotations
    assert quotations_in(STORY, "a.txt", corrections=Corrections(listed=listed)).quotations == plain


def test_a_corrected_list_stands_in_place_of_what_was_found() -> None:
    listed = _listed()
    rows = cast("list[dict[str, object]]", listed["quotations"])
    del rows[1:]
    rows[0]["speaker"] = "Carla Rossi"
    rows.append({"printed": "Nobody will leave this place."})
    quoted = quotations_in(
        STORY, "a.txt", corrections=Corrections(listed=json.dumps(listed).encode())
    )
    assert [one.speaker for one in quoted.quotations] == ["Carla Rossi", None]
    assert any("not in the corrected list" in one for one in quoted.remarks)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"printed": "never printed there"}, "do not stand"),
        ({"printed": ""}, "no printed words"),
        ({"printed": "red tape", "speker": "x"}, "unknown field"),
        ({"printed": "red tape", "date": "2023-99-01"}, "not a date|calendar"),
        ({"printed": "red tape", "speaker": 3}, "text or null"),
        ({"printed": "red tape", "is_speech": "no"}, "true or false"),
        (7, "no object"),
    ],
)
def test_a_list_that_is_wrong_is_refused_with_its_entry(row: object, reason: str) -> None:
    data = json.dumps({"offair_quotations": "1.0", "quotations": [row]}).encode()
    with pytest.raises(BadInput, match=reason):
        quotations_in(STORY, "a.txt", corrections=Corrections(listed=data))


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"[" * 200_000, b"\xff\xfe\xfd", b"nul\0l"])
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        quotations_in(STORY, "a.txt", corrections=Corrections(listed=data))


def test_the_number_of_marks_and_quotations_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verb, "MOST_QUOTATIONS", 2)
    quoted = quotations_in(STORY, "a.txt")
    assert len(quoted.quotations) == 2
    assert "the first 2 were checked" in quoted.remarks[-1]
    with pytest.raises(BadInput, match="quotation marks"):
        quotations_in("“a” ".encode() * 30_000, "a.txt")


def test_a_quotation_longer_than_any_is_refused() -> None:
    story = "“" + "word " * 5_000 + "”"
    with pytest.raises(BadInput, match="not-a-quotation 1"):
        check_article(cast("Desk", _Desk()), story.encode(), "a.txt", check=_check([]))


def test_a_quotation_that_is_repeated_is_looked_up_once() -> None:
    asked: list[Sequence[Quotation]] = []
    story = "Ann Smith said: “We will go to the harbour.”\n\n" * 3
    report = check_article(cast("Desk", _Desk()), story.encode(), "a.txt", check=_check(asked))
    assert [len(batch) for batch in asked] == [1]
    places = [one.quotation.char_start for one in report.findings]
    assert len(set(places)) == 3
    assert all(one.quotation.speaker == "Ann Smith" for one in report.findings)


GUESSED = "Ann Smith came by boat. “We will go to the harbour,” she said."


def test_a_speaker_whom_a_person_wrote_is_no_guess_any_more() -> None:
    (found,) = quotations_in(GUESSED.encode(), "a.txt").quotations
    assert (found.certain, found.speaker_from) == (False, "the pronoun “she”")
    listed = json.loads(
        article_quotations.write(
            quotations_in(GUESSED.encode(), "a.txt").article, [found], source="a.txt"
        )
    )
    for speaker, certain in (("Ann Smith", False), ("Carla Rossi", True)):
        listed["quotations"][0]["speaker"] = speaker
        corrections = Corrections(listed=json.dumps(listed).encode())
        (read,) = quotations_in(GUESSED.encode(), "a.txt", corrections=corrections).quotations
        assert (read.speaker, read.certain, read.speaker_from == "") == (speaker, certain, certain)


def test_words_delimited_anew_are_found_where_the_entry_stood() -> None:
    story = b"We go. " * 3 + "Ann Smith said: “We go. We stay here.”".encode()
    quoted = quotations_in(story, "a.txt")
    listed = json.loads(article_quotations.write(quoted.article, quoted.quotations, source="a"))
    listed["quotations"][0]["printed"] = "We go."
    corrections = Corrections(listed=json.dumps(listed).encode())
    (read,) = quotations_in(story, "a.txt", corrections=corrections).quotations
    assert read.char_start == quoted.quotations[0].char_start
