"""What every catalogue does: the names list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from offair.model.errors import Conflict, NotFound
from offair.model.names import Name, NameKind, Office, Spelling
from offair.model.time import PartialDate
from offair.store import Catalogue
from offair.store.catalogue import SqlCatalogue

FULL = Name(
    NameKind.PERSON,
    "Ibrahim Al-Jaafari",
    native="إبراهيم الجعفري",
    spellings=(Spelling("Ibrahim al-Ja'fari", "Reuters"), Spelling("Jaafari")),
    authority="wikidata:Q311728",
    offices=(
        Office("Foreign Minister", PartialDate.parse("2014-09"), PartialDate.parse("2018-10-25")),
        Office("member of parliament"),
    ),
)


@pytest.fixture(params=["sqlite"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalogue]:
    """Each implementation, empty and migrated."""
    made = SqlCatalogue(f"sqlite:///{tmp_path / 'offair.sqlite'}")
    made.migrate()
    yield made
    made.close()


def test_a_name_comes_back_as_it_was_given(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        saved = tx.save_name(FULL, actor="ana")
    with catalogue.snapshot() as tx:
        assert tx.names() == [saved]
    assert replace(saved, id=0) == FULL
    assert saved.id


def test_all_fields_are_written_anew(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        saved = tx.save_name(FULL, actor="ana")
        bare = Name(NameKind.BODY, "Ibrahim Al-Jaafari", id=saved.id)
        assert tx.save_name(bare, actor="ben") == bare
        assert tx.names() == [bare]


def test_a_house_spelling_is_unique_with_its_kind(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        first = tx.save_name(Name(NameKind.PERSON, "Victoria"), actor="ana")
        place = tx.save_name(Name(NameKind.PLACE, "Victoria"), actor="ana")
        for taken in (Name(NameKind.PERSON, "Victoria"), replace(place, kind=NameKind.PERSON)):
            with pytest.raises(Conflict, match=f"already \\(name {first.id}\\)"):
                tx.save_name(taken, actor="ana")
        assert tx.names(kind=NameKind.PLACE) == [place]
        assert [one.id for one in tx.names()] == [first.id, place.id]


def test_the_list_is_by_house_spelling_and_tells_its_changes(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        assert (tx.names_change(), tx.names()) == (0, [])
        marks = [0]
        saved = []
        for house in ("Zoe", "Ada", "Mia"):
            saved.append(tx.save_name(Name(NameKind.PERSON, house), actor="ana"))
            marks.append(tx.names_change())
        assert [one.house for one in tx.names()] == ["Ada", "Mia", "Zoe"]
        tx.remove_name(saved[1].id)
        marks.append(tx.names_change())
        assert [one.house for one in tx.names()] == ["Mia", "Zoe"]
        assert marks == sorted(set(marks))
        again = tx.save_name(Name(NameKind.PERSON, "Ada"), actor="ana")
        assert again.id not in {one.id for one in saved}


def test_a_name_that_is_not_there_is_said(catalogue: Catalogue) -> None:
    with catalogue.transaction() as tx:
        for act in (
            lambda: tx.save_name(Name(NameKind.PERSON, "Ada", id=9), actor="ana"),
            lambda: tx.remove_name(9),
        ):
            with pytest.raises(NotFound, match="no name 9"):
                act()
        assert tx.names_change() == 0
