"""The day in an article's dateline, and what only looks like one."""

from __future__ import annotations

import pytest

from offair.desk.check_article import quotations_in
from offair.model.article import Article, BlockKind, Paragraph
from offair.model.time import DateKind, PartialDate
from offair.text.dateline import dateline_of


def _article(*paragraphs: str, kind: BlockKind = BlockKind.PARAGRAPH) -> Article:
    blocks, at = [], 0
    for one in paragraphs:
        blocks.append(Paragraph(at, at + len(one), kind))
        at += len(one) + 2
    return Article("\n\n".join(paragraphs), tuple(blocks))


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("GENEVA, March 3, 2024 (Reuters) — The council met.", "2024-03-03"),
        ("Washington, D.C., 12 March 2024 — The council met.", "2024-03-12"),
        ("NEW YORK/GENEVA, Sept. 3, 2023 (AP) -- The council met.", "2023-09-03"),
        ("Port-au-Prince, Tuesday, 2024-03-12 – The council met.", "2024-03-12"),
        ("PARIS, 3 février 2024 (AFP) - Le conseil s’est réuni.", "2024-02-03"),
        ("Berlin, 12. März 2024 (dpa) – Der Rat hat getagt.", "2024-03-12"),
        ("MADRID, 3 de mayo de 2024 (EFE) — El consejo se reunió.", "2024-05-03"),
        ("МОСКВА, 3 марта 2024 — Совет собрался.", "2024-03-03"),
    ],
)
def test_a_dateline_gives_its_day(line: str, day: str) -> None:
    found = dateline_of(_article("A headline", "By Ann Roe", line, "More of it."))
    assert found is not None
    assert found.day == PartialDate.parse(day, DateKind.PUBLISHED)


def test_a_dateline_without_a_year_gives_none_and_is_named() -> None:
    found = dateline_of(_article("GENEVA, March 3 (Reuters) — The council met."))
    assert found is not None
    assert (found.text, found.day) == ("GENEVA, March 3 (Reuters)", None)


@pytest.mark.parametrize(
    "line",
    [
        "", "—", "The council met on March 3, 2024 — a Sunday.",
        "March 3, 2024 — The strike began.",
        "Senator Roe, March 3, 2024 — “No.”", "GENEVA, March 33, 2024 — The council met.",
        "GENEVA, Brumaire 3, 2024 — The council met.", "GENEVA, March 3, 2024. The council met.",
        "Updated March 3, 2024 — The council met.", "GENEVA, March 3, 2024 was cold — very.",
        "GENEVA, March 3, 2024, March 4, 2024 — The council met.", "2024 — 2025",
    ],
)  # fmt: skip
def test_what_is_no_dateline(line: str) -> None:
    assert dateline_of(_article("A headline", line)) is None


def test_a_digest_has_no_day_of_its_own() -> None:
    first, other = "GENEVA, March 3, 2024 — One.", "PARIS, March 4, 2024 — Two."
    assert dateline_of(_article(first, other)) is None
    assert dateline_of(_article(first, first)) is not None
    assert dateline_of(_article(*["More."] * 6, first)) is None
    assert dateline_of(_article(first, kind=BlockKind.NOTE)) is None


def test_an_article_is_dated_by_its_dateline_where_nothing_else_dates_it() -> None:
    story = (
        "GENEVA, March 12, 2024 (Reuters) — “We will go to the harbour,” Ann Smith said on Monday."
    )
    quoted = quotations_in(story.encode(), "story.txt")
    assert quoted.quotations[0].date == PartialDate.parse("2024-03-11", DateKind.SPOKEN)
    assert "“GENEVA, March 12, 2024 (Reuters)”, is taken for the day" in quoted.remarks[0]
    said = quotations_in(story.encode(), "story.txt", published=PartialDate.parse("2024-03-20"))
    assert said.quotations[0].date == PartialDate.parse("2024-03-18", DateKind.SPOKEN)
    assert not any("dateline" in one for one in said.remarks)
    bare = quotations_in(story.replace(", 2024", "").encode(), "story.txt")
    assert bare.quotations[0].date is None
    assert "names no year" in bare.remarks[0]


@pytest.mark.parametrize("words", ["yesterday", "on Tuesday", "last Monday"])
def test_no_day_lies_before_the_first_of_the_calendar(words: str) -> None:
    story = f"“We will go to the harbour,” Ann Smith said {words}."
    quoted = quotations_in(story.encode(), "a.txt", published=PartialDate.parse("0001-01-01"))
    assert quoted.quotations[0].date is None
