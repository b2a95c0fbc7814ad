"""A finding in the words of the page's language: the same as `formats.finding_words` in English.

The findings' names and sentences stand in `formats`; here they are listed for the translators, and
a test holds both lists against each other. Its reasons are told by `explained`; remarks of the
article stay in English in every language, and are marked as that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from offair.formats import finding_words
from offair.model.finding import (
    ComparedPassage,
    Coverage,
    EditKind,
    Finding,
    LongestFragment,
    Piece,
    Report,
    Significance,
    WordsFinding,
)
from offair.model.time import PartialDate
from offair.web import wording
from offair.web.language import _, _n, marked

VALUES = (
    marked("verbatim"), marked("verbatim, cleaned"), marked("elided"),
    marked("cut without a mark"), marked("bracketed"), marked("altered"), marked("spliced"),
    marked("possible paraphrase"), marked("as in our translation"), marked("with changes"),
    marked("other translation"), marked("differs in substance"), marked("not found"),
    marked("too short to decide"), marked("not a quotation"),
    marked("as claimed"), marked("somebody else"),
    marked("quoted by the speaker from somebody else"),
    marked("spoken by an interpreter or read out"), marked("unknown or unconfirmed"),
    marked("nobody named"), marked("not decided"),
    marked("complete"), marked("the sentence is cut"), marked("stands under a negation"),
    marked("stands under a condition"), marked("stands under an exception"),
    marked("stands in a question"), marked("stands under an attribution"),
    marked("aired on another date than claimed"),
    marked("negation"), marked("number"), marked("unit"), marked("name"), marked("modality"),
    marked("condition"), marked("exception"), marked("attribution"), marked("quantifier"),
    marked("filler"), marked("repetition"), marked("function word"), marked("content"),
    marked("spelling"), marked("inflection"), marked("contraction"), marked("number form"),
    marked("interjection"),
    marked("as spoken"), marked("same word, other form"), marked("changed"),
    marked("printed, not spoken"), marked("spoken, left out without a mark"),
    marked("spoken, left out with a mark"), marked("in the editor's brackets"),
    marked("machine transcript, not heard"), marked("the broadcaster's text, not heard"),
    marked("imported text, not heard"), marked("text by a person, not confirmed as heard"),
    marked("heard; the speaker is not confirmed"),
)  # fmt: skip
"""Names of findings, classes, edits and provisos, as `model.finding` and `formats` give them."""

SENTENCES = (
    marked("The printed words are the words spoken."),
    marked("The printed words are the words spoken, less fillers and false starts."),
    marked("The printed words were spoken; a mark stands where words were left out."),
    marked("The printed words were spoken; words between them were left out without a mark."),
    marked("The printed words were spoken, but for those in brackets."),
    marked("The printed words differ from the words spoken."),
    marked("The printed words come from more than one place."),
    marked("Something alike was said in other words; it may be a paraphrase."),
    marked("The printed words are those of our translation."),
    marked("The printed words are those of our translation, with changes."),
    marked("It may be another translation of what was said."),
    marked("It seems to say something else than our translation does."),
    marked("These words were not found in what was searched."),
    marked("The words are too few to decide anything here."),
    marked("A title, a term or words set apart; not somebody's speech."),
    marked("The speaker is the one named."),
    marked("Somebody else than the one named spoke these words."),
    marked("The speaker was quoting somebody else."),
    marked("An interpreter spoke them, or somebody read them out."),
    marked("Nobody has confirmed who speaks there."),
    marked("The article names nobody."),
    marked("There is nobody to compare with."),
    marked("Whole sentences, with nothing around them that turns them."),
    marked("The sentence goes on before or after the printed words."),
    marked("The neighbouring words negate them."),
    marked("The neighbouring words put them under a condition."),
    marked("The neighbouring words except something from them."),
    marked("They stand in a question."),
    marked("The neighbouring words attribute them to somebody."),
    marked("They were aired on another date than the one claimed."),
)
"""The sentences of `formats.finding_words`."""

CSS = {
    EditKind.VARIANT: "variant",
    EditKind.SUBSTITUTED: "changed",
    EditKind.ADDED: "added",
    EditKind.LEFT_OUT: "left-out",
    EditKind.ELIDED: "elided",
    EditKind.BRACKETED: "bracketed",
}
"""The class of a mark in the style sheet."""
_OPEN = (WordsFinding.TOO_SHORT, WordsFinding.NOT_FOUND, WordsFinding.NOT_A_QUOTATION)


@dataclass(frozen=True, slots=True)
class Part:
    """One of the three parts of a finding, as it is read. leads: it is the worst."""

    name: str
    value: str
    sentence: str
    leads: bool


def tone_name(tone: str) -> str:
    """What sets a finding off, in words."""
    return {"look": _("to look at"), "open": _("nothing to go by"), "good": _("as spoken")}[tone]


def headline(finding: Finding) -> str:
    """What a finding is called: its worst part, with the words where they are not the worst."""
    words = _(finding.words.value)
    if finding_words.tone(finding) != "look" or finding.leads == "words":
        return words
    told = {"worst": _(finding_words.worst(finding)), "words": words}
    return _("%(worst)s; words %(words)s") % told


def parts(finding: Finding) -> tuple[Part, Part, Part]:
    """The three parts in plain words."""
    values = [_(one.value) for one in finding.context]
    told = [_(finding_words.CONTEXT[one]) for one in finding.context]
    leads = finding_words.tone(finding) == "look"
    return (
        Part(
            _("Words"), _(finding.words.value), _(finding_words.WORDS[finding.words]),
            leads and finding.leads == "words",
        ),
        Part(
            _("Speaker"), _(finding.speaker.value), _(finding_words.SPEAKER[finding.speaker]),
            leads and finding.leads == "speaker",
        ),
        Part(
            _("Context and time"), _(", ").join(values) or _("nothing to say"),
            " ".join(told) or _("There is no place to look at."),
            leads and finding.leads == "context",
        ),
    )  # fmt: skip


def note(kind: EditKind, classes: Sequence[str], *, critical: bool) -> str:
    """What a mark means: `changed; negation; critical`."""
    said = [_(finding_words.EDITS[kind]), *(_(one) for one in classes)]
    return _("; ").join([*said, _("critical")] if critical else said)


def edit_note(passage: ComparedPassage) -> str:
    """The same of an edit."""
    classes = sorted(one.value for one in passage.classes)
    return note(passage.kind, classes, critical=passage.critical)


def source(piece: Piece) -> str:
    """What the text of a place is."""
    made = {
        ("engine", "speech"): _("Machine transcript"),
        ("engine", "captions"): _("Machine captions"),
        ("engine", "translation"): _("Machine translation"),
        ("broadcaster", "speech"): _("Broadcaster's transcript"),
        ("broadcaster", "captions"): _("Broadcaster's captions"),
        ("broadcaster", "translation"): _("Broadcaster's translation"),
        ("person", "speech"): _("Edited transcript"),
        ("person", "captions"): _("Edited captions"),
        ("person", "translation"): _("Translation by hand"),
        ("import", "speech"): _("Imported transcript"),
        ("import", "captions"): _("Imported captions"),
        ("import", "translation"): _("Imported translation"),
    }[piece.origin.value, piece.kind.value]
    told = {"text": made}
    return (_("%(text)s, heard by a person") if piece.heard else _("%(text)s, not heard")) % told


def facts(finding: Finding) -> list[str]:
    """What else is known, each a sentence: distance, chance, the longest fragment, other events."""
    said = [_distance(finding), _chance(finding), _longest(finding), _also(finding)]
    for printed, house in finding.spellings:
        spelt = {"printed": printed, "house": house}
        said.append(_("The same, spelt otherwise: %(printed)s / %(house)s.") % spelt)
    return [one for one in said if one]


def _distance(finding: Finding) -> str | None:
    if finding.distance_ms is None or len(finding.pieces) < 2:
        return None
    return _("Its pieces lie %(time)s apart.") % {"time": wording.clock(finding.distance_ms)}


def _chance(finding: Finding) -> str | None:
    found: Significance | None = finding.significance
    if found is None or finding.words in _OPEN:
        return None
    words = {"words": wording.number(found.words_searched)}
    if found.expected < 0.001:
        return _(
            "A match this good is expected by chance less than %(times)s times in this archive "
            "(%(words)s words searched)."
        ) % (words | {"times": wording.number(0.001)})
    times = found.expected if found.expected >= 100 else float(f"{found.expected:.3g}")
    return _(
        "A match this good is expected by chance %(times)s times in this archive (%(words)s words "
        "searched)."
    ) % (words | {"times": wording.number(times)})  # fmt: skip


def _longest(finding: Finding) -> str | None:
    found: LongestFragment | None = finding.longest
    if found is None or finding_words.longest(finding) is None:
        return None
    if found.words == 0:
        return _("Not one of its words was found.")
    return _n(
        "The longest fragment found as it stands: “%(text)s”, %(num)s time.",
        "The longest fragment found as it stands: “%(text)s”, %(num)s times.",
        found.count,
    ) % {"text": found.text, "num": wording.number(found.count)}


def _also(finding: Finding) -> str | None:
    if not finding.also_said:
        return None
    return _n(
        "The same words were said at %(num)s further event.",
        "The same words were said at %(num)s further events.",
        finding.also_said,
    ) % {"num": wording.number(finding.also_said)}


def searched(report: Report) -> list[tuple[Coverage, str]]:
    """What a report rests on: every coverage with a sentence."""
    speech = [one for one in report.findings if one.words is not WordsFinding.NOT_A_QUOTATION]
    held = dict.fromkeys(one.coverage for one in speech or report.findings)
    return [
        (
            one,
            _n(
                "%(words)s words of %(num)s channel were searched.",
                "%(words)s words of %(num)s channels were searched.",
                len(one.channels),
            )
            % {"words": wording.number(one.words_searched),
               "num": wording.number(len(one.channels))},
        )
        for one in held
    ]  # fmt: skip


def moment(made_utc: str) -> str:
    """When something was made, to the minute: `1 Jun 2023, 10:00 UTC`."""
    return wording.day(PartialDate.parse(f"{made_utc[:16]}Z"))


def notice(report: Report) -> str:
    """What its provisional findings carry, each once; empty where none is provisional."""
    found = dict.fromkeys(one.provisional for one in report.findings if one.provisional)
    return _("; ").join(_(one) for one in found)
