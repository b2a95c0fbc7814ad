"""The pages of those who work at the desk: accessible, in light and dark, from 360 to 2,560 px, in
English and mirrored in Arabic."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
import web_desk
from axe_playwright_python.sync_playwright import Axe
from clips_made import harbour_clip
from logged_in import AsAccount
from playwright.sync_api import Browser, Page

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
from offair.web.application import app

PAGES = {
    "today": "/?day=2026-05-14",
    "channels": "/channels",
    "channel": "/channels/1",
    "names": "/names",
    "name": "/names/1",
    "find": "/find?q=boat",
    "check": "/check?q=We+are+not+cancelling+the+late+boat",
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


@dataclass(frozen=True)
class Staff:
    """Where the desk is served to an administrator, and what its addresses hold."""

    address: str
    known: dict[str, str]


@pytest.fixture(scope="module")
def staff(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A desk on which people worked, served to an administrator."""
    desk = web_desk.make_desk(tmp_path_factory.mktemp("staff"))
    known = worked_on(desk)
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        served = AsAccount(app(desk), Role.ADMINISTRATOR)
        server = uvicorn.Server(uvicorn.Config(served, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started:
            assert time.monotonic() < deadline, "the server did not start in 30 s"
            time.sleep(0.02)
        yield Staff(f"http://127.0.0.1:{listener.getsockname()[1]}", known)
        server.should_exit = True
        thread.join(30)


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


def opened(browser: Browser, staff: Staff, name: str, width: int, scheme: str, lang: str) -> Page:
    """A page in a window of its own."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, reduced_motion="reduce",
        color_scheme="dark" if scheme == "dark" else "light",
    )  # fmt: skip
    page = context.new_page()
    path = PAGES[name].format(**staff.known)
    answer = page.goto(f"{staff.address}{path}{'&' if '?' in path else '?'}lang={lang}")
    assert answer is not None
    assert answer.status == 200
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_desk(browser: Browser, staff: Staff, name: str, tmp_path: Path) -> None:
    for width, scheme, lang in (
        (1280, "light", "en"), (1280, "dark", "en"), (360, "light", "en"), (2560, "light", "en"),
        (360, "light", "ar"),
    ):  # fmt: skip
        page = opened(browser, staff, name, width, scheme, lang)
        how = f"{name}, {width} px, {scheme}, {lang}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, how
        assert page.evaluate("document.documentElement.dir") == ("rtl" if lang == "ar" else "ltr")
        if width == 1280 or lang == "ar":
            found = Axe().run(page)
            assert found.violations_count == 0, f"{how}: {found.generate_report()}"
        page.context.close()
