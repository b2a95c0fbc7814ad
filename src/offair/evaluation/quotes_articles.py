"""What the reader of articles makes of the quotations that a person adjudicated in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from offair.desk.check_article import quotations_in
from offair.evaluation.quotes_scores import Share
from offair.evaluation.quotes_set import KnownQuotation, QuoteSet
from offair.model.errors import BadInput
from offair.model.finding import Quotation, WordsFinding
from offair.text.tokenise import tokens


@dataclass(frozen=True, slots=True)
class ArticleReading:
    """found: adjudicated quotations that the reader finds too. no_speech: of those that are no
    speech, how many it tells so; speech: of those that are. speaker: of those with a claimed
    speaker, whose surname it names."""

    found: Share
    no_speech: Share
    speech: Share
    speaker: Share


def read_articles(found: QuoteSet) -> ArticleReading:
    """Read every article of the set that holds an adjudicated quotation."""
    by_article: dict[str, list[KnownQuotation]] = {}
    for one in found.quotations:
        by_article.setdefault(one.name.rpartition(":")[0], []).append(one)
    pairs: list[tuple[KnownQuotation, Quotation | None]] = []
    for article, known in by_article.items():
        data = (found.folder / "articles" / article).read_bytes()
        try:
            read = quotations_in(data, article).quotations
        except BadInput:
            read = ()
        pairs += [(one, _same(one, read)) for one in known]
    there = [(known, read) for known, read in pairs if read is not None]
    titles = [
        read.is_speech for known, read in there if known.words is WordsFinding.NOT_A_QUOTATION
    ]
    speech = [
        read.is_speech for known, read in there if known.words is not WordsFinding.NOT_A_QUOTATION
    ]
    named = [
        _surname(known.claimed) in _forms(read.speaker or "")
        for known, read in there
        if known.claimed is not None
    ]
    return ArticleReading(
        Share(len(there), len(pairs)),
        Share(len(titles) - sum(titles), len(titles)),
        Share(sum(speech), len(speech)),
        Share(sum(named), len(named)),
    )


def _forms(text: str) -> list[str]:
    return [one.form for one in tokens(text, "en")]


def _surname(claimed: str) -> str:
    forms = _forms(claimed)
    return forms[-1] if forms else ""


def _same(known: KnownQuotation, read: Sequence[Quotation]) -> Quotation | None:
    """The reader's quotation that begins with the same words, or holds all of them."""
    wanted = _forms(known.printed)
    for one in read:
        forms = _forms(one.printed)
        if forms[: len(wanted)] == wanted:
            return one
    row = f" {' '.join(wanted)} "
    return next((one for one in read if row in f" {' '.join(_forms(one.printed))} "), None)
