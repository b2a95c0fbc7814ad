"""A query whose Arabic and Hebrew words are asked for with the particles written in one with them.

What a second index field without particles would find, by asking for each form: so the index, the
evaluator and standing queries agree. A word between quotation marks, or beside NEAR, is asked for
as it is.
"""

from __future__ import annotations

from dataclasses import replace

import regex

from offair.model.query import And, Not, Or, Query, Term
from offair.text.clitics import attached
from offair.text.tokenise import base_language

_ARABIC_RE = regex.compile(r"\p{Arabic}+")
_HEBREW_RE = regex.compile(r"\p{Hebrew}+")
_NOT_ARABIC = frozenset({"fa", "ur", "ps", "ckb", "ku", "sd", "ug", "pnb"})
_NOT_HEBREW = frozenset({"yi"})


def with_particles(query: Query, language: str | None = None) -> Query:
    """The tree that asks for every word of one token in all its forms with particles.

    language: BCP 47 of the query's words, where known; else a word in Arabic script is taken for
    Arabic and one in Hebrew script for Hebrew.
    """
    if isinstance(query, And | Or):
        return replace(query, parts=tuple(with_particles(one, language) for one in query.parts))
    if isinstance(query, Not):
        return replace(query, part=with_particles(query.part, language))
    if not isinstance(query, Term) or len(query.forms) > 1:
        return query
    forms = attached(query.forms[0], _language(query.forms[0], base_language(language)))
    if len(forms) == 1:
        return query
    return Or(tuple(Term((form,), query.at) for form in forms), query.at)


def _language(form: str, base: str | None) -> str | None:
    if base not in _NOT_ARABIC and _ARABIC_RE.fullmatch(form):
        return "ar"
    if base not in _NOT_HEBREW and _HEBREW_RE.fullmatch(form):
        return "he"
    return base
