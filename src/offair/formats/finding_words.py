"""A finding in plain words: what the terminal, Markdown and the page say alike.

Sentences describe words, never motive. What is said of a provisional finding always carries that
nobody has heard it.
"""

from __future__ import annotations

import shlex
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from offair.model.finding import (
    Airing,
    ComparedPassage,
    ContextFinding,
    Coverage,
    EditKind,
    Finding,
    Piece,
    Quotation,
    Report,
    SpeakerFinding,
    WordsFinding,
)
from offair.model.time import Ms, PartialDate, clock
from offair.model.transcript import LayerKind, LayerOrigin

WORDS: dict[WordsFinding, str] = {
    WordsFinding.VERBATIM: "The printed words are the words spoken.",
    WordsFinding.CLEANED: "The printed words are the words spoken, less fillers and false starts.",
    WordsFinding.ELIDED: "The printed words were spoken; a mark stands where words were left out.",
    WordsFinding.CUT: "The printed words were spoken; words between them were left out without a "
    "mark.",
    WordsFinding.BRACKETED: "The printed words were spoken, but for those in brackets.",
    WordsFinding.ALTERED: "The printed words differ from the words spoken.",
    WordsFinding.SPLICED: "The printed words come from more than one place.",
    WordsFinding.PARAPHRASE: "Something alike was said in other words; it may be a paraphrase.",
    WordsFinding.AS_TRANSLATED: "The printed words are those of our translation.",
    WordsFinding.WITH_CHANGES: "The printed words are those of our translation, with changes.",
    WordsFinding.OTHER_TRANSLATION: "It may be another translation of what was said.",
    WordsFinding.SUBSTANCE: "It seems to say something else than our translation does.",
    WordsFinding.NOT_FOUND: "These words were not found in what was searched.",
    WordsFinding.TOO_SHORT: "The words are too few to decide anything here.",
    WordsFinding.NOT_A_QUOTATION: "A title, a term or words set apart; not somebody's speech.",
}
"""What the words show, as a sentence."""

SPEAKER: dict[SpeakerFinding, str] = {
    SpeakerFinding.AS_CLAIMED: "The speaker is the one named.",
    SpeakerFinding.SOMEBODY_ELSE: "Somebody else than the one named spoke these words.",
    SpeakerFinding.QUOTING: "The speaker was quoting somebody else.",
    SpeakerFinding.READ_OUT: "An interpreter spoke them, or somebody read them out.",
    SpeakerFinding.UNCONFIRMED: "Nobody has confirmed who speaks there.",
    SpeakerFinding.NOBODY_NAMED: "The article names nobody.",
    SpeakerFinding.UNDECIDED: "There is nobody to compare with.",
}
"""What the attribution shows, as a sentence."""

CONTEXT: dict[ContextFinding, str] = {
    ContextFinding.COMPLETE: "Whole sentences, with nothing around them that turns them.",
    ContextFinding.SENTENCE_CUT: "The sentence goes on before or after the printed words.",
    ContextFinding.NEGATION: "The neighbouring words negate them.",
    ContextFinding.CONDITION: "The neighbouring words put them under a condition.",
    ContextFinding.EXCEPTION: "The neighbouring words except something from them.",
    ContextFinding.QUESTION: "They stand in a question.",
    ContextFinding.ATTRIBUTION: "The neighbouring words attribute them to somebody.",
    ContextFinding.OTHER_DATE: "They were aired on another date than the one claimed.",
}
"""What stands around the words, as a sentence."""

EDITS: dict[EditKind, str] = {
    EditKind.EQUAL: "as spoken",
    EditKind.VARIANT: "same word, other form",
    EditKind.SUBSTITUTED: "changed",
    EditKind.ADDED: "printed, not spoken",
    EditKind.LEFT_OUT: "spoken, left out without a mark",
    EditKind.ELIDED: "spoken, left out with a mark",
    EditKind.BRACKETED: "in the editor's brackets",
}
"""What happened to a run of words, for a legend and a list of edits."""

_GOOD = frozenset(
    {
        WordsFinding.VERBATIM,
        WordsFinding.CLEANED,
        WordsFinding.ELIDED,
        WordsFinding.BRACKETED,
        WordsFinding.AS_TRANSLATED,
    }
)
_OPEN = frozenset({WordsFinding.TOO_SHORT, WordsFinding.NOT_FOUND, WordsFinding.NOT_A_QUOTATION})
_QUIET_SPEAKER = frozenset(
    {
        SpeakerFinding.AS_CLAIMED,
        SpeakerFinding.NOBODY_NAMED,
        SpeakerFinding.UNDECIDED,
        # Nothing speaks against it: no more than that nobody has confirmed a name.
        SpeakerFinding.UNCONFIRMED,
    }
)
_QUIET = frozenset({EditKind.EQUAL, EditKind.VARIANT})
_SMALL = 0.001
_MANY = 100
_LONGEST_EDIT = 90


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of printed or spoken words with one mark. kind: None where nothing is marked.

    note: what the mark means here, with the classes of the edit; empty where nothing is marked.
    """

    text: str
    kind: EditKind | None = None
    critical: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the three parts: its name, its finding, the sentence; leads: it is the worst."""

    name: str
    value: str
    sentence: str
    leads: bool


def tone(finding: Finding) -> str:
    """How a finding is set off: `look` (something differs), `open` (nothing to go by), `good`."""
    if finding.words in _OPEN:
        return "open"
    if finding.words in _GOOD and finding.speaker in _QUIET_SPEAKER and not _other_name(finding):
        turned = {ContextFinding.COMPLETE, ContextFinding.SENTENCE_CUT}
        return "good" if set(finding.context) <= turned else "look"
    return "look"


def _other_name(finding: Finding) -> bool:
    """Whether another name stands there than the one claimed, and nobody decided between them."""
    return (
        finding.speaker is SpeakerFinding.UNCONFIRMED
        and finding.quotation.speaker is not None
        and any(one.speaker or one.author for one in finding.pieces)
    )


def headline(finding: Finding) -> str:
    """What a finding is called: its worst part, with the words where they are not the worst."""
    if tone(finding) != "look" or finding.leads == "words":
        return finding.words.value
    return f"{worst(finding)}; words {finding.words.value}"


def worst(finding: Finding) -> str:
    """The finding of the part that leads."""
    if finding.leads == "speaker":
        return finding.speaker.value
    if finding.leads == "context" and finding.context:
        return finding.context[0].value
    return finding.words.value


def parts(finding: Finding) -> tuple[Part, Part, Part]:
    """The three parts in plain words: words, speaker, context and time."""
    context = finding.context
    return (
        Part("Words", finding.words.value, WORDS[finding.words], finding.leads == "words"),
        Part(
            "Speaker",
            finding.speaker.value,
            _speaker(finding),
            finding.leads == "speaker",
        ),
        Part(
            "Context and time",
            ", ".join(one.value for one in context) or "nothing to say",
            " ".join(CONTEXT[one] for one in context) or "There is no place to look at.",
            finding.leads == "context",
        ),
    )


def _speaker(finding: Finding) -> str:
    sentence = SPEAKER[finding.speaker]
    claimed = finding.quotation.speaker
    if claimed is None or finding.words is WordsFinding.NOT_A_QUOTATION:
        return sentence
    named = f"{sentence} Named: {claimed}{guess(finding.quotation)}."
    if finding.speaker is SpeakerFinding.SOMEBODY_ELSE and not finding.quotation.certain:
        return f"{named} {_GUESSED_FIRST}"
    return named


_GUESSED_FIRST = "Look first whether the article means this person: the name was guessed."


def guess(quotation: Quotation) -> str:
    """Behind the name of a speaker who was guessed, with by what: ` (guessed from a pronoun)`."""
    if quotation.certain or quotation.speaker is None:
        return ""
    return f" (guessed from {quotation.speaker_from})" if quotation.speaker_from else " (guessed)"


def confirming(finding: Finding) -> tuple[str, ...]:
    """The commands by which somebody who has listened ends that a finding is provisional; none
    where it is not."""
    if not finding.provisional:
        return ()
    waiting = [one for one in finding.pieces if not (one.heard and one.confirmed)]
    claimed = finding.speaker is not SpeakerFinding.NOBODY_NAMED
    return tuple(dict.fromkeys(_confirming(one, claimed=claimed) for one in waiting))


def _confirming(piece: Piece, *, claimed: bool) -> str:
    shown = ""
    if piece.speaker:
        shown = "" if piece.confirmed else " --as-shown"
    elif claimed:
        # An empty name is refused: whoever copies the command has to write one.
        shown = ' --speaker ""'
    layer = f"--layer {piece.layer_id}{shown}"
    if piece.at is not None and piece.until is not None:
        times = f"--from {clock(piece.at)} --to {clock(piece.until)}"
        return f"offair confirm {piece.recording_id} {times} {layer}"
    if len(piece.spoken) > _LONGEST_COMMAND and piece.turn_ids:
        turns = " ".join(str(one) for one in piece.turn_ids)
        return f"offair confirm {piece.recording_id} --turns {turns} {layer}"
    spoken = shlex.quote(" ".join(visible(piece.spoken).split()))
    return f"offair confirm {spoken} --recording {piece.recording_id} {layer}"


_LONGEST_COMMAND = 300
"""Characters of spoken words; of more, whole turns are named."""


def teaser(text: str, most: int = 60) -> str:
    """The first words of a stretch, on one line."""
    folded = " ".join(text.split())
    return folded if len(folded) <= most else f"{folded[: most - 1].rstrip()}…"


def made(report: Report) -> str:
    """When it was made, to the minute: `2026-05-13 14:02 UTC`."""
    day, _, time = report.made_utc.partition("T")
    return f"{day} {time[:5]} UTC" if time else day


def printed_runs(finding: Finding) -> tuple[Run, ...]:
    """The printed words with their marks; together the runs are the printed text."""
    marked = [
        (one.printed_chars, one)
        for one in finding.passages
        if one.printed_chars[0] < one.printed_chars[1]
    ]
    return tuple(_runs(finding.quotation.printed, marked))


def spoken_runs(finding: Finding, piece: int) -> tuple[Run, ...]:
    """The spoken words of one piece with their marks; together the runs are its text."""
    marked = [
        (one.spoken_chars, one)
        for one in finding.passages
        if one.piece == piece and one.spoken_chars[0] < one.spoken_chars[1]
    ]
    return tuple(_runs(finding.pieces[piece].spoken, marked))


def _runs(text: str, marked: Sequence[tuple[tuple[int, int], ComparedPassage]]) -> Iterator[Run]:
    at = 0
    for (start, end), passage in sorted(marked, key=lambda one: one[0]):
        start, end = max(start, at), min(end, len(text))
        if start >= end:
            continue
        if start > at:
            yield Run(text[at:start])
        if passage.kind is EditKind.EQUAL:
            yield Run(text[start:end])
        else:
            yield Run(text[start:end], passage.kind, passage.critical, note(passage))
        at = end
    if at < len(text):
        yield Run(text[at:])


def gap(after: str) -> str:
    """What stands between a piece and the words after it: nothing before a closing mark, or where
    those words bring their own space."""
    if after[:1].isspace():
        return ""
    return "" if after[:1] and unicodedata.category(after[0]) in {"Po", "Pe", "Pf"} else " "


def note(passage: ComparedPassage) -> str:
    """What a mark means: `changed; negation; critical`."""
    classes = sorted(one.value for one in passage.classes)
    return "; ".join([EDITS[passage.kind], *classes, *(["critical"] if passage.critical else [])])


def edits(finding: Finding) -> tuple[ComparedPassage, ...]:
    """Every edit, the critical ones first, else in the order of the printed words; words that are
    the same in another form are none."""
    found = [one for one in finding.passages if one.kind not in _QUIET]
    return tuple(sorted(found, key=lambda one: not one.critical))


def edit_line(passage: ComparedPassage) -> str:
    """One edit as a line: `“not” was printed, “now” spoken (changed; negation; critical)`."""
    printed, spoken = _short(passage.printed_text), _short(passage.spoken_text)
    if printed and spoken:
        what = f"printed “{printed}”, spoken “{spoken}”"
    elif printed:
        what = f"printed “{printed}”"
    else:
        what = f"spoken “{spoken}”"
    return f"{what} ({note(passage)})"


def _short(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= _LONGEST_EDIT else f"{folded[: _LONGEST_EDIT - 1]}…"


def place(piece: Piece) -> str:
    """Where a piece stands: recording, channel, date, time."""
    return _place(piece.recording_id, piece.channel, piece.aired, piece.at, piece.until)


def airing(one: Airing) -> str:
    """Where an airing stands."""
    return _place(one.recording_id, one.channel, one.aired, one.at, None)


def _place(
    recording: int, channel: str, aired: PartialDate | None, at: Ms | None, until: Ms | None
) -> str:
    words = [channel or "unknown channel", str(aired) if aired else "no date"]
    if at is not None:
        words.append(clock(at) + (f"–{clock(until)}" if until is not None else ""))
    words.append(f"recording {recording}")
    return ", ".join(words)


def voice(piece: Piece) -> str:
    """Who speaks there, whose words they are, and whether a person confirmed it."""
    return f"{voice_name(piece)} ({sure(piece)})"


def voice_name(piece: Piece) -> str:
    """Who speaks there, and whose words they are where not the voice's."""
    named = piece.speaker or "a voice without a name"
    if piece.author and piece.author != piece.speaker:
        named += f", words of {piece.author}"
    return named


def sure(piece: Piece) -> str:
    """Whether a person confirmed who speaks."""
    return "confirmed" if piece.confirmed else "not confirmed"


def source(piece: Piece) -> str:
    """What the text is: a machine's transcript, an import, a translation; and whether heard."""
    made = {
        LayerOrigin.ENGINE: "machine",
        LayerOrigin.PERSON: "person",
        LayerOrigin.IMPORT: "imported text",
        LayerOrigin.BROADCASTER: "broadcaster",
    }[piece.origin]
    what = {
        LayerKind.SPEECH: "transcript",
        LayerKind.CAPTIONS: "captions",
        LayerKind.TRANSLATION: "translation",
    }[piece.kind]
    text = f"{what}, {made}" + (f" ({piece.maker})" if piece.maker else "")
    return text + (", heard by a person" if piece.heard else ", not heard")


def significance(finding: Finding) -> str | None:
    """How surprising the match is, as a sentence, or None where nothing was measured or there is
    no match to speak of."""
    found = finding.significance
    if found is None or finding.words in _OPEN:
        return None
    if found.expected < _SMALL:
        times = f"less than {_SMALL} times"
    elif found.expected < _MANY:
        times = f"{found.expected:.3g} times"
    else:
        times = f"{found.expected:,.0f} times"
    return (
        f"A match this good is expected by chance {times} in this archive "
        f"({count(found.words_searched, 'word')} searched)."
    )


def longest(finding: Finding) -> str | None:
    """The longest fragment found, as a sentence, or None, also where a reason says it."""
    found = finding.longest
    if found is None or any(f"“{found.text}”" in one for one in finding.reasons):
        return None
    if found.words == 0:
        return "Not one of its words was found."
    times = "once" if found.count == 1 else f"{found.count:,} times"
    return f"The longest fragment found as it stands: “{found.text}”, {times}."


def also_said(finding: Finding) -> str | None:
    """How many further events hold the same words, as a sentence, or None."""
    if not finding.also_said:
        return None
    return f"The same words were said at {count(finding.also_said, 'further event')}."


def distance(finding: Finding) -> str | None:
    """How far the pieces of a spliced quotation lie apart, as a sentence, or None."""
    if finding.distance_ms is None or len(finding.pieces) < 2:
        return None
    return f"Its pieces lie {clock(finding.distance_ms)} apart."


def searched(report: Report) -> tuple[tuple[Coverage, tuple[str, ...]], ...]:
    """What the report rests on: a coverage for every set of channels, and sentences about it.
    Where findings rest on different searches, each is told with the numbers of its findings."""
    numbered = list(enumerate(report.findings, 1))
    # Of what is no quotation nothing was searched.
    speech = [one for one in numbered if one[1].words is not WordsFinding.NOT_A_QUOTATION]
    searches: dict[Coverage, list[int]] = {}
    for number, one in speech or numbered:
        searches.setdefault(one.coverage, []).append(number)
    told: dict[object, tuple[Coverage, list[str], list[str]]] = {}
    for held, numbers in searches.items():
        _, first, rest = told.setdefault(held.channels, (held, [], []))
        whose = f" for {_numbers(numbers)}" if len(searches) > 1 else ""
        first.append(
            f"Searched{whose}: {count(held.words_searched, 'word')} of "
            f"{count(len(held.channels), 'channel')}."
        )
        if held.behind:
            rest.append(
                f"The index is {count(held.behind, 'change')} behind the archive; "
                "`offair reindex` brings it up."
            )
        rest += held.remarks
    return tuple((held, (*first, *dict.fromkeys(rest))) for held, first, rest in told.values())


def _numbers(numbers: Sequence[int]) -> str:
    """Ascending numbers, three and more in a row as a range: `1–4, 7, 9`."""
    rows: list[list[int]] = []
    for one in numbers:
        if rows and rows[-1][-1] == one - 1:
            rows[-1].append(one)
        else:
            rows.append([one])
    parts = (
        f"{row[0]}–{row[-1]}" if len(row) > 2 else ", ".join(str(one) for one in row)
        for row in rows
    )
    return ", ".join(parts)


def visible(text: str) -> str:
    """Text without characters that act instead of being seen; what joins letters stays."""
    return "".join(one if one.isprintable() or one in _JOINERS else _unseen(one) for one in text)


def _unseen(one: str) -> str:
    if unicodedata.category(one) == "Zs" or one in "\t\n\r":
        return one
    return " " if one.isspace() else "\ufffd"


_JOINERS = frozenset("\u200c\u200d\u200e\u200f")


def count(number: int, noun: str) -> str:
    """`1 word`, `2,000 words`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def notice(report: Report) -> str | None:
    """What its provisional findings carry, each once, or None where none is provisional."""
    return (
        "; ".join(dict.fromkeys(one.provisional for one in report.findings if one.provisional))
        or None
    )


def summary(report: Report) -> str:
    """One sentence on the whole report."""
    speech = [one for one in report.findings if one.words is not WordsFinding.NOT_A_QUOTATION]
    look = sum(tone(one) == "look" for one in speech)
    open_ = sum(tone(one) == "open" for one in speech)
    good = len(speech) - look - open_
    other = len(report.findings) - len(speech)
    text = (
        f"{count(len(speech), 'quotation')}: {good} as spoken, {look} to look at, "
        f"{open_} not found or too short"
    )
    return text + (f"; {other} of titles, terms and the like" if other else "") + "."


def first_to_look_at(report: Report) -> tuple[int, ...]:
    """Numbers (from 1) of the findings to look at first: those with critical edits, then the other
    provisional ones, then what else differs."""

    def rank(finding: Finding) -> int:
        if any(one.critical for one in finding.passages):
            return 0
        return 1 if finding.provisional else 2

    numbered = [
        (rank(one), number) for number, one in enumerate(report.findings, 1) if tone(one) == "look"
    ]
    return tuple(number for _, number in sorted(numbered))
