"""onnx-asr: folders, names, what it refuses; and words from tokens and their frames."""

from __future__ import annotations

import json
import math
import socket
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_onnx import make_ctc

from offair.engines.speech.onnx_asr_engine import OnnxAsr, assemble
from offair.model.errors import BadInput, Unavailable
from offair.model.words import TimeSource, Word, Words

PULSES = np.concatenate(
    [
        np.random.default_rng(5).standard_normal(8_000).astype(np.float32) * loud
        for loud in (0.001, 0.5, 0.001, 0.5, 0.001)
    ]
)
"""Half seconds of quiet and loud."""


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look-up of a host fails."""

    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_a_folder_is_heard_with_the_times_of_its_frames(tmp_path: Path) -> None:
    engine = OnnxAsr(str(make_ctc(tmp_path / "tiny")), languages="en")
    assert engine.engine.name == "onnx-asr"
    assert engine.engine.model == "tiny"
    assert engine.engine.settings["kind"] == "nemo-conformer-ctc"
    assert engine.again == engine.engine
    heard = engine.recognise(PULSES, language=None, prompt=None)
    said = [heard.text[word.char_start : word.char_end] for word in heard.words]
    loud = [word for word, text in zip(heard.words, said, strict=True) if text.startswith("loud")]
    assert len(loud) == 2
    # The bursts are at 0.5-1.0 s and 1.5-2.0 s; a frame is 80 ms and a window sees 25 ms.
    for word, begins in zip(loud, (500, 1_500), strict=True):
        assert word.start is not None
        assert word.end is not None
        assert begins - 80 <= word.start <= begins + 160
        assert word.start < word.end <= begins + 660
        assert word.source is TimeSource.ENGINE
        assert word.probability is not None
    assert heard.language == "en"


def test_the_same_files_are_the_same_revision(tmp_path: Path) -> None:
    one, two = make_ctc(tmp_path / "one"), make_ctc(tmp_path / "two")
    (two / "unread.txt").write_text("not part of the model")
    first = OnnxAsr(str(one)).engine
    assert first.revision == OnnxAsr(str(two)).engine.revision
    with (two / "vocab.txt").open("a") as file:
        file.write("more 4\n")
    assert first.revision != OnnxAsr(str(two)).engine.revision


def test_a_language_nobody_named_is_not_made_up(tmp_path: Path) -> None:
    engine = OnnxAsr(str(make_ctc(tmp_path / "tiny")))
    assert engine.recognise(PULSES, language=None, prompt=None).language == "und"
    assert engine.recognise(PULSES, language="acm", prompt=None).language == "acm"


def test_a_kind_can_be_said_where_the_folder_does_not(tmp_path: Path) -> None:
    folder = str(make_ctc(tmp_path / "tiny", kind=None))
    with pytest.raises(BadInput, match=r"config\.json does not say what kind .* `kind`"):
        OnnxAsr(folder)
    assert OnnxAsr(folder, kind="nemo-conformer-ctc").engine.settings["kind"]


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("model.onnx", None, r"'model\.onnx' not found"),
        ("vocab.txt", None, r"'vocab\.txt' not found"),
        ("model.onnx", b"no model", "cannot be loaded"),
        ("model.onnx", b"", "cannot be loaded"),
        ("vocab.txt", b"one two three\n", "cannot be loaded"),
        ("vocab.txt", b"\xff\xfe", "cannot be loaded"),
        ("config.json", b"{", r"config\.json is damaged"),
        ("config.json", b'{"model_type": "alien"}', "alien"),
        ("config.json", b"[]", "does not say what kind"),
    ],
)
def test_a_folder_that_is_not_whole_says_what_is_wrong(
    tmp_path: Path, file: str, content: bytes | None, sentence: str
) -> None:
    folder = make_ctc(tmp_path / "tiny")
    if content is None:
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(content)
    with pytest.raises(BadInput, match=sentence):
        OnnxAsr(str(folder))


def test_a_vocabulary_of_another_model_fails_on_the_chunk(tmp_path: Path) -> None:
    folder = make_ctc(tmp_path / "tiny")
    (folder / "vocab.txt").write_text("a 0\n<blk> 1\n")
    with pytest.raises(Unavailable, match="failed on a chunk"):
        OnnxAsr(str(folder)).recognise(PULSES, language=None, prompt=None)


@pytest.mark.parametrize("name", ["/no/such/folder", "./nothing", "a/b/c", "nemo-nothing", ""])
def test_a_name_that_is_no_model_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match=r"does not exist|is no model of onnx-asr"):
        OnnxAsr(name, cache=str(tmp_path))


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("name", ["nemo-parakeet-tdt-0.6b-v3", "gigaam-v3-e2e-rnnt", "owner/model"])
def test_without_a_network_the_hub_is_asked_and_the_way_out_named(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(Unavailable, match=r"not on this machine.*set `model` to a folder"):
        OnnxAsr(name, cache=str(tmp_path))


def test_a_device_that_is_not_there_is_refused(tmp_path: Path) -> None:
    folder = str(make_ctc(tmp_path / "tiny"))
    with pytest.raises(BadInput, match="sees no CUDA device"):
        OnnxAsr(folder, device="cuda")
    assert OnnxAsr(folder, device="auto", beam=4).engine.settings["device"] == "auto"


def test_a_model_downloaded_before_needs_no_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hub's folder as `huggingface_hub` keeps it, made by hand."""
    kept = tmp_path / "hub" / "models--owner--tiny"
    make_ctc(kept / "snapshots" / ("0" * 40))
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text("0" * 40)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    engine = OnnxAsr("owner/tiny", cache=str(tmp_path))
    assert engine.engine.model == "owner/tiny"
    assert engine.recognise(PULSES, language="en", prompt=None).text


def test_words_begin_with_their_first_token_and_end_with_their_last() -> None:
    text, words = assemble(
        "Bom dia.", [" B", "om", " d", "ia", "."], [0.08, 0.16, 0.4, 0.48, 0.8],
        [math.log(0.5), math.log(0.5), 0.0, 0.0, 0.0], 0.08, 1_000,
    )  # fmt: skip
    assert text == "Bom dia."
    assert words == [
        Word(0, 3, 80, 240, TimeSource.ENGINE, 0.5),
        Word(4, 8, 400, 880, TimeSource.ENGINE, 1.0),
    ]


@pytest.mark.parametrize(
    ("tokens", "times"),
    [(None, None), ([" a"], [0.1]), ([" a", " b"], None), ([" a", " b"], [0.1])],
)
def test_times_that_are_not_given_are_not_made_up(
    tokens: list[str] | None, times: list[float] | None
) -> None:
    _, words = assemble("a b", tokens, times, [5.0, 5.0], 0.08, 1_000)
    assert [(word.start, word.end, word.source, word.probability) for word in words] == [
        (None, None, TimeSource.NONE, None)
    ] * 2


TOKENS = st.lists(
    st.tuples(
        st.text(alphabet=" abé文.", max_size=4),
        st.floats(-1, 40) | st.sampled_from([math.nan, math.inf]),
        st.floats(-30, 0.5),
    ),
    max_size=12,
)


@given(TOKENS, st.integers(0, 30_000))
def test_words_lie_in_text_and_chunk_and_never_run_backwards(
    tokens: list[tuple[str, float, float]], length: int
) -> None:
    spelled = [token for token, _, _ in tokens]
    text, words = assemble(
        "".join(spelled),
        spelled,
        [at for _, at, _ in tokens],
        [p for _, _, p in tokens],
        0.08,
        length,
    )
    Words.of(words)
    assert [text[word.char_start : word.char_end] for word in words] == text.split()
    cursor = 0
    for word in words:
        assert word.start is not None
        assert word.end is not None
        assert cursor <= word.start <= word.end <= length
        cursor = word.end
        assert word.probability is None or 0 <= word.probability <= 1


def test_the_kinds_that_must_be_told_are_told(tmp_path: Path) -> None:
    folder = make_ctc(tmp_path / "tiny")
    config = json.loads((folder / "config.json").read_text())
    engine = OnnxAsr(str(folder), languages="de, fr")
    engine._kind = "nemo-conformer-aed"
    assert config["model_type"] == "nemo-conformer-ctc"
    with pytest.raises(BadInput, match=r"cannot tell languages.*listening\.language"):
        engine._code(None)
    assert engine._code("fr-CA") == "fr"
