"""What the index takes in of a layer: its words as they stand, and who is shown as saying them."""

from __future__ import annotations

from offair.desk.attributed import newest_attributions, spoken_by
from offair.model.recording import Recording
from offair.model.transcript import Attribution, Layer, Turn
from offair.search import UNDATED, IndexedLayer, IndexedTurn
from offair.store import Transaction


def indexed_layer(tx: Transaction, layer: Layer, recording: Recording, change: int) -> IndexedLayer:
    """A layer as the index takes it in.

    change: the newest change of the catalogue as `tx` sees it. Raises `Corrupt` where the rows of
    the layer are damaged.
    """
    turns = tx.turns(layer.id)
    ranges: dict[int, list[tuple[int, int, int]]] = {turn.id: [] for turn in turns}
    for one in tx.sentences([turn.id for turn in turns]):
        ranges[one.turn_id].append((one.id, one.char_start, one.char_end))
    attributions = newest_attributions(tx, layer, turns)
    return IndexedLayer(
        layer_id=layer.id,
        recording_id=recording.id,
        change=change,
        kind=layer.kind,
        origin=layer.origin,
        language=layer.language,
        channel=recording.channel.name,
        aired=recording.aired.value if recording.aired else UNDATED,
        turns=tuple(
            IndexedTurn(
                turn.id,
                turn.text,
                tuple(ranges[turn.id]),
                whose_words(turn, attributions.get(turn.id), layer),
            )
            for turn in turns
        ),
    )


def whose_words(turn: Turn, attribution: Attribution | None, layer: Layer) -> str:
    """The name shown of whose words a turn has: the author's where they are not the voice's own;
    empty where nobody knows, where a machine's name of a voice is all there is, and where the
    voice or the author is withheld."""
    shown = spoken_by(turn, attribution, layer)
    if shown.withheld or not shown.named:
        return ""
    author = None if attribution is None else attribution.author
    if author is not None:
        # An interpreter's name would say that the words are the interpreter's.
        return "" if author.withheld else author.name
    return shown.name or ""
