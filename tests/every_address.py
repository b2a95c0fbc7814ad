"""Every address of the desk that can be read, and what it says: for tests of what it must not."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from offair.desk import Desk
from offair.formats import known
from offair.web.api import PREFIX
from offair.web.application import OPERATIONS, ROUTES


def values(desk: Desk, secret: re.Pattern[str]) -> dict[str, list[str]]:
    """What each parameter of an address is asked with: every id there is, every address of a
    record, every file."""
    tails = ("", *(each.suffix for each in known().values() if each.writes))
    places = ("1", "1/1", "1/2", "2", "desk/1", "1/t1", "1/s1", "1/s2")
    records = [f"{one}{tail}" for one in places for tail in tails]
    with desk.catalogue.snapshot() as tx:
        turns = [str(one.id) for one in tx.turns_ever(1) if secret.search(one.text)]
        keys = [one.key for one in tx.shared_reports()]
    numbers = list(dict.fromkeys([*(str(one) for one in range(1, 9)), *turns]))
    return {
        "id": numbers, "address": records, "key": keys or ["0" * 32],
        "sha256": sorted(desk.vault.objects()), "name": ["today.css"], "query": ["1"],
        "place": ["0"], "day": ["2026-05-14"],
    }  # fmt: skip


QUERIES = {
    "/find": ["q=boat", "q=cancelling"], "/find.json": ["q=boat"], "/find.csv": ["q=boat"],
    "/find/suggest.json": ["q=canc"], "/records/{address:path}": ["", "against=1", "t=0:01"],
    "/recordings/{id:int}": ["", "layer=2", "layer=3"], "/hear": ["recording=1&turn=2", ""],
    "/recordings/{id:int}/turns": ["layer=1", "layer=2", "layer=3"],
    "/recordings/{id:int}/captions.vtt": ["layer=1", "layer=2", "layer=3"],
    "/check": ["words=We+are+not+cancelling+the+late+boat"],
    "/heard": ["recording=1&turn=2"],
}  # fmt: skip
"""What is asked of an address besides; of all others nothing."""
ASKED = re.compile(r"We are not cancelling the late boat|We\+are\+not\+cancelling|canc|q=\w+")
"""What a page repeats of the question, which the reader knows already."""


def addresses(desk: Desk, secret: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """(route, address) of everything that can be read. secret: what the turns hold that matter."""
    found = values(desk, secret)
    routes = [one.path for one in ROUTES if isinstance(one, Route) and "GET" in (one.methods or ())]
    routes += [PREFIX + one.path for one in OPERATIONS if one.method == "GET"]
    assert all(isinstance(one, Route | Mount) for one in ROUTES)
    for route in dict.fromkeys(routes):
        paths = [route]
        for whole, name in re.findall(r"(\{(\w+)(?::\w+)?\})", route):
            assert name in found, f"{route}: say in `values` what {name} is asked with"
            paths = [path.replace(whole, one) for path in paths for one in found[name]]
        for path in paths:
            whole = route.startswith("/records/{") and "." in path.rsplit("/", 1)[-1]
            for query in [""] if whole else QUERIES.get(route, [""]):
                yield route, f"{path}?{query}" if query else path


def says(client: TestClient, address: str, secret: re.Pattern[str]) -> bool:
    """Whether an answer holds the secret, whatever its status and its form."""
    answer = client.get(address, headers={"range": "bytes=0-200000"}, follow_redirects=False)
    assert answer.status_code < 500, (address, answer.text)
    data = answer.content
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            data = b"".join(re.sub(rb"<[^<>]*>", b"", file.read(one)) for one in file.namelist())
    text = ASKED.sub("", data.decode("utf-8", "replace"))
    return secret.search(text) is not None
