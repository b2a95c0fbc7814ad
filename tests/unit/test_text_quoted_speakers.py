"""Who is said to have said it, and when; guesses are marked as guesses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.formats.article import read_article
from offair.model.finding import Quotation
from offair.model.time import PartialDate
from offair.text.quoted_dates import claimed_date
from offair.text.quoted_speakers import guessed_language, quotations_of


def _read(text: str) -> tuple[Quotation, ...]:
    article = read_article(text.encode(), "story.txt")
    found = quotations_of(article).quotations
    assert all(article.text[one.char_start : one.char_end] == one.printed for one in found)
    return found


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“We go now, all of us,” said White House press secretary Karine Jean-Pierre.",
         "Karine Jean-Pierre"),
        ("“I go. You stay,” Ann Smith told reporters on Tuesday.", "Ann Smith"),
        ("According to Sen. Marcy Kaptur (D-OH), “this is the best day of my life.”",
         "Marcy Kaptur"),
        ("Ann Smith, a teacher in Ohio, said: “My kids are fine and will be fine.”", "Ann Smith"),
        ("Secretary of State Antony Blinken warned that “war is no game for children”.",
         "Antony Blinken"),
        ("Massachusetts Congresswoman and Minority Whip Katherine Clark: “No family should.”",
         "Katherine Clark"),
        ("American Cancer Society Action Network: “We agree with the plan.”",
         "American Cancer Society Action Network"),
        ("A spokesman for the ministry said “we do not know that at all”.",
         "A spokesman for the ministry"),
        ("“The harbour closes at six,” reads the sign.", None),
        ("“Nous irons jusqu’au bout de cette affaire”, a déclaré Emmanuel Macron dans la nuit.",
         "Emmanuel Macron"),
        ("„Wir schaffen das nicht mehr, und das ist die Lage“, sagte Angela Merkel am Montag in "
         "der Stadt.", "Angela Merkel"),
        ("Según María López, “es la peor crisis de los últimos años en España”.", "María López"),
        ("Segundo Ana Costa, “não é uma crise do governo, mas dos partidos”.", "Ana Costa"),
        ("“È una giornata di festa per la città che non dimentica”, ha detto Carla Rossi.",
         "Carla Rossi"),
        ("وقال أحمد أبو الغيط: «لن نقبل بهذا الاتفاق أبدا مهما كان الثمن».", "أحمد أبو الغيط"),
    ],
)  # fmt: skip
def test_the_speaker_is_read_from_the_sentence(text: str, speaker: str | None) -> None:
    (one,) = _read(text)
    assert one.speaker == speaker


def test_an_interruption_leaves_one_quotation() -> None:
    (one,) = _read("“We will go,” Ann Smith said, “and we will stay here.”")
    assert one.printed == "We will go,” Ann Smith said, “and we will stay here."
    assert (one.speaker, one.certain) == ("Ann Smith", True)


def test_a_new_sentence_is_a_new_quotation_of_the_same_speaker() -> None:
    first, second = _read("“We will go to the end,” Ann Smith said. “And we will stay here.”")
    assert (first.speaker, second.speaker) == ("Ann Smith", "Ann Smith")


def test_pronouns_and_titles_are_guesses() -> None:
    found = _read(
        "President Joe Biden came on Monday. “We will go there now,” he said.\n\n"
        "“It is done and dusted,” the president added."
    )
    assert [(one.speaker, one.certain) for one in found] == [("Joe Biden", False)] * 2


def test_a_surname_is_the_person_named_in_full_before() -> None:
    found = _read("Ann Smith came late. “The plan was never mine,” Smith told reporters.")
    assert found[0].speaker == "Ann Smith"


@pytest.mark.parametrize(
    "text",
    [
        "The term “red tape” means paper.",
        "She wrote a book called “The Long Way Home” about it.",
        "They follow the “no wrong door” approach of the agency.",
        "He is a self-described “car guy” from Delaware.",
    ],
)
def test_titles_terms_and_scare_quotes_are_no_speech(text: str) -> None:
    (one,) = _read(text)
    assert not one.is_speech
    assert one.speaker is None


def test_the_first_person_is_the_one_whose_statement_it_is() -> None:
    page = "<h1>Statement by Ann Smith on the harbour</h1><p>As I have often said, “nobody owns "
    page += "the sea and nobody will.”</p>"
    (one,) = quotations_of(read_article(page.encode(), "x.html")).quotations
    assert (one.speaker, one.certain) == ("Ann Smith", False)


PUBLISHED = PartialDate.parse("2023-05-17")


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("he said on June 3, 2021", "2021-06-03"),
        ("he said on 3 June 2021", "2021-06-03"),
        ("he said on 2021-06-03", "2021-06-03"),
        ("he said on June 3", "2022-06-03"),
        ("he said on May 3", "2023-05-03"),
        ("he told reporters Tuesday", "2023-05-16"),
        ("he said on Wednesday", "2023-05-17"),
        ("she said yesterday", "2023-05-16"),
        ("effective April 1", None),
        ("he will say on Friday", None),
        ("said on Monday and on Tuesday", None),
        ("said on February 31, 2021", None),
    ],
)
def test_a_day_is_claimed_only_where_one_is_named(words: str, day: str | None) -> None:
    found = claimed_date(words, PUBLISHED)
    assert (found.value if found else None) == day


def test_a_weekday_means_nothing_without_the_articles_own_day() -> None:
    assert claimed_date("he said on Tuesday", None) is None


def test_a_language_is_not_guessed_from_too_little() -> None:
    assert guessed_language("Ok.") is None
    assert guessed_language("The end of the day is the end of that and of this.") == "en"


@settings(max_examples=40)
@given(
    st.lists(
        st.sampled_from(
            ["“", "”", " said ", "Ann Smith", "he", ", ", ". ", "according to ", ": ", "\n\n",
             "words and more words", "the president", "President", "of", "and", "“No,”", "قال "]
        ),
        max_size=25,
    )
)  # fmt: skip
def test_any_mixture_of_attributions_is_read(pieces: list[str]) -> None:
    _read("x " + "".join(pieces))


def test_shared_articles_are_read_whole(shared: object) -> None:
    from pathlib import Path

    folder = Path(str(shared)) / "quotes" / "white-house" / "articles"
    if not folder.is_dir():
        pytest.skip("no shared articles")
    speech = named = 0
    for path in sorted(folder.rglob("*.md"))[::12]:
        found = quotations_of(read_article(path.read_bytes(), path.name)).quotations
        speech += sum(one.is_speech for one in found)
        named += sum(one.is_speech and one.speaker is not None for one in found)
    assert speech > 20
    assert named > speech / 2


@pytest.mark.parametrize(
    ("text", "last", "how"),
    [
        # A title of which one person is named, and one of which several are.
        ("President Ann Smith came. “We are here to listen,” the president said.",
         "Ann Smith", "the title “the president”"),
        ("President Ann Smith met President Lee Brown. “We are here to go,” the president said.",
         "the president", "the title “the president”, nobody named with it"),
        ("Vice President Ann Smith came. “We are here to listen,” the president said.",
         "the president", "the title “the president”, nobody named with it"),
        # A pronoun: one who is named, one whom the pronoun fits, nobody where two may be meant.
        ("Pat Blue came by boat. “We are here to listen,” she said.",
         "Pat Blue", "the pronoun “she”"),
        ("Mary Blue met John Brown. “We are here to listen,” she said.",
         "Mary Blue", "the pronoun “she”"),
        ("Pat Blue met Robin Brown. “We are here to listen,” she said.", None, ""),
        ("John Brown came by boat. “We are here to listen,” she said.", None, ""),
        ("“We are here to listen.”\n\nPresident Ann Smith, 4 May 2023",
         "Ann Smith", "a name on a line of its own below"),
        # A stop after a title ends no sentence between two quotations.
        ("“No more of this today,” Mr. Brown said. “We are here to listen.”", "Mr. Brown", ""),
        # Another sentence stands between, about something else.
        ("Ann Smith said: “No more of this.” The crowd met a call to “keep the harbour open now”.",
         None, ""),
    ],
)  # fmt: skip
def test_a_guess_tells_by_what_and_what_is_not_sure_is_not_told(
    text: str, last: str | None, how: str
) -> None:
    one = _read(text)[-1]
    assert (one.speaker, one.speaker_from) == (last, how)
    assert one.certain is (how == "")


def test_a_signature_behind_goes_before_the_name_in_front() -> None:
    text = "President Ann Smith came.\n\nHarbour Union: “We are here to listen.” – @POTUS #harbour"
    (one,) = _read(text)
    assert (one.speaker, one.speaker_from) == ("Ann Smith", "the title “the president”")
    (other,) = _read("Harbour Union: “We are here to listen.” — Bob Brown, at noon")
    assert (other.speaker, other.certain) == ("Bob Brown", True)


def test_words_inside_what_somebody_says_are_not_taken_for_theirs() -> None:
    one = _read("Harbour Union: “We are here to listen.” We could not agree more.” [Note]")[0]
    assert one.speaker is None


def test_a_printed_interview_s_labels_name_nobody() -> None:
    text = (
        "Q Thanks, and one more. I asked for the reason. And he said, “It is what has to be done.”"
    )
    assert _read(text)[0].speaker is None


def test_a_title_is_looked_up_in_the_headline() -> None:
    page = (
        "<html lang=en><title>President Ann Smith speaks</title><body><p>It was late.</p>"
        "<p>“We are here to listen,” the president said.</p>"
    )
    (one,) = quotations_of(read_article(page.encode(), "a.html")).quotations
    assert (one.speaker, one.certain) == ("Ann Smith", False)
