"""Which engine and model hears which language: profiles in a TOML file, one shipped.

The form of the file stands at the top of `routing.toml`, and in docs/reference/routing.md.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from types import MappingProxyType
from typing import Any

from offair.engines.speech import ENGINES, ENTRY_POINTS
from offair.engines.speech.languages_known import broader, english_alone
from offair.model.errors import BadSetting

SHIPPED = Path(__file__).with_name("routing.toml")
"""The file the package brings."""

Setting = str | int | float | bool | None
_TAG_RE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_PROFILE_KEYS = ("floor", "second", "beside_english", "route")


@dataclass(frozen=True, slots=True)
class Route:
    """One engine with one model: a name of `ENGINES` or an entry point, and what it is made with.

    settings: further keywords of the engine (`beam`, `device`). Two routes with equal parts are
    one, and may be the key of a mapping.
    """

    engine: str
    model: str
    settings: Mapping[str, Setting] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "settings", MappingProxyType(dict(self.settings)))

    def __hash__(self) -> int:
        return hash((self.engine, self.model, tuple(sorted(self.settings.items()))))


@dataclass(frozen=True, slots=True)
class Routing:
    """What a profile says: a floor for every language, and routes for some.

    floor_second, seconds: by which engine a doubted chunk is heard once more. beside_english: hears
    other languages where the floor knows English alone. routes, seconds: by lower-case tag.
    """

    profile: str
    floor: Route
    floor_second: Route | None = None
    beside_english: Route | None = None
    routes: Mapping[str, Route] = field(default_factory=dict)
    seconds: Mapping[str, Route] = field(default_factory=dict)

    def route(self, language: str | None) -> Route:
        """Who hears a language. language: BCP 47, or None where nobody told it.

        The longest tag that the profile names counts: `pt-BR`, then `pt`; for a member of a
        macrolanguage (`acm`, `cmn`) then that (`ar`, `zh`).
        """
        tag = self._named(language)
        if tag is not None:
            return self.routes[tag]
        if self._floor_hears(language) or self.beside_english is None:
            return self.floor
        return self.beside_english

    def second(self, language: str | None) -> Route | None:
        """Which other engine hears a doubted chunk once more; None for the same one, otherwise."""
        tag = self._named(language)
        if tag is not None:
            return self.seconds.get(tag)
        if self._floor_hears(language) or self.beside_english is None:
            return self.floor_second
        return None

    def described(self) -> dict[str, str]:
        """What of it changes what is heard, for the key of a run: its name and a digest of all."""
        said = {
            "floor": _facts(self.floor),
            "second": self.floor_second and _facts(self.floor_second),
            "beside_english": self.beside_english and _facts(self.beside_english),
            "routes": {tag: _facts(route) for tag, route in self.routes.items()},
            "seconds": {tag: _facts(route) for tag, route in self.seconds.items()},
        }
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode("ascii")).hexdigest()
        return {"profile": self.profile, "routes_sha256": digest}

    def _named(self, language: str | None) -> str | None:
        """The tag of a route for this language, or None."""
        if language is None:
            return None
        return next((tag for tag in broader(language) if tag in self.routes), None)

    def _floor_hears(self, language: str | None) -> bool:
        if language is None or not english_alone(self.floor.engine, self.floor.model):
            return True
        return "en" in broader(language)


def read_routing(path: Path | None, profile: str, floor: Route) -> Routing:
    """One profile of the shipped file, or of a file of the user's, which may name it anew.

    path: the user's file or None. floor: engine and model of the settings; its `device` holds for
    every route that names none, its other settings for every route with the same engine.
    Raises `BadSetting` saying which key of which file is wrong and what it must be.
    """
    found, source = _profiles(SHIPPED), SHIPPED
    if path is not None:
        own = _profiles(path)
        if profile in own:
            source = path
        found |= own
    if profile not in found:
        raise BadSetting(
            f"listening.profile is {profile!r}, which no routing file has; there are"
            f" {', '.join(sorted(found))}"
        )
    return _Reader(source, floor).routing(profile, found[profile])


def _profiles(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadSetting(
            f"the routing file {path} cannot be read: {error.strerror};"
            " correct listening.routing, or leave it out for the one shipped"
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadSetting(f"the routing file {path} is no TOML: {error}; correct it") from error


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one profile, and says where it is wrong."""

    path: Path
    given: Route

    def routing(self, name: str, raw: object) -> Routing:
        """The profile."""
        table = self._table(raw, name, _PROFILE_KEYS)
        floor = self._optional(table, name, "floor") or self.given
        routes, seconds = self._routes(table.get("route", []), f"{name}.route")
        return Routing(
            name,
            floor,
            self._optional(table, name, "second"),
            self._optional(table, name, "beside_english"),
            routes,
            seconds,
        )

    def _routes(self, raw: object, key: str) -> tuple[dict[str, Route], dict[str, Route]]:
        if not isinstance(raw, list):
            raise self._wrong(key, f"must be written [[{key}]]")
        routes: dict[str, Route] = {}
        seconds: dict[str, Route] = {}
        for index, one in enumerate(raw):
            here = f"{key}[{index}]"
            table = self._table(one, here, None)
            route = self._route(table, here, besides=("languages", "second"))
            second = self._optional(table, here, "second")
            for tag in self._languages(table.get("languages"), f"{here}.languages"):
                if tag in routes:
                    raise self._wrong(f"{here}.languages", f"names {tag} a second time")
                routes[tag] = route
                if second is not None:
                    seconds[tag] = second
        return routes, seconds

    def _languages(self, raw: object, key: str) -> Iterator[str]:
        if not isinstance(raw, list) or not raw:
            raise self._wrong(key, 'must be a list of languages, as ["pt", "pt-BR"]')
        for tag in raw:
            if not isinstance(tag, str) or not _TAG_RE.fullmatch(tag):
                raise self._wrong(key, f"has {tag!r}, which is no language tag, as pt or pt-BR")
            yield tag.lower()

    def _optional(self, table: Mapping[str, object], key: str, name: str) -> Route | None:
        if name not in table:
            return None
        return self._route(self._table(table[name], f"{key}.{name}", None), f"{key}.{name}")

    def _route(self, table: Mapping[str, object], key: str, besides: tuple[str, ...] = ()) -> Route:
        engine, model = self._word(table, key, "engine"), self._word(table, key, "model")
        known = {*ENGINES, *(point.name for point in entry_points(group=ENTRY_POINTS))}
        if engine not in known:
            raise self._wrong(f"{key}.engine", f"must be one of {', '.join(sorted(known))}")
        given = self.given.settings
        settings: dict[str, Setting] = {
            name: given[name] for name in given if name == "device" or engine == self.given.engine
        }
        for name, value in table.items():
            if name in ("engine", "model", *besides):
                continue
            if not isinstance(value, str | int | float | bool):
                raise self._wrong(f"{key}.{name}", "must be a text, a number, true or false")
            settings[name] = value
        return Route(engine, model, settings)

    def _word(self, table: Mapping[str, object], key: str, name: str) -> str:
        value = table.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(
                f"{key}.{name}", "must be a text; every engine has a name and a model"
            )
        return value

    def _table(self, raw: object, key: str, names: tuple[str, ...] | None) -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise self._wrong(key, "must be a table")
        for name in raw:
            if names is not None and name not in names:
                raise self._wrong(f"{key}.{name}", f"is unknown; a profile has {', '.join(names)}")
        return raw

    def _wrong(self, key: str, trouble: str) -> BadSetting:
        return BadSetting(f"in the routing file {self.path}, {key} {trouble}")


def _facts(route: Route) -> list[object]:
    return [route.engine, route.model, dict(route.settings)]
