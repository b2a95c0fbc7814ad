"""Confirm a stretch as heard: a person listened, and the words and speakers are as they stand.

Two steps, because a person listens in between: `span_to_hear` shows the words, `hear_span` confirms
what was shown, and refuses where any of it was changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from offair.desk import Desk
from offair.desk.attributed import ALONE, SpokenBy, newest_attributions, spoken_by
from offair.desk.evidence import chosen_layer
from offair.desk.heard import words_in
from offair.formats.record_roles import NOT_PERSONS
from offair.model.errors import BadInput, Conflict, NotFound
from offair.model.names import Hearing
from offair.model.recording import Recording
from offair.model.time import Ms, Span, clock
from offair.model.transcript import Attribution, Layer, Speaker, SpeakerKind, Turn
from offair.store import Transaction
from offair.text.attribute import ranges_inside
from offair.text.normalise import fold
from offair.text.tokenise import TokenKind, tokens

LONGEST_QUOTATION = 20_000
"""Characters."""
_LONGEST_NAME = 120
_PLACES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class PieceToHear:
    """Neighbouring words of one turn. at, until: media time of the first and last, None where they
    have none. attribution: the newest of the turn. words: how many."""

    turn: Turn
    char_start: int
    char_end: int
    spoken_by: SpokenBy
    attribution: Attribution | None
    words: int
    at: Ms | None
    until: Ms | None

    @property
    def text(self) -> str:
        """The words, with what stands between them."""
        return self.turn.text[self.char_start : self.char_end]


@dataclass(frozen=True, slots=True)
class SpanToHear:
    """What is to be confirmed, as it was shown."""

    recording: Recording
    layer: Layer
    pieces: tuple[PieceToHear, ...]

    @property
    def words(self) -> int:
        """How many words in all."""
        return sum(one.words for one in self.pieces)


@dataclass(frozen=True, slots=True)
class HeardSpan:
    """What was confirmed. speakers: as printed, empty where only the words were confirmed."""

    layer: Layer
    words: int
    turn_ids: tuple[int, ...]
    speakers: tuple[str, ...]


def span_to_hear(
    desk: Desk,
    recording_id: int,
    *,
    span: Span | None = None,
    turn_ids: Sequence[int] = (),
    quotation: str | None = None,
    layer_id: int | None = None,
) -> SpanToHear:
    """The words to confirm: by media time, by turn (texts without times), or the place where these
    printed words stand one after the other, fillers aside. Exactly one of the three.

    A word belongs to a span by its midpoint, as in clips. Raises `BadInput` (none or several of
    the three; words that stand in several places: the message names the times), `NotFound` (no
    word there; no such turn in the layer).
    """
    if (span is not None) + bool(turn_ids) + (quotation is not None) != 1:
        raise BadInput("say what was heard: a span by time, turns, or the words of a quotation")
    with desk.catalogue.snapshot() as tx:
        recording = tx.recording(recording_id)
        layer = chosen_layer(tx, recording_id, layer_id)
        if quotation is not None:
            found = _quoted(tx.turns(layer.id), quotation, layer)
        elif span is not None:
            found = [
                (turn, start, end)
                for turn in tx.turns(layer.id, span=span)
                for start, end in ranges_inside(turn, span)
            ]
        else:
            found = [(turn, 0, len(turn.text)) for turn in _turns(tx, layer, turn_ids)]
        pieces = _pieces(tx, layer, found)
    if not pieces:
        where = "there" if span is None else f"between {clock(span.start)} and {clock(span.end)}"
        raise NotFound(f"layer {layer.id} of recording {recording_id} has no word {where}")
    return SpanToHear(recording, layer, pieces)


def hear_span(
    desk: Desk,
    shown: SpanToHear,
    *,
    actor: str,
    now_utc: str,
    speaker: str | None = None,
    as_shown: bool = False,
) -> HeardSpan:
    """Write down that the actor heard these words and found them so.

    speaker: the person heard speaking all of it; confirms the name where it is that, gives it to
    turns without a name. as_shown: the speakers are those shown. Attributions are for these turns
    alone and appended. now_utc: ISO 8601 with `Z`. Raises `Conflict` where a turn was revised or
    named otherwise meanwhile, or has another name than `speaker`; `BadInput` (both given, an empty
    name, `as_shown` where nobody is named). Then nothing is written.
    """
    if speaker is not None and as_shown:
        raise BadInput("give the speaker's name, or confirm those shown; not both")
    attributions = [] if speaker is None and not as_shown else _confirmed(shown, speaker, actor)
    turns = list(dict.fromkeys(one.turn.id for one in shown.pieces))
    with desk.catalogue.transaction() as tx:
        tx.add_hearings(
            [
                Hearing(one.turn.id, one.char_start, one.char_end, actor, now_utc)
                for one in shown.pieces
            ]
        )
        if attributions:
            _check_speakers(tx, shown)
            tx.add_attributions(attributions)
        tx.note_act(actor, "hear_span", "layer", shown.layer.id, turns=len(turns))
    names = dict.fromkeys(
        spoken_by(one.turn, confirmed, shown.layer).name
        for one in shown.pieces
        for confirmed in attributions
        if confirmed.turn_id == one.turn.id
    )
    return HeardSpan(shown.layer, shown.words, tuple(turns), tuple(one for one in names if one))


def _turns(tx: Transaction, layer: Layer, turn_ids: Sequence[int]) -> list[Turn]:
    standing = {turn.id: turn for turn in tx.turns(layer.id)}
    for turn_id in turn_ids:
        if turn_id not in standing:
            raise NotFound(
                f"no turn {turn_id} stands in layer {layer.id}; `offair show --recording "
                f"{layer.recording_id}` prints the turns with their ids"
            )
    return sorted((standing[one] for one in set(turn_ids)), key=lambda turn: turn.ordinal)


def _pieces(
    tx: Transaction, layer: Layer, found: Sequence[tuple[Turn, int, int]]
) -> tuple[PieceToHear, ...]:
    attributions = newest_attributions(tx, layer, [turn for turn, _, _ in found])
    pieces = []
    for turn, start, end in found:
        ranges = words_in(turn, [(start, end)])
        if not ranges:
            continue
        start, end = min(start, ranges[0][0]), max(end, ranges[-1][1])
        given = attributions.get(turn.id)
        times = [
            (word.start, word.end)
            for word in turn.words
            if start <= word.char_start and word.char_end <= end
        ]
        starts = [one for one, _ in times if one is not None]
        ends = [one for _, one in times if one is not None]
        pieces.append(
            PieceToHear(
                turn, start, end, spoken_by(turn, given, layer), given, len(ranges),
                min(starts, default=turn.span.start if turn.span else None),
                max(ends, default=turn.span.end if turn.span else None),
            )
        )  # fmt: skip
    return tuple(pieces)


def _quoted(turns: Sequence[Turn], quotation: str, layer: Layer) -> list[tuple[Turn, int, int]]:
    """The one place where these words stand in a row. Raises `BadInput`, `NotFound`."""
    if len(quotation) > LONGEST_QUOTATION:
        raise BadInput(
            f"the quotation has {len(quotation)} characters; at most {LONGEST_QUOTATION} are "
            "looked for: give the span by time"
        )
    wanted = [one.form for one in tokens(quotation, layer.language) if _counts(one.kind)]
    if not wanted:
        raise BadInput("the quotation has no words; give the printed words in quotation marks")
    spoken = [
        (token.form, place, token.char_start, token.char_end)
        for place, turn in enumerate(turns)
        for token in tokens(turn.text, layer.language)
        if _counts(token.kind)
    ]
    forms = [one[0] for one in spoken]
    at = [
        first
        for first in range(len(forms) - len(wanted) + 1)
        if forms[first] == wanted[0] and forms[first : first + len(wanted)] == wanted
    ]
    if not at:
        raise NotFound(
            f"these words do not stand one after the other in layer {layer.id}; `offair check` "
            "shows where they differ, and --from and --to name the span"
        )
    if len(at) > 1:
        listed = ", ".join(_place(turns[spoken[one][1]]) for one in at[:_PLACES_SHOWN])
        raise BadInput(
            f"these words stand in {len(at)} places ({listed}); say which with --from and --to"
        )
    ranges: dict[int, tuple[int, int]] = {}
    for _, place, start, end in spoken[at[0] : at[0] + len(wanted)]:
        ranges[place] = (ranges.get(place, (start, end))[0], end)
    return [(turns[place], start, end) for place, (start, end) in ranges.items()]


def _counts(kind: TokenKind) -> bool:
    return kind is not TokenKind.FILLER


def _place(turn: Turn) -> str:
    return f"turn {turn.id}" + ("" if turn.span is None else f" at {clock(turn.span.start)}")


def _confirmed(shown: SpanToHear, speaker: str | None, actor: str) -> list[Attribution]:
    """An attribution for each turn shown. Raises `BadInput`, `Conflict`."""
    name = None if speaker is None else _one_line(speaker)
    result: dict[int, Attribution] = {}
    for piece in shown.pieces:
        turn, by, given = piece.turn, piece.spoken_by, piece.attribution
        known = given is not None and (given.voice is not None or given.author is not None)
        if given is not None and known:
            if name is not None and fold(name) != fold(by.name or ""):
                raise Conflict(
                    f"turn {turn.id} is said to be {by.name}'s, not {name}'s; change that first: "
                    f"`offair speakers {shown.recording.id} --turn {turn.id} --name …`"
                )
            again = replace(given, turn_id=turn.id, confirmed_by=actor, heard=True)
            result[turn.id] = again
            continue
        if name is None:
            if not by.named or by.name is None:
                raise BadInput(
                    f"nobody is named for turn {turn.id}, so there is no speaker to confirm as "
                    "shown; give the name with --speaker"
                )
            label = by.name
        else:
            label = name
        role = label.casefold() in NOT_PERSONS
        voice = Speaker(label, SpeakerKind.LABEL if role else SpeakerKind.PERSON)
        result[turn.id] = Attribution(
            turn.id, voice, None, label, None, f"{actor}{ALONE}", actor, heard=True
        )
    return list(result.values())


def _one_line(name: str) -> str:
    line = " ".join(name.split())
    if not line or len(line) > _LONGEST_NAME or not line.isprintable():
        raise BadInput(f"the speaker's name is 1 to {_LONGEST_NAME} printable characters")
    return line


def _check_speakers(tx: Transaction, shown: SpanToHear) -> None:
    now = newest_attributions(tx, shown.layer, [one.turn for one in shown.pieces])
    for one in shown.pieces:
        if now.get(one.turn.id) != one.attribution:
            raise Conflict(
                f"somebody named the speaker of turn {one.turn.id} meanwhile; look at it again"
            )
