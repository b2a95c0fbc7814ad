"""Layers, their turns, and the change table the index reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, func, select

from offair.model.clip_work import EditionAct
from offair.model.errors import BadInput, Conflict, NotFound, Refused
from offair.model.time import Span
from offair.model.transcript import (
    Layer,
    LayerKind,
    LayerOrigin,
    SourceSentence,
    Turn,
)
from offair.model.words import Words
from offair.store.catalogue import tables
from offair.store.catalogue.columns import now_utc, read_marks, write_marks
from offair.store.catalogue.prepared import IDS, Prepared
from offair.store.catalogue.sentences import SentenceRows, check_ranges
from offair.store.catalogue.work_tables import record_act

_UNSPACED_RE = re.compile(r"\S+")

_l, _t = tables.layer.c, tables.turn.c
_r, _p = tables.revision.c, tables.speaker.c


def name_key(name: str) -> str:
    """By what two spellings of one name are the same: upper and lower case and spaces aside."""
    return " ".join(name.split()).casefold()


def _layer(row: Any) -> Layer:
    return Layer(
        id=row.id,
        recording_id=row.recording_id,
        kind=LayerKind(row.kind),
        language=row.language,
        origin=LayerOrigin(row.origin),
        maker=row.maker,
        run=row.run,
        frozen=row.frozen,
        source_layer_id=row.source_layer_id,
        note=row.note,
    )


def _turn(row: Sequence[Any]) -> Turn:
    # By place, not by name: a check of one quotation has a millisecond for all it reads.
    turn_id, ordinal, text, words, start, end, label, marks, made_by = row
    return Turn(
        turn_id,
        ordinal,
        text,
        Words.unpack(words),
        None if start is None else Span(start, end),
        label,
        () if marks is None else read_marks(marks),
        made_by,
    )


def _select_turns() -> Select[Any]:
    """Turns with the columns that `_turn` reads, in its order."""
    revised_by = _r.made_by.label("revised_by")
    return select(
        _t.id, _t.ordinal, _t.text, _t.words, _t.start_ms, _t.end_ms, _t.label, _t.marks, revised_by
    ).outerjoin(tables.revision, _r.id == _t.made_in)


_IDS: BindParameter[int] = bindparam(IDS, expanding=True)
_TURNS_BY_ID = Prepared(_select_turns().where(_t.id.in_(_IDS)), by_ids=True)
_NEIGHBOURS = Prepared(
    _select_turns()
    .where(
        _t.layer_id == bindparam("layer"),
        _t.replaced_by.is_(None),
        _t.ordinal.between(bindparam("first"), bindparam("last")),
    )
    .order_by(_t.ordinal)
)
_PLACE = Prepared(select(_t.layer_id, _t.ordinal).where(_t.id == bindparam("turn")))
_LAYERS_BY_ID = Prepared(select(tables.layer).where(_l.id.in_(_IDS)), by_ids=True)
_LAST_CHANGE = Prepared(select(func.max(tables.change.c.id)))


def count_words(text: str, words: Words) -> int:
    """How many words `word_ranges` tells apart."""
    return len(words) or len(text.split())


def word_ranges(text: str, words: Words) -> list[tuple[int, int]]:
    """The character ranges of a turn's words; of a text whose words were never told apart, what
    white space separates."""
    if len(words):
        return list(zip(words.char_start, words.char_end, strict=True))
    return [match.span() for match in _UNSPACED_RE.finditer(text)]


def _check_ranges(turns: Sequence[Turn], sentences: Sequence[Sequence[tuple[int, int]]]) -> None:
    if len(turns) != len(sentences):
        raise BadInput(
            f"a layer of {len(turns)} turns came with sentences for {len(sentences)}; give one "
            "list for every turn"
        )
    for place, (turn, ranges) in enumerate(zip(turns, sentences, strict=True)):
        check_ranges(turn.text, ranges, f"turn {place} of a layer")


class LayerRows(SentenceRows):
    """The part of a transaction that holds layers and what belongs to their turns."""

    def add_layer(
        self,
        *,
        recording_id: int,
        kind: LayerKind,
        language: str,
        origin: LayerOrigin,
        maker: str,
        run: int,
        turns: Sequence[Turn],
        sentences: Sequence[Sequence[tuple[int, int]]],
        source_layer_id: int | None = None,
        note: str | None = None,
        sources: Mapping[tuple[int, int], Sequence[SourceSentence]] | None = None,
    ) -> Layer:
        """A frozen layer with its turns, sentences and a row in the change table.

        Turn ids and ordinals (0, 1, … in the order given) are set here; `sentences` holds one
        list of character ranges per turn; `sources` is by (place of the turn, place of the
        sentence in it). An engine's speech layer finishes its run; runs of a translation are
        counted apart. Raises `Conflict` where the layer's key exists, `BadInput` where a range
        does not fit its turn or a source sentence does not exist, `Refused` where words of the
        recording were removed: a new text would bring them back.
        """
        _check_ranges(turns, sentences)
        self._check_whole(recording_id)
        values = {
            "recording_id": recording_id,
            "kind": kind.value,
            "language": language,
            "origin": origin.value,
            "maker": maker,
            "run": run,
        }
        known = self._run(
            select(_l.id).where(*(_l[name] == value for name, value in values.items()))
        ).scalar()
        if known is not None:
            raise Conflict(
                f"recording {recording_id} has this layer already (layer {known}: {kind.value}, "
                f"{language}, {origin.value}, {maker}, run {run}); a new text needs a new run"
            )
        layer_id = self._insert(
            tables.layer,
            {
                **values,
                "frozen": True,
                "source_layer_id": source_layer_id,
                "note": note,
                "made_utc": now_utc(),
                "words": sum(count_words(one.text, one.words) for one in turns),
                "heard_words": 0,
            },
        )
        self._add_turns(layer_id, turns, sentences, sources or {})
        self._hide_labels(layer_id, recording_id)
        if kind is LayerKind.SPEECH and origin is LayerOrigin.ENGINE:
            self._finish_run(recording_id, run)
        self._note_change("layer", layer_id)
        return self.layer(layer_id)

    def _add_turns(
        self,
        layer_id: int,
        turns: Sequence[Turn],
        sentences: Sequence[Sequence[tuple[int, int]]],
        sources: Mapping[tuple[int, int], Sequence[SourceSentence]],
    ) -> None:
        for turn, place in sources:
            if not (0 <= turn < len(turns) and 0 <= place < len(sentences[turn])):
                raise BadInput(
                    f"sources were given for sentence {place} of turn {turn}, which the layer does "
                    "not have; give them for its own sentences"
                )
        if not turns:
            return
        self._run(
            tables.turn.insert(),
            [
                {
                    "layer_id": layer_id,
                    "ordinal": ordinal,
                    "text": turn.text,
                    "words": turn.words.pack(),
                    "start_ms": None if turn.span is None else turn.span.start,
                    "end_ms": None if turn.span is None else turn.span.end,
                    "label": turn.label,
                    "marks": write_marks(turn.marks),
                }
                for ordinal, turn in enumerate(turns)
            ],
        )
        statement = select(_t.id).where(_t.layer_id == layer_id).order_by(_t.ordinal)
        ids = self._run(statement).scalars().all()
        rows = [
            {"turn_id": turn_id, "char_start": start, "char_end": end}
            for turn_id, ranges in zip(ids, sentences, strict=True)
            for start, end in ranges
        ]
        if rows:
            self._run(tables.sentence.insert(), rows)
        if sources:
            made: dict[int, list[int]] = {}
            for one in self.sentences([ids[turn] for turn, _ in sources]):
                made.setdefault(one.turn_id, []).append(one.id)
            self._set_sources(
                {made[ids[turn]][place]: given for (turn, place), given in sources.items()}
            )

    def layers(self, recording_id: int) -> Sequence[Layer]:
        """The layers of a recording, newest run first; within a run the newest layer first."""
        statement = (
            select(tables.layer)
            .where(_l.recording_id == recording_id)
            .order_by(_l.run.desc(), _l.id.desc())
        )
        return [_layer(row) for row in self._run(statement)]

    def layer(self, layer_id: int) -> Layer:
        """One layer. Raises `NotFound`."""
        row = self._run(select(tables.layer).where(_l.id == layer_id)).one_or_none()
        if row is None:
            raise NotFound(f"the desk has no layer {layer_id}; look at the layers of its recording")
        return _layer(row)

    def turns(
        self, layer_id: int, *, span: Span | None = None, offset: int = 0, limit: int | None = None
    ) -> Sequence[Turn]:
        """Turns that stand now, in order; with `span`, those that share time with it (untimed turns
        never do)."""
        statement = (
            _select_turns()
            .where(_t.layer_id == layer_id, _t.replaced_by.is_(None))
            .order_by(_t.ordinal)
        )
        if span is not None:
            statement = statement.where(_t.start_ms < span.end, _t.end_ms > span.start)
            statement = statement.offset(offset)
        else:
            # Standing ordinals run 0, 1, … without holes, so that a page is a range of the index.
            statement = statement.where(_t.ordinal >= offset)
        return [_turn(row) for row in self._run(statement.limit(limit))]

    def count_turns(self, layer_id: int) -> int:
        """How many turns of a layer stand now."""
        standing = (_t.layer_id == layer_id, _t.replaced_by.is_(None))
        statement = select(func.count()).select_from(tables.turn).where(*standing)
        return int(self._run(statement).scalar_one())

    def turns_by_id(self, turn_ids: Sequence[int]) -> Sequence[Turn]:
        """These turns, replaced ones too, in the order asked. Raises `NotFound` where one is
        missing."""
        found = {row[0]: _turn(row) for row in self._read_by_ids(_TURNS_BY_ID, turn_ids)}
        for turn_id in turn_ids:
            if turn_id not in found:
                raise NotFound(f"the desk has no turn {turn_id}; read its layer again")
        return [found[turn_id] for turn_id in turn_ids]

    def turns_around(self, turn_id: int, *, before: int, after: int) -> Sequence[Turn]:
        """The turn that stands in the place of this one, and as many as `before` and `after` say
        that stand beside it in its layer, in order. Raises `NotFound`."""
        places = self._read(_PLACE, turn=turn_id)
        if not places:
            raise NotFound(f"the desk has no turn {turn_id}; read its layer again")
        layer_id, ordinal = places[0]
        rows = self._read(_NEIGHBOURS, layer=layer_id, first=ordinal - before, last=ordinal + after)
        return [_turn(row) for row in rows]

    def layers_by_id(self, layer_ids: Sequence[int]) -> Mapping[int, Layer]:
        """These layers; an id that names none is left out."""
        return {row.id: _layer(row) for row in self._read_by_ids(_LAYERS_BY_ID, layer_ids)}

    def layers_known(self, after: int = 0, limit: int = 10_000) -> Sequence[int]:
        """Ids of layers greater than `after`, ascending: all of them, a page at a time."""
        statement = select(_l.id).where(_l.id > after).order_by(_l.id).limit(limit)
        return self._run(statement).scalars().all()

    def last_change(self) -> int:
        """The number of the newest change, 0 where there was none."""
        return self._read(_LAST_CHANGE)[0][0] or 0

    def changes(self, after: int = 0, limit: int = 1000) -> Sequence[tuple[int, str, int]]:
        """(change number, `layer` or `record`, its id) after that number: what the index reads.

        A `layer` row is written where a layer is made, a turn of it revised, or its speakers are
        attributed anew, once for each act. No act changes the name of a channel or the date of a
        recording.
        """
        c = tables.change.c
        statement = (
            select(c.id, c.kind, c.subject_id).where(c.id > after).order_by(c.id).limit(limit)
        )
        return [(row.id, row.kind, row.subject_id) for row in self._run(statement)]

    def _check_whole(self, recording_id: int) -> None:
        c, a = tables.clip.c, record_act.c
        removed = select(a.id).join(tables.clip, c.id == a.clip_id)
        removed = removed.where(c.recording_id == recording_id, a.act == EditionAct.REMOVE.value)
        if self._run(removed.limit(1)).first():
            raise Refused(
                f"words of recording {recording_id} were removed with a record; no new text of it "
                "is made, for it would bring them back"
            )

    def _hide_labels(self, layer_id: int, recording_id: int) -> None:
        """Attribute the turns of a new layer whose label names somebody withheld, so that the label
        is not printed."""
        known = select(_p.id, _p.name).where(
            _p.withheld.is_(True),
            _p.recording_id.is_(None) | (_p.recording_id == recording_id),
        )
        hidden = {name_key(row.name): row.id for row in self._run(known)}
        if hidden:
            standing = select(_t.id, _t.label).where(_t.layer_id == layer_id, _t.label.is_not(None))
            self._attribute_labels(self._run(standing), hidden)

    def _attribute_labels(self, turns: Iterable[Row[Any]], hidden: Mapping[str, int]) -> None:
        """Attribute those of these turns (id, label) whose label is one of these names, as
        `name_key` has them, to the speaker with that id."""
        rows = [
            {
                "turn_id": turn.id,
                "voice_id": hidden[name_key(turn.label)],
                "author_id": None,
                "label": turn.label,
                "certainty": None,
                "made_by": "the label, of somebody withheld",
                "confirmed_by": None,
                "heard": False,
                "made_utc": now_utc(),
            }
            for turn in turns
            if name_key(turn.label) in hidden
        ]
        if rows:
            self._run(tables.attribution.insert(), rows)

    def _note_change(self, kind: str, subject_id: int) -> None:
        values = {"kind": kind, "subject_id": subject_id, "made_utc": now_utc()}
        self._insert(tables.change, values)
