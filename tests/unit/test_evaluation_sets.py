"""Sets: what a folder holds, what is left out and why, and what is refused."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offair.evaluation import references
from offair.evaluation.hear import known, speech_of
from offair.evaluation.material import Item, Kind, KnownLine, KnownWord
from offair.evaluation.sets import read_set
from offair.model.errors import BadInput, NotFound
from offair.model.time import Span


def _write(folder: Path, **files: str) -> Path:
    """A folder of files, `__` for the dot; sound is not opened while a set is read."""
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


def _reasons(folder: Path) -> dict[str, str]:
    return {one.name: one.reason for one in read_set(folder).left_out}


def test_a_plain_folder(tmp_path: Path) -> None:
    _write(tmp_path, a__wav="", a__txt="\ufeffGood morning.", b__ogg="", notes__txt="not an item")
    found = read_set(tmp_path)
    assert [(one.name, one.text, one.language) for one in found.items] == [
        ("a.wav", "Good morning.", "und")
    ]
    assert found.layout == "plain"
    assert list(_reasons(tmp_path)) == ["b.ogg"]
    assert "no b.txt" in _reasons(tmp_path)["b.ogg"]


def test_times_and_voices_beside_the_sound(tmp_path: Path) -> None:
    _write(
        tmp_path,
        a__wav="", a__ctm="a 1 0.50 0.25 good <NA> lex anna\na 1 0.80 0.40 morning\n",
        b__wav="", b__words__json='[{"word": "tide", "start_ms": 10, "end_ms": 90}]',
        c__wav="", c__vtt="WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna>Good morning\n",
        d__wav="", d__rttm="SPEAKER d 1 1.5 2.0 <NA> <NA> anna <NA> <NA>\n",
    )  # fmt: skip
    a, b, c, d = read_set(tmp_path).items
    assert a.words == (KnownWord("good", 500, 750, "anna"), KnownWord("morning", 800, 1200))
    assert (a.text, b.text) == ("good morning", "tide")
    assert c.lines == (KnownLine(Span(1000, 2000), "Good morning", "Anna"),)
    assert d.text is None
    assert d.voices is not None
    assert [(one.span, one.label) for one in d.voices] == [(Span(1500, 3500), "anna")]


def test_settings_of_a_set(tmp_path: Path) -> None:
    _write(
        tmp_path,
        a__wav="", a__txt="guten morgen", b__wav="", c__wav="", c__txt="bom dia",
        set__toml='language = "de"\nchannel_languages = ["de", "pt"]\n'
        '[item."b.wav"]\nkind = "music"\n[item."c.wav"]\nlanguage = "pt-BR"\n'
        "channel_languages = []\n",
    )  # fmt: skip
    a, b, c = read_set(tmp_path).items
    assert (a.language, a.channel_languages, a.kind) == ("de", ("de", "pt"), Kind.SPEECH)
    assert (b.kind, b.text) == (Kind.MUSIC, "")
    assert (c.language, c.channel_languages) == ("pt-BR", ())


def test_the_name_may_tell_the_language(tmp_path: Path) -> None:
    name = "news-fr-012"
    (tmp_path / f"{name}.ogg").touch()
    (tmp_path / f"{name}.txt").write_text("bonjour", encoding="utf-8")
    assert read_set(tmp_path).items[0].language == "fr"


def test_one_reference_for_several_sounds(tmp_path: Path) -> None:
    (tmp_path / "tin\u0303a.wav").touch()  # decomposed, as some file systems write it
    (tmp_path / "plain.wav").touch()
    _write(
        tmp_path,
        all__rttm="; a comment\nSPKR-INFO t\u00ed 1\n"
        "SPEAKER tina 1 0 1 <NA> <NA> x <NA> <NA>\nSPEAKER gone 1 0 1 <NA> <NA> x <NA> <NA>\n",
        all__uem="tina 1 0 30\nplain 1 0 30\n",
    )  # fmt: skip
    found = read_set(tmp_path)
    assert [one.scored for one in found.items] == [(Span(0, 30_000),)]
    reasons = _reasons(tmp_path)
    assert set(reasons) == {"plain.wav", "gone"}
    assert "its sound is not here" in reasons["gone"]


def test_a_table_of_texts(tmp_path: Path) -> None:
    _write(
        tmp_path, ru__wav="",
        ru__csv="wav_filename,wav_filesize,transcript\nru.wav,0,доброе утро\n",
        other__csv="a,b\n1,2\n",
    )  # fmt: skip
    (item,) = read_set(tmp_path).items
    assert (item.language, item.text) == ("ru", "доброе утро")


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("all.rttm", "SPEAKER a 1 0 1 <NA> <NA> x <NA> <NA>\nSPEAKER a 1 zero 1 x x x x x\n", 2),
        ("all.rttm", "SPEAKER a 1 0\n", 1),
        ("all.rttm", "SPEAKER a 1 -1 1 <NA> <NA> x <NA> <NA>\n", 1),
        ("all.rttm", "SPEAKER a 1 nan 1 <NA> <NA> x <NA> <NA>\n", 1),
        ("all.rttm", "\nVOICE a 1 0 1 <NA> <NA> x <NA> <NA>\n", 2),
        ("all.uem", "a 1 5 2\n", 1),
        ("all.ctm", "a 1 0.5 0.2\n", 1),
        ("all.csv", "wav_filename,transcript\na.wav\n", 2),
    ],
)
def test_a_bad_line_is_refused_by_its_number(
    tmp_path: Path, name: str, text: str, line: int
) -> None:
    (tmp_path / "a.wav").touch()
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=rf"{name}, line {line}: "):
        read_set(tmp_path)


def test_a_bad_reference_of_one_sound_leaves_that_one_out(tmp_path: Path) -> None:
    _write(
        tmp_path,
        a__wav="", a__rttm="SPEAKER a 1 x 1 <NA> <NA> x <NA> <NA>\n",
        b__wav="", b__words__json='[{"word": "tide", "start_ms": 9}]',
        c__wav="", c__txt=" \n", d__wav="", d__txt="good",
        e__wav="", e__ctm="e 1 0 1 one\nf 1 0 1 two\n",
    )  # fmt: skip
    (tmp_path / "f.wav").touch()
    (tmp_path / "f.txt").write_bytes(b"caf\xe9")
    reasons = _reasons(tmp_path)
    assert "line 1" in reasons["a.wav"]
    assert "word 1" in reasons["b.wav"]
    assert "empty" in reasons["c.wav"]
    assert "several files" in reasons["e.wav"]
    assert "UTF-8" in reasons["f.wav"]
    assert [one.name for one in read_set(tmp_path).items] == ["d.wav"]


def test_a_text_of_another_language_is_left_out(tmp_path: Path) -> None:
    _write(
        tmp_path, a__wav="", a__txt="добрый день, дорогие зрители", b__wav="",
        b__txt="good day to all of you", set__toml='language = "en"\n',
    )  # fmt: skip
    assert "Cyrillic" in _reasons(tmp_path)["a.wav"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('language = "klingonish"\n', "BCP 47"),
        ('kind = "song"\n', "kind"),
        ('languages = "en"\n', "unknown"),
        ('channel_languages = "en"\n', "no list"),
        ('[item."z.wav"]\nlanguage = "en"\n', "not in the folder"),
        ("item = 3\n", "item"),
        ("language = \n", "not TOML"),
    ],
)
def test_bad_settings_of_a_set(tmp_path: Path, text: str, said: str) -> None:
    _write(tmp_path, a__wav="", a__txt="good", set__toml=text)
    with pytest.raises(BadInput, match=said):
        read_set(tmp_path)


def test_nothing_to_use(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no sound lies in it"):
        read_set(tmp_path)
    (tmp_path / "a.wav").touch()
    with pytest.raises(BadInput, match=r"a\.wav: nothing is known of it"):
        read_set(tmp_path)
    with pytest.raises(NotFound, match="no folder"):
        read_set(tmp_path / "gone")


def test_words_of_a_line_are_spread_over_its_time() -> None:
    lines = (KnownLine(Span(1000, 2000), "good morning"), KnownLine(Span(3000, 3500), "you"))
    found = known(Item("a", Path("a"), language="en", lines=lines))
    assert found.text == "good morning\nyou"
    assert [found.text[one.char_start : one.char_end] for one in found.words] == [
        "good", "morning", "you",
    ]  # fmt: skip
    assert [(one.start, one.end) for one in found.words] == [
        (1000, 1333), (1416, 2000), (3000, 3500),
    ]  # fmt: skip


def test_where_somebody_is_known_to_speak() -> None:
    timed = (KnownWord("a", 0, 100), KnownWord("b", 90, 200))
    assert speech_of(Item("a", Path("a"), words=timed)) == (Span(0, 200),)
    assert speech_of(Item("a", Path("a"), words=(*timed, KnownWord("c")))) is None
    assert speech_of(Item("a", Path("a"), Kind.MUSIC)) == ()


@given(st.text(max_size=80))
def test_a_reference_of_any_text_is_read_or_refused(text: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.rttm"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        for read in (references.rttm, references.uem, references.ctm, references.words_json):
            with suppress(BadInput):
                read(path)


def test_known_corpora(shared: Path) -> None:
    audio = shared / "audio"
    counts = {
        name: len(read_set(audio / name).items)
        for name in ("fleurs", "leopard", "ami", "librivox", "common-voice-ru")
    }
    assert counts == {
        "fleurs": 25, "leopard": 9, "ami": 7, "librivox": 5, "common-voice-ru": 1,
    }  # fmt: skip
    assert {one.language for one in read_set(audio / "fleurs").items} == {
        "de", "en", "es", "fr", "pt",
    }  # fmt: skip
    left_out = {one.name for one in read_set(audio / "ami").left_out}
    assert {"empty.wav", "trn07", "trn08", "trn09"} <= left_out


def test_the_samples_are_a_set(samples: Path) -> None:
    found = read_set(samples)
    assert found.items
    for one in found.items:
        assert one.text is not None
        assert len(one.words) > 20
        assert all(word.start is not None and word.speaker for word in one.words)
