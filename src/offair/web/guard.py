"""Who may ask, and what a browser may do with the answer."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from offair.web.view import problem

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
"""Host names a desk answers to unless its settings name others."""

SECURE = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-cache",
}
"""Headers of every answer; an answer that sets one itself keeps its own."""


class Guard:
    """Turns away requests for other host names and puts `SECURE` on every answer.

    A page of somebody else's that points its own name at this machine's loopback address could
    otherwise read the whole archive through the editor's browser (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURE.items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope)
        host = host_name(request.headers.get("host", ""))
        if host not in self.hosts and "*" not in self.hosts:
            message = (
                f"This desk does not answer to the name {host[:80] or '(none)'!r}. "
                "Add it to `hosts` in the section [web] of the settings, or use another name."
            )
            answer = problem(request, 421, "Not this desk's name", message)
            await answer(scope, receive, secured)
            return
        await self.app(scope, receive, secured)


def host_name(header: str) -> str:
    """The name in a Host header without its port, in lower case; an IPv6 address in brackets."""
    name = header.strip().lower()
    if name.startswith("["):
        return name.partition("]")[0] + "]"
    return name.partition(":")[0].rstrip(".")
