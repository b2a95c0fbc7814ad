"""Find: the page, its parts, its data twin and files, and the plot of mentions."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from find_check_desk import find_check_desk
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import QueryParams
from starlette.testclient import TestClient

from offair.desk import Desk
from offair.desk.suggest import suggest
from offair.formats import mentions_svg
from offair.formats.mentions_svg import Bar
from offair.model.errors import BadInput
from offair.web.application import app
from offair.web.find_address import Asked


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = find_check_desk(tmp_path_factory.mktemp("desk"))
    yield made
    made.index.close()
    made.catalogue.close()


@pytest.fixture(scope="module")
def client(desk: Desk) -> TestClient:
    return TestClient(app(desk), base_url="http://localhost", follow_redirects=False)


def test_a_page_shows_hits_facets_the_plot_and_what_was_searched(client: TestClient) -> None:
    page = client.get("/find?q=ferry").text
    assert "13 sentences" in page
    assert "<mark>ferry</mark>" in page
    assert "Broadcaster&#39;s captions" in page
    assert 'href="/find?q=ferry&amp;speaker=Ann+Smith"' in page
    assert '<svg class="mentions"' in page
    assert "Mar 2024" in page
    assert "words;" in page  # what was searched
    assert 'rel="alternate" type="application/json" href="/find.json?q=ferry"' in page


def test_a_hit_plays_from_its_time_where_there_is_sound(client: TestClient) -> None:
    page = client.get('/find?q="timetable starts" layer:speech').text
    assert 'data-recording="1" data-t="' in page
    assert 'class="play" href="/recordings/1?layer=1&amp;t=' in page
    assert 'class="play"' not in client.get("/find?q=speed").text
    player = client.get("/player/1?t=1:02.5").text
    assert "<video" in player
    assert "#t=62.5" in player
    assert client.get("/player/999").status_code == 404


def test_the_two_parts_are_the_page_in_two(client: TestClient) -> None:
    hits = client.get("/find?q=ferry&part=hits").text
    around = client.get("/find?q=ferry&part=around").text
    assert hits.count('class="hit ') == 13
    assert "<html" not in hits
    assert "Speakers" not in hits
    assert "Speakers" in around
    assert "13 sentences" in around
    assert 'class="hit ' not in around


def test_a_query_that_cannot_be_read_is_shown_at_the_character(client: TestClient) -> None:
    answer = client.get("/find?q=ferry+AND+(boat")
    assert answer.status_code == 400
    assert "ferry AND <mark>(</mark>boat" in answer.text
    assert 'value="ferry AND (boat"' in answer.text
    part = client.get("/find?q=ferry+AND+(boat&part=hits")
    assert part.status_code == 200
    assert "<mark>(</mark>" in part.text
    data = client.get("/find.json?q=ferry+AND+(boat")
    assert (data.status_code, data.json()["error"]["at"]) == (400, 10)
    assert client.get("/find.json").status_code == 400


@pytest.mark.parametrize(
    "query", ["by=hour", "order=best", "from=x", "from=99999999", "after=2024-99"]
)
def test_an_address_that_asks_for_nothing_there_is(client: TestClient, query: str) -> None:
    answer = client.get(f"/find?q=ferry&{query}")
    assert answer.status_code == 400
    assert "query-trouble" in answer.text


def test_nothing_found_is_said_with_what_was_searched(client: TestClient) -> None:
    page = client.get("/find?q=xylophone").text
    assert "Nothing was found." in page
    assert "no proof" in page
    assert "What was searched" in page


def test_what_is_found_is_escaped(client: TestClient) -> None:
    page = client.get('/find?q="<script>"&speaker=<b>').text
    assert "<script>alert" not in page
    assert "<b>" not in page.replace('<b class="who">', "").replace("<b aria-current", "")


def test_the_data_are_what_the_command_prints(client: TestClient) -> None:
    data = client.get("/find.json?q=ferry&limit=2&by=year").json()
    assert (data["total"], len(data["hits"])) == (13, 2)
    assert data["timeline"] == {
        "by": "year",
        "periods": [
            {"period": "2024", "count": 7}, {"period": "2025", "count": 2},
            {"period": "2026", "count": 4},
        ],
    }  # fmt: skip
    assert client.get("/find.json?q=ferry&limit=5000").status_code == 400


def test_the_files_are_tables(client: TestClient) -> None:
    answer = client.get("/find.csv?q=ferry")
    assert answer.headers["content-disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 13
    assert {"text", "at_ms", "speaker"} <= set(rows[0])
    assert client.get("/find.csv?q=ferry&mentions&by=year").text.splitlines() == [
        "year,count", "2024,7", "2025,2", "2026,4",
    ]  # fmt: skip


def test_pages_of_hits(client: TestClient) -> None:
    page = client.get("/find?after=2020").text
    assert "Further hits" in page
    assert 'href="/find?after=2020&amp;from=20"' in page
    second = client.get("/find?after=2020&from=20").text
    assert 'start="21"' in second
    assert 'href="/find?after=2020"' in second


def test_names_as_somebody_types(client: TestClient, desk: Desk) -> None:
    assert client.get("/find/suggest.json?what=speaker&begin=ann").json() == {
        "names": ["Ann Smith"]
    }
    assert suggest(desk, "speaker", "smi") == ("Ann Smith",)
    assert suggest(desk, "channel", "two") == ("Quay Two",)
    with pytest.raises(BadInput, match="no suggestions"):
        suggest(desk, "recording", "a")


def test_narrowing_and_widening_are_addresses() -> None:
    asked = Asked.read(QueryParams("q=a&speaker=Roe&speaker=Ann&from=40&by=week&order=ranked"))
    assert asked.address() == "/find?q=a&speaker=Roe&speaker=Ann&order=ranked&by=week&from=40"
    assert asked.narrowed("channel", "X").address() == (
        "/find?q=a&speaker=Roe&speaker=Ann&channel=X&order=ranked&by=week"
    )
    assert asked.widened("speaker", "Roe").value("speaker") == "Ann"
    between = asked.between("2024", "2025").between("2024-05", "2024-06")
    assert between.value("after") == "2024-05"
    assert Asked.read(QueryParams(asked.address().partition("?")[2])) == asked


def test_bars_have_a_place_for_silence_and_lead_to_their_period() -> None:
    made = mentions_svg.bars([("2023-11", 2), ("2024-02", 5)], "month")
    assert made == [
        Bar("2023-11", "2023-11", 2), Bar("2023-12", "2023-12", 0),
        Bar("2024-01", "2024-01", 0), Bar("2024-02", "2024-02", 5),
    ]  # fmt: skip
    assert mentions_svg.bounds("2023-11", "2023-12", "month") == ("2023-11", "2024-01")
    assert mentions_svg.bounds("2024-W01", "2024-W01", "week") == ("2024-01-01", "2024-01-08")
    assert mentions_svg.bounds("2024-02-29", "2024-02-29", "day") == ("2024-02-29", "2024-03-01")
    assert mentions_svg.bounds("2023", "2024", "year") == ("2023", "2025")


@settings(max_examples=25)
@given(
    st.dictionaries(st.dates().map(lambda day: day.isoformat()[:7]), st.integers(1, 10**6),
                    min_size=1, max_size=6),
    st.text(max_size=10),
)  # fmt: skip
def test_a_plot_is_well_formed_and_loses_no_mention(counts: dict[str, int], label: str) -> None:
    timeline = sorted(counts.items())
    made = mentions_svg.bars(timeline, "month")
    assert sum(one.count for one in made) == sum(counts.values())
    assert len(made) <= mentions_svg.MOST_BARS
    label = "".join(one for one in label if one.isprintable())
    svg = mentions_svg.write(made, label=label, title=lambda one: f"<{one.first}>",
                             address=lambda one: f"/find?a=1&b={one.first}")  # fmt: skip
    root = ElementTree.fromstring(svg)
    links = root.findall("a")
    assert root.get("aria-label") == label
    assert len(links) == sum(one.count > 0 for one in made)
    assert all(one.get("style") is None for one in root.iter())
    assert sum(one.get("tabindex") == "0" for one in links) <= 1
