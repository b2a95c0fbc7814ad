"""Every verb by which a person changes something writes one line of the log with it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from published import publish
from web_desk import ARABIC, add_harbour, add_text_only, make_desk

import offair.desk
from offair.desk import Desk
from offair.desk.change_channel import change_channel
from offair.desk.clip import clip
from offair.desk.hear_span import hear_span, span_to_hear
from offair.desk.manage_jobs import cancel_job, pause_job, resume_job, retry_job
from offair.desk.name_speaker import (
    SpeakerName,
    Target,
    confirm_speaker,
    forget_speaker,
    name_speaker,
)
from offair.desk.names import NameChange, add_name, change_name, import_names, remove_name
from offair.desk.retry import retry
from offair.desk.revise_sentence import revise_sentence
from offair.desk.settle_flag import settle_flag
from offair.desk.take_text import Origin, take_text
from offair.desk.take_translation import take_translation
from offair.desk.watch import add_watch, remove_watch
from offair.desk.withhold_speaker import lift_speaker, withhold_speaker
from offair.model.names import Name, NameKind
from offair.model.recording import Channel
from offair.model.transcript import LayerKind
from offair.store import Transaction

WHO = "rana"
SPEAKER = "Nora Whitlow"
ENGINES_WORK = {"diarise", "process", "read_captions", "translate"}
"""Verbs that take who asked and write only what an engine or the broadcaster made and signs."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A recording with sound, one of text alone."""
    made = make_desk(tmp_path)
    add_harbour(made)
    add_text_only(made)
    return made


def _speech(tx: Transaction) -> int:
    return next(one.id for one in tx.layers(1) if one.kind is LayerKind.SPEECH)


def _names(desk: Desk) -> None:
    add_name(desk, Name(NameKind.PERSON, "Nora Whitlow"), actor=WHO)
    change_name(desk, "Nora Whitlow", NameChange(native="نورا"), actor=WHO)
    remove_name(desk, "Nora Whitlow", actor=WHO)
    import_names(desk, b"kind,house\nperson,Daniel Marsh\n", "names.csv", actor=WHO)


def _watches(desk: Desk) -> None:
    add_watch(desk, "boats", "ferry", actor=WHO)
    remove_watch(desk, "boats", actor=WHO)


def _speakers(desk: Desk) -> None:
    with desk.catalogue.snapshot() as tx:
        turn = Target(turn_id=tx.turns(_speech(tx))[0].id)
    name_speaker(desk, 1, turn, SpeakerName(SPEAKER), actor=WHO)
    confirm_speaker(desk, 1, turn, actor=WHO, heard=True)
    withhold_speaker(desk, 1, SPEAKER, why=f"{SPEAKER} asked for it", actor=WHO)
    lift_speaker(desk, 1, SPEAKER, why="agreed now", actor=WHO)
    forget_speaker(desk, 1, turn, actor=WHO)


def _sentence(desk: Desk) -> None:
    with desk.catalogue.snapshot() as tx:
        first = tx.turns(_speech(tx))[0]
        sentence = tx.sentences([first.id])[0]
    revise_sentence(desk, 1, sentence.id, "Good morning to the harbour.", actor=WHO)


def _jobs(desk: Desk) -> None:
    retry(desk, 1, actor=WHO)
    with desk.catalogue.transaction() as tx:
        desk.queue.enqueue(tx, "process", 1)
        job = tx.jobs()[0].id
    pause_job(desk, [job], actor=WHO)
    resume_job(desk, [job], actor=WHO)
    cancel_job(desk, [job], actor=WHO)
    retry_job(desk, [job], actor=WHO)


def _heard(desk: Desk) -> None:
    with desk.catalogue.snapshot() as tx:
        turn = tx.turns(tx.layers(2)[0].id)[0].id
    shown = span_to_hear(desk, 2, turn_ids=[turn])
    hear_span(desk, shown, actor=WHO, now_utc="2026-05-14T10:00:00Z")


def _texts(desk: Desk) -> None:
    folder = desk.scratch.parent
    (folder / "morning.txt").write_text("NORA: We sail at six.\nDANIEL: We do.\n", "utf-8")
    origin = Origin(channel=Channel("Harbour Two", "Ireland"), language="en", layout="transcript")
    take_text(desk, folder / "morning.txt", origin, actor=WHO)
    (folder / "english.txt").write_text("\n".join(f"HOST: {one}" for one in ARABIC), "utf-8")
    take_translation(desk, 2, folder / "english.txt", to="en", actor=WHO)


def _record(desk: Desk) -> None:
    with desk.catalogue.snapshot() as tx:
        turns = [one.id for one in tx.turns(tx.layers(2)[0].id)]
    draft = clip(desk, 2, turn_ids=turns, headline="The ferries", actor=WHO)
    publish(desk, draft.id, actor=WHO, now_utc="2026-05-14T10:00:00Z")


def _flag(desk: Desk) -> None:
    with desk.catalogue.snapshot() as tx:
        flag = next(one for one in tx.flags(_speech(tx)) if one.settled_by is None)
    settle_flag(desk, flag.id, actor=WHO)


WALKS: tuple[tuple[Callable[[Desk], object], tuple[str, ...]], ...] = (
    (
        lambda desk: change_channel(desk, "Harbour One", rights="ours", actor=WHO),
        ("change_channel channel",),
    ),
    (
        _names,
        ("add_name name", "change_name name", "remove_name name", "import_names name"),
    ),
    (_watches, ("add_watch watch", "remove_watch watch")),
    (
        _speakers,
        (
            "name_speaker layer",
            "confirm_speaker layer",
            "withhold_speaker recording",
            "lift_speaker recording",
            "forget_speaker layer",
        ),
    ),
    (_sentence, ("revise_sentence turn",)),
    (
        _jobs,
        ("retry recording", "pause_job job", "resume_job job", "cancel_job job", "retry_job job"),
    ),
    (_heard, ("hear_span layer",)),
    (_texts, ("take_text recording", "take_translation layer")),
    (_record, ("clip clip", "publish clip")),
    (_flag, ("settle_flag flag",)),
)


@pytest.mark.parametrize(("walk", "lines"), WALKS, ids=[lines[0] for _, lines in WALKS])
def test_what_a_person_does_stands_in_the_log(
    desk: Desk, walk: Callable[[Desk], object], lines: tuple[str, ...]
) -> None:
    walk(desk)
    with desk.catalogue.snapshot() as tx:
        acts = tx.acts()[::-1]
    assert [f"{one.verb} {one.kind}" for one in acts] == list(lines)
    assert {one.actor for one in acts} == {WHO}
    told = " ".join(str(dict(one.detail)) for one in acts if "withhold" in one.verb)
    assert SPEAKER not in told


def test_no_verb_of_a_person_forgets_the_log() -> None:
    folder = Path(offair.desk.__file__).parent
    texts = {path.stem: path.read_text("utf-8") for path in folder.glob("*.py")}
    silent = []
    for name, text in texts.items():
        tree = ast.parse(text)
        asked = any(
            isinstance(one, ast.FunctionDef)
            and not one.name.startswith("_")
            and any(given.arg == "actor" for given in one.args.kwonlyargs)
            for one in tree.body
        )
        if not asked or "catalogue.transaction()" not in text or name in ENGINES_WORK:
            continue
        shared = [
            texts[one.module.removeprefix("offair.desk.")]
            for one in tree.body
            if isinstance(one, ast.ImportFrom) and (one.module or "").startswith("offair.desk.")
        ]
        if not any("tx.note_act(" in one for one in (text, *shared)):
            silent.append(name)
    assert silent == []
