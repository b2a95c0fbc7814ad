"""Whose words they are: the claimed name held against the attribution, and against spoken cues.

Only an attribution that a person confirmed, or that a publisher printed, is called different.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import regex

from offair.model.finding import SpeakerFinding
from offair.model.names import Name, NameKind, Office
from offair.model.time import PartialDate
from offair.text.judge_places import Neighbours, Place, Voice
from offair.text.normalise import word_set
from offair.text.person_names import is_full_name, is_no_person
from offair.text.speech_verbs import ENGLISH, OTHERS
from offair.text.tokenise import base_language, tokens

_TITLES = word_set(
    "mr mrs ms miss dr sir dame lord lady president vice first secretary press senator sen "
    "governor gov congressman congresswoman representative rep prime minister chancellor general "
    "gen colonel col major captain admiral judge justice king queen prince princess pope bishop "
    "ayatollah sheikh imam ambassador director chairman chairwoman chair speaker mayor "
    "commissioner spokesman spokeswoman spokesperson deputy foreign defense defence state "
    "treasury the of former acting "
    "attorney leader majority minority whip premier taoiseach hon honourable honorable madam herr "
    "frau monsieur madame senor senora presidente presidenta ministro ministra minister"
)
_PARTICLES = word_set("al el ul bin ibn abu abd van von de da do dos das della di du la le bint")
_SUFFIXES = word_set("jr sr ii iii iv phd md esq")
_NOBODY = word_set(
    "official officials source sources aide aides reporter reporters interviewer unknown anonymous "
    "spokesman spokeswoman spokesperson narrator voice crowd people man woman witness witnesses"
)
_SKELETON = (
    (regex.compile(r"kh|q|g(?=h|a|o|u)|ck"), "k"),
    (regex.compile(r"ph"), "f"),
    (regex.compile(r"sch|sh|ch|tsch"), "s"),
    (regex.compile(r"dh|th"), "d"),
    (regex.compile(r"w"), "v"),
    (regex.compile(r"[zj]"), "z"),
    (regex.compile(r"[aeiouyh'’-]"), ""),
    (regex.compile(r"(.)\1+"), r"\1"),
)


class Same(Enum):
    """Whether two names name one person."""

    YES = "yes"
    SPELLED = "yes, spelt otherwise"
    NO = "no"
    UNSURE = "unsure"


class KnownNames:
    """Persons of the names list, found by any spelling, by the surname alone, or by an office."""

    def __init__(self, names: Sequence[Name] = ()) -> None:
        self._full: dict[tuple[str, ...], set[int]] = defaultdict(set)
        self._surname: dict[str, set[int]] = defaultdict(set)
        self._offices: dict[tuple[str, ...], list[tuple[int, Office]]] = defaultdict(list)
        self._house: dict[int, str] = {}
        self._persons: dict[int, tuple[tuple[str, ...], ...]] = {}
        for place, name in enumerate(names, 1):
            if name.kind is NameKind.PLACE:
                continue
            own = name.id or place
            self._house[own] = name.house
            if name.kind is NameKind.PERSON:
                self._persons[own] = tuple(map(_row, name.all_spellings))
            for text in name.all_spellings:
                row = _row(text)
                if not row:
                    continue
                self._full[row].add(own)
                if name.kind is NameKind.PERSON and len(row) > 1:
                    self._surname[_surname(row)].add(own)
            for office in name.offices:
                self._offices[_office(office.title)].append((own, office))

    def who(self, text: str, on: PartialDate | None) -> frozenset[int]:
        """The entries that a printed name may mean on a date; empty where the list has none."""
        row = _row(text)
        if row in self._full:
            return frozenset(self._full[row])
        titles, rest = _parted(row)
        if rest:
            found = self._full.get(rest) or (
                self._surname.get(rest[0], set()) if len(rest) == 1 else set()
            )
            if len(found) > 1 and titles:
                held = self._held(titles, on) & found
                return frozenset(held or found)
            return frozenset(found)
        return frozenset(self._held(titles, on))

    def _held(self, title: tuple[str, ...], on: PartialDate | None) -> set[int]:
        """Who held an office on a date; whoever ever did where there is no date."""
        wanted = tuple(one for one in title if one not in {"the", "of"})
        return {
            own for own, office in self._offices.get(wanted, ()) if on is None or _holds(office, on)
        }

    def same(self, claimed: str, shown: str, on: PartialDate | None) -> Same:
        """Whether a claimed name and one in the archive name one person, on that date.

        A body or a group is never somebody else. A full name that the list has not is somebody
        else than an office's holder whom it has, where they share no word of a name.
        """
        one, two = _row(claimed), _row(shown)
        if one == two and one:
            return Same.YES
        ours, theirs = self.who(claimed, on), self.who(shown, on)
        if ours and theirs:
            if ours & theirs:
                return Same.YES if _surname(one) == _surname(two) else Same.SPELLED
            known = ours & self._persons.keys() and theirs & self._persons.keys()
            return Same.NO if known else Same.UNSURE
        same = _compared(one, two)
        if same is Same.NO and (is_no_person(claimed) or is_no_person(shown)):
            return Same.UNSURE
        if same is not Same.UNSURE:
            return same
        if _is_office(two) and self._nobody_of(theirs, claimed):
            return Same.NO
        if _is_office(one) and self._nobody_of(ours, shown):
            return Same.NO
        return same

    def _nobody_of(self, holders: frozenset[int], name: str) -> bool:
        """Whether a person's full name is of none of an office's holders, and not like one's."""
        if not holders or not holders <= self._persons.keys() or not is_full_name(name):
            return False
        row = _row(name)
        sounds = _sounds(_parted(row)[1])
        for own in holders:
            spelt = [one for one in self._persons[own] if one and _script(one) == _script(row)]
            if not spelt or any(
                sounds & _sounds(one) or _compared(row, one) is not Same.NO for one in spelt
            ):
                return False
        return True

    def office_of(self, name: str, on: PartialDate | None) -> tuple[str, ...]:
        """Who held what is an office alone, by the list on that date: house spellings, sorted;
        empty where it is no office or the list does not say."""
        if not _is_office(_row(name)):
            return ()
        return tuple(sorted(self._house[one] for one in self.who(name, on)))


def _row(text: str) -> tuple[str, ...]:
    return tuple(token.form for token in tokens(text) if token.form not in _SUFFIXES)


def _office(title: str) -> tuple[str, ...]:
    return tuple(one for one in _row(title) if one not in {"the", "of"})


def _holds(office: Office, on: PartialDate) -> bool:
    """Whether an office was held on a date, as far as the dates are known."""
    since, until = office.since, office.until
    length = len(on.value[:10])
    after = since is None or since.value[:10][:length] <= on.value[: len(since.value[:10])]
    before = until is None or on.value[: len(until.value[:10])] <= until.value[:10]
    return after and before


def _parted(row: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Titles before a name, and the name."""
    at = 0
    while at < len(row) and row[at] in _TITLES:
        at += 1
    return row[:at], row[at:]


def _surname(row: tuple[str, ...]) -> str:
    return row[-1] if row else ""


def _compared(one: tuple[str, ...], two: tuple[str, ...]) -> Same:
    """Two names by their words alone."""
    (title, name), (other_title, other) = _parted(one), _parted(two)
    if not name or not other:
        if not name and not other:
            kept = {word for word in title if word not in {"the", "of", "mr", "ms", "mrs"}}
            return Same.YES if kept & set(other_title) else Same.UNSURE
        own = title if not other else other_title
        held = other_title if not other else title
        meant = {word for word in held if word not in {"the", "of", "mr", "ms", "mrs"}}
        return Same.YES if meant and meant <= set(own) else Same.UNSURE
    if _NOBODY.intersection(name) or _NOBODY.intersection(other):
        return Same.UNSURE
    plain = tuple(word for word in name if word not in _PARTICLES) or name
    other = tuple(word for word in other if word not in _PARTICLES) or other
    if plain == other:
        return Same.YES
    if plain[-1] != other[-1]:
        if _ascii(plain) != _ascii(other):
            return Same.UNSURE
        alike = [_skeleton(word) for word in plain], [_skeleton(word) for word in other]
        enough = all(len(word) >= 2 for word in (*alike[0], *alike[1]))
        if enough and (
            alike[0] == alike[1] or (1 in map(len, alike) and alike[0][-1] == alike[1][-1])
        ):
            return Same.SPELLED
        # `Sophia Rosenbaum Kahn` and `Sophia Rosenbaum`: one name holds all words of the other.
        if set(plain) <= set(other) or set(other) <= set(plain):
            return Same.UNSURE
        return Same.NO
    if len(plain) == 1 or len(other) == 1:
        return Same.YES
    shorter, longer = sorted((plain, other), key=len)
    if longer[-len(shorter) :] == shorter:  # a body or an office before a full name
        return Same.YES
    first, second = plain[0], other[0]
    if first == second or (first[0] == second[0] and 1 in (len(first), len(second))):
        return Same.YES
    if first[:2] == second[:2]:
        return Same.SPELLED
    return Same.UNSURE  # `Bill` and `William`, `Jill` and `Joe`: the names list tells them apart


def _is_office(row: tuple[str, ...]) -> bool:
    """Whether a name is nothing but titles (`the Prime Minister`)."""
    return bool(row) and not _parted(row)[1]


def _script(row: tuple[str, ...]) -> str:
    """The script of a name by its first letter: the first word of that letter's Unicode name."""
    return "latin" if _ascii(row) else unicodedata.name(row[0][0], "").partition(" ")[0].lower()


def _ascii(row: tuple[str, ...]) -> bool:
    return all(word.isascii() for word in row)


def _sounds(row: tuple[str, ...]) -> frozenset[str]:
    """The words of a name, and what their spellings have in common where that is enough."""
    words = frozenset(row) - _PARTICLES
    return words | {sound for sound in map(_skeleton, words) if len(sound) > 1}


def _skeleton(word: str) -> str:
    """What spellings of one foreign name have in common: its consonants, roughly."""
    for pattern, by in _SKELETON:
        word = pattern.sub(by, word)
    return word


@dataclass(frozen=True, slots=True)
class Quoted:
    """The speaker gives somebody else's words. cue: the spoken words that say so. by: who is named
    there, None where nobody is."""

    cue: str
    by: str | None = None


_ADVERBS = (
    r"(?:(?:once|also|just|even|always|often|then|has|have|had|recently|famously|actually|again"
    r"|himself|herself|later|literally|basically)\s+)*"
)
_HEARER = (
    r"(?:\s+(?:to\s+)?(?:me|us|him|her|them|you|everyone|everybody|reporters|people|congress"
    r"|the\s+\w+))?"
)
_SAYS = (
    r"said|says|told|tells|wrote|writes|asked|asks|quoted|stated|declared|claimed|claims|argued|argues"
    r"|warned|reminded|reminds|announced|replied|answered|testified|tweeted|shouted|chanted|put\s+it"
    r"|puts\s+it|called\s+it|saying"
)
_SAYS_RE = regex.compile(rf"(?i)\s(?:{_SAYS})")
"""What a cue cannot be without; most sentences are told apart by this in a tenth of the time."""
_CUE_RE = regex.compile(
    r"(?ix)(?:^|[\s“\"(—–-])(?P<who>(?!(?:i|we|you|it|this|that|which|what|let|please|i['’]ve"
    r"|we['’]ve|not|to|and|but|or)\s)"
    rf"[\p{{L}}’'.-]+(?:\s+[\p{{Lu}}][\p{{L}}’'.-]+){{0,2}}),?\s+{_ADVERBS}"
    rf"(?:{_SAYS}){_HEARER}(?:\s+(?:this|like\s+this|so|that|quote|and\s+i\s+quote|in\s+\d+))*"
    r"\s*[,:;—–-]*\s*[“\"‘']?\s*$"
)
_WORDS_OF_RE = regex.compile(
    r"(?i)(?:in\s+the\s+(?:famous\s+|immortal\s+)?words\s+of\s+(?P<who>[^,:;]{2,40})|as\s+(?P<as>[^,:;]{2,40})"
    r"\s+(?:once\s+|has\s+|had\s+|so\s+)*(?:said|says|put\s+it|puts\s+it|wrote|reminded\s+us|noted)"
    r"|to\s+quote\s+(?P<quote>[^,:;]{2,40})|and\s+i\s+quote|quote)\s*[,:—–-]*\s*[“\"]?\s*$"
)
_AFTER_RE = regex.compile(
    r"(?i)^[”\"’,.;:\s—–-]{1,4}(?:(?P<who>he|she|they|(?-i:\p{Lu})[\p{L}’'-]+(?:\s+(?-i:\p{Lu})[\p{L}’'-]+)?)"
    r"\s+(?:said|says|told\s+(?:me|us|them))|(?:said|says)\s+(?P<then>he|she|(?-i:\p{Lu})[\p{L}’'-]+))\b"
)
_OWN = word_set("i we you it this that which what who")
_ENGLISH_RE = regex.compile(rf"(?i)\b(?:{ENGLISH})\b")
_MARKS = {"“": "”", "«": "»", "„": "“", "「": "」"}


def quoted(place: Place, start: int, end: int, around: Neighbours) -> Quoted | None:
    """Whether the words between two places of a text are given as somebody else's."""
    before = around.before or (
        around.sentence_before if around.sentence_before.rstrip().endswith((":", ",")) else ""
    )
    inside = _in_marks(place, start, end)
    tail = before[-160:]
    base = base_language(place.language)
    if base in {None, "en"}:
        for pattern in (_WORDS_OF_RE, _CUE_RE):
            if pattern is _CUE_RE and _SAYS_RE.search(tail) is None:
                continue
            match = pattern.search(tail)
            if match is not None:
                named = next((one for one in match.groupdict().values() if one), None)
                if named is None or named.split()[0].lower() not in _OWN:
                    return Quoted(match.group().strip(), named)
        match = _AFTER_RE.match(around.after)
        if match is not None:
            return Quoted(match.group().strip(" ,.;"), match["who"] or match["then"])
    elif base in OTHERS:
        match = regex.search(
            rf"(?i)(?:^|[\s,])(?:{OTHERS[base]})(?:\s\S+){{0,3}}?\s*[:,]?\s*(?:que|dass|che|qu['’]|إن|أن|بأن)?"
            r"\s*[“\"«]?\s*$",
            tail,
        )
        if match is not None:
            return Quoted(match.group().strip(" ,"))
    if inside is not None and not _own_words(tail):
        return Quoted(inside)
    return None


def _own_words(before: str) -> bool:
    """Whether the speaker says that the words in marks are his own (`I said, “…”`)."""
    return (
        regex.search(
            r"(?i)\b(?:i|we)(?:['’]ve)?\s+(?:\w+\s+){0,2}?(?:said|say|told|tell|asked|called|call)\b[^.!?]*$",
            before,
        )
        is not None
    )


def _in_marks(place: Place, start: int, end: int) -> str | None:
    """The passage in the transcript's own quotation marks that holds these words, if one does."""
    index = place.turn_at(start)
    low, text = place.starts[index], place.turns[index].text
    first, last = start - low, min(end - low, len(text))
    for opening, closing in _MARKS.items():
        at = text.rfind(opening, max(0, first - 1_000), first)
        if at >= 0 and text.find(closing, at + 1, first) < 0:
            stop = text.find(closing, last)
            if 0 <= stop <= last + 1_000 and text.find(opening, last, stop) < 0:
                words = text[at : stop + 1]
                return words if len(words) <= 120 else f"{words[:119]}…"
    line = text.rfind("\n", 0, first) + 1
    if text.count('"', line, first) % 2 == 1 and '"' in text[last : last + 1_000]:
        at = text.rfind('"', line, first)
        words = text[at : text.find('"', last) + 1]
        return words if len(words) <= 120 else f"{words[:119]}…"
    return None


@dataclass(frozen=True, slots=True)
class SpeakerJudged:
    """The finding about the speaker, with its reason. sure: the attribution is confirmed."""

    finding: SpeakerFinding
    reason: str
    sure: bool = False


def speaker_of(
    claimed: str | None,
    voice: Voice,
    aired: PartialDate | None,
    said_by: Quoted | None,
    names: KnownNames,
) -> SpeakerJudged:
    """The finding about the speaker of one piece."""
    shown = voice.shown
    sure = voice.confirmed
    if claimed is None:
        who = f"the words are {shown}'s" if shown else "nobody knows whose voice it is"
        given = f", given as somebody else's: “{said_by.cue}”" if said_by is not None else ""
        return SpeakerJudged(
            SpeakerFinding.NOBODY_NAMED, f"no speaker is claimed; {who}{given}", sure
        )
    if said_by is not None:
        who = shown or "the speaker"
        by = f" ({said_by.by})" if said_by.by else ""
        return SpeakerJudged(
            SpeakerFinding.QUOTING,
            f"{who} gives them as the words of somebody else{by}: “{said_by.cue}”", sure,
        )  # fmt: skip
    if shown is None:
        return SpeakerJudged(
            SpeakerFinding.UNCONFIRMED, "the archive does not say who speaks there", sure
        )
    same = names.same(claimed, shown, aired)
    if voice.author is not None and voice.author != voice.name:
        by_voice = voice.name is not None and names.same(claimed, voice.name, aired)
        if same in {Same.YES, Same.SPELLED} or by_voice in {Same.YES, Same.SPELLED}:
            heard = voice.name or "an interpreter"
            return SpeakerJudged(
                SpeakerFinding.READ_OUT,
                f"the voice is {heard}'s; the words are given as {voice.author}'s", sure,
            )  # fmt: skip
    unconfirmed = "" if sure else (
        ", as the imported text names the speaker" if voice.named else ", which nobody confirmed"
    )  # fmt: skip
    if same is Same.YES:
        return SpeakerJudged(
            SpeakerFinding.AS_CLAIMED, f"the words are {shown}'s, as claimed{unconfirmed}", sure
        )
    if same is Same.SPELLED:
        taken = (
            _by_office(names, claimed, shown, aired)
            or f"“{claimed}” is taken for another spelling of the name"
        )
        return SpeakerJudged(
            SpeakerFinding.AS_CLAIMED, f"the words are {shown}'s: {taken}{unconfirmed}", sure
        )
    if same is Same.NO and (sure or voice.named):
        held = _by_office(names, claimed, shown, aired)
        return SpeakerJudged(
            SpeakerFinding.SOMEBODY_ELSE,
            f"the words are {shown}'s, not {claimed}'s{f': {held}' if held else ''}{unconfirmed}",
            sure,
        )
    return SpeakerJudged(
        SpeakerFinding.UNCONFIRMED,
        f"{claimed} is claimed and {shown} is named there; whether they are the same, or it is "
        "right, nobody confirmed", sure,
    )  # fmt: skip


def _by_office(
    names: KnownNames, claimed: str, shown: str, aired: PartialDate | None
) -> str | None:
    """Which of two names is an office, and whose it was by the names list; None where neither."""
    for name in (claimed, shown):
        holders = names.office_of(name, aired)
        if holders:
            when = f" on {aired}" if aired is not None else ""
            return f"“{name}” is the office of {' or '.join(holders)}{when}, by the names list"
    return None
