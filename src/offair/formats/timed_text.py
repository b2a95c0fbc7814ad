"""Caption files, SRT and WebVTT, as cues with their speakers, and everything doubtful in them.

WebVTT blocks are parsed by webvtt-py, which follows W3C's parser; SRT blocks are parsed here,
because both libraries at hand lose words there without a sign: a clock time without a fraction
takes its cue with it, and a line that is only a number is taken for the next cue's counter.
What either parser passes over is found by a census of the lines and put into the remarks.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import webvtt

from offair.formats.cue_report import refuse_too_long, refuse_too_many
from offair.formats.decoding import decode
from offair.formats.labels import split_label
from offair.formats.record_cues import flatten
from offair.model.errors import BadInput
from offair.model.record import Caution, Remark, Severity
from offair.model.time import Ms, Span
from offair.model.transcript import Cue

_CLOCK = r"(?:(\d{1,10}):)?(\d{1,2}):(\d{1,2})(?:[,.](\d+))?"
_CLOCK_RE = re.compile(_CLOCK)
_TIMING_RE = re.compile(rf"\s*({_CLOCK})\s*-->\s*({_CLOCK})(?=\s|$)(.*)", re.S)
_LIKE_TIMING_RE = re.compile(r"\s*[-\d][-\d:.,\s]*-->")
_COUNTER_RE = re.compile(r"\s*\d{1,10}\s*")
_LINE_END_RE = re.compile(r"\r\n|\r|\n")
_SRT_TAG_RE = re.compile(r"</?(?:b|i|u|s|em|strong|font)(?:\s[^<>]*)?>|\{\\[^{}]*\}", re.I)
_SRT_REFERENCES = {
    "&lt;": "<",
    "&gt;": ">",
    "&amp;": "&",
    "&nbsp;": "\N{NO-BREAK SPACE}",
    "&quot;": '"',
    "&#123;": "{",
}
_SRT_REFERENCE_RE = re.compile("|".join(_SRT_REFERENCES), re.I)
_VTT_TAG_RE = re.compile(r"<(/?(?:[A-Za-z][^<>]*)?|\d[\d:.]*)>")
_VTT_OTHER_BLOCK_RE = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)|Region:")


@dataclass(frozen=True, slots=True)
class _Block:
    """A timing line and the text under it; `line` is 1-based. Times may run backwards."""

    line: int
    start: Ms
    end: Ms
    text: str


def read(
    data: bytes, *, source: str, encoding: str | None = None
) -> tuple[tuple[Cue, ...], tuple[Remark, ...]]:
    """The cues of an SRT or WebVTT file, in the file's order, and the report of the reading.

    The format is told by the content. Markup is removed and references resolved; the speaker is
    the voice of a `<v Name>` or a label before a colon. A cue with several voices is one cue for
    each, with the same span. A cue that ends before it starts keeps its start and has no length.
    The notice of our own exports is reported, not read as speech. Raises `BadInput` where the
    bytes are not text of `encoding`, or no cue can be read.
    """
    text = decode(data, source=source, encoding=encoding)
    lines = _LINE_END_RE.split(text)
    remarks: list[Remark] = []
    refuse_too_long(len(lines), source)
    refuse_too_many(sum("-->" in line for line in lines), source)
    if re.match(r"WEBVTT(?:[ \t]|$)", lines[0]):
        blocks = _vtt_blocks(lines, remarks)
        cues = [cue for block in blocks for cue in _vtt_cues(block, remarks)]
    elif source.lower().endswith(".vtt"):
        raise BadInput(
            f"{source}: does not open with WEBVTT, as every WebVTT file must; "
            "add that line, or give the file its right suffix"
        )
    else:
        blocks = _srt_blocks(lines, remarks)
        cues = [cue for block in blocks for cue in _srt_cues(block, remarks)]
    if not cues:
        reason = f" (line {remarks[0].line}: {remarks[0].message})" if remarks else ""
        raise BadInput(
            f"{source}: holds no caption that can be read{reason}; give an SRT or WebVTT file"
        )
    _check_times(blocks, remarks)
    return tuple(cues), tuple(sorted(remarks, key=lambda remark: remark.line or 0))


def _ms(clock: str) -> Ms | None:
    """A clock time in ms, its fraction read as a decimal one; None where no clock shows it."""
    match = _CLOCK_RE.fullmatch(clock)
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    if int(minutes) > 59 or int(seconds) > 59:
        return None
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "0")[:3].ljust(3, "0"))


def _timing(line: str) -> tuple[Ms, Ms] | None:
    match = _TIMING_RE.match(line)
    if match is None:
        return None
    start, end = _ms(match[1]), _ms(match[6])
    return None if start is None or end is None else (start, end)


def _srt_blocks(lines: list[str], remarks: list[Remark]) -> list[_Block]:
    """The cues of an SRT file: a timing line, and all lines up to the next one's counter."""
    blocks: list[_Block] = []
    heads = [
        index for index, line in enumerate(lines) if "-->" in line and _LIKE_TIMING_RE.match(line)
    ]
    if not heads:
        return blocks
    before = _without_counter(lines[: heads[0]], 1)
    if flatten("\n".join(before)):
        remarks.append(_unexplained("stands before the first caption", 1, before))
    for number, head in enumerate(heads, start=1):
        following = heads[number] if number < len(heads) else len(lines)
        body = lines[head + 1 : following]
        if following < len(lines):
            body = _without_counter(body, number + 1)
        timing = _timing(lines[head])
        if timing is None:
            remarks.append(
                _unexplained(
                    "has no time that can be read, so its caption is left out",
                    head + 1,
                    [lines[head], *body],
                )
            )
            continue
        blocks.append(_Block(head + 1, *timing, "\n".join(body)))
    return blocks


def _without_counter(lines: list[str], expected: int) -> list[str]:
    """The lines without the counter of the cue after them, where the last one is a counter.

    A number right under words is the counter only where it is the one that is due.
    """
    if not lines or not _COUNTER_RE.fullmatch(lines[-1]):
        return lines
    alone = len(lines) == 1 or not lines[-2].strip()
    return lines[:-1] if alone or int(lines[-1]) == expected else lines


def _srt_cues(block: _Block, remarks: list[Remark]) -> Iterator[Cue]:
    plain = _SRT_TAG_RE.sub("", _take_notice(flatten(block.text), block.line, remarks))
    text = flatten(
        _SRT_REFERENCE_RE.sub(lambda found: _SRT_REFERENCES[found.group().lower()], plain)
    )
    if not text:
        remarks.append(_empty(block))
        return
    yield _labelled(block, text)


def _vtt_blocks(lines: list[str], remarks: list[Remark]) -> list[_Block]:
    """The cues of a WebVTT file as webvtt-py finds them, each with its line; the rest reported."""
    mended = _mend_timings(lines, remarks)
    captions = webvtt.from_string("\n".join(mended)).captions
    blocks: list[_Block] = []
    for first, block in _paragraphs(mended):
        heads = [index for index, line in enumerate(block) if "-->" in line]
        # One line right above a timing is the cue's name; the file's first line never is.
        named = bool(heads) and heads[0] == 1 and first > 1
        _report_beside(first, block[: 0 if named else heads[0] if heads else None], remarks)
        for index in heads:
            timing = _timing(block[index])
            caption = captions[len(blocks)] if len(blocks) < len(captions) else None
            if caption is not None and timing == (
                caption.start_time.in_milliseconds(),
                caption.end_time.in_milliseconds(),
            ):
                blocks.append(_Block(first + index, *timing, caption.raw_text))
            else:
                remarks.append(
                    _unexplained(
                        "has no time that can be read, so its caption is left out",
                        first + index,
                        block[index : next((n for n in heads if n > index), len(block))],
                    )
                )
    return blocks


def _report_beside(first: int, lines: list[str], remarks: list[Remark]) -> None:
    """Report lines of a WebVTT file that belong to no cue: its header, comments, stray text."""
    if first == 1:
        lines = lines[1:]
        message = "the file's header, which is not speech"
    elif lines and _VTT_OTHER_BLOCK_RE.match(lines[0]):
        message = "a comment or style of the file, which is not speech"
    elif lines:
        remarks.append(_unexplained("stands outside of any caption", first, lines))
        return
    if lines:
        line = first + 1 if first == 1 else first
        remarks.append(Remark(Severity.NOTE, message, line, "\n".join(lines)))


def _mend_timings(lines: list[str], remarks: list[Remark]) -> list[str]:
    """Timing lines with the full stop and the three digits that WebVTT wants, each reported."""
    mended = []
    for number, line in enumerate(lines, start=1):
        match = _TIMING_RE.match(line) if "-->" in line else None
        timing = _timing(line) if match else None
        if match is None or timing is None:
            mended.append(line)
            continue
        if not re.fullmatch(r"[\d:]+\.\d{3}", match[1]) or not re.fullmatch(
            r"[\d:]+\.\d{3}", match[6]
        ):
            remarks.append(
                Remark(
                    Severity.NOTE,
                    "the time is not written as WebVTT wants it; its fraction is read as decimal",
                    number,
                    line,
                )
            )
        mended.append(f"{_clock_of(timing[0])} --> {_clock_of(timing[1])}{match[11]}")
    return mended


def _clock_of(ms: Ms) -> str:
    seconds, thousandths = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"


def _paragraphs(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines between empty ones, each with the number of its first line."""
    start = 0
    for index in range(len(lines) + 1):
        if index == len(lines) or not lines[index]:
            if index > start:
                yield start + 1, lines[start:index]
            start = index + 1


def _vtt_cues(block: _Block, remarks: list[Remark]) -> Iterator[Cue]:
    spoken = [
        (voice, text)
        for voice, text in _voices(_take_notice(block.text, block.line, remarks))
        if text
    ]
    if not spoken:
        remarks.append(_empty(block))
    for voice, text in spoken:
        if voice is None and len(spoken) == 1:
            yield _labelled(block, text)
        else:
            yield Cue(_span(block), text, voice)


def _voices(text: str) -> Iterator[tuple[str | None, str]]:
    """Stretches of one voice each: its name or None, and the text without markup."""
    voice: str | None = None
    stretch: list[str] = []
    position = 0
    for tag in _VTT_TAG_RE.finditer(text):
        stretch.append(html.unescape(text[position : tag.start()]))
        position = tag.end()
        name, _, annotation = tag[1].replace("\n", " ").replace("\t", " ").partition(" ")
        kind = name.partition(".")[0]
        if kind not in ("v", "/v"):
            continue
        said = " ".join(html.unescape(annotation).split()) or None if kind == "v" else None
        if said != voice:
            yield voice, flatten("".join(stretch))
            voice, stretch = said, []
    stretch.append(html.unescape(text[position:]))
    yield voice, flatten("".join(stretch))


def _labelled(block: _Block, text: str) -> Cue:
    found = split_label(text)
    if found is None or not found[1].strip():
        return Cue(_span(block), text)
    return Cue(_span(block), found[1], found[0])


def _span(block: _Block) -> Span:
    return Span(block.start, max(block.start, block.end))


def _take_notice(text: str, line: int, remarks: list[Remark]) -> str:
    first, _, rest = text.partition("\n")
    mark = first.strip()
    caution = Caution.read_bracketed(mark)
    if caution is None:
        return text
    remarks.append(Remark(Severity.DOUBT, f"the file says {caution.meaning}", line, mark))
    return rest


def _check_times(blocks: Iterable[_Block], remarks: list[Remark]) -> None:
    latest_start, latest_end = 0, 0
    for block in blocks:
        message = None
        if block.end < block.start:
            message = "ends before it starts; it keeps its start and has no length"
        elif block.start < latest_start:
            message = "starts before the caption above it"
        elif block.start < latest_end:
            message = "starts before the caption above it has ended"
        if message:
            severity = Severity.NOTE if message.endswith("ended") else Severity.DOUBT
            remarks.append(Remark(severity, f"the caption {message}", block.line, block.text))
        latest_start = max(latest_start, block.start)
        latest_end = max(latest_end, block.end)


def _unexplained(message: str, line: int, lines: list[str]) -> Remark:
    return Remark(Severity.UNEXPLAINED, f"the text {message}", line, "\n".join(lines).strip())


def _empty(block: _Block) -> Remark:
    return Remark(Severity.NOTE, "the caption has no words and is left out", block.line, block.text)
