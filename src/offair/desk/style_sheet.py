"""Keep the house style sheet, and hold a text against it and the names list."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import langcodes

from offair.desk import Desk
from offair.model.desk_lists import DATE_FORMS, StyleKind, StyleRule
from offair.model.errors import BadInput
from offair.text.style_marks import StyleMark, style_marks
from offair.text.tokenise import tokens

LONGEST = 200
"""Characters of what is off and of the house's form."""
_NOTE = 1_000


def list_rules(desk: Desk) -> tuple[StyleRule, ...]:
    """Every rule, by what is off."""
    with desk.catalogue.snapshot() as tx:
        return tuple(tx.style_rules())


def save_rule(desk: Desk, rule: StyleRule, *, actor: str) -> StyleRule:
    """Put a rule on the sheet (id 0), or write all fields of one anew.

    Raises `BadInput` with what is wrong, `NotFound` (an id), `Conflict` where another rule is about
    the same.
    """
    checked = checked_rule(rule)
    with desk.catalogue.transaction() as tx:
        saved = tx.save_style_rule(checked, actor=actor)
        tx.note_act(
            actor, "save_rule", "style rule", saved.id,
            off=saved.off, house=saved.house, language=saved.language,
        )  # fmt: skip
    return saved


def remove_rule(desk: Desk, rule_id: int, *, actor: str) -> StyleRule:
    """Take a rule off the sheet; as it was. Raises `NotFound`."""
    with desk.catalogue.transaction() as tx:
        gone = tx.remove_style_rule(rule_id)
        tx.note_act(
            actor, "remove_rule", "style rule", rule_id,
            off=gone.off, house=gone.house, language=gone.language,
        )  # fmt: skip
    return gone


def hold_against(desk: Desk, text: str, language: str | None) -> tuple[StyleMark, ...]:
    """What of a text is off the sheet or spelt otherwise than the names list has it, in order.

    Spellings of several names, and of a name in its own script, are left alone.
    """
    with desk.catalogue.snapshot() as tx:
        rules, names = tx.style_rules(), tx.names()
    houses: dict[tuple[str, ...], set[str]] = {}
    for one in names:
        for spelling in (one.house, *(each.text for each in one.spellings)):
            row = tuple(word.form for word in tokens(spelling))
            if row:
                houses.setdefault(row, set()).add(one.house)
    known = {
        row: next(iter(of))
        for row, of in houses.items()
        if len(of) == 1 and row != tuple(word.form for word in tokens(next(iter(of))))
    }
    return style_marks(text, rules, language, known)


def checked_rule(rule: StyleRule) -> StyleRule:
    """The rule with its spaces put right. Raises `BadInput` with what is wrong."""
    if rule.kind is StyleKind.DATE:
        if rule.house not in DATE_FORMS:
            raise BadInput(f"dates are written as one of: {'; '.join(DATE_FORMS)}")
        rule = replace(rule, off="dates")
    else:
        off = _line(rule.off, "what is off")
        if not tokens(off):
            raise BadInput(f"{off!r} has no word that could be found in a text")
        house = _line(rule.house, "the house's form") if rule.house else None
        if house is None and not (rule.note or "").strip():
            raise BadInput(f"say what the house writes for {off!r}, or in a note why it is marked")
        if house == off:
            raise BadInput(f"{off!r} is both off and the house's form")
        rule = replace(rule, off=off, house=house)
    note = " ".join((rule.note or "").split()) or None
    if note is not None and len(note) > _NOTE:
        raise BadInput(f"a note has at most {_NOTE:,} characters")
    if rule.language and not langcodes.tag_is_valid(rule.language):
        raise BadInput(
            f"{rule.language[:40]!r} is no language that BCP 47 knows; write en or pt-BR"
        )
    return replace(rule, note=note, language=rule.language or None)


def _line(text: str, what: str) -> str:
    line = " ".join(text.split())
    if not line or len(line) > LONGEST:
        raise BadInput(f"{what} has 1 to {LONGEST} characters, not {len(line)}")
    if any(unicodedata.category(char) == "Cc" for char in line):
        raise BadInput(f"{what} holds a control character; leave it out")
    return line
