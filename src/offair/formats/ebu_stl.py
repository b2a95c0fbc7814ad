"""EBU subtitling data exchange files (`.stl`; EBU Tech 3264) to cues.

ttconv was passed over as a reader: it drops captions before the programme's start, captions of no
length and blocks with a wrong time without a word, moves captions that overlap, and takes comments
for captions.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from offair.formats.cue_report import Draft, Report, cues_of, refuse_too_many
from offair.formats.frame_times import (
    NTSC,
    drop_frame_number,
    frame_ms,
    frame_number,
    is_dropped,
)
from offair.model.errors import BadInput
from offair.model.record import Remark
from offair.model.time import Ms
from offair.model.transcript import Cue

_GSI, _TTI = 1024, 128
_RATES = {b"23": 24, b"24": 24, b"25": 25, b"30": 30, b"50": 50}
_LAST_BLOCK, _RESERVED, _USER_DATA = 0xFF, range(0xF0, 0xFE), 0xFE
_COMMENT = 1
_NEW_LINE, _UNUSED = 0x8A, 0x8F
_LAST_CONTROL = 0x1F
_STYLE = range(0x80, 0x86)
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# ISO 6937 as Tech 3264, appendix 2, prints it; a space stands where nothing is defined.
_UPPER = (
    "\u00a0¡¢£$¥ §¤‘“«←↑→↓"
    "°±²³×µ¶·÷’”»¼½¾¿"
    "                "
    "―¹®©™♪¬¦    ⅛⅜⅝⅞"
    "ΩÆÐªĦ ĲĿŁØŒºÞŦŊŉ"
    "ĸæđðħıĳŀłøœßþŧŋ\u00ad"
)  # fmt: skip
_ACCENTS = {
    0xC1: "\u0300", 0xC2: "\u0301", 0xC3: "\u0302", 0xC4: "\u0303", 0xC5: "\u0304",
    0xC6: "\u0306", 0xC7: "\u0307", 0xC8: "\u0308", 0xCA: "\u030a", 0xCB: "\u0327",
    0xCD: "\u030b", 0xCE: "\u0328", 0xCF: "\u030c",
}  # fmt: skip
_TABLES = {b"01": "iso8859-5", b"02": "iso8859-6", b"03": "iso8859-7", b"04": "iso8859-8"}
# Tech 3264, appendix 3, as BCP 47 tags in the order of its codes.
_EUROPEAN = (
    "sq br ca hr cy cs da de en es eo et eu fo fr fy ga gd gl is it se la lv lb lt hu mt nl no oc "
    "pl pt ro rm sr sk sl fi sv tr nl wa"
)
_OTHERS = (
    "zu vi uz ur uk th te tt ta tg sw srn so si sn sh rue ru qu ps pa fa pap or ne nd mr mo ms mg "
    "mk lo ko km kk kn ja id hi he ha gn gu el ka ff prs cv zh my bg bn be bm az as hy ar am"
)
_LANGUAGES = {
    **dict(enumerate(_EUROPEAN.split(), start=0x01)),
    **dict(enumerate(_OTHERS.split(), start=0x45)),
}


def language(data: bytes) -> str | None:
    """The language that the file's header names, as a BCP 47 tag; None where it names none."""
    try:
        return _LANGUAGES.get(int(data[14:16], 16))
    except ValueError:
        return None


def read(
    data: bytes, *, source: str, encoding: str | None = None
) -> tuple[tuple[Cue, ...], tuple[Remark, ...]]:
    """The cues of an EBU-STL file, in the file's order, and the report of the reading.

    Times count from the programme's start that the header gives, unless captions stand before it.
    The header tells the characters; `encoding` is not asked. Raises `BadInput` where the header is
    not one, its characters or frame rate are unknown, or no caption can be read.
    """
    del encoding
    header = _Header.of(data, source)
    report = Report()
    blocks = _blocks(data, report, source)
    clock = _clock(header, blocks, report)
    drafts, pending = [], b""
    for number, block in blocks:
        extension, comment = block[3], block[15]
        if extension == _USER_DATA or extension in _RESERVED:
            report.note(f"block {number} holds a maker's own data, which is no caption")
            continue
        pending += _field(block)
        if extension != _LAST_BLOCK:
            continue
        text, pending = _text(pending, header.decoder, number, report), b""
        start, end = clock(block[5:9]), clock(block[9:13])
        if start is None or end is None:
            report.unexplained(f"block {number} has a time that no clock shows", None, text)
        elif comment == _COMMENT:
            report.note(f"block {number} is a comment, which is no caption", None, text)
        else:
            drafts.append(Draft(None, start, end, text))
    if pending:
        text = _text(pending, header.decoder, len(blocks), report)
        report.unexplained("the last caption goes on in a block that is missing", None, text)
    return cues_of(drafts, report, source=source, kind="an EBU-STL file")


@dataclass(frozen=True, slots=True)
class _Header:
    """What of the general information is needed. start: the programme's first code, or None."""

    base: int
    ntsc: bool
    decoder: Callable[[bytes], tuple[str, int]]
    start: tuple[int, int, int, int] | None

    @classmethod
    def of(cls, data: bytes, source: str) -> _Header:
        if len(data) < _GSI + _TTI or data[3:6] != b"STL":
            raise BadInput(
                f"{source}: does not open with the header of an EBU-STL file; give it its right "
                "suffix (Spruce STL, a text file, is not read)"
            )
        base = _RATES.get(data[6:8])
        if base is None:
            said = data[3:11].decode("ascii", "replace")
            raise BadInput(f"{source}: names the frame rate {said!r}, which is not known")
        table = data[12:14]
        if table == b"00":
            decoder: Callable[[bytes], tuple[str, int]] = _latin
        elif table in _TABLES:
            decoder = _decoder(_TABLES[table])
        else:
            said = table.decode("ascii", "replace")
            raise BadInput(
                f"{source}: names the character table {said!r}; known are 00 Latin, 01 Cyrillic, "
                "02 Arabic, 03 Greek and 04 Hebrew"
            )
        return cls(base, data[6:8] in (b"23", b"30"), decoder, _programme_start(data[256:264]))


def _programme_start(code: bytes) -> tuple[int, int, int, int] | None:
    if len(code) != 8 or not code.isdigit():
        return None
    hours, minutes, seconds, frames = (int(code[at : at + 2]) for at in range(0, 8, 2))
    return hours, minutes, seconds, frames


def _decoder(name: str) -> Callable[[bytes], tuple[str, int]]:
    decoder = codecs.getdecoder(name)

    def decode(data: bytes) -> tuple[str, int]:
        text, _ = decoder(data, "replace")
        return text, text.count(_REPLACEMENT)

    return decode


def _latin(data: bytes) -> tuple[str, int]:
    """ISO 6937: an accent stands before its letter. The text, and how many bytes are undefined."""
    letters, wrong, at = [], 0, 0
    while at < len(data):
        byte = data[at]
        at += 1
        if byte < 0x80:
            letters.append(chr(byte))
        elif byte in _ACCENTS and at < len(data) and 0x20 < data[at] < 0x7F:
            letters.append(unicodedata.normalize("NFC", chr(data[at]) + _ACCENTS[byte]))
            at += 1
        elif byte >= 0xA0 and _UPPER[byte - 0xA0] != " ":
            letters.append(_UPPER[byte - 0xA0])
        else:
            letters.append(_REPLACEMENT)
            wrong += 1
    return "".join(letters), wrong


def _blocks(data: bytes, report: Report, source: str) -> list[tuple[int, bytes]]:
    body = data[_GSI:]
    count = len(body) // _TTI
    refuse_too_many(count, source)
    if len(body) % _TTI:
        report.unexplained(f"the last {len(body) % _TTI} bytes are no whole block and are left out")
    announced = data[238:243].strip()
    if announced.isdigit() and int(announced) != count:
        report.doubt(f"the header announces {int(announced)} blocks and {count} are there")
    return [(number + 1, body[number * _TTI : (number + 1) * _TTI]) for number in range(count)]


def _clock(
    header: _Header, blocks: list[tuple[int, bytes]], report: Report
) -> Callable[[bytes], Ms | None]:
    """From the four bytes of a time code to media time, None where no clock shows it."""
    codes = [block[at : at + 4] for _, block in blocks for at in (5, 9)]
    drops = header.base == 30 and not any(is_dropped(*code[1:4]) for code in codes)
    if header.base == 30:
        how = "dropping frame numbers" if drops else "30 frames to each second of the clock"
        report.note(f"the format does not say how 29.97 Hz is counted; its codes are read as {how}")

    def ms(hours: int, minutes: int, seconds: int, frames: int) -> Ms | None:
        if hours > 23 or minutes > 59 or seconds > 59 or frames >= header.base:
            return None
        if drops:
            return frame_ms(drop_frame_number(hours, minutes, seconds, frames), NTSC)
        number = frame_number(hours, minutes, seconds, frames, base=header.base)
        return frame_ms(number, Fraction(header.base))

    zero = ms(*header.start) if header.start else None
    if zero is None:
        report.note("the header gives no start of the programme; times count from 0")
        zero = 0
    shown = [
        at for _, block in blocks if block[3] == _LAST_BLOCK and (at := ms(*block[5:9])) is not None
    ]
    if zero and sum(at < zero for at in shown) * 2 > len(shown):
        report.doubt(
            f"most captions stand before the start of the programme that the header gives "
            f"({zero / 1000:g} s); times are kept as written"
        )
        zero = 0
    elif zero:
        report.note(f"times count from the start of the programme, {zero / 1000:g} s")

    def placed(code: bytes) -> Ms | None:
        at = ms(*code)
        return None if at is None else at - zero

    return placed


def _field(block: bytes) -> bytes:
    """A block's text, which unused bytes end."""
    text = block[16:]
    end = text.find(_UNUSED)
    return text if end < 0 else text[:end]


def _text(
    data: bytes, decoder: Callable[[bytes], tuple[str, int]], number: int, report: Report
) -> str:
    """The words: teletext's attributes take a space's place, open subtitles' take none."""
    lines: list[str] = []
    wrong = 0
    for line in data.split(bytes((_NEW_LINE,))):
        letters = bytearray()
        for byte in line:
            if byte <= _LAST_CONTROL:
                letters.append(0x20)
            elif byte < 0x80 or byte >= 0xA0:
                letters.append(byte)
            elif byte not in _STYLE:
                wrong += 1
        text, undefined = decoder(bytes(letters))
        wrong += undefined
        lines.append(" ".join(text.split(" ")))
    said = "\n".join(" ".join(line.split()) for line in lines)
    if wrong:
        report.doubt(
            f"block {number} holds {wrong} bytes that its table does not define", None, said
        )
    return said
