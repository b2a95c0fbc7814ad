"""The house style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, select

from offair.model.desk_lists import StyleKind, StyleRule
from offair.model.errors import Conflict, NotFound
from offair.store.catalogue.columns import now_utc
from offair.store.catalogue.rows import Rows
from offair.store.catalogue.work_tables import style_rule

_r = style_rule.c


def _rule(row: Row[Any]) -> StyleRule:
    return StyleRule(
        StyleKind(row.kind), row.off, row.house, row.note, row.language or None, row.id
    )


class StyleRuleTableRows(Rows):
    """Fulfils `offair.store.style_rules.StyleRuleRows`."""

    def style_rules(self) -> Sequence[StyleRule]:
        """Every rule, by what is off."""
        return [_rule(row) for row in self._run(select(style_rule).order_by(_r.off, _r.id))]

    def save_style_rule(self, rule: StyleRule, *, actor: str) -> StyleRule:
        """Make a rule (id 0) or write all its fields anew. Raises `NotFound` (an id), `Conflict`
        where another rule of that kind and language is about the same."""
        values = {
            "kind": rule.kind.value,
            "off": rule.off,
            "house": rule.house,
            "note": rule.note,
            "language": rule.language or "",
            "made_by": actor,
            "made_utc": now_utc(),
        }
        same = select(_r.id).where(
            _r.kind == values["kind"], _r.off == rule.off, _r.language == values["language"]
        )
        other = self._run(same.where(_r.id != rule.id)).scalar()
        if other is not None:
            raise Conflict(f"rule {other} of the style sheet is about {rule.off!r} already")
        if not rule.id:
            return replace(rule, id=self._insert(style_rule, values))
        changed = self._run(style_rule.update().where(_r.id == rule.id), values)
        if changed.rowcount == 0:
            raise NotFound(f"the style sheet has no rule {rule.id}; list the rules to find it")
        return rule

    def remove_style_rule(self, rule_id: int) -> StyleRule:
        """Take a rule off the sheet; as it was. Raises `NotFound`."""
        row = self._run(select(style_rule).where(_r.id == rule_id)).first()
        if row is None:
            raise NotFound(f"the style sheet has no rule {rule_id}; list the rules to find it")
        self._run(style_rule.delete().where(_r.id == rule_id))
        return _rule(row)
