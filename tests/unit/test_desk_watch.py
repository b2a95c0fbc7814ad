"""Standing queries at the desk: kept, tried, and what they find as texts are indexed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from installation import Installation
from web_desk import HARBOUR, add_harbour, make_desk

from offair import cli
from offair.desk import Desk
from offair.desk.find import find
from offair.desk.index import index
from offair.desk.names import add_name
from offair.desk.standing_matches import StandingMatches
from offair.desk.take_text import Origin, take_text
from offair.desk.watch import (
    MOST_SHOWN,
    add_watch,
    list_watches,
    remove_watch,
    try_watch,
    watch_matches,
)
from offair.model.errors import BadInput, Conflict, NotFound, QueryError
from offair.model.names import Name, NameKind, Spelling
from offair.model.recording import Held
from offair.model.time import Ms
from offair.model.transcript import LayerKind, LayerOrigin, Turn
from offair.model.words import Words

CAPTIONS = """WEBVTT

00:01.000 --> 00:03.000
<v Ann Lee>The ferry will sail at six.

00:03.500 --> 00:06.000
<v Bo Roe>Nobody told Ann Lee about the ferry.

00:06.500 --> 00:09.000
Then 1,200 people went home.
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.index.close()
    made.catalogue.close()


def take(desk: Desk, folder: Path, name: str = "one.vtt", text: str = CAPTIONS) -> None:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    channel = replace(HARBOUR, languages=("en",))
    take_text(desk, path, Origin(channel, language="en"), actor="test")


def texts(desk: Desk, label: str) -> list[str]:
    return [one.match.text.strip() for one in watch_matches(desk, label)[1]]


def test_a_standing_query_finds_what_is_indexed_after_it(desk: Desk, tmp_path: Path) -> None:
    take(desk, tmp_path)
    index(desk, notice=print)
    add_watch(desk, "boats", "ferry OR boat", actor="test")
    add_watch(desk, "crowds", "1200", actor="test")
    index(desk, notice=print)
    assert texts(desk, "boats") == []
    take(desk, tmp_path, "two.vtt", CAPTIONS.replace("at six", "at seven"))
    done = index(desk, notice=print)
    assert done.matches == 3
    assert texts(desk, "boats") == [
        "The ferry will sail at seven.", "Nobody told Ann Lee about the ferry.",
    ]  # fmt: skip
    assert texts(desk, "crowds") == ["Then 1,200 people went home."]
    watch, found = watch_matches(desk, "boats")
    assert [one.at for one in found] == [Ms(1000), Ms(3500)]
    assert found[0].recording.channel.name == HARBOUR.name
    assert watch.owner == "test"
    assert watch_matches(desk, "boats", after=found[0].match.id)[1] == found[1:]
    assert watch_matches(desk, str(watch.id), limit=1)[1] == found[:1]


def test_a_removed_query_finds_no_more_and_keeps_what_it_found(desk: Desk, tmp_path: Path) -> None:
    first = add_watch(desk, "boats", "ferry", actor="test")
    take(desk, tmp_path)
    assert index(desk, notice=print).matches == 2
    assert not remove_watch(desk, "boats", actor="rana").active
    take(desk, tmp_path, "two.vtt", CAPTIONS.replace("at six", "at seven"))
    assert index(desk, notice=print).matches == 0
    assert len(texts(desk, "boats")) == 2
    assert list_watches(desk) == ()
    assert [one.id for one in list_watches(desk, removed=True)] == [first.id]
    with pytest.raises(NotFound, match="no standing query"):
        remove_watch(desk, "boats", actor="rana")
    second = add_watch(desk, "boats", "boat", actor="test")
    assert watch_matches(desk, "boats")[0] == second


def test_the_spellings_of_a_name_are_asked_for(desk: Desk, tmp_path: Path) -> None:
    add_name(desk, Name(NameKind.PERSON, "Anne Leigh", None, (Spelling("Ann Lee"),)), actor="test")
    add_watch(desk, "her", '"Anne Leigh"', actor="test")
    take(desk, tmp_path)
    index(desk, notice=print)
    assert texts(desk, "her") == ["Nobody told Ann Lee about the ferry."]
    assert try_watch(desk, '"Anne Leigh"').total == 1


def test_queries_and_names_that_change_are_read_anew(desk: Desk, tmp_path: Path) -> None:
    standing = StandingMatches()
    take(desk, tmp_path)
    assert index(desk, notice=print, standing=standing).matches == 0
    add_watch(desk, "her", "leigh", actor="test")
    take(desk, tmp_path, "two.vtt", CAPTIONS.replace("six", "seven"))
    assert index(desk, notice=print, standing=standing).matches == 0
    add_name(desk, Name(NameKind.PERSON, "Leigh", None, (Spelling("Lee"),)), actor="test")
    take(desk, tmp_path, "three.vtt", CAPTIONS.replace("six", "eight"))
    assert index(desk, notice=print, standing=standing).matches == 1


SAID_AT_RANDOM = ("ferry", "wall", "harbour", "harboured", "uhm", "حرب", "والحرب")


def said_at_random(desk: Desk, chosen: random.Random, language: str) -> None:
    """A text of two turns, sentences of no word to four, so that phrases go on in the next."""
    turns, ranges = [], []
    for ordinal in range(2):
        text, these = "", []
        for _ in range(4):
            start = len(text)
            text += " ".join(chosen.choices(SAID_AT_RANDOM, k=chosen.randint(0, 4))) + ". "
            these.append((start, len(text)))
        turns.append(Turn(0, ordinal, text, Words(), None))
        ranges.append(these)
    with desk.catalogue.transaction() as tx:
        recording = tx.add_recording(
            channel=HARBOUR, aired=None, title="x", held=Held.NEVER_HELD, object=None, media=None,
            actor="test",
        )  # fmt: skip
        tx.add_layer(
            recording_id=recording.id, kind=LayerKind.SPEECH, language=language,
            origin=LayerOrigin.IMPORT, maker="test", run=1, turns=turns, sentences=ranges,
        )  # fmt: skip


def asked_at_random(chosen: random.Random) -> str:
    """A query of those words, of every shape."""
    words = chosen.choices([one for one in SAID_AT_RANDOM if one != "uhm"], k=3)
    one, two, three = words
    return chosen.choice(
        (
            one,
            f'"{one} {two}"',
            f'"{one} {two} {three}"',
            f'{one} "{two} {three}"',
            f'{one} -"{two} {three}"',
            f'"{one} {two}" OR {three}',
            f"{one} NEAR/1 {two}",
            f'{one} NEAR/0 "{two} {three}"',
            f"{one[:2]}* {two}",
            f"{one} -{two}",
            f"{one} language:ar",
            f'language:en "{one} {two}"',
        )
    )


def test_a_standing_query_finds_what_a_search_finds(desk: Desk) -> None:
    chosen = random.Random(20260513)
    add_name(desk, Name(NameKind.PLACE, "harbour", None, (Spelling("ferry wall"),)), actor="test")
    queries = list(dict.fromkeys(asked_at_random(chosen) for _ in range(150)))
    for place, query in enumerate(queries):
        add_watch(desk, f"q{place}", query, actor="test")
    for place in range(20):
        said_at_random(desk, chosen, "en" if place % 2 else "ar")
    index(desk, notice=print)
    across = 0
    for place, query in enumerate(queries):
        found = find(desk, query, limit=1000).sentences
        kept = [one.match.sentence_id for one in watch_matches(desk, f"q{place}", limit=1000)[1]]
        assert sorted(kept) == sorted(one.sentence_id for one in found), query
        tried = [one.match.sentence_id for one in try_watch(desk, query, last=1000).sentences]
        assert sorted(tried) == sorted(kept), query
        across += sum(one.text.count(".") > 1 for one in found)
    assert across > 10


def test_trying_keeps_nothing(desk: Desk, tmp_path: Path) -> None:
    assert try_watch(desk, "ferry").sentences == ()
    take(desk, tmp_path)
    index(desk, notice=print)
    tried = try_watch(desk, "ferry NOT nobody")
    assert (tried.total, tried.at_least, tried.remarks) == (1, False, ())
    assert tried.sentences[0].match.text.strip() == "The ferry will sail at six."
    assert tried.sentences[0].at == Ms(1000)
    assert list_watches(desk) == ()
    assert len(try_watch(desk, "ferry", last=1).sentences) == 1


@pytest.mark.parametrize(
    ("label", "query", "error"),
    [
        ("", "ferry", BadInput),
        ("x" * 101, "ferry", BadInput),
        ("12", "ferry", BadInput),
        ("a\x00b", "ferry", BadInput),
        ("boats", "", QueryError),
        ("boats", '"unclosed', QueryError),
        ("boats", "NOT ferry", QueryError),
        ("boats", "f*", QueryError),
        ("boats", "ferry " * 5000, BadInput),
    ],
)
def test_what_cannot_stand_is_refused(
    desk: Desk, label: str, query: str, error: type[BadInput]
) -> None:
    with pytest.raises(error):
        add_watch(desk, label, query, actor="test")
    assert list_watches(desk) == ()


def test_one_label_one_query(desk: Desk) -> None:
    add_watch(desk, " the  boats ", "ferry", actor="test")
    with pytest.raises(Conflict):
        add_watch(desk, "the boats", "boat", actor="test")
    for limit in (0, MOST_SHOWN + 1):
        with pytest.raises(BadInput, match="can be shown"):
            watch_matches(desk, "the boats", limit=limit)
        with pytest.raises(BadInput, match="can be shown"):
            try_watch(desk, "ferry", last=limit)


def test_the_time_is_that_of_a_sentences_first_word(desk: Desk) -> None:
    add_harbour(desk)
    index(desk, notice=print)
    found = try_watch(desk, "layer:speech", last=MOST_SHOWN).sentences
    assert len(found) > 3
    with desk.catalogue.snapshot() as tx:
        for one in found:
            (turn,) = tx.turns_by_id([one.match.turn_id])
            start = turn.text.index(one.match.text)
            after = [word.start for word in turn.words if word.char_start >= start]
            assert one.at == after[0]
    assert len({one.at for one in found}) == len(found)
    assert {one.layer.kind for one in found} == {LayerKind.SPEECH}


def test_the_command_line(
    installation: Installation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OFFAIR_CONFIG", str(installation.config))

    def offair(*words: str, code: int = 0) -> str:
        assert cli.main(["watch", *words]) == code
        said = capsys.readouterr()
        return said.out if code == 0 else said.err

    assert "added: boats" in offair("add", "boats", "ferry OR boat")
    (tmp_path / "one.vtt").write_text(CAPTIONS, encoding="utf-8")
    taken = ["--channel", "Harbour One", "--language", "en", "--aired", "2026-05-14"]
    assert cli.main(["import", str(tmp_path / "one.vtt"), *taken]) == 0
    capsys.readouterr()
    tried = offair("test", "nobody").splitlines()
    assert tried[0].endswith(
        "2026-05-14, recording 1, 0:03.500 [speech, en, from import]: "
        "Nobody told Ann Lee about the ferry."
    )
    assert tried[1] == "it would have found 1 of the sentences indexed now"
    found = [json.loads(line) for line in offair("matches", "boats", "--json").splitlines()]
    assert [one["at_ms"] for one in found] == [1000, 3500]
    assert found[0]["text"].strip() == "The ferry will sail at six."
    assert {(one["kind"], one["language"], one["origin"]) for one in found} == {
        ("speech", "en", "import")
    }
    assert offair("matches", "boats", "--limit", "1").startswith("     1  Harbour One, 2026-05-14")
    assert offair().split() == ["1", "boats:", "ferry", "OR", "boat"]
    assert "removed: boats" in offair("remove", "1")
    assert "(removed)" in offair("list", "--removed")
    assert "several words" in offair("add", "boats", "two", "words", code=2)
    assert "belongs to `offair watch test`" in offair("list", "--last", "3", code=2)
    assert "no standing query" in offair("matches", "nothing", code=3)
    assert "character 1" in offair("test", "NOT ferry", code=2)
