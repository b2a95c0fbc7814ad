"""What the verbs share that change turns: the turn that was edited, a stale one, drafts' words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from offair.desk.carried import standing_turns
from offair.desk.translations import text_hash, texts_now
from offair.model.errors import BadInput, Conflict, NotFound
from offair.model.revising import Revision, RevisionKind
from offair.model.transcript import Layer, LayerKind, Mark, SourceSentence, Turn
from offair.model.words import Words
from offair.store import Transaction
from offair.text.attribute import clip_turns
from offair.text.divided import recut

LONGEST_CHARS = 200_000
"""Of a turn: hours of speech. More is refused: something else was pasted."""


_CONTROL_RE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class StaleTurn(Conflict):
    """Somebody changed the turn after it was read that was edited here.

    base: the turn that was edited. now: the turns that stand in its place. by: the revision that
    changed it first.
    """

    def __init__(self, message: str, base: Turn, now: Sequence[Turn], by: Revision) -> None:
        super().__init__(message)
        self.base = base
        self.now = tuple(now)
        self.by = by


@dataclass(frozen=True, slots=True)
class EditedTurns:
    """What stands after an edit. revision: None where nothing had to be changed."""

    layer: Layer
    turns: tuple[Turn, ...]
    revision: Revision | None


def turn_to_edit(tx: Transaction, turn_id: int) -> tuple[Layer, Turn]:
    """A turn that stands, and its layer. Raises `NotFound`, `StaleTurn`."""
    layer = tx.turn_layer(turn_id)
    (turn,) = tx.turns_by_id([turn_id])
    if tx.taken_over(turn_id) is None:
        return layer, turn
    newest = tx.revisions(layer.id, turn_id=turn_id, limit=100_000)
    by = next(one for one in newest if any(old.id == turn_id for old in one.before))
    raise StaleTurn(
        f"{by.made_by} changed turn {turn_id} after it was read here; look at both texts, then "
        "save again",
        turn, standing_turns(tx, [turn_id]), by,
    )  # fmt: skip


def clean_text(text: str) -> str:
    """A turn's text as it is kept: its lines without white space at their ends. Raises `BadInput`
    (control characters, too long)."""
    lines = [" ".join(line.split("\t")).rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    clean = "\n".join(lines).strip("\n ")
    if len(clean) > LONGEST_CHARS:
        raise BadInput(f"the turn has {len(clean)} characters; at most {LONGEST_CHARS} are taken")
    if _CONTROL_RE.search(clean):
        raise BadInput("the text holds control characters; write it as plain text")
    return clean


def put_text(
    tx: Transaction,
    layer: Layer,
    turn: Turn,
    *,
    text: str,
    words: Words,
    marks: tuple[Mark, ...],
    kind: RevisionKind,
    verb: str,
    actor: str,
    reason: str | None,
) -> EditedTurns:
    """One text in the place of another, its sentences cut anew only where it was changed, with a
    line in the log. A sentence of a translation that was changed stays one, and is taken to
    translate its originals as they stand now: a person has looked at them."""
    old = tx.sentences([turn.id])
    whole = layer.kind is LayerKind.TRANSLATION or kind is RevisionKind.MARK
    ranges, (first, last) = recut(
        turn.text, [(one.char_start, one.char_end) for one in old], text, layer.language,
        whole=whole,
    )  # fmt: skip
    sources: dict[tuple[int, int], Sequence[SourceSentence]] = {}
    if layer.kind is LayerKind.TRANSLATION and len(ranges) == len(old):
        for place in range(first, last):
            fresh = fresh_sources(tx, old[place].id)
            if fresh:
                sources[0, place] = fresh
    made = replace(turn, text=text, words=words, marks=marks)
    revision = tx.replace_turns(
        [turn.id], [made], [ranges], kind=kind, actor=actor, reason=reason, sources=sources
    )
    note(tx, verb, layer, revision)
    return EditedTurns(layer, revision.after, revision)


def note(tx: Transaction, verb: str, layer: Layer, revision: Revision) -> None:
    """The line in the log about a revision."""
    tx.note_act(
        revision.made_by, verb, "turn", revision.after[0].id,
        recording=layer.recording_id, layer=layer.id, revision=revision.id,
        before=", ".join(str(one.id) for one in revision.before), reason=revision.reason,
    )  # fmt: skip


def fresh_sources(tx: Transaction, sentence_id: int) -> tuple[SourceSentence, ...]:
    """What a sentence translates, with the hash of what stands there now: a person has looked at
    it. What is gone stays named as it was, and so stale."""
    given = tx.sentence_sources([sentence_id]).get(sentence_id, ())
    now = texts_now(tx, [one.sentence_id for one in given])
    return tuple(
        SourceSentence(
            one.sentence_id,
            text_hash(now[one.sentence_id]) if one.sentence_id in now else one.sha256,
        )
        for one in given
    )


def keep_clips(
    tx: Transaction, layer: Layer, before: Sequence[Turn], after: Sequence[Turn]
) -> None:
    """Raises `BadInput` where dividing or joining turns would change which words a clip prints.

    Asked before anything is written: no word was changed, so no clip may print others.
    """
    ids = {one.id for one in before}
    for clip in tx.clips_of([layer.recording_id]):
        if clip.layer_id != layer.id:
            continue
        inside = ids & {one.id for one in standing_turns(tx, clip.turn_ids)}
        changed = 0 < len(inside) < len(ids) or any(
            _printed(clip_turns(before, span)) != _printed(clip_turns(after, span))
            for span in clip.spans
        )
        if changed:
            raise BadInput(
                f"clip {clip.id} begins or ends between these turns, and would print other words; "
                "change the clip first"
            )


def _printed(turns: Sequence[Turn]) -> str:
    return "".join("".join(one.text.split()) for one in turns)


def writers(tx: Transaction, layer: Layer, turns: Sequence[Turn]) -> dict[int, str]:
    """The persons who wrote the words of these turns where the layer's maker did not, by turn.

    To split, merge or mark a turn is not to write its words; what was taken back is the maker's.
    """
    revised = [one.id for one in turns if one.made_by is not None]
    return dict(tx.words_by(layer.id, revised)) if revised else {}


def check_side_by_side(one: Turn, two: Turn) -> None:
    """Raises `NotFound` where the second does not follow the first."""
    if two.ordinal != one.ordinal + 1:
        raise NotFound(
            f"turn {two.id} does not follow turn {one.id}; merge a turn with the next one"
        )
