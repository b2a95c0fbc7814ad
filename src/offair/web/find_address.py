"""What a search's address asks for, and the addresses of searches like it.

`?q=` is the query; `speaker`, `channel`, `language` and `layer` may stand several times; `after`
and `before` are dates, `order` is `ranked` or newest first, `by` the period of the plot, `from` how
many hits to pass over. So that an address can be cited, it says nothing that it need not say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from offair.model.errors import BadInput
from offair.model.query import QueryField

PERIODS = ("day", "week", "month", "year")
AT_ONCE = 20
"""Hits on a page."""
MOST_PASSED = 10_000
"""Nobody reads so far; whoever wants all asks for the file."""
_MOST_VALUES = 20
_LISTED = (QueryField.SPEAKER, QueryField.CHANNEL, QueryField.LANGUAGE, QueryField.LAYER)
_DATES = (QueryField.AFTER, QueryField.BEFORE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A search. skip: hits passed over. by: one of `PERIODS`."""

    text: str = ""
    values: tuple[tuple[QueryField, str], ...] = ()
    ranked: bool = False
    by: str = "month"
    skip: int = 0

    @classmethod
    def read(cls, params: QueryParams) -> Asked:
        """The search of an address. Raises `BadInput` with what cannot be asked."""
        values: list[tuple[QueryField, str]] = []
        for field in (*_LISTED, *_DATES):
            given = [one.strip() for one in params.getlist(field.value)]
            values += [(field, one) for one in dict.fromkeys(given) if one]
        if len(values) > _MOST_VALUES:
            raise BadInput(f"a search has at most {_MOST_VALUES} filters; take some out")
        by = params.get("by") or "month"
        if by not in PERIODS:
            raise BadInput(f"by={by[:20]} is no period; ask for day, week, month or year")
        order = params.get("order") or "newest"
        if order not in ("newest", "ranked"):
            raise BadInput(f"order={order[:20]} is none; ask for newest or ranked")
        return cls(
            params.get("q", "").strip(), tuple(values), order == "ranked", by,
            _passed(params.get("from", "")),
        )  # fmt: skip

    @property
    def anything(self) -> bool:
        """Whether something is asked for."""
        return bool(self.text or self.values)

    @property
    def filters(self) -> Mapping[QueryField, list[str]]:
        """The filters as `desk.find` takes them."""
        made: dict[QueryField, list[str]] = {}
        for field, value in self.values:
            made.setdefault(field, []).append(value)
        return made

    def value(self, field: str) -> str:
        """The first value of a filter, empty where it is not asked."""
        return next((value for one, value in self.values if one.value == field), "")

    def has(self, field: str, value: str) -> bool:
        """Whether this filter is asked."""
        return (QueryField(field), value) in self.values

    def narrowed(self, field: str, value: str) -> Asked:
        """The same with this filter."""
        added = (QueryField(field), value)
        return replace(self, values=(*(one for one in self.values if one != added), added), skip=0)

    def widened(self, field: str, value: str) -> Asked:
        """The same without this filter."""
        gone = (QueryField(field), value)
        return replace(self, values=tuple(one for one in self.values if one != gone), skip=0)

    def between(self, after: str, before: str) -> Asked:
        """The same of these dates alone."""
        kept = tuple(one for one in self.values if one[0] not in _DATES)
        dates = ((QueryField.AFTER, after), (QueryField.BEFORE, before))
        return replace(self, values=kept + dates, skip=0)

    def ordered(self, *, ranked: bool) -> Asked:
        """The same in this order."""
        return replace(self, ranked=ranked, skip=0)

    def counted(self, by: str) -> Asked:
        """The same with its mentions by another period."""
        return replace(self, by=by)

    def passing(self, skip: int) -> Asked:
        """The same from another hit on."""
        return replace(self, skip=skip)

    def address(self, path: str = "/find") -> str:
        """Its address."""
        query = urlencode(list(self._fields()))
        return f"{path}?{query}" if query else path

    def _fields(self) -> Iterator[tuple[str, str]]:
        if self.text:
            yield "q", self.text
        yield from ((field.value, value) for field, value in self.values)
        if self.ranked:
            yield "order", "ranked"
        if self.by != "month":
            yield "by", self.by
        if self.skip:
            yield "from", str(self.skip)


def _passed(raw: str) -> int:
    if not raw:
        return 0
    if not (raw.isascii() and raw.isdigit() and len(raw) < 9):
        raise BadInput(f"from={raw[:20]} is no number of hits; leave it out")
    if int(raw) > MOST_PASSED:
        raise BadInput(
            f"a page begins at most {MOST_PASSED:,} hits after the first; narrow the search, or "
            "ask for it as a file"
        )
    return int(raw)
