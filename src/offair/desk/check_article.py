"""Hold every quotation of an article against the archive, in one batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from offair.desk import Desk
from offair.formats import article, article_quotations
from offair.model.article import Article
from offair.model.errors import BadInput
from offair.model.finding import Finding, Quotation, Report
from offair.model.time import PartialDate
from offair.text.dateline import dateline_of
from offair.text.printed import read_printed
from offair.text.quoted_speakers import quotations_of
from offair.text.tokenise import TokenKind

MOST_QUOTATIONS = 500
"""Of a longer article the first so many are checked, and the report says so."""

MOST_MARKS = 50_000
"""Quotation marks; more are no article. Apostrophes do not count."""

_MARKS = '“”„«»"‹›「」『』'
_MOST_REMARKS = 100

LONGEST_QUOTATION = 20_000
"""Characters; longer printed text is a document of its own, and is refused."""

CheckQuotes = Callable[[Desk, Sequence[Quotation]], Sequence[Finding]]
"""How quotations are held against the archive, all in one call: the verb `check_quotes`, with its
options bound. Handed in, because a verb never calls another."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a person says of the quotations found, by their number from 1.

    speakers: who is said to have said it. not_quotations: titles, terms and the like. listed: a
    corrected list (`--list` writes one) that stands in place of what is found.
    """

    speakers: Mapping[int, str] = field(default_factory=dict)
    not_quotations: frozenset[int] = frozenset()
    listed: bytes | None = None


_NOTHING = Corrections()


@dataclass(frozen=True, slots=True)
class Quoted:
    """An article, the quotations to be checked, numbered as they stand here, and remarks."""

    article: Article
    quotations: tuple[Quotation, ...]
    remarks: tuple[str, ...]


def quotations_in(
    data: bytes,
    source: str,
    *,
    corrections: Corrections = _NOTHING,
    language: str | None = None,
    published: PartialDate | None = None,
) -> Quoted:
    """The quotations of an article, corrected.

    source: the file's name, `-` for a pipe. language: of the article, where it does not say.
    published: the article's own day, by which `on Tuesday` is a date; else the file's, else that of
    the dateline. Raises `BadInput` where the
    article or the corrections cannot be used.
    """
    read = article.read_article(data, source)
    read = _dated(replace(read, language=language or read.language), published)
    marks = sum(map(read.text.count, _MARKS))
    if marks > MOST_MARKS:
        raise BadInput(
            f"{source}: holds {marks:,} quotation marks, more than the {MOST_MARKS:,} of a long "
            "book; give the article alone, or in parts"
        )
    found = quotations_of(read)
    quotations = found.quotations
    remarks = [*read.remarks, *found.remarks[:_MOST_REMARKS]]
    if len(found.remarks) > _MOST_REMARKS:
        remarks.append(f"{len(found.remarks) - _MOST_REMARKS:,} more marks do not pair either")
    if corrections.listed is not None:
        quotations = _vouched(
            article_quotations.read(corrections.listed, read, source="the corrected list"),
            found.quotations,
        )
        kept = {(one.char_start, one.char_end) for one in quotations}
        dropped = sum((one.char_start, one.char_end) not in kept for one in found.quotations)
        if dropped:
            remarks.append(
                f"{dropped} quotations found in the article are not in the corrected list"
            )
    elif not quotations:
        remarks.append("the article holds no quotation marks and no block quotation")
    spoken = tuple(one for one in quotations if _has_words(one))
    if len(spoken) < len(quotations):
        remarks.append(
            f"{len(quotations) - len(spoken)} quotations hold only marks and an editor's brackets, "
            "nothing that is said to have been spoken; they are left out"
        )
    quotations = _corrected(spoken, corrections)
    if len(quotations) > MOST_QUOTATIONS:
        remarks.append(
            f"the article holds {len(quotations):,} quotations; the first {MOST_QUOTATIONS:,} "
            "were checked"
        )
        quotations = quotations[:MOST_QUOTATIONS]
    return Quoted(read, quotations, tuple(remarks))


def check_article(
    desk: Desk,
    data: bytes,
    source: str,
    *,
    check: CheckQuotes,
    corrections: Corrections = _NOTHING,
    recording_id: int | None = None,
    date: PartialDate | None = None,
    language: str | None = None,
    published: PartialDate | None = None,
) -> Report:
    """The findings on every quotation of an article, in its order.

    recording_id: scope for all of them. date: claimed for those that the article dates not. What
    is marked as no speech is listed, and found to be no quotation. Raises `BadInput` where the
    article cannot be read or a quotation in it is longer than `LONGEST_QUOTATION`, and what
    `check` raises.
    """
    quoted = quotations_in(
        data, source, corrections=corrections, language=language, published=published
    )
    for number, one in enumerate(quoted.quotations, 1):
        if one.is_speech and len(one.printed) > LONGEST_QUOTATION:
            raise BadInput(
                f"{source}: quotation {number} has {len(one.printed):,} characters, more than the "
                f"{LONGEST_QUOTATION:,} that are checked as one; is a quotation mark missing near "
                f"“{one.printed[:40]}”? `--not-a-quotation {number}` leaves it out"
            )
    asked = [
        replace(one, recording_id=recording_id, date=one.date or date) for one in quoted.quotations
    ]
    return Report(
        findings=_each_once(desk, asked, check),
        desk=desk.name,
        made_utc=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        source=source,
        title=quoted.article.title,
        remarks=quoted.remarks,
    )


def _dated(read: Article, published: PartialDate | None) -> Article:
    """The article with its own day: as somebody says, as its file says, or by its dateline."""
    known = published or read.published
    line = dateline_of(read) if known is None else None
    if line is None:
        return replace(read, published=known)
    said = (
        f"its dateline, “{line.text}”, is taken for the day it was published"
        if line.day is not None
        else f"its dateline, “{line.text}”, names no year; `--published DATE` says when it was "
        "published, so that `on Tuesday` is a date"
    )
    return replace(read, published=line.day, remarks=(*read.remarks, said))


def _each_once(desk: Desk, asked: Sequence[Quotation], check: CheckQuotes) -> tuple[Finding, ...]:
    """The findings on quotations, those that an article repeats looked up once."""
    alike = {
        one: replace(one, char_start=0, char_end=0, context="", speaker_from="") for one in asked
    }
    distinct = list(dict.fromkeys(alike.values()))
    found = dict(zip(distinct, check(desk, distinct), strict=True)) if distinct else {}
    return tuple(replace(found[alike[one]], quotation=one) for one in asked)


def _vouched(listed: Sequence[Quotation], found: Sequence[Quotation]) -> tuple[Quotation, ...]:
    """The corrected list, where a speaker whom a person wrote is no guess any more."""
    guessed = {(one.char_start, one.char_end): one.speaker for one in found}
    return tuple(
        one
        if one.certain or guessed.get((one.char_start, one.char_end), "") == one.speaker
        else replace(one, certain=True, speaker_from="")
        for one in listed
    )


def _has_words(quotation: Quotation) -> bool:
    """Whether something of it is said to have been spoken: not only an editor's brackets."""
    printed = read_printed(quotation.printed, quotation.language)
    return any(
        index not in printed.bracketed and one.kind is not TokenKind.FILLER
        for index, one in enumerate(printed.tokens)
    )


def _corrected(quotations: Sequence[Quotation], corrections: Corrections) -> tuple[Quotation, ...]:
    wrong = [
        one for one in (*corrections.speakers, *corrections.not_quotations)
        if not 1 <= one <= len(quotations)
    ]  # fmt: skip
    if wrong:
        raise BadInput(
            f"there is no quotation {wrong[0]}: the article has {len(quotations)}; "
            "`offair check --article FILE --list` numbers them"
        )
    both = corrections.not_quotations & set(corrections.speakers)
    if both:
        raise BadInput(
            f"quotation {min(both)} is given a speaker and called no quotation; say one of both"
        )
    result = []
    for number, one in enumerate(quotations, 1):
        if number in corrections.not_quotations:
            one = replace(one, is_speech=False, speaker=None, certain=True, speaker_from="")
        elif number in corrections.speakers:
            one = replace(
                one, is_speech=True, speaker=corrections.speakers[number], certain=True,
                speaker_from="",
            )  # fmt: skip
        result.append(one)
    return tuple(result)
