"""A request that somebody made who is logged in, without logging in."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from offair.model.people import Account, Role


class AsAccount:
    """Puts an account of a role into every request, as `offair.web.session` does."""

    def __init__(self, app: ASGIApp, role: Role = Role.EDITOR, name: str = "rana") -> None:
        self.app = app
        self.account = Account(1, name, role, "2026-01-01T00:00:00.000Z", "the test")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            scope.setdefault("state", {}).update(account=self.account, role=self.account.role)
        await self.app(scope, receive, send)
