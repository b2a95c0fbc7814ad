"""What each clause of a headline and a summary rests on: said, record fact, background, or nothing.

Deterministic, and explained: every proof says how it was come to. Words in quotation marks are held
against the clip word for word by the judge of quotations; the rest by the words of meaning that a
clause has in common with a stretch of speech. A word that only joins others never supports
anything; a number or a negation that differs leaves a clause unsupported. What is proposed here an
editor confirms, changes or passes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from offair.model.article import Paragraph
from offair.model.clip_work import ClauseKind, Proof, ProofLink
from offair.model.errors import BadInput
from offair.model.finding import EditClass, EditKind, WordsFinding
from offair.text.align import align
from offair.text.clause_facts import Explained, explained
from offair.text.clause_ground import Ground, is_title, judged_in
from offair.text.clause_words import (
    Match,
    Meant,
    Nearest,
    Support,
    number_groups,
)
from offair.text.clauses import Clause, headline_clauses, summary_clauses
from offair.text.judge import Judged
from offair.text.judge_speaker import Same
from offair.text.lexicon import class_words, is_negation
from offair.text.quoted_words import Marked, marked_quotations
from offair.text.scripts import script_of, scripts_of
from offair.text.tokenise import Token, tokens

ENOUGH = 0.5
"""The share of a clause's words of meaning, names counted twice, that the stretches linked have."""
_WELL_QUOTED = frozenset(
    {
        WordsFinding.VERBATIM, WordsFinding.CLEANED, WordsFinding.ELIDED, WordsFinding.BRACKETED,
        WordsFinding.AS_TRANSLATED,
    }
)  # fmt: skip
_QUOTED = 0.15
"""So much less is enough beside words in quotation marks that were said so."""
_TOGETHER = 0.3
"""The share of a clause's words of meaning, and two of them at least, that stand in one sentence:
words gathered here and there are no statement."""
_PRONOUNS = frozenset(("he", "she", "they", "it", "we", "i", "you"))
_QUESTION = ("?", "؟", "？")
_OWN = 0.8
"""The share of a clause's tokens that stand in the speaker's order from which on they are his."""
_NEXT_TO = 2


def clauses_of(part: int, text: str, language: str | None) -> tuple[Clause, ...]:
    """The clauses of the headline (part 0) or of a paragraph of the summary."""
    return (headline_clauses if part == 0 else summary_clauses)(text, language)


def propose(clip_id: int, parts: Mapping[int, str], ground: Ground) -> tuple[Proof, ...]:
    """A proof for each clause, in order. parts: 0 the headline, 1, 2, … the paragraphs."""
    return tuple(
        proof
        for part, text in sorted(parts.items())
        for proof in _of_part(clip_id, part, text, ground)
    )


def _of_part(clip_id: int, part: int, text: str, ground: Ground) -> list[Proof]:
    marked, _ = marked_quotations(text, (Paragraph(0, len(text)),))
    quotations = [
        (one, judged_in(one.printed(text), ground))
        for one in marked
        if not is_title(one.printed(text), ground.facts)
    ]
    return [
        _Clause(clip_id, part, text, clause, ground, quotations).proof()
        for clause in clauses_of(part, text, ground.language)
    ]


def _asks(near: Nearest) -> bool:
    """Whether a clause of speech stands in a question."""
    sentence = near.sentence
    return sentence.turn.text[sentence.start : sentence.end].rstrip("\"'”’»").endswith(_QUESTION)


class _Clause:
    """One clause in the making of its proof."""

    def __init__(
        self,
        clip_id: int,
        part: int,
        text: str,
        clause: Clause,
        ground: Ground,
        quotations: Sequence[tuple[Marked, Judged | None]],
    ) -> None:
        self._text, self._clause, self._ground = text, clause, ground
        self._spoken = ground.spoken
        self._quotations = [
            one
            for one in quotations
            if one[0].outer_start < clause.char_end and clause.char_start < one[0].outer_end
        ]
        first, last = clause.said or (clause.char_start, clause.char_end)
        self._all = _tokens(text, clause.char_start, clause.char_end, ground.language)
        self._said = _tokens(text, first, last, ground.language)
        self._draft = Proof(
            0, clip_id, part, clause.char_start, clause.char_end, clause.text(text),
            ClauseKind.UNSUPPORTED,
        )  # fmt: skip

    def proof(self) -> Proof:
        """What it rests on."""
        bad = self._misquoted()
        if bad is not None:
            return bad
        told = explained(self._text, self._all, self._ground.facts)
        fact = self._fact(told)
        if fact is not None:
            return fact
        if self._clause.label:
            return self._named() or self._unsupported(
                "nobody of this name speaks in the clip, and the names list does not have it"
            )
        said = self._in_speech(told)
        if said.kind is ClauseKind.SAID:
            return said
        return self._named(sure=True) or self._other_writing() or said

    def _unsupported(self, *reasons: str) -> Proof:
        return replace(self._draft, reasons=reasons)

    def _misquoted(self) -> Proof | None:
        """The proof of a clause with words in quotation marks that were not said so, or None."""
        for marked, judged in self._quotations:
            printed = marked.printed(self._text)
            if judged is None:
                return self._unsupported(f"“{printed}” stands nowhere in the clip")
            if judged.words not in _WELL_QUOTED:
                why = "; ".join(judged.reasons[:2])
                return self._unsupported(
                    f"“{printed}” is {judged.words.value}" + (f": {why}" if why else "")
                )
        return None

    def _fact(self, told: Explained) -> Proof | None:
        """The proof of a clause that only repeats fields of the record, or says otherwise."""
        if told.against:
            return self._unsupported(*told.against)
        if not told.fields:
            return None
        named = self._ground.persons.spelt([one.form for one in self._all])
        speakers = (
            range(named[0], named[1]) if named and named[2] in self._ground.persons.speakers else ()
        )
        rest = self._spoken.meant(self._all, told.places | told.broadcast | set(speakers))
        numbers = [
            one
            for one in number_groups(self._all, self._ground.language)
            if not told.places.issuperset(range(one[0].first, one[0].last))
        ]
        if rest or numbers or self._quotations:
            return None
        beside = sorted(told.broadcast - told.places)
        words = " ".join(dict.fromkeys(self._at(self._all[one]) for one in beside))
        reasons = tuple(f"as the record has it: {one}" for one in told.fields)
        if words:
            reasons += (f"no field says anything of: {words}",)
        return replace(
            self._draft, kind=ClauseKind.RECORD_FACT, field="; ".join(told.fields), reasons=reasons
        )

    def _named(self, *, sure: bool = False) -> Proof | None:
        """The proof of a clause that says who somebody is. sure: None where it is not proved."""
        ground = self._ground
        found = ground.persons.background(self._text, self._all, ground.language, ground.aired)
        if found is None or (sure and found.field is None):
            return None
        if found.field is None:
            return self._unsupported(*found.reasons)
        kind = ClauseKind.RECORD_FACT if found.speaks else ClauseKind.BACKGROUND
        return replace(self._draft, kind=kind, field=found.field, reasons=found.reasons)

    def _other_writing(self) -> Proof | None:
        """The proof of a clause in a script that the clip's language is not written in."""
        scripts = scripts_of(self._ground.language)
        letters = [script_of(one) for one in self._draft.clause if one.isalpha()]
        known = [one for one in letters if one is not None]
        if not scripts or not known or any(one in scripts for one in known):
            return None
        return self._unsupported(
            "it is written in another script than the clip's text, so that no word of it can be "
            "held against what was said; link the turns by hand"
        )

    def _in_speech(self, told: Explained) -> Proof:
        """The proof of a clause by what was said."""
        quoted = self._quoted_places()
        broadcast = told.broadcast if told.fields else frozenset()
        shift = len(self._all) - len(self._said)
        passed = {one - shift for one in told.places | broadcast if one >= shift}
        passed |= self._speaker_places()
        words = self._spoken.meant(self._said, passed | quoted)
        links = self._quoted_links()
        if not words and self._quotations:
            return self._well_quoted(links)
        if not words:
            return self._unsupported("it has no word of meaning that could be held against speech")
        matches = self._spoken.matches(self._said, words)
        allowed, stranger = self._allowed()
        if stranger is not None:
            return self._unsupported(stranger)
        support = self._spoken.support(words, matches, by=allowed)
        if not self._enough(words, support, matches):
            elsewhere = self._spoken.support(words, matches) if allowed is not None else support
            if allowed is not None and self._enough(words, elsewhere, matches):
                voice = self._spoken.sentences[elsewhere.sentences[0]].turn.voice.shown
                return self._unsupported(
                    f"the words are {voice or 'another voice'}'s, not {self._who()}'s"
                )
            return self._too_little(words, support)
        near = self._spoken.nearest(self._said, support, matches)
        wrong = self._numbers(support, passed) or self._negation(near) or self._asked(near)
        if wrong is not None:
            return replace(wrong, links=self._links(support))
        return self._supported(words, support, near, links)

    def _speaker_places(self) -> set[int]:
        """The places of a speaker's name: that somebody speaks supports nothing of what is said."""
        spelt = self._ground.persons.spelt([one.form for one in self._said])
        if spelt is None or spelt[2] not in self._ground.persons.speakers:
            return set()
        return set(range(spelt[0], spelt[1]))

    def _who(self) -> str:
        first, last = self._clause.said_by or (0, 0)
        return self._text[first:last]

    def _allowed(self) -> tuple[frozenset[int] | None, str | None]:
        """The sentences of the speaker to whom the clause gives its words (None for all), and why
        it cannot be so, where nobody of that name speaks."""
        if self._clause.said_by is None:
            return None, None
        who = self._who()
        named = tokens(who, self._ground.language)
        if any(one.form in _PRONOUNS for one in named[:2]) or not named:
            return None, None
        speakers = self._ground.persons.speakers
        spelt = self._ground.persons.spelt([one.form for one in named])
        meant = {
            one
            for one in speakers
            if (spelt is not None and spelt[2] == one)
            or self._ground.known.same(who, one, self._ground.aired) in {Same.YES, Same.SPELLED}
        }
        every = self._spoken.sentences
        unnamed = any(one.turn.voice.shown is None for one in every)
        if not meant:
            unlike = [self._ground.known.same(who, one, self._ground.aired) for one in speakers]
            if unnamed or not speakers or any(one is not Same.NO for one in unlike):
                return None, None
            return None, f"“{who}” speaks nowhere in the clip; {', '.join(speakers)} do"
        return (
            frozenset(
                one.place
                for one in every
                if one.turn.voice.shown is None or one.turn.voice.shown in meant
            ),
            None,
        )

    def _enough(
        self, words: Sequence[Meant], support: Support, matches: Mapping[int, Sequence[Match]]
    ) -> bool:
        """Whether so many of the words stand together that chance does not give it: enough of all,
        and of these enough in one sentence."""
        if self._quotations:
            return support.share >= ENOUGH - _QUOTED and bool(support.found)
        together = max(
            (
                sum(any(m.sentence == one for m in matches[place]) for place in support.found)
                for one in support.sentences
            ),
            default=0,
        )
        count = len(words)
        needed = min(count, max(2, math.ceil(_TOGETHER * count)))
        return support.share >= ENOUGH and together >= needed

    def _too_little(self, words: Sequence[Meant], support: Support) -> Proof:
        missing = [self._at(one.token) for one in words if one.place not in support.found]
        if not support.found:
            reason = f"none of its words of meaning was said: {', '.join(missing)}"
        else:
            reason = (
                f"only {len(support.found)} of its {len(words)} words of meaning stand together in "
                f"what was said; not: {', '.join(missing)}"
            )
        return replace(
            self._unsupported(reason), links=self._links(support), differing=tuple(missing)
        )

    def _numbers(self, support: Support, passed: set[int]) -> Proof | None:
        """The proof of a clause with a number that the stretches linked have not, or None."""
        said = self._spoken.numbers(self._near(support))
        for group in number_groups(self._said, self._ground.language):
            widest = group[0]
            if any(at in passed for at in range(widest.first, widest.last)):
                continue
            if any((one.value, one.unit) in said for one in group):
                continue
            number = self._range(self._said, widest.first, widest.last)
            there = sorted({value + unit for value, unit in said})
            shown = f"; said there: {', '.join(there[:6])}" if there else ""
            return self._unsupported(f"the number {number} does not stand in what was said{shown}")
        return None

    def _near(self, support: Support) -> set[int]:
        every = self._spoken.sentences
        return {
            other
            for one in support.sentences
            for other in (one - 1, one, one + 1)
            if 0 <= other < len(every) and every[other].turn is every[one].turn
        }

    @property
    def _cue(self) -> str:
        """What stands in the clause before what is given as said (`Marsh denied that`)."""
        return self._text[self._clause.char_start : self._said[0].char_start].lower()

    @property
    def _negates(self) -> bool:
        language = self._ground.language
        own = any(is_negation(one.form, language) for one in self._said)
        return own ^ ("denie" in self._cue)

    def _negation(self, near: Sequence[Nearest]) -> Proof | None:
        """The proof of a clause that says yes where no was said, or the other way; or None."""
        for one in near:
            by = self._spoken.negation_near(one)
            if not one.nearest or self._negates == (by is not None):
                continue
            text, row = one.sentence.turn.text, one.sentence.tokens
            there = text[row[one.first].char_start : row[one.last - 1].char_end]
            if by is not None:
                word = text[by.char_start : by.char_end]
                return self._unsupported(
                    f"“{there}” was said with a negation (“{word}”), and the clause has none"
                )
            return self._unsupported(f"the clause negates, and “{there}” was said without")
        return None

    def _asked(self, near: Sequence[Nearest]) -> Proof | None:
        """The proof of a clause that gives as said what was only asked, or None."""
        if "ask" in self._cue or any(one.nearest and not _asks(one) for one in near):
            return None
        if self._text[: self._clause.char_end].rstrip("\"'”’».").endswith(_QUESTION):
            return None
        return self._unsupported("it was said as a question only")

    def _well_quoted(self, links: Sequence[ProofLink]) -> Proof:
        return replace(
            self._draft, kind=ClauseKind.SAID, own_words=True, links=tuple(links),
            reasons=self._quoted_reasons(),
        )  # fmt: skip

    def _supported(
        self,
        words: Sequence[Meant],
        support: Support,
        near: Sequence[Nearest],
        quoted: Sequence[ProofLink],
    ) -> Proof:
        own = self._own_words(support)
        differing = self._differing(words, support)
        links = sorted(
            {*self._links(support), *quoted},
            key=lambda one: (self._order(one), one.char_start, one.char_end),
        )
        share = f"{len(support.found)} of {len(words)} words of meaning were said"
        how = "in the speaker's own words" if own else "the desk's paraphrase"
        reasons = [f"{how}: {share}", *self._quoted_reasons(), *self._cautions(near)]
        if self._turned_round(support):
            reasons.append("its words stand there in another order: look at who does what to whom")
        return replace(
            self._draft, kind=ClauseKind.SAID, links=tuple(links), own_words=own,
            differing=differing, reasons=tuple(reasons),
        )  # fmt: skip

    def _order(self, link: ProofLink) -> int:
        every = [turn.turn_id for run in self._ground.runs for turn in run]
        return every.index(link.turn_id)

    def _cautions(self, near: Sequence[Nearest]) -> list[str]:
        """What stands beside the words that were said, and should be looked at."""
        conditions = class_words(EditClass.CONDITION, self._ground.language)
        own = {one.form for one in self._said}
        found: dict[str, None] = {}
        for one in near:
            sentence, text = one.sentence, one.sentence.turn.text
            begin = next(
                (first for first, last in sentence.clauses if first <= one.first < last), 0
            )
            before = [
                each for each in sentence.tokens[begin : one.first] if each.form in conditions
            ]
            if before and not own & conditions:
                word = text[before[0].char_start : before[0].char_end]
                found[f"words of it were said under a condition (“{word}”)"] = None
            by = self._spoken.negation_near(one)
            if by is not None and not self._negates:
                word = text[by.char_start : by.char_end]
                found[f"words of it were said with a negation (“{word}”)"] = None
            if _asks(one):
                found["words of it were said as a question"] = None
        return list(found)

    def _turned_round(self, support: Support) -> bool:
        """Whether most of three words or more were said in another order."""
        said = [(one.sentence, one.at) for _, one in sorted(support.found.items())]
        longest = [1] * len(said)
        for at, place in enumerate(said):
            before = [longest[other] for other in range(at) if said[other] < place]
            longest[at] = 1 + max(before, default=0)
        return len(said) > 2 and max(longest) <= len(said) / 2

    def _own_words(self, support: Support) -> bool:
        """Whether the clause stands there in the speaker's words, in their order."""
        row = [
            token for place in support.sentences for token in self._spoken.sentences[place].tokens
        ]
        try:
            made = align(self._said, row, language=self._ground.language)
        except BadInput:
            return False
        same = sum(
            edit.printed[1] - edit.printed[0]
            for edit in made.edits
            if edit.kind in {EditKind.EQUAL, EditKind.VARIANT}
        )
        return same >= _OWN * len(self._said) and not made.critical

    def _differing(self, words: Sequence[Meant], support: Support) -> tuple[str, ...]:
        """The terms of the clause that the speaker did not use: words that were not said, and
        pairs of neighbours of which one was said in another form, the two apart."""
        found: list[str] = []
        places = [one.place for one in words]
        for number, word in enumerate(words):
            match = support.found.get(word.place)
            if match is None:
                found.append(self._at(word.token))
            elif not match.same and number and places[number - 1] == word.place - 1:
                before = support.found.get(word.place - 1)
                if before is not None and not (
                    before.sentence == match.sentence and abs(before.at - match.at) <= _NEXT_TO
                ):
                    found.append(self._range(self._said, word.place - 1, word.place + 1))
        return tuple(dict.fromkeys(found))

    def _links(self, support: Support) -> tuple[ProofLink, ...]:
        """The stretches that support it: of each sentence from the first of the words and numbers
        found there to the last."""
        said = self._spoken.numbers(support.sentences)
        numbers = [
            place
            for group in number_groups(self._said, self._ground.language)
            for one in group
            for place in said.get((one.value, one.unit), ())
        ]
        found = []
        for place in support.sentences:
            sentence = self._spoken.sentences[place]
            at = [match.at for match in support.found.values() if match.sentence == place]
            at += [each for where, *ends in numbers if where == place for each in range(*ends)]
            if at:
                found.append(
                    ProofLink(sentence.turn.turn_id, *sentence.range(min(at), max(at) + 1))
                )
        return tuple(found)

    def _quoted_places(self) -> set[int]:
        """The places of tokens that stand in quotation marks."""
        return {
            at
            for at, one in enumerate(self._said)
            if any(q.outer_start <= one.char_start < q.outer_end for q, _ in self._quotations)
        }

    def _quoted_links(self) -> list[ProofLink]:
        """Where the words in quotation marks were said."""
        runs = [run for run in self._ground.runs if run]
        found = []
        for _, judged in self._quotations:
            for used in judged.used if judged is not None else ():
                start, end = used.chars
                run = runs[used.number]
                for turn, first in zip(run, used.place.starts, strict=True):
                    low, high = max(start, first) - first, min(end, first + len(turn.text)) - first
                    if low < high:
                        link = ProofLink(turn.turn_id, turn.offset + low, turn.offset + high)
                        found.append(link)
        return found

    def _quoted_reasons(self) -> tuple[str, ...]:
        return tuple(
            f"“{marked.printed(self._text)}” is {judged.words.value}"
            for marked, judged in self._quotations
            if judged is not None
        )

    def _at(self, token: Token) -> str:
        return self._text[token.char_start : token.char_end]

    def _range(self, row: Sequence[Token], first: int, last: int) -> str:
        return self._text[row[first].char_start : row[last - 1].char_end]


def _tokens(text: str, first: int, last: int, language: str | None) -> tuple[Token, ...]:
    """The tokens between two places of a text; their ranges are in the text."""
    return tuple(
        one for one in tokens(text, language) if first <= one.char_start and one.char_end <= last
    )
