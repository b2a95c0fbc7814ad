"""The times of a turn's words as one short attribute, read by the `offair-transcript` element."""

from __future__ import annotations

from itertools import accumulate

from offair.model.words import NO_TIME, Words

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def pack(text: str, words: Words) -> str:
    """One entry for each word, joined by spaces: `length,lead,duration,skip`, all in base 36.

    length: of the word in UTF-16 units, as scripts in a browser count. lead: ms from the end of
    the timed word before (0 before the first) to its start. duration: ms. skip: units of text
    between the word before and this one; left out where it is 1, or 0 for the first word. A word
    without times has empty lead and duration.
    """
    units = _units(text)
    entries = []
    place = clock = 0
    for index, (begin, end) in enumerate(zip(words.char_start, words.char_end, strict=True)):
        first, last = (begin, end) if units is None else (units[begin], units[end])
        start, finish = words.start_ms[index], words.end_ms[index]
        fields = [_base36(last - first)]
        if start == NO_TIME:
            fields += ["", ""]
        else:
            fields += [_base36(start - clock), _base36(finish - start)]
            clock = finish
        if first - place != (1 if index else 0):
            fields.append(_base36(first - place))
        entries.append(",".join(fields).rstrip(","))
        place = last
    return " ".join(entries)


def _units(text: str) -> list[int] | None:
    """UTF-16 offset of every character; None where it is the character's own index."""
    if text.isascii() or max(text, default="") <= "\uffff":
        return None
    return list(accumulate((2 if one > "\uffff" else 1 for one in text), initial=0))


def _base36(number: int) -> str:
    if number < 0:
        return "-" + _base36(-number)
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
        if number == 0:
            return digits
