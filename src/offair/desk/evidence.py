"""What several verbs need to know of a recording: order, layers, captions, turns of a clip."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import langcodes

from offair import formats, media
from offair.desk import Desk
from offair.desk.attributed import CARRIED
from offair.formats import Format, Holds, cue_report
from offair.model.errors import BadInput, NotFound, Refused
from offair.model.record import Remark
from offair.model.recording import Channel, Held, MediaFacts, Recording, VaultObject
from offair.model.time import Span
from offair.model.transcript import Cue, Flag, Layer, LayerKind, LayerOrigin, Turn
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
_SETTLED_IN = "settled in layer "
"""How the note of a flag begins that a new run took over from another, settled."""
CLOSED_CAPTIONS = "CEA-608"
"""How the maker of a layer begins that was read out of the pictures; the channel follows."""
LARGEST_TEXT_BYTES = 64 * 1024 * 1024
"""A text larger than this is refused: a day of speech is about 1.5 MB."""
_CAPTION_TIME = "caption time, which lags speech; word times interpolated inside each caption"
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
    if closed_caption_streams(facts) and not _captions_read(tx, recording.id):
        # First: they are cheap, and name the speakers of what is heard.
        desk.queue.enqueue(tx, "captions", recording.id, priority=priority)
        queued = True
    heard = any(_from_sound(one) and not heard_in_part(one) for one in tx.layers(recording.id))
    if facts.of_kind("audio") and not heard:
        desk.queue.enqueue(tx, "process", recording.id, priority=priority)
        queued = True
    if not facts.browser_playable and not tx.attached(recording.id, "proxy"):
        desk.queue.enqueue(tx, "proxy", recording.id, priority=priority)
        queued = True
    return queued


def closed_caption_streams(facts: MediaFacts) -> list[int | None]:
    """Where a probe saw CEA-608: None for the best video, the index for a track of its own."""
    tracks = [one.index for one in facts.of_kind("subtitle") if one.codec == media.LINE_21]
    inside = any(note == f"{media.CEA_608} video" for note in facts.notes)
    return [*([None] if inside else []), *tracks]


def _captions_read(tx: Transaction, recording_id: int) -> bool:
    return any(
        layer.kind is LayerKind.CAPTIONS and layer.maker.startswith(f"{CLOSED_CAPTIONS} ")
        for layer in tx.layers(recording_id)
    )


def broadcast_order(recording: Recording) -> float:
    """Priority of a recording's work: its air date as `YYYYMMDD`, the time of day behind the point,
    0 where none is known.

    The newest broadcast is heard first.
    """
    value = recording.aired.value if recording.aired else ""
    digits = "".join(one for one in value[:19] if one.isdigit())
    return float(f"{(digits + '0' * 14)[:8]}.{(digits + '0' * 14)[8:14]}") if digits else 0.0


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
    machine's, the newest run. Of a machine's runs the newest in which a person did something
    (`has_human_work`) comes first: hearing again never moves it. Raises `NotFound` where the
    recording has no text yet."""
    layers = tx.layers(recording_id)
    if not layers:
        raise NotFound(_why_no_text(tx.recording(recording_id)))
    return _best(tx, layers)


def layers_to_search(tx: Transaction, recording_id: int) -> list[Layer]:
    """The layers of a recording that the index holds: one for each kind and language, the one that
    `best_layer` would show; of a machine's hearings one, whichever language each told."""
    texts: dict[tuple[LayerKind, str], list[Layer]] = {}
    hearings: list[Layer] = []
    for layer in tx.layers(recording_id):
        if _from_sound(layer):
            hearings.append(layer)
        else:
            texts.setdefault((layer.kind, layer.language), []).append(layer)
    if hearings:
        heard = _best(tx, hearings)
        texts.setdefault((heard.kind, heard.language), []).append(heard)
    return [_best(tx, layers) for layers in texts.values()]


def _best(tx: Transaction, layers: Sequence[Layer]) -> Layer:
    if len(layers) == 1:
        return layers[0]
    # A hearing that found no words is shown only where there is nothing else.
    layers = [one for one in layers if tx.count_turns(one.id)] or layers
    best = min(layers, key=_rank)
    if best.origin is not LayerOrigin.ENGINE:
        return best
    runs = sorted(
        (one for one in layers if _rank(one)[:2] == _rank(best)[:2] and _same_text(one, best)),
        key=_rank,
    )
    if len(runs) == 1:
        return best
    return next((one for one in runs if has_human_work(tx, one)), best)


def _rank(layer: Layer) -> tuple[int, int, int, int]:
    return (_KIND_RANK[layer.kind], _ORIGIN_RANK[layer.origin], -layer.run, layer.id)


def _same_text(one: Layer, other: Layer) -> bool:
    """Whether two layers are runs of one text: of a translation, into one language."""
    return one.kind is not LayerKind.TRANSLATION or one.language == other.language


def has_human_work(tx: Transaction, layer: Layer) -> bool:
    """Whether a person heard words of a layer, named a speaker, settled a flag or revised a turn.

    What a run took over from another does not count: the person worked in that one.
    """
    return tx.people_worked(layer.id, carried=(CARRIED, _SETTLED_IN))


def settled_before(layer: Layer, flag: Flag) -> str | None:
    """The note with which a layer's flag is taken over into another run: where it was settled."""
    if flag.settled_by is None or (flag.settled_note or "").startswith(_SETTLED_IN):
        return flag.settled_note
    return f"{_SETTLED_IN}{layer.id}" + (f": {flag.settled_note}" if flag.settled_note else "")


def newer_run(tx: Transaction, layer: Layer) -> Layer | None:
    """The newest machine's run of the same text after this machine's layer, or None: what a page
    offers to look at where `best_layer` keeps to an older run."""
    if layer.origin is not LayerOrigin.ENGINE:
        return None
    later = [
        one
        for one in tx.layers(layer.recording_id)
        if (one.kind, one.origin) == (layer.kind, layer.origin)
        and _same_text(one, layer)
        and (one.run, one.id) > (layer.run, layer.id)
    ]
    return max(later, key=lambda one: (one.run, one.id), default=None)


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
    *,
    note: str | None = None,
) -> int:
    """Keep caption cues as a layer of their own; 1 if it is new, 0 if it was there.

    Other cues under the same name (a side-car that was corrected since) are a further run.
    note: what an editor should know besides what is true of all captions.
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
        note="; ".join((_CAPTION_TIME, *([note] if note else []))),
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
        if path.is_dir():
            raise BadInput(f"{printable(path)} is a folder; name a file")
        if not path.is_file():
            raise BadInput(f"{printable(path)} is not a regular file; save it to a file first")
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


def only_caption_language(channel: Channel) -> str:
    """The language of captions that name none: the channel's only one, else `und`."""
    return channel.languages[0] if len(channel.languages) == 1 else "und"


def caption_suffixes() -> frozenset[str]:
    """Suffixes of the caption files that can be read, lower case, with the dot."""
    return frozenset(suffix for one in _caption_formats() for suffix in one.suffixes)


def read_caption_file(
    data: bytes, path: Path, *, encoding: str | None = None
) -> tuple[tuple[Cue, ...], tuple[Remark, ...]]:
    """The cues of a caption file, by its suffix, and the report of the reading.

    Raises `BadInput` where no format has its suffix, or the file cannot be read as one.
    """
    reads = formats.reader(_caption_format(path).name)
    cues, remarks = reads(data, source=path.name, encoding=encoding)
    kept, changed = cue_report.harmless(cues)
    return kept, (*remarks, *changed)


def caption_file_language(data: bytes, path: Path) -> str:
    """The language that a caption file names inside, as a BCP 47 tag; `und` where it names none."""
    return language_tag(formats.language_named(_caption_format(path).name, data))


def _caption_formats() -> list[Format]:
    return [one for one in formats.known().values() if one.reads and one.holds is Holds.CUES]


def _caption_format(path: Path) -> Format:
    suffix = path.suffix.lower()
    for one in _caption_formats():
        if suffix in one.suffixes:
            return one
    raise BadInput(
        f"{printable(path)} is no caption file by its name; those read end with "
        f"{', '.join(sorted(caption_suffixes()))}"
    )
