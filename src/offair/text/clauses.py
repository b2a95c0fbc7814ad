"""Headlines, summaries and speech in clauses: what is proved, or held against speech, one by one.

A clause ends with a sentence, at strong punctuation inside one, and at a comma before a word that
links clauses in the language. Two rules are for what the desk writes: a headline's statements are
parted by semicolons, with `Role Name:` before one; and a long subject before `said that` is a
clause of its own, since a name and an office are proved otherwise than speech.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import regex

from offair.model.finding import EditClass
from offair.text.lexicon import class_words, is_function_word
from offair.text.normalise import fold
from offair.text.sentences import sentences
from offair.text.tokenise import Token, TokenKind, base_language, tokens

_Range = tuple[int, int]

_LINKS: Mapping[str, str] = {
    "en": "and but or nor so yet while whereas because since although though unless until if when "
    "which who whom whose where after before despite including adding saying noting claiming "
    "we they he she it you i there this that these those",
    "fr": "et mais ou ni or car donc tandis alors pendant parce puisque quoique bien si quand "
    "lorsque qui que dont où après avant malgré nous vous ils elles il elle on je ce cela",
    "es": "y e pero o u ni sino mientras porque pues aunque si cuando que quien quienes cuyo "
    "donde después antes pese nosotros ellos ellas él ella yo esto eso",
    "pt": "e mas ou nem porém enquanto porque pois embora se quando que quem cujo onde depois "
    "antes apesar nós eles elas ele ela eu isto isso",
    "de": "und aber oder denn sondern doch während weil da obwohl wenn als falls dass der die das "
    "deren dessen wo nachdem bevor trotz wir sie er es ich",
    "it": "e ma o né però mentre perché poiché anche sebbene se quando che chi cui dove dopo prima "
    "nonostante noi loro lui lei io questo ciò",
    "nl": "en maar of want dus terwijl omdat hoewel als wanneer dat die wie waar nadat voordat "
    "ondanks wij ze zij hij het ik",
    "ru": "и а но или либо да пока потому так хотя если когда что который которая которое которые "
    "где после до несмотря мы они он она оно я это",
    "uk": "і й а але або чи та поки тому бо хоча якщо коли що який яка яке які де після до попри "
    "ми вони він вона воно я це",
    "pl": "i a ale lub albo oraz podczas ponieważ bo choć jeśli jeżeli gdy kiedy że który która "
    "które gdzie po przed mimo my oni one on ona ono ja to",
    "tr": "ve ama fakat veya ya çünkü ancak oysa eğer ki biz onlar o ben bu",
    "ar": "و لكن أو بل بينما لأن رغم إذا عندما حيث الذي التي الذين بعد قبل ثم إن أن نحن هم هو هي",
    "fa": "و اما ولی یا زیرا چون هرچند اگر وقتی که بعد قبل ما آنها او این",
    "he": "ו אבל אך או כי אף אם כאשר ש אשר אחרי לפני למרות אנחנו הם הן הוא היא זה",
    "hi": "और लेकिन या क्योंकि हालांकि अगर जब जो कि बाद पहले हम वे वह यह",
    "id": "dan tetapi tapi atau karena meskipun jika ketika yang setelah sebelum kami kita mereka "
    "ia",
    "el": "και αλλά ή όμως ενώ γιατί επειδή αν και όταν που ο οποίος μετά πριν εμείς αυτοί αυτός",
}
_PREFIXES = {"ar": "و", "he": "ו"}
"""A letter that links clauses where it begins a word."""
_STRONG_RE = regex.compile(r"[;؛；]|:(?=\s)|\s[–—-]\s|[—](?=\w)|\s\|\s")
_NEW_SUBJECT_RE = regex.compile(
    r"(?i)\s(?:and|but)\s(?=(?:that|we|they|he|she|it|i|you|there)\s)"
    r"|\s(?=(?:because|although|though|whereas|unless|until)\s)"
)
_STATEMENT_RE = regex.compile(r"[;؛；]")
_COMMA_RE = regex.compile(r"[,،，、]\s*")
_WORD_RE = regex.compile(r"[\p{L}\p{M}\p{N}'’]+")
_LEAST_WORDS = 3
_LEAST_MEANT = 2
"""A clause has so many words, of which so many carry meaning; less stays with what it stands by."""
_LONG_SUBJECT = 4
"""Words of a subject before `said that` from which on it is a clause of its own."""
_LABEL_RE = regex.compile(r"(?P<label>[^:;\n]{2,160}?)\s*:\s+(?=\S)")
_SAYING = (
    "said|says|told|stated|added|adds|declared|declares|announced|announces|claimed|argued|argues|"
    "noted|stressed|stresses|elaborated|elaborates|explained|explains|warned|warns|insisted|"
    "insists|continued|continues|replied|answered|asserted|asserts|maintained|maintains|"
    "emphasi[sz]ed|emphasi[sz]es|remarked|pointed\\sout|threatened|promised|vowed|denied|denies|"
    "admitted|admits|confirmed|confirms|concluded|concludes|asked|called\\sfor|called\\son|urged|"
    "suggested|suggests|reiterated|recounted|recalled|"
    "(?:states|claims|notes|replies|answers|remarks|promises|urges)(?=\\sthat)"
)
"""Verbs of saying. Forms that are nouns as well count before `that` alone."""
_SAID_RE = regex.compile(
    rf"(?i)(?P<subject>[^;:]{{1,240}}?),?\s{{1,9}}+(?P<cue>(?:(?:also|then|further|later|once|again|has|had"
    rf"|went\son\sto|went\son|would)\s+)*(?:{_SAYING})"
    r"(?:\s+(?:us|me|him|her|them|reporters|the\s\w+))?(?:\s+that|,|:)?)(?=\s)"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its range in the text it was found in, half-open, without the marks at its ends.

    label: it names who says the statement behind it (`Role Name:`). said_by: the range of the name
    or pronoun to which a clause of reported speech gives its words, None where none stands there.
    said: the range of what is given as said; the whole where nothing else is in it.
    """

    char_start: int
    char_end: int
    label: bool = False
    said_by: _Range | None = None
    said: _Range | None = None

    def text(self, whole: str) -> str:
        """Its words, as they stand."""
        return whole[self.char_start : self.char_end]


def headline_clauses(text: str, language: str | None = None) -> tuple[Clause, ...]:
    """The clauses of a headline: each statement's label, then its clauses. In order."""
    found: list[Clause] = []
    for start, end in _parted(text, (0, len(text)), _STATEMENT_RE):
        label = _LABEL_RE.match(text, start, end)
        if label is None or not _is_label(label["label"]):
            found += _in_sentence(text, (start, end), language)
            continue
        who = label.span("label")
        found.append(Clause(*who, label=True))
        for one in _in_sentence(text, (label.end(), end), language):
            found.append(replace(one, said_by=who, said=(one.char_start, one.char_end)))
    return tuple(found)


def summary_clauses(text: str, language: str | None = None) -> tuple[Clause, ...]:
    """The clauses of a paragraph of a summary, in order."""
    found: list[Clause] = []
    for first, last in sentences(text, language):
        for clause in _in_sentence(text, (first, last), language):
            found += _with_speaker(text, clause, language)
    return tuple(found)


def spoken_clauses(text: str, language: str | None = None) -> tuple[_Range, ...]:
    """The clauses of speech, as character ranges in order. English ones are parted without a comma
    too, where a new subject follows: what negates one does not negate the next."""
    english = base_language(language) in {None, "en"}
    return tuple(
        piece
        for sentence in sentences(text, language)
        for clause in _in_sentence(text, sentence, language)
        for piece in (
            _parted(text, (clause.char_start, clause.char_end), _NEW_SUBJECT_RE)
            if english
            else [(clause.char_start, clause.char_end)]
        )
    )


def _is_label(label: str) -> bool:
    """Whether words before a colon name somebody: few of them, with a capital where there are
    any, and no mark that ends a sentence."""
    words = label.split()
    if not 0 < len(words) <= 12 or regex.search(r"[!?؟。]|\.\s", label):
        return False
    letters = [one[0] for one in words if one[0].isalpha()]
    return not any(one.islower() or one.isupper() for one in letters) or words[-1][0].isupper()


def _in_sentence(text: str, sentence: _Range, language: str | None) -> list[Clause]:
    pieces = [
        piece
        for strong in _parted(text, sentence, _STRONG_RE)
        for piece in _at_links(text, strong, language)
    ]
    return [Clause(*piece) for piece in _long_enough(text, pieces, language)]


def _parted(text: str, within: _Range, mark: regex.Pattern[str]) -> list[_Range]:
    """The stretches between marks that stand outside quotation marks."""
    edges, at = [], within[0]
    closed = _quoted(text, within)
    for match in mark.finditer(text, *within):
        if not any(first < match.start() < last for first, last in closed):
            edges.append((at, match.start()))
            at = match.end()
    edges.append((at, within[1]))
    return [one for one in (_trimmed(text, *edge) for edge in edges) if one[0] < one[1]]


def _at_links(text: str, within: _Range, language: str | None) -> Iterator[_Range]:
    """The stretches between commas before which a clause ends."""
    links, prefix = _links(base_language(language) or "en")
    closed = _quoted(text, within)
    at = within[0]
    for match in _COMMA_RE.finditer(text, *within):
        word = _WORD_RE.match(text, match.end(), within[1])
        if word is None or any(first < match.start() < last for first, last in closed):
            continue
        form = fold(word.group())
        if form in links or (prefix and form.startswith(prefix) and len(form) > 3):
            yield _trimmed(text, at, match.start())
            at = match.end()
    yield _trimmed(text, at, within[1])


@lru_cache(maxsize=64)
def _links(base: str) -> tuple[frozenset[str], str]:
    return frozenset(map(fold, _LINKS.get(base, "").split())), _PREFIXES.get(base, "")


_MARKS = {"“": "”", "«": "»", "„": "“", "「": "」", '"': '"'}


def _quoted(text: str, within: _Range) -> list[_Range]:
    """What stands between quotation marks: a clause is never parted inside them."""
    found, at = [], within[0]
    while at < within[1]:
        closing = _MARKS.get(text[at])
        end = -1 if closing is None else text.find(closing, at + 1, within[1])
        if end >= 0:
            found.append((at, end + 1))
            at = end
        at += 1
    return found


def _long_enough(text: str, pieces: Sequence[_Range], language: str | None) -> list[_Range]:
    """The pieces, those that say too little joined to the one before, or to the one after."""
    kept: list[_Range] = []
    waiting: int | None = None
    for start, end in pieces:
        first = start if waiting is None else waiting
        waiting = None
        if _says_something(text[start:end], language):
            kept.append((first, end))
        elif kept:
            kept[-1] = (kept[-1][0], end)
        else:
            waiting = first
    if waiting is not None and pieces:
        kept.append((waiting, pieces[-1][1]))
    return kept


def _says_something(piece: str, language: str | None) -> bool:
    words = [one for one in tokens(piece, language) if one.kind is not TokenKind.FILLER]
    meant = [one for one in words if not is_function_word(one.form, language)]
    return len(words) >= _LEAST_WORDS and len(meant) >= _LEAST_MEANT


def _with_speaker(text: str, clause: Clause, language: str | None) -> list[Clause]:
    """A clause of reported speech told apart from who is said to have spoken."""
    if base_language(language) not in {None, "en"}:
        return [_in_others(text, clause, language)]
    match = _SAID_RE.match(text, clause.char_start, clause.char_end)
    if match is None or _quoted_at(text, clause, match.start("cue")):
        return [clause]
    subject = _trimmed(text, *match.span("subject"))
    words = tokens(text[slice(*subject)], language)
    rest = _trimmed(text, match.end(), clause.char_end)
    if rest[0] >= rest[1] or not _is_subject(text, subject, words):
        return [clause]
    name = _after_links(subject, words, language)
    if len(words) <= _LONG_SUBJECT and "," not in text[slice(*subject)]:
        return [Clause(clause.char_start, clause.char_end, said_by=name, said=rest)]
    return [
        Clause(*subject, label=True),
        Clause(match.start("cue"), clause.char_end, said_by=subject, said=rest),
    ]


def _in_others(text: str, clause: Clause, language: str | None) -> Clause:
    """In languages other than English: what follows the first verb of saying near the beginning."""
    verbs = class_words(EditClass.ATTRIBUTION, language)
    words = tokens(clause.text(text), language)
    at = next((place for place, one in enumerate(words[:6]) if one.form in verbs), None)
    if at is None or at + 2 >= len(words):
        return clause
    said = (clause.char_start + words[at + 1].char_start, clause.char_end)
    return Clause(clause.char_start, clause.char_end, said=said)


def _quoted_at(text: str, clause: Clause, at: int) -> bool:
    inside = _quoted(text, (clause.char_start, clause.char_end))
    return any(first < at < last for first, last in inside)


def _is_subject(text: str, subject: _Range, words: Sequence[Token]) -> bool:
    """Whether the words before a verb of saying are who says it: a pronoun or a name."""
    if not 0 < len(words) <= 24:
        return False
    pronoun = any(one.form in {"he", "she", "they"} for one in words[:3])
    named = any(text[subject[0] + one.char_start].isupper() for one in words)
    cased = any(char.islower() or char.isupper() for char in text[slice(*subject)])
    return pronoun or named or not cased


def _after_links(subject: _Range, words: Sequence[Token], language: str | None) -> _Range:
    """The subject without the words that link it to what stands before."""
    links, _ = _links(base_language(language) or "en")
    pronouns = {"he", "she", "they", "we", "it", "i", "you"}
    for one in words:
        if one.form not in links or one.form in pronouns:
            return subject[0] + one.char_start, subject[1]
    return subject


def _trimmed(text: str, start: int, end: int) -> _Range:
    """The range without white space and weak marks at its ends."""
    while start < end and (text[start].isspace() or text[start] in ",،，、;؛；"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ",،，、;؛；"):
        end -= 1
    return start, end
