"""The original words of a translated record, turn by turn, as they stand now."""

from __future__ import annotations

from collections.abc import Mapping

from offair.desk.translations import texts_now
from offair.model.errors import BadInput
from offair.model.record import Record
from offair.store import Transaction


def originals(tx: Transaction, record: Record) -> Mapping[str, str]:
    """What each turn of the record translates, by the turn's key; a turn whose original the desk
    does not hold is left out. Raises `BadInput` where the record is no translation, or nothing of
    its original is held."""
    if record.kind != "translation":
        raise BadInput(
            "this record is no translation, so no original can stand beside it; leave --beside out"
        )
    printed = {
        turn.key: [int(one.key[1:]) for part in turn.paragraphs for one in part.sentences]
        for turn in record.turns
    }
    sources = tx.sentence_sources([one for ids in printed.values() for one in ids])
    wanted = sorted({one.sentence_id for given in sources.values() for one in given})
    texts = texts_now(tx, wanted)
    found: dict[str, str] = {}
    for key, ids in printed.items():
        named = dict.fromkeys(one.sentence_id for each in ids for one in sources.get(each, ()))
        words = " ".join(" ".join(texts[one].split()) for one in named if one in texts)
        if words:
            found[key] = words
    if not found:
        raise BadInput(
            "the desk does not hold the original of this record, so nothing can stand beside it; "
            "leave --beside out"
        )
    return found
