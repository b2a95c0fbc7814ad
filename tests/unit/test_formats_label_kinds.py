"""Labels of captions and plain transcripts: a person, a role, or nobody."""

from __future__ import annotations

import pytest

from offair.formats.record_labels import is_role, says_anothers_words
from offair.formats.record_roles import kind_of_label
from offair.model.transcript import SpeakerKind


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("NORA WHITLOW", SpeakerKind.PERSON),
        ("ليلى منصور", SpeakerKind.PERSON),
        ("MS. PSAKI", SpeakerKind.PERSON),
        ("HOST", SpeakerKind.ROLE),
        ("Interviewer", SpeakerKind.ROLE),
        ("MAN", SpeakerKind.ROLE),
        ("Q", SpeakerKind.ROLE),
        ("Narrator", SpeakerKind.LABEL),
        ("CROWD", SpeakerKind.LABEL),
    ],
)
def test_the_kind_of_a_label(label: str, kind: SpeakerKind) -> None:
    assert kind_of_label(label) is kind


@pytest.mark.parametrize(
    ("label", "two"),
    [
        ("Interpreter for Boris Petrov", True),
        ("Ana Silva (interpreter for Boris Petrov)", True),
        ("Ana Silva, interpreter for the President", True),
        ("Presenter reading the Foreign Ministry", True),
        ("Nora Whitlow reading Boris Petrov", True),
        ("Interpreter", False),
        ("Boris Petrov", False),
        ("He was reading Tolstoy", False),
        ("Nora Whitlow reading", False),
        ("University of Reading Professor", False),
        ("The case for Boris Petrov", False),
        ("reading Boris Petrov", False),
        ("", False),
    ],
)
def test_a_label_of_two_says_whose_words_are_spoken(label: str, two: bool) -> None:
    assert says_anothers_words(label) is two
    if two:
        assert is_role(label)
