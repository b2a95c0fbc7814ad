"""Scores of listening: small cases counted by hand, and what must hold of any."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.evaluation import listening
from offair.evaluation.listening import (
    Errors,
    ItemScore,
    Spoken,
    SpokenWord,
    boundaries,
    character_errors,
    compare,
    doubts,
    invented,
    joined,
    lost,
    outside,
    shared,
    speaker_errors,
    told_apart,
    total,
    word_errors,
)
from offair.evaluation.normaliser import forms, normal_words, unspaced
from offair.model.time import Span
from offair.model.transcript import VoiceSpan

pytest.importorskip("jiwer", reason="the extra `evaluation` is not installed (jiwer)")

WORDS = st.lists(st.sampled_from(["harbour", "tide", "boats", "rise", "fell"]), max_size=12)
SPANS = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 60)).map(lambda p: Span(p[0], p[0] + p[1])),
    max_size=8,
)


def _spoken(*words: tuple[str, int | None, int | None], flags: str = "", who: str = "") -> Spoken:
    """Words with times; `flags` has an x for each doubted one, `who` a letter for each."""
    made, at = [], 0
    for index, (text, start, end) in enumerate(words):
        made.append(
            SpokenWord(
                at, at + len(text), start, end, who[index : index + 1] or None,
                flags[index : index + 1] == "x",
            )
        )  # fmt: skip
        at += len(text) + 1
    return Spoken(" ".join(text for text, _, _ in words), tuple(made))


def test_word_errors_counted_by_hand() -> None:
    found = compare(
        "The boats rise with the tide today.", "the coats rise with tide today again", "en"
    )
    assert word_errors(found) == Errors(7, substitutions=1, deletions=1, insertions=1)
    assert word_errors(found).rate == pytest.approx(3 / 7)


def test_character_errors_counted_by_hand() -> None:
    found = character_errors(compare("abc def", "abd defg", "en"))
    assert found == Errors(6, substitutions=1, deletions=0, insertions=1)


def test_case_punctuation_numbers_and_hesitations_are_no_errors() -> None:
    found = compare("Twenty-five boats, at the harbour!", "25 boats um at the HARBOUR", "en")
    assert word_errors(found) == Errors(5)


def test_an_article_that_is_a_number_word_stays_a_word() -> None:
    assert forms("un bateau", "fr") == ("un", "bateau")
    assert forms("vingt et un bateaux", "fr") == ("21", "bateaux")


def test_nothing_heard_is_all_deleted_and_nothing_said_all_inserted() -> None:
    assert word_errors(compare("two boats", "", "en")) == Errors(2, deletions=2)
    assert word_errors(compare("", "two boats", "en")) == Errors(0, insertions=2)
    assert word_errors(compare("", "", "en")).rate is None


def test_languages_without_spaces_are_told() -> None:
    assert unspaced("ja")
    assert unspaced("zh-TW")
    assert unspaced("th")
    assert not unspaced("ko")
    assert not unspaced("en")
    assert not unspaced("und")


@given(WORDS)
def test_equal_texts_have_no_errors(words: list[str]) -> None:
    text = " ".join(words)
    found = compare(text, text, "en")
    assert word_errors(found) == Errors(len(words))
    assert character_errors(found).count == 0


@given(WORDS, WORDS)
def test_counts_add_up(left: list[str], right: list[str]) -> None:
    found = word_errors(compare(" ".join(left), " ".join(right), "en"))
    assert found.reference == len(left)
    assert found.reference - found.deletions + found.insertions == len(right)
    assert found.count >= abs(len(left) - len(right))
    assert found.count <= max(len(left), len(right))


@given(st.text(max_size=60), st.sampled_from(["en", "fr", "ja", "ar", "und"]))
def test_normal_words_stand_in_their_text(text: str, language: str) -> None:
    at = 0
    for one in normal_words(text, language):
        assert at <= one.char_start < one.char_end <= len(text)
        assert one.form
        assert not any(char.isspace() for char in one.form)
        at = one.char_end


def test_cpwer_counted_by_hand() -> None:
    pytest.importorskip("meeteval", reason="the extra `evaluation` is not installed (meeteval)")
    said = [("good", 0, 1), ("morning", 1, 2), ("thank", 2, 3), ("you", 3, 4)]
    reference = _spoken(*said, who="aabb")
    apart = speaker_errors(reference, _spoken(*said, who="yyxx"), "en")
    assert apart is not None
    assert (apart.count, apart.reference) == (0, 4)
    swapped = speaker_errors(reference, _spoken(*said, who="yyyx"), "en")
    assert swapped is not None
    assert swapped.count == 2
    assert speaker_errors(_spoken(*said), reference, "en") is None


@settings(deadline=None)
@given(st.permutations("abc"))
def test_names_of_speakers_do_not_matter(names: list[str]) -> None:
    pytest.importorskip("meeteval", reason="the extra `evaluation` is not installed (meeteval)")
    pytest.importorskip("pyannote.metrics", reason="the extra `evaluation` is not installed")
    said = [("tide", 0, 900), ("rises", 1000, 1900), ("now", 2000, 2900)]
    renamed = speaker_errors(_spoken(*said, who="abc"), _spoken(*said, who="".join(names)), "en")
    assert renamed is not None
    assert renamed.count == 0
    voices = [VoiceSpan(Span(k * 1000, k * 1000 + 900), "abc"[k]) for k in range(3)]
    others = [VoiceSpan(one.span, names[k]) for k, one in enumerate(voices)]
    assert told_apart(voices, others, [Span(0, 3000)], collar_ms=0).rate == 0


def test_the_diarisation_error_counted_by_hand() -> None:
    pytest.importorskip("pyannote.metrics", reason="the extra `evaluation` is not installed")
    reference = [VoiceSpan(Span(0, 4000), "a"), VoiceSpan(Span(4000, 8000), "b")]
    heard = [
        VoiceSpan(Span(1000, 5000), "x"), VoiceSpan(Span(5000, 8000), "y"),
        VoiceSpan(Span(8000, 9000), "y"),
    ]  # fmt: skip
    found = told_apart(reference, heard, [Span(0, 10_000)], collar_ms=0)
    assert (found.total, found.missed, found.false_alarm, found.confusion) == pytest.approx(
        (8000, 1000, 1000, 1000)
    )
    assert found.rate == pytest.approx(3 / 8)
    inside = told_apart(reference, heard, [Span(0, 8000)], collar_ms=0)
    assert inside.false_alarm == pytest.approx(0)
    # 250 ms on each side of 0, 4 and 8 s do not count.
    wide = told_apart(reference, heard, [Span(0, 10_000)], collar_ms=250)
    assert (wide.missed, wide.confusion) == pytest.approx((750, 750))


def test_overlapped_speech_counts_for_each_speaker() -> None:
    pytest.importorskip("pyannote.metrics", reason="the extra `evaluation` is not installed")
    both = [VoiceSpan(Span(0, 1000), "a"), VoiceSpan(Span(0, 1000), "b")]
    found = told_apart(both, both[:1], [Span(0, 1000)], collar_ms=0)
    assert (found.total, found.missed) == pytest.approx((2000, 1000))


def test_boundary_errors_are_signed_and_only_of_equal_words() -> None:
    reference = _spoken(("the", 100, 200), ("tide", 250, 600), ("falls", 700, 900))
    heard = _spoken(("the", 130, 180), ("tied", 250, 600), ("falls", 650, 950))
    found = boundaries(compare(reference.text, heard.text, "en"), reference, heard)
    assert found.starts == (30, -50)
    assert found.ends == (-20, 50)


def test_a_word_of_two_forms_has_one_start_and_one_end() -> None:
    reference = _spoken(("well-known", 100, 600), ("man", 700, 900))
    heard = _spoken(("well", 110, 300), ("known", 320, 640), ("man", 700, 910))
    found = boundaries(compare(reference.text, heard.text, "en"), reference, heard)
    assert found.starts == (10, 0)
    assert found.ends == (40, 10)


def test_words_without_times_have_no_boundary_errors() -> None:
    reference = _spoken(("tide", None, None), ("falls", 700, 900))
    heard = _spoken(("tide", 0, 100), ("falls", 700, 900))
    found = boundaries(compare(reference.text, heard.text, "en"), reference, heard)
    assert (found.starts, found.ends) == ((0,), (0,))


def test_whether_flags_are_on_the_wrong_words() -> None:
    heard = _spoken(("the", 0, 1), ("coats", 1, 2), ("rise", 2, 3), ("quickly", 3, 4), flags=".xx.")
    found = doubts(compare("the boats rise", heard.text, "en"), heard)
    assert (found.words, found.flagged, found.wrong, found.both) == (4, 2, 2, 1)
    assert (found.precision, found.recall) == (0.5, 0.5)


def test_inventions_are_told_by_the_middle_of_a_word() -> None:
    words = _spoken(("a", 0, 100), ("b", 450, 530), ("c", 600, 700), ("d", None, None), flags="xx.")
    found = invented(words.words, [Span(480, 1000)])
    assert (found.flagged, found.unflagged, found.non_speech_ms) == (1, 1, 520)
    assert found.per_hour(1) == pytest.approx(3600 / 0.52)


def test_lost_words_and_lost_speech() -> None:
    known = _spoken(("a", 0, 100), ("b", 450, 530), ("c", 600, 700), ("d", None, None))
    found = lost(known.words, [Span(0, 100), Span(450, 700)], [Span(500, 1000)])
    assert (found.words, found.of_words) == (1, 3)
    assert (found.speech_ms, found.of_speech_ms) == (200, 350)
    assert found.share == pytest.approx(1 / 3)


@given(SPANS, SPANS)
def test_time_is_either_shared_or_outside(left: list[Span], right: list[Span]) -> None:
    one, other = joined(left), joined(right)
    marked = {at for span in left for at in range(span.start, span.end)}
    beside = {at for span in right for at in range(span.start, span.end)}
    inside = [at for span in shared(one, other) for at in range(span.start, span.end)]
    without = [at for span in outside(other, one) for at in range(span.start, span.end)]
    assert inside == sorted(marked & beside)
    assert without == sorted(marked - beside)


def test_the_total_is_of_the_set_as_one_long_sound() -> None:
    one = ItemScore("a", "en", 1000, words=Errors(10, 1), wall_s=0.5, timed_ms=1000)
    two = ItemScore("b", "de", 3000, words=Errors(30, 2, 1), apart=listening.Apart(5.0, 1.0))
    three = ItemScore("c", "ja", 500)
    found = total("all", "", [one, two, three])
    assert found.words == Errors(40, 3, 1)
    assert found.apart == listening.Apart(5.0, 1.0)
    assert (found.sound_ms, found.wall_s, found.timed_ms) == (4500, 0.5, 1000)
    assert found.boundaries is None
    assert found.cpu_s is None


def test_the_interval_holds_the_rate_and_is_the_same_each_time() -> None:
    counted = [Errors(20, wrong) for wrong in (0, 1, 2, 3, 8)]
    low, high = listening.interval(counted) or (1.0, 0.0)
    assert low < 14 / 100 < high
    assert listening.interval(counted) == (low, high)
    assert listening.interval(counted[:4]) is None


def test_percentiles_are_of_the_absolute_values() -> None:
    assert listening.percentile([-30, 10, 20], 0.5) == 20
    assert listening.percentile([-30, 10], 0.95) == pytest.approx(29)
    assert listening.percentile([], 0.5) is None
    assert listening.within([-50, 51, 10], 50) == pytest.approx(2 / 3)
