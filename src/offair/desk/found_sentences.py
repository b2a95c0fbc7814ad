"""What the catalogue says of the sentences that a search found, as pages and commands show them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from offair.desk.attributed import SpokenBy, newest_attributions, spoken_by
from offair.desk.translations import label_of, text_hash, texts_now
from offair.model.query import Query
from offair.model.recording import Recording
from offair.model.time import Ms, Span
from offair.model.transcript import Layer, LayerKind, Sentence, Turn
from offair.model.words import NO_TIME
from offair.search import Hit
from offair.store import Transaction
from offair.text.highlight import highlights
from offair.text.query_evaluator import Range
from offair.text.translated import sentence_span

RUN_ON_TURNS = 3
"""A phrase is followed into so many turns behind the one it begins in, to show where it ends."""


@dataclass(frozen=True, slots=True)
class BesideSentence:
    """What a found sentence translates, or a translation of it.

    stale: it no longer fits, because the original was changed since. note: what is said wherever it
    is shown (`machine translation, not checked`), or None.
    """

    sentence_id: int
    layer: Layer
    text: str
    stale: bool
    note: str | None


@dataclass(frozen=True, slots=True)
class FoundSentence:
    """A sentence that a query found, as it stands now.

    text: the sentence, and where a phrase goes on beyond it, the words up to the phrase's end.
    marks: character ranges of `text` that were asked for. at: media time of the first of them, of
    the sentence where none is marked, None where the text has no times. span: of the sentence.
    speaker: as it may be shown. beside: for a translation what it translates, else translations.
    score: BM25, 0 where hits stand newest first. note: as in `BesideSentence`.
    """

    sentence_id: int
    turn_id: int
    recording: Recording
    layer: Layer
    text: str
    marks: tuple[Range, ...]
    at: Ms | None
    span: Span | None
    speaker: SpokenBy
    beside: tuple[BesideSentence, ...]
    score: float
    note: str | None


class Joining:
    """Joins hits to what the catalogue says of them now."""

    def __init__(self, tx: Transaction, query: Query) -> None:
        """query: the tree whose words are marked, other spellings of names included."""
        self._tx = tx
        self._query = query
        self._siblings: dict[int, Sequence[Layer]] = {}
        self._layers: dict[int, Layer] = {}

    def sentences(self, hits: Sequence[Hit]) -> Iterator[FoundSentence]:
        """The hits that still stand, in order."""
        tx = self._tx
        sentences = {one.id: one for one in tx.sentences_by_id([one.sentence_id for one in hits])}
        turn_ids = list(dict.fromkeys(one.turn_id for one in sentences.values()))
        turns = {one.id: one for one in tx.turns_by_id(turn_ids)}
        layers = tx.layers_by_id(list({one.layer_id for one in hits}))
        recordings = tx.recordings_by_id(list({one.recording_id for one in hits}))
        speakers = self._speakers(layers, hits, sentences, turns)
        for hit in hits:
            sentence, layer = sentences.get(hit.sentence_id), layers.get(hit.layer_id)
            recording = recordings.get(hit.recording_id)
            if sentence is None or layer is None or recording is None:
                continue
            turn = turns[sentence.turn_id]
            yield self._joined(hit, sentence, turn, layer, recording, speakers[turn.id])

    def _speakers(
        self,
        layers: Mapping[int, Layer],
        hits: Sequence[Hit],
        sentences: Mapping[int, Sentence],
        turns: Mapping[int, Turn],
    ) -> dict[int, SpokenBy]:
        shown: dict[int, SpokenBy] = {}
        for layer in layers.values():
            own = {
                sentences[hit.sentence_id].turn_id: None
                for hit in hits
                if hit.layer_id == layer.id and hit.sentence_id in sentences
            }
            theirs = [turns[turn_id] for turn_id in own]
            attributions = newest_attributions(self._tx, layer, theirs)
            for turn in theirs:
                shown[turn.id] = spoken_by(turn, attributions.get(turn.id), layer)
        return shown

    def _joined(
        self,
        hit: Hit,
        sentence: Sentence,
        turn: Turn,
        layer: Layer,
        recording: Recording,
        speaker: SpokenBy,
    ) -> FoundSentence:
        start, end = sentence.char_start, sentence.char_end
        text, marks = self._marked(turn, start, end, layer)
        span = sentence_span(turn, start, end)
        at = _spoken_at(turn, start + marks[0][0]) if marks else None
        if at is None and span is not None:
            at = span.start
        return FoundSentence(
            sentence.id, turn.id, recording, layer, text, marks, at, span, speaker,
            tuple(self._beside(sentence, turn, span, layer)), hit.score, label_of(layer),
        )  # fmt: skip

    def _marked(
        self, turn: Turn, start: int, end: int, layer: Layer
    ) -> tuple[str, tuple[Range, ...]]:
        """The text to show of a sentence, and what of it was asked for."""
        text = turn.text[start:end].rstrip()
        marks = highlights(self._query, text, layer.language)
        if marks:
            return text, marks
        following = self._tx.turns_around(turn.id, before=0, after=RUN_ON_TURNS)
        longer = "\n".join([turn.text[start:], *(one.text for one in following[1:])])
        crossing = [
            one
            for one in highlights(self._query, longer, layer.language)
            if one[0] < len(text) < one[1]
        ]
        if not crossing:
            return text, ()
        shown = longer[: max(one[1] for one in crossing)]
        return " ".join(shown.split("\n")), tuple(crossing)

    def _beside(
        self, sentence: Sentence, turn: Turn, span: Span | None, layer: Layer
    ) -> Iterator[BesideSentence]:
        if layer.kind is LayerKind.TRANSLATION:
            return self._originals(sentence, layer)
        return self._translations(sentence, turn, span, layer)

    def _originals(self, sentence: Sentence, layer: Layer) -> Iterator[BesideSentence]:
        """What a translated sentence translates, as it stands now."""
        if layer.source_layer_id is None:
            return
        source = self._layer(layer.source_layer_id)
        given = self._tx.sentence_sources([sentence.id]).get(sentence.id, ())
        texts = texts_now(self._tx, [one.sentence_id for one in given])
        for one in given:
            text = texts.get(one.sentence_id)
            if text is not None:
                stale = text_hash(text) != one.sha256
                yield BesideSentence(one.sentence_id, source, text.rstrip(), stale, None)

    def _translations(
        self, sentence: Sentence, turn: Turn, span: Span | None, layer: Layer
    ) -> Iterator[BesideSentence]:
        """The sentences that translate one, of the newest translation into each language."""
        done: set[str] = set()
        for translation in self._of_recording(layer.recording_id):
            if translation.source_layer_id != layer.id or translation.language in done:
                continue
            done.add(translation.language)
            turns = {one.id: one for one in self._near(translation, turn, span)}
            candidates = {one.id: one for one in self._tx.sentences(list(turns))}
            for key, given in self._tx.sentence_sources(list(candidates)).items():
                for one in given:
                    if one.sentence_id != sentence.id:
                        continue
                    made = candidates[key]
                    text = turns[made.turn_id].text[made.char_start : made.char_end].rstrip()
                    now = turn.text[sentence.char_start : sentence.char_end]
                    stale = text_hash(now) != one.sha256
                    yield BesideSentence(key, translation, text, stale, label_of(translation))

    def _near(self, translation: Layer, turn: Turn, span: Span | None) -> Sequence[Turn]:
        """The turns of a translation that may translate a sentence: those of its time, else of its
        place, else all."""
        if span is not None:
            found = self._tx.turns(translation.id, span=span)
            if found:
                return found
        if self._tx.count_turns(translation.id) == self._tx.count_turns(self._source(translation)):
            return self._tx.turns(translation.id, offset=turn.ordinal, limit=1)
        return self._tx.turns(translation.id)

    def _source(self, translation: Layer) -> int:
        return translation.source_layer_id or translation.id

    def _of_recording(self, recording_id: int) -> Sequence[Layer]:
        if recording_id not in self._siblings:
            self._siblings[recording_id] = self._tx.layers(recording_id)
        return self._siblings[recording_id]

    def _layer(self, layer_id: int) -> Layer:
        if layer_id not in self._layers:
            self._layers[layer_id] = self._tx.layer(layer_id)
        return self._layers[layer_id]


def _spoken_at(turn: Turn, char: int) -> Ms | None:
    """When the word is spoken that holds this character, or the next that has a time."""
    ends, starts = turn.words.char_end, turn.words.start_ms
    for place in range(bisect_right(ends, char), len(ends)):
        if starts[place] != NO_TIME:
            return starts[place]
    return None
