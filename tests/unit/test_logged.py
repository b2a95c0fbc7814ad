"""Whatever somebody does at the desk is written into its log: every verb that takes who acts."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

import offair.desk

FOLDER = Path(offair.desk.__file__).parent
SILENT = {
    "after_edit": "works out a state for its caller",
    "draft_record": "makes a record for its caller",
    "kind_of_name": "reads a name",
    "preview_clip": "shows what would be printed",
    "process": "the desk's own work, asked for by taking a recording in",
    "read_captions": "the desk's own work, asked for by taking a recording in",
    "read_log": "reads",
    "second_reader_of": "says whether somebody may read",
    "set_published": "`publish` writes the line of its own transaction",
    "settings_of": "says what a job keeps",
    "subtitle_clip": "makes a file to take away",
}
"""Functions that take who acts, and write no line."""

Function = ast.FunctionDef


@cache
def module(name: str) -> tuple[dict[str, Function], dict[str, tuple[str, str]]]:
    """A desk module's functions and methods, and what it imports from other desk modules."""
    functions: dict[str, Function] = {}
    imported: dict[str, tuple[str, str]] = {}
    tree = ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, Function):
            functions[node.name] = node
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("offair.desk."):
            source = (node.module or "").removeprefix("offair.desk.")
            for one in node.names:
                imported[one.asname or one.name] = (source, one.name)
    return functions, imported


def notes(name: str, function: str, seen: set[tuple[str, str]]) -> bool:
    """Whether a function, or one that it calls, appends a line to the log."""
    functions, imported = module(name)
    if (name, function) in seen or function not in functions:
        return False
    seen.add((name, function))
    for node in ast.walk(functions[function]):
        if isinstance(node, ast.Attribute) and node.attr == "note_act":
            return True
        if isinstance(node, ast.Name):
            called = node.id
        elif isinstance(node, ast.Attribute) and node.attr in functions:
            called = node.attr
        else:
            continue
        where, what = imported.get(called, (name, called))
        if notes(where, what, seen):
            return True
    return False


def verbs() -> list[tuple[str, str]]:
    """Every public function of the desk that takes who acts, as (module, function)."""
    found = []
    for file in sorted(FOLDER.glob("*.py")):
        for function in module(file.stem)[0].values():
            taken = [one.arg for one in (*function.args.args, *function.args.kwonlyargs)]
            public = not function.name.startswith("_")
            if public and "actor" in taken and function.name not in SILENT:
                found.append((file.stem, function.name))
    return found


@pytest.mark.parametrize(("name", "function"), verbs())
def test_who_acts_stands_in_the_log(name: str, function: str) -> None:
    assert notes(name, function, set()), f"offair.desk.{name}.{function} writes no line of the log"


def test_the_search_for_lines_tells_writers_from_readers() -> None:
    assert notes("publish", "publish", set())
    assert not notes("show_record", "show_record", set())
    assert len(verbs()) > 40
