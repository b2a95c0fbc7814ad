"""The words that the pages' scripts show, so that translators find them; `words.ts` asks for them.

A test holds the list against the scripts.
"""

from __future__ import annotations

from offair.web.language import SOURCE, _, marked, spoken

SCRIPT_WORDS = (
    marked("A click on a word goes to where it is spoken."),
    marked("A draft was made, clip {number}."),
    marked("Add more words"),
    marked("Check these words"),
    marked("Close"),
    marked("Copied."),
    marked("Copy with time"),
    marked("Follow the sound"),
    marked("Further doubts are on a page of their own."),
    marked("Further turns could not be loaded. Is the desk still running? Trying again …"),
    marked("Keys"),
    marked("Let go"),
    marked("Listen"),
    marked("Make a clip"),
    marked("Now select further words: the clip has them after a cut."),
    marked("Selected words"),
    marked("Settled."),
    marked("Shift"),
    marked("Space"),
    marked("The desk did not answer, and no clip was made. Try again."),
    marked("The desk did not answer. The doubt is still open: try again."),
    marked("The waveform is being made: {share} %"),
    marked("The waveform waits to be made."),
    marked("There is no doubt after this one."),
    marked("There is no doubt before."),
    marked("There is no waveform: {reason}"),
    marked("Time in the recording"),
    marked("What was found"),
    marked("a word more or less of the selected ones"),
    marked("back 2 seconds"),
    marked("doubt before"),
    marked("faster"),
    marked("follow the sound"),
    marked("forward 2 seconds"),
    marked("go to what can be done with the selected words"),
    marked("loop the sentence, or let it run on"),
    marked("next doubt"),
    marked("next turn"),
    marked("play or pause"),
    marked("select the sentence"),
    marked("settle the doubt"),
    marked("slower"),
    marked("this list"),
    marked("turn before"),
    marked("words: {count}"),
    marked("{time} of {all}"),
    marked("“{words}” — {source}, {times}. {address}"),
    marked("“{words}” — {source}. {address}"),
)


def script_words() -> dict[str, str]:
    """English → the language of the request; empty where that is English."""
    return {} if spoken().tag == SOURCE else {text: _(text) for text in SCRIPT_WORDS}
