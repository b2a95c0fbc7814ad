"""Names suggested for voices: from what is said, from captions, and from nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.model.time import Span
from offair.model.transcript import Cue, SpeakerKind, Turn
from offair.model.words import TimeSource, Word, Words
from offair.text import name_hints as name_hints_module
from offair.text.caption_turns import turns_of
from offair.text.name_hints import Suggestion, name_hints


def exchange(*lines: tuple[str | None, str]) -> list[Turn]:
    """Turns of ten seconds each, their words timed."""
    turns = []
    for number, (label, text) in enumerate(lines):
        words, position, start = [], 0, number * 10_000
        for place, word in enumerate(text.split()):
            at = text.index(word, position)
            position = at + len(word)
            time = start + place * 300
            words.append(Word(at, position, time, time + 250, TimeSource.ENGINE))
        span = Span(start, start + 9_000)
        turns.append(Turn(number + 1, number, text, Words.of(words), span, label))
    return turns


def names(found: tuple[Suggestion, ...] | None) -> list[str]:
    return [one.name for one in found or ()]


INTERVIEW = exchange(
    ("A", "I'm Nora Whitlow, in Lisbon. With me is the harbour master, Daniel Marsh."),
    ("B", "Good morning, Nora."),
    ("A", "Mr. Marsh, what is changing?"),
    ("B", "The first boat leaves at 6:40."),
    ("A", "Thank you, Mr. Marsh. Over to you, Tom."),
    ("C", "Thanks, Nora."),
)


def test_an_interview_names_its_voices_and_says_why() -> None:
    found = name_hints(INTERVIEW)
    assert {voice: names(listed) for voice, listed in found.items()} == {
        "A": ["Nora Whitlow"],
        "B": ["Daniel Marsh"],
        "C": ["Tom"],
    }
    assert found["A"][0].reasons == (
        "gives its own name, at 0:00: “I'm Nora Whitlow, in Lisbon.”",
        "greeted just after this voice spoke, at 0:10: “Good morning, Nora.”",
        "thanked just after this voice spoke, at 0:50: “Thanks, Nora.”",
    )
    assert len(found["B"][0].reasons) == 3
    assert found["B"][0].share == 1.0


def test_a_person_known_to_the_desk_gets_its_spelling_and_comes_first() -> None:
    turns = exchange(
        ("A", "Thank you, Karim. Thank you, Selma."), ("B", "Yes."), ("A", "Thank you, Jürgen.")
    )
    found = name_hints(turns, persons=["Selma Öztürk", "Karim A. Haddad", "Karim Nasser"])
    listed = {one.name: one.known for one in found["B"]}
    assert listed == {"Selma Öztürk": True, "Karim": False, "Jürgen": False}
    assert found["B"][0].name == "Selma Öztürk"


def test_names_that_speak_against_each_other_are_all_shown() -> None:
    turns = exchange(
        ("A", "Is that so, Daniel?"),
        ("B", "Yes."),
        ("A", "And why, Daniel?"),
        ("B", "I see."),
        ("A", "Thank you, Peter."),
    )
    found = name_hints(turns)["B"]
    assert [(one.name, len(one.reasons)) for one in found] == [("Daniel", 2), ("Peter", 1)]
    assert found[1].share == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("said", "answered", "name"),
    [
        (
            "Joining us now is our correspondent, Ivy Blackwood-Ames.",
            "Hello.",
            "Ivy Blackwood-Ames",
        ),
        ("With me is the Harbor Master, Daniel Marsh, Mr. Marsh, what now?", "It.", "Daniel Marsh"),
        ("My guest is Dr. Omar al-Khazali.", "Hello.", "Omar al-Khazali"),
        ("Anna Berg reports.", "The sea is calm.", "Anna Berg"),
        ("Let's go live to Mary O'Brien.", "Hello.", "Mary O'Brien"),
        ("Is it safe, Prime Minister?", "It is.", "Prime Minister"),
        ("Connosco está o ministro, João Pedro da Silva.", "Boa tarde.", "João Pedro da Silva"),
        ("Nos acompaña María del Carmen Ruiz.", "Buenas.", "María del Carmen Ruiz"),
        ("Avec nous, Jean-Luc Fontaine.", "Bonsoir.", "Jean-Luc Fontaine"),
        ("Bei uns ist Frau Weber.", "Guten Abend.", "Weber"),
        ("У нас в гостях Анна Иванова.", "Добрый вечер.", "Анна Иванова"),
        ("ضيفنا الدكتور أحمد حسن.", "أهلا وسهلا.", "أحمد حسن"),
        ("تفضل، معالي الوزير. شكرا معالي الوزير.", "نعم.", "الوزير"),
    ],
)
def test_who_is_announced_or_addressed_speaks_next(said: str, answered: str, name: str) -> None:
    assert names(name_hints(exchange(("A", said), ("B", answered))).get("B")) == [name]


@pytest.mark.parametrize(
    ("before", "thanks", "name"),
    [
        ("It rains.", "Thank you very much, Professor Lind.", "Lind"),
        ("It rains.", "Thank you, Mr. President.", "President"),
        ("Chove.", "Obrigado, Ana Sousa.", "Ana Sousa"),
        ("Llueve.", "Muchas gracias, señor ministro.", "Ministro"),
        ("Il pleut.", "Merci beaucoup, Claire.", "Claire"),
        ("Es regnet.", "Vielen Dank, Herr Müller.", "Müller"),
        ("Идёт дождь.", "Спасибо большое, Анна Иванова.", "Анна Иванова"),
        ("إنها تمطر.", "شكرا جزيلا لك دكتور أحمد حسن، ننتقل الآن", "أحمد حسن"),
    ],
)
def test_who_is_thanked_spoke_before(before: str, thanks: str, name: str) -> None:
    assert names(name_hints(exchange(("A", before), ("B", thanks))).get("A")) == [name]


@pytest.mark.parametrize(
    "said",
    [
        "Thank you. And now the weather.",
        "thank you, daniel marsh.",
        "THANK YOU, DANIEL MARSH.",
        "I'm Irish and I live here.",
        "Thank you, God bless you.",
        "Well, what is changing?",
        "We live in Paris, France.",
        "Danke, das Wetter morgen.",
        "شكرا جزيلا لكم",
        "This is London.",
        "I am afraid so.",
    ],
)
def test_what_is_no_name_is_not_suggested(said: str) -> None:
    assert name_hints(exchange(("A", "Yes."), ("B", said), ("C", "Yes."))) == {}


def test_an_unknown_voice_gets_no_suggestion_and_its_words_still_count() -> None:
    found = name_hints(exchange(("A", "It rains."), (None, "Thank you, Nora. I'm Tom Reed.")))
    assert {voice: names(listed) for voice, listed in found.items()} == {"A": ["Nora"]}


def test_captions_name_the_voice_whose_words_they_print() -> None:
    turns = exchange(
        ("A", "good morning from the quay where the boats are leaving"),
        ("B", "the first boat leaves at six and the last one stays"),
    )
    captions = turns_of(
        [
            Cue(Span(2000, 6000), ">> NORA O'HARA: Good morning from the quay"),
            Cue(Span(6000, 9000), "where the boats are leaving."),
            Cue(Span(13_000, 17_000), ">> REPORTER: The first boat leaves at 6,"),
            Cue(Span(17_000, 19_000), "and the last one stays."),
        ]
    )
    found = name_hints(turns, captions=captions)
    assert [(one.name, one.kind) for one in found["A"]] == [("Nora O'Hara", SpeakerKind.PERSON)]
    assert [(one.name, one.kind) for one in found["B"]] == [("Reporter", SpeakerKind.ROLE)]
    assert found["A"][0].reasons == (
        "the captions print NORA O'HARA at 10 of 10 of this voice's words",
    )


_pieces = st.sampled_from(
    ["Thank you,", "Mr. ", "Daniel", "Marsh", "I'm", "my name is", "over to", ",", ".", "?", " ",
     "شكرا", "دكتور", "أحمد", "de", "al-", "'", "\n", "ﬁ", "İ", "\u0301", "obrigado,", "Herr", "Dr"]
)  # fmt: skip
_lines = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", None]),
        st.one_of(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
            st.lists(_pieces, max_size=20).map("".join),
            st.lists(_pieces, max_size=20).map(" ".join),
        ),
    ),
    max_size=6,
)


@given(_lines, st.lists(st.text(max_size=20), max_size=3), st.sampled_from([None, "en", "ar", "x"]))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_every_suggestion_has_a_reason(
    lines: list[tuple[str | None, str]], persons: list[str], language: str | None
) -> None:
    turns = exchange(*lines)
    found = name_hints(turns, persons=persons, language=language)
    assert found == name_hints(turns, persons=persons, language=language)
    assert set(found) <= {label for label, _ in lines if label is not None}
    for listed in found.values():
        assert listed
        assert abs(sum(one.share for one in listed) - 1) < 1e-9
        for one in listed:
            assert one.name.strip()
            assert one.reasons
            assert all(reason.strip() and len(reason) < 300 for reason in one.reasons)


def test_the_desks_persons_are_read_once_however_many_sentences(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    split = name_hints_module._key

    def counted(name: str) -> tuple[str, ...]:
        asked.append(name)
        return split(name)

    monkeypatch.setattr(name_hints_module, "_key", counted)
    persons = [f"Person Number{number}" for number in range(50)]
    lines = [("A" if turn % 2 else "B", "Thank you very much. Yes.") for turn in range(40)]
    name_hints(exchange(*lines), persons=persons)
    assert asked.count("Person Number7") < 5


def test_a_text_without_an_end_is_read_in_time_that_grows_with_it() -> None:
    text = "Thank you, " + "Aa " * 20_000
    assert isinstance(name_hints(exchange(("A", "Yes."), ("B", text))), dict)
    shouted = "Mr. " * 5_000 + "a" * 30_000
    assert isinstance(name_hints(exchange(("A", "Yes."), ("B", shouted))), dict)
