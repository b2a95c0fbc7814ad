"""Wrong answers that a hostile reader got once: each of these was called verbatim, or altered."""

from __future__ import annotations

import pytest
from spoken_archive import Said, air, spoken_desk

from offair.desk import Desk
from offair.desk.check_quote import check_quote
from offair.model.finding import ContextFinding, Finding, Quotation, SpeakerFinding, WordsFinding
from offair.text.homographs import unlike
from offair.text.tokenise import tokens

BEFORE = "The fishing season opens in October and closes when the ice comes."
COMING = "when the boats came home to the old harbour of the town at last"
WALL = "The council will build the new harbour wall before the winter storms arrive."
FERRY = "We shall not sell the ferry company to any bank in the capital this year."


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """One for all of these: each looks into the broadcast that it puts on air."""
    return spoken_desk(tmp_path_factory.mktemp("adversary"))


def check(
    desk: Desk, said: str | list[Said], printed: str, language: str = "en", who: str | None = None
) -> Finding:
    turns = [Said("Ana Roe", said)] if isinstance(said, str) else said
    recording, _ = air(desk, [Said("Ana Roe", BEFORE), *turns], language=language)
    return check_quote(desk, Quotation(printed, speaker=who, recording_id=recording.id))


@pytest.mark.parametrize(
    ("language", "said", "printed"),
    [
        ("de", "würden dem Vertrag mit den Nachbarn", "wurden dem Vertrag mit den Nachbarn"),
        ("de", "hätte das Geld der Bank", "hatte das Geld der Bank"),
        ("es", "con los barcos, sí, y sí otra vez", "con los barcos, si, y sí otra vez"),
        ("fr", "il a déclaré la guerre", "il a déclare la guerre à la pêche"),
        ("en", "we were ready", "we're ready"),
        ("en", "the plan helped us", "the plan helped US"),
        ("en", "it was -5 degrees", "it was 5 degrees"),
        ("en", "it was minus 5 degrees", "it was 5 degrees"),
        ("en", "it grew by .5 percent", "it grew by 5 percent"),
    ],
)
def test_one_normal_form_and_yet_another_word(language: str, said: str, printed: str) -> None:
    ours, theirs = tokens(printed, language), tokens(said, language)
    forms = {one.form: one for one in theirs}
    differing = [
        one.form
        for one in ours
        if one.form in forms and unlike(printed, one, said, forms[one.form], language)
    ]
    assert len(differing) == 1


@pytest.mark.parametrize(
    ("language", "said", "printed"),
    [
        ("de", "Die Straße führt zum Fluß", "Die STRASSE führt zum Fluss"),
        ("fr", "l'État a déclaré la guerre", "l’Etat a declare la guerre"),
        ("en", "we’re ready and can’t wait", "we're ready and cant wait"),
        ("en", "THE PLAN HELPED US", "the plan helped us"),
        ("en", "from 5-10 degrees", "from 5-10 degrees"),
        ("en", "a fall of −5 degrees", "a fall of minus 5 degrees"),
        ("en", "- 5 boats came", "5 boats came"),
        ("en", "The Elysée and the café", "The Elysee and the cafe"),
    ],
)
def test_another_spelling_is_no_other_word(language: str, said: str, printed: str) -> None:
    ours, theirs = tokens(printed, language), tokens(said, language)
    forms = {one.form: one for one in theirs}
    assert not any(
        unlike(printed, one, said, forms[one.form], language) for one in ours if one.form in forms
    )


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("The price was -5 dollars", "The price was 5 dollars"),
        ("The price was -5 dollars", "The price was five dollars"),
        ("The price was minus five dollars", "The price was 5 dollars"),
        ("The price was .5 dollars", "The price was 5 dollars"),
        ("We were ready for it", "We are ready for it"),
        ("We were ready for it", "We're ready for it"),
        ("He filled the form", "He filed the form"),
        ("We have one hundred. Twenty people were there", "We have 120 people were there"),
        ("It was possible for us", "It was [im]possible for us"),
        ("Most of the people knew it", "[All] of the people knew it"),
        (
            "They will not, as I told you in the spring when we met, come to us",
            "They will … come to us",
        ),
    ],
)
def test_what_was_called_verbatim_is_altered(desk: Desk, said: str, printed: str) -> None:
    found = check(desk, f"{said} {COMING}.", f"{printed} {COMING}")
    assert found.words is WordsFinding.ALTERED
    assert any(one.critical for one in found.passages) or "We" in printed or "He" in printed


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("The price was minus five dollars", "The price was −5 dollars"),
        ("The price was -5 dollars", "The price was minus 5 dollars"),
        ("The price was .5 dollars", "The price was 0.5 dollars"),
        ("They were fifteen hundred people", "They were 1,500 people"),
        ("They were twenty-five hundred people", "They were 2,500 people"),
        ("They paid 5 lakh rupees", "They paid 500,000 rupees"),
        ("They paid 2½ dollars", "They paid 2.5 dollars"),
        ("They paid two and a half dollars", "They paid 2½ dollars"),
        ("The road was 15 km long", "The road was 15 kilometres long"),
        ("We’re ready. We'll be well", "We're ready. We’ll be well"),
        ("They travelled and cancelled it", "They traveled and canceled it"),
    ],
)
def test_what_was_called_altered_is_verbatim(desk: Desk, said: str, printed: str) -> None:
    found = check(desk, f"{said} {COMING}.", f"{printed} {COMING}")
    assert found.words is WordsFinding.VERBATIM


@pytest.mark.parametrize(
    ("language", "said", "printed", "words"),
    [
        ("hi", "5 लाख रुपये", "5,00,000 रुपये", WordsFinding.VERBATIM),
        ("hi", "5 लाख रुपये", "5 करोड़ रुपये", WordsFinding.ALTERED),
    ],
)
def test_scale_words_behind_digits(
    desk: Desk, language: str, said: str, printed: str, words: WordsFinding
) -> None:
    text = "हम इस साल {} स्कूल और सड़क पर खर्च करेंगे और नदी पर पुल बनाएंगे"
    found = check(desk, text.format(said), text.format(printed), language)
    assert found.words is words


def test_a_greek_negation_left_out(desk: Desk) -> None:
    said = "Εμείς δεν θα πουλήσουμε το λιμάνι στις τράπεζες της πρωτεύουσας φέτος."
    found = check(desk, said, said.replace(" δεν", ""), "el")
    assert found.words is WordsFinding.ALTERED


@pytest.mark.parametrize(("one", "two"), [("not able", "notable"), ("now here", "nowhere")])
def test_words_written_together_are_not_always_the_same(desk: Desk, one: str, two: str) -> None:
    found = check(desk, f"He was {one} {COMING}.", f"He was {two} {COMING}")
    assert found.words is not WordsFinding.VERBATIM


@pytest.mark.parametrize("who", ["Ana Roe", "Bob Doe"])
@pytest.mark.parametrize("between", [" ", " … "])
def test_two_voices_in_one_quotation_are_not_one_speaker(
    desk: Desk, who: str, between: str
) -> None:
    turns = [Said("Ana Roe", WALL), Said("Bob Doe", FERRY)]
    found = check(desk, turns, f"{WALL}{between}{FERRY}", who=who)
    assert found.speaker is SpeakerFinding.SOMEBODY_ELSE
    assert found.leads == "speaker"
    assert any("Bob Doe" in reason and "Ana Roe" in reason for reason in found.reasons)


def test_a_word_over_the_edge_of_a_turn_is_no_second_voice(desk: Desk) -> None:
    turns = [Said("Bob Doe", f"{FERRY} Well, the"), Said("Ana Roe", WALL.removeprefix("The "))]
    found = check(desk, turns, WALL, who="Ana Roe")
    assert found.speaker is SpeakerFinding.AS_CLAIMED


def test_a_whole_turn_of_one_word_is_a_voice(desk: Desk) -> None:
    turns = [Said("Ana Roe", WALL), Said("Bob Doe", "Never."), Said("Ana Roe", FERRY)]
    found = check(desk, turns, f"{WALL} Never. {FERRY}", who="Ana Roe")
    assert found.speaker is SpeakerFinding.SOMEBODY_ELSE


@pytest.mark.parametrize(
    ("lead", "negated"),
    [
        ("There is no doubt that", False),
        ("Make no mistake that", False),
        ("Let's not forget that", False),
        ("I cannot stress enough that", False),
        ("I deny that", True),
        ("It is false to say that", True),
        ("I reject the idea that", True),
        ("There is no proof that", True),
        ("I have no doubt that they do not think", True),
    ],
)
def test_what_governs_a_quotation(desk: Desk, lead: str, negated: bool) -> None:
    found = check(desk, f"{lead} {WALL[0].lower()}{WALL[1:]}", WALL)
    assert found.words is WordsFinding.VERBATIM
    assert (ContextFinding.NEGATION in found.context) is negated
