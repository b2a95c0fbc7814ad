"""A feed of records: Atom (RFC 4287), in pages (RFC 5005, section 3)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from offair.formats.record_citation import printed_number
from offair.model.record import Record, RecordNumber

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_FORBIDDEN_RE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XML = "{http://www.w3.org/XML/1998/namespace}"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A media file that belongs to an entry."""

    url: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A record in the feed. address: of its page, absolute. updated: of its newest edition, ISO
    8601 in UTC."""

    record: Record
    number: RecordNumber
    address: str
    updated: str
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page of the feed. Addresses are absolute; following: of the page with older records, None
    on the last one."""

    title: str
    desk: str
    here: str
    first: str
    following: str | None
    site: str
    entries: tuple[FeedEntry, ...]


def write(page: FeedPage) -> str:
    """The page as XML. Ids stay the same when the desk moves to another address, and for every
    edition; an empty feed was never updated, and bears the first second there is."""
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    _add(feed, "id", _id(page.desk))
    _add(feed, "title", page.title)
    _add(
        feed, "updated", max((one.updated for one in page.entries), default="1970-01-01T00:00:00Z")
    )
    author = ElementTree.SubElement(feed, f"{{{ATOM}}}author")
    _add(author, "name", page.desk)
    _link(feed, "self", page.here, "application/atom+xml")
    _link(feed, "first", page.first, "application/atom+xml")
    if page.following is not None:
        _link(feed, "next", page.following, "application/atom+xml")
    _link(feed, "alternate", page.site, "text/html")
    for one in page.entries:
        _entry(feed, page.desk, one)
    ElementTree.register_namespace("", ATOM)
    text = ElementTree.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _entry(feed: ElementTree.Element, desk: str, one: FeedEntry) -> None:
    record = one.record
    entry = ElementTree.SubElement(feed, f"{{{ATOM}}}entry")
    _add(entry, "id", _id(desk, one.number.series, one.number.printed))
    headline = " ".join((record.headline or "").split())
    _add(entry, "title", headline or f"Clip record {printed_number(one.number)}")
    _add(entry, "updated", one.updated)
    _link(entry, "alternate", one.address, "text/html")
    for file in one.enclosures:
        link = _link(entry, "enclosure", file.url, file.media_type)
        link.set("length", str(file.size_bytes))
    if record.channel:
        category = ElementTree.SubElement(entry, f"{{{ATOM}}}category")
        category.set("term", _held(record.channel))
    said = [record.caution, *(" ".join(part.text.split()) for part in record.summary)]
    _add(entry, "summary", "\n\n".join(one for one in said if one))
    if record.language != "und":
        entry.set(f"{_XML}lang", record.language)


def _id(*parts: str) -> str:
    """A name that never changes: a UUID (version 5) of the desk, the series and the number."""
    said = "\0".join(_held(part) for part in ("offair records", *parts))
    return uuid.uuid5(uuid.NAMESPACE_OID, said).urn


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, f"{{{ATOM}}}{name}").text = _held(text)


def _link(parent: ElementTree.Element, rel: str, href: str, media_type: str) -> ElementTree.Element:
    link = ElementTree.SubElement(parent, f"{{{ATOM}}}link")
    for name, value in (("rel", rel), ("href", href), ("type", media_type)):
        link.set(name, _held(value))
    return link


def _held(text: str) -> str:
    return _FORBIDDEN_RE.sub("\N{REPLACEMENT CHARACTER}", text)


def updated(times: Sequence[str | None]) -> str:
    """The first time that is known, as Atom writes it. times: ISO 8601 in UTC, the best first;
    the last is always known."""
    return next(one for one in times if one)
