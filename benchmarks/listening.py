"""How well the desk hears beside the bare engine, with the same model on the same sound.

`python benchmarks/listening.py [--models tiny.en,base] [--sets fleurs,…] [--limit N] [--tell]
[--shifts N]`

The desk hears each item with its whole pipeline (`offair evaluate listening` does the same); the
bare engine is faster-whisper's sequential `transcribe` with a beam of 5, word times on, with and
without its `vad_filter`, conditioned on previous text or not: four ways, of which the one with the
fewest word errors over the set counts. Beside a difference stands how far it moves where other
items of the same kind had been drawn (paired bootstrap): on sets this small, points are chance.
Both are told the language; with `--tell` the desk hears once more and tells the language itself.
Both texts are counted by `offair.evaluation`; where words are written without spaces, characters
are counted instead. The bounds are those the project set itself: word errors at most 0.3 points
more than the bare engine's best, word boundaries no worse, at most 0.5 % of the known words in
spans called non-speech.

With `--shifts N` every item is heard N times, each time with 37 ms more silence before it, by the
desk and in all four ways; only words are counted. The best way is then the one with the fewest
errors over all shifts, and once more, for each shift, the one with the fewest in all others.
`shifts.py` says why, and how chance is told.

The set `joined` is all English clips in one file. The word times of `leopard` are another engine's,
those of `samples` are the synthesiser's own.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import english_clips
import numpy as np
from desk_runs import machine
from faster_whisper import WhisperModel
from numpy.typing import NDArray
from platformdirs import user_cache_path
from shifts import best_elsewhere, difference, offsets_ms, write_shifted

from offair.config import Settings, with_section
from offair.engines.whisper_models import find_model
from offair.evaluation import listening
from offair.evaluation.hear import hear, known, score, scratch_desk
from offair.evaluation.listening import ItemScore, Spoken, SpokenWord, percentile, total, within
from offair.evaluation.material import Item
from offair.evaluation.sets import read_set

AUDIO = english_clips.SHARED / "audio"
SAMPLES = Path(__file__).resolve().parents[1] / "samples"
ENGLISH_ONLY = ".en"
MORE_POINTS = 0.3
MOST_LOST = 0.005
_SEED, _DRAWS = 8914, 4000


@dataclass(frozen=True, slots=True)
class Way:
    """A way of calling the bare engine."""

    vad: bool
    conditioned: bool

    @property
    def name(self) -> str:
        """In a few words."""
        return f"vad {'on' if self.vad else 'off'}, {'' if self.conditioned else 'not '}conditioned"


WAYS = [Way(vad, conditioned) for vad, conditioned in itertools.product((True, False), repeat=2)]


def sets(folder: Path) -> Iterator[tuple[str, tuple[Item, ...]]]:
    """(name, items) of each set, FLEURS by language. folder: where `joined` is written."""
    fleurs = read_set(AUDIO / "fleurs").items
    for language in sorted({one.language for one in fleurs}):
        yield f"fleurs {language}", tuple(one for one in fleurs if one.language == language)
    yield "samples", read_set(SAMPLES).items
    yield "leopard", read_set(AUDIO / "leopard").items
    yield "librivox", read_set(AUDIO / "librivox").items
    yield "common-voice-ru", read_set(AUDIO / "common-voice-ru").items
    said = {path: words for path, words in english_clips.clips() if path.name == "jfk.flac"}
    yield "jfk", tuple(Item(path.name, path, language="en", text=words)
                       for path, words in said.items())  # fmt: skip
    joined = folder / "joined.wav"
    yield "joined", (Item("joined.wav", joined, language="en",
                          text=english_clips.build(joined, 200)),)  # fmt: skip


def desk_scores(model: str, items: Iterable[Item]) -> list[ItemScore]:
    """What the desk makes of the items."""
    settings = with_section(Settings(), "listening", {"model": model})
    with scratch_desk(settings, notice=print) as desk:
        return [score(one, hear(desk, one)) for one in items]


def bare_scores(model: WhisperModel, items: Sequence[Item], way: Way) -> list[ItemScore]:
    """What the bare engine makes of the items in one way."""
    return [_bare_score(model, one, way) for one in items]


def _bare_score(model: WhisperModel, item: Item, way: Way) -> ItemScore:
    samples = english_clips.decode(item.media).astype(np.float32) / 32768
    segments, _ = model.transcribe(
        samples, language=item.language.split("-")[0], beam_size=5, word_timestamps=True,
        vad_filter=way.vad, condition_on_previous_text=way.conditioned,
    )  # fmt: skip
    text, words = "", []
    for word in (one for segment in segments for one in segment.words or ()):
        start = len(text) + len(word.word) - len(word.word.lstrip())
        text += word.word
        words.append(SpokenWord(start, len(text), round(word.start * 1000), round(word.end * 1000)))
    heard = Spoken(text, tuple(words))
    compared = listening.compare(item.text or "", text, item.language)
    reference = known(item)
    beside = listening.compare(reference.text, text, item.language)
    return ItemScore(
        item.name,
        item.language,
        len(samples) // 16,
        words=listening.word_errors(compared) if listening.counts_words(item.language) else None,
        characters=listening.character_errors(compared),
        boundaries=listening.boundaries(beside, reference, heard) if item.words else None,
    )


def errors(scores: Sequence[ItemScore]) -> tuple[int, int]:
    """(errors, reference) in words, or characters where there are no words."""
    counted = [one.words or one.characters for one in scores]
    return sum(one.count for one in counted if one), sum(one.reference for one in counted if one)


def _rate(scores: Sequence[ItemScore]) -> float:
    count, reference = errors(scores)
    return count / max(1, reference)


def chance(ours: Sequence[ItemScore], theirs: Sequence[ItemScore]) -> str:
    """Between what the difference of two rates lies in 19 of 20 draws of as many items, in points.

    The paired bootstrap over items; seed fixed. Empty for a single item.
    """
    if len(ours) < 2:
        return ""
    counts = np.array([[*errors([a]), errors([b])[0]] for a, b in zip(ours, theirs, strict=True)])
    drawn = np.random.default_rng(_SEED).integers(0, len(counts), (_DRAWS, len(counts)))
    sums = counts[drawn].sum(axis=1)
    points = 100 * (sums[:, 0] - sums[:, 2]) / np.maximum(1, sums[:, 1])
    low, high = np.percentile(points, (2.5, 97.5))
    return f" (by the draw of the items {low:+.1f} to {high:+.1f})"


def _times(scores: Sequence[ItemScore]) -> str:
    found = total("", "", scores).boundaries
    if found is None or not found.starts:
        return ""
    shown = []
    for name, values in (("starts", found.starts), ("ends", found.ends)):
        near = (f"{(within(values, limit) or 0):.0%} ≤ {limit}" for limit in listening.WITHIN_MS)
        shown.append(
            f"{name} median {percentile(values, 0.5):.0f} ms, p95 {percentile(values, 0.95):.0f},"
            f" mean {sum(values) / len(values):+.0f}, {', '.join(near)}"
        )
    return "; ".join(shown)


def compare(
    name: str, title: str, items: Sequence[Item], model: WhisperModel, *, tell: bool
) -> tuple[list[ItemScore], dict[Way, list[ItemScore]]]:
    """Hear one set in all ways and print its lines."""
    told = [replace(one, channel_languages=(one.language,)) for one in items]
    ours = desk_scores(name, told)
    theirs = {way: bare_scores(model, items, way) for way in WAYS}
    best = min(theirs, key=lambda way: errors(theirs[way])[0])
    count, reference = errors(ours)
    over = (_rate(ours) - _rate(theirs[best])) * 100
    verdict = "within" if over <= MORE_POINTS else "MISSED"
    ways = ", ".join(f"{way.name} {_rate(scores):.1%}" for way, scores in theirs.items())
    print(f" {title}, {len(items)} items, {reference} words: offair {_rate(ours):.2%} ({count})")
    print(f"  bare: {ways}; best {_rate(theirs[best]):.2%} ({errors(theirs[best])[0]});"
          f" difference {over:+.2f} points{chance(ours, theirs[best])}: {verdict}")  # fmt: skip
    if tell:
        alone = desk_scores(name, items)
        print(f"  offair, telling the language itself: {_rate(alone):.2%} ({errors(alone)[0]})")
    if _times(ours):
        print(f"  word times, offair: {_times(ours)}")
        print(f"  word times, bare, {best.name}: {_times(theirs[best])}")
    lost = total("", "", ours).lost
    if lost is not None and lost.share is not None:
        verdict = "within" if lost.share <= MOST_LOST else "MISSED"
        print(f"  speech lost: {lost.words} of {lost.of_words} words, {lost.share:.2%}: {verdict}")
    for one in ours:
        if one.words and one.words.count and one.doubts:
            print(f"   {one.name}: {one.words.count} of {one.words.reference} wrong;"
                  f" {one.doubts.both} of {one.doubts.wrong} wrong words flagged,"
                  f" {one.doubts.flagged} flagged")  # fmt: skip
    print(end="", flush=True)
    return ours, theirs


@dataclass(frozen=True, slots=True)
class Shifted:
    """Errors of one set heard with several shifts: shape (items, shifts); words: (items,)."""

    words: NDArray[np.int64]
    ours: NDArray[np.int64]
    theirs: dict[Way, NDArray[np.int64]]


def hear_shifted(name: str, items: Sequence[Item], model: WhisperModel, count: int) -> Shifted:
    """Hear one set `count` times in all ways. Times are no longer known, so only words count."""
    sounds = [english_clips.decode(one.media) for one in items]
    columns: dict[Way | None, list[list[ItemScore]]] = {way: [] for way in (None, *WAYS)}
    for offset in offsets_ms(count):
        with tempfile.TemporaryDirectory() as work:
            moved = []
            for index, (one, samples) in enumerate(zip(items, sounds, strict=True)):
                media = Path(work) / f"{index}.wav"
                write_shifted(samples, offset, media)
                moved.append(
                    replace(one, media=media, channel_languages=(one.language,),
                            words=(), lines=(), voices=None, scored=None)
                )  # fmt: skip
            columns[None].append(desk_scores(name, moved))
            for way in WAYS:
                columns[way].append(bare_scores(model, moved, way))
    counted = {way: np.array([[errors([one])[0] for one in scores] for scores in found]).T
               for way, found in columns.items()}  # fmt: skip
    words = np.array([errors([one])[1] for one in columns[None][0]])
    return Shifted(words, counted[None], {way: counted[way] for way in WAYS})


def print_shifted(title: str, sets: Sequence[Shifted]) -> None:
    """Print what shifts make of one set, or of several together."""
    words = np.concatenate([one.words for one in sets])
    ours = np.concatenate([one.ours for one in sets])
    theirs = {way: np.concatenate([one.theirs[way] for one in sets]) for way in WAYS}
    best = min(theirs, key=lambda way: int(theirs[way].sum()))
    fair = best_elsewhere(np.stack([theirs[way] for way in WAYS]))
    said = max(1, int(words.sum()))

    def shown(counts: NDArray[np.int64]) -> str:
        by_shift = counts.sum(axis=0)
        each = " ".join(str(one) for one in by_shift)
        return f"{by_shift.mean() / said:.2%} (errors by shift {each})"

    print(
        f" {title}, {len(words)} items, {said} words, {ours.shape[1]} shifts: offair {shown(ours)}"
    )
    for way, counts in theirs.items():
        print(f"  bare, {way.name}: {shown(counts)}")
    for name, counts in ((best.name, theirs[best]), ("the best by the other shifts", fair)):
        found = difference(ours, counts, words)
        low, high = found.shifts
        drawn = f" (by the draw of shifts {low:+.2f} to {high:+.2f}"
        if found.items is not None:
            drawn += f", of items too {found.items[0]:+.2f} to {found.items[1]:+.2f}"
        print(f"  beside {name}: {found.mean:+.2f} points{drawn}): {found.verdict(MORE_POINTS)}")
    print(end="", flush=True)


def main() -> None:
    """Hear every set with every model and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--models", default="tiny.en,base", help="names, commas between")
    parser.add_argument("--sets", help="how the names of the sets begin, commas between")
    parser.add_argument("--limit", type=int, help="only the first items of each set")
    parser.add_argument("--tell", action="store_true", help="also without telling the language")
    parser.add_argument("--shifts", type=int, help="hear each item so often, moved in time; 2 …")
    given = parser.parse_args()
    if given.shifts is not None and given.shifts < 2:
        parser.error("--shifts compares several hearings; give 2 or more")
    print(f"machine: {machine()}")
    wanted = tuple((given.sets or "").split(","))
    for name in given.models.split(","):
        folder = find_model(name, user_cache_path("offair") / "models").folder
        model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2)
        print(f"{name}, {model.model.compute_type}")
        heard: dict[str, tuple[list[ItemScore], dict[Way, list[ItemScore]]]] = {}
        shifted: dict[str, Shifted] = {}
        with tempfile.TemporaryDirectory() as work:
            for title, items in sets(Path(work)):
                kept = [one for one in items
                        if one.language == "en" or ENGLISH_ONLY not in name]  # fmt: skip
                if not kept or not title.startswith(wanted):
                    continue
                kept = kept[: given.limit]
                if given.shifts:
                    shifted[title] = hear_shifted(name, kept, model, given.shifts)
                    print_shifted(title, [shifted[title]])
                    continue
                heard[title] = compare(name, title, kept, model, tell=given.tell)
        for title, part in (("fleurs together", _fleurs), ("all but joined", _not_joined)):
            together(title, [found for one, found in heard.items() if part(one)])
            if len(several := [found for one, found in shifted.items() if part(one)]) > 1:
                print_shifted(title, several)


def _fleurs(title: str) -> bool:
    return title.startswith("fleurs")


def _not_joined(title: str) -> bool:
    return title != "joined"


def together(
    title: str, sets: Sequence[tuple[list[ItemScore], dict[Way, list[ItemScore]]]]
) -> None:
    """Print the line of several sets; the bare engine's best way is one for all of them."""
    if len(sets) < 2:
        return
    ours = [one for scores, _ in sets for one in scores]
    theirs = {way: [one for _, ways in sets for one in ways[way]] for way in WAYS}
    best = min(theirs, key=lambda way: errors(theirs[way])[0])
    over = (_rate(ours) - _rate(theirs[best])) * 100
    verdict = "within" if over <= MORE_POINTS else "MISSED"
    (wrong, words), (bare, _) = errors(ours), errors(theirs[best])
    print(f" {title}, {words} words: offair {_rate(ours):.2%} ({wrong})")
    print(f"  bare at its best ({best.name}) {_rate(theirs[best]):.2%} ({bare}); difference"
          f" {over:+.2f} points{chance(ours, theirs[best])}: {verdict}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
