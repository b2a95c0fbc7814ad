"""What a clip may be: the checks that drafting one and changing one share."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from offair.desk.evidence import turns_in
from offair.model.errors import BadInput
from offair.model.recording import Recording
from offair.model.time import Span, clock
from offair.model.transcript import Layer
from offair.store import Transaction

MOST_SPANS = 100
MOST_PARAGRAPHS = 40
LONGEST_LINE = 5_000
"""Characters of a headline or of a paragraph of a summary."""


def check_shape(
    tx: Transaction,
    recording: Recording,
    layer: Layer,
    spans: Sequence[Span],
    turn_ids: Sequence[int],
) -> None:
    """Raises `BadInput` where a clip of this recording cannot have these spans, or these turns."""
    if recording.media is None:
        check_turns(recording.id, spans, turn_ids, [one.id for one in tx.turns(layer.id)])
        return
    if turn_ids or not spans:
        raise BadInput(
            f"recording {recording.id} has media: give the clip's spans by time (--from, --to)"
        )
    check_spans(recording.id, spans, recording.media.duration_ms)
    if not any(turns_in(tx, layer, spans)):
        raise BadInput(
            f"no word of layer {layer.id} lies in the span of the clip; "
            "choose another span, or another layer"
        )


def check_spans(recording_id: int, spans: Sequence[Span], duration: int) -> None:
    """Raises `BadInput` where spans are empty, outside the recording, or not in order."""
    if len(spans) > MOST_SPANS:
        raise BadInput(f"a clip has at most {MOST_SPANS} spans, not {len(spans)}")
    last = 0
    for span in spans:
        if span.length == 0:
            raise BadInput(
                f"the span {clock(span.start)} to {clock(span.end)} is empty; --to is after --from"
            )
        if span.end > duration:
            raise BadInput(
                f"the span ends at {clock(span.end)}, but recording {recording_id} lasts "
                f"{clock(duration)}"
            )
        if span.start < last:
            raise BadInput("the spans of a clip are given in order and do not overlap")
        last = span.end


def check_turns(
    recording_id: int, spans: Sequence[Span], turn_ids: Sequence[int], known: Sequence[int]
) -> None:
    """Raises `BadInput` where turns are of another layer, named twice, or not in order."""
    if spans or not turn_ids:
        raise BadInput(
            f"recording {recording_id} has no media: give the clip's turns (--turns), not times"
        )
    places = {turn_id: place for place, turn_id in enumerate(known)}
    last = -1
    for turn_id in turn_ids:
        if turn_id not in places:
            raise BadInput(f"turn {turn_id} is not in the chosen layer of recording {recording_id}")
        if places[turn_id] <= last:
            raise BadInput(
                f"turn {turn_id} was spoken before the turn named before it, or is named twice; "
                "give a clip's turns once each and in their order"
            )
        last = places[turn_id]


def headline_line(text: str | None) -> str | None:
    """A headline in one line; None for none. Raises `BadInput` where it is too long."""
    return _line(text or "", "the headline") or None


def summary_lines(paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs of a summary, each in one line, empty ones left out. Raises `BadInput`."""
    lines = [
        line for line in (_line(one, "a paragraph of the summary") for one in paragraphs) if line
    ]
    if len(lines) > MOST_PARAGRAPHS:
        raise BadInput(f"a summary has at most {MOST_PARAGRAPHS} paragraphs, not {len(lines)}")
    return lines


def _line(text: str, what: str) -> str:
    """Text of a headline or a paragraph: one line, as the printed layout has it."""
    line = " ".join(text.split())
    if len(line) > LONGEST_LINE:
        raise BadInput(f"{what} has {len(line):,} characters; at most {LONGEST_LINE:,} are kept")
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in line):
        raise BadInput(f"{what} holds a control character; leave it out")
    return line
