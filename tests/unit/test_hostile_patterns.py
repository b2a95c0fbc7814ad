"""Readers over the worst that was found for their patterns: work grows as the text does.

Each of these took minutes or for ever once. What is counted is work where it can be counted; the
others are given texts over which a search that steps back would never end.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import regex

from offair.engines.translation import openai_engine
from offair.formats import (
    article_html,
    briefing,
    briefing_text,
    names_csv,
    plain_transcript,
    record_docx_reading,
    record_header_fields,
)
from offair.formats.spoken_document import TurnText
from offair.media import captioning
from offair.model.transcript import MarkKind
from offair.text import caption_agreement, clauses, dateline, judge_places, quoted_attribution

SIZE = 1_000_000
WORST: tuple[tuple[Any, str, str], ...] = (
    (article_html._NOTE_MARK_RE, "fullmatch", " " * SIZE + "-"),
    (briefing._END_RE, "fullmatch", "# # #" + " " * SIZE + "-"),
    (briefing_text._PART_RE, "finditer", "<!--" * (SIZE // 4)),
    (briefing_text._PART_RE, "finditer", "<s>a" * (SIZE // 4)),
    (caption_agreement._ASIDE_RE, "finditer", "[" * SIZE),
    (captioning._VOICE_RE, "search", "<v" + " " * SIZE),
    (clauses._SAID_RE, "match", "concluded" + " " * SIZE),
    (dateline._AFTER_RE, "fullmatch", " " * SIZE + "-"),
    (dateline._END_RE, "search", " " * SIZE),
    (judge_places._NOTE_RE, "finditer", "(" + "laughs,  " * (SIZE // 9)),
    (judge_places._NOTE_RE, "finditer", "(sighs" + "](" * (SIZE // 2)),
    (names_csv._NOTED_RE, "fullmatch", "a" + " " * SIZE + "]"),
    (openai_engine._FENCE_RE, "fullmatch", "```" + "\n" * SIZE + "-"),
    (plain_transcript._EMPHASIS_RE, "match", "**a" + " " * SIZE),
    (plain_transcript._LABEL_TIME_RE, "match", "a" + " " * SIZE),
    (quoted_attribution._ALONE_RE, "fullmatch", " " * SIZE + "-"),
    (record_docx_reading._KICKER_RE, "fullmatch", "Clip record " + "#" * SIZE),
    (record_header_fields.NUMBER_LINE, "fullmatch", "#" + " " * SIZE + "-"),
)


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    ("pattern", "how", "text"), WORST, ids=[f"{how} {text[:8]!r}" for _, how, text in WORST]
)
def test_a_pattern_does_not_step_back(
    pattern: re.Pattern[str] | regex.Pattern[str], how: str, text: str
) -> None:
    found = getattr(pattern, how)(text)
    assert found is None or sum(1 for _ in found) < SIZE


def test_a_briefing_of_nothing_but_brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces are put together once for the whole text, not once for each."""
    joined: list[int] = []
    whole = TurnText.text.fget
    assert whole is not None

    def counted(turn: TurnText) -> str:
        text: str = whole(turn)
        joined.append(len(text))
        return text

    monkeypatch.setattr(TurnText, "text", property(counted))
    said = "(a) " * 3_000
    (turn,) = briefing.read(said.encode(), source="x").turns
    assert turn.text == said.strip()
    assert sum(joined) <= 3 * len(said)


def test_turns_are_made_of_pieces() -> None:
    """As many characters are put in as come out, whatever is asked on the way."""
    put: list[int] = []

    class Counted(TurnText):
        def _put(self, piece: str) -> None:
            put.append(len(piece))
            super()._put(piece)

    turn = Counted()
    for number in range(2_000):
        turn.add(f"word {number} ")
        if number % 10 == 9:
            turn.paragraph()
        turn.mark(MarkKind.STAGE, "(Applause.)")
    text, marks = turn.finished()
    assert len(text) <= sum(put) <= len(text) + 2 * 200
    assert [one.char_start for one in marks] == sorted(one.char_start for one in marks)
    assert turn.text.rstrip() == text
    assert (turn.length, turn.end) == (len(turn.text), len(text))


def test_words_at_the_beginning_of_a_line_are_no_signs() -> None:
    text = "MS. ROE:  Hello.\n\nIt was in 2019. Then we - all of us - went\n2019. Then again.\n"
    (turn,) = briefing.read(text.encode(), source="x").turns
    assert turn.text == ("Hello.\nIt was in 2019. Then we - all of us - went 2019. Then again.")
    listed = "MS. ROE:  Hello.\n\n- one\n- two\n\n1. first\n2. second\n\n## Head\n"
    (turn,) = briefing.read(listed.encode(), source="x").turns
    assert turn.text == "Hello.\none two\nfirst second\nHead"
