"""The part of a transaction that holds the house style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from offair.model.desk_lists import StyleRule


class StyleRuleRows(Protocol):
    """The rules of the house style sheet."""

    def style_rules(self) -> Sequence[StyleRule]:
        """Every rule, by what is off."""
        ...

    def save_style_rule(self, rule: StyleRule, *, actor: str) -> StyleRule:
        """Make a rule (id 0) or write all its fields anew. Raises `NotFound` (an id), `Conflict`
        where another rule of that kind and language is about the same."""
        ...

    def remove_style_rule(self, rule_id: int) -> StyleRule:
        """Take a rule off the sheet; as it was. Raises `NotFound`."""
        ...
