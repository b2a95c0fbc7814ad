"""Findings for the tests of reports: two made by hand, and arbitrary ones of every shape."""

from __future__ import annotations

import dataclasses
import types
import typing
from enum import Enum
from typing import Any

from hypothesis import strategies as st

from offair.model.finding import (
    NOT_HEARD,
    Airing,
    ChannelCoverage,
    ComparedPassage,
    ContextFinding,
    Coverage,
    EditClass,
    EditKind,
    Finding,
    LongestFragment,
    Piece,
    Quotation,
    Report,
    Significance,
    SpeakerFinding,
    WordsFinding,
)
from offair.model.time import DateKind, PartialDate
from offair.model.transcript import LayerKind, LayerOrigin

DAY = PartialDate.parse("2023-05-13")
COVERAGE = Coverage(
    (ChannelCoverage("Harbour One", 12, 3, 40.5, 38.0, 120, 250_000, "2023-01-01", "2023-06-30",
                     2, 1.5),),
    250_000,
    behind=3,
    remarks=("only excerpts of this broadcast are held",),
)  # fmt: skip


def piece(spoken: str, before: str = "", after: str = "", **more: Any) -> Piece:
    """A stretch of a machine's transcript of recording 7."""
    given: dict[str, Any] = {
        "recording_id": 7, "layer_id": 9, "kind": LayerKind.SPEECH, "origin": LayerOrigin.ENGINE,
        "language": "en", "channel": "Harbour One", "aired": DAY, "at": 161_000, "until": 165_500,
        "turn_ids": (3,), "sentence_id": 4, "spoken": spoken, "before": before, "after": after,
        "speaker": "Ann Smith", "author": None, "confirmed": False, "heard": False,
        "maker": "whisper",
    }  # fmt: skip
    return Piece(**(given | more))


def passage(
    kind: EditKind,
    printed: tuple[int, int],
    spoken: tuple[int, int],
    texts: tuple[str, str],
    *classes: EditClass,
    critical: bool = False,
) -> ComparedPassage:
    """One edit against piece 0."""
    return ComparedPassage(
        kind, texts[0], texts[1], printed, 0, spoken, frozenset(classes), critical
    )


def altered(printed: str = "We will leave the harbour", **more: Any) -> Finding:
    """`We will not leave that harbour` printed without `not`."""
    spoken = "We will not leave that harbour"
    given: dict[str, Any] = {
        "quotation": Quotation(printed, speaker="Ann Smith", date=DAY, context=f"“{printed}”"),
        "words": WordsFinding.ALTERED, "speaker": SpeakerFinding.UNCONFIRMED,
        "context": (ContextFinding.SENTENCE_CUT, ContextFinding.OTHER_DATE), "leads": "words",
        "reasons": ("The word “not” was spoken and is not printed.",),
        "passages": (
            passage(EditKind.EQUAL, (0, 7), (0, 7), ("We will", "We will")),
            passage(EditKind.SUBSTITUTED, (14, 17), (18, 22), ("the", "that"),
                    EditClass.FUNCTION_WORD),
            passage(EditKind.LEFT_OUT, (8, 8), (8, 11), ("", "not"), EditClass.NEGATION,
                    critical=True),
        ),
        "pieces": (piece(spoken, "Let me be clear.", "Thank you."),),
        "airings": (Airing(7, 9, "Harbour One", DAY, 161_000, 3),
                    Airing(8, 11, "Harbour Two", None, None, 5)),
        "significance": Significance(52.5, 0.0001, 250_000, "1"),
        "longest": LongestFragment("leave", 1, 12), "coverage": COVERAGE,
        "provisional": NOT_HEARD, "spellings": (("Zelensky", "Zelenskyy"),), "also_said": 1,
        "alternatives": (piece("We shall not leave it"),),
    }  # fmt: skip
    return Finding(**(given | more))


def verbatim() -> Finding:
    """Said as printed, by a confirmed speaker, heard."""
    words = "Good evening."
    return altered(
        words, words=WordsFinding.VERBATIM, speaker=SpeakerFinding.AS_CLAIMED,
        context=(ContextFinding.COMPLETE,), reasons=(), provisional=None, spellings=(),
        passages=(passage(EditKind.EQUAL, (0, 13), (0, 13), (words, words)),),
        pieces=(piece(words, confirmed=True, heard=True),), airings=(), alternatives=(),
        also_said=0, longest=None,
    )  # fmt: skip


def no_quotation(printed: str = "The Long Way Home") -> Finding:
    """A title."""
    return altered(
        words=WordsFinding.NOT_A_QUOTATION, speaker=SpeakerFinding.UNDECIDED, context=(),
        quotation=Quotation(printed, is_speech=False), passages=(), pieces=(), airings=(),
        significance=None, longest=None, provisional=None, reasons=(), spellings=(), also_said=0,
        alternatives=(),
    )  # fmt: skip


def report(*findings: Finding, **more: Any) -> Report:
    """A report of these findings on an article."""
    given: dict[str, Any] = {
        "desk": "Harbour desk", "made_utc": "2023-06-01T10:00:00Z", "source": "story.html",
        "title": "At the harbour", "remarks": ("left out: navigation",),
    }  # fmt: skip
    return Report(findings=findings, **(given | more))


_TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
_DATES = st.builds(
    lambda value, kind: PartialDate.parse(value, kind),
    st.sampled_from(["2023", "2023-05", "2023-05-13", "2023-05-13T19:30"]),
    st.sampled_from(DateKind),
)


def reports() -> st.SearchStrategy[Report]:
    """Reports of every shape that the document can hold."""
    return _values(Report).map(_pointing)


def _pointing(report: Report) -> Report:
    """The report with every passage pointing at a piece that is there, or at none."""
    return dataclasses.replace(
        report,
        findings=tuple(
            dataclasses.replace(
                one,
                leads=("words", "speaker", "context")[len(one.leads) % 3],
                passages=tuple(
                    dataclasses.replace(
                        part, piece=part.piece % len(one.pieces) if part.piece is not None
                        and one.pieces else None,
                    )
                    for part in one.passages
                ),
            )
            for one in report.findings
        ),
    )  # fmt: skip


def _values(kind: Any) -> st.SearchStrategy[Any]:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return st.none() | _values(inner[0] if inner[1] is type(None) else inner[1])
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        return st.lists(_values(inner[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*(_values(one) for one in inner))
    if origin is frozenset:
        return st.frozensets(_values(inner[0]), max_size=2)
    if kind is PartialDate:
        return _DATES
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return st.builds(kind, **{name: _values(hint) for name, hint in hints.items()})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: _TEXT, int: st.integers(0, 2**40), bool: st.booleans(),
        float: st.floats(0, 1e12, allow_nan=False),
    }  # fmt: skip
    return simple[kind]
