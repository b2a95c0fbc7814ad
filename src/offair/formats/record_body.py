"""The transcript of a printed record: its turns, and the marks that stand between paragraphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from offair.formats.record_header import is_second_record
from offair.formats.record_labels import (
    UNKNOWN_SPEAKER,
    LabelHit,
    LabelStyle,
    accept,
    find_label,
    judge_style,
)
from offair.formats.record_lines import Line
from offair.formats.record_marks import INFERRED, MarkRule, find_marks, standing_mark
from offair.formats.record_page import WEAK_FURNITURE, Field, Page, is_furniture
from offair.formats.record_quotes import OPENERS, Shape, Unquoted, shape, unquote
from offair.model.record import Paragraph, RecordTurn, Severity, StandingMark
from offair.model.transcript import Mark, MarkKind

_LONGEST_SCANNED = 20_000


@dataclass(frozen=True, slots=True)
class Labelled:
    """The labels of a transcript. hits: by line index. start, end: the transcript's lines."""

    hits: dict[int, LabelHit]
    style: LabelStyle
    start: int
    end: int


@dataclass(slots=True)
class _Turn:
    key: str
    hit: LabelHit
    line: int
    quoted: bool
    open: bool = False
    parts: list[Paragraph | StandingMark] = field(default_factory=list)


def find_labels(page: Page, start: int) -> Labelled | None:
    """The labels from a line on, with doubts reported; None where no line has one.

    The transcript starts at the first label, or at the standing marks right before it.
    """
    lines = page.lines
    style = judge_style(lines[start:])
    mentioned: set[str] | None = None
    hits: dict[int, LabelHit] = {}
    doubts: list[tuple[int, str]] = []
    furniture: list[int] = []
    end = len(lines)
    for index in range(start, len(lines)):
        line = lines[index]
        if line.blank:
            continue
        if hits and is_second_record(line):
            end = index
            break
        if hits and is_furniture(line.body):
            furniture.append(index)
        hit = find_label(line)
        if hit is None or is_furniture(line.body):
            continue
        accepted, doubt = accept(hit, style)
        if accepted:
            hits[index] = hit
        if doubt is None or not hits:
            continue
        if mentioned is None:
            mentioned = _words_before(lines, min(hits))
        if not (accepted and hit.confusable and hit.label in mentioned):
            doubts.append((index, doubt))
    for index in _labels_of_a_summary(hits, style) if start else ():
        del hits[index]
        doubts.append((index, "perhaps a label, but no quoted speech follows; read as summary"))
    for index in _labels_of_a_site(hits, style, furniture):
        del hits[index]
    if not hits:
        return None
    last_words = {hit.label.split()[-1] for hit in hits.values() if " " in hit.label}
    for index, doubt in doubts:
        if index not in hits or hits[index].label not in last_words:
            page.remark(Severity.DOUBT, doubt, index)
    first = min(hits)
    begin = first
    for index in range(first - 1, start - 1, -1):
        if lines[index].blank:
            continue
        if standing_mark(lines[index].body) is None:
            break
        begin = index
    return Labelled(hits, style, begin, end)


def _labels_of_a_summary(hits: dict[int, LabelHit], style: LabelStyle) -> list[int]:
    """Unquoted hits before the first quoted one, where speech is quoted, of labels never quoted."""
    if not style.quoted:
        return []
    quoted = {hit.label for hit in hits.values() if hit.quoted}
    first = min((index for index, hit in hits.items() if hit.quoted), default=0)
    return [
        index
        for index, hit in hits.items()
        if index < first and not hit.quoted and not hit.alone and hit.label not in quoted
    ]


def _labels_of_a_site(
    hits: dict[int, LabelHit], style: LabelStyle, furniture: Sequence[int]
) -> list[int]:
    """Hits behind a site's line where no label from before it comes back: links, not turns."""
    last = {hit.label: index for index, hit in hits.items()}
    quoted = max((index for index, hit in hits.items() if hit.quoted), default=-1)
    order = sorted(hits)
    reach, place = (quoted if style.quoted else -1), 0
    for wall in furniture:
        while place < len(order) and order[place] < wall:
            reach = max(reach, last[hits[order[place]].label])
            place += 1
        if reach < wall:
            return order[place:]
    return []


def _words_before(lines: Sequence[Line], end: int) -> set[str]:
    """The words printed before the transcript: who is named there is surely no exclamation."""
    words: set[str] = set()
    for line in lines[:end]:
        words.update(word.strip(",.;:()\"'’") for word in line.body[:_LONGEST_SCANNED].split())
    return words


class BodyReader:
    """Reads the transcript of a page into turns and standing marks, explaining each line.

    table: the brackets' meaning. origin: who made the words, as `RecordTurn` has it.
    """

    def __init__(
        self, page: Page, labelled: Labelled, table: Sequence[MarkRule], origin: str
    ) -> None:
        self._origin = origin
        self._page = page
        self._labelled = labelled
        self._table = table
        self._body: list[RecordTurn | StandingMark] = []
        self._turn: _Turn | None = None
        self._turns = 0
        self._pending: list[tuple[int, Mark]] = []
        self._usual_gap: int | None = None
        self._last = labelled.start - 1

    def read(self, header_gaps: Sequence[int]) -> tuple[RecordTurn | StandingMark, ...]:
        """The body in order. header_gaps: blank lines between the parts before the transcript."""
        page, labelled = self._page, self._labelled
        self._usual_gap = self._judge_gap(header_gaps)
        tail = self._tail_start()
        for index in range(labelled.start, tail):
            line = page.lines[index]
            if line.blank:
                continue
            hit = labelled.hits.get(index)
            mark = standing_mark(line.body, self._table) if hit is None else None
            if hit is not None:
                self._begin(index, line, hit)
            elif mark is not None:
                self._pending.append((index, mark))
            elif is_furniture(line.body):
                page.remark(Severity.NOTE, "furniture of the page, kept as text", index)
            elif self._turn is None or not any(letter.isalnum() for letter in line.body):
                page.remark(Severity.UNEXPLAINED, "no rule explains this line", index)
            else:
                self._continue(self._turn, index, line)
            self._last = index
        self._finish()
        page.furnish(range(tail, len(page.lines)))
        return tuple(self._body)

    def _begin(self, index: int, line: Line, hit: LabelHit) -> None:
        self._finish()
        self._turns += 1
        key = f"t{self._turns}"
        quoted = shape(line.text[hit.rest : line.end]) in (Shape.WRAPPED, Shape.OPEN)
        if quoted and not self._labelled.style.quoted and not hit.alone:
            self._page.remark(
                Severity.DOUBT,
                "this turn is in quotation marks and most are not; the marks are read as layout",
                index,
            )
        quoted = quoted or (self._labelled.style.quoted and hit.quoted)
        self._turn = _Turn(key, hit, index, quoted or (hit.alone and self._labelled.style.quoted))
        fields: tuple[Field, ...] = ()
        if hit.label != UNKNOWN_SPEAKER:
            fields = (Field(hit.start, hit.end, f"turn:{key}:label"),)
        else:
            self._page.remark(Severity.NOTE, "the record says the speaker is unknown", index)
        if hit.alone:
            self._page.explain(index, *fields)
        else:
            self._page.explain(index, *fields, self._paragraph(self._turn, index, hit.rest))

    def _continue(self, turn: _Turn, index: int, line: Line) -> None:
        self._infer_cut(turn, index)
        for place, mark in self._pending:
            self._stand(place, mark, f"turn:{turn.key}:part:{len(turn.parts)}")
            turn.parts.append(StandingMark(mark))
        self._pending = []
        self._page.explain(index, self._paragraph(turn, index, line.start))

    def _infer_cut(self, turn: _Turn, index: int) -> None:
        if not turn.parts or self._pending:
            return
        gap = index - self._last - 1
        if gap < 2:
            return
        if self._usual_gap == 1:
            turn.parts.append(StandingMark(Mark(MarkKind.CUT, 0, 0, "", sense=INFERRED)))
        else:
            self._page.remark(
                Severity.DOUBT,
                "a doubled blank line before this; no cut, since single ones are not usual",
                index,
            )

    def _paragraph(self, turn: _Turn, index: int, start: int) -> Field:
        line = self._page.lines[index]
        text = line.text[start : line.end]
        first = not any(isinstance(part, Paragraph) for part in turn.parts)
        found = unquote(
            text,
            quoted=turn.quoted or (first and self._labelled.style.quoted),
            turn_open=turn.open,
        )
        self._doubt_quotes(index, found, turn)
        turn.open = found.still_open
        speech = found.speech(text)
        marks, doubts = find_marks(speech, self._table)
        for doubt in doubts:
            self._page.remark(Severity.DOUBT, doubt, index)
        slot = f"turn:{turn.key}:part:{len(turn.parts)}"
        turn.parts.append(Paragraph(speech, marks))
        inside: tuple[tuple[int, str], ...] = ()
        if found.inside is not None:
            place, length = found.inside
            inside = ((found.end - place - length, text[place : place + length]),)
        return Field(start + found.start, start + found.end, slot, inside=inside)

    def _doubt_quotes(self, index: int, found: Unquoted, turn: _Turn) -> None:
        if found.shape is Shape.EARLY and turn.quoted:
            message = "the first quotation mark closes early; "
            message += (
                "read as part of the speech" if found.start == 0 else "the outer marks are layout"
            )
            self._page.remark(Severity.DOUBT, message, index)

    def _stand(self, index: int, mark: Mark, slot: str) -> None:
        line = self._page.lines[index]
        self._page.explain(index, Field(line.start, line.end, slot))
        if mark.kind is MarkKind.INSERTION or not mark.confirmed:
            message = f"stands alone in brackets; read as {mark.kind.value}, unconfirmed"
            self._page.remark(Severity.DOUBT, message, index)

    def _finish(self) -> None:
        turn = self._turn
        if turn is not None:
            label = None if turn.hit.label == UNKNOWN_SPEAKER else turn.hit.label
            self._body.append(
                RecordTurn(turn.key, label, None, tuple(turn.parts), None, self._origin)
            )
            if not turn.parts:
                self._page.remark(Severity.DOUBT, "a label without speech", turn.line)
        for index, mark in self._pending:
            self._stand(index, mark, f"body:{len(self._body)}")
            self._body.append(StandingMark(mark))
        self._pending, self._turn = [], None

    def _judge_gap(self, header_gaps: Sequence[int]) -> int | None:
        """The usual number of blank lines between parts that are not one turn's paragraphs."""
        gaps = Counter(header_gaps)
        for index in self._labelled.hits:
            if index > self._labelled.start:
                gaps[self._page.gap_before(index)] += 1
        if not gaps:
            inside = [
                self._page.gap_before(index)
                for index in self._page.visible(self._labelled.start + 1, self._labelled.end)
            ]
            return 1 if 1 in inside else None
        return min(gaps, key=lambda gap: (-gaps[gap], gap))

    def _tail_start(self) -> int:
        """Where the transcript is over and only furniture follows."""
        page, labelled = self._page, self._labelled
        last = max(labelled.hits)
        if labelled.style.quoted:
            last = self._last_quoted(last)
        after = page.visible(last + 1, labelled.end)
        weak = 0
        for place, index in enumerate(after):
            body = page.lines[index].body
            following = page.lines[after[place + 1]].body if place + 1 < len(after) else ""
            weak = weak + 1 if body.casefold() in WEAK_FURNITURE else 0
            pair = weak and (following.casefold() in WEAK_FURNITURE or is_furniture(following))
            if is_furniture(body) or weak > 1 or pair:
                return index
        if not labelled.style.quoted or self._is_open(last):
            return labelled.end
        for index in after:
            if standing_mark(page.lines[index].body, self._table) is None:
                return index
        return labelled.end

    def _last_quoted(self, last: int) -> int:
        """The last line from `last` on that opens or closes with a quotation mark."""
        found = last
        for index in self._page.visible(last + 1, self._labelled.end):
            body = self._page.lines[index].body
            if is_furniture(body):
                break
            if body[0] in OPENERS or body.rstrip("?!.,;:…")[-1:] in OPENERS or _closes(body):
                found = index
        return found

    def _is_open(self, index: int) -> bool:
        """Whether the turn that a line belongs to leaves its quotation mark open at that line."""
        hit = self._labelled.hits.get(index)
        line = self._page.lines[index]
        text = line.text[hit.rest if hit else line.start : line.end]
        found = shape(text)
        if found is Shape.NONE:
            return not _closes(text)
        return found is Shape.OPEN and not _closes(text)


def _closes(text: str) -> bool:
    return text.rstrip("?!.,;:…")[-1:] in ('"', "”", "“", "»", "«", "」", "』") and len(text) > 1


def with_speakers(
    body: Sequence[RecordTurn | StandingMark], keys: dict[str, str]
) -> tuple[RecordTurn | StandingMark, ...]:
    """The body with each turn's speaker set from its label. keys: speaker key by label."""
    return tuple(
        replace(item, speaker=keys.get(item.label))
        if isinstance(item, RecordTurn) and item.label is not None
        else item
        for item in body
    )
