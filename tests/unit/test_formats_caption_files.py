"""Caption files of every format: what is read, what is said of the rest, and what is hostile."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from datetime import timedelta

import pysubs2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.formats import ebu_stl, microdvd, scenarist, substation, ttml
from offair.formats.cue_report import MOST_CUES, MOST_LINES, harmless
from offair.model.errors import BadInput
from offair.model.record import Remark, Severity
from offair.model.time import Span
from offair.model.transcript import Cue

Read = Callable[..., tuple[tuple[Cue, ...], tuple[Remark, ...]]]
READERS: dict[str, Read] = {
    "x.ass": substation.read,
    "x.ttml": ttml.read,
    "x.stl": ebu_stl.read,
    "x.scc": scenarist.read,
    "x.sub": microdvd.read,
}
ASS = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname
Style: Default,Arial

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:02.50,Default,Ann,0,0,0,,{\\i1}Hello,{\\i0} you\\Nthere
Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,MAN: Who is it?
"""
TTML = """<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata"
 xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xmlns:tts="http://www.w3.org/ns/ttml#styling"
 xml:lang="pt-BR" ttp:frameRate="25"{more}>
<head><metadata><ttm:agent xml:id="a1" type="person"><ttm:name type="full">Ann Lee</ttm:name>
</ttm:agent></metadata></head>
<body>{body}</body></tt>"""
SCC = "Scenarist_SCC V1.0\n\n{lines}\n"


def _ttml(body: str, more: str = "") -> bytes:
    return TTML.replace("{body}", body).replace("{more}", more).encode()


def _stl(
    *blocks: bytes, rate: bytes = b"25", table: bytes = b"00", tongue: bytes = b"09",
    start: bytes = b"00000000", dsc: bytes = b"1",
) -> bytes:  # fmt: skip
    header = bytearray(b" " * 1024)
    header[0:16] = b"850STL" + rate + b".01" + dsc + table + tongue
    header[238:243] = b"%05d" % len(blocks)
    header[256:264] = start
    return bytes(header) + b"".join(blocks)


def _tti(
    begin: tuple[int, int, int, int], end: tuple[int, int, int, int], text: bytes,
    *, extension: int = 0xFF, comment: int = 0, number: int = 1,
) -> bytes:  # fmt: skip
    head = bytes((0, number, 0, extension, 0, *begin, *end, 20, 2, comment))
    return head + text[:112].ljust(112, b"\x8f")


def _said(read: Read, data: bytes, source: str) -> list[tuple[int, int, str, str | None]]:
    cues, _ = read(data, source=source)
    return [(cue.span.start, cue.span.end, cue.text, cue.speaker) for cue in cues]


def _remarks(read: Read, data: bytes, source: str) -> list[str]:
    return [one.message for one in read(data, source=source)[1]]


def test_substation_with_actors_labels_and_the_files_own_order_of_fields():
    assert _said(substation.read, ASS.encode(), "x.ass") == [
        (1000, 2500, "Hello, you\nthere", "Ann"),
        (3000, 4000, "Who is it?", "MAN"),
    ]
    other = (
        "[Events]\nFormat: Style, Name, End, Start, Text\n"
        "Dialogue: s,Bob,0:00:02.00,0:00:01.00,a, b\n"
    )
    assert _said(substation.read, other.encode(), "x.ass") == [(1000, 2000, "a, b", "Bob")]


def test_substation_leaves_nothing_out_without_a_remark():
    more = (
        "Dialogue: 0,late,0:00:02.00,Default,,0,0,0,,no time\nDialogue: 0,1\nstray\n"
        "Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,hidden\n"
        "Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,{\\p1}m 0 0 l 9 9{\\p0}words\n"
        "[Other]\nsomething\n"
    )
    cues, report = substation.read((ASS + more).encode(), source="x.ass")
    assert cues[-1].text == "words"
    said = {(one.severity, one.line) for one in report}
    first = len(ASS.splitlines()) + 1
    assert {(Severity.UNEXPLAINED, first + at) for at in (0, 1, 2, 6)} <= said
    assert {(Severity.NOTE, first + at) for at in (3, 4)} <= said


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3_000_000), st.integers(0, 100_000),
            st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="{}\\:："),
                    min_size=1),
        ),
        min_size=1, max_size=8,
    ),
    st.sampled_from(["ass", "ssa"]),
)  # fmt: skip
def test_what_a_library_writes_comes_back(events, kind):
    events = [(start * 10 // 10 * 10, length * 10, text) for start, length, text in events]
    made = pysubs2.SSAFile()
    for start, length, text in events:
        made.append(pysubs2.SSAEvent(start=start, end=start + length, text=text, name="Ann"))
    cues, _ = substation.read(made.to_string(kind).encode(), source=f"x.{kind}")
    assert [(cue.span, cue.text, cue.speaker) for cue in cues] == [
        (Span(start, start + length), text, "Ann") for start, length, text in events
    ]


def test_microdvd_counts_frames_of_the_rate_it_names():
    data = b"{1}{1}25\n{25}{50}One|{y:i}two\n{100}{}open\n{200}{225}last\nstray\n"
    assert _said(microdvd.read, data, "x.sub") == [
        (1000, 2000, "One\ntwo", None),
        (4000, 8000, "open", None),
        (8000, 9000, "last", None),
    ]
    assert "the line has no frame numbers and is left out" in _remarks(microdvd.read, data, "x.sub")
    ntsc = _said(microdvd.read, b"{1}{1}23.976\n{24000}{24024}x", "x.sub")
    assert ntsc == [(1_001_000, 1_002_001, "x", None)]
    for refused, why in (
        (b"{25}{50}One", "frame rate"),
        (b"{1}{1}0\n{25}{50}One", "frame rate"),
        (b"\x00\x00\x01\xba....", "pictures"),
    ):
        with pytest.raises(BadInput, match=why):
            microdvd.read(refused, source="x.sub")


def test_ttml_times_of_every_kind():
    body = (
        '<div begin="10s"><p begin="1s" end="2.5s">a</p><p begin="00:00:03:05" dur="400ms">b</p>'
        '<p begin="50f" end="3s">c</p></div><p begin="1:00:00.25" end="1:00:01">d</p>'
        '<div timeContainer="seq"><p dur="2s">e</p><p dur="1s">f</p></div>'
        '<p begin="250t" end="500t">g</p>'
    )
    said = _said(ttml.read, _ttml(body, ' ttp:tickRate="100"'), "x.ttml")
    assert [(start, end, text) for start, end, text, _ in said] == [
        (0, 2000, "e"), (2000, 3000, "f"), (2500, 5000, "g"), (11_000, 12_500, "a"),
        (12_000, 13_000, "c"), (13_200, 13_600, "b"), (3_600_250, 3_601_000, "d"),
    ]  # fmt: skip
    drop = ' ttp:timeBase="smpte" ttp:dropMode="dropNTSC" ttp:frameRate="30"'
    document = _ttml('<p begin="00:01:00:02" end="00:10:00:00">x</p>').replace(
        b' ttp:frameRate="25"', drop.encode()
    )
    assert _said(ttml.read, document, "x.ttml")[0][:2] == (60_060, 599_999)


def test_ttml_words_lines_and_speakers():
    body = (
        '<p begin="1s" end="2s" ttm:agent="a1">  one\n <span>two</span><br/>three </p>'
        '<p begin="3s" end="6s">MAN: <span begin="0s" end="1s">first</span> '
        '<span begin="1s" end="3s">then</span></p>'
        '<p begin="7s" end="8s" xml:space="preserve">a  b\nc<metadata>no</metadata></p>'
    )
    assert _said(ttml.read, _ttml(body), "x.ttml") == [
        (1000, 2000, "one two\nthree", "Ann Lee"),
        (3000, 6000, "MAN:", None),
        (3000, 4000, "first", None),
        (4000, 6000, "then", None),
        (7000, 8000, "a b\nc", None),
    ]
    assert ttml.language(_ttml(body)) == "pt-BR"
    assert ttml.language(b"no XML") is None


def test_ttml_says_what_it_leaves_out():
    body = (
        '<p begin="1s" end="2s">kept</p><p>never</p><p begin="soon" end="2s">bad time</p>'
        '<p begin="1s" end="2s" tts:display="none">hidden</p><div>stray</div>'
        '<p begin="3s" end="4s"><other>odd</other></p>'
        '<p begin="5s" end="6s"><span tts:ruby="text">reading</span>base</p><x>unknown</x>'
    )
    report = ttml.read(_ttml(body), source="x.ttml")[1]
    said = " | ".join(one.message for one in report)
    for part in (
        "no time that can be read", "'soon' is no time", "never shown", "outside a paragraph",
        "'other' is not known", "ruby", "'x' is not known",
    ):  # fmt: skip
        assert part in said
    assert {cue.text for cue in ttml.read(_ttml(body), source="x.ttml")[0]} == {
        "kept", "bad time", "odd", "base",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b'<!DOCTYPE tt [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><tt>&b;</tt>', "document type"),
        (b'<!DOCTYPE tt [<!ENTITY x SYSTEM "file:///etc/passwd">]><tt>&x;</tt>', "document type"),
        (b'<!DOCTYPE tt SYSTEM "http://example.org/x.dtd"><tt/>', "document type"),
        (b"<tt>" + b"<div>" * 100_000, "nests more"),
        (b"<tt>&x;</tt>", "not well-formed"),
        (b"<html/>", "no TTML"),
        (b"", "not well-formed"),
        (b'<?xml version="1.0" encoding="klingon"?><tt/>', "well-formed|encoding"),
    ],
)
def test_traps_in_xml_are_refused(document, why):
    with pytest.raises(BadInput, match=why):
        ttml.read(document, source="x.ttml")


def test_stl_in_every_table_and_from_the_programmes_start():
    block = _tti((10, 0, 1, 0), (10, 0, 2, 12), b"\x0b\x0bEl\xc8\x75 \xc2e\x8a\x8aan")
    assert _said(ebu_stl.read, _stl(block, start=b"10000000"), "x.stl") == [
        (1000, 2480, unicodedata.normalize("NFC", "Elu\u0308 é\nan"), None)
    ]
    words = {
        b"01": ("iso8859-5", "Привет"), b"02": ("iso8859-6", "مرحبا"),
        b"03": ("iso8859-7", "Γειά"), b"04": ("iso8859-8", "שלום"),
    }  # fmt: skip
    for table, (codec, text) in words.items():
        made = _stl(_tti((0, 0, 1, 0), (0, 0, 2, 0), text.encode(codec)), table=table)
        assert _said(ebu_stl.read, made, "x.stl")[0][2] == text
    assert ebu_stl.language(_stl(block, tongue=b"7E")) == "ar"
    assert ebu_stl.language(_stl(block, tongue=b"  ")) is None


def test_stl_of_29_97_hz_drops_frames_unless_a_code_says_otherwise():
    block = _tti((1, 0, 0, 0), (1, 0, 1, 0), b"x")
    assert _said(ebu_stl.read, _stl(block, rate=b"30"), "x.stl")[0][0] == 3_599_996
    undropped = _tti((0, 1, 0, 0), (0, 1, 1, 0), b"y")
    cues, _ = ebu_stl.read(_stl(undropped, block, rate=b"30"), source="x.stl")
    assert [cue.span.start for cue in cues] == [60_000, 3_600_000]


def test_stl_leaves_nothing_out_without_a_remark():
    good = _tti((0, 0, 1, 0), (0, 0, 2, 0), b"good")
    data = _stl(
        good,
        _tti((0, 0, 3, 0), (0, 0, 4, 0), b"a comment", comment=1),
        _tti((0, 0, 3, 0), (0, 0, 4, 0), b"maker", extension=0xFE),
        _tti((0, 77, 3, 0), (0, 0, 4, 0), b"no such time"),
        _tti((0, 0, 5, 0), (0, 0, 4, 0), b"backwards"),
        _tti((0, 0, 6, 0), (0, 0, 7, 0), b"long ", extension=0),
        _tti((0, 0, 6, 0), (0, 0, 7, 0), b"caption"),
        _tti((0, 0, 8, 0), (0, 0, 9, 0), b"\xa6\xc0odd"),
        _tti((0, 0, 9, 0), (0, 0, 9, 9), b"never ends", extension=0),
    )
    cues, report = ebu_stl.read(data + b"half", source="x.stl")
    assert [cue.text for cue in cues] == ["good", "backwards", "long caption", "\ufffd\ufffdodd"]
    said = " | ".join(one.message for one in report)
    for part in ("is a comment", "maker's own", "no clock shows", "ends before it starts",
                 "in a block that is missing", "does not define", "no whole block"):  # fmt: skip
        assert part in said
    early = _stl(good, start=b"10000000")
    assert _said(ebu_stl.read, early, "x.stl")[0][0] == 1000
    assert any("before the start" in one for one in _remarks(ebu_stl.read, early, "x.stl"))
    for wrong in (_stl(good, rate=b"99"), _stl(good, table=b"09"), b"850STL25.01", _stl()):
        with pytest.raises(BadInput):
            ebu_stl.read(wrong, source="x.stl")


def test_scenarist_counts_frames_dropped_and_not():
    line = "94ae 94ae 9420 9420 9470 9470 4869 942f 942f"
    for code, shown in (("01:00:00;00", 3_599_996 + 234), ("01:00:00:00", 3_603_600 + 234)):
        cues, _ = scenarist.read(SCC.format(lines=f"{code}\t{line}").encode(), source="x.scc")
        assert cues[0].text == "Hi"
        assert cues[0].span.start == pytest.approx(shown, abs=1)
        assert cues[0].span.length == pytest.approx(5000, abs=40)


def test_scenarist_leaves_nothing_out_without_a_remark():
    lines = (
        "00:00:01:00\t9420 9420 94d0 94d0 c8e9 942f 942f\nstray\n00:00:03:00\tzzzz 942c 942c\n"
        "00:61:00:00\t942c\n00:00:05:00\t1c20 1c20 d1d0 1c2f 1c2f\n"
    )
    cues, report = scenarist.read(SCC.format(lines=lines).encode(), source="x.scc")
    assert [cue.text for cue in cues] == ["Hi"]
    said = " | ".join(one.message for one in report)
    for part in ("no time code", "four hexadecimal", "none that a clock shows", "channel CC2"):
        assert part in said
    with pytest.raises(BadInput, match="Scenarist_SCC"):
        scenarist.read(b"00:00:01:00\t9420", source="x.scc")


def test_hostile_times_and_letters_are_kept_and_said():
    lines = [
        "Dialogue: 0,0:00:05.00,0:00:02.00,,,0,0,0,,backwards",
        "Dialogue: 0,-0:00:05.00,0:00:02.00,,,0,0,0,,negative",
        "Dialogue: 0,0:00:06.00,100:00:06.00,,,0,0,0,,a hundred hours",
        "Dialogue: 0,999999999:00:06.00,999999999:00:07.00,,,0,0,0,,for ever",
        "Dialogue: 0,0:00:07.00,0:00:08.00,,,0,0,0,,bad\u202egnp.exe \x1b[31mred\u2066",
    ]
    cues, report = substation.read(("[Events]\n" + "\n".join(lines)).encode(), source="x.ass")
    assert [cue.text for cue in cues] == [
        "backwards", "negative", "a hundred hours", "for ever", "badgnp.exe [31mred\u2066",
    ]  # fmt: skip
    assert cues[0].span == Span(5000, 5000)
    assert cues[1].span == Span(0, 2000)
    said = " | ".join(one.message for one in report)
    for part in ("ends before it starts", "starts before 0", "longer than ten minutes",
                 "order of letters", "control characters"):  # fmt: skip
        assert part in said
    kept, changed = harmless([Cue(Span(0, 1), "a\u202eb", "c\x07"), Cue(Span(0, 1), "fine")])
    assert [(cue.text, cue.speaker) for cue in kept] == [("ab", "c"), ("fine", None)]
    assert len(changed) == 1


def test_a_flood_is_refused_and_a_flood_of_remarks_is_counted():
    line = b"{2}{3}x\n"
    with pytest.raises(BadInput, match="more than"):
        microdvd.read(b"{1}{1}25\n" + line * (MOST_CUES + 2), source="x.sub")
    with pytest.raises(BadInput, match="lines"):
        microdvd.read(b"{1}{1}25\n" + b"\n" * MOST_LINES, source="x.sub")
    cues, report = microdvd.read(b"{1}{1}25\n" + line + b"?\n" * 50_000, source="x.sub")
    assert len(cues) == 1
    assert len(report) < 2000
    assert "49000 more remarks" in " ".join(one.message for one in report)


VALID = {
    "x.ass": ASS.encode(),
    "x.ttml": _ttml('<p begin="1s" end="2s" ttm:agent="a1">one<br/><span begin="1f">b</span></p>'),
    "x.stl": _stl(*(_tti((0, 0, n, 0), (0, 0, n + 1, 0), b"\xc2e\x8ab") for n in range(4))),
    "x.scc": SCC.format(lines="00:00:01;00\t9420 9420 9470 4869 942f 942f\n").encode(),
    "x.sub": b"{1}{1}25\n{25}{50}One|two\n",
}  # fmt: skip


@pytest.mark.parametrize("source", READERS)
@given(data=st.binary(max_size=300))
@settings(max_examples=60, deadline=timedelta(seconds=5))
def test_any_bytes_are_read_or_refused(source, data):
    heads = {"x.stl": _stl()[:1024], "x.scc": b"Scenarist_SCC V1.0\n00:00:01:00\t",
             "x.ass": b"[Events]\nDialogue: 0,", "x.sub": b"{1}{1}25\n{2}{3}",
             "x.ttml": b"<tt><body><p begin='"}  # fmt: skip
    for head in (b"", heads[source]):
        try:
            cues, _ = READERS[source](head + data, source=source)
        except BadInput:
            continue
        assert cues


@pytest.mark.parametrize("source", READERS)
@given(seed=st.integers(0, 1 << 32))
@settings(max_examples=60, deadline=timedelta(seconds=5))
def test_valid_files_with_changed_bytes_are_read_or_refused(source, seed):
    chance = random.Random(seed)
    data = bytearray(VALID[source])
    assert READERS[source](bytes(data), source=source)[0]
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(data))
        if chance.random() < 0.5:
            data[at] = chance.randrange(256)
        else:
            data[at : at + chance.randrange(9)] = bytes(
                chance.randrange(256) for _ in range(chance.randrange(6))
            )
    try:
        cues, _ = READERS[source](bytes(data), source=source)
    except BadInput:
        return
    assert all(cue.text.strip() for cue in cues)
