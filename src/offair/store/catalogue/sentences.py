"""Sentences, and for a translation the sentences they translate."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select

from offair.model.errors import BadInput
from offair.model.transcript import Sentence, SourceSentence
from offair.store.catalogue import tables
from offair.store.catalogue.claims import ClaimRows
from offair.store.catalogue.prepared import IDS, Prepared
from offair.store.catalogue.rows import PAGE

_t, _s, _o = tables.turn.c, tables.sentence.c, tables.sentence_source.c
_OF_TURNS = Prepared(
    select(_s.id, _s.turn_id, _s.char_start, _s.char_end)
    .join(tables.turn, _t.id == _s.turn_id)
    .where(_s.turn_id.in_(bindparam(IDS, expanding=True)), _t.replaced_by.is_(None))
    .order_by(_s.turn_id, _s.char_start),
    by_ids=True,
)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


def check_ranges(text: str, ranges: Sequence[tuple[int, int]], whose: str) -> None:
    """Raises `BadInput`, naming `whose` sentences they are, where ranges do not follow one another
    inside the text."""
    last = 0
    for start, end in ranges:
        if not last <= start < end <= len(text):
            raise BadInput(
                f"{whose} has a sentence at characters {start} to {end}, which its {len(text)} "
                "characters do not allow; cut the sentences again"
            )
        last = end


class SentenceRows(ClaimRows):
    """The part of a transaction that holds sentences and their sources."""

    def sentences(self, turn_ids: Sequence[int]) -> Sequence[Sentence]:
        """The sentences of these turns: turns in the order asked, sentences as they stand.

        A turn that was replaced has none: they stand in the turn that took its place, or are gone.
        """
        found: dict[int, list[Sentence]] = {}
        for row in self._read_by_ids(_OF_TURNS, turn_ids):
            found.setdefault(row.turn_id, []).append(Sentence(*row))
        return [one for turn_id in dict.fromkeys(turn_ids) for one in found.get(turn_id, ())]

    def sentences_by_id(self, sentence_ids: Sequence[int]) -> Sequence[Sentence]:
        """Those of these sentences that stand now, lowest id first; what is gone is left out."""
        ids = sorted(set(sentence_ids))
        found: list[Sentence] = []
        for start in range(0, len(ids), PAGE):
            statement = (
                select(tables.sentence)
                .join(tables.turn, _t.id == _s.turn_id)
                .where(_s.id.in_(ids[start : start + PAGE]), _t.replaced_by.is_(None))
                .order_by(_s.id)
            )
            found += [
                Sentence(row.id, row.turn_id, row.char_start, row.char_end)
                for row in self._run(statement)
            ]
        return found

    def sentence_sources(
        self, sentence_ids: Sequence[int]
    ) -> Mapping[int, Sequence[SourceSentence]]:
        """What each of these sentences translates, in the order given; one that translates none is
        left out."""
        ids = list(dict.fromkeys(sentence_ids))
        found: dict[int, list[SourceSentence]] = {}
        for start in range(0, len(ids), PAGE):
            statement = (
                select(tables.sentence_source)
                .where(_o.sentence_id.in_(ids[start : start + PAGE]))
                .order_by(_o.sentence_id, _o.ordinal)
            )
            for row in self._run(statement):
                source = SourceSentence(row.source_sentence_id, row.sha256)
                found.setdefault(row.sentence_id, []).append(source)
        return found

    def _set_sources(self, sources: Mapping[int, Sequence[SourceSentence]]) -> None:
        """What these sentences translate from now on. Raises `BadInput` where a source is none."""
        named = sorted({one.sentence_id for given in sources.values() for one in given})
        known: set[int] = set()
        for start in range(0, len(named), PAGE):
            statement = select(_s.id).where(_s.id.in_(named[start : start + PAGE]))
            known.update(self._run(statement).scalars())
        for one in (one for given in sources.values() for one in given):
            if one.sentence_id not in known:
                raise BadInput(
                    f"a translation names sentence {one.sentence_id} as its source, which the desk "
                    "does not have; read the layer it translates again"
                )
            if _SHA256.fullmatch(one.sha256) is None:
                raise BadInput(
                    f"the source sentence {one.sentence_id} came with {one.sha256[:80]!r}, which "
                    "is no SHA-256; give 64 lower-case hex digits"
                )
        ids = list(sources)
        for start in range(0, len(ids), PAGE):
            page = ids[start : start + PAGE]
            self._run(tables.sentence_source.delete().where(_o.sentence_id.in_(page)))
        rows = [
            {
                "sentence_id": sentence_id,
                "ordinal": place,
                "source_sentence_id": one.sentence_id,
                "sha256": one.sha256,
            }
            for sentence_id, given in sources.items()
            for place, one in enumerate(given)
        ]
        if rows:
            self._run(tables.sentence_source.insert(), rows)
