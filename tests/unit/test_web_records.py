"""The public page of a record: sentences with addresses, citation, editions, terms, feed, embed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest
import web_desk
from logged_in import AsAccount
from printed_records import add_printed
from starlette.requests import Request
from starlette.testclient import TestClient

from offair.desk import Desk
from offair.formats import record_atom
from offair.formats.record_atom import ATOM, FeedPage
from offair.model.desk_lists import ChannelTerms
from offair.model.people import Role
from offair.web.application import app

A = f"{{{ATOM}}}"
INSTANT_RE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@dataclass(frozen=True)
class Shelf:
    desk: Desk
    client: TestClient
    inside: TestClient

    def terms(self, terms: ChannelTerms) -> None:
        """Give the channel of the record these terms."""
        with self.desk.catalogue.transaction() as tx:
            tx.set_channel_terms(tx.recording(1).channel.id or 0, terms)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    desk = web_desk.make_desk(tmp_path)
    add_printed(desk, web_desk.add_harbour(desk))
    made = app(desk)
    base = "http://localhost:8914"
    with TestClient(made, base_url=base) as client:
        yield Shelf(desk, client, TestClient(AsAccount(made, Role.READER), base_url=base))


def test_a_sentence_has_an_address_that_answers_on_its_own(shelf: Shelf) -> None:
    page = shelf.client.get("/records/1")
    assert 'id="s12" data-from="2.0" data-to="6.0"' in page.text
    assert 'href="http://localhost:8914/records/1/s12#s12"' in page.text
    one = shelf.client.get("/records/1/s12")
    assert one.status_code == 200
    assert '<span class="sentence cited" id="s12"' in one.text
    assert re.search(r'<video[^>]* src="/media/[0-9a-f]{64}#t=2\.0"', one.text)
    assert "at 00:02, MACHINE TRANSCRIPT, NOT CHECKED. http://localhost:8914/records/1/s12" in (
        one.text
    )
    assert "author = {{Daniel Marsh}}" in one.text
    assert '<link rel="canonical" href="http://localhost:8914/records/1">' in one.text
    played = shelf.client.get("/records/1?t=0:06").text
    assert re.search(r'<video[^>]* src="/media/[0-9a-f]{64}#t=6\.0"', played)


def test_the_address_outlives_the_edition(shelf: Shelf) -> None:
    assert "cancelling" in shelf.client.get("/records/1/s12").text
    assert "closing" in shelf.client.get("/records/1/1/s12").text
    gone = shelf.client.get("/records/1/s14")
    assert "Believe me." in gone.text
    assert "This is edition 1." in gone.text
    missing = shelf.client.get("/records/1/s99")
    assert (missing.status_code, "has no sentence or turn" in missing.text) == (404, True)
    assert shelf.client.get("/records/1/2/s14").status_code == 404


def test_citations_of_a_passage_for_programs(shelf: Shelf) -> None:
    answer = shelf.client.get("/records/1/s13.csl.json")
    (item,) = answer.json()
    assert answer.headers["content-type"].startswith("application/vnd.citationstyles.csl+json")
    assert item["author"] == [{"literal": "Daniel Marsh"}]
    assert item["note"].startswith("at 00:06; “It stays.”")
    assert shelf.client.get("/records/1/s13.bib").text.startswith("@misc{desk-1-s13,")
    word = shelf.client.get("/records/1.docx")
    assert word.content[:2] == b"PK"
    assert "attachment" in word.headers["content-disposition"]


def test_editions_with_notes_and_the_words_between_them(shelf: Shelf) -> None:
    page = shelf.client.get("/records/1").text
    assert "It said “not closing”; it says “not cancelling”." in page
    assert '<a href="/records/1/1?against=2">' in page
    compared = shelf.client.get("/records/1/1?against=2").text
    assert "<del>closing</del><ins>cancelling</ins>" in compared
    assert "<del> Believe me.</del>" in compared
    data = shelf.client.get("/records/1/1.json?against=2").json()
    assert (data["old"], data["new"]) == (1, 2)
    assert ["closing", "cancelling"] in data["lines"][-1]["changes"]
    assert shelf.client.get("/records/1/2?against=2").status_code == 400
    assert shelf.client.get("/records/1/2?against=9").status_code == 404


@pytest.mark.parametrize(
    "path", ["/records/1", "/records.atom", "/records/1.docx", "/records/1.json"]
)
def test_what_did_not_change_is_not_sent_again(shelf: Shelf, path: str) -> None:
    first = shelf.client.get(path)
    assert first.headers["last-modified"] == "Fri, 15 May 2026 10:00:00 GMT"
    again = shelf.client.get(path, headers={"if-none-match": f'W/"x", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = shelf.client.get(path, headers={"if-none-match": '"x"'})
    assert other.status_code == 200
    head = shelf.client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == first.headers["etag"]
    assert head.headers["content-length"] == first.headers["content-length"]


def test_terms_of_the_channel_decide_what_is_shown(shelf: Shelf) -> None:
    assert "<video" in shelf.client.get("/records/1").text
    assert shelf.client.get("/embed/1").status_code == 403
    shelf.terms(ChannelTerms(download=False))
    listed = shelf.client.get("/records/1").text
    assert "<video" in listed
    assert "Clip, cut exactly" not in listed
    assert "/records/1.docx" not in listed
    assert "/records/1.docx" in shelf.inside.get("/records/1").text
    shelf.terms(ChannelTerms(media=False))
    assert "/media/" not in shelf.client.get("/records/1").text
    assert "/media/" in shelf.inside.get("/records/1").text
    shelf.terms(ChannelTerms(text=False))
    for path in ("/records/1", "/records/1.json", "/records/1/s12", "/records/1/1?against=2"):
        assert shelf.client.get(path).status_code == 403, path
        assert shelf.inside.get(path).status_code == 200, path
    assert "entry" not in shelf.client.get("/records.atom").text


def test_the_embedded_page_alone_may_be_framed(shelf: Shelf) -> None:
    shelf.terms(ChannelTerms(embed=True))
    answer = shelf.client.get("/embed/1/s12?t=0:03")
    assert answer.headers["content-security-policy"].endswith("frame-ancestors *")
    assert "script" not in answer.text
    assert re.search(r'<video[^>]* src="/media/[0-9a-f]{64}#t=3\.0"', answer.text)
    assert "MACHINE TRANSCRIPT, NOT CHECKED" in answer.text
    page = shelf.client.get("/records/1")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "&lt;iframe src=&#34;http" in page.text or '&lt;iframe src="http' in page.text
    kept = shelf.client.get(
        "/embed/1/s12?t=0:03", headers={"if-none-match": answer.headers["etag"]}
    )
    assert kept.headers["content-security-policy"].endswith("frame-ancestors *")


def check_feed(text: str) -> ElementTree.Element:
    """What RFC 4287 asks of a feed (4.1.1, 4.1.2, 4.2.7)."""
    feed = ElementTree.fromstring(text)
    assert feed.tag == f"{A}feed"
    for holder in (feed, *feed.findall(f"{A}entry")):
        for name in ("id", "title", "updated"):
            assert len(holder.findall(f"{A}{name}")) == 1
            assert holder.findtext(f"{A}{name}")
        assert INSTANT_RE.fullmatch(holder.findtext(f"{A}updated") or "")
        assert (holder.findtext(f"{A}id") or "").startswith("urn:uuid:")
        links = [(one.get("rel"), one.get("type")) for one in holder.findall(f"{A}link")]
        assert all(one.get("href", "").startswith("http") for one in holder.findall(f"{A}link"))
        assert len([one for one in links if one[0] == "alternate"]) == len(
            {one for one in links if one[0] == "alternate"}
        )
    assert feed.find(f"{A}author/{A}name") is not None
    assert [one.get("rel") for one in feed.findall(f"{A}link")].count("self") == 1
    ids = [one.findtext(f"{A}id") for one in feed.findall(f"{A}entry")]
    assert len(set(ids)) == len(ids)
    return feed


def test_the_feed_is_atom_in_pages(shelf: Shelf) -> None:
    recording = 1
    for _ in range(52):
        add_printed(shelf.desk, recording)
    seen: list[str] = []
    address = "/records.atom"
    while address:
        answer = shelf.client.get(address)
        assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
        feed = check_feed(answer.text)
        seen += [one.findtext(f"{A}id") or "" for one in feed.findall(f"{A}entry")]
        links = {one.get("rel"): one.get("href", "") for one in feed.findall(f"{A}link")}
        assert links["first"] == "http://localhost:8914/records.atom"
        address = links.get("next", "")
    assert len(seen) == len(set(seen)) == 53
    (one,) = [
        one for one in feed.findall(f"{A}entry")
        if one.find(f"{A}link[@rel='alternate']").get("href").endswith("/records/1")
    ]  # fmt: skip
    assert one.findtext(f"{A}updated") == "2026-05-15T10:00:00Z"
    assert "MACHINE TRANSCRIPT, NOT CHECKED" in (one.findtext(f"{A}summary") or "")
    (enclosure,) = one.findall(f"{A}link[@rel='enclosure']")
    assert enclosure.get("type") == "video/mp4"


def test_an_empty_feed_is_whole_and_hostile_names_stay_text() -> None:
    page = FeedPage(
        "<x>\x00&", "de\x07sk", "http://a/r.atom", "http://a/r.atom", None, "http://a", ()
    )
    feed = check_feed(record_atom.write(page))
    assert feed.findtext(f"{A}title") == "<x>\N{REPLACEMENT CHARACTER}&"


def request_of(shelf: Shelf, path: str) -> Request:
    return Request(
        {"type": "http", "path": path, "headers": [], "query_string": b"", "method": "GET",
         "app": shelf.client.app, "server": ("localhost", 80), "scheme": "http", "state": {}}
    )  # fmt: skip
