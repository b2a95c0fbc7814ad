"""What hostile names and words may not do to a report, or to the reader of an article."""

from __future__ import annotations

import dataclasses

import pytest
import regex
from findings_made import altered, report

from offair.formats import article_markdown, finding_html, finding_markdown, finding_words
from offair.model.finding import Report
from offair.model.time import PartialDate
from offair.text.quoted_dates import claimed_date

ACTING = "\x1b[31m \u202eturned\u202c \x07 \x9b \u2066x\u2069"


def _named(name: str) -> Report:
    found = altered()
    speaker = dataclasses.replace(found.quotation, speaker=name)
    return report(dataclasses.replace(found, quotation=speaker, reasons=(f"the words of {name}",)))


def test_no_character_of_a_page_turns_its_direction_or_controls_a_terminal() -> None:
    page = finding_html.write(_named(ACTING))
    assert "turned" in page
    assert regex.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page) is None


def test_bare_addresses_make_no_link_in_markdown() -> None:
    text = finding_markdown.write(_named("http://evil.example and www.evil.example a@evil.example"))
    assert "evil" in text
    assert regex.search(r"(?<!\\):(?=//)|www(?<!\\)\.|(?<!\\)@evil", text) is None


def test_line_separators_break_no_line() -> None:
    assert (
        finding_words.visible("a\u2028b\x85c\x0bd\u00a0e\u200df\x00")
        == "a b c d\u00a0e\u200df\ufffd"
    )


@pytest.mark.parametrize("mark", ["![", "[a](", "[a]"])
def test_markdown_of_brackets_alone_is_read_in_time(mark: str) -> None:
    text = f"“We will go,” said Ann Smith.\n\n{mark * 20_000}\n\n[Here](http://a.b) it ends."
    read = article_markdown.read(text.encode(), source="story.md")
    assert "We will go" in read.text
    assert "Here it ends." in read.text


def test_a_row_of_dates_is_read_once_each() -> None:
    published = PartialDate.parse("2021-06-01")
    assert claimed_date("on May 1, 2021" + " " * 10, published) is not None
    claimed_date("May 1, " * 20_000, published)
