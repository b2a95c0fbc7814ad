"""Reference files beside a sound: texts, word times (CTM, JSON), line times, voices (RTTM), UEM.

A line that cannot be read is refused with its number; nothing of a reference is passed over.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from offair.desk.evidence import printable, read_caption_file, text_bytes
from offair.evaluation.material import KnownLine, KnownWord
from offair.model.errors import BadInput
from offair.model.time import Ms, Span
from offair.model.transcript import VoiceSpan
from offair.text.normalise import word_set
from offair.text.scripts import script_name, script_of, scripts_of

_RTTM_OTHER = word_set(
    "SEGMENT NOSCORE NO_RT_METADATA SPKR-INFO NON-LEX NON-SPEECH FILLER EDIT IP SU CB A/P LEXEME"
)
"""Types of the Rich Transcription Time Mark format that say nothing of who speaks when
(NIST RT-09 evaluation plan, appendix A)."""
_NOTHING = frozenset(("<NA>", "NA", "-"))
_LATEST_S = 10_000_000.0
_LETTERS_TO_JUDGE = 8


def text(path: Path) -> str:
    """A UTF-8 text, with or without a byte order mark. Raises `BadInput`, `NotFound`."""
    try:
        return text_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{printable(path)} is not UTF-8 (byte {error.start}); save it as UTF-8"
        ) from error


def rttm(path: Path) -> dict[str, tuple[VoiceSpan, ...]]:
    """Who speaks when, by file name in the RTTM, in its order.

    Raises `BadInput` naming the line that cannot be read.
    """
    found: dict[str, list[VoiceSpan]] = {}
    for number, fields in _lines(path, ";"):
        if fields[0] in _RTTM_OTHER:
            continue
        if fields[0] != "SPEAKER" or not 9 <= len(fields) <= 10:
            raise _bad(
                path, number, "is no RTTM line: SPEAKER, file, channel, start, length, two"
                " unused, name, one or two unused",
            )  # fmt: skip
        start = _seconds(path, number, fields[3])
        end = start + _seconds(path, number, fields[4])
        found.setdefault(fields[1], []).append(VoiceSpan(Span(start, end), fields[7]))
    return {name: tuple(spans) for name, spans in found.items()}


def uem(path: Path) -> dict[str, tuple[Span, ...]]:
    """The spans that a reference speaks of, by file name. Raises `BadInput` naming the line."""
    found: dict[str, list[Span]] = {}
    for number, fields in _lines(path, ";"):
        if len(fields) != 4:
            raise _bad(path, number, "is no UEM line: file, channel, start, end")
        found.setdefault(fields[0], []).append(_span(path, number, fields[2], fields[3]))
    return {name: tuple(spans) for name, spans in found.items()}


def ctm(path: Path) -> dict[str, tuple[KnownWord, ...]]:
    """Words with times, by file name, in order of time. Raises `BadInput` naming the line."""
    found: dict[str, list[KnownWord]] = {}
    for number, fields in _lines(path, ";;"):
        if not 5 <= len(fields) <= 8:
            raise _bad(path, number, "is no CTM line: file, channel, start, length, word")
        start = _seconds(path, number, fields[2])
        end = start + _seconds(path, number, fields[3])
        said = fields[7] if len(fields) == 8 and fields[7] not in _NOTHING else None
        found.setdefault(fields[0], []).append(KnownWord(fields[4], start, end, said))
    return {name: tuple(sorted(words, key=_start)) for name, words in found.items()}


def words_json(path: Path) -> tuple[KnownWord, ...]:
    """A list of `{"word", "start_ms", "end_ms", "speaker"}`, times and speaker if known.

    Raises `BadInput` naming the word that cannot be used.
    """
    try:
        listed = json.loads(text(path))
    except ValueError as error:
        raise BadInput(f"{printable(path)} is not JSON: {error}; mend it") from error
    if not isinstance(listed, list):
        raise BadInput(f'{printable(path)} is not a list of words; write [{{"word": …}}, …]')
    return tuple(_word(path, number, one) for number, one in enumerate(listed, 1))


def _word(path: Path, number: int, one: object) -> KnownWord:
    trouble = BadInput(
        f'{printable(path)}, word {number}: needs "word" as text, "start_ms" and "end_ms" as'
        ' whole numbers that run forwards (or neither), "speaker" as text where it is known'
    )
    if not isinstance(one, dict) or set(one) - {"word", "start_ms", "end_ms", "speaker"}:
        raise trouble
    word, start, end = one.get("word"), one.get("start_ms"), one.get("end_ms")
    speaker = one.get("speaker")
    if not isinstance(word, str) or not word.strip():
        raise trouble
    if not isinstance(speaker, str | None) or (start is None) != (end is None):
        raise trouble
    if start is None:
        return KnownWord(word, speaker=speaker)
    if type(start) is not int or type(end) is not int or not 0 <= start <= end:
        raise trouble
    return KnownWord(word, start, end, speaker)


def lines(path: Path) -> tuple[KnownLine, ...]:
    """Lines with times from a caption file of any format the desk reads, in order of time."""
    cues, _ = read_caption_file(text_bytes(path), path)
    made = (KnownLine(one.span, one.text, one.speaker) for one in cues)
    return tuple(sorted(made, key=lambda one: one.span))


def listed_texts(path: Path) -> dict[str, str]:
    """File name → text of a CSV with the columns `wav_filename` and `transcript`; empty for a CSV
    with other columns. Raises `BadInput` naming the line."""
    try:
        rows = csv.DictReader(io.StringIO(text(path)), strict=True)
        if not {"wav_filename", "transcript"} <= set(rows.fieldnames or ()):
            return {}
        found = {}
        for row in rows:
            if not row["wav_filename"] or row["transcript"] is None:
                raise _bad(path, rows.line_num, "names no file or no text")
            found[Path(row["wav_filename"]).name] = row["transcript"]
    except csv.Error as error:
        raise BadInput(f"{printable(path)} is no CSV: {error}; mend it") from error
    return found


class _PageLines(HTMLParser):
    """The lines read aloud on a page: its elements whose id is f and a number."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._open = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count what is open inside a line."""
        if self._open:
            self._open += tag != "br"
        elif any(key == "id" and (value or "")[:1] == "f" and (value or "")[1:].isdigit()
                 for key, value in attrs):  # fmt: skip
            self._open = 1
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        """A line ends with its element."""
        del tag
        self._open = max(0, self._open - 1)

    def handle_data(self, data: str) -> None:
        """Text of a line."""
        if self._open:
            self.lines[-1] += data


def page_lines(path: Path) -> tuple[str, ...]:
    """The lines of an XHTML page whose elements have ids `f001`, `f002`, …"""
    page = _PageLines()
    page.feed(text(path))
    return tuple(" ".join(one.split()) for one in page.lines)


def other_script(said: str, language: str) -> str | None:
    """The script most of a text is in, by name, where its language is not written in that; None
    where it fits, where the text is short, or the language is not known."""
    expected = scripts_of(language)
    found = [script for script in map(script_of, said) if script is not None]
    if not expected or len(found) < _LETTERS_TO_JUDGE:
        return None
    strange = [script for script in found if script not in expected]
    if len(strange) * 2 <= len(found):
        return None
    return script_name(max(sorted(set(strange)), key=strange.count))


def _start(word: KnownWord) -> Ms:
    return word.start or 0


def _lines(path: Path, comment: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text(path).splitlines(), 1):
        fields = line.split()
        if fields and not fields[0].startswith(comment):
            yield number, fields


def _span(path: Path, number: int, start: str, end: str) -> Span:
    first, last = _seconds(path, number, start), _seconds(path, number, end)
    if last < first:
        raise _bad(path, number, f"ends before it begins ({start} to {end})")
    return Span(first, last)


def _seconds(path: Path, number: int, field: str) -> Ms:
    try:
        value = float(field)
    except ValueError:
        value = math.nan
    if not 0 <= value <= _LATEST_S:
        raise _bad(path, number, f"has {field!r} where seconds from 0 should stand")
    return round(value * 1000)


def _bad(path: Path, number: int, what: str) -> BadInput:
    return BadInput(f"{printable(path)}, line {number}: {what}; mend the line or take it out")
