"""Withhold a speaker: known to the desk, shown to nobody; and lift it. It is kept who did, when and
why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.attributed import newest_attributions, spoken_by
from offair.desk.evidence import chosen_layer
from offair.model.errors import BadInput, NotFound
from offair.model.transcript import Attribution, Layer, Speaker, SpeakerKind, Turn, Withholding
from offair.store import Transaction
from offair.text.normalise import fold

LONGEST_REASON = 2_000
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Withheld:
    """What an act changed. acts: one for each speaker the desk knew by that name (spellings that
    differ in upper and lower case are several). elsewhere: sentences about what else prints the
    name and was left as it is."""

    acts: tuple[Withholding, ...]
    elsewhere: tuple[str, ...] = ()


def withhold_speaker(
    desk: Desk, recording_id: int, who: str, *, why: str, actor: str, layer_id: int | None = None
) -> Withheld:
    """Show a speaker to nobody from now on, in every recording; a role in this one.

    who: a name, or the label of a voice of the layer (by default the best) that has one. Every
    text, record, search and finding then says that the speaker is withheld; what is said in a
    text, by the speaker or of the speaker, stays. Raises `NotFound` (no such recording, voice or
    name), `BadInput` (no reason; a voice without a name or with several), `Conflict` where the
    speaker is withheld already.
    """
    reason = _reason(why)
    if not who.strip():
        raise BadInput("who is to be withheld? Give a name, or the LABEL of a voice")
    with desk.catalogue.transaction() as tx:
        tx.recording(recording_id)
        found = _of_voice(tx, recording_id, who, layer_id) or _of_name(tx, recording_id, who)
        if not found:
            found = _of_label(tx, recording_id, who, actor)
        if not found and _is_voice(tx, recording_id, who, layer_id):
            raise BadInput(
                f"{who} has no name yet, so there is nothing to withhold; name the voice first, "
                "then withhold it"
            )
        if not found:
            raise NotFound(
                f"no speaker and no voice of recording {recording_id} is called {who!r}; "
                f"`offair speakers {recording_id}` lists its voices"
            )
        waiting = [one for one in found if not one.withheld] or found[:1]
        acts = [tx.withhold(one.id or 0, withheld=True, why=reason, actor=actor) for one in waiting]
        # Neither the name nor the reason, which may hold it: the log is not for names withheld.
        tx.note_act(actor, "withhold_speaker", "recording", recording_id, voices=len(acts))
        elsewhere = _elsewhere(tx, found[0].name)
    return Withheld(tuple(acts), elsewhere)


def lift_speaker(desk: Desk, recording_id: int, who: str, *, why: str, actor: str) -> Withheld:
    """Show a speaker again who was withheld.

    who: the number that `list_withheld` gives, the name, or the label of a voice. Raises as
    `withhold_speaker`.
    """
    reason = _reason(why)
    if not who.strip():
        raise BadInput(
            "who is to be shown again? Give the number, the name or the LABEL of a voice"
        )
    with desk.catalogue.transaction() as tx:
        tx.recording(recording_id)
        hidden = tx.withheld(recording_id)
        found = [one for one in hidden if str(one.id) == who]
        found = found or [one for one in hidden if fold(one.name) == fold(who)]
        if not found:
            voices = {fold(one.name) for one in _of_voice(tx, recording_id, who, None)}
            found = [one for one in hidden if fold(one.name) in voices]
        alike = {fold(one.name) for one in found}
        found = [one for one in hidden if fold(one.name) in alike]
        if not found:
            raise NotFound(
                f"nobody of recording {recording_id} who is withheld is {who!r}; "
                f"`offair speakers {recording_id} --withheld` lists them by number"
            )
        acts = [tx.withhold(one.id or 0, withheld=False, why=reason, actor=actor) for one in found]
        tx.note_act(actor, "lift_speaker", "recording", recording_id, voices=len(acts))
    return Withheld(tuple(acts))


def list_withheld(desk: Desk, recording_id: int) -> tuple[Withholding, ...]:
    """Who is withheld and could be named in this recording: the act that withheld each, oldest
    first. One without an act was withheld when the speaker was first named. Raises `NotFound`."""
    with desk.catalogue.snapshot() as tx:
        tx.recording(recording_id)
        acts = {one.speaker.id: one for one in tx.withholdings() if one.withheld}
        found = [
            acts.get(one.id) or Withholding(one, True, "named like somebody withheld", "", "")
            for one in tx.withheld(recording_id)
        ]
    return tuple(sorted(found, key=lambda one: one.made_utc))


def _reason(why: str) -> str:
    line = " ".join(why.split())
    if not line:
        raise BadInput("say why: --why REASON is kept with who did it and when")
    if len(line) > LONGEST_REASON:
        raise BadInput(f"the reason has {len(line)} characters; at most {LONGEST_REASON} are kept")
    return line


def _of_voice(
    tx: Transaction, recording_id: int, label: str, layer_id: int | None
) -> Sequence[Speaker]:
    """The one speaker of the voice with this label, and namesakes; none where the voice has no
    name, or there is none. Raises `BadInput` where it has several."""
    layer, turns = _voice(tx, recording_id, label, layer_id)
    given = {} if layer is None else newest_attributions(tx, layer, turns)
    voices = {voice.name for one in given.values() if (voice := _somebody(one.voice))}
    if len(voices) > 1:
        raise BadInput(
            f"the turns of {label} are said to be of {len(voices)} speakers; give the name of the "
            "one to withhold"
        )
    return [one for name in sorted(voices) for one in _of_name(tx, recording_id, name)]


def _is_voice(tx: Transaction, recording_id: int, label: str, layer_id: int | None) -> bool:
    return bool(_voice(tx, recording_id, label, layer_id)[1])


def _voice(
    tx: Transaction, recording_id: int, label: str, layer_id: int | None
) -> tuple[Layer | None, list[Turn]]:
    """The layer, and its turns of the voice with this label; None where there is no text."""
    try:
        layer = chosen_layer(tx, recording_id, layer_id)
    except NotFound:
        return None, []
    return layer, [one for one in tx.turns(layer.id) if fold(one.label or "") == fold(label)]


def _somebody(voice: Speaker | None) -> Speaker | None:
    """The speaker, but where the name is that of no person."""
    return None if voice is None or voice.kind is SpeakerKind.LABEL else voice


def _is_name(turn: Turn, layer: Layer) -> bool:
    return spoken_by(turn, None, layer).named


def _of_name(tx: Transaction, recording_id: int, name: str) -> list[Speaker]:
    """Everybody of this name who could be named in the recording, however it is written."""
    return [
        one for one in tx.speakers(recording_id) if _somebody(one) and fold(one.name) == fold(name)
    ]


def _of_label(tx: Transaction, recording_id: int, name: str, actor: str) -> list[Speaker]:
    """A person whom so far only labels of the recording's texts name; now known to the desk."""
    for layer in tx.layers(recording_id):
        turns = [turn for turn in tx.turns(layer.id) if fold(turn.label or "") == fold(name)]
        if turns and _is_name(turns[0], layer):
            voice = Speaker(turns[0].label or name)
            first = Attribution(turns[0].id, voice, None, turns[0].label, None, actor)
            tx.add_attributions([first])
            return _of_name(tx, recording_id, voice.name)
    return []


def _elsewhere(tx: Transaction, name: str) -> tuple[str, ...]:
    """What else prints the name in words of the desk's own, and is not changed by this."""
    said = []
    for what, found in (
        ("the title of recording", list(_titled(tx, fold(name)))),
        ("the draft of clip", list(_drafted(tx, fold(name)))),
    ):
        if found:
            listed = ", ".join(map(str, sorted(found)[:20]))
            more = f" and {len(found) - 20} more" if len(found) > 20 else ""
            said.append(f"{what} {listed}{more} has the name and stays as it was written")
    said.extend(
        f"the names list has it as name {one.id}; `offair names remove {one.id}` takes it off"
        for one in tx.names()
        if fold(name) in {fold(text) for text in one.all_spellings}
    )
    return tuple(said)


def _titled(tx: Transaction, folded: str) -> Iterator[int]:
    page = tx.recordings(limit=_PAGE)
    while page:
        yield from (one.id for one in page if folded in fold(one.title))
        page = tx.recordings(limit=_PAGE, before_id=page[-1].id)


def _drafted(tx: Transaction, folded: str) -> Iterator[int]:
    page = tx.clips(limit=_PAGE)
    while page:
        for one in page:
            if any(folded in fold(text) for text in (one.headline or "", *one.summary)):
                yield one.id
        page = tx.clips(limit=_PAGE, before_id=page[-1].id)
