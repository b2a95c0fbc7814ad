"""Scores, rules and sets of the evaluation of quotations."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from offair.evaluation import quotes_scores as scores
from offair.evaluation.quotes import shown_as_said
from offair.evaluation.quotes_controls import FORMULAE, GLUED, SHUFFLED, broken, formulae
from offair.evaluation.quotes_made import Maker, Passage, passages_of
from offair.evaluation.quotes_run import edits_allowed
from offair.evaluation.quotes_scores import Checked
from offair.evaluation.quotes_set import KnownQuotation, plain, read_set
from offair.model.errors import BadInput, NotFound
from offair.model.finding import (
    ComparedPassage,
    Coverage,
    EditClass,
    EditKind,
    Finding,
    Quotation,
    Significance,
    SpeakerFinding,
    WordsFinding,
)

TEXT = (
    "We will build the ferry in 12 months and we are not afraid of the harbour because every "
    "family in this region can count on it when winter comes, and that promise — that promise "
    "holds for the villages along the northern coast as well."
)


def _finding(
    words: WordsFinding,
    speaker: SpeakerFinding = SpeakerFinding.AS_CLAIMED,
    expected: float | None = 0.001,
    passages: Sequence[ComparedPassage] = (),
) -> Finding:
    weight = None if expected is None else Significance(20.0, expected, 1000, "1")
    return Finding(
        Quotation("x"), words, speaker, (), "words", (), tuple(passages), (), (), weight, None,
        Coverage((), 1000),
    )  # fmt: skip


def _row(
    expected: WordsFinding,
    found: WordsFinding,
    *,
    chance: float | None = 0.001,
    passages: Sequence[ComparedPassage] = (),
    **changes: object,
) -> Checked:
    given = {"events": frozenset({"a"}), **changes}
    known = KnownQuotation("n", "by hand", "one two three", None, expected, None, **given)  # type: ignore[arg-type]
    return Checked(known, _finding(found, expected=chance, passages=passages), "a", frozenset("a"))


def test_macro_f1_is_the_mean_over_the_findings_expected() -> None:
    rows = [
        _row(WordsFinding.VERBATIM, WordsFinding.VERBATIM),
        _row(WordsFinding.VERBATIM, WordsFinding.ALTERED),
        _row(WordsFinding.ALTERED, WordsFinding.ALTERED),
    ]
    found = scores.words_confusion(rows)
    assert found.f1("verbatim") == pytest.approx(2 / 3)
    assert found.f1("altered") == pytest.approx(2 / 3)
    assert found.macro_f1 == pytest.approx(2 / 3)
    assert found.f1("spliced") is None


def test_a_finding_that_is_as_right_counts_as_expected() -> None:
    row = _row(
        WordsFinding.VERBATIM, WordsFinding.TOO_SHORT, also=frozenset({WordsFinding.TOO_SHORT})
    )
    assert row.words_as is WordsFinding.VERBATIM
    assert scores.cost([row]) == (0.0, 1)


def test_costs() -> None:
    critical = frozenset({EditClass.NEGATION})
    rows = [
        _row(WordsFinding.VERBATIM, WordsFinding.NOT_FOUND),
        _row(WordsFinding.ALTERED, WordsFinding.VERBATIM, critical=critical),
        _row(WordsFinding.ALTERED, WordsFinding.CUT),
    ]
    assert scores.cost(rows) == (16.0, 3)
    shown = ComparedPassage(
        EditKind.LEFT_OUT, "", "not", (0, 0), 0, (0, 3), frozenset({EditClass.NEGATION}), True
    )
    seen = _row(WordsFinding.ALTERED, WordsFinding.ALTERED, critical=critical, passages=[shown])
    assert not seen.missed_critical
    assert rows[1].missed_critical


@pytest.mark.parametrize("count", [10, 99, 100, 101, 250])
def test_the_threshold_lets_through_one_percent_at_most(count: int) -> None:
    rows = [
        _row(WordsFinding.NOT_FOUND, WordsFinding.NOT_FOUND, chance=float(place + 1))
        for place in range(count)
    ]
    limit = scores.threshold(rows)
    alarms = sum(scores.believed(one, limit) for one in rows)
    assert alarms == count // 100


def test_calibration_counts_what_chance_gave() -> None:
    rows = [_row(WordsFinding.NOT_FOUND, WordsFinding.NOT_FOUND, chance=0.5) for _ in range(10)]
    at = {one.high: one for one in scores.calibration(rows)}
    assert (at[1.0].low, at[1.0].observed) == (0.3, 10)
    assert at[1.0].expected == pytest.approx(3.73, abs=0.01)
    assert at[0.1].observed == 0


def test_word_f1_holds_shown_words_against_kept_ones() -> None:
    passages = [
        ComparedPassage(EditKind.EQUAL, "one", "one", (0, 3), 0, (0, 3)),
        ComparedPassage(EditKind.EQUAL, "two", "two", (4, 7), 0, (4, 7)),
        ComparedPassage(EditKind.SUBSTITUTED, "three", "x", (8, 13), 0, (8, 9)),
    ]
    row = _row(
        WordsFinding.ALTERED, WordsFinding.ALTERED, passages=passages, kept=((0, 3), (8, 13))
    )
    found = scores.alignment([row])
    assert (found.right, found.wrong, found.missed) == (1, 1, 1)
    assert found.f1 == pytest.approx(0.5)


def _shown(*chars: tuple[int, int], printed: str) -> list[str]:
    passages = [
        ComparedPassage(
            EditKind.EQUAL, printed[one:two], printed[one:two], (one, two), piece, (0, 1)
        )
        for piece, (one, two) in enumerate(chars)
    ]
    row = _row(WordsFinding.ALTERED, WordsFinding.ALTERED, passages=passages)
    return shown_as_said(replace(row, known=replace(row.known, printed=printed)))


def test_what_a_finding_shows_as_said_is_what_the_scan_must_confirm() -> None:
    printed = "one two three four five six seven eight nine ten"
    assert _shown((0, 18), printed=printed) == []  # less than half of it
    assert _shown((0, 23), printed=printed) == ["one two three four five"]
    assert _shown((4, 33), printed=printed) == [printed[:33]]
    assert _shown((4, 44), printed=printed) == [printed]
    assert _shown((0, 13), (14, 48), printed=printed) == [printed[:13], printed[14:48]]


def test_edits_within_which_the_words_are_the_same() -> None:
    assert [edits_allowed(words) for words in (4, 5, 9, 10, 13, 14, 20)] == [0, 1, 1, 2, 2, 4, 7]


def _passages() -> list[Passage]:
    words = TEXT.split()
    return [
        Passage(tuple(words[start : start + length]), f"e{start}", name)
        for start in (0, 4, 8, 13)
        for length in (10, 20, 28)
        for name in ("Ann Reed", "Ben Katz")
    ]


def test_quotations_made_by_rule_say_what_was_done() -> None:
    made = list(Maker(_passages(), seed=1).make(3))
    again = list(Maker(_passages(), seed=1).make(3))
    assert made == again
    groups = {one.group for one in made}
    assert {"made: verbatim", "made: negation", "made: number", "made: modality"} <= groups
    said = {one.event: " ".join(one.words) for one in _passages()}
    for one in made:
        assert one.kept is not None
        kept = [one.printed[start:end] for start, end in one.kept]
        source = TEXT.split()
        assert all(word in source for word in kept)
        if one.words is WordsFinding.VERBATIM:
            assert any(one.printed in text for text in (*said.values(), TEXT))
        else:
            assert one.printed not in TEXT


def test_a_flip_changes_what_it_says_it_changes() -> None:
    by_group = {one.group: one for one in Maker(_passages(), seed=2).make(1)}
    negation = by_group["made: negation"]
    changed = set(TEXT.split()) ^ set(negation.printed.split())
    assert "not" in changed or "are afraid" in negation.printed
    assert negation.critical == {EditClass.NEGATION}
    assert "15 months" in by_group["made: number"].printed
    assert by_group["made: cleaned"].printed.count("that promise") == 1


def test_controls() -> None:
    rows = [*broken(_passages() * 3, 4, seed=1), *formulae()]
    shuffled = [one for one in rows if one.group == SHUFFLED]
    assert shuffled
    assert all(not one.said and one.words is WordsFinding.NOT_FOUND for one in shuffled)
    assert all(sorted(one.printed.split()) != one.printed.split() for one in shuffled)
    assert all(len(one.events) == 2 for one in rows if one.group == GLUED)
    assert any(one.speaker is SpeakerFinding.SOMEBODY_ELSE for one in rows)
    assert all(one.words is WordsFinding.TOO_SHORT for one in rows if one.group == FORMULAE)


def test_a_passage_begins_where_a_sentence_does() -> None:

    found = passages_of("No, go. " + TEXT, "e", None, 8, random.Random(1))
    assert found is not None
    assert found.words[0] in {"No,", "We"}
    assert passages_of("too short", "e", None, 8, random.Random(1)) is None


def _set(
    folder: Path, text: str = "He said “we will *build*\nthe ferry” today."
) -> dict[str, object]:
    (folder / "archive").mkdir()
    (folder / "articles").mkdir()
    (folder / "archive" / "a.md").write_text(
        "MS. REED:  We will build the ferry.", encoding="utf-8"
    )
    (folder / "articles" / "x.md").write_text(text, encoding="utf-8")
    start, end = text.index("“") + 1, text.index("”")
    return {
        "article": "x.md", "char_start": start, "char_end": end, "words": "verbatim",
        "sha256": hashlib.sha256(text[start:end].encode()).hexdigest(), "events": ["a.md"],
        "speaker": "as claimed", "claimed": "Ann Reed",
    }  # fmt: skip


def _write(folder: Path, *rows: dict[str, object]) -> None:
    text = "\n".join(json.dumps(one) for one in rows)
    (folder / "adjudications.jsonl").write_text(text, encoding="utf-8")


def test_a_set_is_read(tmp_path: Path) -> None:
    row = _set(tmp_path)
    _write(tmp_path, row)
    found = read_set(tmp_path)
    assert [one.printed for one in found.quotations] == ["we will build the ferry"]
    assert found.quotations[0].words is WordsFinding.VERBATIM
    assert found.event(found.archive[0]) == "a.md"


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "0" * 64},
        {"article": "../../etc/passwd"},
        {"article": "none.md"},
        {"words": "true"},
        {"events": ["b.md"]},
        {"char_start": None},
    ],
)
def test_a_line_that_cannot_be_used_is_left_out_with_its_reason(
    tmp_path: Path, change: dict[str, object]
) -> None:
    row = _set(tmp_path)
    _write(tmp_path, row, {**row, **change})
    found = read_set(tmp_path)
    assert len(found.quotations) == 1
    assert [one.name for one in found.left_out] == ["line 2"]


def test_a_set_without_archive_or_adjudications_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_set(tmp_path)
    row = _set(tmp_path)
    with pytest.raises(NotFound, match=r"adjudications\.jsonl"):
        read_set(tmp_path)
    _write(tmp_path, {**row, "sha256": "1"})
    with pytest.raises(BadInput, match="changed since"):
        read_set(tmp_path)
    (tmp_path / "adjudications.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(BadInput, match="no JSON"):
        read_set(tmp_path)


def test_markdown_is_off_and_brackets_stay() -> None:
    assert plain("*a* [b](http://x.example/y) \\[c\\]\n<u>d</u> &amp;") == "a b [c] d &"


def test_the_adjudications_shipped_fit_the_shared_articles(shared: Path) -> None:
    found = read_set(shared / "quotes" / "white-house")
    assert found.left_out == ()
    by_hand = [one for one in found.quotations if one.group == "by hand"]
    assert len(by_hand) >= 40
    assert all(one.said or one.words is not WordsFinding.VERBATIM for one in found.quotations)
