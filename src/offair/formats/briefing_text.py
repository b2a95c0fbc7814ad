"""One paragraph of a press office's transcript: Markdown off, marks out of the words."""

from __future__ import annotations

import html
import re
from collections import Counter

from offair.formats.spoken_document import TurnText
from offair.model.transcript import Mark, MarkKind

_PART_RE = re.compile(
    r"<(?P<strike>s|del|strike)>(?P<struck>(?:[^<]++|<(?!/?(?P=strike)>))*+)</(?P=strike)>"
    r"|~~(?P<tilde>[^~]{1,2000})~~"
    r"|\\\[(?P<bracket>[^\[\]\\]{0,400})\\\]"
    r"|!\[(?P<alt>[^\]]{0,400})\]\([^)\s]{0,2000}\)"
    r"|\[(?P<link>[^\[\]]{1,1000})\]\((?P<address>[^()\s]{0,2000}(?:\([^()\s]{0,400}\))?)\)"
    r"|<(?P<auto>https?://[^<>\s]{1,2000}|[^<>\s@]{1,100}@[^<>\s]{1,100})>"
    r"|(?P<comment><!--(?:[^<-]++|-(?!->)|<(?!!--))*+-->)"
    r"|<(?P<tag>/?[A-Za-z][A-Za-z0-9]{0,15}\b[^<>]{0,1000})>"
    r"|(?P<glued>(?<=[^\W_])\([A-Za-z0-9]{1,3}\))|\((?P<paren>[^()]{1,200})\)"
    r"|\\(?P<escape>[!-/:-@\[-`{-~])|(?P<stars>\*+)",
    re.S,
)
_STAGE_RE = re.compile(
    r"(?:.*\b)?(?:laugh(?:s|ter|ing|ed)?|applause|applauds?|chuckles?|cheers?|cheering|boos?|"
    r"booing|cross-?talk|coughs?|sneezes|sighs|gasps|nods|sings?|singing|chants?|chanting|"
    r"clears throat|clears his throat|clears her throat|pause|knocks?|points?|pointing|gestures?|"
    r"speaks?|speaking|in progress|off-?mic|via teleconference|video|break|translation|recites?|"
    r"turns?|turned off|holds? up|snaps?|claps?|whispers?|pronounced|said in|moment of silence|"
    r"as interpreted|as translated|through an? interpreter|in [A-Z][a-z]+)\b.*",
    re.I | re.S,
)
_UNCLEAR_RE = re.compile(
    r"(?:.*\b)?(?:inaudible|unintelligible|indiscernible|audio (?:drops?|gap|cuts?)|ph|phonetic)"
    r"\b\.?",
    re.I,
)
_REDACTED_RE = re.compile(
    r"(?:senior|administration|white house|military|defense|reporter|moderator|operator|redacted)"
    r"\b.*",
    re.I,
)
_NOT_WORDS_RE = re.compile(r"figure|img|table|tbody|tr|td|col|colgroup|iframe|script|style", re.I)
INTERPRETED_RE = re.compile(
    r"\(?(?:as interpreted|as translated|through an? interpreter)\.?\)?", re.I
)
"""What is printed where an interpreter is heard."""
OWN_VOICE_RE = re.compile(r"\(?(?:speaks )?in english\.?\)?", re.I)
"""What is printed where the speaker goes on without the interpreter."""


def add_paragraph(
    into: TurnText, paragraph: str, seen: Counter[str], *, prepared: bool = False
) -> None:
    """Append a paragraph's words to a turn, and its marks.

    Struck words were spoken and stay; the correction in square brackets behind them is a mark over
    them. A word in square brackets is an editor's: a mark at its place. `(Applause.)` is a stage
    direction. prepared: a text that nobody transcribed, whose round brackets are its own. seen:
    counts what is neither word nor mark (links, pictures, table cells), by what it is.
    """
    struck: tuple[int, int] | None = None
    place = 0
    for match in _PART_RE.finditer(paragraph):
        between = paragraph[place : match.start()]
        _add_words(into, between)
        if between.strip():
            struck = None
        place = match.end()
        words = match["struck"] if match["struck"] is not None else match["tilde"]
        if words is not None:
            start = into.length
            add_paragraph(into, words, seen, prepared=prepared)
            struck = (start, into.end)
            continue
        if match["bracket"] is not None:
            _add_bracket(into, " ".join(match["bracket"].split()), struck)
            struck = None
        elif match["paren"] is not None:
            _add_paren(into, match["paren"], seen, prepared=prepared)
        else:
            _add_markup(into, match, seen, prepared=prepared)
    _add_words(into, paragraph[place:])


def _add_words(into: TurnText, raw: str) -> None:
    into.add(html.unescape(raw) if "&" in raw else raw)


def _add_bracket(into: TurnText, inside: str, struck: tuple[int, int] | None) -> None:
    printed = f"[{inside}]"
    if struck is not None and struck[1] > struck[0]:
        into.marks.append(Mark(MarkKind.REPLACEMENT, *struck, printed, "printed for these words"))
    elif inside.casefold().rstrip(".") == "sic":
        into.mark(MarkKind.SIC, printed)
    elif _UNCLEAR_RE.fullmatch(inside):
        into.mark(MarkKind.UNCLEAR, printed)
    elif _REDACTED_RE.fullmatch(inside):
        into.mark(MarkKind.REPLACEMENT, printed, "the words spoken are not given")
    else:
        into.mark(MarkKind.INSERTION, printed)


def _add_paren(into: TurnText, inside: str, seen: Counter[str], *, prepared: bool) -> None:
    plain = " ".join(inside.replace("*", "").split())
    printed = f"({plain})"
    if _UNCLEAR_RE.fullmatch(plain):
        into.mark(MarkKind.UNCLEAR, printed)
    elif not prepared and (
        _STAGE_RE.fullmatch(plain) or (plain[:1].isupper() and plain.endswith((".", "!")))
    ):
        into.mark(MarkKind.STAGE, printed)
    else:
        seen["words in round brackets, read as spoken"] += 1
        into.add("(")
        add_paragraph(into, inside, seen, prepared=prepared)
        into.add(")")


def _add_markup(
    into: TurnText, match: re.Match[str], seen: Counter[str], *, prepared: bool
) -> None:
    if match["escape"] is not None or match["glued"] is not None:
        into.add(match["escape"] or match["glued"])
    elif match["link"] is not None:
        seen["addresses of links"] += 1
        add_paragraph(into, match["link"], seen, prepared=prepared)
    elif match["auto"] is not None:
        into.add(match["auto"])
    elif match["alt"] is not None:
        seen["pictures"] += 1
    elif match["tag"] is not None:
        name = match["tag"].strip("/").split()[0]
        if name.lower() in {"br", "p", "td", "tr", "li"}:
            into.add(" ")
        if _NOT_WORDS_RE.fullmatch(name):
            seen["tags of pictures and tables"] += 1
