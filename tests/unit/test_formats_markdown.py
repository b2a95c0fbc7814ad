"""Markdown: a renderer gives back the record's words and no markup of theirs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt
from strategies_record import NASTY, records, spoken

from offair.formats import record_markdown

RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


FOREIGN = {
    "html_block",
    "html_inline",
    "link_open",
    "image",
    "fence",
    "code_block",
    "code_inline",
    "bullet_list_open",
    "ordered_list_open",
    "s_open",
}
PLAIN = {"paragraph_open", "paragraph_close", "inline", "text", "hardbreak", "text_special"}


def squeezed(text: str) -> str:
    return "".join(text.split())


def rendered(markdown: str) -> tuple[str, set[str]]:
    """The words a reader sees, and the kinds of elements around them."""
    words, kinds = [], set()
    for token in RENDERER.parse(markdown):
        kinds.add(token.type)
        for child in token.children or ():
            kinds.add(child.type)
            if child.type in ("text", "code_inline"):
                words.append(child.content)
    return squeezed("".join(words)), kinds


@given(records())
@settings(max_examples=60)
def test_rendered_words_are_the_records_words(record):
    words, kinds = rendered(record_markdown.write(record))
    for turn in record.turns:
        for paragraph in turn.paragraphs:
            assert squeezed(paragraph.text.replace("\0", "\ufffd")) in words
    assert not kinds & FOREIGN


@given(records())
@settings(max_examples=30)
def test_notice_is_there_exactly_where_nobody_checked(record):
    written = record_markdown.write(record)
    assert ("NOT CHECKED" in written) == (not record.checked)
    assert (record.caution or "") in written


@given(spoken)
@settings(max_examples=150)
def test_any_paragraph_stays_one_paragraph_of_text(text):
    words, kinds = rendered(record_markdown._text(text))
    assert words == squeezed(text)
    assert kinds <= PLAIN


@pytest.mark.parametrize("nasty", NASTY)
def test_nasty_text_becomes_no_link_and_no_address(nasty):
    escaped = record_markdown._text(nasty)
    assert not re.search(r"https?://|www\.|(?<!\\)@", escaped)
