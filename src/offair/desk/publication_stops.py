"""Why a clip cannot be published as it stands: what a page lists, and publishing stops at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from offair.desk.attributed import spoken_by
from offair.desk.carried import standing_words
from offair.desk.clip_ground import ClipText, clip_text, current_proofs, revised_by
from offair.desk.clip_states import SET_STATE, second_reader_of
from offair.desk.record_draft import heard_turns
from offair.model.clip_work import ClauseKind, ClipState, ClipWork, Stop, StopKind
from offair.model.desk_lists import ChannelTerms
from offair.model.errors import Refused
from offair.model.time import clock
from offair.model.transcript import LayerKind, LayerOrigin, Turn
from offair.store import Transaction


class Stopped(Refused):
    """A clip cannot be published as it stands. stops: why, all of them."""

    def __init__(self, message: str, stops: tuple[Stop, ...]) -> None:
        super().__init__(message)
        self.stops = stops


_SHOWN = 80
"""Characters of a clause or of a speaker's name that a sentence quotes."""


def publication_stops(
    tx: Transaction,
    clip_id: int,
    *,
    now_utc: str,
    second_reader_required: bool,
    terms: ChannelTerms | None = None,
) -> tuple[Stop, ...]:
    """Every reason why a clip cannot be published now, worst first to mend; empty for none.

    now_utc: ISO 8601 with `Z`. terms: None for those of the clip's channel. Raises `NotFound`,
    `BadInput` (it has no text).
    """
    text = clip_text(tx, clip_id)
    if terms is None:
        terms = tx.channel_terms(text.recording.channel.id or 0)
    work = tx.clip_work(clip_id)
    return (
        *_rights(text, terms),
        *_not_now(work, now_utc),
        *_unheard(tx, text),
        *_unrevised(tx, text),
        *_unconfirmed(text),
        *_unsupported(tx, text),
        *_queried(tx, text),
        *_unread(tx, text, work, required=second_reader_required),
    )


def passed_stops(stops: tuple[Stop, ...], override: str | None) -> tuple[Stop, ...]:
    """The stops that an override passes; empty where nothing stops. Raises `Stopped` where some
    cannot be passed, or no reason was given to pass them."""
    if not stops:
        return ()
    fixed = tuple(one for one in stops if not one.passable)
    if not fixed and override:
        return stops
    told = "; ".join(one.sentence for one in (fixed if override else stops))
    way = (
        "that cannot be passed"
        if fixed
        else "mend it, or have an administrator pass it with a reason"
    )
    raise Stopped(f"the clip cannot be published as it stands: {told}; {way}", stops)


def held_back(work: ClipWork, now_utc: str) -> str | None:
    """Why nothing of a clip goes out now, as a sentence: a hold, or a time before which it must
    not; None where nothing holds it."""
    return next((one.sentence for one in _not_now(work, now_utc)), None)


def check_not_held(tx: Transaction, clip_id: int) -> None:
    """Raises `Refused` where a published record is on hold, or must not go out yet."""
    why = held_back(tx.clip_work(clip_id), datetime.now(UTC).isoformat())
    if why is not None:
        raise Refused(f"the record of clip {clip_id} does not go out: {why}; lift that first")


def _rights(text: ClipText, terms: ChannelTerms) -> list[Stop]:
    channel, found = text.recording.channel.name, []
    ground = f" ({terms.ground})" if terms.ground else ""
    length = sum(span.length for span in text.clip.spans)
    if not terms.text:
        found.append(f"the terms of {channel} keep its text at the desk{ground}")
    if terms.longest_ms is not None and length > terms.longest_ms:
        found.append(
            f"the clip is {clock(length)} long, and the terms of {channel} allow "
            f"{clock(terms.longest_ms)} at most{ground}"
        )
    return [Stop(StopKind.RIGHTS, one, passable=False) for one in found]


def _not_now(work: ClipWork, now_utc: str) -> list[Stop]:
    found = []
    if work.hold is not None:
        sentence = f"{work.hold_by or 'somebody'} holds it: {work.hold}"
        found.append(Stop(StopKind.HOLD, sentence))
    if work.not_before is not None and instant(now_utc) < instant(work.not_before):
        sentence = f"it must not be published before {work.not_before}"
        found.append(Stop(StopKind.NOT_BEFORE, sentence))
    return found


def instant(utc: str) -> datetime:
    """A moment in UTC. Raises `ValueError` where it is no ISO 8601."""
    read = datetime.fromisoformat(utc)
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def _unheard(tx: Transaction, text: ClipText) -> list[Stop]:
    heard = heard_turns(tx, text.turns, text.clip.spans)
    missing = _ids(turn for turn in text.turns if turn.id not in heard)
    if not missing:
        return []
    turns = "1 turn has" if len(missing) == 1 else f"{len(missing)} turns have"
    return [Stop(StopKind.UNHEARD, f"{turns} words that nobody has heard", missing)]


def _unrevised(tx: Transaction, text: ClipText) -> list[Stop]:
    layer = text.layer
    if layer.kind is not LayerKind.TRANSLATION or layer.origin is not LayerOrigin.ENGINE:
        return []
    # Who listened beside the translation and found it so has done what a revision would.
    heard = heard_turns(tx, text.turns, text.clip.spans)
    left = _ids(turn for turn in text.turns if turn.id not in text.writers and turn.id not in heard)
    if not left:
        return []
    turns = "1 turn is" if len(left) == 1 else f"{len(left)} turns are"
    sentence = f"{turns} a machine's translation that nobody has revised"
    return [Stop(StopKind.UNREVISED_TRANSLATION, sentence, left)]


def _unconfirmed(text: ClipText) -> list[Stop]:
    waiting: dict[str, list[int]] = {}
    for turn in text.turns:
        shown = spoken_by(turn, text.attributions.get(turn.id), text.layer)
        if shown.named and shown.name is not None and not shown.certain and not shown.withheld:
            waiting.setdefault(shown.name, []).append(turn.id)
    return [
        Stop(
            StopKind.UNCONFIRMED_SPEAKER,
            f"nobody has confirmed that it is {_short(name)} who speaks",
            tuple(dict.fromkeys(ids)),
        )
        for name, ids in waiting.items()
    ]


def _unsupported(tx: Transaction, text: ClipText) -> list[Stop]:
    found = []
    for proof in current_proofs(tx, text):
        if proof.kind is ClauseKind.UNSUPPORTED and proof.passed is None:
            where = "the headline" if proof.part == 0 else f"paragraph {proof.part} of the summary"
            why = f": {proof.reasons[0]}" if proof.reasons else ""
            sentence = f"in {where} nothing supports “{_short(proof.clause)}”{why}"
            ids = tuple(dict.fromkeys(link.turn_id for link in proof.links))
            found.append(Stop(StopKind.UNSUPPORTED_CLAUSE, sentence, ids))
    return found


def _queried(tx: Transaction, text: ClipText) -> list[Stop]:
    found = []
    for query in tx.clip_queries(text.clip.id):
        if query.settled_by is not None:
            continue
        ids: tuple[int, ...] = ()
        if query.turn_id is not None:
            now = standing_words(tx, query.turn_id, query.char_start, query.char_end)
            ids = () if now is None else (now.turn.id,)
        sentence = f"{query.made_by} asks, and nobody has answered: {_short(query.text)}"
        found.append(Stop(StopKind.OPEN_QUERY, sentence, ids))
    return found


def _unread(tx: Transaction, text: ClipText, work: ClipWork, *, required: bool) -> list[Stop]:
    if not required:
        return []
    if work.read_by is None:
        return [Stop(StopKind.SECOND_READER, "no second reader has read it")]
    why = second_reader_of(work, text.clip.made_by, revised_by(text), work.read_by)
    if why is not None:
        return [Stop(StopKind.SECOND_READER, why)]
    read = next(
        (
            act.detail.get("fingerprint")
            for act in tx.acts(kind="clip", subject=work.clip_id, limit=1_000)
            if act.verb == SET_STATE and act.detail.get("after") == ClipState.READY.value
        ),
        None,
    )
    if read is not None and read != text.fingerprint:
        sentence = f"words of it were changed since {work.read_by} read it"
        return [Stop(StopKind.SECOND_READER, sentence)]
    return []


def _ids(turns: Iterable[Turn]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(turn.id for turn in turns))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
