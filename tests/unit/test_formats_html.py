"""The page of a record: safe against any text, whole without scripts, plain about its checking."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from markupsafe import Markup
from strategies_record import NASTY, records

from offair.formats import record_html
from offair.model.errors import BadInput
from offair.model.record import (
    NOT_CHECKED,
    Paragraph,
    Record,
    RecordMedia,
    RecordNumber,
    RecordSpan,
    RecordSpeaker,
    RecordTurn,
    StandingMark,
)
from offair.model.time import PartialDate, Span
from offair.model.transcript import Mark, MarkKind, SpeakerKind

VOID = {"meta", "link", "track", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """Elements of a page with their attributes; fails where tags do not nest."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.data_block = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "script" in self.open:
            self.data_block += data
        elif "style" not in self.open:
            self.text.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def interview(**changes) -> Record:
    text = "We will not [ever] stop."
    fields = {
        "number": RecordNumber("demo", "12"),
        "edition": 2,
        "date": PartialDate.parse("2021-06-01"),
        "aired": None,
        "headline": "Ann Lee: We Will Not Stop",
        "run_time_ms": 20_000,
        "channel": "Al-Ahd TV",
        "country": "Iraq",
        "summary": (Paragraph("What was said."),),
        "speakers": (RecordSpeaker("s1", "Ann Lee", SpeakerKind.PERSON),),
        "body": (
            RecordTurn(
                "t1",
                "Lee",
                "s1",
                (
                    Paragraph(
                        text, (Mark(MarkKind.INSERTION, 12, 18, "[ever]"),), Span(61_000, 65_500)
                    ),
                ),
                Span(61_000, 65_500),
                origin="machine",
            ),
            StandingMark(Mark(MarkKind.CUT, 0, 5, "[...]")),
            StandingMark(Mark(MarkKind.CUT, 0, 0, "", "inferred from spacing")),
        ),
        "language": "en",
        "spans": (RecordSpan(1, Span(60_000, 80_000)),),
        "media": (
            RecordMedia("exact", "a" * 64, 1_500_000, "video/mp4", "clip.mp4", 0, 20_000),
            RecordMedia("original", "b" * 64, 2_000_000, "video/mp4", "orig.mp4", 2_000, 22_000),
        ),
    }
    return Record(**{**fields, **changes})


@given(records())
@settings(max_examples=60)
def test_no_text_escapes_into_markup(record):
    page = Page(record_html.write(record, address="https://desk.example/r/1"))
    scripts = page.all("script")
    assert scripts == [{"type": "application/ld+json"}]
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert not {tag for tag, _ in page.tags} & {"iframe", "object", "img", "form", "b", "i", "base"}
    work = json.loads(page.data_block)
    assert work["@type"] in ("VideoObject", "AudioObject")
    assert "</" not in page.data_block


@given(records())
@settings(max_examples=40)
def test_every_word_of_the_record_is_on_the_page(record):
    words = "".join("".join(Page(record_html.write(record)).text).split())
    for turn in record.turns:
        for paragraph in turn.paragraphs:
            assert "".join(paragraph.text.split()) in words
    for paragraph in record.summary:
        assert "".join(paragraph.text.split()) in words


@given(records())
@settings(max_examples=30)
def test_notice_is_seen_exactly_where_nobody_checked(record):
    html = record_html.write(record)
    notes = [a for tag, a in Page(html).tags if a.get("class") == "notice"]
    assert notes == ([{"class": "notice", "role": "note"}] if record.caution else [])
    assert ("NOT CHECKED" in html) == (not record.checked)
    assert (record.caution or "") in html


def test_same_record_gives_the_same_page():
    assert record_html.write(interview()) == record_html.write(interview())


def test_turn_has_an_address_its_times_and_a_link_into_the_media():
    html = record_html.write(
        interview(), address="https://desk.example/r/12", media_urls={"exact": "media/clip.mp4"}
    )
    page = Page(html)
    (turn,) = page.all("article")
    assert turn["id"] == "t1"
    assert (turn["data-start"], turn["data-end"]) == ("1000", "5500")
    links = [a["href"] for a in page.all("a")]
    assert "media/clip.mp4#t=1.0,5.5" in links
    assert "https://desk.example/r/12#t1" in links
    assert {"rel": "canonical", "href": "https://desk.example/r/12"} in page.all("link")
    assert "at 00:01" in html


def test_times_in_a_padded_file_are_moved_by_its_padding():
    page = Page(record_html.write(interview(), media_urls={"original": "o.mp4"}))
    assert page.all("video")[0]["src"] == "o.mp4#t=2.0,22.0"
    assert "o.mp4#t=3.0,7.5" in [a["href"] for a in page.all("a")]


def test_clip_for_machines_has_offsets_in_seconds_and_its_notice():
    work = json.loads(Page(record_html.write(interview())).data_block)
    assert work["hasPart"] == [
        {"@type": "Clip", "name": "Lee", "startOffset": 1.0, "endOffset": 5.5, "url": "#t1"}
    ]
    assert work["duration"] == "PT20S"
    assert work["creativeWorkStatus"] == NOT_CHECKED
    assert work["publication"]["publishedOn"]["name"] == "Al-Ahd TV"


def test_marks_are_told_apart_and_explained():
    html = record_html.write(interview())
    assert '<span class="mark insertion" title="insertion">[ever]</span>' in html
    assert "length unknown" in html
    assert "cut, inferred from spacing" in html
    assert "words added by the editor" in html
    assert "machine, not heard" in html


def test_captions_and_downloads_are_offered():
    page = Page(
        record_html.write(
            interview(),
            media_urls={"exact": "clip.mp4"},
            links={"webvtt": "clip.vtt", "json": "r.json", "Press kit": "kit.pdf"},
        )
    )
    assert page.all("track")[0]["src"] == "clip.vtt"
    text = " ".join(page.text)
    assert "Document (JSON)" in text
    assert "Press kit" in text
    assert "1.5 MB" in text


def test_audio_gets_an_audio_player():
    media = (RecordMedia("exact", "a" * 64, 1, "audio/mp4", "clip.m4a", 0, 1),)
    page = Page(record_html.write(interview(media=media), media_urls={"exact": "clip.m4a"}))
    assert len(page.all("audio")) == 1
    assert json.loads(page.data_block)["@type"] == "AudioObject"


def test_arabic_record_runs_right_to_left_and_says_its_language():
    html = record_html.write(interview(language="acm"))
    assert '<div lang="acm" dir="rtl">' in html
    assert '<p dir="auto">' in html


def test_exported_file_carries_its_style_and_a_policy_that_allows_only_it():
    page = Page(record_html.write(interview()))
    (policy,) = [m["content"] for m in page.all("meta") if "http-equiv" in m]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe-inline" not in policy
    assert not [a for _, a in page.tags if "style" in a]


def test_site_names_its_stylesheet_and_frames_the_page():
    frame = record_html.Frame(
        head_extra=Markup('<link rel="icon" href="/i.svg">'), navigation=Markup("<nav>N</nav>")
    )
    html = record_html.write(interview(), stylesheet="/s/record.css", frame=frame)
    assert '<link rel="stylesheet" href="/s/record.css">' in html
    assert "<style>" not in html
    assert "Content-Security-Policy" not in html
    assert "<nav>N</nav>" in html


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        " javascript:x",
        "java\nscript:x",
        "file:///etc/passwd",
        "http://[",
    ],
)
def test_addresses_that_run_or_reach_elsewhere_are_refused(url):
    for arguments in ({"media_urls": {"exact": url}}, {"links": {"json": url}}, {"address": url}):
        with pytest.raises(BadInput):
            record_html.write(interview(), **arguments)


@pytest.mark.parametrize("nasty", NASTY)
def test_nasty_text_in_every_field_stays_text(nasty):
    record = interview(
        headline=nasty,
        channel=nasty,
        country=nasty,
        translator=nasty,
        kind="translation",
        number=RecordNumber(nasty, nasty),
        speakers=(RecordSpeaker("s1", nasty, SpeakerKind.PERSON),),
    )
    html = record_html.write(record, links={nasty: "x.json"})
    assert len(Page(html).all("script")) == 1
    assert not re.search(r"<script(?! type=\"application/ld\+json\")", html)
