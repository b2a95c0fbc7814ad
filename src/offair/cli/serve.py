"""The desk in the browser, on this machine unless the settings say otherwise."""

from __future__ import annotations

import argparse
import socket

import uvicorn

from offair import config, web, wiring
from offair.cli.terminal import say
from offair.model.errors import Unavailable
from offair.web.application import app

_WAITING = 2048
"""Connections that may wait to be taken up."""

_KEPT_S = 75
"""How long a connection may be idle: longer than a proxy or a browser keeps it, so that no request
is sent on one that is being closed."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair serve` takes."""
    parser.add_argument("--host", help="address to listen on")
    parser.add_argument("--port", type=int, help="0 takes a free one")


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    settings = config.load(args.config)
    host = args.host or settings.web.host
    port = settings.web.port if args.port is None else args.port
    with wiring.open_desk(settings, notice=say) as desk, _listen(host, port) as listener:
        bound = listener.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        if not web.assets_built():
            say("the pages' scripts are not built: pages read, but the transcript does not follow")
        print(f"the desk is open at http://{shown}:{bound}/ (Ctrl-C closes it)", flush=True)
        server = uvicorn.Server(
            uvicorn.Config(
                app(desk, hosts=settings.web.hosts, public=settings.web.public),
                log_level="warning",
                timeout_keep_alive=_KEPT_S,
            )
        )
        with wiring.indexing(desk, notice=say), wiring.serving_work(desk):
            server.run(sockets=[listener])
    return 0


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, because asyncio turns Nagle's delay off only where it knows the protocol.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # From here on who comes waits; the address is told before the pages are ready.
        listener.listen(_WAITING)
    except (OSError, OverflowError) as error:
        listener.close()
        raise Unavailable(
            f"cannot listen on {host} port {port} ({error}); choose another with --host or --port"
        ) from error
    return listener
