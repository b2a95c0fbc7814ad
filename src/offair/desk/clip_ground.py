"""A clip with the text it prints, and what its clauses rest on as that text stands now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from offair.desk.attributed import newest_attributions, spoken_by
from offair.desk.carried import standing_words
from offair.desk.record_draft import printed_groups
from offair.model.clip_work import ClauseKind, Proof
from offair.model.errors import BadInput
from offair.model.record import Clip
from offair.model.recording import Recording
from offair.model.time import Span
from offair.model.transcript import (
    Attribution,
    Layer,
    LayerKind,
    LayerOrigin,
    MarkKind,
    Turn,
)
from offair.store import Transaction
from offair.text.attribute import ranges_inside
from offair.text.clause_facts import RecordFacts
from offair.text.clause_ground import Ground
from offair.text.clause_proofs import propose
from offair.text.clause_words import SaidTurn
from offair.text.judge_places import Voice
from offair.text.normalise import fold

_NO_SPEECH = frozenset({MarkKind.STAGE, MarkKind.CLOCK, MarkKind.LANGUAGE, MarkKind.UNCLEAR})


@dataclass(frozen=True, slots=True)
class ClipText:
    """A clip with what it prints: runs of turns, cut to the words inside the clip. writers: the
    person who wrote the words of a turn, by its id; a turn that is as the layer's maker made it, or
    was only divided, joined or marked, has none."""

    clip: Clip
    recording: Recording
    layer: Layer
    groups: tuple[tuple[Turn, ...], ...]
    attributions: Mapping[int, Attribution]
    writers: Mapping[int, str]

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns of all runs."""
        return tuple(turn for group in self.groups for turn in group)

    @property
    def parts(self) -> dict[int, str]:
        """What the desk wrote: 0 the headline, 1, 2, … the paragraphs of the summary. A headline
        that is only the recording's title by default is none."""
        headline = {0: self.clip.headline} if self.clip.headline else {}
        return headline | dict(enumerate(self.clip.summary, 1))

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all words it prints, 64 lower-case hex digits: another one means that somebody
        changed them."""
        said = [f"{turn.text}\x1f" for turn in self.turns]
        written = [f"{part}\x1f{text}\x1e" for part, text in sorted(self.parts.items())]
        return hashlib.sha256(
            "".join([*written, *said]).encode("utf-8", "surrogatepass")
        ).hexdigest()


def clip_text(tx: Transaction, clip_id: int) -> ClipText:
    """A clip with the words it prints now. Raises `NotFound`, `BadInput` where it has no text."""
    clip = tx.clip(clip_id)
    if clip.layer_id is None:
        raise BadInput(f"clip {clip_id} has no text; choose a layer for it first")
    recording, layer = tx.recording(clip.recording_id), tx.layer(clip.layer_id)
    groups = tuple(printed_groups(tx, clip, recording, layer))
    turns = [turn for group in groups for turn in group]
    attributions = newest_attributions(tx, layer, turns)
    revised = list(dict.fromkeys(turn.id for turn in turns if turn.made_by is not None))
    writers = tx.words_by(layer.id, revised) if revised else {}
    return ClipText(clip, recording, layer, groups, attributions, writers)


def ground_of(tx: Transaction, text: ClipText) -> Ground:
    """What the clauses of a clip can rest on. Whoever is withheld is named nowhere in it."""
    recording = text.recording
    whole = {turn.id: turn for turn in tx.turns_by_id([turn.id for turn in text.turns])}
    hidden = {fold(one.name) for one in tx.withheld(recording.id)}
    length = sum(span.length for span in text.clip.spans)
    return Ground(
        runs=tuple(
            tuple(_said_in(group, span, whole, text))
            for group, span in zip_longest(text.groups, text.clip.spans)
            if group is not None
        ),
        language=text.layer.language,
        facts=RecordFacts(
            channel=recording.channel.name,
            country=recording.channel.country,
            aired=recording.aired,
            title=recording.title,
            number=text.clip.number.printed if text.clip.number else None,
            run_time_ms=length or None,
        ),
        kind=text.layer.kind,
        origin=text.layer.origin,
        aired=recording.aired,
        names=tuple(
            one
            for one in tx.names()
            if not any(fold(spelling) in hidden for spelling in one.all_spellings)
        ),
    )


def _said_in(
    group: Sequence[Turn], span: Span | None, whole: Mapping[int, Turn], text: ClipText
) -> Iterator[SaidTurn]:
    """The turns of a run. span: by which they were cut; None where they are whole."""
    pieces: dict[int, int] = {}
    for turn in group:
        ranges = [] if span is None else ranges_inside(whole[turn.id], span)
        number = pieces.get(turn.id, 0)
        pieces[turn.id] = number + 1
        yield _said(turn, ranges[number][0] if number < len(ranges) else 0, text)


def _said(turn: Turn, offset: int, text: ClipText) -> SaidTurn:
    shown = spoken_by(turn, text.attributions.get(turn.id), text.layer)
    known = None if shown.withheld or not shown.named else shown.name
    asides = tuple(
        (mark.char_start, mark.char_end) for mark in turn.marks if mark.kind in _NO_SPEECH
    )
    return SaidTurn(turn.id, turn.text, offset, Voice(known, None, shown.certain), asides)


def current_proofs(tx: Transaction, text: ClipText) -> tuple[Proof, ...]:
    """A proof for each clause as headline, summary and turns stand now, in order.

    What an editor confirmed stays while the clause and the words it rests on stand as they did;
    what was passed, while the clause does and nothing supports it. All else is proposed anew.
    """
    parts = text.parts
    if not parts:
        return ()
    known: dict[tuple[int, str], list[Proof]] = {}
    for one in tx.clip_proofs(text.clip.id):
        known.setdefault((one.part, one.clause), []).append(one)
    result = []
    for fresh in propose(text.clip.id, parts, ground_of(tx, text)):
        waiting = known.get((fresh.part, fresh.clause), [])
        result.append(_kept(tx, waiting.pop(0), fresh) if waiting else fresh)
    return tuple(result)


def _kept(tx: Transaction, old: Proof, fresh: Proof) -> Proof:
    """What stands of a stored proof beside one that was just proposed."""
    if old.passed is not None and fresh.kind is ClauseKind.UNSUPPORTED:
        return replace(fresh, id=old.id, passed=old.passed, confirmed_by=old.confirmed_by,
                       confirmed_utc=old.confirmed_utc)  # fmt: skip
    if old.confirmed_by is None or old.passed is not None:
        return replace(fresh, id=old.id)
    now = [standing_words(tx, one.turn_id, one.char_start, one.char_end) for one in old.links]
    standing = [one for one in now if one is not None and one.unchanged]
    if len(standing) < len(now):
        reason = f"{old.confirmed_by} confirmed it on words that were changed since"
        return replace(fresh, id=old.id, reasons=(*fresh.reasons, reason))
    return replace(
        old,
        char_start=fresh.char_start,
        char_end=fresh.char_end,
        links=tuple(one.link for one in standing),
    )


def revised_by(text: ClipText) -> tuple[str, ...]:
    """Who made the translation that a clip prints, persons alone; empty for what is none."""
    if text.layer.kind is not LayerKind.TRANSLATION:
        return ()
    made = [text.layer.maker] if text.layer.origin is LayerOrigin.PERSON else []
    made += text.writers.values()
    return tuple(dict.fromkeys(made))
