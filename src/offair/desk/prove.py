"""Prove the clauses of a clip: what the machine proposes, an editor confirms, changes or passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from offair.desk import Desk
from offair.desk.clip_ground import ClipText, clip_text, current_proofs
from offair.desk.clip_states import refuse_ended
from offair.model.clip_work import ClauseKind, Proof, ProofLink, ReportedSpeech
from offair.model.errors import BadInput, Conflict
from offair.store import Transaction
from offair.text.reported_speech import reported_speech

LONGEST = 2_000
"""Characters of a source note, of the reason with which a clause is passed."""


@dataclass(frozen=True, slots=True)
class ClauseAt:
    """A clause, as it was read: part, where it begins, its text."""

    part: int
    char_start: int
    clause: str


@dataclass(frozen=True, slots=True)
class Proofs:
    """The proofs of a clip's clauses in order, and where its speakers give others' words."""

    proofs: tuple[Proof, ...]
    reported: tuple[ReportedSpeech, ...]


def read_proofs(desk: Desk, clip_id: int) -> Proofs:
    """The proofs as headline, summary and turns stand now; nothing is written. Raises `NotFound`,
    `BadInput` (the clip has no text)."""
    with desk.catalogue.snapshot() as tx:
        text = clip_text(tx, clip_id)
        return Proofs(current_proofs(tx, text), _reported(tx, text))


def propose_proofs(desk: Desk, clip_id: int, *, actor: str) -> tuple[Proof, ...]:
    """Keep what is proposed for each clause now; what editors confirmed or passed stays, as far as
    clauses and words stand. Raises `NotFound`, `BadInput`, `Refused`."""
    with desk.catalogue.transaction() as tx:
        refuse_ended(tx.clip_work(clip_id))
        proofs = tx.set_clip_proofs(clip_id, current_proofs(tx, clip_text(tx, clip_id)))
        tx.note_act(actor, "prove", "clip", clip_id, proposed=len(proofs))
    return tuple(proofs)


def confirm_proof(
    desk: Desk,
    clip_id: int,
    at: ClauseAt,
    *,
    actor: str,
    now_utc: str,
    kind: ClauseKind | None = None,
    links: Sequence[ProofLink] | None = None,
    field: str | None = None,
    own_words: bool | None = None,
) -> Proof:
    """Confirm what a clause rests on, as proposed or as said here.

    kind: None as proposed. links: the words it was said in, needed for `said`. field: which field
    of the record, or the source note, needed for `record fact` and `background`. Raises `NotFound`,
    `BadInput` where these are missing or no words of the clip, `Conflict` where the clause stands
    otherwise now, `Refused`.
    """
    with desk.catalogue.transaction() as tx:
        text, proofs, number = _found(tx, clip_id, at)
        known = proofs[number]
        wanted = known.kind if kind is None else kind
        rests = known.links if links is None else tuple(links)
        note = known.field if field is None else _line(field, "a source note") or None
        if wanted is ClauseKind.SAID:
            if not rests:
                raise BadInput(f"link the words in which “{at.clause[:80]}” was said")
            _check_links(tx, text, rests)
            note = None
        elif wanted is ClauseKind.UNSUPPORTED:
            if kind is None:
                raise BadInput(
                    f"nothing was found that supports “{at.clause[:80]}”; say what it rests on, or "
                    "pass it with a reason"
                )
            rests, note = (), None
        elif not note:
            what = "the field of the record" if wanted is ClauseKind.RECORD_FACT else "a source"
            raise BadInput(f"name {what} that “{at.clause[:80]}” rests on")
        else:
            rests = ()
        own = known.own_words if own_words is None else own_words
        proof = replace(
            known, kind=wanted, links=rests, field=note,
            own_words=own and wanted is ClauseKind.SAID, confirmed_by=actor,
            confirmed_utc=now_utc, passed=None,
        )  # fmt: skip
        return _keep(tx, clip_id, proofs, number, proof, actor, confirmed=wanted.value)


def pass_clause(
    desk: Desk, clip_id: int, at: ClauseAt, why: str, *, actor: str, now_utc: str
) -> Proof:
    """Let an unsupported clause stand, with a reason. Raises `NotFound`, `BadInput` (no reason;
    something supports it), `Conflict` where the clause stands otherwise now, `Refused`."""
    reason = _line(why, "a reason")
    if not reason:
        raise BadInput("say why the clause may stand although nothing supports it")
    with desk.catalogue.transaction() as tx:
        _, proofs, number = _found(tx, clip_id, at)
        known = proofs[number]
        if known.kind is not ClauseKind.UNSUPPORTED:
            raise BadInput(f"“{at.clause[:80]}” is {known.kind.value}; confirm it instead")
        proof = replace(known, passed=reason, confirmed_by=actor, confirmed_utc=now_utc)
        return _keep(tx, clip_id, proofs, number, proof, actor, passed=reason)


def _found(tx: Transaction, clip_id: int, at: ClauseAt) -> tuple[ClipText, list[Proof], int]:
    """The clip's text, its proofs, and which of them is asked about."""
    refuse_ended(tx.clip_work(clip_id))
    text = clip_text(tx, clip_id)
    proofs = list(current_proofs(tx, text))
    for number, one in enumerate(proofs):
        if (one.part, one.char_start, one.clause) == (at.part, at.char_start, at.clause):
            return text, proofs, number
    raise Conflict(
        f"clip {clip_id} has no clause “{at.clause[:80]}” there any more; read its proofs again"
    )


def _keep(
    tx: Transaction,
    clip_id: int,
    proofs: list[Proof],
    number: int,
    proof: Proof,
    actor: str,
    **detail: str,
) -> Proof:
    proofs[number] = proof
    kept = tx.set_clip_proofs(clip_id, proofs)
    tx.note_act(actor, "prove", "clip", clip_id, part=proof.part, **detail)
    return next(
        one
        for one in kept
        if (one.part, one.char_start, one.clause) == (proof.part, proof.char_start, proof.clause)
    )


def _check_links(tx: Transaction, text: ClipText, links: Sequence[ProofLink]) -> None:
    printed = {turn.id for turn in text.turns}
    for link in links:
        if link.turn_id not in printed:
            raise BadInput(f"turn {link.turn_id} is not printed in clip {text.clip.id}")
        (turn,) = tx.turns_by_id([link.turn_id])
        if not 0 <= link.char_start < link.char_end <= len(turn.text):
            raise BadInput(
                f"characters {link.char_start} to {link.char_end} are no words of turn "
                f"{link.turn_id}, which has {len(turn.text)} characters"
            )


def _reported(tx: Transaction, text: ClipText) -> tuple[ReportedSpeech, ...]:
    """Where the speakers of a clip give what others said, in the turns that it prints."""
    ids = list(dict.fromkeys(turn.id for turn in text.turns))
    return tuple(
        one
        for turn in tx.turns_by_id(ids)
        for one in reported_speech(turn.id, turn.text, text.layer.language)
    )


def _line(text: str, what: str) -> str:
    line = " ".join(text.split())
    if len(line) > LONGEST:
        raise BadInput(f"{what} has at most {LONGEST:,} characters, not {len(line):,}")
    return line
