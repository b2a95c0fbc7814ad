"""Accounts, sessions, tokens and attempts to log in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select

from offair.model.errors import Conflict, NotFound
from offair.model.people import Account, ApiToken, Role, Session
from offair.store.catalogue import people_tables as tables
from offair.store.catalogue.columns import now_utc
from offair.store.catalogue.rows import Rows

_a, _s, _k = tables.account.c, tables.session.c, tables.api_token.c
_l = tables.login_attempt.c


def folded(name: str) -> str:
    """A name as it is compared: without its capitals and outer spaces."""
    return " ".join(name.split()).casefold()


def _account(row: Row[Any]) -> Account:
    return Account(
        row.id, row.name, Role(row.role), row.made_utc, row.made_by, row.ended_utc is None
    )


def _joined() -> list[Any]:
    return [
        _a.name, _a.role.label("account_role"), _a.made_utc.label("account_made_utc"),
        _a.made_by.label("account_made_by"), _a.ended_utc.label("account_ended_utc"),
    ]  # fmt: skip


def _owner(row: Row[Any]) -> Account:
    return Account(
        row.account_id, row.name, Role(row.account_role), row.account_made_utc,
        row.account_made_by, row.account_ended_utc is None,
    )  # fmt: skip


def _session(row: Row[Any]) -> Session:
    return Session(row.id, _owner(row), row.made_utc, row.seen_utc, row.expires_utc, row.agent)


def _token(row: Row[Any]) -> ApiToken:
    return ApiToken(
        row.id, _owner(row), row.label, Role(row.role), row.made_utc, row.expires_utc,
        row.used_utc, row.ended_utc is None,
    )  # fmt: skip


class AccountTableRows(Rows):
    """Fulfils `offair.store.people.PeopleRows`."""

    def add_account(self, name: str, role: Role, *, password: str | None, actor: str) -> Account:
        """Make an account. Raises `Conflict` where the name is taken, whatever its capitals."""
        if self.account_named(name) is not None:
            raise Conflict(f"there is an account {name!r} already; change that one")
        made = {
            "folded": folded(name),
            "name": " ".join(name.split()),
            "role": role.value,
            "password": password,
            "made_by": actor,
            "made_utc": now_utc(),
        }
        return self.account(self._insert(tables.account, made))

    def accounts(self) -> Sequence[Account]:
        """Every account, those that are not active too, by name."""
        return [_account(row) for row in self._run(select(tables.account).order_by(_a.folded))]

    def account(self, account_id: int) -> Account:
        """One account. Raises `NotFound`."""
        row = self._run(select(tables.account).where(_a.id == account_id)).first()
        if row is None:
            raise NotFound(f"there is no account {account_id}; list the accounts to find it")
        return _account(row)

    def account_named(self, name: str) -> tuple[Account, str | None] | None:
        """The account of that name, whatever its capitals, and its hashed password."""
        row = self._run(select(tables.account).where(_a.folded == folded(name))).first()
        return None if row is None else (_account(row), row.password)

    def change_account(
        self, account_id: int, *, role: Role | None = None, active: bool | None = None
    ) -> Account:
        """Change its role, end it or bring it back. Raises `NotFound`, `Conflict` where nobody
        would be left who is an administrator."""
        known = self.account(account_id)
        values: dict[str, str | None] = {}
        if role is not None:
            values["role"] = role.value
        if active is not None and active != known.active:
            values["ended_utc"] = None if active else now_utc()
        administers = known.active and known.role is Role.ADMINISTRATOR
        stays = (known.role if role is None else role) is Role.ADMINISTRATOR and active is not False
        if administers and not stays:
            others = select(func.count(_a.id)).where(
                _a.role == Role.ADMINISTRATOR.value, _a.ended_utc.is_(None), _a.id != account_id
            )
            if not self._run(others).scalar_one():
                raise Conflict(f"{known.name} is the only administrator; make another one first")
        if values:
            self._run(tables.account.update().where(_a.id == account_id), values)
        return self.account(account_id)

    def set_password(self, account_id: int, password: str) -> None:
        """A new hashed password. Raises `NotFound`."""
        self.account(account_id)
        self._run(tables.account.update().where(_a.id == account_id), {"password": password})

    def add_session(self, account_id: int, sha256: str, *, agent: str, expires_utc: str) -> Session:
        """A browser has logged in. sha256: of its secret."""
        now = now_utc()
        made = {
            "account_id": account_id,
            "sha256": sha256,
            "agent": agent,
            "made_utc": now,
            "seen_utc": now,
            "expires_utc": expires_utc,
        }
        key = self._insert(tables.session, made)
        return _session(self._run(self._sessions().where(_s.id == key)).one())

    def session(self, sha256: str) -> Session | None:
        """The session with this secret, unless it or its account was ended."""
        row = self._run(self._sessions().where(_s.sha256 == sha256)).first()
        return None if row is None else _session(row)

    def sessions(self, account_id: int) -> Sequence[Session]:
        """The sessions of an account that were not ended, newest first."""
        asked = self._sessions().where(_s.account_id == account_id).order_by(_s.id.desc())
        return [_session(row) for row in self._run(asked)]

    def _sessions(self) -> Select[Any]:
        return (
            select(tables.session, *_joined())
            .join(tables.account, _a.id == _s.account_id)
            .where(_s.ended_utc.is_(None), _a.ended_utc.is_(None))
        )

    def touch_session(self, session_id: int, *, seen_utc: str, expires_utc: str) -> None:
        """It was used, and lasts longer."""
        values = {"seen_utc": seen_utc, "expires_utc": expires_utc}
        self._run(tables.session.update().where(_s.id == session_id), values)

    def end_sessions(
        self, account_id: int, *, only: int | None = None, but: int | None = None
    ) -> int:
        """End an account's sessions: all, one alone, or all but one; how many there were."""
        ended = tables.session.update().where(_s.account_id == account_id, _s.ended_utc.is_(None))
        if only is not None:
            ended = ended.where(_s.id == only)
        if but is not None:
            ended = ended.where(_s.id != but)
        return self._run(ended, {"ended_utc": now_utc()}).rowcount

    def add_token(
        self, account_id: int, sha256: str, *, label: str, role: Role, expires_utc: str | None
    ) -> ApiToken:
        """A program may act for an account. sha256: of its secret."""
        made = {
            "account_id": account_id,
            "sha256": sha256,
            "label": label,
            "role": role.value,
            "made_utc": now_utc(),
            "expires_utc": expires_utc,
        }
        key = self._insert(tables.api_token, made)
        return _token(self._run(self._tokens().where(_k.id == key)).one())

    def token(self, sha256: str) -> ApiToken | None:
        """The token with this secret, unless it or its account was ended."""
        asked = self._tokens().where(
            _k.sha256 == sha256, _k.ended_utc.is_(None), _a.ended_utc.is_(None)
        )
        row = self._run(asked).first()
        return None if row is None else _token(row)

    def tokens(self, account_id: int) -> Sequence[ApiToken]:
        """The tokens of an account, ended ones too, newest first."""
        asked = self._tokens().where(_k.account_id == account_id).order_by(_k.id.desc())
        return [_token(row) for row in self._run(asked)]

    def _tokens(self) -> Select[Any]:
        return select(tables.api_token, *_joined()).join(tables.account, _a.id == _k.account_id)

    def touch_token(self, token_id: int, *, used_utc: str) -> None:
        """It was used."""
        self._run(tables.api_token.update().where(_k.id == token_id), {"used_utc": used_utc})

    def end_token(self, token_id: int) -> ApiToken:
        """End a token. Raises `NotFound`."""
        row = self._run(self._tokens().where(_k.id == token_id)).first()
        if row is None:
            raise NotFound(f"there is no token {token_id}; list the tokens to find it")
        open_ones = tables.api_token.update().where(_k.id == token_id, _k.ended_utc.is_(None))
        self._run(open_ones, {"ended_utc": now_utc()})
        return _token(self._run(self._tokens().where(_k.id == token_id)).one())

    def note_login(self, name: str, address: str, *, granted: bool, made_utc: str) -> None:
        """Somebody tried to log in."""
        made = {
            "folded": folded(name)[:200],
            "address": address,
            "granted": granted,
            "made_utc": made_utc,
        }
        self._insert(tables.login_attempt, made)

    def failed_logins(self, name: str, address: str, since_utc: str) -> tuple[int, int]:
        """How often it failed since then for this name after its last success, and from this
        address."""
        of_name = _l.folded == folded(name)[:200]
        last = select(func.coalesce(func.max(_l.id), 0)).where(of_name, _l.granted.is_(True))
        failed = select(func.count(_l.id)).where(_l.granted.is_(False), _l.made_utc >= since_utc)
        by_name = failed.where(of_name, _l.id > last.scalar_subquery())
        return (
            int(self._run(by_name).scalar_one()),
            int(self._run(failed.where(_l.address == address)).scalar_one()),
        )
