"""The part of a transaction that holds how turns were changed, and changes them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from offair.model.revising import Revision, RevisionKind
from offair.model.transcript import Layer, SourceSentence, Turn


class RevisingRows(Protocol):
    """Rows of how turns were changed, and changes them back."""

    def replace_turns(
        self,
        turn_ids: Sequence[int],
        made: Sequence[Turn],
        sentences: Sequence[Sequence[tuple[int, int]]],
        *,
        kind: RevisionKind,
        actor: str,
        reason: str | None = None,
        speakers: Sequence[int | None] | None = None,
        sources: Mapping[tuple[int, int], Sequence[SourceSentence]] | None = None,
    ) -> Revision:
        """Put turns in the place of one turn or of neighbours, in order; the old ones stay,
        replaced.

        made: text, words, span, label and marks count; id and ordinal are given here, and those of
        the turns behind move. sentences: character ranges for each. speakers: for each, the old
        turn whose newest attribution counts for it, None for none; by default the first. sources:
        by (place of the turn, place of its sentence), as `revise_turn` has them.
        A sentence whose text is unchanged keeps its id, what is unchanged stays heard, and doubts
        about sentences that are gone are settled. Writes a change row. Raises `Conflict` where a
        turn was replaced meanwhile, `BadInput` where turns are no neighbours or a range does not
        fit, `NotFound`.
        """
        ...

    def revert_revision(
        self, revision_id: int, *, actor: str, reason: str | None = None
    ) -> Revision:
        """Take a revision back: its turns stand again as they were stored, words column, label,
        marks and sentence ids included.

        Of one turn for one, a speaker named since stays named; of a split or a merge the old turns
        have their own. Doubts it had settled are open again; words heard before are heard again.
        Raises `Conflict` where what came of it was replaced since, or it was made before reverts
        could be; `NotFound`.
        """
        ...

    def turn_layer(self, turn_id: int) -> Layer:
        """The layer of a turn, whether it stands or was replaced. Raises `NotFound`."""
        ...

    def revision(self, revision_id: int) -> Revision:
        """One revision. Raises `NotFound`."""
        ...

    def revisions(
        self,
        layer_id: int,
        *,
        turn_id: int | None = None,
        before_id: int | None = None,
        limit: int = 50,
    ) -> Sequence[Revision]:
        """What was done to a layer, newest first; with `turn_id`, to what stands in the place of
        that turn, through splits and merges. before_id: only older ones. Raises `NotFound` where
        the turn is none of the layer's."""
        ...

    def newest_of(self, layer_id: int, actor: str, turn_id: int | None = None) -> Revision | None:
        """The newest revision by this person that can be taken back and is no revert itself."""
        ...

    def words_by(self, layer_id: int, turn_ids: Sequence[int]) -> Mapping[int, str]:
        """Who wrote the words of these turns of a layer, where that was a person.

        To split, merge or mark a turn, or to take a revision back, is not to write its words.
        """
        ...
