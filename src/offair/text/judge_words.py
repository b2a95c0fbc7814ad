"""What the words of a quotation show, edit by edit: cleaned, cut, bracketed, altered, spliced."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from offair.model.finding import CRITICAL, ComparedPassage, EditClass, EditKind, WordsFinding
from offair.text.align import Alignment, Edit
from offair.text.homographs import MINUS, has_minus, is_clipped, same_amount, unlike
from offair.text.judge_places import Place
from offair.text.lexicon import is_negation, word_classes
from offair.text.printed import PrintedWords
from offair.text.sentences import ends_sentence
from offair.text.tokenise import Token, TokenKind

SHORT_CUT = 3
"""Words: a run this short with a word of a critical class changes what is said around it."""
NEAR_WORDS = 80
"""Words that may be cut without a mark between two stretches of one turn; more is a splice."""
_ELIDED_SHORT = 4
_FALSE_START = 5
_TURNS_MEANING = frozenset({EditClass.NEGATION, EditClass.CONDITION, EditClass.EXCEPTION})
_WEIGHTY = frozenset(
    {EditClass.NUMBER, EditClass.MODALITY, EditClass.QUANTIFIER, EditClass.ATTRIBUTION}
)
"""A word of these that is left out alone changes what is said; a name or a unit is cut."""
_OPPOSITES = frozenset(str.split("un in im il ir dis non mis anti"))
_GOVERNS = frozenset({EditClass.NEGATION, EditClass.QUANTIFIER, EditClass.NUMBER})
_FREE = frozenset({EditClass.FILLER, EditClass.REPETITION})
_DISCOURSE = (
    ("you", "know"), ("i", "mean"), ("you", "see"), ("sort", "of"), ("kind", "of"), ("well",),
    ("look",), ("like",), ("okay",), ("ok",), ("folks",), ("oh",), ("ah",), ("now",), ("yeah",),
)  # fmt: skip
"""English words of delay: leaving them out is cleaning."""
_AUXILIARIES = frozenset(str.split("do does did is are was were am have has had"))
_BROKE_OFF_RE = regex.compile(r"^[\s,]*(?:—|–|--|-(?=\s)|…|\.\.\.)")
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
        for run in _runs(used.alignment.edits):
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
        (turn, char), (later_turn, later_char) = _end(before), _begin(after)
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
        return _short(_words(self.text, self.printed.tokens, first, last))

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
        read = _words(self.text, self.printed.tokens, *edit.printed)
        said = _words(used.place.text, used.place.tokens, *edit.spoken)
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
            return any(_ends_between(place, at) for at in range(s0 + 1, s1)) or any(
                ends_sentence(self.text[row[at - 1].char_end : row[at].char_start].strip())
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
        read = _words(self.text, self.printed.tokens, *edit.printed)
        said = _words(used.place.text, used.place.tokens, *edit.spoken)
        classes = _named(edit.classes)
        minus = edit.kind is EditKind.ADDED and self._is_minus(edit.printed, edit.spoken, used)
        if minus or (EditClass.NUMBER in edit.classes and self._one_amount(edit, used)):
            same = frozenset({EditClass.NUMBER_FORM})
            return replace(edit, kind=EditKind.VARIANT, classes=same, critical=False)
        if edit.kind is EditKind.ADDED:
            reason = f"“{_short(read)}” is printed and was not said there{classes}"
        else:
            reason = f"printed “{_short(read)}”, said “{_short(said)}”{classes}"
        self.raise_to(WordsFinding.ALTERED, reason, critical=edit.critical)
        return edit

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
        said = _words(place.text, place.tokens, first, last)
        if classes == {EditClass.INTERJECTION}:
            return run
        if self._is_minus(run[0].printed, (first, last), used):
            same = frozenset({EditClass.NUMBER_FORM})
            return [Edit(EditKind.VARIANT, run[0].printed, (first, last), same)]
        free = classes <= _FREE | {EditClass.INTERJECTION} and not _ends_between(place, last)
        if free or _is_discourse(place.tokens[first:last]):
            self.raise_to(WordsFinding.CLEANED)
            return [replace(edit, critical=False) for edit in run]
        if _false_start(place, first, last, classes):
            self.raise_to(WordsFinding.CLEANED, f"a false start is left out: “{_short(said)}”")
            return [
                replace(edit, critical=False, classes=frozenset({EditClass.REPETITION}))
                for edit in run
            ]
        critical = classes & CRITICAL
        whole = _whole_sentences(place, first, last)
        reason = f"“{_short(said)}” was said there and is left out without a mark{_named(classes)}"
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
        inside = not _whole_sentences(place, first, last)
        turning = classes & _TURNS_MEANING
        short = EditClass.NEGATION in classes and (
            last - first <= _ELIDED_SHORT or _takes_its_negation(place, first)
        )
        said = _short(_words(place.text, place.tokens, first, last))
        critical = inside and bool(turning)
        at = run[0].printed[0]
        finding = WordsFinding.ELIDED if at in self.printed.marked else self.finding
        if short and inside:
            self.raise_to(
                WordsFinding.ALTERED, f"an ellipsis stands for “{said}”{_named(turning)}",
                critical=True,
            )  # fmt: skip
        elif critical:
            self.raise_to(
                finding, f"the words left out at the ellipsis are “{said}”{_named(turning)}",
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
        read = _words(self.text, self.printed.tokens, *printed)
        said = _words(place.text, place.tokens, *spoken)
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
            theirs |= _governing(place, used.alignment.window[0])
        lost = (theirs & CRITICAL) - {EditClass.NAME}
        gained = (ours & {EditClass.NEGATION, EditClass.NUMBER}) - theirs
        if any(map(_turned, inserted, place.tokens[slice(*spoken)])):
            lost |= {EditClass.NEGATION}
        touched = lost | (gained if not forms <= _NOTES else frozenset())
        if touched:
            stood = f"; “{_short(said)}” was said there" if said else "; nothing was said there"
            self.raise_to(
                WordsFinding.ALTERED,
                f"“{_short(read)}” stands in brackets{stood}{_named(touched)}",
                critical=True,
            )
        else:
            stood = f" for “{_short(said)}”" if said else ""
            self.raise_to(WordsFinding.BRACKETED, f"“{_short(read)}” is the editor's{stood}")
        classes = ours | theirs if touched else frozenset({EditClass.CONTENT})
        return Edit(EditKind.BRACKETED, printed, spoken, classes, bool(touched))

    def _passage(self, edit: Edit, number: int, used: Used) -> ComparedPassage:
        one = _chars(self.printed.tokens, *edit.printed)
        base = used.chars[0]
        stands = edit.spoken[0] < edit.spoken[1]
        two = _chars(used.place.tokens, *edit.spoken) if stands else (base, base)
        return ComparedPassage(
            edit.kind, self.text[slice(*one)], used.place.text[slice(*two)] if stands else "", one,
            number if stands else None, (two[0] - base, two[1] - base), edit.classes, edit.critical,
        )  # fmt: skip


def _governing(place: Place, first: int) -> frozenset[EditClass]:
    """What the word before the first one used governs it by, where brackets stand in its place:
    a quantifier, a negation, a number (`[All] of the people`, said: `most of the people`)."""
    if not first or _ends_between(place, first):
        return frozenset()
    return word_classes(place.tokens[first - 1], place.language) & _GOVERNS


def _turned(read: Token, said: Token) -> bool:
    """Whether letters in brackets make a word its opposite: `[un]able`, `[im]possible`."""
    one, two = sorted((read.form, said.form), key=len)
    return two.endswith(one) and two[: len(two) - len(one)] in _OPPOSITES


def _takes_its_negation(place: Place, first: int) -> bool:
    """Whether words left out begin with the negation of the auxiliary kept before them
    (`will [not, as I said,] build`)."""
    if not first or not is_negation(place.tokens[first].form, place.language):
        return False
    kept = place.tokens[first - 1]
    return kept.form in _AUXILIARIES or EditClass.MODALITY in word_classes(kept, place.language)


def _runs(edits: Sequence[Edit]) -> Iterator[list[Edit]]:
    """Edits of one kind that follow one another; each equal or variant edit alone."""
    held: list[Edit] = []
    joined = {EditKind.LEFT_OUT, EditKind.ELIDED, EditKind.BRACKETED}
    for edit in edits:
        if held and edit.kind is held[0].kind and edit.kind in joined:
            held.append(edit)
            continue
        if held:
            yield held
        held = [edit]
    if held:
        yield held


def _begin(used: Used) -> tuple[int, int]:
    return _position(used.place, used.chars[0])


def _end(used: Used) -> tuple[int, int]:
    return _position(used.place, used.chars[1])


def _position(place: Place, char: int) -> tuple[int, int]:
    """Where a character of a place stands in its layer: (turn, character)."""
    index = place.turn_at(char)
    return place.order + index, char - place.starts[index]


def _is_discourse(said: Sequence[Token]) -> bool:
    """Whether the words are all words of delay."""
    forms = [one.form for one in said if one.kind is not TokenKind.FILLER]
    at = 0
    while at < len(forms):
        step = next((len(one) for one in _DISCOURSE if tuple(forms[at : at + len(one)]) == one), 0)
        if not step:
            return False
        at += step
    return True


def _false_start(place: Place, first: int, last: int, classes: frozenset[EditClass]) -> bool:
    """Whether spoken words break off and are begun anew in what follows them."""
    row = place.tokens
    if last - first > _FALSE_START or last >= len(row) or _ends_between(place, last):
        return False
    run = [one.form for one in row[first:last]]
    follows = [one.form for one in row[last : last + 6]]
    weighty = classes & {EditClass.NEGATION, EditClass.NUMBER, EditClass.CONDITION}
    if weighty and not set(run) <= set(follows):
        return False
    between = place.text[row[last - 1].char_end : row[last].char_start]
    broke_off = _BROKE_OFF_RE.match(between) is not None
    begun_anew = (
        bool(run)
        and run[0] == follows[0]
        and (broke_off or "," in between or set(run) <= set(follows))
    )
    return begun_anew or (broke_off and last - first <= SHORT_CUT and not classes & CRITICAL)


def _ends_between(place: Place, at: int) -> bool:
    """Whether a sentence ends before a word: what is said again after that is no false start."""
    row = place.tokens
    if not 0 < at < len(row):
        return False
    return ends_sentence(place.text[row[at - 1].char_end : row[at].char_start].strip())


def _whole_sentences(place: Place, first: int, last: int) -> bool:
    """Whether spoken words are whole sentences."""
    row, text = place.tokens, place.text
    start = row[first - 1].char_end if first else 0
    before = text[start : row[first].char_start]
    stop = row[last].char_start if last < len(row) else len(text)
    after = text[row[last - 1].char_end : stop]
    return (not first or ends_sentence(before.strip()) or "\n" in before) and (
        ends_sentence(after.strip()) or "\n" in after
    )


def _words(text: str, row: Sequence[Token], first: int, last: int) -> str:
    return text[slice(*_chars(row, first, last))]


def _chars(row: Sequence[Token], first: int, last: int) -> tuple[int, int]:
    if first < last:
        return row[first].char_start, row[last - 1].char_end
    at = row[first - 1].char_end if first else (row[0].char_start if row else 0)
    return at, at


def _named(classes: frozenset[EditClass]) -> str:
    told = sorted(one.value for one in classes & CRITICAL)
    return f" ({', '.join(told)})" if told else ""


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 90 else f"{text[:44]} … {text[-43:]}"
