"""The characters of an article: by its marks, as UTF-8, else guessed, and then it is said."""

from __future__ import annotations

import codecs
from collections import Counter

import regex

from offair.formats.decoding import decode
from offair.model.errors import BadInput

_NAMED_RE = regex.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""")
_XML_RE = regex.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:.-]{2,40})""")
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SAMPLE_BYTES = 200_000
_MOST_NULS = 0.2
_FOREIGN_SHARE = 0.4
_ARABIC = frozenset((0xC7, 0xE1))
"""Alef and lam in Windows-1256; in Windows-1251 they are capital Ze and be, both rare."""
_CYRILLIC = frozenset((0xEE, 0xE0))
"""O and a in Windows-1251; in Windows-1256 they are letters of French."""


def decode_article(
    data: bytes, *, source: str, markup: bool = False
) -> tuple[str, tuple[str, ...]]:
    """The text of an article, line ends as `\\n`, and what had to be guessed.

    markup: look for an encoding named inside (`<meta charset>`, `<?xml encoding?>`). Raises
    `BadInput` where the bytes are no text.
    """
    remarks: tuple[str, ...] = ()
    if data.startswith(_BOMS):
        text = decode(data, source=source)
    else:
        name, remarks = _encoding(data, markup=markup)
        if name == "utf-8":
            text = decode(data, source=source)
        else:
            text = data.decode(name, errors="replace")
    if "\0" in text:
        raise BadInput(
            f"{source}: holds NUL characters, so it is not a text file; give the article as plain "
            "text, Markdown, HTML or DOCX"
        )
    return text.replace("\r\n", "\n").replace("\r", "\n"), remarks


def _encoding(data: bytes, *, markup: bool) -> tuple[str, tuple[str, ...]]:
    sample = data[:_SAMPLE_BYTES]
    if (wide := _utf_16(sample)) is not None:
        return wide, (f"no encoding is marked; by its zero bytes it was read as {wide.upper()}",)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        wrong = error.start
    else:
        return "utf-8", ()
    named = _named(sample) if markup else None
    if named is not None and named != "utf-8":
        return named, ()
    guess = _guess(data[max(0, wrong - _SAMPLE_BYTES // 2) : wrong + _SAMPLE_BYTES])
    return guess, (
        f"it is not UTF-8 (byte {wrong}); by its letters it was read as {guess.capitalize()}: "
        "look whether the quotations read right, or save it as UTF-8",
    )


def _utf_16(sample: bytes) -> str | None:
    """UTF-16 without a byte order mark: many zero bytes, nearly all at even or at odd places."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if even + odd < _MOST_NULS * len(sample) / 2 or len(sample) < 4:
        return None
    if odd > 20 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 20 * odd else None


def _named(sample: bytes) -> str | None:
    found = _XML_RE.search(sample) or _NAMED_RE.search(sample[:10_000])
    if found is None:
        return None
    try:
        name = codecs.lookup(found.group(1).decode("ascii")).name
        b"".decode(name)
    except LookupError:
        return None
    if name.startswith(("utf-7", "idna", "punycode", "raw", "unicode")):
        return None
    # Browsers read Latin-1 as Windows-1252, whose quotation marks stand where it has controls.
    return {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(name, name)


def _guess(sample: bytes) -> str:
    counts = Counter(sample)
    high = sum(count for byte, count in counts.items() if byte >= 0xC0)
    low = sum(count for byte, count in counts.items() if chr(byte).isalpha() and byte < 0x80)
    if high < _FOREIGN_SHARE * (high + low):
        return "windows-1252"
    arabic = sum(counts[byte] for byte in _ARABIC)
    cyrillic = sum(counts[byte] for byte in _CYRILLIC)
    return "windows-1256" if arabic > cyrillic else "windows-1251"
