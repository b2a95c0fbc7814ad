"""What the words of a quotation show, edit by edit: cleaned, cut, bracketed, altered, spliced."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from offair.model.finding import CRITICAL, ComparedPassage, EditClass, EditKind, WordsFinding
from offair.text.align import LOOSE_END, Alignment, Edit
from offair.text.homographs import MINUS, has_minus, is_clipped, same_amount, unlike
from offair.text.judge_places import Place
from offair.text.judge_spans import (
    SHORT_CUT,
    chars_at,
    classes_before,
    classes_beside,
    classes_named,
    ends_between,
    false_start,
    is_discourse,
    is_half_negation,
    is_turned,
    position_of,
    runs_of,
    shortened,
    takes_its_negation,
    whole_sentences,
    words_at,
)
from offair.text.printed import PrintedWords
from offair.text.sentences import ends_sentence
from offair.text.written_forms import is_month

NEAR_WORDS = 80
"""Words that may be cut without a mark between two stretches of one turn; more is a splice."""
_ELIDED_SHORT = 4
_TURNS_MEANING = frozenset({EditClass.NEGATION, EditClass.CONDITION, EditClass.EXCEPTION})
_WEIGHTY = frozenset(
    {EditClass.NUMBER, EditClass.MODALITY, EditClass.QUANTIFIER, EditClass.ATTRIBUTION}
)
"""A word of these that is left out alone changes what is said; a name or a unit is cut."""
_FREE = frozenset({EditClass.FILLER, EditClass.REPETITION})
_NOTES = frozenset(
    str.split(
        "sic laughter laughs laughing applause cheers inaudible unintelligible crosstalk pause ph"
    )
)

_RANK = {
    WordsFinding.SPLICED: 6, WordsFinding.ALTERED: 5, WordsFinding.CUT: 4,
    WordsFinding.BRACKETED: 3, WordsFinding.ELIDED: 2, WordsFinding.CLEANED: 1,
    WordsFinding.VERBATIM: 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Used:
    """A stretch of the archive that printed words `printed[0]:printed[1]` come from.

    alignment: its edits count the printed words of the whole quotation and the place's own.
    """

    place: Place
    number: int
    printed: tuple[int, int]
    alignment: Alignment

    @property
    def chars(self) -> tuple[int, int]:
        """From the first to the last spoken word used, in the place's text; empty for none."""
        first, last = self.alignment.window
        if first >= last:
            return 0, 0
        return self.place.tokens[first].char_start, self.place.tokens[last - 1].char_end


@dataclass(frozen=True, slots=True)
class WordsJudged:
    """The finding about words. reasons: (whether critical, sentence), critical ones first."""

    finding: WordsFinding
    reasons: tuple[tuple[bool, str], ...]
    passages: tuple[ComparedPassage, ...]
    spellings: tuple[tuple[str, str], ...]

    @property
    def critical(self) -> bool:
        """Whether an edit touches a negation, number, name and the like."""
        return any(one.critical for one in self.passages)


def words_of(printed_text: str, printed: PrintedWords, used: Sequence[Used]) -> WordsJudged:
    """What the words show, against text in the language spoken."""
    notes = _Notes(printed_text, printed)
    for number, one in enumerate(used):
        notes.stretch(number, one)
    for before, after in itertools.pairwise(used):
        notes.between(before, after)
    reasons = sorted(notes.reasons, key=lambda reason: not reason[0])
    return WordsJudged(
        notes.finding, tuple(reasons), tuple(notes.passages), tuple(dict.fromkeys(notes.spellings))
    )


class _Notes:
    """Gathers what the edits show."""

    def __init__(self, text: str, printed: PrintedWords) -> None:
        self.text, self.printed = text, printed
        self.finding = WordsFinding.VERBATIM
        self.reasons: list[tuple[bool, str]] = []
        self.passages: list[ComparedPassage] = []
        self.spellings: list[tuple[str, str]] = []

    def raise_to(
        self, finding: WordsFinding, reason: str | None = None, *, critical: bool = False
    ) -> None:
        """The worse finding stands."""
        if _RANK[finding] > _RANK[self.finding]:
            self.finding = finding
        if reason is not None:
            self.reasons.append((critical, reason))

    def stretch(self, number: int, used: Used) -> None:
        """One stretch's edits, run by run."""
        for run in runs_of(used.alignment.edits):
            kind = run[0].kind
            if kind is EditKind.EQUAL:
                edits = [part for edit in run for part in self._equal(edit, used)]
            elif kind is EditKind.VARIANT:
                edits = [self._variant(edit, used) for edit in run]
            elif kind is EditKind.LEFT_OUT:
                edits = self._left_out(run, used)
            elif kind is EditKind.ELIDED:
                edits = [self._elided(run, used)]
            elif kind is EditKind.BRACKETED:
                edits = [self._bracketed(run, used)]
            else:
                edits = [self._changed(edit, used) for edit in run]
            self.passages += [self._passage(edit, number, used) for edit in edits]

    def between(self, before: Used, after: Used) -> None:
        """Two stretches that follow one another in print."""
        at = after.printed[0]
        same = before.place.layer_id == after.place.layer_id
        if not same:
            where = (
                "two recordings"
                if before.place.recording_id != after.place.recording_id
                else "two texts of one recording"
            )
            self.raise_to(
                WordsFinding.SPLICED,
                f"“{self._printed(before)}” and “{self._printed(after)}” stand in {where}",
                critical=True,
            )
            return
        (turn, char) = position_of(before.place, before.chars[1])
        (later_turn, later_char) = position_of(after.place, after.chars[0])
        in_order = (turn, char) <= (later_turn, later_char)
        if not in_order:
            self.raise_to(
                WordsFinding.SPLICED,
                f"“{self._printed(after)}” was said before “{self._printed(before)}”, and is "
                "printed after it",
                critical=True,
            )
        elif at in self.printed.gaps:
            if at in self.printed.marked:
                self.raise_to(WordsFinding.ELIDED, "words are left out where the ellipsis stands")
        else:
            near = turn == later_turn and later_char - char <= NEAR_WORDS * 6
            self.raise_to(
                WordsFinding.CUT if near else WordsFinding.SPLICED,
                f"between “{self._printed(before)}” and “{self._printed(after)}” more was said, "
                "and no mark shows it",
                critical=not near,
            )

    def _printed(self, used: Used) -> str:
        first, last = used.printed
        return shortened(words_at(self.text, self.printed.tokens, first, last))

    def _equal(self, edit: Edit, used: Used) -> list[Edit]:
        """Words of one normal form; those that are another word as written are changed ones."""
        (p0, p1), (s0, _) = edit.printed, edit.spoken
        place, parts, done = used.place, [], p0
        for at in range(p0, p1):
            there = s0 + at - p0
            classes = unlike(
                self.text, self.printed.tokens[at], place.text, place.tokens[there], place.language
            )
            if not classes or at in self.printed.lettered:
                continue
            if done < at:
                parts.append(replace(edit, printed=(done, at), spoken=(s0 + done - p0, there)))
            one = Edit(
                EditKind.SUBSTITUTED, (at, at + 1), (there, there + 1), classes,
                bool(classes & CRITICAL),
            )  # fmt: skip
            parts.append(self._changed(one, used))
            done = at + 1
        if done == p0:
            return [edit]
        if done < p1:
            parts.append(replace(edit, printed=(done, p1), spoken=(s0 + done - p0, edit.spoken[1])))
        return parts

    def _variant(self, edit: Edit, used: Used) -> Edit:
        read = words_at(self.text, self.printed.tokens, *edit.printed)
        said = words_at(used.place.text, used.place.tokens, *edit.spoken)
        if self._other_after_all(edit, used):
            number = EditClass.NUMBER_FORM in edit.classes
            touched = frozenset({EditClass.NUMBER if number else EditClass.CONTENT})
            return self._changed(
                replace(edit, kind=EditKind.SUBSTITUTED, classes=touched, critical=number), used
            )
        if EditClass.INFLECTION in edit.classes:
            self.raise_to(
                WordsFinding.ALTERED, f"printed “{read}”, said “{said}” (another form of the word)"
            )
        elif EditClass.FILLER in edit.classes:
            self.raise_to(WordsFinding.CLEANED)
        elif EditClass.SPELLING in edit.classes:
            self.spellings.append((read, said))
        return edit

    def _other_after_all(self, edit: Edit, used: Used) -> bool:
        """Whether two forms of a number or a contraction are none: a sentence ends inside
        (`one hundred. Twenty boats`), or a word is written as one of its own (`were`, `we are`)."""
        place, row = used.place, self.printed.tokens
        if EditClass.NUMBER_FORM in edit.classes:
            (p0, p1), (s0, s1) = edit.printed, edit.spoken
            if has_minus(self.text, row[p0]) != has_minus(place.text, place.tokens[s0]):
                return True
            return any(
                ends_between(place, at) and not is_month(place.tokens[at - 1].form)
                for at in range(s0 + 1, s1)
            ) or any(
                ends_sentence(self.text[row[at - 1].char_end : row[at].char_start].strip())
                and not is_month(row[at - 1].form)
                for at in range(p0 + 1, p1)
            )
        if EditClass.CONTRACTION in edit.classes:
            return any(
                is_clipped(text, tokens[first], place.language)
                for text, tokens, (first, last) in (
                    (self.text, row, edit.printed),
                    (place.text, place.tokens, edit.spoken),
                )
                if last - first == 1
            )
        return False

    def _changed(self, edit: Edit, used: Used) -> Edit:
        read = words_at(self.text, self.printed.tokens, *edit.printed)
        said = words_at(used.place.text, used.place.tokens, *edit.spoken)
        classes = classes_named(edit.classes)
        minus = edit.kind is EditKind.ADDED and self._is_minus(edit.printed, edit.spoken, used)
        if minus or (EditClass.NUMBER in edit.classes and self._one_amount(edit, used)):
            same = frozenset({EditClass.NUMBER_FORM})
            return replace(edit, kind=EditKind.VARIANT, classes=same, critical=False)
        if edit.kind is EditKind.ADDED:
            if is_half_negation(self.printed.tokens, edit.printed, used.place.language):
                edit, classes = replace(edit, critical=False), ""
            instead = self._instead(edit, used)
            edit = replace(
                edit, classes=edit.classes | instead, critical=edit.critical or bool(instead)
            )
            classes = classes_named(edit.classes) if instead else classes
            reason = f"“{shortened(read)}” is printed and was not said there{classes}"
        else:
            reason = f"printed “{shortened(read)}”, said “{shortened(said)}”{classes}"
        self.raise_to(WordsFinding.ALTERED, reason, critical=edit.critical)
        return edit

    def _instead(self, edit: Edit, used: Used) -> frozenset[EditClass]:
        """What the words were that words added at an end of the quotation stand in the place of."""
        (first, last), (start, stop) = edit.printed, used.printed
        count = last - first
        head, tail = count * (first == start), count * (last == stop)
        if count >= LOOSE_END or used.alignment.window[0] >= used.alignment.window[1]:
            return frozenset()
        return classes_beside(used.place, used.alignment.window, head, tail)

    def _one_amount(self, edit: Edit, used: Used) -> bool:
        """Whether two numbers in digits are one, with and without a nought before the point."""
        (p0, p1), (s0, s1) = edit.printed, edit.spoken
        if edit.kind is not EditKind.SUBSTITUTED or (p1 - p0, s1 - s0) != (1, 1):
            return False
        one, two = self.printed.tokens[p0], used.place.tokens[s0]
        return one.form != two.form and same_amount(self.text, one, used.place.text, two)

    def _is_minus(self, read: tuple[int, int], said: tuple[int, int], used: Used) -> bool:
        """Whether the one word that stands on one side alone is a minus, and the number after it
        has one on the other side too."""
        row, there = self.printed.tokens, used.place.tokens
        if read[1] - read[0] + said[1] - said[0] != 1:
            return False
        word = row[read[0]] if read[0] < read[1] else there[said[0]]
        if word.form not in MINUS or read[1] >= len(row) or said[1] >= len(there):
            return False
        return has_minus(self.text, row[read[1]]) and has_minus(used.place.text, there[said[1]])

    def _left_out(self, run: list[Edit], used: Used) -> list[Edit]:
        """A run of spoken words that are not printed, and no mark shows it."""
        place = used.place
        first, last = run[0].spoken[0], run[-1].spoken[1]
        classes = frozenset[EditClass]().union(*(edit.classes for edit in run))
        said = words_at(place.text, place.tokens, first, last)
        if classes == {EditClass.INTERJECTION}:
            return run
        if self._is_minus(run[0].printed, (first, last), used):
            same = frozenset({EditClass.NUMBER_FORM})
            return [Edit(EditKind.VARIANT, run[0].printed, (first, last), same)]
        free = classes <= _FREE | {EditClass.INTERJECTION} and not ends_between(place, last)
        if free or is_discourse(place.tokens[first:last]):
            self.raise_to(WordsFinding.CLEANED)
            return [replace(edit, critical=False) for edit in run]
        if false_start(place, first, last, classes):
            self.raise_to(WordsFinding.CLEANED, f"a false start is left out: “{shortened(said)}”")
            return [
                replace(edit, critical=False, classes=frozenset({EditClass.REPETITION}))
                for edit in run
            ]
        if is_half_negation(place.tokens, (first, last), place.language):
            classes = frozenset({EditClass.FUNCTION_WORD})
            run = [replace(edit, critical=False, classes=classes) for edit in run]
        critical = classes & CRITICAL
        whole = whole_sentences(place, first, last)
        reason = f"“{shortened(said)}” was said there and is left out without a mark"
        reason += classes_named(classes)
        short = last - first <= SHORT_CUT
        turns = bool(critical & _TURNS_MEANING) or (short and bool(critical & _WEIGHTY))
        if turns and not whole:
            self.raise_to(WordsFinding.ALTERED, reason, critical=True)
        else:
            self.raise_to(WordsFinding.CUT, reason, critical=bool(critical) and not whole)
        return run if not whole else [replace(edit, critical=False) for edit in run]

    def _elided(self, run: list[Edit], used: Used) -> Edit:
        """A run of spoken words where an ellipsis, or a new printed sentence, stands."""
        place = used.place
        first, last = run[0].spoken[0], run[-1].spoken[1]
        classes = frozenset[EditClass]().union(*(edit.classes for edit in run))
        inside = not whole_sentences(place, first, last)
        turning = classes & _TURNS_MEANING
        short = EditClass.NEGATION in classes and (
            last - first <= _ELIDED_SHORT or takes_its_negation(place, first)
        )
        said = shortened(words_at(place.text, place.tokens, first, last))
        critical = inside and bool(turning)
        at = run[0].printed[0]
        finding = WordsFinding.ELIDED if at in self.printed.marked else self.finding
        if short and inside:
            self.raise_to(
                WordsFinding.ALTERED, f"an ellipsis stands for “{said}”{classes_named(turning)}",
                critical=True,
            )  # fmt: skip
        elif critical:
            self.raise_to(
                finding, f"the words left out at the ellipsis are “{said}”{classes_named(turning)}",
                critical=True,
            )  # fmt: skip
        else:
            self.raise_to(finding)
        return Edit(EditKind.ELIDED, (at, at), (first, last), classes & turning, critical)

    def _bracketed(self, run: list[Edit], used: Used) -> Edit:
        """The editor's words, and the spoken ones they stand for."""
        place = used.place
        printed = (run[0].printed[0], run[-1].printed[1])
        spoken = (run[0].spoken[0], run[-1].spoken[1])
        read = words_at(self.text, self.printed.tokens, *printed)
        said = words_at(place.text, place.tokens, *spoken)
        inserted = self.printed.tokens[slice(*printed)]
        forms = {one.form for one in inserted}
        ours = frozenset[EditClass]().union(
            *(edit.classes for edit in run if edit.printed[0] < edit.printed[1])
        )
        theirs = frozenset[EditClass]().union(
            *(
                edit.classes
                for edit in run
                if edit.spoken[0] < edit.spoken[1]
                and not forms.issuperset(one.form for one in place.tokens[slice(*edit.spoken)])
            )
        )
        if spoken[0] >= spoken[1] and printed[0] == used.printed[0]:
            theirs |= classes_before(place, used.alignment.window[0])
        lost = (theirs & CRITICAL) - {EditClass.NAME}
        gained = (ours & {EditClass.NEGATION, EditClass.NUMBER}) - theirs
        if any(map(is_turned, inserted, place.tokens[slice(*spoken)])):
            lost |= {EditClass.NEGATION}
        touched = lost | (gained if not forms <= _NOTES else frozenset())
        if touched:
            stood = f"; “{shortened(said)}” was said there" if said else "; nothing was said there"
            self.raise_to(
                WordsFinding.ALTERED,
                f"“{shortened(read)}” stands in brackets{stood}{classes_named(touched)}",
                critical=True,
            )
        else:
            stood = f" for “{shortened(said)}”" if said else ""
            self.raise_to(WordsFinding.BRACKETED, f"“{shortened(read)}” is the editor's{stood}")
        classes = ours | theirs if touched else frozenset({EditClass.CONTENT})
        return Edit(EditKind.BRACKETED, printed, spoken, classes, bool(touched))

    def _passage(self, edit: Edit, number: int, used: Used) -> ComparedPassage:
        one = chars_at(self.printed.tokens, *edit.printed)
        base = used.chars[0]
        stands = edit.spoken[0] < edit.spoken[1]
        two = chars_at(used.place.tokens, *edit.spoken) if stands else (base, base)
        return ComparedPassage(
            edit.kind, self.text[slice(*one)], used.place.text[slice(*two)] if stands else "", one,
            number if stands else None, (two[0] - base, two[1] - base), edit.classes, edit.critical,
        )  # fmt: skip
