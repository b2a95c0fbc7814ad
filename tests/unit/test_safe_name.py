"""Names that files came with: safe wherever they are shown or written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from offair.store.safe_name import LONGEST_BYTES, safe_name


@example(". 0")
@given(st.text(st.characters(codec=None), max_size=400))
def test_a_safe_name_is_safe_and_safe_again(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert len(safe.encode()) <= LONGEST_BYTES
    assert not set(safe) & set("/\\\0")
    assert safe not in (".", "..")
    assert not safe.startswith(".")
    for character in safe:
        assert character in "\u200c\u200d" or unicodedata.category(character) not in (
            "Cc",
            "Cf",
            "Cs",
            "Zl",
            "Zp",
        )
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("news.mp4", "news.mp4"),
        ("10:30 news.mp4", "10:30 news.mp4"),
        ("a:b.mp4", "a:b.mp4"),
        ("../../etc/passwd", "passwd"),
        ("C:\\tapes\\news.mp4", "news.mp4"),
        ("two\nlines\r\n.mp4", "two lines .mp4"),
        ("gpj.\u202e4pm", "gpj.4pm"),
        ("می\u200cخواهم.mp4", "می\u200cخواهم.mp4"),
        ("not utf-8 \udcff.mp4", "not utf-8 \ufffd.mp4"),
        (".hidden", "hidden"),
        ("...", "unnamed"),
        ("", "unnamed"),
        ("\x1b[31mred.mp4", "[31mred.mp4"),
        ("خبر" * 100 + ".mp4", "خبر" * 32 + "خب" + ".mp4"),
        ("x" * 300, "x" * 200),
        ("x." + "y" * 300, "x." + "y" * 198),
    ],
)
def test_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe
