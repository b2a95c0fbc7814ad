"""What several verbs need to know of a recording: order, layers, captions, turns of a clip."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import langcodes

from offair import formats
from offair.desk import Desk
from offair.formats import Holds
from offair.model.errors import BadInput, NotFound, Refused
from offair.model.recording import Held, Recording, VaultObject
from offair.model.time import Span
from offair.model.transcript import Cue, Layer, LayerKind, LayerOrigin, Turn
from offair.store import Transaction
from offair.text import attribute, caption_turns, sentences

_ORIGIN_RANK = {
    LayerOrigin.PERSON: 0,
    LayerOrigin.ENGINE: 1,
    LayerOrigin.BROADCASTER: 2,
    LayerOrigin.IMPORT: 3,
}
_KIND_RANK = {LayerKind.SPEECH: 0, LayerKind.TRANSLATION: 1, LayerKind.CAPTIONS: 2}

HEARD_IN_PART = "heard only to"
"""How the note of a machine's layer begins whose sound broke off; such a hearing is not whole."""
LARGEST_TEXT_BYTES = 64 * 1024 * 1024
"""A text larger than this is refused: a day of speech is about 1.5 MB."""
_JOINERS = frozenset("\u200c\u200d\u200e\u200f")
"""Part of the spelling of Persian, Hindi and others, and marks that set the direction of one word;
all of them harmless in a title."""


def heard_in_part(layer: Layer) -> bool:
    """Whether a machine made this layer of sound that broke off before its end."""
    return _from_sound(layer) and (layer.note or "").startswith(HEARD_IN_PART)


def _from_sound(layer: Layer) -> bool:
    return layer.kind is LayerKind.SPEECH and layer.origin is LayerOrigin.ENGINE


def queue_work(desk: Desk, tx: Transaction, recording: Recording) -> bool:
    """Queue what is still to be done for a recording with media; whether there is anything.

    Somebody asks for it: a quarantine is lifted, so that the media is opened once more.
    """
    facts = recording.media
    if facts is None:
        return False
    if recording.quarantine is not None:
        tx.quarantine_recording(recording.id, None)
    priority = broadcast_order(recording)
    queued = False
    heard = any(_from_sound(one) and not heard_in_part(one) for one in tx.layers(recording.id))
    if facts.of_kind("audio") and not heard:
        desk.queue.enqueue(tx, "process", recording.id, priority=priority)
        queued = True
    if not facts.browser_playable and not tx.attached(recording.id, "proxy"):
        desk.queue.enqueue(tx, "proxy", recording.id, priority=priority)
        queued = True
    return queued


def broadcast_order(recording: Recording) -> float:
    """Priority of a recording's work: its air date as `YYYYMMDD`, 0 where none is known.

    The newest broadcast is heard first.
    """
    value = recording.aired.value if recording.aired else ""
    digits = value[:10].replace("-", "")
    return float((digits + "00000000")[:8]) if digits else 0.0


def _why_no_text(recording: Recording) -> str:
    if recording.quarantine is not None:
        return (
            f"recording {recording.id} has no text: its media is in quarantine "
            f"({recording.quarantine}); `offair work --again {recording.id}` tries it once more"
        )
    if recording.media is not None and not recording.media.of_kind("audio"):
        return f"recording {recording.id} has no sound, so there is no text of it"
    return f"recording {recording.id} has no text yet; run `offair work` and wait for it"


def best_layer(tx: Transaction, recording_id: int) -> Layer:
    """The text to show first: speech before translation before captions, a person's before a
    machine's, the newest run. Raises `NotFound` where the recording has no text yet."""
    layers = tx.layers(recording_id)
    if not layers:
        raise NotFound(_why_no_text(tx.recording(recording_id)))
    return min(
        layers, key=lambda one: (_KIND_RANK[one.kind], _ORIGIN_RANK[one.origin], -one.run, one.id)
    )


def chosen_layer(tx: Transaction, recording_id: int, layer_id: int | None) -> Layer:
    """The layer asked for, or the best. Raises `BadInput` where it belongs elsewhere."""
    if layer_id is None:
        return best_layer(tx, recording_id)
    layer = tx.layer(layer_id)
    if layer.recording_id != recording_id:
        raise BadInput(f"layer {layer_id} belongs to recording {layer.recording_id}")
    return layer


def sentence_ranges(turns: Sequence[Turn], language: str) -> list[tuple[tuple[int, int], ...]]:
    """The sentences of each turn, as character ranges."""
    return [sentences.sentences(turn.text, language) for turn in turns]


def store_captions(
    tx: Transaction,
    recording: Recording,
    maker: str,
    language: str,
    cues: Sequence[Cue],
    origin: LayerOrigin,
) -> int:
    """Keep caption cues as a layer of their own; 1 if it is new, 0 if it was there.

    Other cues under the same name (a side-car that was corrected since) are a further run.
    """
    turns = caption_turns.turns_of(cues)
    if not turns:
        return 0
    said = [(one.span, one.text, one.label) for one in turns]
    run = 1
    for layer in tx.layers(recording.id):
        if (layer.kind, layer.maker, layer.language) == (LayerKind.CAPTIONS, maker, language):
            if [(one.span, one.text, one.label) for one in tx.turns(layer.id)] == said:
                return 0
            run = max(run, layer.run + 1)
    tx.add_layer(
        recording_id=recording.id, kind=LayerKind.CAPTIONS, language=language, origin=origin,
        maker=maker, run=run, turns=turns, sentences=sentence_ranges(turns, language),
        note="caption time, which lags speech; word times interpolated inside each caption",
    )  # fmt: skip
    return 1


def turns_in(tx: Transaction, layer: Layer, spans: Sequence[Span]) -> list[tuple[Turn, ...]]:
    """For each span, the turns of a layer cut to the words inside it."""
    return [tuple(attribute.clip_turns(tx.turns(layer.id, span=span), span)) for span in spans]


def printable(path: Path) -> str:
    """A path for a message, control and undecodable characters escaped."""
    return printable_name(str(path))


def printable_name(name: str) -> str:
    """A name in one line: control characters, line ends and lone surrogates escaped."""
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape", "surrogatepass").decode()
        for one in name
    )


def title_of(text: str) -> str:
    """A title in one line, its spelling kept; what would act on a page or terminal is escaped."""
    return "".join(
        one
        if one in _JOINERS or unicodedata.category(one)[0] != "C"
        else one.encode("unicode_escape", "surrogatepass").decode()
        for one in (" ".join(text.split()) or "untitled")
    )


def text_bytes(path: Path) -> bytes:
    """The bytes of a text file. Raises `NotFound` where it cannot be read, `BadInput` where it is
    no regular file or larger than `LARGEST_TEXT_BYTES`."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise BadInput(f"{printable(path)} is not a regular file; name a text file or a folder")
        if size > LARGEST_TEXT_BYTES:
            raise BadInput(
                f"{printable(path)} has {size} bytes; texts over {LARGEST_TEXT_BYTES} are refused: "
                "is it a media file? Take those in with `offair add`"
            )
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise NotFound(
            f"{printable(path)} cannot be read: {getattr(error, 'strerror', None) or error}"
        ) from error


def language_tag(raw: str | None) -> str:
    """A BCP 47 tag from what a container or a file name says (`eng` → `en`); `und` where unsure."""
    if not raw or not langcodes.tag_is_valid(raw):
        return "und"
    return langcodes.standardize_tag(raw)


def held_object(recording: Recording) -> VaultObject:
    """The bytes of a recording that may be opened.

    Raises `Refused` where they are in quarantine, `NotFound` where the desk does not hold them.
    """
    if recording.quarantine is not None:
        raise Refused(
            f"the media of recording {recording.id} is in quarantine: {recording.quarantine}"
        )
    if recording.object is None or recording.media is None or recording.held is not Held.HELD:
        raise NotFound(f"recording {recording.id} has no media here; its text is all there is")
    return recording.object


def caption_suffixes() -> frozenset[str]:
    """Suffixes of the caption files that can be read, lower case, with the dot."""
    return frozenset(
        one.suffix for one in formats.known().values() if one.reads and one.holds is Holds.CUES
    )
