"""What the neighbouring words do to a quotation: a negation, condition, exception, question or
attribution that governs it and was not printed; a sentence that was cut; another date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import regex

from offair.model.finding import ContextFinding, EditClass
from offair.model.time import PartialDate
from offair.text.condition_words import opening_condition
from offair.text.judge_places import Neighbours
from offair.text.lexicon import word_classes
from offair.text.normalise import word_set
from offair.text.tokenise import Token, TokenKind, base_language, tokens

_LEADS_IN = word_set(
    "and so well now look also then you know i mean okay ok yes yeah oh folks listen again et y e "
    "und also alors pues bueno entao و ف"
)
"""Words before a quotation whose absence cuts no sentence."""
_LEADS_OUT = word_set("okay ok right folks sir maam thanks thank you")
_JOINS = word_set("that whether if to because how why when que dass ob che ان أن")
_CLAUSE_RE = regex.compile(r"[,;:—–،；，]|\s-\s|\b(?:but|and|so)\b")
_REACH = 10
"""Words before a quotation, in its clause, in which a negation governs it."""
_REACH_AFTER = 12
_AFFIRMS_RE = regex.compile(
    r"(?i)\b(?:(?:no|any|without)\s+(?:doubt|question|mistake|wonder|secret|denying|surprise)"
    r"|(?:not|\w+n['’]t|never)\s+(?:ever\s+)?(?:forget|deny|doubt)"
    r"|(?:no\s+one|nobody|none)\s+(?:can\s+|could\s+)?(?:den(?:y|ies|ied)|doubt(?:s|ed)?)"
    r"|can(?:not|['’]t)\s+(?:tell\s+you\s+how|(?:stress|emphasi[sz]e|overstate)\b)"
    r"|not\s+(?:only|just|long\s+ago))\b"
)
"""Negations that affirm: “there is no doubt that”."""
_DENIES_RE = regex.compile(
    r"(?i)\b(?:den(?:y|ies|ied|ying)|doubt(?:s|ed)?|refut(?:e|es|ed)|reject(?:s|ed)?"
    r"|disput(?:e|es|ed)|false|untrue|wrong|lie|myth|hoax|nonsense|impossible|absurd|ridiculous)\b"
    r"(?:\s+\w+){0,4}?\s+(?:that|to\s+(?:say|claim))(?:\s+that)?[\s,:“\"]*$"
)
"""Denials without a word of negation: “it is false that”."""
_CONDITIONS = word_set(
    "if unless provided providing assuming supposing si sofern falls wenn اذا لو"
)
_EXCEPTIONS = word_set(
    "except excepting excluding unless barring salvo excepto sauf ausser الا باستثناء"
)
_EXCEPTION_RE = regex.compile(
    r"(?i)\b(?:other than|apart from|aside from|with the exception|but not)\b"
)
_BEFORE_A_CONDITION = frozenset({"and", "but", "because", "so", "that", "even", "only"})
_CONDITION_WORD_RE = regex.compile(
    r"(?i)\b(?:ask|asked|asks|wonder|wondered|know|see|question|as)$"
)
_DENIED_RE = regex.compile(
    r"(?i)^[\s“\"(—–-]*(?:(?:that(?:['’]s| is| was)|this is|it(?:['’]s| is| was)|which is)\s+"
    r"(?:simply\s+|just\s+|absolutely\s+|completely\s+)?(?:not\s+(?:true|right|correct"
    r"|the case|what)|false|wrong|a lie|untrue|nonsense|malarkey|fake)"
    r"|not true|no[,.!]|not!|of course not|just kidding|i['’]m kidding)"
)
_TOLD_RE = regex.compile(
    r"(?i)^[\s“\"(—–-]*(?:that(?:['’]s| is| was)\s+(?:what|how)\s+(?:he|she|they|some|people"
    r"|others|my|the)\b[^.!?]{0,40}\b(?:say|says|said|told|tell|claim|claims|think|thinks|believe"
    r"|wrote|put)|(?:so )?(?:they|he|she) (?:say|says|said|claim|claims))"
)
_ATTRIBUTED_RE = regex.compile(
    r"(?ix)(?:\b(?!(?:i|we)\b)(?P<who>he|she|they|people|some|others|critics|everyone|everybody"
    r"|somebody|someone|nobody|officials|republicans|democrats|\p{L}+s|(?-i:\p{Lu}[\p{L}’'-]+))\s+(?:\w+\s+){0,2}?"
    r"(?:say|says|said|claim|claims|claimed|believe|believes|believed|think|thinks|thought|argue"
    r"|argues|argued|allege|alleges|alleged|told|tell|tells|insist|insists|report|reports|reported"
    r"|suggest|suggests)"
    r"|\baccording\s+to\b|\ballegedly\b|\breportedly\b|\bsupposedly\b|\bso-called\b)"
    r"(?:\s+(?:me|us|him|her|them|you|everyone|the\s+\w+))?(?:\s+that)?[\s,:;“\"‘—–-]*$"
)
_ATTRIBUTED_AFTER_RE = regex.compile(
    r"(?i)^[\s,”\"—–-]*(?:as\s+)?(?:he|she|they|some people|some|people|critics|others|the \w+)\s+"
    r"(?:say|says|said|claim|claims|claimed|believe|think|argue|like to say|put it|call it)\b"
    r"|^[\s,]*according to\b"
)
_ASKS_RE = regex.compile(r"[?؟？][\s”\"’»)]*$")
_NOT_RE = regex.compile(r"(?i)^\s*[,—–-]*\s*(?:not\b|no\s*[.!?]?\s*$)")
_NO_RE = regex.compile(r"(?i)\W*no[,.!]")


@dataclass(frozen=True, slots=True)
class ContextJudged:
    """What one look at the context found, with the words that show it."""

    finding: ContextFinding
    reason: str


def context_of(
    around: Neighbours,
    language: str | None,
    *,
    asks: bool = False,
    marked_before: bool = False,
    marked_after: bool = False,
) -> tuple[ContextJudged, ...]:
    """What the neighbouring words of one stretch do to it; empty where nothing.

    asks: the printed words end with a question mark. marked_before, marked_after: an
    ellipsis is printed there. Rules are for English; negations, conditions and exceptions for every
    language of which `lexicon` has words; questions for all.
    """
    found: list[ContextJudged] = []
    sides = _Sides(around, language)
    found += _negation(sides)
    found += _condition(sides)
    found += _exception(sides)
    found += _attribution(sides)
    before, after = around.before, around.after
    question = _ASKS_RE.search(after)
    if question is not None and not asks:
        asked = f"{_short(before, tail=True)}[…]{_short(after)}"
        found.append(ContextJudged(ContextFinding.QUESTION, f"the sentence asks: “{asked}”"))
    found += _cut(sides, marked_before, marked_after)
    return tuple(found)


class _Sides:
    """The rest of the sentence on both sides of a quotation, and its words."""

    def __init__(self, around: Neighbours, language: str | None) -> None:
        self.around, self.language = around, language
        self.before, self.after = around.before, around.after
        self.left, self.right = tokens(self.before, language), tokens(self.after, language)
        self.english = base_language(language) in {None, "en"}
        self.ended = not any(char.isalnum() for char in self.after)

    def has(self, words: frozenset[str]) -> bool:
        """Whether one of these words stands on either side."""
        return any(one.form in words for one in (*self.left, *self.right))

    def governing(self) -> int:
        """Where the words before begin that govern what follows: the clause, and those before it
        where it begins with `that` or the like."""
        edges = [0, *(match.end() for match in _CLAUSE_RE.finditer(self.before))]
        for edge in reversed(edges):
            first = next((one for one in self.left if one.char_start >= edge), None)
            if first is None or edge == 0:
                return edge if first is not None else len(self.before)
            if first.form not in _JOINS:
                return edge
        return 0


def _negation(sides: _Sides) -> Iterable[ContextJudged]:
    around, language = sides.around, sides.language
    edge = sides.governing()
    affirmed = _AFFIRMS_RE.search(sides.before, edge) if sides.english else None
    first, last = affirmed.span() if affirmed is not None else (0, 0)
    words = [one for one in sides.left if one.char_start >= edge][-_REACH:]
    words = [one for one in words if not first <= one.char_start < last]
    denies = _DENIES_RE.search(sides.before, max(edge, last)) if sides.english else None
    if denies is not None or any(
        EditClass.NEGATION in word_classes(one, language) for one in words
    ):
        clause = _short(sides.before[edge:].strip(), tail=True)
        yield ContextJudged(ContextFinding.NEGATION, f"a negation stands before it: “{clause}”")
    elif _NOT_RE.match(sides.after):
        yield ContextJudged(ContextFinding.NEGATION, f"a negation follows: “{_short(sides.after)}”")
    elif sides.english and sides.ended:
        denied = _DENIED_RE.match(around.sentence_after)
        if denied is not None and not _NO_RE.match(denied.group()):
            yield ContextJudged(
                ContextFinding.NEGATION,
                f"the next sentence denies it: “{_short(around.sentence_after)}”",
            )


def _condition(sides: _Sides) -> Iterable[ContextJudged]:
    opening = opening_condition(sides.left, sides.before, sides.after, sides.language)
    if opening is not None:
        told = f"a condition stands before it: “{_short(opening)}”"
        yield ContextJudged(ContextFinding.CONDITION, told)
        return
    if not sides.has(_CONDITIONS):
        return
    before, after = sides.before, sides.after
    at = 0
    for clause in regex.split(r"[,;:—–،]", before):
        words = [
            one.form
            for one in sides.left
            if at <= one.char_start < at + len(clause) and one.kind is not TokenKind.FILLER
        ]
        while words and words[0] in _BEFORE_A_CONDITION:
            del words[0]
        asked = _CONDITION_WORD_RE.search(before[:at].strip(" ,;:—–"))
        if words and words[0] in _CONDITIONS and asked is None:
            yield ContextJudged(
                ContextFinding.CONDITION,
                f"a condition stands before it: “{_short(clause.strip())}”",
            )
            return
        at += len(clause) + 1
    if any(one.form in _CONDITIONS for one in sides.left[-4:]):
        yield ContextJudged(
            ContextFinding.CONDITION,
            f"a condition stands before it: “{_short(before.strip(), tail=True)}”",
        )
        return
    for number, one in enumerate(sides.right[:_REACH_AFTER]):
        if one.form in _CONDITIONS and _opens_clause(after, one, number):
            yield ContextJudged(
                ContextFinding.CONDITION, f"a condition follows: “{_short(after.strip())}”"
            )
            return


def _opens_clause(after: str, one: Token, number: int) -> bool:
    """Whether a word begins a clause of what follows, or stands near enough to belong to it."""
    return after[: one.char_start].rstrip().endswith((",", ";", "—", "–", "،")) or number <= 5


def _exception(sides: _Sides) -> Iterable[ContextJudged]:
    near = sides.right[:_REACH_AFTER]
    for side, words, where in (
        (sides.before, sides.left, "stands before it"),
        (sides.after[: near[-1].char_end] if near else "", near, "follows"),
    ):
        found = any(one.form in _EXCEPTIONS for one in words)
        if found or _EXCEPTION_RE.search(side):
            yield ContextJudged(
                ContextFinding.EXCEPTION, f"an exception {where}: “{_short(side.strip())}”"
            )
            return


def _attribution(sides: _Sides) -> Iterable[ContextJudged]:
    before, after, around = sides.before, sides.after, sides.around
    if sides.english:
        match = _ATTRIBUTED_RE.search(before[-120:])
        if match is None and not before.strip() and around.sentence_before.endswith(":"):
            match = _ATTRIBUTED_RE.search(around.sentence_before[-120:])
        if match is not None:
            yield ContextJudged(
                ContextFinding.ATTRIBUTION,
                f"an attribution stands before it: “{match.group().strip()}”",
            )
            return
        match = _ATTRIBUTED_AFTER_RE.match(after)
        if match is None and sides.ended:
            match = _TOLD_RE.match(around.sentence_after)
        if match is not None:
            yield ContextJudged(
                ContextFinding.ATTRIBUTION,
                f"an attribution follows: “{match.group().strip(' ,')}”",
            )
        return
    edge = sides.governing()
    words = [one for one in sides.left if one.char_start >= edge][-4:]
    if any(EditClass.ATTRIBUTION in word_classes(one, sides.language) for one in words):
        yield ContextJudged(
            ContextFinding.ATTRIBUTION,
            f"an attribution stands before it: “{_short(before.strip(), tail=True)}”",
        )


def _cut(sides: _Sides, marked_before: bool, marked_after: bool) -> Iterable[ContextJudged]:
    told = []
    if any(one.form not in _LEADS_IN and one.kind is not TokenKind.FILLER for one in sides.left):
        mark = " (marked)" if marked_before else ""
        told.append(f"it begins “{_short(sides.before.strip(), tail=True)}”{mark}")
    if any(one.form not in _LEADS_OUT and one.kind is not TokenKind.FILLER for one in sides.right):
        mark = " (marked)" if marked_after else ""
        told.append(f"it goes on “{_short(sides.after.strip())}”{mark}")
    if told:
        yield ContextJudged(ContextFinding.SENTENCE_CUT, f"the sentence is cut: {'; '.join(told)}")


def _short(text: str, *, tail: bool = False) -> str:
    if len(text) <= 100:
        return text
    return f"…{text[-99:]}" if tail else f"{text[:99]}…"


def other_date(claimed: PartialDate | None, aired: PartialDate | None) -> ContextJudged | None:
    """Whether a claimed date differs from the airing's, as exactly as both are known."""
    if claimed is None or aired is None:
        return None
    length = min(len(claimed.value[:10]), len(aired.value[:10]))
    if claimed.value[:length] == aired.value[:length]:
        return None
    return ContextJudged(
        ContextFinding.OTHER_DATE, f"it was aired on {aired}, and {claimed} is claimed"
    )
