"""Closed captions: all of a stream's known captions, how far their times are off, and the cost.

script/bench captions [--seconds 60]

The streams are made here: a CEA-608 encoder writes pop-on, roll-up and paint-on captions into
pictures that FFmpeg encodes. The cost is CPU time for an hour of 720-line video, beside that of
decoding the same pictures, which is what FFmpeg's own way of reading captions takes.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import av
import numpy as np
from desk_runs import machine

from offair import media
from offair.formats import line_21

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "integration"))
from caption_samples import FRAMES, RATE, script, with_captions

STREAMS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("libx264", ".ts", {"bf": "3"}),
    ("libx264", ".mp4", {"bf": "3"}),
    ("libx264", ".mkv", {"bf": "3"}),
    ("libx265", ".ts", {"x265-params": "log-level=none"}),
    ("libx265", ".mp4", {"x265-params": "log-level=none"}),
    ("mpeg2video", ".ts", {}),
)


def accuracy(folder: Path) -> None:
    """Print how many known captions each kind of stream gives back, and the worst time."""
    print(f"{'stream':20} {'known':>6} {'found':>6} {'invented':>9} {'worst time, frames':>19}")
    for codec, suffix, options in STREAMS:
        captions = script()
        path = with_captions(folder / f"{codec}{suffix}", captions, codec=codec, options=options)
        end = media.probe(path).duration_ms
        found = line_21.decode(media.closed_captions(path).pairs, end)
        known_count = found_count = invented = 0
        worst = 0.0
        for channel in (1, 3):
            known = captions.expected(channel, FRAMES)
            cues = next((one.cues for one in found.tracks if one.name == f"CC{channel}"), ())
            known_count += len(known)
            texts = [one.text for one in known]
            invented += sum(cue.text not in texts for cue in cues)
            for one in known:
                cue = next((cue for cue in cues if cue.text == one.text), None)
                if cue is None:
                    continue
                found_count += 1
                stop = end if one.end == FRAMES else float(one.end * 1000 / RATE)
                off = max(
                    abs(cue.span.start - float(one.start * 1000 / RATE)), abs(cue.span.end - stop)
                )
                worst = max(worst, off * float(RATE) / 1000)
        name = f"{codec} in {suffix[1:]}"
        print(f"{name:20} {known_count:6} {found_count:6} {invented:9} {worst:19.2f}")


def _film(path: Path, seconds: int) -> Path:
    """720-line pictures that move, with captions."""
    captions = script()
    chance = np.random.default_rng(608)
    still = chance.integers(0, 255, (720, 1280 + 256, 3), np.uint8)
    return with_captions(
        path, captions, frames=round(seconds * RATE), size=(1280, 720),
        options={"preset": "ultrafast", "bf": "2", "crf": "34"},
        picture=lambda number: still[:, number % 256 : number % 256 + 1280],
    )  # fmt: skip


def _cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def cost(folder: Path, seconds: int) -> None:
    """Print CPU seconds for an hour of video: taking the bytes, and decoding the pictures."""
    path = _film(folder / "film.ts", seconds)
    hour = 3600 / seconds
    before = _cpu(resource.RUSAGE_CHILDREN)
    wall = time.perf_counter()
    media.closed_captions(path)
    wall = time.perf_counter() - wall
    ours = _cpu(resource.RUSAGE_CHILDREN) - before
    decoding = {}
    for name, options in (("decoded", {}), ("without loop filter", {"skip_loop_filter": "all"})):
        before = _cpu(resource.RUSAGE_SELF)
        with av.open(str(path)) as container:
            stream: Any = container.streams.video[0]
            stream.codec_context.options = options
            for packet in container.demux(stream):
                packet.decode()
        decoding[name] = _cpu(resource.RUSAGE_SELF) - before
    size = path.stat().st_size
    print(
        f"\n{seconds} s of 1280 × 720, {size * 8 / seconds / 1e6:.1f} Mbit/s; CPU seconds for an "
        f"hour of video (start of the process included once: {wall:.2f} s for this file)"
    )
    print(f"  caption bytes out of packets   {ours * hour:8.1f}")
    for name, used in decoding.items():
        print(f"  pictures {name:21} {used * hour:8.1f}   {used / ours:5.1f} ×")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    seconds = parser.parse_args().seconds
    print(f"machine: {machine()}")
    with tempfile.TemporaryDirectory() as name:
        accuracy(Path(name))
        cost(Path(name), max(seconds, 25))


if __name__ == "__main__":
    main()
