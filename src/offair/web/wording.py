"""How the pages say things: times, dates, who made a text, and turns as HTML."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import date, timedelta
from unicodedata import bidirectional

from babel.dates import format_date
from babel.numbers import format_decimal
from markupsafe import Markup

from offair.desk.browse import Aside, HearingState, ShownTurn, TurnPage
from offair.desk.list_flags import ShownFlag
from offair.desk.translations import MACHINE_NOT_CHECKED
from offair.model.desk_lists import StyleKind
from offair.model.errors import BadInput
from offair.model.names import NameKind
from offair.model.people import Role
from offair.model.recording import Recording
from offair.model.time import LOCAL_TO_CHANNEL, Ms, PartialDate
from offair.model.transcript import FlagKind, Layer, LayerKind, LayerOrigin, Turn
from offair.model.words import WordFlag
from offair.web.doubts import Doubt, doubted_text
from offair.web.language import _, _n, spoken

_DAY_PATTERN, _MONTH_PATTERN = "d MMM y", "MMM y"
_TIME_RE = re.compile(r"(?:(?:(\d{1,4}):)?(\d{1,2}):)?(\d{1,6}(?:\.\d{1,3})?)", re.ASCII)


def clock(time_ms: Ms) -> str:
    """`1:02:03` or `2:03`, cut to the second."""
    seconds = time_ms // 1000
    hours, minutes = seconds // 3600, seconds // 60 % 60
    if hours:
        return f"{hours}:{minutes:02}:{seconds % 60:02}"
    return f"{minutes}:{seconds % 60:02}"


def exact(time_ms: Ms) -> str:
    """As `clock`, with the milliseconds where there are any: the form `?t=` takes."""
    rest = time_ms % 1000
    return f"{clock(time_ms)}.{rest:03}" if rest else clock(time_ms)


def read_time(text: str) -> Ms:
    """A media time as an address gives it: `1:02:03`, `2:03.5`, `123`. Raises `BadInput`."""
    match = _TIME_RE.fullmatch(text.strip())
    if match is None:
        raise BadInput(f"{text[:40]!r} is not a time; write t=1:02:03, t=2:03 or seconds, t=123.5")
    hours, minutes, seconds = match.groups()
    whole, _, part = seconds.partition(".")
    total = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(whole)
    return total * 1000 + int((part + "000")[:3])


def spoken_length(time_ms: Ms) -> str:
    """A duration in ISO 8601, for `<time datetime>`: `PT62.5S`."""
    return f"PT{timedelta(milliseconds=time_ms).total_seconds():g}S"


def time_left(end: float) -> str:
    """How long until `end` (UTC seconds since 1970), for a reader: `12 min`."""
    minutes = round((end - time.time()) / 60)
    if minutes < 1:
        return _("less than a minute")
    hours, rest = divmod(minutes, 60)
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": number(hours), "minutes": number(rest)}
    return _("%(minutes)s min") % {"minutes": number(rest)}


def number(value: float) -> str:
    """A number as the language of the request writes it."""
    return str(format_decimal(value, locale=spoken().locale))


def day(given: PartialDate | None) -> str:
    """`1 Jun 2021, 19:30 +03:00` in the language of the request, cut at its precision, or an empty
    string."""
    if given is None:
        return ""
    calendar, _sep, clock_time = given.value.partition("T")
    year, month, number_ = [*calendar.split("-"), "", ""][:3]
    if not month:
        return year
    exact_day = date(int(year), int(month), int(number_ or 1))
    pattern = _DAY_PATTERN if number_ else _MONTH_PATTERN
    text = str(format_date(exact_day, pattern, locale=spoken().locale))
    if not clock_time:
        return text
    zone = {LOCAL_TO_CHANNEL: "", "Z": " UTC"}.get(given.zone, f" {given.zone}")
    return _("%(day)s, %(time)s") % {"day": text, "time": f"{clock_time}{zone}"}


def source_line(recording: Recording) -> str:
    """Where words were said, as a citation has it: `Harbour One, 14 May 2026, Morning Quay`."""
    told = (recording.channel.name, day(recording.aired), recording.title)
    return _(", ").join(one for one in told if one)


def long_day(day_text: str) -> str:
    """`Tuesday, 14 May 2024` of `2024-05-14`."""
    return str(format_date(date.fromisoformat(day_text), "full", locale=spoken().locale))


def hours(seconds: int) -> str:
    """Hours with one decimal: `7.5`."""
    return str(format_decimal(seconds / 3600, "0.0", locale=spoken().locale))


def name_kind(kind: NameKind) -> str:
    """What a name names."""
    return {
        NameKind.PERSON: _("person"), NameKind.BODY: _("body"), NameKind.PLACE: _("place"),
    }[kind]  # fmt: skip


def role_name(role: Role) -> str:
    """What somebody may do at the desk."""
    return {
        Role.READER: _("reader"),
        Role.EDITOR: _("editor"),
        Role.PUBLISHER: _("publisher"),
        Role.ADMINISTRATOR: _("administrator"),
    }[role]


def style_kind(kind: StyleKind) -> str:
    """What a rule of the style sheet is about."""
    return {
        StyleKind.SPELLING: _("spelling"), StyleKind.TERM: _("term"), StyleKind.DATE: _("dates"),
    }[kind]  # fmt: skip


def hearing_state(state: HearingState) -> str:
    """How far the desk is with a recording."""
    return {
        HearingState.HEARD: _("heard"),
        HearingState.RUNNING: _("being heard"),
        HearingState.QUEUED: _("waiting to be heard"),
        HearingState.PAUSED: _("paused"),
        HearingState.CANCELLED: _("not heard: somebody cancelled it"),
        HearingState.FAILED: _("not heard: the work failed"),
        HearingState.QUARANTINED: _("in quarantine"),
        HearingState.TEXT_ONLY: _("text only, no recording held"),
        HearingState.NO_SOUND: _("no sound in it"),
        HearingState.NOT_HEARD: _("not heard"),
    }[state]


def flag_kind(kind: FlagKind) -> str:
    """What a doubt is about, in a word or two."""
    return {
        FlagKind.REPEATED: _("words repeated"),
        FlagKind.TOO_FAST: _("more words than the time allows"),
        FlagKind.UNSURE: _("the engine is unsure"),
        FlagKind.NO_SPEECH: _("words where no speech was found"),
        FlagKind.WRONG_SCRIPT: _("script of another language"),
        FlagKind.PROMPT_ECHO: _("the expected names and nothing else"),
        FlagKind.SECOND_HEARING: _("a second hearing differs"),
        FlagKind.CAPTIONS_DIFFER: _("the captions differ"),
        FlagKind.NOT_HEARD: _("not heard"),
        FlagKind.NUMBER_DIFFERS: _("a number differs from the original"),
        FlagKind.NAME_DIFFERS: _("a name differs from the original"),
        FlagKind.SENTENCE_MISSING: _("not translated"),
        FlagKind.MEANING_DIFFERS: _("the meaning may differ from the original"),
    }[kind]


def zone_note(date: PartialDate | None) -> str:
    """What to know of a date's clock, for a tooltip; empty where there is nothing to know."""
    if date is not None and "T" in date.value and date.zone == LOCAL_TO_CHANNEL:
        return _("by the channel's own clock")
    return ""


def machine_date(date: PartialDate) -> str:
    """A date for `<time datetime>`; the offset only where it is one."""
    zone = date.zone if "T" in date.value and date.zone[:1] in ("Z", "+", "-") else ""
    return date.value + zone


def layer_look(layer: Layer) -> str:
    """How a layer's text is set: `machine`, `broadcaster`, `person` or `import`."""
    return "machine" if layer.origin is LayerOrigin.ENGINE else layer.origin.value


def layer_title(layer: Layer) -> str:
    """What a layer is, in two words: `Machine transcript`, `Broadcaster's captions`."""
    if (layer.kind, layer.origin) == (LayerKind.TRANSLATION, LayerOrigin.PERSON):
        return _("Translation by hand")
    return {
        (LayerOrigin.ENGINE, LayerKind.SPEECH): _("Machine transcript"),
        (LayerOrigin.ENGINE, LayerKind.CAPTIONS): _("Machine captions"),
        (LayerOrigin.ENGINE, LayerKind.TRANSLATION): _("Machine translation"),
        (LayerOrigin.BROADCASTER, LayerKind.SPEECH): _("Broadcaster's transcript"),
        (LayerOrigin.BROADCASTER, LayerKind.CAPTIONS): _("Broadcaster's captions"),
        (LayerOrigin.BROADCASTER, LayerKind.TRANSLATION): _("Broadcaster's translation"),
        (LayerOrigin.PERSON, LayerKind.SPEECH): _("Edited transcript"),
        (LayerOrigin.PERSON, LayerKind.CAPTIONS): _("Edited captions"),
        (LayerOrigin.IMPORT, LayerKind.SPEECH): _("Imported transcript"),
        (LayerOrigin.IMPORT, LayerKind.CAPTIONS): _("Imported captions"),
        (LayerOrigin.IMPORT, LayerKind.TRANSLATION): _("Imported translation"),
    }[layer.origin, layer.kind]


def beside_kinds(layer: Layer) -> tuple[LayerKind, ...]:
    """What may stand beside a text: captions and translations; beside a translation speech too."""
    if layer.kind is LayerKind.TRANSLATION:
        return (LayerKind.SPEECH, LayerKind.CAPTIONS, LayerKind.TRANSLATION)
    return (LayerKind.CAPTIONS, LayerKind.TRANSLATION)


def beside_choice(layer: Layer, *, shown: bool) -> str:
    """A link that shows or hides a text beside another: `Show captions beside`."""
    if shown:
        return {
            LayerKind.SPEECH: _("Hide the transcript"),
            LayerKind.CAPTIONS: _("Hide captions"),
            LayerKind.TRANSLATION: _("Hide the translation"),
        }[layer.kind]
    return {
        LayerKind.SPEECH: _("Show the transcript beside"),
        LayerKind.CAPTIONS: _("Show captions beside"),
        LayerKind.TRANSLATION: _("Show the translation beside"),
    }[layer.kind]


def beside_label(layer: Layer) -> str:
    """What a text beside another is called before its words where the page is narrow."""
    if _machine_translation(layer):
        return _("machine translation, not checked")
    return {
        LayerKind.SPEECH: _("speech"),
        LayerKind.CAPTIONS: _("captions"),
        LayerKind.TRANSLATION: _("translation"),
    }[layer.kind]


def stale_count(count: int) -> str:
    """How many sentences of a translation are stale: `1 sentence no longer fits …`."""
    return _n(
        "%(num)s sentence no longer fits the original, which was changed since",
        "%(num)s sentences no longer fit the original, which was changed since",
        count,
    ) % {"num": number(count)}


def layer_note(layer: Layer) -> str:
    """What is noted of a layer and its title and standing do not say already."""
    said = (layer.note or "").split("; ")
    return "; ".join(one for one in said if one != MACHINE_NOT_CHECKED)


def _machine_translation(layer: Layer) -> bool:
    return (layer.kind, layer.origin) == (LayerKind.TRANSLATION, LayerOrigin.ENGINE)


def layer_standing(layer: Layer) -> str:
    """What follows the maker's name: which run, and whether anybody checked it."""
    if layer.origin is LayerOrigin.ENGINE:
        return _(", run %(run)s — not checked") % {"run": layer.run}
    if layer.origin is LayerOrigin.PERSON:
        return _(" — not checked") if layer.kind is LayerKind.TRANSLATION else ""
    return _(" — as it came, not checked")


def script_lang(language: str) -> str:
    """A BCP 47 tag for `lang`, empty (unknown) for `und`."""
    return "" if language == "und" else language


def marked_text(turn: Turn, doubts: Sequence[Doubt] = ()) -> Markup:
    """A turn's text with its editorial marks and doubted words in elements; the characters are the
    text's own.

    A mark that stands at a place without being part of the text (a cut, a clock mark) is an empty
    element whose printed form the style shows, so that characters keep their places.
    """
    pieces, place = [], 0
    for mark in sorted(turn.marks, key=lambda one: (one.char_start, one.char_end)):
        if mark.char_start < place:
            continue
        pieces.append(doubted_text(turn.text, place, mark.char_start, doubts))
        place = mark.char_start
        title = mark.kind.value + (f", {mark.sense}" if mark.sense else "")
        title += "" if mark.confirmed else _(" (kind not confirmed)")
        if mark.char_end <= mark.char_start:
            empty = '<span class="mark standing" title="{}" data-mark="{}"></span>'
            pieces.append(Markup(empty).format(title, mark.text or "[…]"))
            continue
        text = doubted_text(turn.text, mark.char_start, mark.char_end, doubts)
        pieces.append(Markup('<span class="mark" title="{}">{}</span>').format(title, text))
        place = mark.char_end
    pieces.append(doubted_text(turn.text, place, len(turn.text), doubts, last=True))
    return Markup("").join(pieces)


def flag_address(base: str, layer_id: int, shown: ShownFlag) -> str:
    """Where a doubt is read: the text's page at its time, the turn it begins in."""
    at = f"&t={exact(shown.flag.span.start)}" if shown.flag.span else ""
    return f"{base}?layer={layer_id}{at}#turn-{shown.places[0].turn_id}"


def moments(page: TurnPage) -> list[Ms]:
    """When each turn or aside of a page begins, in the order they are shown, never falling; the
    first takes what was said since the page's time began."""
    found: list[Ms] = []
    for item in in_order(page):
        span = item.span if isinstance(item, Aside) else item.turn.span
        last = found[-1] if found else page.begin
        found.append(max(last, span.start) if span and found else last)
    return found


def direction(page: TurnPage) -> str:
    """`rtl` where most turns of a page begin in a script written from right to left, else `ltr`.

    Each turn still finds its own; this sets on which side the times stand.
    """
    first = [_first_strong(shown.turn.text) for shown in page.turns]
    return "rtl" if first.count("rtl") > first.count("ltr") else "ltr"


def _first_strong(text: str) -> str | None:
    for one in text:
        kind = bidirectional(one)
        if kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return None


def speakers_standing(page: TurnPage) -> str:
    """What follows a layer's title where not every speaker on the page has a name."""
    shown = [one for one in page.turns if one.speaker is not None]
    if not page.turns:
        return ""
    if not shown:
        return _(" — speakers not told apart")
    if not any(one.named for one in shown):
        return _(" — speakers told apart by a machine, not named")
    return "" if all(one.named for one in shown) else _(" — not every speaker is named")


def overlap(turn: Turn) -> str:
    """In how many words of a turn several voices speak at once, as a sentence; else empty."""
    count = sum(bool(flags & WordFlag.OVERLAP) for flags in turn.words.flags)
    if not count:
        return ""
    told = _("several voices at once in %(count)s of %(words)s words")
    return told % {"count": number(count), "words": number(len(turn.words))}


def in_order(page: TurnPage) -> list[ShownTurn | Aside]:
    """The turns of a page with each aside before the first turn that starts after it."""
    result: list[ShownTurn | Aside] = []
    waiting = list(page.asides)
    for shown in page.turns:
        while waiting and shown.turn.span and waiting[0].span.start <= shown.turn.span.start:
            result.append(waiting.pop(0))
        result.append(shown)
    return result + waiting
