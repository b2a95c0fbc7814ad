"""The part of a transaction that holds the house style sheet."""

from __future__ import annotations

from offair.store.catalogue.rows import Rows


class StyleRuleTableRows(Rows):
    """Rows of the house style sheet; fulfils `offair.store.style_rules.StyleRuleRows`."""
