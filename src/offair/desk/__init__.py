"""What the desk does, one module per verb.

A verb is a function that takes a `Desk` first and, where it writes, the `actor` it writes for.
`wiring` builds the `Desk`; nothing here resolves a name from the settings. A verb never calls
another verb (it may queue one); what verbs share is in `desk/evidence.py`, `desk/hearing.py` and
`desk/voices.py`, or sinks to `text`. To add a verb: a module here named by what it does, its
command in `cli`, its page in `web`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from offair.engines.activity import ActivityEngine
from offair.engines.languages import LanguageCalls
from offair.engines.speakers import DiariserCalls
from offair.engines.speech import RecogniserPool
from offair.engines.speech.routing import Route, Routing
from offair.engines.translation import TranslatorCalls
from offair.jobs.queue import Queue
from offair.media import Limits
from offair.search import Index
from offair.store import Catalogue, Vault


@dataclass(frozen=True, slots=True)
class Listening:
    """How sound becomes words at this desk; engines are opened when there is something to hear.

    activity: makes the engine that tells speech from other sound. routing: which engine and model
    hears which language. open_pool: the recogniser's processes for a route, opened once and
    shared; costs seconds and memory. languages: opens the engine that tells languages, or None
    where the settings name none. diariser: opens the engine that tells voices apart, or None where
    `speakers` is `captions` or `none`. language: forced for every recording. names: to expect.
    second_try: whether a doubted chunk is heard once more.
    """

    activity: Callable[[], ActivityEngine]
    routing: Routing
    open_pool: Callable[[Route], RecogniserPool]
    languages: Callable[[], LanguageCalls] | None
    diariser: Callable[[], DiariserCalls] | None
    speakers: str
    language: str | None
    names: tuple[str, ...]
    second_try: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a verb needs, already chosen.

    series: the series whose numbers this desk gives. name: what the desk calls itself in records.
    translator: opens the engine for a pair of languages (source, target; BCP 47).
    translates_to: the language that translations are made into where nobody says another.
    scratch: a folder for files in the making, on the vault's file system where possible.
    index: what is searched, opened when something is looked for.
    address: the public base address without a final slash, or None where there is none.
    second_reader_required: nothing is published that nobody else has read.
    """

    name: str
    series: str
    catalogue: Catalogue
    vault: Vault
    queue: Queue
    index: Index
    limits: Limits
    listening: Listening
    translator: Callable[[str, str], TranslatorCalls]
    translates_to: str
    scratch: Path
    address: str | None
    second_reader_required: bool = False
