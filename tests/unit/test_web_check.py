"""Check: quotations and articles, corrections, listening, and reports that are shared."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from find_check_desk import ARABIC_SAID, PROMISE, find_check_desk
from findings_made import altered, report
from logged_in import AsAccount
from starlette.testclient import TestClient

from offair.desk import Desk
from offair.desk.change_terms import change_terms
from offair.desk.share_report import end_report, keep_report, read_report
from offair.desk.withhold_speaker import withhold_speaker
from offair.formats import finding_json, finding_words
from offair.model import finding as model
from offair.model.errors import BadInput, Gone, NotFound, Refused, TooMany
from offair.model.people import Role
from offair.web import finding_wording
from offair.web.application import app

CHANGED = PROMISE.replace("cannot", "can")
ARTICLE = f"""The council met on Tuesday.

“{CHANGED}” said Daniel Marsh. “We will not raise the fares before the winter timetable begins,”
Ann Smith told reporters. He called it “The Long Way Home”.
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = find_check_desk(tmp_path_factory.mktemp("desk"))
    yield made
    made.index.close()
    made.catalogue.close()


@pytest.fixture
def own_desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk that a test changes."""
    made = find_check_desk(tmp_path)
    yield made
    made.index.close()
    made.catalogue.close()


def client(desk: Desk, role: Role | None = None, name: str = "rana") -> TestClient:
    made = app(desk) if role is None else AsAccount(app(desk), role, name)
    return TestClient(made, base_url="http://localhost", follow_redirects=False)


def test_a_quotation_is_checked_at_an_address(desk: Desk) -> None:
    page = client(desk).get("/check", params={"words": CHANGED, "speaker": "Ann Smith"})
    assert page.status_code == 200
    text = " ".join(page.text.split())
    assert '<span class="m changed critical"' in text
    assert "changed; modality; negation; critical" in text
    assert "machine transcript, not heard" in text
    assert "The printed words differ from the words spoken." in text
    assert 'data-recording="1" data-t="' in text
    assert "Edits, critical ones first" in text
    assert "words of 3 channels were searched" in text
    assert "Listen and confirm</a>" not in text  # nobody is logged in
    data = client(desk).get("/check.json", params={"words": CHANGED}).json()
    assert data["findings"][0]["words"] == "altered"
    assert data["notice"] == model.NOT_HEARD
    assert finding_json.read(json.dumps(data)).findings[0].words is model.WordsFinding.ALTERED


def test_marks_round_the_words_are_taken_off(desk: Desk) -> None:
    data = client(desk).get("/check.json", params={"words": f"“{PROMISE}”"}).json()
    assert data["findings"][0]["quotation"]["printed"] == PROMISE
    assert data["findings"][0]["words"] == "verbatim"


def test_a_form_without_scripts_is_answered_with_the_page(desk: Desk) -> None:
    plain = client(desk)
    page = plain.post("/check", data={"act": "quotation", "words": PROMISE, "date": "2026-05-14"})
    assert page.status_code == 200
    assert "verbatim" in page.text
    assert plain.post("/check", data={"act": "nonsense"}).status_code == 400
    wrong = plain.post("/check", data={"act": "quotation", "words": PROMISE, "date": "May"})
    assert wrong.status_code == 400
    assert "is not a date" in wrong.text
    assert PROMISE in wrong.text  # what was typed is not lost
    assert plain.post("/check", data={"words": "a" * 20_001}).status_code == 400
    assert plain.get("/check?words=ferry&recording=x").status_code == 400
    assert plain.get("/check?words=the+ferry&recording=99").status_code == 404


def test_one_recording_decides_few_words(desk: Desk) -> None:
    data = client(desk).get("/check.json?words=promise+the+boat&recording=1").json()
    assert data["findings"][0]["words"] == "verbatim"
    assert data["findings"][0]["quotation"]["recording_id"] == 1


def test_the_printed_time_is_played_beside_the_place_that_was_found(desk: Desk) -> None:
    asked = {"words": CHANGED, "recording": "1", "at": "1:02.5"}
    page = client(desk).get("/check", params=asked).text
    assert re.findall(r'data-recording="1" data-t="(\d+)"', page)[0] == "62500"
    assert "the time that is printed" in page
    assert 'name="at" value="1:02.5"' in page
    wrong = client(desk).get("/check", params=asked | {"at": "noon"})
    assert wrong.status_code == 400
    assert "is not a time" in wrong.text


@pytest.mark.parametrize("how", ["text", "html", "docx", "upload"])
def test_every_quotation_of_an_article(desk: Desk, how: str) -> None:
    fields, files = {"act": "article", "published": "2026-05-15"}, None
    if how == "text":
        fields["text"] = ARTICLE
    elif how == "html":
        fields["html"] = "".join(f"<p>{one}</p>" for one in ARTICLE.split("\n\n"))
    elif how == "docx":
        document, file = docx.Document(), io.BytesIO()
        for one in ARTICLE.split("\n\n"):
            document.add_paragraph(one)
        document.save(file)
        files = {"file": ("../story.docx", file.getvalue())}
    else:
        files = {"file": ("story.md", ARTICLE.encode())}
    page = client(desk).post("/check", data=fields, files=files)
    assert page.status_code == 200
    assert page.text.count('<article class="finding') == 3
    assert re.findall(r'data-tone="(\w+)"', page.text) == ["look", "good", "other"]
    assert 'name="speaker-1" value="Daniel Marsh"' in page.text
    if files:
        assert f'name="source" value="{files["file"][0].removeprefix("../")}"' in page.text


def test_an_article_without_words_or_of_another_kind_is_refused_on_the_page(desk: Desk) -> None:
    plain = client(desk)
    empty = plain.post("/check", data={"act": "article", "text": " "})
    assert empty.status_code == 400
    assert "nothing to check" in empty.text
    pdf = plain.post("/check", data={"act": "article"}, files={"file": ("a.pdf", b"%PDF-1.7\n1")})
    assert pdf.status_code == 400
    assert 'role="alert"' in pdf.text
    part = plain.post("/check", data={"act": "article", "text": "", "part": "list"})
    assert part.status_code == 200
    assert 'role="alert"' in part.text


def test_a_page_larger_than_an_article_is_refused_while_it_comes(desk: Desk) -> None:
    files = {"file": ("a.txt", b"a" * (25 * 1024 * 1024))}
    assert client(desk).post("/check", data={"act": "article"}, files=files).status_code == 413


def test_scripts_get_the_list_first_and_then_a_few_at_a_time(desk: Desk) -> None:
    plain = client(desk)
    listed = plain.post("/check", data={"act": "article", "text": ARTICLE, "part": "list"}).text
    assert listed.count("finding waiting") == 3
    assert 'max="3"' in listed
    fields = {"act": "again", "part": "items", "printed-2": PROMISE, "speaker-2": "Daniel Marsh"}
    items = plain.post("/check", data=fields).text
    assert items.count("<article") == 1
    assert 'data-number="2"' in items
    assert "verbatim" in items
    assert "template" in items


def test_what_was_found_is_corrected_and_checked_again(desk: Desk) -> None:
    fields = {
        "act": "again", "printed-1": CHANGED, "speaker-1": "Ben Roe", "guess-1": "Daniel Marsh",
        "printed-2": " ", "printed-3": "The Long Way Home", "no-speech-3": "on",
    }  # fmt: skip
    page = client(desk).post("/check", data=fields).text
    assert page.count('<article class="finding') == 2
    assert "(guessed)" not in page
    assert "Ben Roe" in page
    guessed = client(desk).post("/check", data=fields | {"speaker-1": "Daniel Marsh"}).text
    assert "(guessed)" in guessed
    assert client(desk).post("/check", data={"act": "again"}).status_code == 400


def test_arabic_words_are_marked_where_they_differ(desk: Desk) -> None:
    words = ARABIC_SAID.replace("لن ترفع", "سترفع")
    page = client(desk).get("/check", params={"words": words}).text
    assert '<span class="m left-out critical"' in page
    assert 'lang="ar"' in page
    arabic = client(desk).get("/check", params={"words": words, "lang": "ar"}).text
    assert 'dir="rtl"' in arabic


def test_the_limit_of_the_application_is_asked(desk: Desk) -> None:
    def never(_request: object) -> None:
        raise TooMany("too often; wait a minute")

    made = app(desk)
    made.state.limited = never
    plain = TestClient(made, base_url="http://localhost")
    assert plain.get("/check").status_code == 200
    assert plain.get("/check?words=ferry").status_code == 429
    assert plain.post("/check", data={"words": "ferry"}).status_code == 429


def test_listening_ends_what_was_provisional(own_desk: Desk) -> None:
    editor = client(own_desk, Role.EDITOR)
    page = editor.get("/check", params={"words": CHANGED, "speaker": "Daniel Marsh"}).text
    (address, *_rest) = re.findall(r'class="hear" href="([^"]+)"', page)
    address = address.replace("&amp;", "&")
    hear = editor.get(address).text
    assert "cannot promise" in hear
    assert "#t=" in hear
    seen = re.findall(r'name="seen" value="(\w+)"', hear)[0]
    stale = editor.post(address, data={"as": "shown", "seen": "0" * 64})
    assert stale.status_code == 409
    assert editor.post(address, data={"seen": seen}).status_code == 400
    assert client(own_desk).post(address, data={"as": "shown", "seen": seen}).status_code == 401
    assert editor.post(address, data={"as": "named", "seen": seen}).status_code == 400
    done = editor.post(f"{address}&part=1", data={"as": "shown", "seen": seen})
    assert done.status_code == 200
    assert "confirmed as heard" in done.text
    assert "Daniel Marsh" in done.text
    data = editor.get("/check.json", params={"words": CHANGED, "speaker": "Daniel Marsh"}).json()
    assert data["findings"][0]["provisional"] is None
    assert data["findings"][0]["speaker"] == "as claimed"


def test_listening_by_the_operations(own_desk: Desk) -> None:
    editor = client(own_desk, Role.EDITOR)
    asked = {"recording": "1", "layer": "1", "from": "67900", "until": "71100"}
    shown = editor.get("/api/v1/heard", params=asked).json()
    assert shown["pieces"][0]["speaker"] == "Daniel Marsh"
    body = {
        "recording": 1, "layer": 1, "from_ms": 67900, "until_ms": 71100, "seen": shown["seen"],
        "as_shown": True,
    }  # fmt: skip
    done = editor.post("/api/v1/heard", json=body)
    assert (done.status_code, done.json()["speakers"]) == (201, ["Daniel Marsh"])
    assert editor.post("/api/v1/heard", json=body).status_code == 409  # it is confirmed now
    assert client(own_desk, Role.READER).post("/api/v1/heard", json=body).status_code == 403


def test_operations_check_quotations_and_articles(desk: Desk) -> None:
    reader = client(desk, Role.READER)
    body = {"quotations": [{"printed": PROMISE}, {"printed": CHANGED, "speaker": "Ann Smith"}]}
    made = reader.post("/api/v1/check/quotations", json=body).json()
    assert [one["words"] for one in made["findings"]] == ["verbatim", "altered"]
    article = reader.post("/api/v1/check/article", json={"text": ARTICLE, "name": "a.txt"}).json()
    assert [one["words"] for one in article["findings"]][-1] == "not a quotation"
    wrong = {"quotations": [{"printed": PROMISE, "date": "soon"}]}
    assert reader.post("/api/v1/check/quotations", json=wrong).status_code == 400
    assert client(desk).post("/api/v1/check/quotations", json=body).status_code == 401


def test_a_report_is_kept_read_and_ended(own_desk: Desk) -> None:
    editor, reader = client(own_desk, Role.EDITOR), client(own_desk)
    fields = {"act": "keep", "printed-1": CHANGED, "speaker-1": "Ann Smith", "title": "A <b>story"}
    assert reader.post("/check", data=fields).status_code == 401
    kept = editor.post("/check", data=fields)
    assert kept.status_code == 303
    address = kept.headers["location"]
    assert re.fullmatch(r"/reports/[A-Za-z0-9_-]{32}", address)
    answer = reader.get(address)
    assert "A &lt;b&gt;story" in answer.text
    assert "machine transcript, not heard" in answer.text
    assert "words of 3 channels were searched" in answer.text
    assert "<textarea" not in answer.text
    assert 'class="play"' not in answer.text  # the recording is for people of the desk
    assert 'class="play"' in editor.get(address).text
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert reader.get(f"{address}.json").json()["findings"][0]["words"] == "altered"
    assert "not heard" in reader.get(f"{address}.md").text
    file = reader.get(f"{address}.html")
    assert file.headers["content-disposition"].startswith("attachment")
    assert reader.get("/reports").status_code == 401
    assert address in editor.get("/reports").text
    assert editor.get("/reports.json").json()["reports"][0]["address"] == address
    assert client(own_desk, Role.EDITOR, "omar").post(f"{address}/end").status_code == 403
    assert editor.post(f"{address}/end").status_code == 303
    for end in ("", ".json", ".md", ".html"):
        assert reader.get(address + end).status_code == 410
    with own_desk.catalogue.snapshot() as tx:
        ended, made = tx.acts(kind="report")
    assert (made.verb, ended.verb, made.actor) == ("keep_report", "end_report", "rana")
    assert address.rpartition("/")[2] not in str(made.detail)


def test_reports_by_the_operations(own_desk: Desk) -> None:
    editor = client(own_desk, Role.EDITOR)
    body = {"title": "Story", "quotations": [{"printed": PROMISE}]}
    kept = editor.post("/api/v1/reports", json=body)
    assert kept.status_code == 201
    address = f"/api/v1/reports/{kept.json()['key']}"
    other = client(own_desk, Role.EDITOR, "omar")
    assert other.delete(address).status_code == 403
    admin = client(own_desk, Role.ADMINISTRATOR, "ada")
    assert admin.delete(address).json()["ended_utc"]
    assert client(own_desk).get(kept.json()["address"]).status_code == 410


def test_a_report_says_no_name_that_is_withheld_since(own_desk: Desk) -> None:
    editor = client(own_desk, Role.EDITOR)
    fields = {"act": "keep", "printed-1": "We will not raise the fares before winter"}
    address = editor.post("/check", data=fields).headers["location"]
    assert "Ann Smith" in editor.get(address).text
    withhold_speaker(own_desk, 3, "Ann Smith", why="asked", actor="rana")
    for end in ("", ".json", ".md", ".html"):
        assert "Ann Smith" not in client(own_desk).get(address + end).text


def test_terms_keep_a_report_inside_the_desk(own_desk: Desk) -> None:
    editor = client(own_desk, Role.EDITOR)
    address = editor.post("/check", data={"act": "keep", "printed-1": PROMISE}).headers["location"]
    with own_desk.catalogue.snapshot() as tx:
        channel = next(one for one in tx.channels() if one.name == "Harbour One")
    change_terms(own_desk, channel.id or 0, actor="rana", text=False)
    assert client(own_desk).get(address).status_code == 403
    assert editor.get(address).status_code == 200


def test_reports_by_the_desk(own_desk: Desk) -> None:
    kept = keep_report(own_desk, report(altered()), actor="rana")
    assert kept.title == "At the harbour"
    assert read_report(own_desk, kept.key, public=True)[1] == report(altered())
    with pytest.raises(BadInput, match="no finding"):
        keep_report(own_desk, report(), actor="rana")
    for key in ("", "a" * 31, "a" * 32, "../../x"):
        with pytest.raises(NotFound):
            read_report(own_desk, key, public=True)
    with own_desk.catalogue.snapshot() as tx:
        assert [one.key for one in tx.shared_reports_on(7)] == [kept.key]
        assert not tx.shared_reports_on(77)
        assert tx.shared_reports()[0].document == ""
    with pytest.raises(Refused, match="rana made this report"):
        end_report(own_desk, kept.key, actor="omar")
    ended = end_report(own_desk, kept.key, actor="rana")
    assert end_report(own_desk, kept.key, actor="rana") == ended
    with pytest.raises(Gone):
        read_report(own_desk, kept.key, public=False)


def test_every_word_of_a_finding_is_listed_for_translators() -> None:
    named = {
        one.value
        for kind in (model.WordsFinding, model.SpeakerFinding, model.ContextFinding,
                     model.EditClass)
        for one in kind
    }  # fmt: skip
    provisos = {*model.UNHEARD_TEXTS.values(), model.SPEAKER_NOT_CONFIRMED}
    assert set(finding_wording.VALUES) == named | set(finding_words.EDITS.values()) | provisos
    sentences = (finding_words.WORDS, finding_words.SPEAKER, finding_words.CONTEXT)
    told = {one for listed in sentences for one in listed.values()}
    assert set(finding_wording.SENTENCES) == told
    assert set(finding_wording.CSS) == set(model.EditKind) - {model.EditKind.EQUAL}
