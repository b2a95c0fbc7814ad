"""Log in and out, and tell whose a session or a token is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from offair.desk import Desk
from offair.desk.passwords import matches, new_secret, secret_sha256
from offair.model.errors import NotLoggedIn, TooMany
from offair.model.people import ApiToken, Session

IDLE = timedelta(hours=12)
"""A session that nobody uses for so long is over."""
ABSOLUTE = timedelta(days=14)
"""However much it is used, a session is over after so long."""
WINDOW = timedelta(minutes=15)
MOST_OF_NAME, MOST_OF_ADDRESS = 8, 40
"""Failures in the window after which nobody may try again for this name, or from this address."""
_TOUCHED = timedelta(minutes=5)
_AGENT = 200


def log_in(
    desk: Desk, name: str, password: str, *, address: str, agent: str, now: datetime | None = None
) -> tuple[str, Session]:
    """A new session and its secret, which is kept nowhere.

    Raises `NotLoggedIn` where name and password do not fit, `TooMany` where it failed too often.
    """
    at = now or datetime.now(UTC)
    with desk.catalogue.snapshot() as tx:
        of_name, of_address = tx.failed_logins(name, address, _text(at - WINDOW))
        known = tx.account_named(name)
    if of_name >= MOST_OF_NAME or of_address >= MOST_OF_ADDRESS:
        raise TooMany(
            f"this was tried too often; wait {WINDOW.seconds // 60} minutes and try again",
            WINDOW.seconds,
        )
    fits = matches(password, known[1] if known else None)
    secret = new_secret()
    with desk.catalogue.transaction() as tx:
        granted = fits and known is not None and known[0].active
        tx.note_login(name, address, granted=granted, made_utc=_text(at))
        if granted and known is not None:
            session = tx.add_session(
                known[0].id, secret_sha256(secret), agent=agent[:_AGENT],
                expires_utc=_text(at + IDLE),
            )  # fmt: skip
            tx.note_act(known[0].name, "log_in", "account", known[0].id)
            return secret, session
    raise NotLoggedIn("name and password do not fit; try again")


def session_of(desk: Desk, secret: str, *, now: datetime | None = None) -> Session | None:
    """The session with this secret, None where there is none or its time is over; a session that
    is used lasts longer."""
    at = now or datetime.now(UTC)
    with desk.catalogue.snapshot() as tx:
        session = tx.session(secret_sha256(secret))
    if session is None or session.expires_utc <= _text(at):
        return None
    end = datetime.fromisoformat(session.made_utc) + ABSOLUTE
    if at >= end:
        return None
    if at - datetime.fromisoformat(session.seen_utc) >= _TOUCHED:
        expires = min(at + IDLE, end)
        with desk.catalogue.transaction() as tx:
            tx.touch_session(session.id, seen_utc=_text(at), expires_utc=_text(expires))
    return session


def token_of(desk: Desk, secret: str, *, now: datetime | None = None) -> ApiToken | None:
    """The token with this secret, None where there is none or its time is over."""
    at = now or datetime.now(UTC)
    with desk.catalogue.snapshot() as tx:
        token = tx.token(secret_sha256(secret))
    if token is None or (token.expires_utc is not None and token.expires_utc <= _text(at)):
        return None
    used = token.used_utc
    if used is None or at - datetime.fromisoformat(used) >= _TOUCHED:
        with desk.catalogue.transaction() as tx:
            tx.touch_token(token.id, used_utc=_text(at))
    return token


def log_out(desk: Desk, session: Session) -> None:
    """End a session."""
    with desk.catalogue.transaction() as tx:
        if tx.end_sessions(session.account.id, only=session.id):
            tx.note_act(session.account.name, "log_out", "account", session.account.id)


def anybody(desk: Desk) -> bool:
    """Whether an account was ever made: until then who can reach the desk may read it all."""
    with desk.catalogue.snapshot() as tx:
        return bool(tx.accounts())


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
