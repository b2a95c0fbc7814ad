"""Names that files came with, made safe to show, to store and to write to a disk."""

from __future__ import annotations

import re
import unicodedata

LONGEST_BYTES = 200
"""Below the 255 bytes of common file systems, with room for what an export adds."""

_PATH = re.compile(r"[/\\]")
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Joiners belong to the spelling of Persian, Hindi and others; they move nothing.
_KEPT = frozenset("\u200c\u200d")


def safe_name(name: str) -> str:
    """A file's name without path, control characters, line ends and direction overrides.

    Bytes that were no UTF-8 become U+FFFD, runs of white space one space. At most
    `LONGEST_BYTES` of UTF-8, cut before the extension. `unnamed` where nothing is left.
    """
    clean = "".join(_safe(character) for character in _PATH.split(name)[-1])
    clean = " ".join(clean.split()).lstrip(". ")
    if not clean:
        return "unnamed"
    if len(clean.encode()) <= LONGEST_BYTES:
        return clean
    stem, dot, extension = clean.rpartition(".")
    tail = f"{dot}{extension}" if stem and len(extension.encode()) <= 16 else ""
    head = clean.removesuffix(tail).encode()[: LONGEST_BYTES - len(tail.encode())]
    return head.decode("utf-8", "ignore").rstrip() + tail


def _safe(character: str) -> str:
    if character.isspace():
        return " "
    if character in _KEPT:
        return character
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    return "" if category in _UNSAFE else character
