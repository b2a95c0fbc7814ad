"""The printed name before a colon, told apart from a sentence that happens to hold a colon."""

from __future__ import annotations

import re

_LONGEST = 80
_MOST_WORDS = 8
_LABEL_RE = re.compile(r"(?P<label>[^:\n]{1,80}?)\s*[:：](?!//)(?=\s|$|[\"“«'‘])\s*")
_PARTICLES_RE = re.compile(
    r"(?:a|al|an|and|at|bin|bint|by|da|das|de|del|della|den|der|di|do|dos|du|e|el|et|for|from|ibn|"
    r"in|la|le|of|off|on|or|the|to|und|van|voice|von|with|y)"
)
_NO_LABELS_RE = re.compile(r"note|source|subject|re|date|time")


def split_label(line: str) -> tuple[str, str] | None:
    """`(label, rest)` where the line opens with a speaker's label, else None.

    A label has at most eight words, no sentence punctuation, and each of its words opens with a
    capital, a digit or a letter without case, but for particles (`of`, `al`, `van`). It holds at
    least one letter: a clock time is no label. Round or square brackets may follow the name.
    """
    match = _LABEL_RE.match(line)
    if match is None:
        return None
    label = " ".join(match["label"].split())
    words = re.findall(r"[^\s/,()\[\]&]+", label)
    if not words or len(words) > _MOST_WORDS or len(label) > _LONGEST:
        return None
    if re.search(r"[?!;…<>{}=|\"]|\.\.", label) or not re.search(r"[^\W\d_]", label):
        return None
    if _NO_LABELS_RE.fullmatch(label.casefold()) or not _opens_name(words[0]):
        return None
    particles = [bool(_PARTICLES_RE.fullmatch(word.casefold())) for word in words]
    names = [_opens_name(word) for word in words]
    if not all(name or particle for name, particle in zip(names, particles, strict=True)):
        return None
    if len(words) > 1 and all(particles[1:]):
        return None
    return label, line[match.end() :]


def _opens_name(word: str) -> bool:
    core = re.sub(r"^\W+", "", word)
    return bool(core) and not core[0].islower()
