"""A local server that speaks OpenAI's chat interface, and answers as a test tells it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, bytes, dict[str, str]]
Sentences = list[dict[str, str]]


def completion(content: object) -> Reply:
    """An answer whose message is `content`: text as it is, anything else as JSON."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    body = {"choices": [{"message": {"role": "assistant", "content": text}}]}
    return 200, json.dumps(body).encode("utf-8"), {}


def upper(sentences: Sentences) -> Reply:
    """A well-behaved endpoint: each sentence in capitals, under its id."""
    return completion(
        {"sentences": [{"id": one["id"], "text": one["text"].upper()} for one in sentences]}
    )


@dataclass
class Endpoint:
    """A running server. replies: what to answer, one after the other; `upper` when used up."""

    url: str = ""
    replies: list[Callable[[Sentences], Reply]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def sent(self) -> list[list[str]]:
        """The sentences of each request, in order."""
        return [[one["text"] for one in sentences_of(body)] for body in self.requests]


def sentences_of(body: dict[str, Any]) -> Sentences:
    """The sentences in a request's message."""
    found: Sentences = json.loads(body["messages"][-1]["content"])["sentences"]
    return found


@contextmanager
def served() -> Iterator[Endpoint]:
    """An endpoint on a free port of this machine, while the block runs."""
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        """One request."""

        def do_POST(self) -> None:
            """Take the request and answer it."""
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            endpoint.requests.append(body)
            endpoint.headers.append({k.lower(): v for k, v in self.headers.items()})
            reply = endpoint.replies.pop(0) if endpoint.replies else upper
            status, data, headers = reply(sentences_of(body))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    endpoint.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
