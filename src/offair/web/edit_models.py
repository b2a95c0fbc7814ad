"""What the operations on turns take and answer."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from offair.desk.open_turns import OpenTurn
from offair.model.errors import BadInput
from offair.model.revising import Revision
from offair.model.transcript import Layer, LayerOrigin, Mark, MarkKind
from offair.web.api import Model
from offair.web.word_times import pack

_LARGEST_ID = 2**53
_LONGEST = 200_000
_Reason = Field(None, max_length=500, description="Why, for the history.")


class MarkFacts(Model):
    """An editorial mark: its printed characters, brackets included."""

    kind: str = Field(max_length=40)
    char_start: int = Field(ge=0, le=_LONGEST)
    char_end: int = Field(ge=0, le=_LONGEST)
    text: str = Field(max_length=_LONGEST)
    sense: str | None = Field(None, max_length=200)
    confirmed: bool = True

    @classmethod
    def of(cls, mark: Mark) -> MarkFacts:
        """The same as an answer."""
        return cls(
            kind=mark.kind.value,
            char_start=mark.char_start,
            char_end=mark.char_end,
            text=mark.text,
            sense=mark.sense,
            confirmed=mark.confirmed,
        )

    def mark(self) -> Mark:
        """The mark. Raises `BadInput` where there is no such kind."""
        return Mark(
            mark_kind(self.kind), self.char_start, self.char_end, self.text, self.sense,
            self.confirmed,
        )  # fmt: skip


class TurnFacts(Model):
    """A turn to edit. words: as the page packs them (`data-words`), in UTF-16 units. written_by:
    the person who wrote the words, null where they are the maker's; origin: `machine`, `person`,
    `import` or `broadcaster` accordingly. heard: character ranges. sentences: [id, start, end]."""

    id: int
    layer: int
    ordinal: int
    text: str
    words: str
    start_ms: int | None
    end_ms: int | None
    marks: list[MarkFacts]
    speaker: str | None
    speaker_named: bool
    speaker_confirmed_by: str | None
    origin: str
    written_by: str | None
    changed_by: str | None
    heard: list[tuple[int, int]]
    sentences: list[tuple[int, int, int]]

    @classmethod
    def of(cls, one: OpenTurn, layer: Layer) -> TurnFacts:
        """The same as an answer."""
        turn = one.turn
        return cls(
            id=turn.id,
            layer=layer.id,
            ordinal=turn.ordinal,
            text=turn.text,
            words=pack(turn.text, turn.words),
            start_ms=None if turn.span is None else turn.span.start,
            end_ms=None if turn.span is None else turn.span.end,
            marks=[MarkFacts.of(mark) for mark in turn.marks],
            speaker=one.spoken_by.name,
            speaker_named=one.spoken_by.named,
            speaker_confirmed_by=one.spoken_by.confirmed_by,
            origin=_ORIGINS[LayerOrigin.PERSON if one.writer else layer.origin],
            written_by=one.writer,
            changed_by=turn.made_by,
            heard=list(one.heard),
            sentences=[(s.id, s.char_start, s.char_end) for s in one.sentences],
        )


_ORIGINS = {
    LayerOrigin.ENGINE: "machine",
    LayerOrigin.PERSON: "person",
    LayerOrigin.IMPORT: "import",
    LayerOrigin.BROADCASTER: "broadcaster",
}


class TurnList(Model):
    """A stretch of a text. count: turns in all of it."""

    layer: int
    recording: int
    count: int
    turns: list[TurnFacts]


class Saving(Model):
    """A turn as it was edited. marks: those of the new text; left out, the old ones go along."""

    text: str = Field(max_length=_LONGEST)
    marks: list[MarkFacts] | None = Field(None, max_length=2_000)
    reason: str | None = _Reason


class Saved(Model):
    """What stands now. before: ids of the turns that were replaced."""

    changed: bool
    revision: int | None
    turns: list[TurnFacts]
    before: list[int]


class Splitting(Model):
    """Where: before this character."""

    at: int = Field(ge=0, le=_LONGEST)
    reason: str | None = _Reason


class Merging(Model):
    """With which turn: the next one, as it was read."""

    next: int = Field(ge=0, le=_LARGEST_ID)
    reason: str | None = _Reason


class Marking(Model):
    """Over these characters, or at a caret where both are the same. printed: what it prints,
    without brackets."""

    kind: Literal["insertion", "replacement", "gloss", "cut", "stage", "unclear", "sic"]
    char_start: int = Field(ge=0, le=_LONGEST)
    char_end: int = Field(ge=0, le=_LONGEST)
    printed: str = Field("", max_length=500)


class SpeakerChange(Model):
    """Who speaks. whole_voice: in all turns of the voice that nobody named alone. author, how:
    whose words they are, where not the voice's own."""

    act: Literal["name", "confirm", "forget"]
    name: str | None = Field(None, max_length=120)
    author: str | None = Field(None, max_length=120)
    how: Literal["interpreter", "reading"] | None = None
    whole_voice: bool = False
    heard: bool = False


class SpeakerFacts(Model):
    """Who speaks in the turn now. turns: those changed. kept: of the voice, named alone before."""

    speaker: str | None
    named: bool
    confirmed_by: str | None
    turns: list[int]
    kept: list[int]
    reasons: list[str]


class SuggestedName(Model):
    """A name for the voice of a turn. known: the desk has named this person before."""

    name: str
    kind: str
    reasons: list[str]
    known: bool
    share: float


class SuggestedNames(Model):
    """Names for the voice of a turn, best first."""

    names: list[SuggestedName]


class Hearing(Model):
    """What was heard besides the words: who speaks, by name or as shown."""

    speaker: str | None = Field(None, max_length=120)
    as_shown: bool = False


class VersionFacts(Model):
    """A turn as it stood once."""

    id: int
    text: str
    start_ms: int | None
    end_ms: int | None


class RevisionFacts(Model):
    """One act: what stood before it, and what came of it. standing: it can be taken back."""

    id: int
    kind: str
    who: str
    when_utc: str
    reason: str | None
    undoes: int | None
    standing: bool
    before: list[VersionFacts]
    after: list[VersionFacts]

    @classmethod
    def of(cls, one: Revision) -> RevisionFacts:
        """The same as an answer."""
        sides = [
            [
                VersionFacts(
                    id=turn.id,
                    text=turn.text,
                    start_ms=None if turn.span is None else turn.span.start,
                    end_ms=None if turn.span is None else turn.span.end,
                )
                for turn in side
            ]
            for side in (one.before, one.after)
        ]
        return cls(
            id=one.id,
            kind=one.kind.value,
            who=one.made_by,
            when_utc=one.made_utc,
            reason=one.reason,
            undoes=one.undoes,
            standing=one.standing,
            before=sides[0],
            after=sides[1],
        )


class HistoryPage(Model):
    """What was done, newest first. before: to ask for older ones, null where there are none."""

    layer: int
    revisions: list[RevisionFacts]
    before: int | None


class ChangeFacts(Model):
    """A stretch of two texts: equal, or `old` in the one where the other has `new`."""

    old: str
    new: str
    same: bool


class ComparisonFacts(Model):
    """Two versions word by word. older: null for what stood before the revision `newer`."""

    older: int | None
    newer: int
    changes: list[ChangeFacts]


class Taking(Model):
    """Why it is taken back."""

    reason: str | None = _Reason


class Undoing(Model):
    """Of which turn; left out, of the whole text."""

    turn: int | None = Field(None, ge=0, le=_LARGEST_ID)


def mark_kind(name: str) -> MarkKind:
    """The kind of a mark by its name. Raises `BadInput`."""
    try:
        return MarkKind(name)
    except ValueError as error:
        listed = ", ".join(one.value for one in MarkKind)
        raise BadInput(
            f"there is no mark of the kind {name[:40]!r}; those are: {listed}"
        ) from error
