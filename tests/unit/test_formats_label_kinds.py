"""Labels of captions and plain transcripts: a person, a role, or nobody."""

from __future__ import annotations

import pytest

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
