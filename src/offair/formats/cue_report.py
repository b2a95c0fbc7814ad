"""What every reader of caption files says in the same words: cues made of drafts, and the report.

Captions come from strangers: times run backwards or are missing, letters turn the direction of a
line round, a file has ten million lines. Nothing is dropped without a remark, and what a report
would drown in is counted.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from offair.formats.labels import split_label
from offair.formats.record_cues import flatten
from offair.model.errors import BadInput
from offair.model.record import Caution, Remark, Severity
from offair.model.time import Ms, Span
from offair.model.transcript import Cue

MOST_CUES = 200_000
"""A file with more captions is refused: a day of them has about 30 000."""
MOST_LINES = 2_000_000
"""A text file with more lines is refused."""
OPEN_CUE_MS: Ms = 5_000
"""How long a caption stands that has no end and none after it."""

_MOST_REMARKS = 1_000
_LONGEST_TEXT = 2_000
_LONG_MS: Ms = 600_000
# Tab and line ends are white space; what else is a control is no letter in any script.
_CONTROL_RE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
# Overrides print letters in another order than they are read; marks and isolates do not.
_OVERRIDE_RE = re.compile("[\u202d\u202e]")


@dataclass(frozen=True, slots=True)
class Draft:
    """A caption as it stands in a file: times in ms, perhaps backwards, negative or without end.

    place: the line it begins in, from 1, or None in a file without lines.
    """

    place: int | None
    start: Ms
    end: Ms | None
    text: str
    speaker: str | None = None


@dataclass(slots=True)
class Report:
    """The remarks of a reading; after `_MOST_REMARKS` they are only counted."""

    remarks: list[Remark] = field(default_factory=list)
    more: int = 0

    def add(self, severity: Severity, message: str, place: int | None, text: str = "") -> None:
        """One remark; `text` is what stands there."""
        if len(self.remarks) >= _MOST_REMARKS:
            self.more += 1
            return
        self.remarks.append(Remark(severity, message, place, text[:_LONGEST_TEXT]))

    def note(self, message: str, place: int | None = None, text: str = "") -> None:
        """Something an editor may like to know."""
        self.add(Severity.NOTE, message, place, text)

    def doubt(self, message: str, place: int | None = None, text: str = "") -> None:
        """Something read in one of several ways."""
        self.add(Severity.DOUBT, message, place, text)

    def unexplained(self, message: str, place: int | None = None, text: str = "") -> None:
        """Something left out because no rule explains it."""
        self.add(Severity.UNEXPLAINED, message, place, text)

    def closed(self) -> tuple[Remark, ...]:
        """All remarks by place, with the number of those that are only counted."""
        if self.more:
            message = f"{self.more} more remarks were left out of this report"
            self.remarks.append(Remark(Severity.DOUBT, message))
            self.more = 0
        return tuple(sorted(self.remarks, key=lambda one: one.line or 0))


def refuse_too_many(count: int, source: str) -> None:
    """Raises `BadInput` where a file has more captions than a day could hold."""
    if count > MOST_CUES:
        raise BadInput(
            f"{source}: holds more than {MOST_CUES} captions, more than days of them; "
            "it is damaged or hostile: give one programme's file"
        )


def refuse_too_long(lines: int, source: str) -> None:
    """Raises `BadInput` where a text file has more lines than days of captions."""
    if lines > MOST_LINES:
        raise BadInput(
            f"{source}: has more than {MOST_LINES} lines, more than days of captions; it is "
            "damaged or hostile: give one programme's file"
        )


def numbered_lines(text: str, source: str) -> Iterator[tuple[int, str]]:
    """The lines of a file with their numbers from 1, whatever ends them.

    Raises `BadInput` where there are more than `MOST_LINES`.
    """
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        refuse_too_long(number, source)
        yield number, line.rstrip("\n")


def clean(text: str) -> str:
    """Caption text without control characters and overrides of direction, lines trimmed."""
    return flatten(_OVERRIDE_RE.sub("", _CONTROL_RE.sub("", text)))


def harmless(cues: Sequence[Cue]) -> tuple[tuple[Cue, ...], tuple[Remark, ...]]:
    """Cues without control characters and overrides of direction, each change reported.

    For cues whose reader leaves them in: SRT, WebVTT, tracks inside a container.
    """
    report, result = Report(), []
    for cue in cues:
        text = clean(cue.text)
        speaker = " ".join(clean(cue.speaker).split()) or None if cue.speaker else None
        if (text, speaker) != (cue.text, cue.speaker):
            report.doubt(
                "control characters or overrides of direction were taken out of the text",
                None,
                cue.text,
            )
        if text:
            result.append(Cue(cue.span, text, speaker))
    return tuple(result), report.closed()


def cues_of(
    drafts: Sequence[Draft], report: Report, *, source: str, kind: str
) -> tuple[tuple[Cue, ...], tuple[Remark, ...]]:
    """The cues of a file's drafts, in the file's order, and the whole report of the reading.

    The speaker is the draft's, else a label before a colon. A caption without end stands until
    the next one starts. `kind` names the format in a refusal: `an EBU-STL file`. Raises `BadInput`
    where nothing can be read.
    """
    refuse_too_many(len(drafts), source)
    cues = []
    for draft, end in zip(drafts, _ends(drafts), strict=True):
        text = _take_notice(_cleaned(draft, report), draft, report)
        if not text:
            report.note("the caption has no words and is left out", draft.place, draft.text)
            continue
        start, end = _placed(draft, end, report)
        speaker = " ".join(clean(draft.speaker or "").split()) or None
        found = split_label(text) if speaker is None else None
        if found is not None and found[1].strip():
            speaker, text = found
        cues.append(Cue(Span(start, end), text, speaker))
    _report_order(drafts, report)
    remarks = report.closed()
    if not cues:
        first = next((one for one in remarks if one.severity is not Severity.NOTE), None)
        first = first or next(iter(remarks), None)
        where = f"line {first.line}: " if first and first.line else ""
        reason = f" ({where}{first.message})" if first else ""
        raise BadInput(f"{source}: holds no caption that can be read{reason}; give {kind}")
    return tuple(cues), remarks


def _ends(drafts: Sequence[Draft]) -> Iterable[Ms]:
    for number, draft in enumerate(drafts):
        if draft.end is not None:
            yield draft.end
        elif number + 1 < len(drafts) and drafts[number + 1].start > draft.start:
            yield drafts[number + 1].start
        else:
            yield draft.start + OPEN_CUE_MS


def _cleaned(draft: Draft, report: Report) -> str:
    if _CONTROL_RE.search(draft.text):
        report.note("control characters were taken out of the text", draft.place, draft.text)
    if _OVERRIDE_RE.search(draft.text):
        report.doubt(
            "marks that turn the order of letters round were taken out; look at the original",
            draft.place,
            draft.text,
        )
    return clean(draft.text)


def _take_notice(text: str, draft: Draft, report: Report) -> str:
    first, _, rest = text.partition("\n")
    caution = Caution.read_bracketed(first.strip())
    if caution is None:
        return text
    report.doubt(f"the file says {caution.meaning}", draft.place, first)
    return rest


def _placed(draft: Draft, end: Ms, report: Report) -> tuple[Ms, Ms]:
    start = draft.start
    if start < 0:
        report.doubt("the caption starts before 0; it is put at 0", draft.place, draft.text)
        start = 0
    if draft.end is None:
        report.note("the caption has no end; it stands until the next", draft.place, draft.text)
    elif end < draft.start:
        report.doubt(
            "the caption ends before it starts; it keeps its start and has no length",
            draft.place,
            draft.text,
        )
    elif end - start > _LONG_MS:
        report.doubt("the caption stands longer than ten minutes", draft.place, draft.text)
    return start, max(start, end)


def _report_order(drafts: Sequence[Draft], report: Report) -> None:
    latest_start, latest_end = 0, 0
    for draft in drafts:
        if draft.start < latest_start:
            report.doubt("the caption starts before the caption above it", draft.place, draft.text)
        elif draft.start < latest_end:
            report.note(
                "the caption starts before the caption above it has ended", draft.place, draft.text
            )
        latest_start = max(latest_start, draft.start)
        latest_end = max(latest_end, draft.end or 0)
