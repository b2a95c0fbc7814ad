"""The JSON document: round trip, notice, versions, and documents made to break the reader."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from strategies_record import layouts, records, remarks

from offair.formats import record_json
from offair.model.errors import BadInput, NotFound
from offair.model.record import (
    TRANSCRIPT_NOT_CHECKED,
    Paragraph,
    Record,
    RecordSentence,
    RecordSpeaker,
    RecordTurn,
    Severity,
)
from offair.model.time import Span
from offair.model.transcript import Mark, MarkKind, SpeakerKind


def small(**changes: Any) -> Record:
    turn = RecordTurn(
        "t1",
        "Ann",
        "s1",
        (Paragraph("Not [so] much.", (Mark(MarkKind.INSERTION, 4, 8, "[so]"),), Span(0, 900)),),
    )
    fields: dict[str, Any] = {
        "number": None,
        "edition": 0,
        "date": None,
        "aired": None,
        "headline": "A head",
        "run_time_ms": None,
        "channel": None,
        "country": None,
        "summary": (),
        "speakers": (RecordSpeaker("s1", "Ann", SpeakerKind.PERSON),),
        "body": (turn,),
    }
    return Record(**{**fields, **changes})


TOLD = Paragraph(
    "Not [so] much.",
    sentences=(RecordSentence("s1", 0, 8, Span(0, 400)), RecordSentence("s2", 9, 14)),
)


def document(**changes: Any) -> dict[str, Any]:
    return {**json.loads(record_json.write(small())), **changes}


@given(records(), st.none() | layouts(), st.lists(remarks, max_size=3).map(tuple))
@settings(max_examples=60)
def test_what_is_written_is_read_back_whole(record, layout, report):
    text = record_json.write(record, layout, report)
    assert record_json.read(text) == (record, layout, report)
    assert record_json.read(text.encode()) == (record, layout, report)
    again = record_json.write(*record_json.read(text))
    assert again == text


def test_schema_is_itself_valid():
    Draft202012Validator.check_schema(json.loads(record_json.schema()))


def test_text_is_readable_and_ends_with_a_newline():
    text = record_json.write(small(headline="قال لا"))
    assert "قال لا" in text
    assert text.endswith("}\n")
    assert list(json.loads(text))[:3] == ["offair_record", "notice", "record"]


def test_notice_stands_exactly_where_nobody_checked():
    assert json.loads(record_json.write(small(checked=False)))["notice"] == TRANSCRIPT_NOT_CHECKED
    assert "notice" not in json.loads(record_json.write(small(checked=True)))
    stripped = document()
    del stripped["notice"]
    with pytest.raises(BadInput, match=r"\$ lacks notice"):
        record_json.read(json.dumps(stripped))
    checked = json.loads(record_json.write(small(checked=True)))
    with pytest.raises(BadInput, match=r"\$\.notice may not stand where"):
        record_json.read(json.dumps({**checked, "notice": TRANSCRIPT_NOT_CHECKED}))


def test_newer_minor_version_is_read_and_says_what_it_left_out():
    newer = document(offair_record="1.7", mood="calm")
    newer["record"]["body"][0]["parts"][0]["stress"] = [1, 2]
    record, _, report = record_json.read(json.dumps(newer))
    assert record == small()
    assert {remark.severity for remark in report} == {Severity.UNEXPLAINED}
    assert sorted(remark.text for remark in report) == ['"calm"', "[1, 2]"]
    assert any("$.record.body[0].parts[0].stress" in remark.message for remark in report)


def test_a_document_of_1_0_has_no_sentences_and_one_of_1_1_may():
    told = small(body=(replace(small().turns[0], parts=(TOLD,)),))
    written = json.loads(record_json.write(told))
    assert written["offair_record"] == "1.1"
    assert record_json.read(json.dumps(written))[0] == told
    old = document(offair_record="1.0")
    assert record_json.read(json.dumps(old))[0] == small()
    with pytest.raises(BadInput, match="unknown field"):
        record_json.read(json.dumps({**written, "offair_record": "1.0"}))
    Draft202012Validator.check_schema(json.loads(record_json.schema("1.0")))
    with pytest.raises(NotFound, match=r"there are 1\.0, 1\.1"):
        record_json.schema("1.2")


@pytest.mark.parametrize(
    ("ranges", "says"),
    [([(0, 99)], "no place of its own"), ([(4, 4)], "no place of its own"),
     ([(0, 8), (7, 9)], "no place of its own"), ([(0, 3), (4, 8)], "key of a sentence twice")],
)  # fmt: skip
def test_sentences_that_cannot_be_are_refused(ranges, says):
    found = document()
    found["record"]["body"][0]["parts"][0]["sentences"] = [
        {"key": "s1", "char_start": start, "char_end": end, "span": None} for start, end in ranges
    ]
    with pytest.raises(BadInput, match=says):
        record_json.read(json.dumps(found))


def test_unknown_field_in_our_own_version_is_refused():
    with pytest.raises(BadInput, match=r"\$ has the unknown field \"mood\""):
        record_json.read(json.dumps(document(mood="calm")))


@pytest.mark.parametrize("version", ["2.0", "0.9", "1", "1.01", "1.0.0", "", "1.99999"])
def test_other_versions_are_refused_with_advice(version):
    with pytest.raises(BadInput, match="update offair"):
        record_json.read(json.dumps(document(offair_record=version)))


@pytest.mark.parametrize("version", [None, 1.0, ["1.0"]])
def test_a_version_that_is_no_text_is_refused(version):
    with pytest.raises(BadInput, match=r"\$\.offair_record"):
        record_json.read(json.dumps(document(offair_record=version)))


def changed(path: str, value: Any) -> str:
    found = document()
    place: Any = found["record"]
    steps = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in steps[:-1]:
        place = place[step]
    place[steps[-1]] = value
    return json.dumps(found)


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("edition", -1, "$.record.edition is less than 0"),
        ("edition", 1.5, "$.record.edition is not of type integer"),
        ("edition", True, "$.record.edition is not of type integer"),
        ("edition", 10**30, "$.record.edition is more than"),
        ("edition", 1e400, "Infinity is no number of JSON"),
        ("body.0.key", "a b<", "$.record.body[0].key is not written"),
        ("body.0.speaker", "s9", "$.record.body[0].speaker names 's9'"),
        ("body.0.type", "chorus", "$.record.body[0].type is none of"),
        ("body.0.parts.0.type", "mark", "$.record.body[0].parts[0] has the unknown field"),
        ("body.0.parts.0.text", None, "$.record.body[0].parts[0].text is not of type string"),
        ("body.0.parts.0.span", {"start": 5, "end": 4}, "parts[0].span ends before it starts"),
        ("body.0.parts.0.marks.0.char_end", 99, "marks[0] ends after the text"),
        ("body.0.parts.0.marks.0.char_end", 1, "marks[0] ends before it starts"),
        ("headline", "\ud800", "$.record.headline holds half a character"),
        (
            "date",
            {"value": "2021-02-30", "precision": "day", "kind": "aired", "zone": "Z"},
            "$.record.date.value: '2021-02-30'",
        ),
        (
            "date",
            {"value": "2021", "precision": "day", "kind": "aired", "zone": "Z"},
            "$.record.date says it is exact to the day",
        ),
        ("language", "<script>", "$.record.language is not written"),
        ("speakers", [], "no speaker of the record"),
    ],
)
def test_each_fault_is_named_with_its_path(path, value, reason):
    with pytest.raises(BadInput, match=re.escape(reason)):
        record_json.read(changed(path, value), source="x.json")


def test_a_key_of_two_turns_is_refused():
    found = document()
    found["record"]["body"] *= 2
    with pytest.raises(BadInput, match="key of a turn twice"):
        record_json.read(json.dumps(found))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is not JSON at line 1"),
        (b"{", "is not JSON at line 1"),
        (b"[]", "holds no JSON object"),
        (b'"x"', "holds no JSON object"),
        (b"[" * 200_000, "nested deeper"),
        (b'{"a":' * 200_000, "nested deeper"),
        (b'{"a": 1, "a": 2}', '"a" stands twice'),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "number too long"),
        (b'{"offair_record": "1.0"}', "$ lacks record, layout, report"),
        (b"\xff\xfe\xff", "is not UTF-16"),
        (b'{"a": "\xe9"}', "the byte at offset 7 is not UTF-8"),
        (b"\x00\x01", "NUL"),
    ],
)
def test_what_is_no_document_is_refused_in_a_sentence(data, reason):
    with pytest.raises(BadInput, match=re.escape(reason)) as caught:
        record_json.read(data, source="x.json")
    assert str(caught.value).startswith("x.json: ")
    assert len(str(caught.value)) < 600


def test_a_document_too_long_is_refused_unread(monkeypatch):
    monkeypatch.setattr(record_json, "LARGEST_BYTES", 10)
    with pytest.raises(BadInput, match="is longer than"):
        record_json.read(b" " * 11)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.data(), json_values)
@settings(max_examples=80)
def test_any_value_anywhere_is_read_or_refused(data, value):
    found = document()
    place: Any = found
    while isinstance(place, (dict, list)) and place:
        keys = sorted(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(list(keys)))
        if not isinstance(place[key], (dict, list)) or data.draw(st.booleans()):
            place[key] = value
            break
        place = place[key]
    try:
        record, layout, report = record_json.read(json.dumps(found))
    except BadInput:
        return
    assert record_json.read(record_json.write(record, layout, report)) == (record, layout, report)


def test_writing_half_a_character_is_refused():
    with pytest.raises(BadInput, match="half a character"):
        record_json.write(small(headline="\udcff"))
