"""The tables of accounts, and of the log; part of the one `metadata` of `tables`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import DDL, Boolean, Column, Index, Table, Text, event

from offair.store.catalogue.tables import KEY, SHA256, key_column, metadata, reference

account = Table(
    "account",
    metadata,
    key_column(),
    # The name as it is compared: folded, so that no two differ by capitals only.
    Column("folded", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password", Text),
    Column("made_by", Text, nullable=False),
    Column("made_utc", Text, nullable=False),
    Column("ended_utc", Text),
    sqlite_autoincrement=True,
)

session = Table(
    "session",
    metadata,
    key_column(),
    reference("account_id", "account.id"),
    Column("sha256", SHA256, nullable=False, unique=True),
    Column("agent", Text, nullable=False),
    Column("made_utc", Text, nullable=False),
    Column("seen_utc", Text, nullable=False),
    Column("expires_utc", Text, nullable=False),
    Column("ended_utc", Text),
    Index(None, "account_id"),
    sqlite_autoincrement=True,
)

api_token = Table(
    "api_token",
    metadata,
    key_column(),
    reference("account_id", "account.id"),
    Column("label", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("sha256", SHA256, nullable=False, unique=True),
    Column("made_utc", Text, nullable=False),
    Column("expires_utc", Text),
    Column("used_utc", Text),
    Column("ended_utc", Text),
    Index(None, "account_id"),
    sqlite_autoincrement=True,
)

login_attempt = Table(
    "login_attempt",
    metadata,
    key_column(),
    Column("folded", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("made_utc", Text, nullable=False),
    Column("granted", Boolean, nullable=False),
    Index(None, "folded", "made_utc"),
    Index(None, "address", "made_utc"),
    sqlite_autoincrement=True,
)

act = Table(
    "act",
    metadata,
    key_column(),
    Column("made_utc", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", KEY, nullable=False),
    Column("detail", Text, nullable=False),
    Index(None, "kind", "subject"),
    Index(None, "actor"),
    sqlite_autoincrement=True,
)
"""The log: nothing in the program changes or deletes a row, and the database refuses it."""

for _trigger, _when in (("act_is_not_changed", "UPDATE"), ("act_is_not_deleted", "DELETE")):
    _refused: Any = DDL(  # type: ignore[no-untyped-call]
        f"CREATE TRIGGER {_trigger} BEFORE {_when} ON act "
        "BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END"
    )
    event.listen(act, "after_create", _refused.execute_if(dialect="sqlite"))
