"""What the page of a record shows, worked out before any HTML is written."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unicodedata import bidirectional
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from offair.formats import record_bibtex, record_csl
from offair.formats.page_words import ENGLISH, PageWords, worded
from offair.formats.record_citation import (
    STALE,
    advised,
    citation,
    clock,
    made_as,
    notice,
    printed_number,
    run_time,
    speaker_name,
)
from offair.formats.record_cited import cited
from offair.formats.record_cues import ClipClock
from offair.formats.record_html_marks import Piece, css_of, marked, pieces_of, title_of
from offair.model.errors import BadInput
from offair.model.record import Paragraph, Record, RecordTurn, StandingMark
from offair.model.time import Ms, PartialDate, Span
from offair.model.transcript import MarkKind

PLAYED = ("exact", "proxy", "original")
"""Roles of media files, the one to play first."""

_LONGEST_DESCRIPTION = 280
_RIGHT_TO_LEFT_RE = re.compile(
    r"(?:ar|acm|aeb|afb|ajp|apc|apd|arq|ars|ary|arz|ckb|dv|fa|he|nqo|pes|prs|ps|sd|syr|ug|ur|yi)"
)
_MEANINGS = {
    MarkKind.INSERTION: worded("words added by the editor"),
    MarkKind.REPLACEMENT: worded("words that stand for the speaker's own"),
    MarkKind.GLOSS: worded("an explanation by the editor"),
    MarkKind.LANGUAGE: worded("the language that is spoken"),
    MarkKind.ORIGINAL_WORD: worded("the word in the original language"),
    MarkKind.CUT: worded("speech was left out here"),
    MarkKind.OMISSION: worded("a passage was left out here"),
    MarkKind.ELLIPSIS: worded("broke off, was interrupted, paused or left out: not known which"),
    MarkKind.STAGE: worded("what is seen or heard beside the words"),
    MarkKind.UNCLEAR: worded("could not be made out"),
    MarkKind.SIC: worded("said or printed so"),
    MarkKind.CLOCK: worded("a time printed in the text"),
}
_FORMAT_NAMES = {
    "record": worded("Printed record (text)"),
    "json": worded("Document (JSON)"),
    "markdown": worded("Markdown"),
    "webvtt": worded("Captions (WebVTT)"),
    "srt": worded("Captions (SRT)"),
    "html": worded("Web page (HTML)"),
    "docx": worded("Word document"),
    "csl": worded("Citation (CSL-JSON)"),
    "bibtex": worded("Citation (BibTeX)"),
}
_TAGS = (
    worded("machine, not heard"),
    worded("machine, heard by a person"),
    worded("imported text, not heard"),
    worded("captions by the broadcaster, not heard"),
    worded("captions by the broadcaster, heard by a person"),
    worded("machine translation, not heard"),
    worded("machine translation, heard by a person"),
    worded("imported translation, not heard"),
    worded("imported translation, heard by a person"),
    worded("original changed since"),
)
"""What `made_as` says of turns, and `STALE`; a test holds the two together."""
_SAID = (
    worded("Spoken"),
    worded("Recorded"),
    worded("First aired"),
    worded("Aired"),
    worded("Posted"),
    worded("Published"),
    worded("complete"),
    worded("excerpts"),
    worded("No person has compared these words with the sound."),
    worded("Nobody has confirmed this translation against the sound."),
    worded("The original was changed after it was translated."),
    worded("Listen before you quote."),
    worded("MACHINE TRANSCRIPT, NOT CHECKED"),
    worded("IMPORTED TEXT, NOT CHECKED"),
    worded("CAPTIONS BY THE BROADCASTER, NOT CHECKED"),
    worded("TRANSCRIPT, NOT CHECKED"),
    worded("MACHINE TRANSLATION, NOT CHECKED"),
    worded("IMPORTED TRANSLATION, NOT CHECKED"),
    worded("TRANSLATION, NOT CHECKED"),
)
"""Words of the model that the page translates; a test holds them together."""
_ROLE_NAMES = {
    "exact": worded("Clip, cut exactly"),
    "original": worded("Clip, original stream"),
    "proxy": worded("Clip, for browsers"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the page's head. lang: of the value, "" where unknown, None for the page's."""

    name: str
    value: str
    datetime: str | None = None
    lang: str | None = ""


@dataclass(frozen=True, slots=True)
class Player:
    """The media file that the page plays. kind: `video` or `audio`."""

    kind: str
    url: str
    source: str
    media_type: str
    captions: str | None
    absolute: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of speech, or a mark on a line of its own (`standing`)."""

    text: Markup
    standing: bool = False
    css: str = ""
    title: str = ""
    omitted: str | None = None
    turn: bool = False
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class PageTurn:
    """One turn as shown. span: in clip time; time: its start in words; tags: who made it."""

    key: str
    name: str | None
    full_name: str | None
    span: Span | None
    time: str | None
    media_link: str | None
    origin: str
    tags: tuple[str, ...]
    parts: tuple[Passage, ...]
    plain: tuple[Paragraph, ...]
    turn: bool = True


@dataclass(frozen=True, slots=True)
class Legend:
    """One kind of mark that the record uses."""

    name: str
    css: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Download:
    """One file offered. note: size and kind, or None."""

    name: str
    url: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template prints, in its order. marked: the key of the passage that was asked
    for. sources: the citation for programs, by the name of its format."""

    title: str
    description: str
    kicker: str
    notice: str | None
    advice: str | None
    number: str | None
    address: str | None
    facts: tuple[Fact, ...]
    player: Player | None
    language: str
    summary: tuple[Markup, ...]
    transcript_title: str
    body_lang: str
    body_dir: str
    body: tuple[PageTurn | Passage, ...]
    legend: tuple[Legend, ...]
    citation: str
    passage: str | None
    marked: str | None
    sources: tuple[tuple[str, str], ...]
    downloads: tuple[Download, ...]

    @property
    def turns(self) -> tuple[PageTurn, ...]:
        """The turns of the body."""
        return tuple(item for item in self.body if isinstance(item, PageTurn))


def page_of(
    record: Record,
    *,
    address: str | None,
    media_urls: Mapping[str, str],
    links: Mapping[str, str],
    passage: str | None = None,
    at: Ms | None = None,
    offered: bool = True,
    words: PageWords = ENGLISH,
) -> Page:
    """The page of a record. passage: the key of a turn or sentence that is shown marked and cited.
    at: where the player begins, ms in the clip; by default at the passage. offered: whether
    the media files are listed. words: the page's own. Raises `BadInput` for an
    address that is neither relative nor http, `NotFound` for a passage that is not there."""
    for url in (*([address] if address else ()), *media_urls.values(), *links.values()):
        _check_address(url)
    chosen = cited(record, address=address, key=passage) if passage else None
    begin = at if at is not None else chosen.at if chosen else None
    player, offset = _player(record, media_urls, links, begin)
    number = printed_number(record.number) if record.number else None
    title = " ".join((record.headline or "").split()) or _kicker(record, number, words)
    clip = ClipClock(record)
    body = tuple(
        _turn(record, item, clip, player, offset, words)
        if isinstance(item, RecordTurn)
        else _standing(item, words)
        for item in record.body
    )
    timed = [item for item in body if isinstance(item, PageTurn) and item.span is not None]
    example = None
    if chosen is not None:
        example = citation(record, address=chosen.address or f"#{chosen.key}", at=chosen.at)
    elif timed and timed[0].span is not None:
        start = timed[0].span.start
        example = citation(record, address=f"{address or ''}#{timed[0].key}", at=start)
    return Page(
        title=title,
        description=_description(record, words),
        kicker=_kicker(record, number, words),
        notice=_notice(record, words),
        advice=" ".join(words.say(one) for one in advised(record)) or None,
        number=number,
        address=address,
        facts=_facts(record, words),
        player=player,
        language=record.language
        if record.language != "und"
        else words.say(worded("language unknown")),
        summary=tuple(
            marked(paragraph.text, paragraph.marks, words=words) for paragraph in record.summary
        ),
        transcript_title=words.say(worded("Transcript in translation"))
        if record.kind == "translation"
        else words.say(worded("Transcript")),
        body_lang="" if record.language == "und" else record.language,
        body_dir=_direction(record),
        body=body,
        legend=_legend(record, words),
        citation=citation(record, address=address),
        passage=example,
        marked=passage,
        sources=(
            ("BibTeX", record_bibtex.write(record, address=address, key=passage)),
            ("CSL-JSON", record_csl.write(record, address=address, key=passage)),
        ),
        downloads=_downloads(record, media_urls if offered else {}, links, words),
    )


def _direction(record: Record) -> str:
    """`rtl` or `ltr`, by the language, or by the first letter where that is unknown."""
    tag = record.language.lower().split("-")
    if tag[0] != "und":
        rtl = _RIGHT_TO_LEFT_RE.fullmatch(tag[0]) or "arab" in tag[1:] or "hebr" in tag[1:]
        return "rtl" if rtl else "ltr"
    texts = (part.text for turn in record.turns for part in turn.paragraphs)
    kinds = (bidirectional(letter) for text in texts for letter in text)
    first = next((kind for kind in kinds if kind in ("L", "R", "AL")), "L")
    return "ltr" if first == "L" else "rtl"


def _kicker(record: Record, number: str | None, words: PageWords) -> str:
    if number is None:
        return words.say(worded("Clip record, draft"))
    text = words.say(worded("Clip record %(number)s, edition %(edition)s"))
    return text % {"number": number, "edition": record.edition}


def _notice(record: Record, words: PageWords) -> str | None:
    """What the record says before anything else, as `Record.caution` has it in English."""
    if words is ENGLISH:
        return notice(record)
    said = [words.say(record.notice)] if record.notice else []
    if record.stale:
        text = worded("SENTENCES THAT TRANSLATE WHAT WAS CHANGED SINCE: %(count)s")
        said.append(words.say(text) % {"count": record.stale})
    return words.say(worded("; ")).join(said) or None


def _check_address(url: str) -> None:
    try:
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        scheme = "no address"
    # A browser drops control characters and spaces before it looks for the scheme.
    if scheme not in ("", "http", "https") or any(ord(one) <= 32 or ord(one) == 127 for one in url):
        raise BadInput(
            f"{url[:80]!r} cannot be linked from a page; give a relative or http(s) address"
        )
    if not scheme and ":" in url.partition("/")[0]:
        raise BadInput(
            f"{url[:80]!r} could be taken for a scheme by a browser; put ./ before the address"
        )


def _player(
    record: Record, media_urls: Mapping[str, str], links: Mapping[str, str], begin: Ms | None
) -> tuple[Player | None, Ms]:
    role = next((one for one in PLAYED if one in media_urls), None)
    if role is None:
        return None, 0
    url = media_urls[role]
    media = next((one for one in record.media if one.role == role), None)
    guessed, _ = mimetypes.guess_type(urlsplit(url).path)
    media_type = media.media_type if media else guessed or "video/mp4"
    offset = media.clip_in if media else 0
    padded = media is not None and offset > 0
    source = f"{url}#t={offset / 1000},{media.clip_out / 1000}" if media and padded else url
    if begin is not None:
        source = f"{url}#t={(offset + begin) / 1000}"
    kind = "audio" if media_type.startswith("audio/") else "video"
    absolute = bool(urlsplit(url).scheme)
    return Player(kind, url, source, media_type, links.get("webvtt"), absolute), offset


def _turn(
    record: Record,
    turn: RecordTurn,
    clip: ClipClock,
    player: Player | None,
    offset: Ms,
    words: PageWords,
) -> PageTurn:
    known = turn.span or _around([part.span for part in turn.paragraphs])
    span = clip.to_clip(known) if known is not None else None
    full = speaker_name(record, turn)
    name = turn.label or full
    tags: list[str] = []
    made = made_as(record, turn)
    if made is not None:
        tags.append(made)
    if turn.stale:
        tags.append(STALE)
    if turn.speaker is not None and turn.confirmed_by:
        tags.append(worded("speaker confirmed"))
    return PageTurn(
        key=turn.key,
        name=name,
        full_name=full if full != name else None,
        span=span,
        time=clock(span.start) if span else None,
        media_link=f"{player.url}#t={(span.start + offset) / 1000},{(span.end + offset) / 1000}"
        if player and span
        else None,
        origin="machine" if turn.origin == "machine" else "person",
        tags=tuple(words.say(one) for one in tags),
        parts=tuple(
            Passage(
                marked(part.text, part.marks, words=words),
                pieces=pieces_of(part, clip, player.url if player else None, offset, words),
            )
            if isinstance(part, Paragraph)
            else _standing(part, words)
            for part in turn.parts
        ),
        plain=turn.paragraphs,
    )


def _around(spans: Sequence[Span | None]) -> Span | None:
    known = [span for span in spans if span is not None]
    return Span(min(s.start for s in known), max(s.end for s in known)) if known else None


def _standing(standing: StandingMark, words: PageWords) -> Passage:
    mark = standing.mark
    omitted = None
    if mark.kind in (MarkKind.CUT, MarkKind.OMISSION):
        known = standing.omitted_ms
        omitted = (
            words.say(worded("%(time)s left out")) % {"time": clock(known)}
            if known is not None
            else words.say(worded("length unknown"))
        )
    return Passage(
        escape(mark.text.strip()),
        standing=True,
        css=css_of(mark),
        title=title_of(mark, words),
        omitted=omitted,
    )


def _legend(record: Record, words: PageWords) -> tuple[Legend, ...]:
    used: set[MarkKind] = set()
    for item in record.body:
        parts = item.parts if isinstance(item, RecordTurn) else (item,)
        for part in parts:
            found = part.marks if isinstance(part, Paragraph) else (part.mark,)
            used.update(mark.kind for mark in found)
    return tuple(
        Legend(words.say(kind.value), kind.value.replace(" ", "-"), words.say(meaning))
        for kind, meaning in _MEANINGS.items()
        if kind in used
    )


def _facts(record: Record, words: PageWords) -> tuple[Fact, ...]:
    say = words.say
    channel = record.channel
    if channel and record.country:
        channel = f"{channel} ({record.country})"
    kind = say(record.aired.kind.value.capitalize()) if record.aired else ""
    text, spoken = record.language, record.original_language
    unknown = say(worded("unknown"))
    note = say(worded("Note on edition %(edition)s")) % {"edition": record.edition}
    facts = [
        Fact(say(worded("Channel")), channel) if channel else None,
        _date_fact(say(worded("Date")), record.date, words),
        _date_fact(kind, record.aired, words),
        Fact(say(worded("Run time")), run_time(record.run_time_ms), lang=None)
        if record.run_time_ms is not None
        else None,
        Fact(say(worded("Language of the text")), text, lang=None) if text != "und" else None,
        Fact(say(worded("Language of the broadcast")), spoken, lang=None)
        if spoken not in ("und", text)
        else None,
        Fact(
            say(worded("Translator")), record.translator or unknown,
            lang="" if record.translator else None,
        )
        if record.kind == "translation"
        else None,
        Fact(note, record.note, lang="") if record.note else None,
        Fact(say(worded("Extent")), say(record.completeness.value), lang=None),
        Fact(say(worded("Published")), record.published_utc.replace("T", " ").replace("Z", " UTC"),
             lang=None)
        if record.published_utc
        else None,
    ]  # fmt: skip
    return tuple(fact for fact in facts if fact is not None)


def _date_fact(name: str, date: PartialDate | None, words: PageWords) -> Fact | None:
    if date is None:
        return None
    zone = date.zone if date.zone[:1] in ("Z", "+", "-") and "T" in date.value else ""
    return Fact(name, words.day(date), date.value + zone, lang=None)


def _downloads(
    record: Record, media_urls: Mapping[str, str], links: Mapping[str, str], words: PageWords
) -> tuple[Download, ...]:
    say = words.say
    downloads = [
        Download(say(_FORMAT_NAMES.get(name, name)), url, None) for name, url in links.items()
    ]
    for role, url in media_urls.items():
        media = next((one for one in record.media if one.role == role), None)
        note = f"{media.media_type}, {_size(media.size_bytes)}" if media else None
        downloads.append(Download(say(_ROLE_NAMES.get(role, role)), url, note))
    return tuple(downloads)


def _size(size_bytes: int) -> str:
    if size_bytes < 1_000_000:
        return f"{max(1, round(size_bytes / 1000))} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def _description(record: Record, words: PageWords) -> str:
    text = " ".join(" ".join(paragraph.text for paragraph in record.summary).split())
    if not text and record.turns:
        text = " ".join(" ".join(part.text for part in record.turns[0].paragraphs).split())
    if len(text) > _LONGEST_DESCRIPTION:
        text = text[:_LONGEST_DESCRIPTION].rsplit(" ", 1)[0] + "…"
    said = _notice(record, words)
    return f"{said}. {text}".strip() if said else text
