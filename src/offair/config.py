"""Settings: one TOML file and the environment, read once and typed.

The file is the one named by `OFFAIR_CONFIG` or `--config`, else `offair.toml` in the working
folder, else `offair.toml` in the user's configuration folder; none is needed. An environment
variable `OFFAIR_SECTION__KEY` (`OFFAIR_LISTENING__MODEL`) comes before the file.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from platformdirs import user_config_path, user_data_path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from offair.model.errors import BadSetting

CONFIG_VARIABLE = "OFFAIR_CONFIG"
FILE_NAME = "offair.toml"


def _home(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise ValueError(f"there is no home folder for {path}") from error


Folder = Annotated[Path, AfterValidator(_home)]
"""A folder as people write it: `~` is the home folder."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StoreSettings(_Section):
    """Where rows and bytes are kept."""

    url: str | None = Field(
        default=None,
        description="Catalogue: an SQLAlchemy URL; by default SQLite in the data folder.",
    )
    vault: Folder | None = Field(
        default=None, description="Folder of the vault; by default `vault` in the data folder."
    )
    link: bool = Field(
        default=False,
        description="Hard-link files into the vault where the file system allows, not copy. "
        "A linked file must never be changed in place.",
    )


class ListeningSettings(_Section):
    """How sound becomes words."""

    activity: str = Field(default="silero", description="Engine that tells speech from the rest.")
    engine: str = Field(default="faster-whisper", description="Engine that recognises speech.")
    model: str = Field(
        default="base",
        description="Model: a packaged name (`tiny.en`, `base`), a folder, or a hub name.",
    )
    language: str | None = Field(
        default=None,
        description="BCP 47 tag to force for every recording; by default heard per chunk.",
    )
    processes: int = Field(
        default=0, ge=0, le=256, description="Recogniser processes; 0 means one per core."
    )
    beam: int = Field(default=2, ge=1, le=20, description="Beam size of the recogniser.")


class MediaSettings(_Section):
    """Limits on the child processes that open media files."""

    memory_mb: int = Field(default=2048, ge=256, description="Memory of one child, MiB.")
    silent_s: float = Field(
        default=60.0, gt=0, description="Seconds a child may go without progress before it ends."
    )


class WebSettings(_Section):
    """The desk in the browser."""

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8914, ge=0, le=65535, description="Port; 0 takes a free one.")
    hosts: tuple[str, ...] = Field(
        default=("localhost", "127.0.0.1", "[::1]"),
        description="Host names the pages answer to.",
    )
    address: str | None = Field(
        default=None, description="Public base address, for links inside records."
    )


class Settings(BaseSettings):
    """Everything an installation can set."""

    model_config = SettingsConfigDict(
        env_prefix="OFFAIR_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    name: str = Field(default="offair desk", description="What the desk calls itself in records.")
    series: str = Field(default="offair", description="Series whose numbers this desk gives.")
    data: Folder = Field(
        default_factory=lambda: user_data_path("offair"), description="The desk's data folder."
    )
    store: StoreSettings = StoreSettings()
    listening: ListeningSettings = ListeningSettings()
    media: MediaSettings = MediaSettings()
    web: WebSettings = WebSettings()

    @property
    def catalogue_url(self) -> str:
        """The catalogue's URL, the embedded default filled in."""
        return self.store.url or f"sqlite:///{(self.data / 'offair.sqlite').absolute()}"

    @property
    def vault_folder(self) -> Path:
        """The vault's folder, the embedded default filled in."""
        return (self.store.vault or self.data / "vault").absolute()

    @property
    def processes(self) -> int:
        """Recogniser processes: as set, else the cores this process may use."""
        return self.listening.processes or len(os.sched_getaffinity(0))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment comes before the file."""
        del dotenv_settings, file_secret_settings
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))


def find_file(named: Path | None = None) -> Path | None:
    """The settings file that counts here, or None.

    Raises `BadSetting` where one is named that does not exist.
    """
    variable = os.environ.get(CONFIG_VARIABLE)
    named = named or (Path(variable) if variable else None)
    if named is not None:
        if not named.is_file():
            raise BadSetting(f"the settings file {named} does not exist; name another or none")
        return named
    places = (Path.cwd() / FILE_NAME, user_config_path("offair") / FILE_NAME)
    return next((place for place in places if place.is_file()), None)


def load(named: Path | None = None) -> Settings:
    """Read the settings.

    Raises `BadSetting` naming the file or variable, the key and the trouble.
    """
    file = find_file(named)

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    known = {name for name in os.environ if name.startswith("OFFAIR_")}
    _refuse_unknown_variables(known - {CONFIG_VARIABLE})
    where = str(file) if file else "the environment"
    try:
        return FromFile()
    except ValidationError as error:
        key, trouble = _first(error)
        raise BadSetting(
            f"the setting {key} in {where} or an OFFAIR_ variable cannot be used: {trouble};"
            " docs/reference/settings.md lists every setting"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(
            f"the settings file {where} is not TOML: {error}; mend that line"
        ) from error
    except SettingsError as error:
        raise BadSetting(
            f"an OFFAIR_ variable cannot be read ({error}); a section or a list is written as JSON"
        ) from error
    except OSError as error:
        raise BadSetting(
            f"the settings file {where} cannot be read ({error.strerror}); check its rights"
        ) from error


def listening_with(settings: Settings, changes: Mapping[str, object]) -> Settings:
    """These settings with some of the section `listening` changed. Raises `BadSetting`."""
    try:
        listening = ListeningSettings.model_validate(settings.listening.model_dump() | {**changes})
    except ValidationError as error:
        key, trouble = _first(error)
        raise BadSetting(f"{key} cannot be used: {trouble}; give another value") from error
    return settings.model_copy(update={"listening": listening})


def _first(error: ValidationError) -> tuple[str, str]:
    """Key and trouble of the first thing that is wrong."""
    first = error.errors()[0]
    return ".".join(str(part) for part in first["loc"]), first["msg"]


def _refuse_unknown_variables(names: set[str]) -> None:
    fields = set(Settings.model_fields)
    for name in sorted(names):
        section = name.removeprefix("OFFAIR_").split("__")[0].lower()
        if section not in fields:
            raise BadSetting(
                f"the environment variable {name} names no setting; unset it or correct its name"
                " (docs/reference/settings.md lists every setting)"
            )
