"""Is it what was said? Invented speech, and the ways a printed quotation can differ from it."""

from __future__ import annotations

import pytest

from offair.model.finding import (
    ContextFinding,
    EditClass,
    EditKind,
    Quotation,
    SpeakerFinding,
    WordsFinding,
)
from offair.model.names import Name, NameKind, Office, Spelling
from offair.model.time import PartialDate
from offair.model.transcript import LayerKind, LayerOrigin
from offair.text.judge import Judged, Rarity, judge
from offair.text.judge_places import Place, SpokenTurn, Voice
from offair.text.judge_speaker import KnownNames, Same
from offair.text.printed import read_printed
from offair.text.significance import word_bits
from offair.text.spellings import Spellings

WORDS = 10_000_000
ROE = Voice("Ana Roe", None, True, True)
DOE = Voice("Bob Doe", None, True, True)

HARBOUR = (
    "We met the harbour board on Monday. The council does not support the new harbour wall, and I "
    "may visit fifteen villages on the northern coast if the weather holds. Some of the boats will "
    "need two million euros a year. Thank you all very much for coming tonight."
)
W, S, C = WordsFinding, SpeakerFinding, ContextFinding


def place(
    *turns: str | tuple[Voice, str],
    recording: int = 1,
    kind: LayerKind = LayerKind.SPEECH,
    language: str = "en",
    aired: str = "2021-06-01",
) -> Place:
    rows = [one if isinstance(one, tuple) else (ROE, one) for one in turns]
    spoken = tuple(
        SpokenTurn(recording * 100 + at, text, voice) for at, (voice, text) in enumerate(rows)
    )
    return Place(
        recording, recording, kind, LayerOrigin.ENGINE, language, PartialDate.parse(aired), spoken
    )


def check(
    printed: str,
    *places: Place | str,
    speaker: str | None = "Ana Roe",
    date: str | None = None,
    names: tuple[Name, ...] = (),
    language: str = "en",
) -> Judged:
    given = [one if isinstance(one, Place) else place(one, language=language) for one in places]
    words = read_printed(printed, language)
    bits = word_bits([800] * len(words.tokens), WORDS)
    asked = Quotation(printed, speaker, PartialDate.parse(date) if date else None)
    judged = judge(
        asked, words, given, Rarity(bits, WORDS), spellings=Spellings.of(names),
        known=KnownNames(names),
    )  # fmt: skip
    assert judged is not None
    covered = [at for one in judged.passages for at in range(*one.printed_chars)]
    assert len(covered) == len(set(covered))
    for token in words.tokens:
        assert set(range(token.char_start, token.char_end)) <= set(covered)
    for one in judged.passages:
        assert printed[slice(*one.printed_chars)] == one.printed_text
        if one.piece is not None:
            start, end = judged.used[one.piece].chars
            spoken = judged.used[one.piece].place.text[start:end]
            assert spoken[slice(*one.spoken_chars)] == one.spoken_text
    return judged


def critical(judged: Judged) -> set[EditClass]:
    return {kind for one in judged.passages if one.critical for kind in one.classes}


@pytest.mark.parametrize(
    ("printed", "finding"),
    [
        ("The council does not support the new harbour wall", W.VERBATIM),
        ("the council does not support the New Harbour Wall!", W.VERBATIM),
        ("I may visit 15 villages on the northern coast if the weather holds.", W.VERBATIM),
        ("The council doesn’t support the new harbor wall", W.VERBATIM),
        ("some of the boats will need €2 million a year", W.VERBATIM),
        ("The council does not support the new harbour wall … if the weather holds", W.ELIDED),
        ("[The council] does not support the new harbour wall", W.VERBATIM),
        ("[The mayor] does not support the new harbour wall", W.BRACKETED),
        ("The council does not support the new [harbour] wall [sic]", W.BRACKETED),
        ("The council does not support the harbour wall, and I may visit", W.CUT),
        ("The council does support the new harbour wall, and I may visit", W.ALTERED),
        ("The council does not like the new harbour wall, and I may visit", W.ALTERED),
        ("The council does not support the new harbour walls, and I may visit", W.ALTERED),
        ("The council does not support the big new harbour wall, and I may", W.ALTERED),
    ],
)
def test_words(printed: str, finding: W) -> None:
    assert check(printed, HARBOUR).words is finding


@pytest.mark.parametrize(
    ("printed", "touched"),
    [
        ("The council does support the new harbour wall, and I may visit", EditClass.NEGATION),
        ("The council not does support the new harbour wall, and I may", EditClass.NEGATION),
        ("not support the new harbour wall, and I will visit fifteen", EditClass.MODALITY),
        ("and I may visit fifty villages on the northern coast", EditClass.NUMBER),
        ("and I may visit 50 villages on the northern coast", EditClass.NUMBER),
        ("Some of the boats will need two billion euros a year", EditClass.NUMBER),
        ("Some of the boats will need two million dollars a year", EditClass.UNIT),
        ("All of the boats will need two million euros a year", EditClass.QUANTIFIER),
        ("on the northern coast unless the weather holds", EditClass.CONDITION),
        ("The council does … support the new harbour wall, and I may visit", EditClass.NEGATION),
        ("The council does [already] support the new harbour wall, and I may", EditClass.NEGATION),
        ("the new harbour wall, and I [will] visit fifteen villages", EditClass.MODALITY),
        ("Some of the boats will need [three] million euros a year", EditClass.NUMBER),
    ],
)
def test_a_critical_word_changed_left_out_or_put_in_brackets(
    printed: str, touched: EditClass
) -> None:
    judged = check(printed, HARBOUR)
    assert judged.words is W.ALTERED
    assert touched in critical(judged)
    assert touched.value in judged.reasons[0]
    assert judged.leads == "words"


def test_a_condition_cut_from_the_middle_is_critical() -> None:
    said = "We will rebuild the pier, if the bank agrees to it, before the storms of winter come."
    judged = check("We will rebuild the pier before the storms of winter come.", said)
    assert judged.words is W.ALTERED
    assert EditClass.CONDITION in critical(judged)


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("Today we uh we sail at dawn from the pier", "Today we sail at dawn from the pier"),
        ("Today at noon we were — we are sailing home", "Today at noon we are sailing home"),
        ("We sail, you know, at dawn from the old pier", "We sail at dawn from the old pier"),
        ("Today we sail at — we sail at dawn from here", "Today we sail at dawn from here"),
    ],
)  # fmt: skip
def test_fillers_and_false_starts_are_cleaned(said: str, printed: str) -> None:
    judged = check(printed, said)
    assert judged.words is W.CLEANED
    assert not critical(judged)
    assert judged.leads != "words" or judged.weights["words"] < 10


def test_words_said_again_in_the_next_sentence_are_no_false_start() -> None:
    said = "There is no room for hatred in Harbour Town. In Harbour Town, we look after the boats."
    printed = "There is no room for hatred in Harbour Town. We look after the boats."
    assert check(printed, said).words is W.CUT


def test_dashes_possessives_and_quotation_marks_change_nothing() -> None:
    said = "The city's well-known ferry -- the “Swift” -- is nobody's toy, is it?"
    judged = check("the city’s well known ferry – the Swift – is nobody’s toy", said)
    assert judged.words is W.VERBATIM


def test_two_halves_glued_together() -> None:
    other = place(
        "I told the workers in the valley that wages rise by ten percent before the spring.",
        recording=2,
    )
    judged = check(
        "The council does not support the new harbour wall before the spring, ten percent",
        HARBOUR, other,
    )  # fmt: skip
    assert judged.words is not W.VERBATIM
    glued = (
        "The council does not support the new harbour wages rise by ten percent before the spring"
    )
    judged = check(glued, HARBOUR, other)
    assert judged.words is W.SPLICED
    assert [one.place.recording_id for one in judged.used] == [1, 2]
    assert "two recordings" in judged.reasons[0]


def test_order_reversed_is_a_splice_and_an_ellipsis_is_none() -> None:
    first = "The council does not support the new harbour wall"
    last = "Some of the boats will need two million euros a year"
    assert check(f"{first} … {last}", HARBOUR).words is W.ELIDED
    judged = check(f"{last} … {first}", HARBOUR)
    assert judged.words is W.SPLICED
    assert "was said before" in judged.reasons[0]


def test_an_answer_goes_on_after_an_interjection_and_across_turns() -> None:
    spoken = place(
        "We have looked at every boat in the harbour", (DOE, "Really? All of them?"),
        "and not one of them is fit for the winter sea.",
    )  # fmt: skip
    quoted = "We have looked at every boat in the harbour and not one of them is fit for the winter"
    judged = check(quoted, spoken)
    assert judged.words is W.VERBATIM
    assert judged.speaker is S.AS_CLAIMED
    joined = check(quoted, place("We have looked at every boat in the harbour", "and not one of them is fit for the winter sea."))  # fmt: skip # noqa: E501
    assert joined.words is W.VERBATIM


def test_applause_is_no_word() -> None:
    said = "We will rebuild the pier (applause) and the lighthouse [LAUGHTER] before winter comes."
    judged = check("We will rebuild the pier and the lighthouse before winter comes.", said)
    assert judged.words is W.VERBATIM


def test_chance_is_told_from_a_find() -> None:
    judged = check("the new boats", HARBOUR)
    assert not judged.believed
    assert check("The council does not support the new harbour wall", HARBOUR).believed


def test_the_same_sentence_twice_in_one_speech_is_no_splice() -> None:
    said = "We sail at dawn from the old pier. The wind is good. We sail at dawn from the old pier."
    judged = check("We sail at dawn from the old pier. The wind is good.", said)
    assert judged.words is W.VERBATIM


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("support the new harbour wall, and I may visit fifteen villages", C.NEGATION),
        ("I may visit fifteen villages on the northern coast", C.CONDITION),
        ("The council does not support the new harbour wall", C.SENTENCE_CUT),
        ("Some of the boats will need two million euros a year", C.COMPLETE),
    ],
)
def test_context(printed: str, found: C) -> None:
    judged = check(printed, HARBOUR)
    assert found in judged.context
    assert (C.COMPLETE in judged.context) == (found is C.COMPLETE)


QUOTED = "the old lighthouse belongs to the people of the northern coast"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Do you think that {}?", C.QUESTION),
        ("I do not believe that {}.", C.NEGATION),
        ("It is not true, and it never was true, that {}.", C.NEGATION),
        ("{}. That is not true.", C.NEGATION),
        ("If the court agrees, {}.", C.CONDITION),
        ("{}, unless the court says otherwise.", C.EXCEPTION),
        ("{}, except for the tower itself.", C.EXCEPTION),
        ("My opponents claim that {}.", C.ATTRIBUTION),
        ("According to the ministry, {}.", C.ATTRIBUTION),
        ("{}, some people say.", C.ATTRIBUTION),
        ("{}. That’s what they say.", C.ATTRIBUTION),
    ],
)
def test_what_governs_a_quotation_is_shown(said: str, found: C) -> None:
    judged = check(QUOTED, said.format(QUOTED))
    assert found in judged.context, judged.reasons
    assert judged.words is W.VERBATIM


OPENED = {
    "en": ("When {}, we sail.", "If {}, we sail.", "Unless {}, we sail.", "Until {}, we stay.",
           "And so, until the court agrees, {}.", "As long as the court sits, {}.",
           "So whenever {}, we sail.", "We cannot sail until {}."),
    "fr": ("Quand {}, nous partirons.", "Tant que {}, nous restons.", "À moins que {}, non."),
    "es": ("Cuando {}, salimos.", "Hasta que {}, nos quedamos.", "Y si {}, salimos."),
    "pt": ("Se {}, vamos.", "Quando {}, vamos."),
    "it": ("Se {}, andiamo.", "Finché {}, restiamo."),
    "de": ("Wenn {}, fahren wir.", "Sobald {}, fahren wir."),
    "ru": ("Если {}, мы уйдём.", "Когда {}, мы уйдём."),
    "ar": ("إذا {}، سنغادر.", "عندما {}، سنغادر."),
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "said"), [(base, one) for base, row in OPENED.items() for one in row]
)
def test_the_opener_of_a_condition_may_not_be_dropped(language: str, said: str) -> None:
    judged = check(QUOTED, said.format(QUOTED), language=language)
    assert C.CONDITION in judged.context, judged.reasons


@pytest.mark.parametrize(
    "said",
    [
        "When I was young, {}.", "He asked when {}.", "When will it be said that {}?",
        "I remember when {}.", "Otherwise, {}.", "Once, long ago, {}.", "Now and then {}.",
    ],
)  # fmt: skip
def test_a_time_or_a_question_is_no_condition(said: str) -> None:
    assert C.CONDITION not in check(QUOTED, said.format(QUOTED)).context


@pytest.mark.parametrize(
    "said",
    [
        "No, {}.", "I said it was not easy, but {}.", "We will not wait. {}. Nobody is against it.",
        "And so, ladies and gentlemen, I repeat: {}.", "He asked me if I was well. {}.",
    ],
)  # fmt: skip
def test_other_words_govern_nothing(said: str) -> None:
    judged = check(QUOTED, said.format(QUOTED))
    assert not {C.NEGATION, C.CONDITION, C.ATTRIBUTION, C.QUESTION} & set(judged.context)


def test_a_printed_question_may_be_a_question() -> None:
    said = "Does the old lighthouse belong to the people of the northern coast?"
    assert C.QUESTION not in check(said, said).context


def test_another_date() -> None:
    assert C.OTHER_DATE in check(QUOTED, QUOTED, date="2021-07-01").context
    assert C.OTHER_DATE not in check(QUOTED, QUOTED, date="2021-06").context


@pytest.mark.parametrize(
    ("said", "by"),
    [
        ("He said, “{}.” And I agreed.", "He"),
        ("As Maria Lopez once said, {}.", "Maria Lopez"),
        ("The ferry company told us that {}.", "The ferry company"),
        ("In the words of Maria Lopez: {}.", "Maria Lopez"),
        ("“{},” she said, and left.", "she"),
        ("There is an old song: “{}.”", None),
    ],
)
def test_the_speaker_may_quote_somebody(said: str, by: str | None) -> None:
    judged = check(QUOTED, said.format(QUOTED))
    assert judged.speaker is S.QUOTING, judged.reasons
    if by is not None:
        assert any(by in reason for reason in judged.reasons)


@pytest.mark.parametrize("said", ["I said, “{}.”", "I told them that {}.", "Let me say this: {}."])
def test_own_words_are_not_quoted_from_somebody_else(said: str) -> None:
    assert check(QUOTED, said.format(QUOTED)).speaker is S.AS_CLAIMED


@pytest.mark.parametrize(
    ("voice", "claimed", "finding"),
    [
        (ROE, "Ana Roe", S.AS_CLAIMED),
        (ROE, "Roe", S.AS_CLAIMED),
        (ROE, "Ms. Roe", S.AS_CLAIMED),
        (ROE, "Bob Doe", S.SOMEBODY_ELSE),
        (ROE, None, S.NOBODY_NAMED),
        (ROE, "a senior official", S.UNCONFIRMED),
        (Voice(), "Ana Roe", S.UNCONFIRMED),
        (Voice("Ana Roe"), "Bob Doe", S.UNCONFIRMED),
        (Voice("Ana Roe", None, False, True), "Bob Doe", S.SOMEBODY_ELSE),
        (Voice("Ana Roe"), "Ana Roe", S.AS_CLAIMED),
        (Voice("Eva Interpreter", "Ana Roe", True), "Ana Roe", S.READ_OUT),
        (Voice(None, "Ana Roe", True), "Ana Roe", S.READ_OUT),
        (Voice("Eva Lind", "Ana Roe", True), "Bob Doe", S.SOMEBODY_ELSE),
    ],
)
def test_speaker(voice: Voice, claimed: str | None, finding: S) -> None:
    judged = check(QUOTED, place((voice, QUOTED)), speaker=claimed)
    assert judged.speaker is finding


NAMES = (
    Name(
        NameKind.PERSON, "Volodymyr Zelenskyy", "Володимир Зеленський",
        (Spelling("Volodimir Zelenskij"),), offices=(
            Office("President", PartialDate.parse("2019-05-20")),
        ), id=1,
    ),
    Name(
        NameKind.PERSON, "Petro Poroshenko", offices=(
            Office("President", PartialDate.parse("2014-06-07"), PartialDate.parse("2019-05-20")),
        ), id=2,
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("claimed", "shown", "on", "same"),
    [
        ("Zelensky", "Volodymyr Zelenskyy", None, Same.SPELLED),
        ("Zelenskyy", "Volodymyr Zelenskyy", None, Same.YES),
        ("Volodimir Zelenskij", "Volodymyr Zelenskyy", None, Same.SPELLED),
        ("the President", "Volodymyr Zelenskyy", "2021-01-01", Same.SPELLED),
        ("the President", "Volodymyr Zelenskyy", "2018-01-01", Same.NO),
        ("THE PRESIDENT", "President Poroshenko", "2018-01-01", Same.SPELLED),
        ("Володимир Зеленський", "Volodymyr Zelenskyy", None, Same.SPELLED),
        ("Mr. Poroshenko", "Volodymyr Zelenskyy", None, Same.NO),
        ("Qais al-Khazali", "Qays Khaz'ali", None, Same.SPELLED),
        ("Joe Biden", "Joseph R. Biden Jr.", None, Same.SPELLED),
        ("NEC Director Lael Brainard", "Lael Brainard", None, Same.YES),
        ("President Biden", "THE PRESIDENT", None, Same.YES),
        ("Jane Doe", "Mary Doe", None, Same.UNSURE),
        ("Jane Doe", "Ana Roe", None, Same.NO),
    ],
)
def test_one_person_under_two_names(claimed: str, shown: str, on: str | None, same: Same) -> None:
    known = KnownNames(NAMES)
    assert known.same(claimed, shown, PartialDate.parse(on) if on else None) is same


def test_a_spelling_of_a_name_costs_nothing_and_is_reported() -> None:
    said = "I spoke with Volodymyr Zelenskyy about the grain ships on the Black Sea yesterday."
    printed = "I spoke with Volodimir Zelenskij about the grain ships on the Black Sea"
    judged = check(printed, said, names=NAMES)
    assert judged.words is W.VERBATIM
    assert judged.spellings == (("Volodimir Zelenskij", "Volodymyr Zelenskyy"),)
    assert check(printed, said).words is W.ALTERED


def test_a_translation_is_never_verbatim_altered_or_spliced() -> None:
    text = "The council does not support the new harbour wall, and fifteen boats are at sea."
    ours = place(text, kind=LayerKind.TRANSLATION)
    assert check(text, ours).words is W.AS_TRANSLATED
    changed = "The council does not back the new harbour wall, and fifteen boats are at sea."
    assert check(changed, ours).words is W.WITH_CHANGES
    for other in (text.replace(" not", ""), text.replace("fifteen", "fifty")):
        judged = check(other, ours)
        assert judged.words is W.SUBSTANCE
    glued = place("I never saw a bird sit so long on the mast of a ship.", kind=LayerKind.TRANSLATION, recording=2)  # fmt: skip # noqa: E501
    both = "The council does not support the new harbour sit so long on the mast of a ship"
    assert check(both, ours, glued).words in {W.WITH_CHANGES, W.SUBSTANCE}


ARABIC = "لن نغادر الميناء قبل نهاية العام، وهذا قرار المجلس."
REFUSED = "نحن لا نقبل هذا القرار الجديد من المجلس أبدا"
HEBREW = "אנחנו לא נעזוב את הנמל לפני סוף השנה"
CHINESE = "我们不会在年底之前离开这个港口"
THAI = "เราจะไม่ออกจากท่าเรือก่อนสิ้นปี"
RUSSIAN = "Мы не покинем порт до конца этого года"
FRENCH = "Nous ne quitterons pas le port avant la fin de l’année"


@pytest.mark.parametrize(
    ("language", "said", "printed", "finding"),
    [
        ("ar", ARABIC, " ".join(ARABIC.split()[:6]), W.VERBATIM),
        ("ar", ARABIC, ARABIC[3:].strip(), W.VERBATIM),
        ("ar", REFUSED, REFUSED.replace(" لا", ""), W.ALTERED),
        ("he", HEBREW, HEBREW.replace("לפני", "…"), W.ELIDED),
        ("zh", CHINESE, CHINESE, W.VERBATIM),
        ("th", THAI, THAI, W.VERBATIM),
        ("ru", RUSSIAN, RUSSIAN.replace(" не", ""), W.ALTERED),
        ("fr", FRENCH, "Nous quitterons le port avant la fin de l’année", W.ALTERED),
    ],
)
def test_other_scripts(language: str, said: str, printed: str, finding: W) -> None:
    judged = check(printed, said, language=language)
    assert judged.words is finding
    if printed.startswith("نغادر"):
        assert C.NEGATION in judged.context


def test_no_word_found_is_no_finding() -> None:
    words = read_printed("zebras yodel", "en")
    assert (
        judge(Quotation("zebras yodel"), words, [place(HARBOUR)], Rarity((20.0, 20.0), WORDS))
        is None
    )
    assert judge(Quotation("zebras"), words, [], Rarity((20.0, 20.0), WORDS)) is None


def test_equal_matches_go_to_the_claimed_speaker_and_day() -> None:
    first = place((DOE, QUOTED), recording=1, aired="2020-01-01")
    second = place(QUOTED, recording=2, aired="2021-06-01")
    assert check(QUOTED, first, second).used[0].place.recording_id == 2
    assert check(QUOTED, first, second, speaker="Bob Doe").used[0].place.recording_id == 1
    assert check(QUOTED, second, first, speaker=None).used[0].place.recording_id == 1
    dated = check(QUOTED, first, second, speaker=None, date="2021-06-01")
    assert dated.used[0].place.recording_id == 2


def test_passages_say_what_kind_of_edit_it_is() -> None:
    judged = check(
        "The council does not … the new harbour wall, and I may see 15 villages", HARBOUR
    )
    kinds = [one.kind for one in judged.passages]
    assert EditKind.ELIDED in kinds
    assert EditKind.SUBSTITUTED in kinds
    assert kinds.count(EditKind.VARIANT) == 1
