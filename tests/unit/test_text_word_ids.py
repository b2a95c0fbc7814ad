"""Words as ids: always the tokeniser's forms, however the texts are cut, kept and forgotten."""

from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.kernels import words as kernel
from offair.text.cuts import character_classes
from offair.text.tokenise import TokenKind, tokens
from offair.text.word_ids import TokenIds, WordTable, form_hash

LANGUAGES = (None, "en", "fr", "de", "pt-BR", "es", "ar", "he", "fa", "ru", "ja", "th", "nl", "xx")
NASTY = st.sampled_from(
    [
        *"aZàßIİé'’ʼ`״\"·.,:/⁄-_ \t\n\u00a0\u202f\u2009\u200b\u200d\u200f\u2028\x00",
        *"019٣۵๑½²Ⅳº٫٬%٪$€℃㎏",
        *"لدىـשׁ\u05be日本ガｶﾞー々〇ｰゟกำ้ๅໜຳ한ᄒ\u302a\u0301\u0e4d\ud800\U0001f44d\U00016ff0",
        "1 000", "12,5", "1\u00a0000\u202f000", "0 000", "7\u0301 123", "7\u200f 123",
        "l'", "qu’il",
        "U.S.", "u.s.a", "a.m.", "l·l", "5kg", "21st", "um", "euh", "эм",
        "(", ")…", "...", "'’.", "“",
    ]
)  # fmt: skip
TEXTS = st.lists(st.lists(NASTY, max_size=25).map("".join) | st.text(max_size=50), max_size=6)
SMALL = WordTable(runs_kept=7)
LARGE = WordTable()


def plain(text: str, language: str | None) -> list[str]:
    return [one.form for one in tokens(text, language) if one.kind is not TokenKind.FILLER]


def spelt(table: WordTable, found: TokenIds) -> list[list[str]]:
    rows = zip(found.starts[:-1], found.starts[1:], strict=True)
    return [[table.forms[one] for one in found.ids[first:last]] for first, last in rows]


@given(TEXTS, st.sampled_from(LANGUAGES))
@settings(max_examples=300)
def test_the_forms_are_the_tokenisers(texts: list[str], language: str | None) -> None:
    wanted = [plain(text, language) for text in texts]
    assert spelt(LARGE, LARGE.tokenise(texts, language)) == wanted
    assert spelt(SMALL, SMALL.tokenise(texts, language)) == wanted


@pytest.mark.parametrize("language", [None, "en", "fr"])
def test_every_code_point_between_words_spaces_and_digits(language: str | None) -> None:
    """Each character of Unicode alone, in a word, at its ends, between digits and after marks."""
    kept = [
        chr(code)
        for code in range(0x110000)
        if code < 0x2100 or character_classes()[code] not in (kernel.CUT, kernel.INSIDE)
    ]
    some = [one for at, one in enumerate(kept) if ord(one) < 0x700 or at % 151 == 0]
    texts = [
        f"{one} a{one}b {one}c d{one} 1{one}000 2 {one}345 6{one} 789 日{one}ก{one} 5 123{one} 456"
        for one in some
    ]
    found = spelt(LARGE, LARGE.tokenise(texts, language))
    assert found == [plain(text, language) for text in texts]


def test_real_text_in_several_languages() -> None:
    texts = [
        "The U.S. said — \"no\" — on 3/4, at 6:40 a.m.: 12,000 people; don't, can't… uh, OK?",
        "L'État n’a pas dit « oui » : 1 000 000 d’euros, 12,5 % aujourd'hui, euh… 21 h 30.",
        "Die Straße kostet 12.000,50 Euro (ähm) am 12.05.2021.",
        "قال الرئيس: «لن نقبل» ١٢٬٠٠٠ شخصٍ، و٣٫٥٪ من الـسكان.",
        'דובר צה"ל אמר: "לא" ב־12.5 מיליון ₪.',
        "今日は６時、東京で「いいえ」と言った。",
        "วันนี้น้ำท่วม 1,000 ครัวเรือน ๒๕๖๖",
        "Он сказал: «эм… ещё нет», 1 000 рублей.",
        "",
    ]
    for language in LANGUAGES:
        found = spelt(LARGE, LARGE.tokenise(texts, language))
        assert found == [plain(text, language) for text in texts]


def test_shared_text_word_for_word(shared: Path) -> None:
    page = min((shared / "transcripts" / "white-house-briefings").glob("*.md"))
    texts = page.read_text(encoding="utf-8").splitlines()
    assert spelt(LARGE, LARGE.tokenise(texts, "en")) == [plain(text, "en") for text in texts]


def test_tables_grow_and_forget_their_runs_but_keep_their_words() -> None:
    table = WordTable(runs_kept=5000)
    texts = [f"run{number} and {'x' * (number % 90)}y" for number in range(9000)]
    for _ in range(2):
        found = table.tokenise(texts, "en")
        assert spelt(table, found) == [plain(text, "en") for text in texts]
    assert len(table.forms) == 9000 + 1 + 90
    assert len(set(table.forms)) == len(table.forms)


def test_long_texts_are_read_in_steps() -> None:
    long = "ab cd, " * 200_000
    found = LARGE.tokenise(["one", long, "two"], "en")
    assert len(found.ids) == 400_002
    assert found.starts.tolist() == [0, 1, 400_001, 400_002]
    assert LARGE.forms[int(found.ids[-1])] == "two"


def test_a_broken_off_step_leaves_nothing_half_read(monkeypatch: pytest.MonkeyPatch) -> None:
    table = WordTable()
    real, calls = WordTable._words, 0

    def breaking(self: WordTable, raw: str, language: str | None) -> list[int]:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        return real(self, raw, language)

    monkeypatch.setattr(WordTable, "_words", breaking)
    with pytest.raises(KeyboardInterrupt):
        table.tokenise(["one two three"], "en")
    assert spelt(table, table.tokenise(["three two one"], "en")) == [["three", "two", "one"]]


def test_ids_and_hashes() -> None:
    table = WordTable()
    first = table.tokenise(["No, no: never."], "en")
    assert first.ids.tolist() == [0, 0, 1]
    assert first.ids.dtype == np.uint32
    assert table.hashes().tolist() == [form_hash("no"), form_hash("never")]
    assert table.id_of("never") == 1
    assert table.id_of("ever") == 2
    assert table.known("nobody") is None
    assert table.hashes().tolist()[2] == form_hash("ever")


def test_hashes_never_change() -> None:
    """They stand in index files: BLAKE2b with 8 bytes of digest, read as little endian."""
    assert form_hash("not") == 0x1747EB901A019C7F
    assert form_hash("не") == 0x546CF28DEB43049A


def find(chars: np.ndarray, table: dict[str, np.ndarray], known: int) -> tuple[list[int], ...]:
    starts, ends = np.empty(len(chars) + 1, np.int64), np.empty(len(chars) + 1, np.int64)
    entries = np.empty(len(chars) + 1, np.int32)
    at, count, known = kernel.find_runs(
        chars, 0, character_classes(), 7, table["slots"], table["hashes"], table["raw"],
        table["raw_starts"], known, False, starts, ends, entries,
    )  # fmt: skip
    assert at == len(chars)
    return starts[:count].tolist(), ends[:count].tolist(), entries[:count].tolist(), [known]


@given(st.lists(NASTY, max_size=60).map("".join))
@settings(max_examples=300)
def test_the_cutting_kernel_equals_numpy(text: str) -> None:
    chars = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.dtype("<u4"))
    table = {
        "slots": np.full(256, kernel.NOT_KEPT, np.int32),
        "hashes": np.zeros(256, np.uint64),
        "raw": np.empty(4096, np.uint32),
        "raw_starts": np.zeros(129, np.int64),
    }
    starts, ends, entries, (known,) = find(chars, table, 0)
    plain_starts, plain_ends = kernel.find_runs_plainly(chars, character_classes())
    assert starts == plain_starts.tolist()
    assert ends == plain_ends.tolist()
    runs = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    kept = {run: entry for run, entry in zip(runs, entries, strict=True) if entry >= 0}
    assert len(set(kept.values())) == len(kept) == known
    assert all(len(run) > kernel.LONGEST_KEPT for run in runs if run not in kept)
    assert find(chars, table, known)[2:] == (entries, [known])


@given(st.lists(st.lists(st.integers(0, 99), max_size=4), min_size=1, max_size=9), st.data())
@settings(max_examples=60)
def test_the_spreading_kernel_equals_numpy(rows: list[list[int]], data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=12))
    entries = np.array(chosen, np.int32)
    starts = np.cumsum([0, *map(len, rows)])
    every = np.array([one for row in rows for one in row], np.uint32)
    out = np.zeros(64, np.uint32)
    count = kernel.spread(entries, starts, every, out)
    wanted = [one for row in chosen for one in rows[row]]
    assert out[:count].tolist() == wanted
    assert kernel.spread_plainly(entries, starts, every).tolist() == wanted


def test_entries_are_found_again_in_a_larger_table() -> None:
    hashes = np.array([secrets.randbits(64) for _ in range(200)], np.uint64)
    slots, kept = np.full(512, kernel.NOT_KEPT, np.int32), np.zeros(512, np.uint64)
    kernel.place_runs(slots, kept, np.arange(200, dtype=np.int32), hashes)
    placed = slots[slots != kernel.NOT_KEPT]
    assert sorted(placed.tolist()) == list(range(200))
    assert (kept[slots != kernel.NOT_KEPT] == hashes[placed]).all()


def test_importing_the_room_loads_no_compiler() -> None:
    program = "import sys, offair.text.word_ids; assert 'numba' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
