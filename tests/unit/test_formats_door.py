"""The door of the formats: light to open, whole, and open to other packages."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from offair import formats
from offair.model.errors import BadInput, NotFound


def test_door_loads_no_heavy_library():
    code = (
        "import sys, offair.formats; "
        "heavy = ('jinja2', 'jsonschema', 'webvtt', 'pysubs2', 'docx', 'lxml'); "
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", formats.FORMATS)
def test_every_format_is_there_and_does_what_it_says(name):
    one = formats.find(name)
    assert one.name == name
    assert one.suffix.startswith(".")
    assert one.description
    assert one.reads or one.writes
    if one.reads:
        assert callable(formats.reader(name))
    if one.writes:
        assert callable(formats.writer(name))


def test_wrong_names_and_wrong_directions_are_refused_with_the_right_ones():
    with pytest.raises(NotFound, match="webvtt"):
        formats.find("doc")
    with pytest.raises(BadInput, match="only be written"):
        formats.reader("html")
    with pytest.raises(BadInput, match="only be read"):
        formats.writer("transcript")


def test_other_packages_add_formats_and_replace_none(monkeypatch):
    class Point:
        def __init__(self, offered):
            self.offered = offered

        def load(self):
            return self.offered

    ours = formats.Format("json", ".x", "x/x", "a stranger under our name")
    theirs = formats.Format("theirs", ".y", "y/y", "theirs", writer="json:dumps")
    monkeypatch.setattr(formats, "entry_points", lambda group: [Point(ours), Point(theirs)])
    formats.known.cache_clear()
    try:
        assert formats.find("json").suffix == ".json"
        assert formats.find("theirs").writes
    finally:
        formats.known.cache_clear()
