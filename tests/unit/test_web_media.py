"""Byte ranges, and nothing of the vault but sound and video."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import web_desk
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from offair.desk import Desk
from offair.model.recording import VaultObject
from offair.web.application import app
from offair.web.media import ranges_to_send

SOUND = web_desk.silent_wave(500)
SIZE = len(SOUND)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return web_desk.make_desk(tmp_path)


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    with TestClient(app(desk), base_url="http://localhost:8914") as one:
        yield one


def attach(desk: Desk, data: bytes, name: str) -> VaultObject:
    stored = web_desk.keep(desk, data, name)
    with desk.catalogue.transaction() as tx:
        recording = tx.recordings()[0]
        tx.attach_object(recording.id, "side-car", stored)
    return stored


@pytest.fixture
def sound(desk: Desk) -> str:
    web_desk.add_text_only(desk)
    return f"/media/{attach(desk, SOUND, 'silence.wav').sha256}"


def test_whole_file(client: TestClient, sound: str) -> None:
    answer = client.get(sound)
    assert answer.status_code == 200
    assert answer.content == SOUND
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["etag"] == f'"{sound.removeprefix("/media/")}"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "content-disposition" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=10-", 10, SIZE - 1),
        ("bytes=-10", SIZE - 10, SIZE - 1),
        (f"bytes=-{SIZE + 5}", 0, SIZE - 1),
        (f"bytes=5-{SIZE + 5}", 5, SIZE - 1),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
        (f"bytes=0-0,{SIZE}-", 0, 0),
        ("Bytes = 3-4", 3, 4),
    ],
)
def test_one_range(client: TestClient, sound: str, asked: str, first: int, last: int) -> None:
    answer = client.get(sound, headers={"range": asked})
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer.headers["content-length"] == str(last - first + 1)
    assert answer.content == SOUND[first : last + 1]


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE + 1}-{SIZE + 9}", "bytes=-0"])
def test_range_that_cannot_be_met(client: TestClient, sound: str, asked: str) -> None:
    answer = client.get(sound, headers={"range": asked})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize(
    "asked", ["bytes=9-3", "lines=0-9", "bytes=", "bytes=-", "bytes=a-b", "0-9", "bytes=--5"]
)
def test_range_to_ignore(client: TestClient, sound: str, asked: str) -> None:
    answer = client.get(sound, headers={"range": asked})
    assert answer.status_code == 200
    assert answer.content == SOUND


def test_several_ranges(client: TestClient, sound: str) -> None:
    answer = client.get(sound, headers={"range": "bytes=0-3,20-23"})
    assert answer.status_code == 206
    assert answer.headers["content-type"].startswith("multipart/byteranges; boundary=")
    assert f"Content-Range: bytes 20-23/{SIZE}\r\n".encode() in answer.content
    assert len(answer.content) == int(answer.headers["content-length"])


def test_range_only_of_the_same_bytes(client: TestClient, sound: str) -> None:
    tag = client.head(sound).headers["etag"]
    same = client.get(sound, headers={"range": "bytes=0-3", "if-range": tag})
    other = client.get(sound, headers={"range": "bytes=0-3", "if-range": '"other"'})
    weak = client.get(sound, headers={"range": "bytes=0-3", "if-range": f"W/{tag}"})
    assert [same.status_code, other.status_code, weak.status_code] == [206, 200, 200]


def test_head_ignores_ranges_and_an_unchanged_file_is_not_sent(
    client: TestClient, sound: str
) -> None:
    head = client.head(sound, headers={"range": "bytes=0-3"})
    assert (head.status_code, head.headers["content-length"]) == (200, str(SIZE))
    again = client.get(sound, headers={"if-none-match": head.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_download_names_the_file(client: TestClient, sound: str) -> None:
    disposition = client.get(f"{sound}?download").headers["content-disposition"]
    assert disposition == 'attachment; filename="silence.wav"'


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<!doctype html><script>alert(1)</script>", "page.mp4"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture.webm"),
        (b"WEBVTT\n\n00:00.000 --> 00:01.000\nhello", "captions.vtt"),
        ("\ufefftext".encode("utf-16-le"), "text.txt"),
        (b"\x7fELF" + bytes(600), "program.wav"),
        (b"\xff", "short.mp3"),
    ],
)
def test_other_objects_are_never_sent(
    client: TestClient, desk: Desk, sound: str, data: bytes, name: str
) -> None:
    assert client.get(f"/media/{attach(desk, data, name).sha256}").status_code == 404


def test_bytes_no_row_refers_to_are_not_sent(client: TestClient, desk: Desk) -> None:
    stored = web_desk.keep(desk, SOUND, "orphan.wav")
    assert client.get(f"/media/{stored.sha256}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/media/..%2f..%2fdesk.sqlite",
        "/media/%2fetc%2fpasswd",
        "/media//etc/passwd",
        "/media/..%5c..%5cdesk.sqlite",
        "/media/%00",
        "/media/" + "0" * 64 + "%00",
        "/media/" + "A" * 64,
        "/media/%2e%2e/%2e%2e/desk.sqlite",
        "/built/..%2fapplication.py",
        "/built/..%2f..%2fmodel%2ferrors.py",
        "/built/%2e%2e/desk.css",
        "/built//etc/passwd",
        "/built/%2fetc%2fpasswd",
        "/built/elements.js%00.css",
        "/built/",
        "/built",
        "/templates/base.html",
        "/built/..%2ftemplates%2fbase.html",
        "/records/..%2f..%2f..%2fetc%2fpasswd",
        "/records/%00",
        "/records/..%2fbase.html.txt",
        "/recordings/..%2f1",
        "/recordings/1%00",
    ],
)
def test_no_way_out_of_the_rooms(client: TestClient, sound: str, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert b"root:" not in answer.content


sizes = st.integers(1, 2_000)


@given(
    parts=st.lists(st.tuples(st.none() | sizes, st.none() | sizes), min_size=1, max_size=4),
    size=sizes,
)
def test_a_reduced_header_holds_only_ranges_that_can_be_met(
    parts: list[tuple[int | None, int | None]], size: int
) -> None:
    asked = [f"{'' if a is None else a}-{'' if b is None else b}" for a, b in parts]
    kept = ranges_to_send(f"bytes={','.join(asked)}".encode(), size)
    wrong = [
        (a is None and b is None) or (a is not None and b is not None and b < a) for a, b in parts
    ]
    if any(wrong):
        assert kept is None
        return
    can = [one for one, (a, _) in zip(asked, parts, strict=True) if a is None or a < size]
    assert kept is not None
    assert kept.decode() == f"bytes={','.join(can or [f'{size}-'])}"
