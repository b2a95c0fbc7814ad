"""Word files as records and transcripts: our own by their styles, others by their words.

The package is weighed and opened as an article from Word is: bombs, document types and packages of
another kind are refused, macros are never run, nothing outside the file is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from offair.formats import article_docx, article_html, record_text
from offair.formats import record_docx_styles as styles
from offair.formats.record_roles import kind_of_label
from offair.model.article import BlockKind
from offair.model.errors import BadInput
from offair.model.record import (
    Caution,
    Completeness,
    Paragraph,
    Reading,
    Record,
    RecordNumber,
    RecordSpeaker,
    RecordTurn,
    Remark,
    Severity,
    StandingMark,
)
from offair.model.time import MONTHS, DateKind, PartialDate
from offair.model.transcript import Mark

Styled = tuple[str, tuple[tuple[str, str], ...]]
"""A paragraph: the name of its style, and its runs as (character style, words)."""

_KICKER_RE = re.compile(
    r"Clip record (?P<series>[^#]*?) ?#(?P<printed>.+), edition (?P<edition>[0-9]{1,6})"
)
_NOTE_RE = re.compile(r"Note on edition \d+")
_CLOCK_RE = re.compile(r"(?:(\d+):)?(\d{2}):(\d{2})")
_DATE_RE = re.compile(
    r"(?:(?P<month>[A-Z][a-z]+) (?:(?P<day>\d{1,2}), )?)?(?P<year>\d{4})"
    r"(?:, (?P<time>\d\d:\d\d(?::\d\d)?) (?P<zone>\S.*))?"
)
_NOT_SPOKEN = frozenset((styles.SECTION, styles.CITATION, styles.ORIGINAL, styles.CONTENTS))
_MOST_REMARKS = 50
_SHARE_OF_EMPTY = 0.2


def read(data: bytes, *, source: str) -> Reading:
    """The record in a Word file: by its styles where offair wrote it, else as a printed record.

    Raises `BadInput` where the file is refused, is a bulletin of several records, or holds neither
    a record's header nor speakers' labels.
    """
    ours = read_ours(data, source=source)
    if ours is not None:
        return ours
    text, remarks = words(data, source=source)
    found = record_text.read(text, source=source)
    return Reading(found.record, found.layout, (*remarks, *found.report))


def read_ours(data: bytes, *, source: str) -> Reading | None:
    """The record in a Word file that offair wrote; None where another program did."""
    paragraphs = article_docx.read_styled(data, source=source)
    used = [style for style, _ in paragraphs]
    if styles.TURN not in used and styles.SPEECH not in used:
        return None
    if used.count(styles.HEADLINE) > 1:
        raise BadInput(
            f"{source}: is a bulletin of {used.count(styles.HEADLINE)} records; give each record "
            "in a file of its own"
        )
    reader = _Reader()
    for style, runs in paragraphs:
        reader.take(style, runs)
    return reader.finished()


def words(data: bytes, *, source: str) -> tuple[str, tuple[Remark, ...]]:
    """The words of any Word file as a text of lines, and what was not read. Raises `BadInput`."""
    found = article_docx.read_blocks(data, source=source)
    return _lines(found.blocks, source), _said(found.remarks)


def pasted_words(data: bytes, *, source: str) -> tuple[str, tuple[Remark, ...]]:
    """The words of HTML as Word, Outlook or a browser puts it on the clipboard, as a text of lines,
    and what was not read. Raises `BadInput`."""
    blocks, remarks = article_html.read_blocks(data, source=source)
    return _lines(blocks, source), _said(remarks)


def _lines(blocks: Sequence[tuple[str, BlockKind]], source: str) -> str:
    """Blocks as paragraphs; where the file itself parts them by empty ones, as lines."""
    clean = [_clean(text) for text, _ in blocks]
    if not any(clean):
        raise BadInput(f"{source}: holds no words; give a file with a transcript in it")
    empty = sum(not one for one in clean[:-1])
    if empty >= len(clean) * _SHARE_OF_EMPTY:
        return "\n".join(clean).strip("\n") + "\n"
    return "\n\n".join(one for one in clean if one) + "\n"


def _clean(text: str) -> str:
    """Spaces single, no-break spaces spaces; line breaks inside a paragraph stay."""
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


def _said(remarks: Sequence[str]) -> tuple[Remark, ...]:
    return tuple(Remark(Severity.NOTE, one) for one in remarks)


@dataclass(slots=True)
class _Turn:
    """A turn while it is read."""

    label: str | None
    name: str | None
    origin: str
    heard: bool
    parts: list[Paragraph | StandingMark] = field(default_factory=list)


class _Reader:
    """The parts of a record by the styles of its paragraphs."""

    def __init__(self) -> None:
        self.number: RecordNumber | None = None
        self.edition = 0
        self.headline: str | None = None
        self.caution: Caution | None = None
        self.facts: dict[str, str] = {}
        self.summary: list[Paragraph] = []
        self.body: list[_Turn | StandingMark] = []
        self.remarks: list[Remark] = []
        self.translation = False

    def take(self, style: str, runs: Sequence[tuple[str, str]]) -> None:
        """One paragraph more."""
        text = "".join(said for _, said in runs)
        if style == styles.KICKER:
            self._kicker(text)
        elif style == styles.HEADLINE:
            self.headline = text
        elif style == styles.NOTICE:
            self.caution = Caution.read(text.strip())
        elif style == styles.FACT:
            name, _, value = text.partition(": ")
            self.facts["Note" if _NOTE_RE.fullmatch(name) else name] = value
        elif style == styles.SUMMARY:
            self.summary.append(_paragraph(runs))
        elif style == styles.TURN:
            self.body.append(_turn(runs))
        elif style == styles.SPEECH:
            self._speech(runs)
        elif style == styles.STANDING:
            self._standing(runs)
        elif style in _NOT_SPOKEN:
            self.translation |= style == styles.SECTION and text == "Transcript in translation"
        elif text.strip():
            self._unknown(style, runs, text)

    def _kicker(self, text: str) -> None:
        found = _KICKER_RE.fullmatch(text)
        if found is not None:
            self.number = RecordNumber(found["series"], found["printed"])
            self.edition = int(found["edition"])

    def _speech(self, runs: Sequence[tuple[str, str]]) -> None:
        if not self.body or isinstance(self.body[-1], StandingMark):
            self.body.append(_Turn(None, None, "person", heard=False))
        last = self.body[-1]
        assert isinstance(last, _Turn)  # noqa: S101 - put there two lines above
        last.parts.append(_paragraph(runs))

    def _standing(self, runs: Sequence[tuple[str, str]]) -> None:
        text = "".join(said for _, said in runs)
        named = next((styles.MARK_STYLES[name] for name, _ in runs if name in styles.MARK_STYLES),
                     None)  # fmt: skip
        if named is None:
            self._unknown(styles.STANDING, runs, text)
            return
        mark = StandingMark(Mark(named[0], 0, len(text), text, None, named[1]))
        last = self.body[-1] if self.body else None
        if isinstance(last, _Turn) and last.parts:
            last.parts.append(mark)
        else:
            self.body.append(mark)

    def _unknown(self, style: str, runs: Sequence[tuple[str, str]], text: str) -> None:
        """A paragraph in a style of somebody else's: speech once the transcript has begun."""
        spoken = bool(self.body)
        if spoken:
            self._speech(runs)
        if len(self.remarks) < _MOST_REMARKS:
            said = "read as speech of the turn above" if spoken else "not read"
            self.remarks.append(
                Remark(
                    Severity.DOUBT if spoken else Severity.UNEXPLAINED,
                    f"a paragraph in the style {style or '(none)'!r}, {said}",
                    text=text,
                )
            )

    def finished(self) -> Reading:
        """The record of what was taken."""
        speakers: dict[str, RecordSpeaker] = {}
        body: list[RecordTurn | StandingMark] = []
        for item in self.body:
            if isinstance(item, StandingMark):
                body.append(item)
                continue
            key = _speaker(item, speakers)
            number = sum(isinstance(one, RecordTurn) for one in body) + 1
            body.append(
                RecordTurn(
                    f"t{number}", item.label, key, tuple(item.parts), None, item.origin, item.heard
                )
            )
        record = self._record(tuple(speakers.values()), tuple(body))
        return Reading(record, record_text.layout_for(record), tuple(self.remarks))

    def _record(
        self,
        speakers: tuple[RecordSpeaker, ...],
        body: tuple[RecordTurn | StandingMark, ...],
    ) -> Record:
        facts = self.facts
        kinds = {kind.value.capitalize(): kind for kind in DateKind}
        aired = next((_date(facts[name], kinds[name]) for name in facts if name in kinds), None)
        language = facts.get("Language of the text", "und")
        return Record(
            number=self.number,
            edition=self.edition,
            date=_date(facts.get("Date", ""), DateKind.PUBLISHED),
            aired=aired,
            headline=self.headline,
            run_time_ms=_run_time(facts.get("Run time", "")),
            channel=facts.get("Channel"),
            country=facts.get("Country"),
            summary=tuple(self.summary),
            speakers=speakers,
            body=body,
            completeness=Completeness.COMPLETE
            if facts.get("Extent") == Completeness.COMPLETE.value
            else Completeness.EXCERPTS,
            language=language,
            original_language=facts.get("Language of the broadcast", "und"),
            kind="translation" if self.translation else "speech",
            translator=facts.get("Translator"),
            checked=self.caution is None or self.caution.notice is None,
            note=facts.get("Note"),
            stale=self.caution.stale if self.caution else 0,
        )


def _turn(runs: Sequence[tuple[str, str]]) -> _Turn:
    label = "".join(said for style, said in runs if style == styles.SPEAKER)
    full = "".join(said for style, said in runs if style == styles.FIELD)
    tags = "".join(said for style, said in runs if style == styles.TAG)
    known = (("machine", "machine"), ("imported", "import"), ("captions", "broadcaster"))
    said = tags.removeprefix(" – ")
    origin = next((value for word, value in known if said.startswith(word)), "person")
    name = full.removeprefix(" (").removesuffix(")") if full else label
    return _Turn(label or None, name or None, origin, heard="heard by a person" in tags)


def _speaker(turn: _Turn, speakers: dict[str, RecordSpeaker]) -> str | None:
    """The key of who speaks, known already or new."""
    if turn.name is None:
        return None
    label = turn.label or turn.name
    known = speakers.get(turn.name)
    if known is None:
        known = RecordSpeaker(f"s{len(speakers) + 1}", turn.name, kind_of_label(turn.name))
    if label not in known.forms:
        known = RecordSpeaker(known.key, known.name, known.kind, (*known.forms, label))
    speakers[turn.name] = known
    return known.key


def _paragraph(runs: Sequence[tuple[str, str]]) -> Paragraph:
    """Words with their marks; runs of one style side by side are one mark."""
    text = ""
    marks: list[Mark] = []
    last: str | None = None
    for style, said in runs:
        start, text = len(text), text + said
        named = styles.MARK_STYLES.get(style)
        if named is not None:
            begin = marks.pop().char_start if style == last else start
            marks.append(Mark(named[0], begin, len(text), text[begin:], None, named[1]))
        last = style if named is not None else None
    return Paragraph(text, tuple(marks))


def _date(text: str, kind: DateKind) -> PartialDate | None:
    """A date as the header has it in words; None where somebody wrote it otherwise."""
    found = _DATE_RE.fullmatch(text)
    if found is None or found["month"] not in (None, *MONTHS):
        return None
    value = found["year"]
    if found["month"] is not None:
        value += f"-{MONTHS.index(found['month']) + 1:02}"
    if found["day"] is not None:
        value += f"-{int(found['day']):02}"
    if found["time"] is not None:
        zone = {"UTC": "Z", "local time": ""}.get(found["zone"], found["zone"])
        value += f"T{found['time']}{zone}"
    try:
        return PartialDate.parse(value, kind)
    except ValueError:
        return None


def _run_time(text: str) -> int | None:
    found = _CLOCK_RE.fullmatch(text)
    if found is None:
        return None
    return ((int(found[1] or 0) * 60 + int(found[2])) * 60 + int(found[3])) * 1000
