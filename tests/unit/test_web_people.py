"""Accounts, tokens, own browsers and the log as pages and operations; limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient
from web_desk import add_harbour, add_records, make_desk

from offair.desk import Desk, passwords
from offair.desk.access import MOST, PREFIX, add_token, end_token, list_tokens
from offair.desk.accounts import add_account, change_account, list_accounts
from offair.desk.log_in import log_in, token_of
from offair.desk.passwords import new_secret
from offair.desk.read_log import read_log
from offair.model.errors import BadInput, Conflict, NotFound, Refused, TooMany
from offair.model.people import Role
from offair.web.application import app
from offair.web.limits import MOST_KNOWN, Limits

WORDS = "ferry before the tide"
SITE = "http://localhost"
NOW = datetime(2026, 5, 14, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hashes that cost a millisecond: what is tested is what is done with them."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """With an administrator and an editor."""
    made = make_desk(tmp_path)
    add_records(made, add_harbour(made))
    add_account(made, "Rana", Role.ADMINISTRATOR, WORDS, actor="root")
    add_account(made, "Omar", Role.EDITOR, WORDS, actor="Rana")
    return made


def browser(desk: Desk) -> TestClient:
    """Nobody's yet."""
    client = TestClient(app(desk), base_url=SITE, follow_redirects=False)
    client.headers["origin"] = SITE
    return client


def entered(desk: Desk, name: str = "Rana", password: str = WORDS) -> tuple[TestClient, str]:
    """A browser that is logged in, and the token of its forms."""
    client = browser(desk)
    assert client.post("/login", data={"name": name, "password": password}).status_code == 303
    found = re.search(r'name="csrf" content="(\w+)"', client.get("/account").text)
    assert found
    return client, found.group(1)


def bearer(secret: str) -> dict[str, str]:
    """The header of a program."""
    return {"authorization": f"Bearer {secret}"}


def shown_secret(text: str) -> str:
    """What a page shows once."""
    found = re.search(r'<code class="secret"[^>]*>([^<]+)</code>', text)
    assert found, text
    return found.group(1)


def test_a_token_is_not_more_than_its_account_or_who_asks(desk: Desk) -> None:
    secret, made = add_token(
        desk, "omar", " nightly  script ", Role.EDITOR, actor="Omar", days=2, now=NOW
    )
    assert secret.startswith(PREFIX)
    assert (made.label, made.expires_utc) == ("nightly script", "2026-05-16T12:00:00.000Z")
    assert token_of(desk, secret, now=NOW + timedelta(days=1)) is not None
    assert token_of(desk, secret, now=NOW + timedelta(days=3)) is None
    with pytest.raises(Refused, match="editor at most"):
        add_token(desk, "omar", "x", Role.PUBLISHER, actor="Omar")
    with pytest.raises(Refused, match="reader at most"):
        add_token(desk, "rana", "x", Role.EDITOR, actor="Rana", most=Role.READER)
    for label, days in (("", None), ("x" * 81, None), ("a\u202eb", None), ("x", 0), ("x", 9999)):
        with pytest.raises(BadInput):
            add_token(desk, "omar", label, Role.READER, actor="Omar", days=days)
    with pytest.raises(NotFound):
        add_token(desk, "nobody", "x", Role.READER, actor="Omar")


def test_the_tokens_of_an_account_are_counted(desk: Desk) -> None:
    made = [add_token(desk, "omar", "x", Role.READER, actor="Omar")[1] for _ in range(MOST)]
    with pytest.raises(Conflict, match="end one"):
        add_token(desk, "omar", "x", Role.READER, actor="Omar")
    end_token(desk, made[0].id, of="omar", actor="Omar")
    add_token(desk, "omar", "x", Role.READER, actor="Omar")


def test_ones_own_tokens_alone_are_ended(desk: Desk) -> None:
    secret, made = add_token(desk, "rana", "x", Role.READER, actor="Rana")
    for wrong in (made.id, 0, 2**70):
        with pytest.raises(NotFound):
            end_token(desk, wrong, of="omar", actor="Omar")
    assert token_of(desk, secret) is not None
    assert not end_token(desk, made.id, of="rana", actor="Rana").active
    assert token_of(desk, secret) is None


def test_tokens_do_not_come_back_with_their_account(desk: Desk) -> None:
    secret, _ = add_token(desk, "omar", "x", Role.EDITOR, actor="Omar")
    change_account(desk, "omar", active=False, actor="Rana")
    with pytest.raises(Conflict, match="was ended"):
        add_token(desk, "omar", "x", Role.READER, actor="Rana")
    change_account(desk, "omar", active=True, actor="Rana")
    assert token_of(desk, secret) is None
    assert [one.active for one in list_tokens(desk, "omar")] == [False]


def test_a_token_follows_a_lowered_role(desk: Desk) -> None:
    secret, _ = add_token(desk, "omar", "x", Role.EDITOR, actor="Omar")
    client, asked = browser(desk), {"label": "y", "role": "editor"}
    path = "/api/v1/account/tokens"
    assert client.post(path, json=asked, headers=bearer(secret)).status_code == 201
    change_account(desk, "omar", role=Role.READER, actor="Rana")
    assert client.post(path, json=asked, headers=bearer(secret)).status_code == 403
    assert client.get(path, headers=bearer(secret)).status_code == 200


def test_a_program_makes_no_token_greater_than_its_own(desk: Desk) -> None:
    secret, made = add_token(desk, "rana", "x", Role.READER, actor="Rana")
    client, path = browser(desk), "/api/v1/account/tokens"
    asked = {"label": "more", "role": "administrator", "days": 3}
    assert client.post(path, json=asked, headers=bearer(secret)).status_code == 403
    answer = client.post(path, json=asked | {"role": "reader"}, headers=bearer(secret))
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    told = answer.json()
    assert client.get(path, headers=bearer(told["token"])).status_code == 200
    assert told["token"] not in client.get(path, headers=bearer(secret)).text
    ended = client.delete(f"{path}/{made.id}", headers=bearer(told["token"]))
    assert ended.json()["active"] is False
    assert client.get(path, headers=bearer(secret)).status_code == 401
    for address in ("/api/v1/accounts", "/people.json", "/log.json"):
        assert client.get(address, headers=bearer(told["token"])).status_code == 403, address


def test_an_administrator_keeps_the_accounts_in_the_browser(desk: Desk) -> None:
    client, csrf = entered(desk)
    form = {"what": "add", "name": "<i>Lena</i>", "role": "publisher"}
    assert client.post("/people", data=form).status_code == 403
    answer = client.post("/people", data=form | {"csrf": csrf})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert "&lt;i&gt;Lena" in answer.text
    assert "<i>Lena" not in answer.text
    first = shown_secret(answer.text)
    assert first not in client.get("/people").text
    lena, _ = entered(desk, "<i>lena</i>", first)
    send = {"csrf": csrf, "name": "<i>Lena</i>"}
    second = shown_secret(client.post("/people", data=send | {"what": "password"}).text)
    assert lena.get("/recordings").status_code == 303
    lena, _ = entered(desk, "<i>lena</i>", second)
    change = send | {"what": "role", "role": "reader"}
    assert client.post("/people", data=change).headers["location"] == "/people"
    assert client.post("/people", data=send | {"what": "end"}).status_code == 303
    assert lena.get("/recordings").status_code == 303
    client.post("/people", data=send | {"what": "back"})
    known = {one["name"]: one for one in client.get("/people.json").json()["accounts"]}
    assert (known["<i>Lena</i>"]["role"], known["<i>Lena</i>"]["active"]) == ("reader", True)
    only = {"csrf": csrf, "name": "Rana", "what": "end"}
    assert client.post("/people", data=only).status_code == 409
    for wrong in (
        {"what": "nothing"},
        {"what": "role", "role": "king"},
        {"what": "add", "role": "reader", "name": ""},
    ):
        assert client.post("/people", data=send | wrong).status_code == 400, wrong
    assert client.post("/people", data=send | {"what": "end", "name": "no"}).status_code == 404


@pytest.mark.parametrize("address", ["/people", "/log", "/people.json", "/log.json?kind=account"])
def test_accounts_and_log_are_for_an_administrator(desk: Desk, address: str) -> None:
    client, csrf = entered(desk, "Omar")
    assert client.get(address).status_code == 403
    form = {"csrf": csrf, "what": "add", "name": "Eve", "role": "administrator"}
    assert client.post("/people", data=form).status_code == 403
    assert len(list_accounts(desk)) == 2
    assert browser(desk).get(address).status_code in (303, 401)


def test_accounts_by_operations(desk: Desk) -> None:
    client, csrf = entered(desk)
    client.headers["x-csrf-token"] = csrf
    path, body = "/api/v1/accounts", {"name": "Lena", "role": "reader", "password": WORDS}
    made = client.post(path, json=body)
    assert made.status_code == 201
    assert WORDS not in made.text
    assert client.post(path, json=body).status_code == 409
    assert client.post(path, json=body | {"name": "Ida", "password": "x"}).status_code == 400
    one = f"{path}/{made.json()['id']}"
    assert client.patch(one, json={"role": "editor"}).json()["role"] == "editor"
    assert client.patch(one, json={"active": False}).json()["active"] is False
    assert client.patch(f"{path}/99", json={"active": False}).status_code == 404
    assert client.patch(f"{path}/1", json={"role": "reader"}).status_code == 409
    assert len(client.get(path).json()["accounts"]) == 3


def test_ones_own_browsers_and_tokens(desk: Desk) -> None:
    client, csrf = entered(desk, "Omar")
    other, _ = entered(desk, "Omar")
    rana, _ = entered(desk)
    page = client.get("/account/access")
    assert page.text.count('value="session"') == 1
    facts = client.get("/account/access.json").json()
    newest, own = facts["sessions"]
    send = {"csrf": csrf, "what": "session"}
    rest = {"id": str(newest["id"])}
    assert client.post("/account/access", data=rest | {"what": "session"}).status_code == 403
    with desk.catalogue.snapshot() as tx:
        foreign = tx.sessions(1)[0].id
    assert client.post("/account/access", data=send | {"id": str(foreign)}).status_code == 404
    assert client.post("/account/access", data=send | rest).status_code == 303
    assert other.get("/recordings").status_code == 303
    assert client.get("/recordings").status_code == 200
    assert rana.get("/recordings").status_code == 200
    assert newest["id"] != own["id"]
    add = {"csrf": csrf, "what": "add", "label": "<b>", "role": "reader", "days": "7"}
    made = client.post("/account/access", data=add)
    secret = shown_secret(made.text)
    assert "&lt;b&gt;" in made.text
    assert made.headers["cache-control"] == "no-store"
    assert secret not in client.get("/account/access").text
    assert browser(desk).get("/recordings.json", headers=bearer(secret)).status_code == 200
    end = {"csrf": csrf, "what": "token", "id": "1"}
    assert client.post("/account/access", data=end).status_code == 303
    assert browser(desk).get("/recordings.json", headers=bearer(secret)).status_code == 401
    for wrong in ({"role": "administrator"}, {"days": "0"}, {"days": "²"}, {"label": ""}):
        assert client.post("/account/access", data=add | wrong).status_code in (400, 403), wrong


def test_the_log_is_read_by_parts(desk: Desk) -> None:
    with desk.catalogue.transaction() as tx:
        for at in range(150):
            tx.note_act("Omar <b>", "clip", "clip", at + 1, why="<script>")
    client, _ = entered(desk)
    first = client.get("/log.json?kind=clip&actor=Omar+%3Cb%3E").json()
    assert len(first["acts"]) == 100
    second = client.get(first["next"]).json()
    ids = [one["id"] for one in first["acts"] + second["acts"]]
    assert (len(set(ids)), ids, second["next"]) == (150, sorted(ids, reverse=True), None)
    assert [one["subject"] for one in client.get("/log.json?kind=clip&subject=7").json()["acts"]]
    page = client.get("/log?kind=clip")
    assert "&lt;script&gt;" in page.text
    assert "<script>" not in page.text.partition("<main")[2]
    assert 'rel="next"' in page.text
    assert "no such line" in client.get("/log?actor=nobody").text
    for wrong in ("subject=7", "subject=x", "before=99999999999999999999"):
        assert client.get(f"/log?{wrong}").status_code == 400, wrong
    for wrong_limit in (0, 1_001):
        with pytest.raises(BadInput):
            read_log(desk, limit=wrong_limit)


def test_no_secret_stands_in_the_rows_or_the_log(desk: Desk, tmp_path: Path) -> None:
    secret, _ = add_token(desk, "rana", "script", Role.READER, actor="Rana")
    client, csrf = entered(desk)
    form = {"csrf": csrf, "what": "add", "name": "Lena", "role": "reader"}
    password = shown_secret(client.post("/people", data=form).text)
    cookie = client.cookies["offair-session"]
    log = client.get("/log.json").text
    desk.catalogue.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("desk.sqlite*"))
    for hidden in (secret, password, cookie, csrf, WORDS):
        assert hidden.encode() not in stored
        assert hidden not in log


def test_a_session_given_by_somebody_else_is_not_taken_over(desk: Desk) -> None:
    client = browser(desk)
    planted = new_secret()
    client.cookies.set("offair-session", planted)
    answer = client.post("/login", data={"name": "rana", "password": WORDS})
    assert answer.status_code == 303
    assert planted not in answer.headers["set-cookie"]
    victim = browser(desk)
    victim.cookies.set("offair-session", planted)
    assert victim.get("/recordings").status_code == 303
    attacker, _ = log_in(desk, "omar", WORDS, address="::1", agent="")
    client = browser(desk)
    client.cookies.set("offair-session", attacker)
    answer = client.post("/login", data={"name": "rana", "password": WORDS})
    assert attacker not in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    "headers",
    [{"origin": "http://elsewhere.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
)
def test_no_other_site_logs_a_browser_in(desk: Desk, headers: dict[str, str]) -> None:
    sent = {"name": "rana", "password": WORDS}
    answer = browser(desk).post("/login", data=sent, headers=headers)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_an_incomplete_form_of_ones_password_is_told(desk: Desk) -> None:
    client, csrf = entered(desk)
    assert client.post("/account", data={"csrf": csrf, "old": WORDS}).status_code == 400


def test_a_bucket_fills_again_and_is_ones_own() -> None:
    now = [100.0]
    limits = Limits(at_once=3, per_second=0.5, clock=lambda: now[0])
    for _ in range(3):
        limits.take("a")
    with pytest.raises(TooMany) as refused:
        limits.take("a")
    assert refused.value.wait_s == 2
    limits.take("b")
    now[0] += 1.9
    with pytest.raises(TooMany):
        limits.take("a")
    now[0] += 0.2
    limits.take("a")
    with pytest.raises(TooMany):
        limits.take("a")
    now[0] += 1_000
    for _ in range(3):
        limits.take("a")
    with pytest.raises(TooMany):
        limits.take("a")
    for at in range(MOST_KNOWN + 5):
        limits.take(f"address {at}")
    assert len(limits._left) == MOST_KNOWN


def test_checks_are_limited_and_told_when_to_come_back(desk: Desk) -> None:
    made = app(desk)
    made.state.limited = Limits(at_once=1, per_second=0.1, clock=lambda: 0.0)
    client = TestClient(made, base_url=SITE, follow_redirects=False)
    secret, _ = add_token(desk, "omar", "x", Role.READER, actor="Omar")
    other, _ = add_token(desk, "rana", "x", Role.READER, actor="Rana")
    first = client.get("/check.json?q=ferry", headers=bearer(secret))
    assert first.status_code != 429
    again = client.get("/check.json?q=ferry", headers=bearer(secret))
    assert (again.status_code, again.headers["retry-after"]) == (429, "10")
    assert client.get("/check.json?q=ferry", headers=bearer(other)).status_code != 429
