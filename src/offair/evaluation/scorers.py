"""The scorers of the field, each behind one function: jiwer, meeteval, pyannote.metrics.

They are the extra `evaluation` and are loaded when first used; `versions` names them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from offair.model.errors import Unavailable
from offair.model.time import Span
from offair.model.transcript import VoiceSpan

_PACKAGES = ("jiwer", "meeteval", "pyannote.metrics")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of an alignment: words of the reference beside words heard, both half-open.

    equal: they are the same, one by one. Where they are not, as many on both sides are
    substitutions; words on one side only are deletions or insertions.
    """

    equal: bool
    reference: tuple[int, int]
    heard: tuple[int, int]


@dataclass(frozen=True, slots=True)
class ApartMs:
    """Who speaks when, in ms of speaker time. total: of the reference."""

    total: float = 0.0
    missed: float = 0.0
    false_alarm: float = 0.0
    confusion: float = 0.0


def versions() -> dict[str, str]:
    """Name → version of each scorer. Raises `Unavailable` where one is not installed."""
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError as error:
            raise _missing(name) from error
    return found


def _missing(name: str) -> Unavailable:
    return Unavailable(
        f"the scorer {name} is not installed; install the scorers with"
        " `pip install 'offair[evaluation]'`"
    )


def align(reference: Sequence[str], heard: Sequence[str]) -> tuple[Stretch, ...]:
    """The alignment with the fewest errors (Levenshtein), by jiwer.

    Words hold no white space. Raises `Unavailable`.
    """
    if not reference or not heard:
        both = Stretch(False, (0, len(reference)), (0, len(heard)))
        return (both,) if reference or heard else ()
    try:
        import jiwer
    except ImportError as error:
        raise _missing("jiwer") from error
    found = jiwer.process_words(" ".join(reference), " ".join(heard)).alignments[0]
    return tuple(
        Stretch(
            one.type == "equal",
            (one.ref_start_idx, one.ref_end_idx),
            (one.hyp_start_idx, one.hyp_end_idx),
        )
        for one in found
    )


def speaker_errors(
    reference: Mapping[str, Sequence[str]], heard: Mapping[str, Sequence[str]]
) -> tuple[int, int]:
    """(errors, words of the reference) of cpWER: each speaker's words joined, speakers paired so
    that the errors are fewest (Watanabe et al. 2020), by meeteval. Raises `Unavailable`."""
    if not any(reference.values()) or not any(heard.values()):
        count = sum(map(len, reference.values()))
        return count + sum(map(len, heard.values())), count
    try:
        from meeteval.wer.wer.cp import cp_word_error_rate
    except ImportError as error:
        raise _missing("meeteval") from error
    found = cp_word_error_rate(
        {name: " ".join(words) for name, words in reference.items()},
        {name: " ".join(words) for name, words in heard.items()},
        reference_sort=False,
        hypothesis_sort=False,
    )
    return int(found.errors), int(found.length)


def told_apart(
    reference: Sequence[VoiceSpan],
    heard: Sequence[VoiceSpan],
    scored: Sequence[Span],
    *,
    collar_ms: float,
) -> ApartMs:
    """The parts of the diarisation error, by pyannote.metrics, overlapped speech counted.

    scored: the spans that count. collar_ms: left out on each side of every boundary of the
    reference (pyannote's own setting is both sides together). Raises `Unavailable`.
    """
    try:
        from pyannote.core import Annotation, Segment, Timeline
        from pyannote.metrics.diarization import DiarizationErrorRate
    except ImportError as error:
        raise _missing("pyannote.metrics") from error

    def annotation(voices: Sequence[VoiceSpan]) -> Annotation:
        made = Annotation()
        for number, voice in enumerate(voices):
            made[Segment(voice.span.start / 1000, voice.span.end / 1000), number] = voice.label
        return made

    metric = DiarizationErrorRate(collar=2 * collar_ms / 1000, skip_overlap=False)
    parts = metric(
        annotation(reference),
        annotation(heard),
        uem=Timeline([Segment(one.start / 1000, one.end / 1000) for one in scored]),
        detailed=True,
    )
    return ApartMs(
        parts["total"] * 1000,
        parts["missed detection"] * 1000,
        parts["false alarm"] * 1000,
        parts["confusion"] * 1000,
    )
