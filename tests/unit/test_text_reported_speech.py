"""Where a speaker gives what others said, and what he or she makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.formats import record_text
from offair.model.clip_work import ReportedSpeech, Stance
from offair.text.reported_speech import reported_speech


def only(text: str) -> ReportedSpeech:
    """The one report in a text."""
    (found,) = reported_speech(3, text, "en")
    return found


@pytest.mark.parametrize(
    ("text", "source", "stance", "shown"),
    [
        ("The mayor said that the bridge is safe.", "The mayor", Stance.REPORTS, None),
        ("The mayor said that the bridge is safe. That is a lie.", "The mayor", Stance.DISPUTES,
         "That is a lie."),
        ("The Post wrote that we have boats. Indeed, we have them.", "The Post", Stance.ADOPTS,
         "Indeed, we have them."),
        ("Reuters falsely reported that we fled.", "Reuters", Stance.DISPUTES, "falsely"),
        ("As Smith rightly said, the wind is strong.", "Smith", Stance.ADOPTS, "rightly"),
        ("They claim that we lost.", "They", Stance.UNCLEAR, "claim that"),
        ("They say that we lost. I don't know.", "They", Stance.UNCLEAR, "I don't know."),
        ("Reuters falsely said that we fled. That is true.", "Reuters", Stance.UNCLEAR,
         "falsely; That is true."),
        ("According to Reuters, the talks are over.", "Reuters", Stance.REPORTS, None),
        ("People on the north side say that they were never asked.", "People on the north side",
         Stance.REPORTS, None),
        ("The talks are over, according to Reuters.", "Reuters", Stance.REPORTS, None),
        ("And the Prime Minister said to me: “Go.”", "the Prime Minister", Stance.REPORTS, None),
    ],
)  # fmt: skip
def test_source_and_stance_are_told_with_the_words_that_show_them(
    text: str, source: str, stance: Stance, shown: str | None
) -> None:
    found = only(text)
    assert (found.source, found.stance, found.shown_by) == (source, stance, shown)


def test_a_chain_of_sources_is_kept() -> None:
    found = only("According to Reuters, the minister said that the deal is off.")
    assert found.inner is not None
    assert (found.inner.source, found.inner.content) == ("the minister", "the deal is off.")
    assert found.inner.stance is Stance.REPORTS


@pytest.mark.parametrize(
    "text", ["I said that we will go.", "We told them that it is late.", "The boat is late.", ""]
)
def test_a_first_person_gives_nobody_elses_words(text: str) -> None:
    assert reported_speech(1, text, "en") == ()


def test_what_follows_the_next_report_is_about_that_one() -> None:
    text = "The Post said that we won. The Times said that we lost. That is a lie."
    first, second = reported_speech(1, text, "en")
    assert (first.stance, second.stance) == (Stance.REPORTS, Stance.DISPUTES)


def test_other_languages_are_left_alone() -> None:
    assert reported_speech(1, "Der Minister sagte, dass es regnet.", "de") == ()


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            ["The Post", " said that ", "according to ", "Reuters", ". ", "No, ", "we left", ", ",
             "“", "”", "\n", "x", "He ", "as ", "falsely ", "claims "]
        ),
        max_size=20,
    )
)  # fmt: skip
def test_reports_lie_inside_the_turn_and_in_order(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = reported_speech(1, text, "en")
    starts = [one.char_start for one in found]
    assert starts == sorted(starts)
    for one in found:
        assert 0 <= one.char_start < one.char_end <= len(text)
        assert one.content in text
        assert (one.stance is Stance.REPORTS) == (one.shown_by is None)


def test_the_published_example(shared: Path) -> None:
    record = record_text.read((shared / "records" / "8914.txt").read_bytes()).record
    found = [
        one
        for number, turn in enumerate(record.turns)
        for one in reported_speech(number, "\n".join(p.text for p in turn.paragraphs), "en")
    ]
    post = next(one for one in found if one.source == "The Washington Post")
    assert post.cue == "mentioned that"
    assert post.content.startswith("the Iraqi resistance now has UAVs")
    assert (post.stance, post.shown_by) == (Stance.ADOPTS, "Indeed, we have that now.")
    media = next(one for one in found if one.source == "the American media")
    assert media.stance is Stance.REPORTS
