"""Accounts, logging in, sessions and who may read what, over the real application."""

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
from offair.desk.accounts import add_account, change_account, list_accounts, set_password
from offair.desk.change_terms import change_terms
from offair.desk.log_in import (
    ABSOLUTE,
    IDLE,
    MOST_OF_ADDRESS,
    MOST_OF_NAME,
    WINDOW,
    log_in,
    log_out,
    session_of,
    token_of,
)
from offair.desk.passwords import new_secret, secret_sha256
from offair.model.errors import BadInput, Conflict, NotFound, NotLoggedIn, TooMany
from offair.model.people import Role
from offair.web.application import app
from offair.web.login import local_path

WORDS = "ferry before the tide"
SITE = "http://localhost"


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
    made = make_desk(tmp_path)
    add_records(made, add_harbour(made))
    return made


@pytest.fixture
def staffed(desk: Desk) -> Desk:
    """With an administrator and an editor."""
    add_account(desk, "Rana", Role.ADMINISTRATOR, WORDS, actor="root")
    add_account(desk, "Omar", Role.EDITOR, WORDS + "!", actor="Rana")
    return desk


def browser(desk: Desk, *, public: bool = True, base: str = SITE) -> TestClient:
    made = app(desk, hosts=("localhost",), public=public)
    client = TestClient(made, base_url=base, follow_redirects=False)
    client.headers["origin"] = base
    return client


def entered(desk: Desk, name: str = "Rana", password: str = WORDS, **given: str) -> TestClient:
    client = browser(desk, **given)  # type: ignore[arg-type]
    answer = client.post("/login", data={"name": name, "password": password})
    assert answer.status_code == 303, answer.text
    return client


def csrf(client: TestClient) -> str:
    found = re.search(r'name="csrf" content="(\w+)"', client.get("/account").text)
    assert found
    return found.group(1)


def test_names_are_one_whatever_their_capitals_and_passwords_are_long(desk: Desk) -> None:
    made = add_account(desk, " Rana  Haddad ", Role.EDITOR, WORDS, actor="root")
    assert made.name == "Rana Haddad"
    with pytest.raises(Conflict, match="already"):
        add_account(desk, "RANA HADDAD", Role.READER, WORDS, actor="root")
    for name, password, told in (
        ("", WORDS, "1 to 80"),
        ("a\u200bb", WORDS, "cannot be seen"),
        ("x" * 81, WORDS, "1 to 80"),
        ("Short", "short", "12 to"),
        ("Dull", "a" * 20, "first that somebody"),
        ("the long name itself", "The Long Name Itself", "first that somebody"),
    ):
        with pytest.raises(BadInput, match=told):
            add_account(desk, name, Role.READER, password, actor="root")
    assert [one.name for one in list_accounts(desk)] == ["Rana Haddad"]


def test_somebody_always_administers(staffed: Desk) -> None:
    for change in ({"role": Role.READER}, {"active": False}):
        with pytest.raises(Conflict, match="only administrator"):
            change_account(staffed, "rana", actor="Rana", **change)  # type: ignore[arg-type]
    change_account(staffed, "omar", role=Role.ADMINISTRATOR, actor="Rana")
    assert not change_account(staffed, "rana", active=False, actor="Omar").active
    with pytest.raises(NotFound):
        change_account(staffed, "nobody", active=False, actor="Omar")


def test_no_secret_is_kept_or_noted(staffed: Desk, tmp_path: Path) -> None:
    secret, _ = log_in(staffed, "rana", WORDS, address="::1", agent="a browser")
    client = entered(staffed)
    client.get("/")
    cookie = client.cookies["offair-session"]
    staffed.catalogue.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("desk.sqlite*"))
    for hidden in (secret, cookie, WORDS):
        assert hidden.encode() not in stored
    with staffed.catalogue.snapshot() as tx:
        assert [one.verb for one in tx.acts(limit=3)] == ["log_in", "log_in", "add_account"]


def test_a_wrong_name_costs_as_many_hashes_as_a_wrong_password(
    staffed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = passwords._HASHER.verify

    def verify(_hasher: object, kept: str, given: str) -> bool:
        asked.append(kept)
        return bool(real(kept, given))

    monkeypatch.setattr(type(passwords._HASHER), "verify", verify)
    for name in ("rana", "nobody"):
        with pytest.raises(NotLoggedIn):
            log_in(staffed, name, "wrong wrong wrong", address="::1", agent="")
    assert len(asked) == 2


def test_after_some_failures_nobody_may_try_for_a_while(staffed: Desk) -> None:
    now = datetime(2026, 5, 14, 12, tzinfo=UTC)
    for at in range(MOST_OF_NAME):
        with pytest.raises(NotLoggedIn):
            log_in(staffed, "RANA ", "wrong wrong", address=f"10.0.0.{at}", agent="", now=now)
    with pytest.raises(TooMany):
        log_in(staffed, "rana", WORDS, address="::1", agent="", now=now)
    log_in(staffed, "omar", WORDS + "!", address="::1", agent="", now=now)
    later = now + WINDOW + timedelta(seconds=1)
    log_in(staffed, "rana", WORDS, address="::1", agent="", now=later)
    for at in range(MOST_OF_ADDRESS):
        with pytest.raises(NotLoggedIn):
            log_in(staffed, f"somebody {at}", "wrong", address="10.9.9.9", agent="", now=later)
    with pytest.raises(TooMany):
        log_in(staffed, "omar", WORDS + "!", address="10.9.9.9", agent="", now=later)


def test_a_session_lasts_while_it_is_used_and_not_for_ever(staffed: Desk) -> None:
    now = datetime.now(UTC)
    secret, made = log_in(staffed, "rana", WORDS, address="::1", agent="", now=now)
    assert session_of(staffed, secret, now=now + IDLE + timedelta(minutes=1)) is None
    at = now
    while at < now + ABSOLUTE - IDLE / 2:
        at += IDLE / 2
        found = session_of(staffed, secret, now=at)
        assert found is not None
        assert found.id == made.id
    assert session_of(staffed, secret, now=now + ABSOLUTE + timedelta(minutes=1)) is None
    assert session_of(staffed, "wrong", now=now) is None


def test_a_session_ends_with_the_account_the_password_and_by_logging_out(staffed: Desk) -> None:
    first, session = log_in(staffed, "omar", WORDS + "!", address="::1", agent="")
    log_out(staffed, session)
    assert session_of(staffed, first) is None
    second, kept = log_in(staffed, "omar", WORDS + "!", address="::1", agent="")
    third, _ = log_in(staffed, "omar", WORDS + "!", address="::1", agent="")
    set_password(staffed, "omar", WORDS + "?", keep_session=kept.id, actor="Omar")
    assert session_of(staffed, second) is not None
    assert session_of(staffed, third) is None
    change_account(staffed, "omar", active=False, actor="Rana")
    assert session_of(staffed, second) is None
    with pytest.raises(NotLoggedIn):
        log_in(staffed, "omar", WORDS + "?", address="::1", agent="")


def test_a_desk_without_accounts_is_read_and_not_written(desk: Desk) -> None:
    client = browser(desk)
    assert client.get("/recordings").status_code == 200
    assert client.post("/style", data={"kind": "term"}).status_code == 401
    assert "offair user add" in client.get("/login").text


def test_who_is_not_at_the_desk_reads_published_records_alone(staffed: Desk) -> None:
    client = browser(staffed)
    for address in ("/records", "/records/1", "/records/1.json", "/login", "/desk.css"):
        assert client.get(address).status_code == 200, address
    answer = client.get("/recordings/1?t=5")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Frecordings%2F1%3Ft%3D5"
    for address in ("/recordings.json", "/names.csv", "/api/v1/channels/1/terms"):
        answer = client.get(address)
        assert answer.status_code == 401, address
        assert "www-authenticate" in answer.headers
    closed = browser(staffed, public=False)
    assert closed.get("/records").status_code == 303
    assert closed.get("/records/1.json").status_code == 401
    assert closed.get("/login").status_code == 200


def test_media_is_public_where_a_record_and_the_terms_make_it_so(staffed: Desk) -> None:
    with staffed.catalogue.snapshot() as tx:
        recording = tx.recording(1).object
    assert recording is not None
    client = browser(staffed)
    assert client.get(f"/media/{recording.sha256}").status_code == 404
    assert entered(staffed).get(f"/media/{recording.sha256}").status_code == 200
    with staffed.catalogue.transaction() as tx:
        clip = tx.add_clip(
            recording_id=1, layer_id=None, spans=(), turn_ids=(), headline=None, summary=(),
            actor="rana",
        )  # fmt: skip
        tx.take_number(clip.id, "desk")
        tx.add_edition(clip.id, 1, document="{}", objects=[recording], actor="rana")
    assert client.get(f"/media/{recording.sha256}").status_code == 200
    assert client.get(f"/media/{recording.sha256}?download").status_code == 200
    change_terms(staffed, 1, actor="rana", download=False)
    assert client.get(f"/media/{recording.sha256}?download").status_code == 404
    change_terms(staffed, 1, actor="rana", media=False)
    assert client.get(f"/media/{recording.sha256}").status_code == 404


def test_logging_in_and_out_in_a_browser(staffed: Desk) -> None:
    client = browser(staffed)
    wrong = client.post("/login", data={"name": "<b>", "password": "wrong"})
    assert wrong.status_code == 401
    assert "&lt;b&gt;" in wrong.text
    assert "set-cookie" not in wrong.headers
    sent = {"name": "rana", "password": WORDS, "next": "/channels?x=1"}
    answer = client.post("/login", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/channels?x=1")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    page = client.get("/recordings")
    assert "Rana" in page.text
    assert page.headers["cache-control"] == "private, no-cache"
    before = client.cookies["offair-session"]
    answer = client.post("/logout", data={"csrf": csrf(client)})
    assert answer.headers["location"] == "/login"
    assert client.get("/recordings").status_code == 303
    client.cookies.set("offair-session", before)
    assert client.get("/recordings").status_code == 303


def test_over_https_the_cookie_is_the_hosts_own_and_secure(staffed: Desk) -> None:
    client = entered(staffed, base="https://localhost")
    assert client.get("/recordings").status_code == 200
    answer = client.post("/login", data={"name": "rana", "password": WORDS})
    assert answer.headers["set-cookie"].startswith("__Host-offair=")
    assert "; Secure" in answer.headers["set-cookie"]


def test_what_changes_something_comes_from_this_site_and_this_session(staffed: Desk) -> None:
    client = entered(staffed)
    token = csrf(client)
    form = {"kind": "spelling", "off": "color", "house": "colour"}
    assert client.post("/style", data=form).status_code == 403
    assert client.post("/style", data={**form, "csrf": "0" * 64}).status_code == 403
    for headers in (
        {"origin": "http://elsewhere.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ):
        answer = client.post("/style", data={**form, "csrf": token}, headers=headers)
        assert answer.status_code == 403, headers
    assert client.post("/style", data={**form, "csrf": token}).status_code == 303
    asked = {"text": "x", "language": None}
    address = "/api/v1/style/marks"
    assert client.post(address, json=asked).status_code == 403
    assert client.post(address, json=asked, headers={"x-csrf-token": token}).status_code == 200
    other = entered(staffed, "omar", WORDS + "!")
    assert other.post("/style", data={**form, "csrf": token}).status_code == 403


def test_a_role_that_is_lowered_counts_at_once(staffed: Desk) -> None:
    client = entered(staffed, "omar", WORDS + "!")
    token = csrf(client)
    form = {"kind": "spelling", "off": "color", "house": "colour", "csrf": token}
    assert client.post("/style", data=form).status_code == 303
    change_account(staffed, "omar", role=Role.READER, actor="Rana")
    assert client.post("/style", data={**form, "off": "other"}).status_code == 403
    change_account(staffed, "omar", active=False, actor="Rana")
    assert client.get("/recordings").status_code == 303


def test_a_program_acts_by_its_token_with_the_lesser_role(staffed: Desk) -> None:
    secret, over = new_secret(), new_secret()
    with staffed.catalogue.transaction() as tx:
        known = tx.account_named("rana")
        assert known is not None
        tx.add_token(
            known[0].id, secret_sha256(secret), label="script", role=Role.EDITOR, expires_utc=None
        )
        tx.add_token(
            known[0].id, secret_sha256(over), label="old", role=Role.EDITOR,
            expires_utc="2020-01-01T00:00:00.000Z",
        )  # fmt: skip
    client = TestClient(app(staffed), base_url=SITE, follow_redirects=False)
    asked = {"text": "x", "language": None}
    headers = {"authorization": f"Bearer {secret}"}
    answer = client.post("/api/v1/style/marks", json=asked, headers=headers)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    terms = client.get("/api/v1/channels/1/terms", headers=headers).json()
    assert client.put("/api/v1/channels/1/terms", json=terms, headers=headers).status_code == 403
    for wrong in (over, "nonsense", ""):
        bearer = {"authorization": f"Bearer {wrong}"}
        assert client.get("/recordings.json", headers=bearer).status_code == 401
    token = token_of(staffed, secret)
    assert token is not None
    with staffed.catalogue.transaction() as tx:
        assert not tx.end_token(token.id).active
    assert client.get("/recordings.json", headers=headers).status_code == 401


def test_one_changes_ones_own_password(staffed: Desk) -> None:
    client = entered(staffed)
    elsewhere = entered(staffed)
    token = csrf(client)
    new = {"csrf": token, "old": WORDS, "password": WORDS + " now", "again": WORDS + " now"}
    assert client.post("/account", data={**new, "old": "wrong"}).status_code == 400
    assert client.post("/account", data={**new, "again": "other"}).status_code == 400
    assert client.post("/account", data={**new, "csrf": ""}).status_code == 403
    assert client.post("/account", data=new).status_code == 200
    assert client.get("/recordings").status_code == 200
    assert elsewhere.get("/recordings").status_code == 303
    entered(staffed, password=WORDS + " now")


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (None, "/"),
        ("/records/1?t=2", "/records/1?t=2"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("https://elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("records", "/"),
        ("/a\r\nset-cookie: x", "/"),
    ],
)
def test_after_logging_in_one_stays_on_this_site(given: str | None, path: str) -> None:
    assert local_path(given) == path
