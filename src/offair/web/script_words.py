"""The words that the pages' scripts show, so that translators find them; `words.ts` asks for them.

A test holds the list against the scripts.
"""

from __future__ import annotations

from offair.web.language import SOURCE, _, marked, spoken

SCRIPT_WORDS = (
    marked("A click on a word goes to where it is spoken."),
    marked("Close"),
    marked("Follow the sound"),
    marked("Further turns could not be loaded. Is the desk still running? Trying again …"),
    marked("Keys"),
    marked("Space"),
    marked("back 2 seconds"),
    marked("faster"),
    marked("follow the sound"),
    marked("forward 2 seconds"),
    marked("next turn"),
    marked("play or pause"),
    marked("slower"),
    marked("this list"),
    marked("turn before"),
)


def script_words() -> dict[str, str]:
    """English → the language of the request; empty where that is English."""
    return {} if spoken().tag == SOURCE else {text: _(text) for text in SCRIPT_WORDS}
