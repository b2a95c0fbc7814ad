"""Joins the shared English clips into one long sound whose words are known.

The list is `english_clips.toml`; the clips lie in the folder `shared` beside the repository. They
are put one after the other with pauses of 0.5–1 s, and the list is begun again until the sound is
as long as asked: together they are some four minutes, so ten minutes hear each of them twice or
three times.
"""

from __future__ import annotations

import json
import random
import re
import tomllib
import unicodedata
import wave
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

SHARED = Path(__file__).resolve().parents[2] / "shared"
RATE_HZ = 16_000
_SEED = 8914

NORMALISER = (
    "plain English: NFKC, lower case, hyphens and dashes to spaces, everything but letters, digits"
    " and inner apostrophes removed, number words zero…ninety as digits"
)
_SPELLED = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy"
    " eighty ninety"
)
_NUMBERS = dict(zip(_SPELLED.split(), [*range(20), *range(20, 100, 10)], strict=True))


def normalise(text: str) -> str:
    """The words of a text as `NORMALISER` says, one space between."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
    folded = re.sub(r"[-\u2010-\u2015/]", " ", folded)
    words = re.findall(r"[^\W_]+(?:'[^\W_]+)*", folded)
    return " ".join(str(_NUMBERS.get(word, word)) for word in words)


class _Lines(HTMLParser):
    """The lines read aloud on a page: its elements whose id begins with f."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count what is open inside a line."""
        if self._inside:
            self._inside += tag != "br"
        elif any(key == "id" and re.fullmatch(r"f\d+", value or "") for key, value in attrs):
            self._inside = 1
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        """A line ends with its element, whichever tags it holds."""
        del tag
        self._inside = max(0, self._inside - 1)

    def handle_data(self, data: str) -> None:
        """Text of a line."""
        if self._inside:
            self.lines[-1] += data


def clips() -> list[tuple[Path, str]]:
    """(sound, its words) of every clip of the list, in order."""
    listed = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return [(SHARED / clip["sound"], _words(clip)) for clip in listed["clip"]]


def _words(clip: dict[str, Any]) -> str:
    if "words" in clip:
        return str(clip["words"])
    if "text" in clip:
        return (SHARED / clip["text"]).read_text(encoding="utf-8")
    if "xhtml" in clip:
        page = _Lines()
        page.feed((SHARED / clip["xhtml"]).read_text(encoding="utf-8"))
        return " ".join(page.lines)
    value = json.loads((SHARED / clip["json"]).read_text(encoding="utf-8"))
    for key in clip["at"]:
        value = value[key]
    return value if isinstance(value, str) else " ".join(one["word"] for one in value)


def decode(path: Path) -> NDArray[np.int16]:
    """A clip as mono 16-bit samples at 16 kHz."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    pieces = []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            pieces += [one.to_ndarray().reshape(-1) for one in resampler.resample(frame)]
        pieces += [one.to_ndarray().reshape(-1) for one in resampler.resample(None)]
    return np.concatenate(pieces)


def build(out: Path, seconds: float) -> str:
    """Write a WAV file (16 kHz, mono, 16 bit) of whole clips, at least `seconds` long, and return
    its words. The same every time."""
    listed, pauses = clips(), random.Random(_SEED)
    sounds = {path: decode(path) for path, _ in listed}
    said, written = [], 0
    with wave.open(str(out), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        while written < seconds * RATE_HZ:
            for path, words in listed:
                if written >= seconds * RATE_HZ:
                    break
                pause = np.zeros(round(pauses.uniform(0.5, 1.0) * RATE_HZ), dtype=np.int16)
                file.writeframes(sounds[path].tobytes() + pause.tobytes())
                written += len(sounds[path]) + len(pause)
                said.append(words)
    return " ".join(said)
