"""Where else the same words stand: airings of one event, further events, the claimed speaker's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from offair.desk.quoted_evidence import Evidence
from offair.model.finding import Airing, ContextFinding, EditKind, Quotation, SpeakerFinding
from offair.model.transcript import LayerKind
from offair.search import Occurrence, Scope, Shards
from offair.text.align import Alignment, Edit
from offair.text.events import events
from offair.text.judge import Judged
from offair.text.judge_places import Place
from offair.text.judge_speaker import KnownNames, Same
from offair.text.judge_words import Used
from offair.text.tokenise import TokenKind

MOST_PLACES = 24
"""So many places of the same words are compared by what stands around them."""
_LOOKED_FOR_SPEAKER = 100
_OTHERS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Told:
    """airings: of the event of the first piece, first airing first. also_said: how many further
    events hold the same words, of the places looked at. said: how often the very words stand in the
    scope. more: not all of them were looked at. others: further events' places, a few. event: the
    places of the first piece's own event."""

    airings: tuple[Airing, ...]
    also_said: int
    said: int
    more: bool
    others: tuple[Used, ...]
    event: tuple[Used, ...]


def airings_of(evidence: Evidence, shards: Shards, judged: Judged, scope: Scope) -> Told:
    """Where else the words of a finding's first stretch stand, as events."""
    own = judged.used[0]
    if len(judged.used) > 1:
        return Told((evidence.airing(own),), 0, 0, False, (), ())
    forms = _forms(own)
    said, found = shards.occurrences(forms, scope, limit=MOST_PLACES)
    same = _elsewhere(evidence, own, judged.others, found, len(forms))
    more = said > len(found)
    # What a caption prints of words that were heard was not said once more.
    said -= sum(_printed_too(one, own, found) for one in found)
    weaker = list(judged.weaker)[: MOST_PLACES - len(same)]
    if not same and not weaker:
        return Told((evidence.airing(own),), 0, said, False, (), ())
    # Twice in one text is said twice, however alike what stands around it.
    repeated = [one for one in same if one.place.layer_id == own.place.layer_id]
    elsewhere = [one for one in same if one.place.layer_id != own.place.layer_id]
    every = [own, *elsewhere]
    every += [one for one in weaker if one.place.layer_id != own.place.layer_id]
    grouped = events([evidence.surrounded(one) for one in every])
    ours = [every[one] for one in next(group for group in grouped if 0 in group)]
    further = [group for group in grouped if 0 not in group and min(group) <= len(elsewhere)]
    others = [*repeated, *(every[group[0]] for group in further)]
    return Told(
        tuple(evidence.airing(one) for one in _of_each_recording(ours)), len(others), said,
        more, tuple(others[:_OTHERS_SHOWN]), tuple(ours),
    )  # fmt: skip


def _printed_too(one: Occurrence, own: Used, found: Sequence[Occurrence]) -> bool:
    """Whether a place is a caption of a recording whose speech has the words too."""
    if one.kind is not LayerKind.CAPTIONS:
        return False
    heard = {other.recording_id for other in found if other.kind is LayerKind.SPEECH}
    if own.place.kind is LayerKind.SPEECH:
        heard.add(own.place.recording_id)
    return one.recording_id in heard


def _of_each_recording(airings: Sequence[Used]) -> list[Used]:
    """Of several texts of one recording, one: speech where there is any."""
    kept: dict[int, Used] = {}
    for one in airings:
        held = kept.get(one.place.recording_id)
        if held is None or held.place.kind is not LayerKind.SPEECH:
            kept[one.place.recording_id] = one
    return list(kept.values())


def _forms(used: Used) -> tuple[str, ...]:
    """The spoken words of a stretch, as the index has them."""
    first, last = used.alignment.window
    return tuple(
        one.form for one in used.place.tokens[first:last] if one.kind is not TokenKind.FILLER
    )


def _elsewhere(
    evidence: Evidence,
    own: Used,
    others: Sequence[Used],
    found: Sequence[Occurrence],
    words: int,
) -> list[Used]:
    """Places of the same words in other recordings or elsewhere in this one, each once; captions
    only of recordings of which there is no speech."""
    seen = {_key(own)}
    kept: list[Used] = []
    spoken = {own.place.recording_id} if own.place.kind is LayerKind.SPEECH else set()
    spoken |= {one.place.recording_id for one in others if one.place.kind is LayerKind.SPEECH}
    spoken |= {one.recording_id for one in found if one.kind is LayerKind.SPEECH}
    candidates = list(others)
    known = {_key(one) for one in others} | seen
    fresh = [
        one
        for one in found
        if (one.layer_id, one.turn_id) not in {key[:2] for key in known}
        and not (one.kind is LayerKind.CAPTIONS and one.recording_id in spoken)
    ]
    for stretch in evidence.occurrences(fresh, words):
        place = evidence.place(stretch, words)
        used = _standing(place, _forms(own)) if place is not None else None
        if used is not None:
            candidates.append(used)
    for used in candidates:
        captions = used.place.kind is LayerKind.CAPTIONS and used.place.recording_id in spoken
        if _key(used) not in seen and not captions:
            seen.add(_key(used))
            kept.append(used)
    return kept[:MOST_PLACES]


def _key(used: Used) -> tuple[int, int, int]:
    place = used.place
    turn = place.turn_at(used.chars[0])
    return place.layer_id, place.turns[turn].turn_id, used.chars[0] - place.starts[turn]


def _standing(place: Place, forms: Sequence[str]) -> Used | None:
    """A place where these very words stand in a row, or None where they no longer do."""
    said = [
        (index, one.form)
        for index, one in enumerate(place.tokens)
        if one.kind is not TokenKind.FILLER
    ]
    row = [form for _, form in said]
    for at in range(len(row) - len(forms) + 1):
        if row[at : at + len(forms)] == list(forms):
            window = (said[at][0], said[at + len(forms) - 1][0] + 1)
            edit = Edit(EditKind.EQUAL, (0, len(forms)), window)
            return Used(place, 0, (0, len(forms)), Alignment((edit,), window, 0.0, len(forms)))
    return None


def claimed_elsewhere(
    evidence: Evidence,
    shards: Shards,
    quotation: Quotation,
    judged: Judged,
    scope: Scope,
    known: KnownNames,
) -> list[Place]:
    """Places of the very same words by the claimed speaker or on the claimed day, where the place
    that was found is neither; empty where there is none, or nothing to be bettered."""
    wrong_voice = judged.speaker in {SpeakerFinding.SOMEBODY_ELSE, SpeakerFinding.UNCONFIRMED}
    wrong_day = ContextFinding.OTHER_DATE in judged.context
    if not (wrong_voice or wrong_day):
        return []
    own = judged.used[0]
    forms = _forms(own)
    said, found = shards.occurrences(forms, scope, limit=_LOOKED_FOR_SPEAKER)
    if said < 2:
        return []
    claimed_day = quotation.date.value[:10] if quotation.date else None
    if claimed_day is not None and not wrong_voice:
        found = [one for one in found if one.aired.startswith(claimed_day)]
    better = []
    for stretch in evidence.occurrences(found, len(forms)):
        place = evidence.place(stretch, len(forms))
        if place is None:
            continue
        shown = place.turns[0].voice.shown
        same = (
            known.same(quotation.speaker, shown, place.aired)
            if quotation.speaker and shown
            else Same.UNSURE
        )
        if quotation.speaker is None or same in {Same.YES, Same.SPELLED}:
            better.append(place)
    return better[:4]
