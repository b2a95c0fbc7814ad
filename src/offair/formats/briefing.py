"""Transcripts of a press office: Markdown with a YAML head, `Q`, `MS. NAME:`, `THE PRESIDENT:`.

The layout of the White House's briefing room as collected at brian14708/wh-briefings. The date is
the head's; a place line, the time of day and `END` are marks, `(As interpreted.)` makes the turn
an interpreter's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from offair.formats import front_matter
from offair.formats.briefing_text import INTERPRETED_RE, OWN_VOICE_RE, add_paragraph
from offair.formats.decoding import decode
from offair.formats.front_matter import FrontMatter
from offair.formats.record_roles import DEMONYMS, PARTICLES, ROLES, TITLES, kind_of_label
from offair.formats.spoken_document import SpokenDocument, SpokenTurn, TurnText, with_marks_between
from offair.model.errors import BadInput
from offair.model.record import Remark, Severity
from offair.model.time import DateKind, PartialDate
from offair.model.transcript import Mark, MarkKind, SpeakerKind
from offair.text.normalise import word_set

_QUESTION_RE = re.compile(r"[*_]*Q[*_]*:?(?:[ \t\u00a0]+|$)(?=\S|$)")
_LABEL_RE = re.compile(r"[*_\\]*(?P<label>[^:*_\\<>\n]{1,70}?)[*_]*:[*_]*(?=\s|$)")
_WORD_RE = re.compile(r"[^\s,()/]+")
_SMALL_RE = re.compile(
    r"(?:Mrs?|Ms|Dr|Lt|Gen|Sen|Rep|Gov|Col|Maj|Sgt|Capt|Rev|Hon|Mc|Mac|Ma?c[A-Z'’-]+"
    r"|and|of|the|for|de|la|del|der|den|von|van|di|da|y|el|al)\.?"
)
_NO_LABELS = frozenset(
    (
        "fact sheet",
        "note",
        "notes",
        "update",
        "updated",
        "photo",
        "video",
        "watch",
        "readout",
        "correction",
        "for immediate release",
        "background",
        "re",
        "subject",
        "rsvp",
        "contact",
        "as prepared for delivery",
        "remarks as prepared for delivery",
        "editor’s note",
        "editor's note",
        "warning",
        "transcript",
    )
)
_CLOCK_RE = re.compile(
    r"[*_(]*\d{1,2}(?:[:.]\d\d)?\s*[AP]\.?\s?M\.?(?:\s*\(?(?:[A-Z]{1,5}T?|local(?: time)?|"
    r"[A-Z][a-z]+(?: time)?)\)?)?[*_).]*",
    re.I,
)
_CLOCK_FIRST_RE = re.compile(
    r"\s*\d{1,2}:\d\d\s*[AP]\.M\.(?:\s*[A-Z]{2,4}T)?\s+(?=(?:Q\s|[A-Z][A-Z .’'-]{2,60}:\s))"
)
"""A time of day with a label behind it on the same line."""
_END_RE = re.compile(r"[*_\s]*(?:END|(?:\\?#\s*+){2,}+|-\s*30\s*-)[*_.\s]*+")
_RULE_RE = re.compile(r"(?:[-_*\\\s]{3,})")
_FURNITURE_RE = re.compile(r"\s*(?:to (?:view|watch|read)\b.*\bvisit\b|<(?:!--|https?:).*)", re.I)
_BULLET_RE = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s{1,4}(?=\S)")
_HEADING_RE = re.compile(r"\s*#{1,6}\s+")
_OFFICES = word_set(
    "security energy education transportation agriculture commerce climate treasury affairs labor "
    "engagement competitiveness interior force defense hemisphere welcome advisers economics "
    "technology technologies communications council coordinator agency europe innovation homeland "
    "house state health policy response national economic pandemic covid-19 development services "
    "asia africa east america department office team council's nations union majority minority "
    "whip house's lady gentleman veterans housing justice intelligence trade environment czar "
    "preparedness management budget operations implementation infrastructure staff general"
)
"""Words of offices and bodies as titles print them, lower case: never somebody's given name."""
_BY_RE = re.compile(
    r"(?:Excerpts of |Excerpts from )?(?:Pre-?taped )?Remarks\b(?:(?! (?:by|of) ).)*? (?:by|of) "
    r"(?P<who>.{4,80}?)(?=,| [—–-]|: | (?:at|on|in|to|during|before|for|as|from|following|after|"
    r"welcoming|honoring|celebrating|marking|announcing|delivered)\b|$)"
)
_BEFORE_NAMES = frozenset(("of", "for", "first", "second"))
_BREAKS = ("  ", "\\", "\u00a0")
"""How a line ends that is broken on purpose."""
_LONGEST_PLACE = 160


@dataclass(slots=True)
class _Turn:
    label: str | None
    line: int
    interpreted: bool = False
    text: TurnText = field(default_factory=TurnText)


@dataclass(slots=True)
class _Page:
    """Turns so far, the marks above each, and what is neither."""

    prepared: bool
    turns: list[_Turn] = field(default_factory=list)
    above: list[list[Mark]] = field(default_factory=list)
    standing: list[Mark] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    report: list[Remark] = field(default_factory=list)

    def begin(self, label: str | None, line: int, *, interpreted: bool = False) -> _Turn:
        self.turns.append(_Turn(label, line, interpreted))
        self.above.append(self.standing)
        self.standing = []
        return self.turns[-1]

    def alone(self, kind: MarkKind, printed: str, sense: str) -> None:
        text = TurnText()
        add_paragraph(text, printed, Counter(), prepared=True)
        self.standing.append(Mark(kind, 0, 0, text.text.strip() or printed.strip(), sense))


def looks_like(data: bytes) -> bool:
    """Whether the first bytes are a head with the date, title and source that this layout has."""
    head = data[:16_384].decode("utf-8", "replace").replace("\r\n", "\n")
    found = front_matter.HEAD_RE.match(head)
    if found is None:
        return False
    keys = set(re.findall(r"^(\w+):", found["head"], re.M))
    return {"date", "title", "source_url"} <= keys


def read(data: bytes, *, source: str, encoding: str | None = None) -> SpokenDocument:
    """The document's turns with their marks. Raises `BadInput` where it holds no words or its head
    is no YAML. A file without a head is read too: then nothing is known but what its text says."""
    text = re.sub(r"\r\n?", "\n", decode(data, source=source, encoding=encoding)).replace(
        "\f", "\n"
    )
    head = front_matter.read(text, source=source)
    body = text[head.body :] if head else text
    blocks = _blocks(body, head.line if head else 1)
    labels = {
        found[0]
        for _, lines in blocks
        for place, line in enumerate(lines)
        if (place == 0 or _breaks(lines[place - 1])) and (found := _opening(line)) is not None
    }
    page = _Page(prepared=not labels)
    for line, lines in blocks:
        _read_block(page, line, lines, labels)
    return _document(page, head, source)


def _blocks(body: str, first_line: int) -> list[tuple[int, list[str]]]:
    blocks: list[tuple[int, list[str]]] = []
    inside = False
    for number, raw in enumerate(body.split("\n"), start=first_line):
        clock = _CLOCK_FIRST_RE.match(raw)
        line = raw[clock.end() :] if clock else raw
        if clock:
            blocks.append((number, [clock.group()]))
            inside = False
        if not line.strip():
            inside = False
        elif inside:
            blocks[-1][1].append(line)
        else:
            blocks.append((number, [line]))
            inside = True
    return blocks


def _opening(line: str) -> tuple[str, str] | None:
    """(label, rest) where a line opens a turn."""
    line = line.lstrip()
    question = _QUESTION_RE.match(line)
    if question is not None:
        return "Q", line[question.end() :]
    match = _LABEL_RE.match(line)
    if match is None or not _is_label(match["label"]):
        return None
    return " ".join(match["label"].split()), line[match.end() :]


def _is_label(label: str) -> bool:
    words = _WORD_RE.findall(label)
    if not words or len(words) > 9 or label.casefold().strip() in _NO_LABELS:
        return False
    if re.search(r"[?!;…=\"“”]|\.\.|\d{3}", label):
        return False
    large = 0
    for word in words:
        if any(one.islower() for one in word):
            if not _SMALL_RE.fullmatch(word) and not re.fullmatch(r"M[a]?c[^\Wa-z]+", word):
                return False
        elif sum(one.isupper() for one in word) > 1:
            large += 1
    return large > 0


def _read_block(page: _Page, line: int, lines: list[str], labels: set[str]) -> None:
    """A paragraph: its wrapped lines are one; a label behind a hard break opens a turn too."""
    start = 0
    for place in range(1, len(lines)):
        found = _opening(lines[place])
        broken = _breaks(lines[place - 1])
        if found is not None and found[0] in labels and (broken or found[0] != "Q"):
            _read_paragraph(page, line + start, lines[start:place])
            start = place
    _read_paragraph(page, line + start, lines[start:])


def _breaks(line: str) -> bool:
    """Whether a line ends on purpose: a hard break, or a line with the time alone."""
    return line.endswith(_BREAKS) or _CLOCK_RE.fullmatch(line.strip()) is not None


def _read_paragraph(page: _Page, line: int, lines: list[str]) -> None:
    raw = " ".join(one.strip() for one in lines)
    if _stands_alone(page, raw):
        return
    found = _opening(raw)
    if found is not None:
        turn = page.begin(found[0], line)
        rest = found[1]
    else:
        rest = _without_signs(lines)
        if page.turns and not page.standing:
            turn = page.turns[-1]
        elif page.turns and not any(one.sense == "end" for one in page.standing):
            # A rule or a time of day in the middle does not end who speaks.
            turn = page.turns[-1]
            turn.text.marks.extend(
                Mark(one.kind, turn.text.length, turn.text.length, one.text, one.sense)
                for one in page.standing
            )
            page.standing = []
        else:
            if not page.prepared:
                where = "after the end" if page.turns else "before the first name"
                page.report.append(
                    Remark(Severity.DOUBT, f"text stands {where}; it may be no speech", line, raw)
                )
            turn = page.begin(None, line)
    turn.text.paragraph()
    _add_spoken(page, turn, rest, line)


def _without_signs(lines: Sequence[str]) -> str:
    """A paragraph without the signs of a heading or a list. A number in front of a line that only
    goes on (`in\\n2019. Then`) is a word, except in a list that is numbered."""
    signs = [_BULLET_RE.match(one) for one in lines]
    first = signs[0]
    numbered = first is not None and first[0].strip()[:1].isdigit()
    bare = [
        line[sign.end() :] if sign and (numbered or not place or sign[0].strip() in "-*+") else line
        for place, (line, sign) in enumerate(zip(lines, signs, strict=True))
    ]
    heading = _HEADING_RE.match(bare[0])
    if heading:
        bare[0] = bare[0][heading.end() :]
    return " ".join(one.strip() for one in bare)


def _add_spoken(page: _Page, turn: _Turn, rest: str, line: int) -> None:
    """Add a paragraph, parted where an interpreter begins or ends."""
    place = 0
    for match in re.finditer(r"\([A-Za-z ]{5,40}\.?\)", rest):
        interpreted = INTERPRETED_RE.fullmatch(match.group()) is not None
        own = OWN_VOICE_RE.fullmatch(match.group()) is not None
        if not (interpreted and not turn.interpreted) and not (own and turn.interpreted):
            continue
        add_paragraph(turn.text, rest[place : match.start()], page.seen, prepared=page.prepared)
        if turn.text.end:
            turn = page.begin(turn.label, line)
        turn.interpreted = interpreted
        turn.text.mark(MarkKind.STAGE, match.group(), "interpreter" if interpreted else "own voice")
        place = match.end()
    add_paragraph(turn.text, rest[place:], page.seen, prepared=page.prepared)


def _stands_alone(page: _Page, raw: str) -> bool:
    """Whether a paragraph is a time, a place, an end or a rule: then it is kept as a mark."""
    plain = raw.strip()
    if _CLOCK_RE.fullmatch(plain):
        page.alone(MarkKind.CLOCK, plain, "time of day")
    elif _END_RE.fullmatch(plain):
        page.alone(MarkKind.STAGE, plain, "end")
    elif _RULE_RE.fullmatch(plain):
        page.alone(MarkKind.CUT, plain, "rule")
    elif _FURNITURE_RE.match(plain):
        page.alone(MarkKind.STAGE, plain, "not speech")
    elif not page.turns and _opening(plain) is None and _is_place(plain):
        page.alone(MarkKind.STAGE, plain, "place")
    elif _is_direction(plain):
        page.alone(MarkKind.STAGE, plain, "stage")
        _to_last_turn(page)
    else:
        return False
    return True


def _is_direction(plain: str) -> bool:
    inside = plain.strip("*_ ")
    return inside.startswith("(") and inside.endswith(")") and inside.count("(") == 1


def _to_last_turn(page: _Page) -> None:
    if page.turns:
        text = page.turns[-1].text
        one = page.standing.pop()
        text.marks.append(Mark(one.kind, text.length, text.length, one.text, one.sense))


def _is_place(plain: str) -> bool:
    if len(plain) > _LONGEST_PLACE:
        return False
    bare = plain.strip("*_ ")
    if bare.endswith((".", "?", "!", "”")) and not re.search(r"\b[A-Z]\.[A-Z]\.\)?$", bare):
        return False
    words = re.findall(r"[^\W\d_]{4,}", bare)
    return bool(words) and sum(one[0].isupper() for one in words) * 2 > len(words)


def _document(page: _Page, head: FrontMatter | None, source: str) -> SpokenDocument:
    values: Mapping[str, str] = head.values if head else {}
    title = values.get("title")
    kept = [place for place, turn in enumerate(page.turns) if turn.text.end]
    if not kept:
        raise BadInput(f"{source}: holds no words that somebody speaks; is it the whole document?")
    alone = speaker_of_title(title or "") if page.prepared else None
    turns, above, carried = [], [], []
    for place, turn in enumerate(page.turns):
        text, marks = turn.text.finished()
        if place not in kept:
            carried += page.above[place]
            if turn.label:
                carried.append(Mark(MarkKind.STAGE, 0, 0, turn.label, "name without words"))
            carried += marks
            continue
        turns.append(_turn(turn, text, marks, title or "", alone))
        above.append([*carried, *page.above[place]])
        carried = []
    report = [*page.report, *_remarks(page, head, turns)]
    date = _date(values, report)
    address = values.get("source_url")
    english = any(_ENGLISH_RE.match(turn.label or "") for turn in turns)
    return SpokenDocument(
        title,
        date,
        urlsplit(address).hostname if address and "[" not in address else None,
        None,
        "en" if english or _is_english(title) else None,
        address,
        with_marks_between(turns, above, [*carried, *page.standing]),
        tuple(sorted(report, key=lambda one: one.line or 0)),
    )


_ENGLISH_RE = re.compile(r"(?:Q$|THE |MR\.? |MS\.? |MRS\.? |DR\.? |SECRETARY |PRESIDENT )")


def _is_english(title: str | None) -> bool:
    return re.search(r"\b(?:Remarks|Statement|Briefing|by|of|the)\b", title or "") is not None


def speaker_of_title(title: str) -> str | None:
    """Who alone speaks by a title such as `Remarks by First Lady Jill Biden at …`, else None.

    A name with its given name comes without the office, another as printed (`President Biden`).
    """
    match = _BY_RE.match(title)
    if match is None or re.search(r"\band\b|,|&", match["who"]):
        return None
    words = match["who"].split()
    if not all(one[0].isupper() for one in words if _bare(one) not in PARTICLES):
        return None
    place = 0
    while place < len(words) - 1 and (
        _bare(words[place]) in TITLES | ROLES | _OFFICES | _BEFORE_NAMES
        or (words[place].isupper() and len(words[place]) > 1)
    ):
        place += 1
    rest = words[place:]
    return None if not rest else " ".join(rest if len(rest) > 1 else words)


def _turn(
    turn: _Turn, text: str, marks: tuple[Mark, ...], title: str, alone: str | None
) -> SpokenTurn:
    if turn.label is None:
        return SpokenTurn(None, alone, SpeakerKind.PERSON, text, marks, False, turn.line)
    full = full_name(turn.label, title)
    kind = SpeakerKind.PERSON if full else kind_of_label(turn.label)
    return SpokenTurn(
        turn.label, full or turn.label, kind, text, marks, turn.interpreted, turn.line
    )


def full_name(label: str, title: str) -> str | None:
    """The full name that a title gives for a label of address and surname, else None.

    `MS. PSAKI` with `Press Briefing by Press Secretary Jen Psaki` is `Jen Psaki`; `THE PRESIDENT`
    is nobody by name. Where the title has several of that surname, the one with the label's office
    counts; words of an office are never taken for a given name.
    """
    words = label.split()
    address = [_bare(one) for one in words]
    if len(words) < 2 or address[0] not in TITLES:
        return None
    place = 0
    while place < len(words) and address[place] in TITLES | ROLES:
        place += 1
    if place == len(words):
        return None
    found = list(_named(title.split(), address[place:]))
    if len(set(found)) > 1:
        found = [one for one in found if one[0] == address[place - 1]]
    return found[0][1] if len(set(found)) == 1 else None


def _bare(word: str) -> str:
    return word.strip(",.;:()").casefold().removesuffix("’s").removesuffix("'s")


def _named(said: Sequence[str], surname: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """Every place of a surname: (word of office in front or empty, full name or None)."""
    plain = [_bare(one) for one in said]
    for at in range(len(plain) - len(surname) + 1):
        if plain[at : at + len(surname)] != list(surname):
            continue
        run = at
        while run > 0 and said[run - 1][0].isupper() and not said[run - 1].endswith(","):
            if plain[run - 1] in TITLES | ROLES | DEMONYMS | _OFFICES | {"and"}:
                break
            run -= 1
        office = plain[run - 1] if run > 0 and said[run - 1][0].isupper() else ""
        # Behind `of`, `for` and the like the words in front may be the body's, not the person's.
        sure = bool(office) or run == 0 or plain[run - 1] in {"by", "and", "with", "to", "from"}
        given = list(said[run:at]) if sure else list(said[at - 1 : at]) if run < at else []
        known = [
            *given,
            *(one.strip(",;:()").removesuffix("’s") for one in said[at : at + len(surname)]),
        ]
        yield office, " ".join(known) if given and len(given) <= 3 else None


def _date(values: Mapping[str, str], report: list[Remark]) -> PartialDate | None:
    printed = values.get("date")
    if printed is None:
        return None
    try:
        return PartialDate.parse(printed[:10], DateKind.PUBLISHED)
    except ValueError as error:
        report.append(Remark(Severity.DOUBT, f"the date of the head cannot be read: {error}", 1))
        return None


def _remarks(page: _Page, head: FrontMatter | None, turns: list[SpokenTurn]) -> list[Remark]:
    found = [
        Remark(Severity.NOTE, f"not words of a speaker: {count} {what}")
        if "spoken" not in what
        else Remark(Severity.NOTE, f"{count} times {what}")
        for what, count in sorted(page.seen.items())
    ]
    if page.prepared:
        who = turns[0].name
        message = f"the title says {who}" if who else "nobody is named"
        message = f"no names are printed over the words, perhaps a text as prepared; {message}"
        found.append(Remark(Severity.DOUBT, message, turns[0].line))
    if head and head.others:
        found.append(Remark(Severity.NOTE, f"of the head not read: {', '.join(head.others)}", 1))
    found += [
        Remark(
            Severity.NOTE if turn.text.marks else Severity.DOUBT,
            "a name without words after it",
            turn.line,
            turn.label,
        )
        for turn in page.turns
        if turn.label and not turn.text.end
    ]
    return found
