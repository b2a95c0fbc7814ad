"""Articles in every format; hostile, broken and oversized ones get a clear sentence."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.document import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.formats import article_docx, article_html, article_markdown, article_text
from offair.formats.article import LARGEST_BYTES, read_article
from offair.model.article import Article, BlockKind
from offair.model.errors import BadInput

PAGE = """<!doctype html><html lang="fr"><head><title>t</title>
<meta property="article:published_time" content="2023-05-13T10:00:00Z"></head>
<body><header>Site</header><nav>Menu</nav><article><h1>The harbour</h1>
<p>One <b>bold</b>
word.<script>bad()</script></p><p>Line<br>break<sup><a href="#1">1</a></sup></p>
<blockquote><p>Set off.</p><footer>— Ann</footer></blockquote><ul><li>Item</li></ul>
<table><tr><td>Cell</td></tr></table><p style="display:none">Hidden</p>
<p>She said <q>no</q>.</p></article><footer>Foot</footer></body></html>"""


def _texts(article: Article) -> list[str]:
    for one in article.paragraphs:
        assert article.text[one.char_start : one.char_end].strip()
    return [article.text[one.char_start : one.char_end] for one in article.paragraphs]


def test_a_web_page_keeps_its_blocks_and_says_what_it_leaves_out() -> None:
    article = read_article(PAGE.encode(), "page.html")
    assert _texts(article) == [
        "The harbour", "One bold word.", "Line break", "Set off.", "— Ann", "Item", "Cell",
        "She said “no”.",
    ]  # fmt: skip
    assert [one.kind for one in article.paragraphs][3:7] == [
        BlockKind.QUOTE, BlockKind.QUOTE, BlockKind.LIST_ITEM, BlockKind.CELL,
    ]  # fmt: skip
    assert (article.title, article.language) == ("The harbour", "fr")
    assert article.published is not None
    assert article.published.value == "2023-05-13"
    assert any("hidden" in one for one in article.remarks)


def test_front_matter_gives_title_and_date() -> None:
    text = "---\ntitle: \"The\\_harbour \\u2014 now\"\ndate: '2023-05-13'\n---\n\n# Head\n\n"
    text += "     Indented *prose*, no code.\n\n> Set off\n\n- one\n- two\n\n"
    text += "| a | b |\n|--|--|\n| c | d |"
    article = read_article(text.encode(), "story.md")
    assert article.title == "The\u00a0harbour — now".replace("\u00a0", " ")
    assert _texts(article)[:2] == ["Head", "Indented prose, no code."]
    kinds = [one.kind for one in article.paragraphs]
    assert kinds.count(BlockKind.CELL) == 4
    assert kinds.count(BlockKind.LIST_ITEM) == 2
    assert BlockKind.QUOTE in kinds


def test_plain_text_joins_wrapped_lines_only() -> None:
    assert _texts(read_article(b"one\ntwo\n\nthree", "a.txt")) == ["one two", "three"]
    wide = "w" * 120
    assert len(_texts(read_article(f"{wide}\n{wide}".encode(), "a.txt"))) == 2
    assert _texts(read_article(b"> a\r\n> b\r\rc", "a.txt"))[0] == "a b"


@pytest.mark.parametrize(
    ("encoding", "text", "said"),
    [
        ("utf-8-sig", "Größe “eins”", None),
        ("utf-16", "Größe “eins”", None),
        ("utf-16-le", "A long enough plain text", "UTF-16-LE"),
        ("cp1252", "Größe “eins” und drei", "Windows-1252"),
        ("cp1251", "Он сказал: «Никогда этого не будет»", "Windows-1251"),
        ("cp1256", "قال الوزير إن الاتفاق لا يعني السلام", "Windows-1256"),
    ],
)
def test_an_encoding_that_is_guessed_is_said(encoding: str, text: str, said: str | None) -> None:
    article = read_article(text.encode(encoding), "a.txt")
    assert article.text == text
    assert (said is None) == (article.remarks == ())
    assert said is None or said in article.remarks[0]


def test_a_page_names_its_encoding() -> None:
    page = '<html><meta charset="windows-1251"><p>Он сказал</p>'.encode("cp1251")
    article = read_article(page, "a.html")
    assert "Он сказал" in article.text
    assert article.remarks == ()


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.txt", "empty"),
        (b" \n\0\0 ", "a.txt", "empty"),
        (b"%PDF-1.7 rest", "a.txt", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "a.md", "picture"),
        (b"\xd0\xcf\x11\xe0 old", "a.doc", "old Office"),
        (b"\0\0\0\x20ftypmp42", "a.mp4", "recording"),
        (b"{\\rtf1 text", "a.rtf", "Rich Text"),
        (b"words\0words and words", "a.txt", "NUL"),
        (b"x" * (LARGEST_BYTES + 1), "a.txt", "MiB"),
        (b"... !!! ---", "a.txt", "no words"),
        (b"<script>x()</script>", "a.html", "no words"),
        (b"<div>" * 4000 + b"x", "a.html", "nested"),
        (b"not a zip", "a.docx", "no Word file"),
        (b"PK\x03\x04 broken", "a.docx", "damaged"),
    ],
)  # fmt: skip
def test_what_is_no_article_is_refused_with_a_reason(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        read_article(data, name)


def test_more_words_than_an_article_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(article_text, "LONGEST_TEXT", 1_000)
    with pytest.raises(BadInput, match="characters of words"):
        read_article(b"word " * 500, "a.txt")
    monkeypatch.setattr(article_markdown, "LARGEST_MARKDOWN", 1_000)
    with pytest.raises(BadInput, match="in parts"):
        read_article(b"word " * 500, "a.md")


def test_entities_of_a_page_are_not_expanded() -> None:
    page = b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x; words</p>'
    assert "root:" not in read_article(page, "a.html").text


def _bytes(document: Document) -> bytes:
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def test_word_paragraphs_tables_and_insertions_are_read() -> None:
    document = docx.Document()
    document.core_properties.title = "The harbour"
    document.add_heading("Head", 1)
    paragraph = document.add_paragraph("She said “no")
    inserted = paragraph._p.makeelement(
        "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}ins", {}
    )
    run = paragraph.add_run(" more”.")._r
    inserted.append(run)
    paragraph._p.append(inserted)
    document.add_paragraph("Set off", style="Quote")
    document.add_table(1, 1).cell(0, 0).text = "Cell"
    article = read_article(_bytes(document), "story.docx")
    assert _texts(article) == ["Head", "She said “no more”.", "Set off", "Cell"]
    assert [one.kind for one in article.paragraphs] == [
        BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.QUOTE, BlockKind.CELL,
    ]  # fmt: skip
    assert article.title == "The harbour"


def test_a_word_file_without_a_title_of_its_own_has_that_of_its_style() -> None:
    document = docx.Document()
    document.core_properties.title = ""
    document.add_paragraph("A subtitle", style="Subtitle")
    document.add_paragraph("", style="Title")
    document.add_paragraph("The harbour", style="Title")
    document.add_paragraph("She said no.")
    assert read_article(_bytes(document), "story.docx").title == "The harbour"
    document.core_properties.title = "The file’s own"
    assert read_article(_bytes(document), "story.docx").title == "The file’s own"


def test_a_word_file_without_properties_is_given_none() -> None:
    document = docx.Document()
    document.add_paragraph("She said no.")
    rels = b"""<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="word/document.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>
</Relationships>"""
    article = read_article(_changed(document, **{"_rels/.rels": rels}), "story.docx")
    assert (article.title, article.author) == (None, None)


def _changed(document: Document | None = None, **parts: bytes) -> bytes:
    """An ordinary DOCX with parts of it replaced or added."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_bytes(document or docx.Document()))) as old,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            new.writestr(entry, parts.pop(entry, old.read(entry)))
        for name, data in parts.items():
            new.writestr(name, data)
    return held.getvalue()


DOCTYPE = (
    '<?xml version="1.0" encoding="utf-16"?>'
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>'
)


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"word/document.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}, "entities"),
        ({"word/document.xml": b"<broken"}, "damaged"),
        ({"word/media/x.xml": b" " * (65 * 1024 * 1024)}, "unpack"),
        ({"word/document.xml": b"<a>" * 5000}, "damaged"),
        ({"word/document.xml": b"<a/>" * (article_docx.MOST_TAGS + 1)}, "more than .* tags"),
        ({"word/styles.xml": DOCTYPE.encode("utf-16")}, "entities"),
        ({"word/document.xml": DOCTYPE.encode("utf-16-be")}, "entities"),
    ],
)
def test_hostile_word_files_are_refused(parts: dict[str, bytes], reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        read_article(_changed(**parts), "story.docx")


def test_another_package_is_no_article() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        package.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(BadInput, match="another kind"):
        read_article(held.getvalue(), "a.docx")


@settings(max_examples=60)
@given(st.binary(max_size=200), st.sampled_from(["a.txt", "a.md", "a.html", "-"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    try:
        article = read_article(data, name)
    except BadInput:
        return
    assert article.text
    _texts(article)


def test_a_tag_with_more_attributes_than_any_page_has_is_refused() -> None:
    many = " ".join(f"a{number}=1" for number in range(1_500))
    with pytest.raises(BadInput, match="attributes"):
        read_article(f"<p {many}>“words”</p>".encode(), "a.html")
    # Long values are no attributes.
    page = f'<p><img alt="x" src="data:{"a b=" * 5_000}">“words” of it</p>'
    assert "words" in read_article(page.encode(), "a.html").text


def test_a_page_with_more_tags_than_any_has_is_refused() -> None:
    page = b"<p>" + b"a<br>" * article_html.MOST_TAGS
    with pytest.raises(BadInput, match="holds 500,001 tags, more than the 500,000"):
        read_article(page, "a.html")


def test_words_of_deletions_and_of_boxes_stand_where_they_belong() -> None:
    body = (
        "<w:p><w:r><w:t>One</w:t></w:r><w:moveFrom><w:r><w:t> gone</w:t></w:r></w:moveFrom>"
        "<w:r><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent></w:r></w:p>"
        "<w:del><w:p><w:r><w:t>gone</w:t></w:r></w:p></w:del>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>too</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "<w:p><w:r><w:t>last</w:t></w:r></w:p>"
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    article = read_article(_changed(**{"word/document.xml": document.encode()}), "a.docx")
    assert _texts(article) == ["One", "boxed", "cell", "too", "last"]
    kinds = [one.kind for one in article.paragraphs]
    assert kinds == [BlockKind.PARAGRAPH] * 2 + [BlockKind.CELL] * 2 + [BlockKind.PARAGRAPH]
