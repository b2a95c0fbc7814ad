"""Which engine and model hears which language: the shipped profiles, a user's file, bad files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offair.engines.speech import ENGINES
from offair.engines.speech.languages_known import EUROPEAN, ONNX_ASR, broader
from offair.engines.speech.routing import Route, Routing, read_routing
from offair.model.errors import BadSetting

FLOOR = Route("faster-whisper", "tiny.en", {"beam": 2, "device": "cpu"})
BASE = Route("faster-whisper", "base", {"beam": 2, "device": "cpu"})
TAGS = st.sampled_from(["en", "pt", "pt-BR", "ru", "acm", "ar", "uk", "zh", "nb", "kk", "qqx"])


def written(folder: Path, text: str) -> Path:
    """A routing file."""
    path = folder / "routing.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_english_floor_has_another_model_beside_it() -> None:
    routing = read_routing(None, "packaged", FLOOR)
    assert routing.route("en") == routing.route("en-GB") == routing.route(None) == FLOOR
    assert routing.route("pt") == routing.route("acm") == BASE
    assert routing.second("pt") is None
    assert routing.second("en") is None


@pytest.mark.parametrize(
    ("engine", "model", "alone"),
    [
        ("faster-whisper", "small.en", True),
        ("faster-whisper", "/models/faster-whisper-medium.en/", True),
        ("faster-whisper", "distil-large-v3", True),
        ("onnx-asr", "nemo-parakeet-tdt-0.6b-v2", True),
        ("faster-whisper", "small", False),
        ("onnx-asr", "nemo-parakeet-tdt-0.6b-v3", False),
        ("onnx-asr", "a-folder", False),
    ],
)
def test_which_floors_know_english_alone(engine: str, model: str, alone: bool) -> None:
    routing = read_routing(None, "packaged", Route(engine, model))
    assert (routing.route("pt").model == "base") is alone
    assert routing.route("en").model == model


def test_the_accurate_profile_sends_languages_where_they_are_known() -> None:
    routing = read_routing(None, "accurate", FLOOR)
    parakeet = routing.route("pt-BR")
    assert (parakeet.engine, parakeet.model) == ("onnx-asr", "nemo-parakeet-tdt-0.6b-v3")
    assert parakeet.settings == {"device": "cpu"}, "the beam is the other engine's"
    assert routing.route("ru").model.startswith("gigaam-v3")
    for language in (None, "ar", "acm", "zh", "qqx"):
        assert routing.route(language).model == "large-v3-turbo"
    assert routing.route(None).settings == {"beam": 2, "device": "cpu"}
    for language in ("ar", "pt", "ru", "kk"):
        second = routing.second(language)
        assert second is not None
        assert second != routing.route(language)


def test_every_shipped_route_names_an_engine_and_a_model_that_knows_the_language() -> None:
    for profile in ("packaged", "accurate"):
        routing = read_routing(None, profile, FLOOR)
        for tag, route in routing.routes.items():
            assert route.engine in ENGINES
            if route.engine == "onnx-asr":
                assert tag in ONNX_ASR[route.model]
    assert len(EUROPEAN) == 25


def test_a_route_is_a_key() -> None:
    one = Route("e", "m", {"a": 1, "b": None})
    same = Route("e", "m", {"b": None, "a": 1})
    assert {one: 1}[same] == 1
    assert one != Route("e", "m", {"a": 1})
    with pytest.raises(TypeError):
        one.settings["a"] = 2  # type: ignore[index]


def test_a_users_file_adds_profiles_and_replaces_shipped_ones(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '[[ours.route]]\nlanguages = ["ar"]\nengine = "faster-whisper"\nmodel = "/models/arabic"\n'
        'device = "cuda"\n[packaged]\n',
    )
    ours = read_routing(path, "ours", FLOOR)
    assert ours.route("acm") == Route(
        "faster-whisper", "/models/arabic", {"beam": 2, "device": "cuda"}
    )
    assert ours.route("pt") == FLOOR
    assert read_routing(path, "packaged", FLOOR).route("pt") == FLOOR
    assert read_routing(path, "accurate", FLOOR).routes


def test_the_longest_tag_counts(tmp_path: Path) -> None:
    engine = 'engine = "faster-whisper"\nmodel = '
    path = written(
        tmp_path,
        f'[[p.route]]\nlanguages = ["pt"]\n{engine}"a"\n'
        f'[[p.route]]\nlanguages = ["pt-BR"]\n{engine}"b"\n'
        f'[[p.route]]\nlanguages = ["acm"]\n{engine}"c"\n'
        f'[[p.route]]\nlanguages = ["ar"]\n{engine}"d"\n',
    )
    routing = read_routing(path, "p", FLOOR)
    heard = {
        "pt": "a", "pt-PT": "a", "pt_BR": "b", "PT-br-x-rio": "b", "acm-IQ": "c", "arz": "d",
        "ar-EG": "d", "no": "tiny.en",
    }  # fmt: skip
    assert {tag: routing.route(tag).model for tag in heard} == heard


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("p = 3", "p must be a table"),
        ("[p]\nflor = 1", r"p\.flor is unknown; a profile has floor"),
        ("[p]\nroute = 1", r"p\.route must be written \[\[p\.route\]\]"),
        ("[p]\nroute = [1]", r"p\.route\[0\] must be a table"),
        ('[p.floor]\nmodel = "base"', r"p\.floor\.engine must be a text"),
        ('[p.floor]\nengine = "faster-whisper"', r"p\.floor\.model must be a text"),
        ('[p.floor]\nengine = "whisp"\nmodel = "base"', r"p\.floor\.engine must be one of .*onnx"),
        (
            '[p.floor]\nengine = "onnx-asr"\nmodel = "m"\nbeam = [1]',
            r"p\.floor\.beam must be a text, a number, true or false",
        ),
        (
            '[[p.route]]\nlanguages = "pt"\nengine = "onnx-asr"\nmodel = "m"',
            r"p\.route\[0\]\.languages must be a list",
        ),
        (
            '[[p.route]]\nlanguages = ["portuguese!"]\nengine = "onnx-asr"\nmodel = "m"',
            r"languages has 'portuguese!', which is no language tag",
        ),
        (
            '[[p.route]]\nlanguages = ["pt", "PT"]\nengine = "onnx-asr"\nmodel = "m"',
            r"p\.route\[0\]\.languages names pt a second time",
        ),
        (
            '[[p.route]]\nlanguages = ["pt"]\nengine = "onnx-asr"\nmodel = "m"\nsecond = "x"',
            r"p\.route\[0\]\.second must be a table",
        ),
        ("[q]", r"listening\.profile is 'p', .*there are accurate, packaged, q"),
        ("[p", "is no TOML"),
        ("x = " + "[" * 5_000, "is no TOML"),
    ],
)
def test_a_bad_file_says_where_it_is_wrong(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(BadSetting, match=sentence):
        read_routing(written(tmp_path, text), "p", FLOOR)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"nothing\.toml cannot be read"):
        read_routing(tmp_path / "nothing.toml", "packaged", FLOOR)
    path = tmp_path / "latin.toml"
    path.write_bytes(b"[p]\n# \xe9\n")
    with pytest.raises(BadSetting, match="is no TOML"):
        read_routing(path, "p", FLOOR)


def test_the_description_changes_with_whatever_changes_what_is_heard(tmp_path: Path) -> None:
    route = '[[p.route]]\nlanguages = ["ar"]\nengine = "onnx-asr"\nmodel = "m"\n'
    second = 'second = { engine = "onnx-asr", model = "o" }'
    first = read_routing(written(tmp_path, route), "p", FLOOR).described()
    assert first == read_routing(written(tmp_path, f"# a note\n{route}"), "p", FLOOR).described()
    assert json.loads(json.dumps(first)) == first
    assert set(map(type, first.values())) == {str}
    others = [
        read_routing(written(tmp_path, route.replace('"m"', '"n"')), "p", FLOOR),
        read_routing(written(tmp_path, route.replace('"ar"', '"fa"')), "p", FLOOR),
        read_routing(written(tmp_path, f"{route}quantization = 'int8'"), "p", FLOOR),
        read_routing(written(tmp_path, route + second), "p", FLOOR),
        read_routing(written(tmp_path, route), "p", BASE),
    ]  # fmt: skip
    said = [routing.described()["routes_sha256"] for routing in others]
    assert len({first["routes_sha256"], *said}) == len(said) + 1


ROUTES = st.dictionaries(
    st.sampled_from(["pt", "pt-br", "ru", "ar", "acm", "zh", "no"]),
    st.builds(Route, st.sampled_from(sorted(ENGINES)), st.sampled_from(["a", "b"])),
)


@given(ROUTES, st.none() | TAGS, st.sampled_from(["base", "tiny.en"]), st.booleans())
def test_every_language_is_heard_by_somebody_and_by_the_nearest(
    routes: dict[str, Route], language: str | None, model: str, beside: bool
) -> None:
    floor = Route("faster-whisper", model)
    routing = Routing("p", floor, beside_english=BASE if beside else None, routes=routes)
    route = routing.route(language)
    assert route in {floor, BASE, *routes.values()}
    named = [tag for tag in broader(language or "") if tag in routes]
    if language is not None and named:
        assert route == routes[named[0]]
    else:
        assert route in (floor, BASE)
        assert beside or route == floor
    assert routing.second(language) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["p", "floor", "route", "languages", "engine", "model", "second"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_the_file_holds_it_is_read_or_refused(tmp_path: Path, raw: object) -> None:
    path = written(tmp_path, f"p = {_toml(raw)}")
    said: list[BadSetting] = []
    try:
        assert read_routing(path, "p", FLOOR).route("pt").engine in ENGINES
    except BadSetting as refused:
        said.append(refused)
    assert all(str(path) in str(one) for one in said)


def _toml(raw: object) -> str:
    """A value as TOML writes it; nothing at all as an empty text."""
    if isinstance(raw, dict):
        return "{" + ", ".join(f"{key} = {_toml(value)}" for key, value in raw.items()) + "}"
    if isinstance(raw, list):
        return "[" + ", ".join(_toml(value) for value in raw) + "]"
    return json.dumps("" if raw is None else raw).replace("\\u007f", "")


@given(st.text(max_size=12))
def test_a_tag_is_the_first_of_what_it_is_a_part_of(tag: str) -> None:
    tags = broader(tag)
    assert tags[0] == tag.replace("_", "-").lower()
    assert len(set(tags)) == len(tags)
