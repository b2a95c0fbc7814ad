"""The page on which a transcript is corrected: read, without scripts, in conflict, its history."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx
import pytest
import web_desk
from logged_in import AsAccount
from starlette.testclient import TestClient

from offair.desk import Desk
from offair.desk.heard import stretches
from offair.desk.name_speaker import SpeakerName, Target, name_speaker
from offair.desk.revise_turn import revise_turn
from offair.model.people import Role
from offair.model.transcript import Layer, LayerKind, Turn
from offair.web.application import app

HOSTILE = 'A </textarea><script>alert(1)</script> "b" & <b>c</b>'


@dataclass(frozen=True)
class Shelf:
    desk: Desk
    harbour: int
    layer: Layer
    client: TestClient = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "client", self.somebody("rana"))

    def somebody(self, name: str, role: Role = Role.EDITOR) -> TestClient:
        """A browser without scripts."""
        application = AsAccount(app(self.desk), role, name)
        return TestClient(application, base_url="http://localhost", follow_redirects=False)

    @property
    def address(self) -> str:
        return f"/recordings/{self.harbour}/edit?layer={self.layer.id}"

    def turns(self) -> list[Turn]:
        with self.desk.catalogue.snapshot() as tx:
            return list(tx.turns(self.layer.id))

    def send(self, act: str, turn: int, **fields: str) -> Any:
        return self.client.post(self.address, data={"act": act, "turn": str(turn), **fields})


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    desk = web_desk.make_desk(tmp_path)
    harbour = web_desk.add_harbour(desk)
    with desk.catalogue.snapshot() as tx:
        layer = next(one for one in tx.layers(harbour) if one.kind is LayerKind.SPEECH)
    yield Shelf(desk, harbour, layer)
    desk.catalogue.close()


def shown(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page))


def test_the_page_shows_every_turn_with_what_an_editor_needs(shelf: Shelf) -> None:
    first = shelf.turns()[0]
    page = shelf.client.get(shelf.address)
    assert page.status_code == 200
    assert first.text in shown(page.text)
    assert f'href="?layer={shelf.layer.id}&amp;turn={first.id}#turn-{first.id}"' in page.text
    assert "offair-edit" in page.text
    assert 'class="doubt"' in page.text
    assert "&lt;b&gt;‘ferry’&lt;/b&gt;" in page.text
    assert "<textarea" not in page.text
    assert 'class="written"' not in page.text
    revise_turn(shelf.desk, first.id, first.text + " Yes.", actor="ana")
    assert "words by <bdi>ana</bdi>" in re.sub(r"</?span[^>]*>", "", page_of(shelf))


def page_of(shelf: Shelf) -> str:
    return shelf.client.get(shelf.address).text


def test_its_twin_says_the_same(shelf: Shelf) -> None:
    told = shelf.client.get(shelf.address.replace("/edit", "/edit.json")).json()
    assert [one["text"] for one in told["turns"]] == [one.text for one in shelf.turns()]
    assert (told["layer"], told["turns_total"]) == (shelf.layer.id, len(shelf.turns()))
    assert told["flags_open"] == 3
    assert {one["origin"] for one in told["turns"]} == {"machine"}


def test_only_editors_see_it(shelf: Shelf) -> None:
    turn = shelf.turns()[0].id
    paths = (shelf.address, shelf.address.replace("edit", "edit.json"), f"/turns/{turn}/history",
             f"/recordings/{shelf.harbour}/edit/turns?layer={shelf.layer.id}",
             f"/recordings/{shelf.harbour}/edit/word")  # fmt: skip
    nobody = TestClient(app(shelf.desk), base_url="http://localhost")
    for path in paths:
        assert shelf.somebody("joe", Role.READER).get(path).status_code == 403
        assert shelf.client.get(path).status_code == 200
        assert nobody.get(path).status_code == 401
    assert shelf.somebody("joe", Role.READER).post(shelf.address, data={}).status_code == 403


def test_wrong_addresses_are_answered_with_a_sentence(shelf: Shelf) -> None:
    base = f"/recordings/{shelf.harbour}/edit"
    for path, status in (
        ("/recordings/9999/edit", 404), (f"{base}?layer=9999", 404), (f"{base}?turn=9999", 404),
        (f"{base}?turn=x", 400), (f"{base}/turns?only=", 400), (f"{base}/turns?only=1,x", 400),
        (f"{base}/turns?only={'1,' * 300}", 400), (f"{base}/turns?only=99999", 404),
        ("/turns/99999/history", 404), ("/layers/99999/history", 404),
        (f"/turns/{2**60}/history", 404), (f"{base}?from=5000", 404),
    ):  # fmt: skip
        assert shelf.client.get(path).status_code == status, path


def test_one_turn_is_edited_by_a_form(shelf: Shelf) -> None:
    turn = shelf.turns()[1]
    opened = shelf.client.get(f"{shelf.address}&turn={turn.id}").text
    (text,) = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", opened, re.DOTALL)
    assert html.unescape(text) == turn.text
    done = shelf.send("save", turn.id, text=turn.text.replace("Good", "Fine"))
    now = shelf.turns()[1]
    assert done.status_code == 303
    assert done.headers["location"].endswith(f"&turn={now.id}#turn-{now.id}")
    assert now.text.startswith("Fine")
    assert (now.words[2].start, now.words[2].end) == (turn.words[2].start, turn.words[2].end)


def test_hostile_words_are_words(shelf: Shelf) -> None:
    turn = shelf.turns()[0]
    assert shelf.send("save", turn.id, text=HOSTILE).status_code == 303
    now = shelf.turns()[0]
    assert now.text == HOSTILE
    page = shelf.client.get(f"{shelf.address}&turn={now.id}").text
    history = shelf.client.get(f"/turns/{now.id}/history").text
    clash = shelf.send("save", turn.id, text=HOSTILE + " again").text
    for one in (page, history, clash):
        assert "<script>alert" not in one
        assert "<b>c</b>" not in one
    (text,) = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert html.unescape(text) == HOSTILE
    assert shelf.send("save", now.id, text="a\x00b").status_code == 400


def test_a_conflict_shows_both_and_a_form_to_make_them_one(shelf: Shelf) -> None:
    turn = shelf.turns()[0]
    revise_turn(shelf.desk, turn.id, turn.text + " Theirs.", actor="ana")
    answer = shelf.send("save", turn.id, text=turn.text + " Mine.")
    assert answer.status_code == 409
    assert turn.text in shown(answer.text)
    assert "<ins> Theirs.</ins>" in answer.text
    assert "<ins> Mine.</ins>" in answer.text
    assert "<bdi>ana</bdi>" in answer.text
    now = shelf.turns()[0]
    assert now.text.endswith(" Theirs.")
    assert f'name="turn" value="{now.id}"' in answer.text
    (field_,) = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", answer.text, re.DOTALL)
    assert html.unescape(field_) == turn.text + " Mine."


def test_acts_without_scripts(shelf: Shelf) -> None:
    count = len(shelf.turns())
    turn = shelf.turns()[1]
    assert shelf.send("split", turn.id, text=turn.text, before="not 12").status_code == 303
    first, second = shelf.turns()[1:3]
    assert second.text.startswith("not 12")
    assert len(shelf.turns()) == count + 1
    assert shelf.send("split", second.id, text=second.text, before="nowhere").status_code == 400
    assert shelf.send("split", second.id, text=second.text, before="").status_code == 400
    assert shelf.send("merge", first.id, text=first.text).status_code == 303
    assert [one.text for one in shelf.turns()][1] == turn.text
    whole = shelf.turns()[1].id
    assert shelf.send("heard", whole).status_code == 303
    with shelf.desk.catalogue.snapshot() as tx:
        assert stretches(tx.hearings([whole])[whole]) == [(0, len(turn.text))]
    assert "heard" in page_of(shelf)
    assert shelf.send("speaker", whole, name="Jane Roe", how="name").status_code == 303
    assert "Jane Roe" in page_of(shelf)
    assert shelf.send("speaker", whole, name=" ", how="name").status_code == 400
    assert shelf.send("undo", whole).status_code == 303
    assert len(shelf.turns()) == count + 1
    assert shelf.send("dance", whole).status_code in (400, 409)
    assert shelf.client.post(shelf.address, data={"act": "save"}).status_code == 400
    last = shelf.turns()[-1]
    assert shelf.send("merge", last.id, text=last.text).status_code == 400


def test_a_turn_of_another_recording_is_not_edited_here(shelf: Shelf) -> None:
    other = web_desk.add_text_only(shelf.desk)
    with shelf.desk.catalogue.snapshot() as tx:
        turn = tx.turns(tx.layers(other)[0].id)[0]
    assert shelf.send("save", turn.id, text="x").status_code == 404
    base = f"/recordings/{shelf.harbour}/edit/turns?only={turn.id}"
    assert shelf.client.get(base).status_code == 404


def test_turns_by_their_numbers_come_in_order_as_they_stand(shelf: Shelf) -> None:
    turns = shelf.turns()
    name_speaker(
        shelf.desk, shelf.harbour, Target(turn_id=turns[2].id, layer_id=shelf.layer.id),
        SpeakerName("Jane <Roe>"), actor="ana",
    )  # fmt: skip
    with shelf.desk.catalogue.snapshot() as tx:
        captions = next(x for x in tx.layers(shelf.harbour) if x.kind is LayerKind.CAPTIONS)
    path = f"/recordings/{shelf.harbour}/edit/turns?only={turns[2].id},{turns[1].id}"
    answer = shelf.client.get(f"{path}&beside={captions.id}").text
    assert re.findall(r'data-turn="(\d+)"', answer) == [str(turns[1].id), str(turns[2].id)]
    assert "Jane &lt;Roe&gt;" in answer
    assert 'class="beside"' in answer
    assert f"layer={captions.id}&amp;beside={shelf.layer.id}" in answer


def test_history_compares_and_takes_back(shelf: Shelf) -> None:
    turn = shelf.turns()[0]
    one = revise_turn(shelf.desk, turn.id, turn.text + " One.", actor="ana").revision
    assert one is not None
    two = revise_turn(shelf.desk, shelf.turns()[0].id, turn.text + " Two.", actor="ben").revision
    assert two is not None
    path = f"/turns/{turn.id}/history"
    page = shelf.client.get(f"{path}?compare={two.id}&with={one.id}").text
    assert "<del>One</del><ins>Two</ins>" in page
    assert page.index("<bdi>ben</bdi>") < page.index("<bdi>ana</bdi>")
    told = shelf.client.get(f"{path}.json?compare={two.id}").json()
    assert [each["who"] for each in told["revisions"]] == ["ben", "ana"]
    assert told["compared"]["newer"] == two.id
    assert shelf.client.get(f"/layers/{shelf.layer.id}/history").text.count("words changed") == 2
    back = shelf.client.post(path, data={"revision": str(two.id)})
    now = shelf.turns()[0]
    assert back.headers["location"] == f"/turns/{now.id}/history"
    assert now.text == turn.text + " One."
    assert shelf.client.post(path, data={"revision": "x"}).status_code == 400


def word_file(*lines: str) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def test_a_translation_from_word_becomes_a_text_beside(shelf: Shelf) -> None:
    path = f"/recordings/{shelf.harbour}/edit/word?layer={shelf.layer.id}"
    assert "Take a text from Word" in shelf.client.get(path).text
    data = word_file("Nora Whitlow: Guten Morgen.", "Noch ein Satz.", "Daniel Marsh: Ja [lacht].")
    done = shelf.client.post(
        path, data={"as": "translation", "language": "de"}, files={"file": ("a.docx", data)}
    )
    assert done.status_code == 200, done.text
    assert "2 turns were taken in." in done.text
    with shelf.desk.catalogue.snapshot() as tx:
        made = next(one for one in tx.layers(shelf.harbour) if one.language == "de")
        assert next(one.text for one in tx.turns(made.id)).startswith("Guten Morgen.")
    assert f"layer={made.id}" in done.text
    pasted = shelf.client.post(path, data={"as": "text", "words": "Jane Roe: Words of hers."})
    assert "1 turn was taken in." in pasted.text
    for fields, status in (
        ({"as": "translation"}, 400), ({"as": "x", "words": "a: b"}, 400),
        ({"as": "translation", "words": "A: b", "language": "???"}, 400),
    ):  # fmt: skip
        assert shelf.client.post(path, data=fields).status_code == status
    wrong = shelf.client.post(path, data={"as": "text"}, files={"file": ("a.exe", b"MZ")})
    assert wrong.status_code == 400
