"""A finding as the page Check and a shared report show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from offair.formats import finding_words
from offair.formats.finding_html import isolated
from offair.model.finding import Airing, EditKind, Finding, Piece, Report, WordsFinding
from offair.model.time import Ms
from offair.web import finding_wording, wording
from offair.web.explained import explained
from offair.web.language import SOURCE, _, spoken

_LONGEST_WORDS = 300
"""Characters of spoken words by which a place without times is named; of more, its turns are."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of words with one mark. css: empty where nothing is marked. note: what it means."""

    text: str
    css: str = ""
    note: str = ""
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand. address: of the recording at them; at: media time, None without one.

    hear: where the place is confirmed as heard, None where a person did.
    """

    recording_id: int
    address: str
    at: Ms | None
    until: Ms | None
    channel: str
    aired: str
    name: str
    sure: str
    source: str
    look: str
    language: str
    before: str
    after: str
    marks: tuple[Mark, ...]
    hear: str | None


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit. printed, spoken: empty where there is none."""

    printed: str
    spoken: str
    note: str
    critical: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One finding, numbered as the quotations are."""

    number: int
    finding: Finding
    tone: str
    tone_name: str
    headline: str
    provisional: str
    parts: tuple[finding_wording.Part, ...]
    printed: tuple[Mark, ...]
    places: tuple[Place, ...]
    edits: tuple[Edit, ...]
    reasons: tuple[Markup, ...]
    facts: tuple[str, ...]
    airings: tuple[Place, ...]
    alternatives: tuple[Place, ...]

    @property
    def rank(self) -> str:
        """How soon it is to be looked at, `0` first; empty where nothing differs."""
        if self.tone != "look":
            return ""
        return "0" if any(one.critical for one in self.edits) else "1" if self.provisional else "2"


def item(number: int, finding: Finding) -> Item:
    """A finding as it is shown."""
    tone = finding_words.tone(finding)
    names = [finding.quotation.speaker, *(finding_words.voice_name(one) for one in finding.pieces)]
    claimed = finding.quotation.speaker
    return Item(
        number=number,
        finding=finding,
        tone=tone,
        tone_name=finding_wording.tone_name(tone),
        headline=finding_wording.headline(finding),
        provisional=_(finding.provisional) if finding.provisional else "",
        parts=finding_wording.parts(finding),
        printed=_marks(finding_words.printed_runs(finding), finding),
        places=tuple(
            _place(one, _marks(finding_words.spoken_runs(finding, index), finding), claimed)
            for index, one in enumerate(finding.pieces)
        ),
        edits=tuple(
            Edit(
                _line(one.printed_text), _line(one.spoken_text), finding_wording.edit_note(one),
                one.critical,
            )
            for one in finding_words.edits(finding)
        ),
        reasons=tuple(_reason(one, names) for one in finding.reasons),
        facts=tuple(finding_wording.facts(finding)),
        airings=tuple(map(_airing, finding.airings)),
        alternatives=tuple(
            _place(one, (Mark(one.spoken),), claimed) for one in finding.alternatives
        ),
    )  # fmt: skip


def counts(report: Report) -> dict[str, int]:
    """How many findings there are of each tone, and what is no quotation under `other`."""
    found = Counter(
        "other" if one.words is WordsFinding.NOT_A_QUOTATION else finding_words.tone(one)
        for one in report.findings
    )
    return {name: found[name] for name in ("good", "look", "open", "other")}


def legend() -> list[tuple[str, str]]:
    """(class, meaning) of every kind of mark."""
    return [(css, _(finding_words.EDITS[kind])) for kind, css in finding_wording.CSS.items()]


def _marks(runs: Sequence[finding_words.Run], finding: Finding) -> tuple[Mark, ...]:
    """The runs with the notes in the page's language. A run knows its kind and, in its note, the
    classes, which `formats` joins in English."""
    known = {
        finding_words.note(one): finding_wording.edit_note(one) for one in finding.passages
    }  # fmt: skip
    return tuple(
        Mark(
            one.text,
            finding_wording.CSS.get(one.kind or EditKind.EQUAL, ""),
            known.get(one.note, one.note),
            one.critical,
        )
        for one in runs
    )


def _place(piece: Piece, marks: tuple[Mark, ...], claimed: str | None) -> Place:
    waiting = not (piece.heard and piece.confirmed)
    return Place(
        recording_id=piece.recording_id,
        address=_address(piece.recording_id, piece.layer_id, piece.at, piece.turn_ids[:1]),
        at=piece.at,
        until=piece.until,
        channel=piece.channel or _("unknown channel"),
        aired=wording.day(piece.aired) or _("no date"),
        name=_voice(piece),
        sure=_("confirmed") if piece.confirmed else _("not confirmed"),
        source=finding_wording.source(piece),
        look="machine" if piece.origin.value == "engine" else piece.origin.value,
        language=wording.script_lang(piece.language),
        before=piece.before,
        after=f"{finding_words.gap(piece.after)}{piece.after}" if piece.after else "",
        marks=marks,
        hear=_hear(piece, claimed) if waiting else None,
    )


def _voice(piece: Piece) -> str:
    if not piece.speaker and not piece.author:
        return _("a voice without a name")
    if piece.author and piece.author != piece.speaker:
        told = {"voice": piece.speaker or _("a voice without a name"), "author": piece.author}
        return _("%(voice)s, words of %(author)s") % told
    return piece.speaker or piece.author or ""


def _airing(one: Airing) -> Place:
    return Place(
        one.recording_id, _address(one.recording_id, one.layer_id, one.at, (one.turn_id,)), one.at,
        None, one.channel or _("unknown channel"), wording.day(one.aired) or _("no date"), "", "",
        "", "", "", "", "", (), None,
    )  # fmt: skip


def _address(recording_id: int, layer_id: int, at: Ms | None, turns: Sequence[int]) -> str:
    time = f"&t={wording.exact(at)}" if at is not None else ""
    turn = f"#turn-{turns[0]}" if turns else ""
    return f"/recordings/{recording_id}?layer={layer_id}{time}{turn}"


def _hear(piece: Piece, claimed: str | None) -> str:
    fields: dict[str, str | int] = {"recording": piece.recording_id, "layer": piece.layer_id}
    if piece.at is not None and piece.until is not None:
        fields |= {"from": piece.at, "until": piece.until}
    elif len(piece.spoken) <= _LONGEST_WORDS:
        fields["words"] = piece.spoken
    else:
        fields["turns"] = ",".join(map(str, piece.turn_ids))
    if claimed and not piece.speaker:
        fields["speaker"] = claimed
    return f"/hear?{urlencode(fields)}"


def _reason(text: str, names: Sequence[str | None]) -> Markup:
    return isolated(_sentence(text), names) if spoken().tag == SOURCE else explained(text)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!', '”')) else '.'}"


def _line(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= 90 else f"{folded[:89]}…"
