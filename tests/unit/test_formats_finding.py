"""Reports of findings in JSON, Markdown and HTML."""

from __future__ import annotations

import dataclasses
import json
import shlex
import typing
from enum import Enum
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from findings_made import COVERAGE, altered, no_quotation, piece, report, reports, verbatim
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from offair.formats import finding_html, finding_json, finding_markdown, finding_words
from offair.model.errors import BadInput
from offair.model.finding import (
    NOT_HEARD,
    Coverage,
    Finding,
    Quotation,
    Report,
    SpeakerFinding,
    WordsFinding,
)

HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) ![i](//evil) \x1b[31m **b** & </p>"


@settings(max_examples=40)
@given(reports())
def test_what_is_written_is_read_back(made: Report) -> None:
    text = finding_json.write(made)
    Draft202012Validator(json.loads(finding_json.schema())).validate(json.loads(text))
    assert finding_json.read(text.encode()) == made
    assert finding_json.write(finding_json.read(text)) == text


@settings(max_examples=15)
@given(reports())
def test_every_report_can_be_shown(made: Report) -> None:
    finding_markdown.write(made)
    finding_html.write(made)
    for one in made.findings:
        assert "".join(run.text for run in finding_words.printed_runs(one)) == one.quotation.printed


def test_the_schema_names_every_field_and_value_of_the_model() -> None:
    names = json.loads(finding_json.schema())["$defs"]
    waiting: list[Any] = [Finding, Coverage]
    seen = set()
    while waiting:
        kind = waiting.pop()
        waiting += typing.get_args(kind)
        if not isinstance(kind, type) or kind in seen:
            continue
        seen.add(kind)
        if dataclasses.is_dataclass(kind):
            key = kind.__name__[0].lower() + kind.__name__[1:]
            if kind.__name__ != "PartialDate":
                fields = [one.name for one in dataclasses.fields(kind)]
                assert list(names[key]["properties"]) == fields
                assert names[key]["required"] == fields
                waiting += typing.get_type_hints(kind).values()
        elif issubclass(kind, Enum):
            text = json.dumps(names)
            assert all(json.dumps(one.value) in text for one in kind)


def test_coverage_is_written_once() -> None:
    document = json.loads(finding_json.write(report(altered(), altered(), verbatim())))
    assert len(document["coverages"]) == 1
    assert document["notice"] == NOT_HEARD


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: d.update(offair_report="2.0"), "version"),
        (lambda d: d.pop("desk"), "lacks desk"),
        (lambda d: d.update(new=1), "unknown field"),
        (lambda d: d["findings"][0].update(coverage=9), "coverage"),
        (lambda d: d["findings"][0].update(words="false"), "words"),
        (lambda d: d["findings"][0]["passages"][0].update(piece=9), "no piece"),
        (lambda d: d["findings"][0]["quotation"]["date"].update(value="2023-13"), "calendar"),
    ],
)
def test_a_document_that_is_wrong_is_refused_with_its_place(change: Any, reason: str) -> None:
    document = json.loads(finding_json.write(report(altered())))
    change(document)
    with pytest.raises(BadInput, match=reason):
        finding_json.read(json.dumps(document))


@pytest.mark.parametrize("text", ["", "[]", "{", "NaN", '{"offair_report": NaN}', "[" * 100_000])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        finding_json.read(text)


def test_a_later_version_loses_what_is_new_and_says_so() -> None:
    document = json.loads(finding_json.write(report(altered())))
    document["offair_report"] = "1.7"
    document["findings"][0]["mood"] = "sour"
    found = finding_json.read(json.dumps(document))
    assert found.findings == (altered(),)
    assert "mood" in found.remarks[-1]


def _hostile() -> Report:
    bad = dataclasses.replace(
        altered(HOSTILE, passages=()),
        reasons=(HOSTILE,),
        pieces=(piece(HOSTILE, HOSTILE, HOSTILE, speaker=HOSTILE, channel=HOSTILE),),
        spellings=((HOSTILE, HOSTILE),),
        quotation=Quotation(HOSTILE, speaker=HOSTILE, context=f"a {HOSTILE}", language='"><b>'),
        coverage=dataclasses.replace(COVERAGE, remarks=(HOSTILE,)),
    )
    return report(bad, no_quotation(HOSTILE), title=HOSTILE, source=HOSTILE, remarks=(HOSTILE,),
                  desk=HOSTILE)  # fmt: skip


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not any(name.startswith("on") for name, _ in attrs)


def test_hostile_text_makes_nothing_on_the_page() -> None:
    page = finding_html.write(_hostile())
    tags = _Tags()
    tags.feed(page)
    assert not tags.tags & {"script", "img", "iframe", "b", "link", "object"}
    assert all(one.startswith("#q") for one in tags.addresses)
    assert "default-src 'none'" in unescape(page)


def test_hostile_text_makes_nothing_in_markdown() -> None:
    text = finding_markdown.write(_hostile())
    tags = _Tags()
    tags.feed(MarkdownIt("commonmark").enable("table").enable("strikethrough").render(text))
    assert not tags.tags & {"script", "img", "a", "b"}
    assert "\x1b" not in text


def test_marks_stand_on_the_words_and_do_not_rest_on_colour() -> None:
    page = finding_html.write(report(altered()))
    assert '<span class="m left-out critical"' in page
    assert "negation; critical" in page
    assert "~~not~~‼" in finding_markdown.write(report(altered()))


def test_provisional_findings_say_so_everywhere() -> None:
    made = report(altered())
    for text in (finding_html.write(made), finding_markdown.write(made), finding_json.write(made)):
        assert NOT_HEARD in text
    assert NOT_HEARD not in finding_html.write(report(verbatim()))


def test_critical_edits_come_first() -> None:
    first, second = finding_words.edits(altered())
    assert (first.critical, second.critical) == (True, False)
    quiet = altered(passages=(), provisional=None)
    assert finding_words.first_to_look_at(report(verbatim(), quiet, altered())) == (3, 2)


def test_chance_is_said_in_words() -> None:
    said = finding_words.significance(altered())
    assert said is not None
    assert "expected by chance less than 0.001 times in this archive" in said


def test_every_finding_has_its_words() -> None:
    assert set(finding_words.WORDS) == set(WordsFinding)
    assert len(finding_words.SPEAKER) == 7
    assert len(finding_words.CONTEXT) == 8


def test_no_space_stands_before_a_closing_mark() -> None:
    given = {".": "", "?": "", "”": "", ")": "", "، ثم": "", "and so on": " ", "(laughs)": " "}
    assert {after: finding_words.gap(after) for after in given} == given
    assert finding_words.gap("") == " "
    assert finding_words.gap(" and so on") == ""


def test_markdown_keeps_the_spaces_between_words() -> None:
    text = finding_markdown.write(report(altered()))
    assert "> We will leave **the** harbour\n" in text
    assert "⟦We will ~~not~~‼leave" not in text
    plain = " ".join(text.replace("~~", "").replace("**", "").replace("‼", "").split())
    assert "⟦We will not leave that harbour⟧" in plain


def test_the_worst_part_is_in_the_heading() -> None:
    other = dataclasses.replace(
        verbatim(), speaker=SpeakerFinding.SOMEBODY_ELSE, leads="speaker", provisional=NOT_HEARD
    )
    assert finding_words.headline(other) == "somebody else; words verbatim"
    assert "## 1. somebody else; words verbatim" in finding_markdown.write(report(other))
    assert "somebody else; words verbatim" in finding_html.write(report(other))
    assert finding_words.headline(verbatim()) == "verbatim"


def test_another_name_than_the_one_claimed_is_something_to_look_at() -> None:
    said = verbatim()
    claimed = dataclasses.replace(said.quotation, speaker="Bob Stone")
    other = dataclasses.replace(said, quotation=claimed, speaker=SpeakerFinding.UNCONFIRMED)
    assert finding_words.tone(other) == "look"
    unknown = dataclasses.replace(other, pieces=(piece("Good evening.", speaker=None),))
    assert finding_words.tone(unknown) == "good"


def test_chance_and_fragment_are_told_only_where_they_tell_something() -> None:
    lost = altered(words=WordsFinding.NOT_FOUND, provisional=None)
    assert finding_words.significance(lost) is None
    assert finding_words.longest(lost) is not None
    told = altered(reasons=("the longest part that was said is “leave”, 12 times",))
    assert finding_words.longest(told) is None


def test_what_was_searched_is_told_once_with_the_findings_it_belongs_to() -> None:
    other = dataclasses.replace(COVERAGE, words_searched=38)
    made = report(altered(), altered(), altered(), altered(coverage=other), no_quotation())
    ((held, lines),) = finding_words.searched(made)
    assert held == COVERAGE
    assert lines[:2] == (
        "Searched for 1–3: 250,000 words of 1 channel.", "Searched for 4: 38 words of 1 channel.",
    )  # fmt: skip
    assert lines.count(COVERAGE.remarks[0]) == 1
    for text in (finding_markdown.write(made), finding_html.write(made)):
        assert text.count("What was searched") == 1
    ((_, single),) = finding_words.searched(report(altered()))
    assert single[0] == "Searched: 250,000 words of 1 channel."


def test_a_provisional_finding_names_the_command_that_ends_it() -> None:
    timed = altered()
    (command,) = finding_words.confirming(dataclasses.replace(timed, provisional=NOT_HEARD))
    assert command.startswith(f"offair confirm {timed.pieces[0].recording_id} --from ")
    untimed = dataclasses.replace(
        timed.pieces[0], at=None, until=None, spoken="it's `ours` $HOME", speaker=None,
        heard=False,
    )  # fmt: skip
    waiting = dataclasses.replace(timed, provisional=NOT_HEARD, pieces=(untimed,), passages=())
    (command,) = finding_words.confirming(waiting)
    assert shlex.split(command)[2] == "it's `ours` $HOME"
    assert "--as-shown" not in command
    # Somebody is claimed and nobody named: the listener has to write the name.
    assert command.endswith(' --speaker ""')
    text = finding_markdown.write(report(waiting))
    assert f"`` {command} ``" in text
    assert "offair confirm" in finding_html.write(report(waiting))
    settled = dataclasses.replace(waiting, provisional=None)
    assert finding_words.confirming(settled) == ()
    assert "offair confirm" not in finding_html.write(report(settled))


def test_what_an_english_sentence_quotes_cannot_turn_its_direction() -> None:
    made = finding_html.isolated("“ولن” is printed; Ann & co", ("Ann & co",))
    assert made == "<bdi>“ولن”</bdi> is printed; <bdi>Ann &amp; co</bdi>"


def test_how_a_speaker_was_guessed_is_said_in_every_form() -> None:
    one = verbatim()
    guessed = dataclasses.replace(
        one, quotation=dataclasses.replace(
            one.quotation, speaker="Ann Smith", certain=False, speaker_from="the pronoun “she”"
        ),
    )  # fmt: skip
    for text in (finding_markdown.write(report(guessed)), finding_html.write(report(guessed))):
        assert "guessed from the pronoun “she”" in text
    assert finding_json.read(finding_json.write(report(guessed))) == report(guessed)
    other = dataclasses.replace(guessed, speaker=SpeakerFinding.SOMEBODY_ELSE)
    assert "Look first whether" in finding_markdown.write(report(other))
    sure = dataclasses.replace(other, quotation=one.quotation)
    assert "Look first whether" not in finding_markdown.write(report(sure))
