"""What `offair clip --review` prints: how a clip stands, and what stands in its way."""

from __future__ import annotations

from offair.cli.printed import printed
from offair.cli.terminal import clock, emit, now_utc
from offair.desk import Desk
from offair.desk.clip_queries import PinnedQuery, read_queries
from offair.desk.clip_stops import clip_stops
from offair.desk.find_overlaps import find_overlaps
from offair.desk.list_clips import show_clip
from offair.desk.prove import read_proofs
from offair.model.clip_work import ClauseKind, Proof


def print_review(desk: Desk, clip_id: int, *, as_json: bool) -> None:
    """Print it, as lines or as JSON. Raises `NotFound`, `BadInput` (it has no text)."""
    shown = show_clip(desk, clip_id)
    proofs = read_proofs(desk, clip_id).proofs
    queries = read_queries(desk, clip_id)
    overlaps = find_overlaps(desk, clip_id)
    stops = clip_stops(
        desk, clip_id, now_utc=now_utc(), second_reader_required=desk.second_reader_required
    )
    if as_json:
        emit(
            {
                "event": "review", "clip": clip_id, "state": shown.work.state.value,
                "owner": shown.work.owner, "version": shown.work.version,
                "proofs": [
                    {"part": one.part, "clause": one.clause, "kind": one.kind.value,
                     "differing": list(one.differing), "reasons": list(one.reasons),
                     "confirmed_by": one.confirmed_by, "passed": one.passed}
                    for one in proofs
                ],
                "queries": [
                    {"id": one.query.id, "text": one.query.text, "words": one.query.words,
                     "answer": one.query.answer}
                    for one in queries
                ],
                "overlaps": [one.clip.id for one in overlaps],
                "stops": [
                    {"kind": one.kind.value, "sentence": one.sentence, "turns": list(one.turn_ids)}
                    for one in stops
                ],
            }
        )  # fmt: skip
        return
    owner = f", {shown.work.owner} has it" if shown.work.owner else ""
    print(f"clip {clip_id} is {shown.work.state.value}{owner} (version {shown.work.version})")
    for proof in proofs:
        _print_proof(proof)
    for query in queries:
        _print_query(query)
    for one in overlaps:
        print(f"overlaps clip {one.clip.id}")
    for stop in stops:
        print(printed(f"stop, {stop.kind.value}: {stop.sentence}"))
    if not stops:
        print("nothing stops publishing it")


def _print_proof(proof: Proof) -> None:
    where = "headline" if proof.part == 0 else f"summary {proof.part}"
    kind = proof.kind.value
    if proof.kind is ClauseKind.SAID:
        kind += ", own words" if proof.own_words else ", paraphrase"
    by = f", confirmed by {proof.confirmed_by}" if proof.confirmed_by else ""
    print(printed(f"{where}: “{proof.clause}” is {kind}{by}"))
    for reason in proof.reasons:
        print(printed(f"  {reason}"))
    if proof.differing:
        print(printed(f"  not the speaker's: {', '.join(proof.differing)}"))
    if proof.passed is not None:
        print(printed(f"  passed: {proof.passed}"))


def _print_query(pinned: PinnedQuery) -> None:
    query = pinned.query
    at = "" if query.at is None else f" at {clock(query.at)}"
    words = f" about “{query.words}”{at}" if query.words else ""
    answered = f"{query.settled_by}: {query.answer}" if query.settled_by else "open"
    print(printed(f"query {query.id} by {query.made_by}{words}: {query.text} ({answered})"))
