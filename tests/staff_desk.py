"""A desk on which people worked, and every page of it that they see."""

from __future__ import annotations

import web_desk
from clips_made import harbour_clip

from offair.desk import Desk
from offair.desk.clip_queries import ask
from offair.desk.index import reindex
from offair.desk.names import add_name
from offair.desk.open_turns import open_turns
from offair.desk.revise_turn import revise_turn
from offair.desk.style_sheet import save_rule
from offair.desk.withdraw_record import withdraw_record
from offair.formats import record_json
from offair.model.desk_lists import StyleKind, StyleRule
from offair.model.names import Name, NameKind, Spelling
from offair.model.people import Role

PAGES = {
    "today": "/?day=2026-05-14",
    "channels": "/channels",
    "channel": "/channels/1",
    "names": "/names",
    "name": "/names/1",
    "find": "/find?q=boat",
    "check": "/check?words=We+are+not+cancelling+the+late+boat",
    "style": "/style",
    "login": "/login",
    "account": "/account",
    "access": "/account/access",
    "people": "/people",
    "log": "/log",
    "edit": "/recordings/1/edit",
    "a turn edited": "/recordings/1/edit?turn={turn}",
    "history": "/layers/1/history",
    "word": "/recordings/1/edit/word",
    "clips": "/clips",
    "clip": "/clips/1",
    "acts": "/record-acts/{record}",
    "withdrawn": "/records/{withdrawn}",
}
"""Where each page stands; the braces are what `worked_on` gives."""


def worked_on(desk: Desk) -> dict[str, str]:
    """A draft with a query, a turn that was edited, a name, a rule, and records."""
    draft = harbour_clip(desk)
    with desk.catalogue.transaction() as tx:
        tx.add_account("rana", Role.ADMINISTRATOR, password=None, actor="rana")
    turn = open_turns(desk, draft.layer_id or 0).turns[2].turn
    made = revise_turn(desk, turn.id, f"{turn.text} Never.", actor="rana").turns[0]
    ask(desk, draft.id, "Is this what he said?", actor="omar")
    marsh = Name(NameKind.PERSON, "Daniel Marsh", "دانيال مارش", (Spelling("D. Marsh", "Reuters"),))
    add_name(desk, marsh, actor="rana")
    save_rule(desk, StyleRule(StyleKind.SPELLING, "color", "colour", None, "en"), actor="rana")
    web_desk.add_records(desk, draft.recording_id)
    with desk.catalogue.transaction() as tx:
        gone = tx.add_clip(
            recording_id=draft.recording_id, layer_id=draft.layer_id, spans=draft.spans,
            turn_ids=(), headline=None, summary=(), actor="rana",
        )  # fmt: skip
        number = tx.take_number(gone.id, desk.series).printed
        document = record_json.write(web_desk.a_record())
        tx.add_edition(gone.id, 1, document=document, objects=[], actor="rana")
    withdraw_record(desk, number, "The speaker was somebody else.", actor="rana")
    reindex(desk, notice=lambda _: None)
    return {"turn": str(made.id), "record": "1", "withdrawn": number}
