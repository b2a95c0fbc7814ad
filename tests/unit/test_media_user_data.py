"""Caption bytes out of coded pictures: found where they are, and nothing ever breaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offair.media.user_data import CARRIERS, length_size, triplets

TRIPLETS = bytes((0xFC, 0x94, 0x20, 0xFD, 0x80, 0x80, 0xFA, 0x00, 0x00, 0xFF, 0x00, 0x03))
DATA = b"GA94\x03" + bytes((0xC0 | len(TRIPLETS) // 3, 0xFF)) + TRIPLETS + b"\xff"
PAYLOAD = b"\xb5\x00\x31" + DATA


def _escaped(body: bytes) -> bytes:
    out = bytearray()
    for byte in body:
        if len(out) >= 2 and out[-1] == 0 and out[-2] == 0 and byte <= 3:
            out.append(3)
        out.append(byte)
    return bytes(out)


def _unit(codec: str, *, payload: bytes = PAYLOAD, kind: int = 4) -> bytes:
    message = bytes((5, 2, 0xAA, 0xBB, kind, len(payload))) + payload + b"\x80"
    return (b"\x06" if codec == "h264" else b"\x4e\x01") + _escaped(message)


def _slice(codec: str) -> bytes:
    return (b"\x65" if codec == "h264" else b"\x26\x01") + b"picture"


@pytest.mark.parametrize("codec", ["h264", "hevc"])
@pytest.mark.parametrize("size", [0, 1, 2, 4])
def test_in_units_parted_by_start_codes_and_by_lengths(codec, size):
    units = [_unit(codec), _slice(codec)]
    packet = b"".join(
        (len(unit).to_bytes(size, "big") if size else b"\0\0\1") + unit for unit in units
    )
    assert triplets(codec, packet, size) == TRIPLETS


def test_in_mpeg2_of_both_fields():
    head, slices = b"\0\0\1\0head", b"\0\0\1\x01slice\0\0\1\x02slice"
    field = head + b"\0\0\1\xb2" + DATA + slices
    assert triplets("mpeg2video", field + field, 0) == TRIPLETS * 2
    assert triplets("mpeg2video", slices + b"\0\0\1\xb2" + DATA, 0) == b""


def test_other_messages_are_not_captions():
    for payload in (b"\xb5\x00\x31DTG1\x41\xff" + b"\0" * 20, b"\xb4" + PAYLOAD[1:], b"", b"\xb5"):
        packet = b"\0\0\1" + _unit("h264", payload=payload) + b"\0\0\1" + _slice("h264")
        assert triplets("h264", packet, 0) == b""
    assert triplets("h264", b"\0\0\1" + _unit("h264", kind=5), 0) == b""


def test_a_message_cut_short_gives_whole_triplets_only():
    for length in range(len(PAYLOAD)):
        packet = b"\0\0\1" + _unit("h264", payload=PAYLOAD[:length])
        found = triplets("h264", packet, 0)
        assert TRIPLETS.startswith(found)
        assert len(found) % 3 == 0


def test_the_length_of_lengths():
    assert length_size("h264", b"\x01\x64\x00\x1f\xff") == 4
    assert length_size("hevc", b"\x01" + bytes(20) + b"\x0d") == 2
    assert length_size("h264", b"\x00\x00\x01\x67") == 0
    assert length_size("h264", None) == 0
    assert length_size("hevc", b"\x01\x02") == 0


@given(st.sampled_from(CARRIERS), st.binary(max_size=400), st.sampled_from([0, 1, 2, 3, 4]))
def test_any_bytes_give_whole_triplets(codec, packet, size):
    assert len(triplets(codec, packet, size)) % 3 == 0


@given(st.integers(0, 2000), st.integers(0, 255), st.sampled_from([0, 4]))
def test_a_changed_byte_never_breaks(at, byte, size):
    units = [_unit("h264"), _slice("h264")]
    packet = bytearray(
        b"".join((len(one).to_bytes(size, "big") if size else b"\0\0\1") + one for one in units)
    )
    packet[at % len(packet)] = byte
    assert len(triplets("h264", bytes(packet), size)) % 3 == 0
