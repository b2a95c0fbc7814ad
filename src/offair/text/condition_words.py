"""A condition that opens the spoken sentence before a quotation (`When …`, `Until …`, `Если …`).

Two kinds of openers: those whose whole clause is a condition of what follows (if, until, as long
as), and those that mostly tell a time, and condition a quotation only where it begins inside their
clause, so that the print drops `When` from `When we leave, …`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import regex

from offair.model.finding import EditClass
from offair.text.lexicon import class_words
from offair.text.normalise import fold
from offair.text.tokenise import Token, TokenKind, base_language

_Phrases = frozenset[tuple[str, ...]]


@lru_cache(maxsize=64)
def _phrases(text: str) -> _Phrases:
    return frozenset(tuple(map(fold, one.split())) for one in text.split(",") if one)


def _folded(words: str) -> frozenset[str]:
    return frozenset(map(fold, words.split()))


_TIMES = {
    "en": "when,whenever,once,as soon as,by the time,if and when,every time",
    "fr": "quand,lorsque,lorsqu,dès que,dès qu,aussitôt que,une fois que",
    "es": "cuando,en cuanto,tan pronto como,una vez que",
    "pt": "quando,assim que,logo que,uma vez que",
    "it": "quando,non appena,una volta che",
    "de": "sobald,wann immer,sooft",
    "nl": "wanneer,zodra",
    "ru": "когда,как только,пока",
    "uk": "коли,як тільки,поки,доки",
    "pl": "kiedy,gdy,skoro tylko,jak tylko",
    "ar": "عندما,حين,حينما,متى,كلما,لما,وعندما,وحين",
    "fa": "وقتی,هنگامی که,زمانی که",
    "he": "כאשר",
    "hi": "जब,जैसे ही",
    "id": "ketika",
}
_CLAUSES = {
    "en": "until,till,unless,as long as,so long as,only if,only when,in case,in the event,"
    "on condition,on the condition",
    "fr": "tant que,tant qu,à moins que,à moins qu,jusqu à ce que,jusqu à ce qu,à condition que,"
    "pourvu que,pourvu qu,en cas de,au cas où",
    "es": "hasta que,a menos que,siempre que,con tal de que,en caso de,a condición de que",
    "pt": "até que,a menos que,a não ser que,contanto que,em caso de",
    "it": "finché,fino a quando,a meno che,a patto che,a condizione che,nel caso",
    "de": "solange,es sei denn,vorausgesetzt,im falle",
    "nl": "totdat,zolang,op voorwaarde dat",
    "ru": "до тех пор,при условии",
    "uk": "за умови",
    "pl": "dopóki,póki,pod warunkiem,chyba że",
    "ar": "ما لم,طالما,شريطة,إلى أن",
    "he": "כל עוד",
    "hi": "जब तक",
}
_OTHERWISE = _folded(
    "otherwise whether sinon senao altrimenti anders sonst ob иначе інакше inaczej yoksa "
    "وگرنه אחרת वरना अन्यथा αλλιως ان salvo siempre пока поки"
)
"""Words of conditions in the lexicon that open no clause that does."""
_LEADS = _folded(
    "and but because so now well then even et mais donc y e pero entonces und aber denn и но а "
    "і але و ف i a en maar dan ma allora mas então porque that que dass che что що że"
)
_CLAUSE_RE = regex.compile(r"[,;:—–،；，]|\s-\s")
_ASKS_RE = regex.compile(r"[?؟？][\s”\"’»)]*$")


def opening_condition(
    left: Sequence[Token], before: str, after: str, language: str | None
) -> str | None:
    """The clause before a quotation, in its sentence, that conditions it; None where none does.

    left: the tokens of `before`, the sentence up to the quotation; after: the rest of it.
    """
    base = base_language(language) or "en"
    whole, times, firsts = _openers(base)
    if not any(one.form in firsts for one in left):
        return None
    asks = _ASKS_RE.search(after) is not None
    edges = [0, *(match.end() for match in _CLAUSE_RE.finditer(before)), len(before) + 1]
    for number, start in enumerate(edges[:-1]):
        end = edges[number + 1]
        words = [
            one.form
            for one in left
            if start <= one.char_start < end and one.kind is not TokenKind.FILLER
        ]
        while words and words[0] in _LEADS and not _opens(words, whole):
            del words[0]
        inside = number == len(edges) - 2 and not asks
        if _opens(words, whole) or (inside and _opens(words, times)):
            return before[start:end].strip(" ,;:—–،；，")
    last = [one.form for one in left if one.char_start >= edges[-2]]
    closing = _phrases(_CLAUSES.get(base, ""))
    if any(tuple(last[-length:]) in closing for length in range(1, min(5, len(last)) + 1)):
        return before[edges[-2] :].strip()
    return None


def _opens(words: Sequence[str], openers: _Phrases) -> bool:
    return any(tuple(words[:length]) in openers for length in range(1, min(5, len(words)) + 1))


@lru_cache(maxsize=64)
def _openers(base: str) -> tuple[_Phrases, _Phrases, frozenset[str]]:
    """Of a language: openers of conditions, openers of times, the first words of both."""
    known = class_words(EditClass.CONDITION, base) - _OTHERWISE - {"if"}
    whole = _phrases(_CLAUSES.get(base, "")) | {(one,) for one in known}
    times = _phrases(_TIMES.get(base, ""))
    return whole, times, frozenset(one[0] for one in whole | times)
