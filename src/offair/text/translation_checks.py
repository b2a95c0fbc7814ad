"""Holds a translated sentence against its original: numbers, names, negation, what is missing.

A check speaks only where it is sure: number words are known in the languages of `numbers`, names
where the desk knows them or where capitals tell, negation where `lexicon` knows both languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from offair.model.time import Span
from offair.model.transcript import Flag, FlagKind
from offair.text import lexicon
from offair.text.normalise import fold, word_set
from offair.text.numbers import NumberSpan, is_article, number_spans
from offair.text.tokenise import Token, TokenKind, base_language, tokens

NUMBER_LANGUAGES = frozenset({"en", "es", "pt", "fr", "de"})
"""Languages whose number words `numbers` reads; of others digits only."""
_SURE_FROM = 13
"""A number word from here on is a number; `one`, `two`, `a dozen` are often something else."""
_LONGEST_RATIO, _SHORTEST_RATIO = 4.0, 0.2
_LONG_FROM, _SHORT_FROM = 15, 40
"""Characters of the original from which a length ratio says something."""
_DENSE = 3.0
"""How many Latin letters one Han or kana character stands for, roughly."""
_REPEATS = 4
_COPY_FROM = 4
_DENSE_RE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
_LETTER_RE = regex.compile(r"\p{L}")
_SCRIPTS = {
    name: regex.compile(rf"\p{{Script={name}}}")
    for name in (
        "Arabic", "Hebrew", "Cyrillic", "Greek", "Han", "Hiragana", "Katakana", "Hangul", "Thai",
        "Devanagari", "Bengali", "Tamil", "Georgian", "Armenian", "Ethiopic", "Latin",
    )
}  # fmt: skip
_ROMAN_RE = regex.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_CLOCK_RE = regex.compile(r"([0-9]{1,2})(?:[:h]([0-9]{2})?)?(?::[0-9]{2})?")
_HALF_DAYS = word_set("am pm tarde noite noche soir manha manana matin morning afternoon evening")
_GLUED_RE = regex.compile(r"^(?=.*[0-9])(?!\P{L}*$)(?![0-9]+(?:st|nd|rd|th|s|o|a|e|er|re|eme)$)")
_DIGITS_RE = regex.compile(r"[0-9]+")
_NO_LANGUAGE = "qaa"
"""A tag of no language: digits are numbers, words are not."""
_DATE_RE = regex.compile(r"([0-9]{1,4})[/.\-]([0-9]{1,2})[/.\-]([0-9]{1,4})")
_MONTHS = {
    name: number
    for number, name in enumerate(
        (
            "january", "february", "march", "april", "may", "june", "july", "august",
            "september", "october", "november", "december",
        ),
        1,
    )
}  # fmt: skip
_ONES = word_set("one uno eins")
_ORDINALS = word_set(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
)
_HALVES = word_set("half halves meio meia medio media demi demie halb halbe halben")
_POSSESSIVE_RE = regex.compile(r"['’]s$")
_NEGATED_RE = regex.compile(
    r"(?:un|in|im|ir|il|dis|non|mis)\p{L}{3,}|\p{L}{2,}less|fail\p{L}*|refus\p{L}*"
    r"|den(?:y|ies|ied)\p{L}*|stop\p{L}*"
)
_UNSURE_NEGATIONS = {
    "fr": word_set("ne n personne rien non"),
    "pt": word_set("nada sem nem"),
    "es": word_set("nada sin ni"),
    "ar": word_set("ما غير دون بدون ابدا"),
    "en": word_set("no hardly barely scarcely lack lacks lacked without non nor neither nothing"),
}
"""Words that negate, but often go into a translation as something else."""
_NEGATIVE_SENSE = {
    "fr": word_set(
        "sauf peu faute moins plus guere nulle nullement contre sinon jusqua avant manque manquent "
        "refuse refusent evite evitent empeche interdit impossible arrete cesse absence"
    ),
    "es": word_set(
        "falta faltan excepto salvo poco poca apenas contra menos sino dejo deja dejaron evitar "
        "evito niega nego rechaza rechazo prohibe prohibio ausencia tampoco hasta"
    ),
    "pt": word_set(
        "ne falta faltam exceto salvo pouco pouca mal apenas contra menos senao deixou deixa "
        "deixaram evitar evitou nega negou recusa recusou proibe proibiu ausencia tampouco ate so"
    ),
    "de": word_set(
        "kaum wenig weder noch ausser statt sondern fehlt fehlen gegen verbietet verboten bis nur "
        "verhindert weigert abgelehnt lehnt vermeidet selten keinerlei keineswegs nirgends "
        "nirgendwo"
    ),
    "en": word_set(
        "except but only instead rather little few seldom rarely against until unless before "
        "avoid avoids avoided prevent prevents prevented missing absent lost lose far anything "
        "anyone anybody any free forbid forbids forbidden ban banned bans"
    ),
}
"""Words without a negation in them that are often translated by one."""
_NEGATED_ELSEWHERE_RE = regex.compile(
    r"(?:in|im|ir|il|des|dis|non|mis|un|a[nb])\p{Latin}{3,}|\p{Latin}{2,}los(?:e[nrms]?)?"
    r"|[وف]?(?:لا|لم|لن|بلا|عدم|غير|دون|بدون|مش|مو|مب|ماكو|مافي|مفيش|الا|رفض\p{L}*|منع\p{L}*"
    r"|نفي\p{L}*|ليس\p{L}*|لس\p{L}{1,3}|ما\p{L}*)"
)
"""Forms of other languages that negate inside the word, and Arabic ones with what is joined to
them, dialects' too."""
_TAME_AFTER = word_set("only just merely simply until yet least to")
"""What follows an English `not` that negates nothing: `not only`, `not until`."""
_COMMON = word_set(
    "presidente president prasident presidenta ministro ministra minister ministre doutor doutora "
    "doctor docteur senhor senhora senor senora monsieur madame herr frau rei rainha rey reina "
    "general capitao coronel capitaine colonel professor professora profesor profesora professeur "
    "papa padre dona don dom santo santa san sao saint sankt rio rua rue calle avenida avenue "
    "praca plaza place platz radio televisao television canal channel universidade universidad "
    "universite universitat university banco bank banque ministerio ministere ministerium partido "
    "parti partei congresso congreso congres senado senat camara tribunal supremo corte cour "
    "republica republique republik estado estados etat etats norte sul sur sud leste este est "
    "oeste ouest nord ost west central nacional national federal internacional international "
)
"""Titles, bodies and directions: written with a capital, and translated."""


@dataclass(frozen=True, slots=True)
class _Region:
    """Readings of one stretch of tokens as a number: values with their units.

    sure: it is a number whose value can be told: no article, and no half beside it.
    """

    values: frozenset[str]
    units: frozenset[str]
    printed: str
    sure: bool
    digits: bool


def doubts(
    original: str,
    translation: str,
    *,
    source: str,
    target: str,
    span: Span | None = None,
    names: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Flag, ...]:
    """What is doubtful about one translated sentence, as flags with their reasons.

    source, target: BCP 47. span: media time of the sentence, put into the flags. names: names the
    desk knows, as the original may spell them, each with the spellings that a translation may use;
    the name itself always may.
    """
    if not translation.strip():
        return (Flag(FlagKind.SENTENCE_MISSING, span, "there is no translation of this sentence"),)
    heard = tokens(original, source)
    printed = tuple(_possessor(one, translation) for one in tokens(translation, target))
    found = [
        *_number_doubts(original, translation, heard, printed, source, target),
        *_name_doubts(original, translation, heard, printed, names or {}),
        *_negation_doubts(original, translation, heard, printed, source, target),
        *_copy_doubts(original, translation, heard, printed),
        *_length_doubts(original, translation),
        *_repeat_doubts(heard, printed),
    ]
    return tuple(Flag(kind, span, reason) for kind, reason in found)


_Doubts = Iterator[tuple[FlagKind, str]]


def _possessor(token: Token, text: str) -> Token:
    """The word without an English genitive: `Celeste’s` names Celeste."""
    if _POSSESSIVE_RE.search(text, token.char_start, token.char_end) and len(token.form) > 2:
        return token._replace(form=token.form.removesuffix("s"))
    return token


def _number_doubts(
    original: str,
    translation: str,
    heard: Sequence[Token],
    printed: Sequence[Token],
    source: str,
    target: str,
) -> _Doubts:
    said = _regions(original, heard, source)
    there = _regions(translation, printed, target)
    words = frozenset(one.form for one in (*heard, *printed))
    values = frozenset(one for region in there for one in region.values)
    percents = frozenset(one for region in there if "%" in region.units for one in region.values)
    readable = (base_language(target) or "") in NUMBER_LANGUAGES
    for region in said:
        if not (region.sure and (region.digits or readable)):
            continue
        if not _kept(region, values, words):
            reason = f"the number {region.printed} of the original is not in the translation"
            yield FlagKind.NUMBER_DIFFERS, reason
        elif "%" in region.units and not region.values & percents:
            reason = f"{region.printed} of the original has lost its percent"
            yield FlagKind.NUMBER_DIFFERS, reason
    if (base_language(source) or "") not in NUMBER_LANGUAGES:
        return  # a number written out in words there cannot be read
    known = frozenset(one for region in said for one in region.values) | _romans(original)
    for region in there:
        large = region.digits or all(_large(value) for value in region.values)
        if region.sure and large and not _kept(region, known, words):
            reason = f"the number {region.printed} of the translation is not in the original"
            yield FlagKind.NUMBER_DIFFERS, reason


def _regions(text: str, of: Sequence[Token], language: str) -> list[_Region]:
    """The numbers of a text; overlapping readings are one, of which the widest count."""
    base = base_language(language)
    spans = number_spans(of, language if base else _NO_LANGUAGE)
    groups: list[list[NumberSpan]] = []
    for one in spans:
        if groups and one.first < max(other.last for other in groups[-1]):
            groups[-1].append(one)
        else:
            groups.append([one])
    regions = []
    for group in groups:
        plain = [one for one in group if not one.unit] or group
        first = min(one.first for one in plain)
        last = max(one.last for one in plain)
        widest = [one for one in plain if (one.first, one.last) == (first, last)] or plain
        inside = of[first:last]
        regions.append(
            _Region(
                frozenset(one.value for one in widest),
                frozenset(one.unit for one in group if one.unit),
                text[inside[0].char_start : inside[-1].char_end],
                not (len(inside) == 1 and _often_no_number(inside[0]))
                and not any(one.form in _HALVES for one in of[max(0, first - 2) : last + 3]),
                any(token.kind is TokenKind.NUMBER for token in inside),
            )
        )
    return regions + [_glued(token, text) for token in of if _GLUED_RE.search(token.form)]


def _often_no_number(token: Token) -> bool:
    """Whether a number word is more often none (`one`, `un`), or an ordinal: those of English alone
    are known."""
    return is_article(token.form) or token.form in _ONES or token.form in _ORDINALS


def _glued(token: Token, text: str) -> _Region:
    """A number with letters in one word: `21h30`, `G20`."""
    printed = text[token.char_start : token.char_end]
    values = {token.form, *_DIGITS_RE.findall(token.form)} if _clock(token.form) is None else ()
    return _Region(frozenset(values or {token.form}), frozenset(), printed, True, True)


def _kept(region: _Region, values: frozenset[str], words: frozenset[str]) -> bool:
    """Whether a number is among others. words: of both texts, as normal forms."""
    return any(
        _same(value, other, words) or _same(other, value, words)
        for value in region.values
        for other in values
    ) or any(_date_present(value, values, words) for value in region.values)


def _same(one: str, other: str, words: frozenset[str]) -> bool:
    """Whether two values are one number, allowing for ordinals, decades (`80`, `1980s`) and the
    twelve-hour clock (`21:30`, `21h30`, `9:30 pm`, `9` for `9:00`)."""
    one, other = _bare(one), _bare(other)
    if one == other or (
        other.endswith("s") and one.removesuffix("s") in (other[:-1], other[-3:-1])
    ):
        return True
    first, second = _clock(one), _clock(other)
    if first is None or second is None or (one.isdigit() and other.isdigit()):
        return False
    later = {0, 12} if words & _HALF_DAYS else {0}
    return first[1] == second[1] and abs(first[0] - second[0]) in later


def _bare(value: str) -> str:
    return value.removesuffix("º")


def _clock(value: str) -> tuple[int, int] | None:
    match = _CLOCK_RE.fullmatch(value)
    if match is None or int(match[1]) > 24 or int(match[2] or 0) > 59:
        return None
    return int(match[1]), int(match[2] or 0)


def _date_present(value: str, others: frozenset[str], words: frozenset[str]) -> bool:
    """`14/05/2026` for `May 14, 2026` or `05/14/2026`, and a part of a date for the date."""
    parts = _date(value)
    dates = [one for one in map(_date, others) if one]
    if parts is None:
        return value.isdigit() and any(int(value) in one for one in dates)
    if parts in dates:
        return True
    left = [part for part in parts if str(part) not in others]
    months = [number for name, number in _MONTHS.items() if name in words]
    return not left or (len(left) == 1 and left[0] in months)


def _date(value: str) -> list[int] | None:
    match = _DATE_RE.fullmatch(value)
    return sorted(int(one) for one in match.groups()) if match else None


def _large(value: str) -> bool:
    return value.isdigit() and int(value) >= _SURE_FROM


def _romans(text: str) -> frozenset[str]:
    """Roman numerals of a text (`século XXI`), as digits."""
    found = set()
    for match in regex.finditer(r"\b[IVXLCDM]+\b", text):
        if _ROMAN_RE.fullmatch(match.group()):
            figures = [_ROMAN[one] for one in match.group()]
            signed = [-a if a < b else a for a, b in pairwise([*figures, 0])]
            found.add(str(sum(signed)))
    return frozenset(found)


def _name_doubts(
    original: str,
    translation: str,
    heard: Sequence[Token],
    printed: Sequence[Token],
    names: Mapping[str, Sequence[str]],
) -> _Doubts:
    there = [token.form for token in printed]
    covered: set[int] = set()
    for name, spellings in names.items():
        wanted = [token.form for token in tokens(name)]
        places = _places([token.form for token in heard], wanted)
        if not places:
            continue
        covered |= {place + step for place in places for step in range(len(wanted))}
        script = _script(translation)
        accepted = [one for one in (name, *spellings) if _script(one) == script]
        # A name in another script has to be written anew there, and nobody has said how.
        if accepted and not any(
            _places(there, [one.form for one in tokens(form)]) for form in accepted
        ):
            shown = " or ".join(dict.fromkeys(accepted))
            yield (
                FlagKind.NAME_DIFFERS,
                f"the original names {name}; the translation has no {shown}",
            )
    if not _cased(original) or not _cased(translation):
        return
    capitals = [token for token in printed if token.capital]
    for run in _capital_runs(heard):
        if covered & set(run):
            continue
        yield from _run_doubts(
            original, translation, [heard[place] for place in run], printed, capitals
        )


def _run_doubts(
    original: str,
    translation: str,
    run: Sequence[Token],
    printed: Sequence[Token],
    capitals: Sequence[Token],
) -> _Doubts:
    """What became of several words with capitals in a row, which are a name."""
    forms = frozenset(token.form for token in printed)
    kept = [token for token in run if token.form in forms]
    shown = original[run[0].char_start : run[-1].char_end]
    if not kept:
        if not capitals and not _like_any(run, printed):
            yield (
                FlagKind.NAME_DIFFERS,
                f"the translation names nobody where the original has {shown}",
            )
        return
    spoken = frozenset(token.form for token in run)
    for token in run:
        if token in kept or token.form in _COMMON or len(token.form) < 4:
            continue
        for other in printed:
            new = other.form not in spoken and other.form not in _COMMON
            if new and 0 < _distance(token.form, other.form) <= max(1, len(token.form) // 3):
                was = original[token.char_start : token.char_end]
                now = translation[other.char_start : other.char_end]
                yield FlagKind.NAME_DIFFERS, f"the name {was} of the original is spelled {now}"
                break


def _like_any(run: Sequence[Token], printed: Sequence[Token]) -> bool:
    """Whether a word of a name is there in another spelling (a place: `Londres`, `London`)."""
    return any(
        _distance(token.form, other.form) <= len(token.form) // 2
        for token in run
        for other in printed
        if len(other.form) > 2
    )


def _capital_runs(heard: Sequence[Token]) -> Iterator[list[int]]:
    """Places of two and more words in a row that are written with capitals inside a sentence."""
    run: list[int] = []
    for place, token in enumerate([*heard, Token(0, 0, "")]):
        next_to = not run or place == run[-1] + 1
        if token.capital and token.kind is TokenKind.WORD and next_to:
            run.append(place)
            continue
        if len(run) > 1:
            yield run
        run = [place] if token.capital and token.kind is TokenKind.WORD else []


def _places(forms: Sequence[str], wanted: Sequence[str]) -> list[int]:
    size = len(wanted)
    if not size:
        return []
    return [at for at in range(len(forms) - size + 1) if list(forms[at : at + size]) == [*wanted]]


def _cased(text: str) -> bool:
    """Whether names are written with capitals here: mixed case, not a headline, not a transcript
    without capitals."""
    return text != text.lower() and text != text.upper()


def _distance(one: str, other: str) -> int:
    """Levenshtein distance of two words."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


def _negation_doubts(
    original: str,
    translation: str,
    heard: Sequence[Token],
    printed: Sequence[Token],
    source: str,
    target: str,
) -> _Doubts:
    base, other = base_language(source), base_language(target)
    if base is None or other is None or not (lexicon.knows(base) and lexicon.knows(other)):
        return
    lost, added = _sure_negation(heard, base), _sure_negation(printed, other)
    if lost is not None and not any(
        lexicon.is_negation(one.form, other) or _NEGATED_RE.fullmatch(one.form) for one in printed
    ):
        said = original[lost.char_start : lost.char_end]
        reason = f"the original says {said}; the translation has no negation"
        yield FlagKind.MEANING_DIFFERS, reason
    # A question asks the same with a negation and without: `is it not?`, `né?`.
    if added is not None and "?" not in translation and not any(_may_negate(heard, base)):
        said = translation[added.char_start : added.char_end]
        reason = f"the translation says {said}; the original has no negation"
        yield FlagKind.MEANING_DIFFERS, reason


def _sure_negation(of: Sequence[Token], language: str) -> Token | None:
    """The first word that negates and goes into every translation as a negation."""
    unsure = _UNSURE_NEGATIONS.get(language, frozenset())
    for one, following in pairwise([*of, Token(0, 0, "")]):
        tame = language == "en" and one.form == "not" and following.form in _TAME_AFTER
        if lexicon.is_negation(one.form, language) and one.form not in unsure and not tame:
            return one
    return None


def _may_negate(of: Sequence[Token], language: str) -> Iterator[bool]:
    """Of each word whether a translation of it may hold a negation."""
    sense = _NEGATIVE_SENSE.get(language, frozenset())
    inside = _NEGATED_RE if language == "en" else _NEGATED_ELSEWHERE_RE
    for one in of:
        negates = lexicon.is_negation(one.form, language) or one.form in sense
        yield negates or inside.fullmatch(one.form) is not None


def _copy_doubts(
    original: str, translation: str, heard: Sequence[Token], printed: Sequence[Token]
) -> _Doubts:
    plain = [one.form for one in heard if one.kind is TokenKind.WORD and not one.capital]
    same = [one.form for one in printed if one.kind is TokenKind.WORD and not one.capital]
    if len(plain) >= _COPY_FROM and plain == same:
        yield FlagKind.SENTENCE_MISSING, "the translation is a copy of the original"
        return
    letters = len(_LETTER_RE.findall(translation))
    script = _script(original)
    if script is None or script == "Latin" or not letters:
        return
    left = len(_SCRIPTS[script].findall(translation))
    if left * 5 > letters and left > 2:
        reason = f"part of the translation is still in the original's script ({script})"
        yield FlagKind.WRONG_SCRIPT, reason


def _script(text: str) -> str | None:
    """The script of most letters of a text; None where there are no letters or another script."""
    counts = {name: len(pattern.findall(text)) for name, pattern in _SCRIPTS.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] * 2 > len(_LETTER_RE.findall(text)) else None


def _length_doubts(original: str, translation: str) -> _Doubts:
    said, printed = _length(original), _length(translation)
    ratio = printed / max(1.0, said)
    if said >= _LONG_FROM and ratio > _LONGEST_RATIO:
        reason = f"the translation is {ratio:.0f} times as long as the original"
        yield FlagKind.MEANING_DIFFERS, reason
    if said >= _SHORT_FROM and ratio < _SHORTEST_RATIO:
        reason = f"the translation has only {ratio:.0%} of the original's length"
        yield FlagKind.SENTENCE_MISSING, reason


def _length(text: str) -> float:
    return len(text) + (_DENSE - 1) * len(_DENSE_RE.findall(text))


def _repeat_doubts(heard: Sequence[Token], printed: Sequence[Token]) -> _Doubts:
    forms = [fold(one.form) for one in printed]
    said = [one.form for one in heard]
    for size in (1, 2, 3, 4):
        times, at = _most_repeated(forms, size)
        if times >= _REPEATS and times > _most_repeated(said, size)[0] + 1:
            words = " ".join(forms[at : at + size])
            yield FlagKind.REPEATED, f"the translation repeats “{words}” {times} times"
            return


def _most_repeated(forms: Sequence[str], size: int) -> tuple[int, int]:
    """How often the words of that many places follow themselves at most, and where first."""
    best, where = 0, 0
    for start in range(size):
        times, at = 1, start
        for place in range(start + size, len(forms) - size + 1, size):
            if forms[place : place + size] == forms[place - size : place]:
                times += 1
            else:
                times, at = 1, place
            if times > best:
                best, where = times, at
    return best, where
