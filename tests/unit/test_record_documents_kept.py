"""A stored record is read and held against its schema once, however often its page is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
import web_desk

from offair.desk import record_address
from offair.formats import record_json


@pytest.mark.parametrize("pad", [0, 300_000], ids=["short", "long"])
def test_read_once(monkeypatch: pytest.MonkeyPatch, pad: int) -> None:
    read, asked = record_json.read, []

    def counted(data: bytes, **given: str) -> object:
        asked.append(len(data))
        return read(data, **given)

    monkeypatch.setattr(record_json, "read", counted)
    record = replace(web_desk.a_record(), headline=f"Read once {pad}", note="ferry " * (pad // 6))
    first = record_json.write(record)
    other = record_json.write(replace(record, headline=f"Another {pad}"))
    # What comes from the catalogue is a new string each time.
    found = [record_address.document_of("".join(first)) for _ in range(3)]
    assert len(asked) == 1
    assert record_address.document_of(other)[0].headline == f"Another {pad}"
    assert len(asked) == 2
    assert {one[0].headline for one in found} == {f"Read once {pad}"}
