"""Bring the files of translations up to date with the pages: `python -m offair.web.extract_words`.

New texts are added without a translation, those that are gone are taken out; what is translated
stays. A language is begun by `python -m offair.web.extract_words TAG`.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from offair.web.language import FOLDER

HERE = Path(__file__).parent
_KEYWORDS = {
    "_": None, "_n": (1, 2), "marked": None, "worded": None, "gettext": None, "ngettext": (1, 2),
}  # fmt: skip
_ROOMS = {
    HERE: [("**.py", "python"), ("templates/**.html", "jinja2")],
    # Of the writers' room the record's page alone is read in the reader's language.
    HERE.parent / "formats": [
        ("record_html*.py", "python"), ("templates/record.html.jinja", "jinja2"),
    ],
}  # fmt: skip
_CHANGING = tuple(
    f'"{name}:'
    for name in (
        "Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date", "Last-Translator",
        "Language-Team", "Generated-By",
    )
)  # fmt: skip
_OPTIONS = {"templates/**.html": {"trimmed": "true"}}


def extracted() -> Catalog:
    """Every text of the pages that is translated, without translations."""
    found = Catalog(project="offair", charset="utf-8")
    for room, methods in _ROOMS.items():
        texts = extract_from_dir(
            room, method_map=methods, options_map=_OPTIONS, keywords=_KEYWORDS, comment_tags=()
        )
        for place, _line, text, _comments, context in texts:
            where = place if room == HERE else f"{room.name}/{place}"
            found.add(text, locations=[(where, 0)], context=context)
    return found


def updated(tag: str, texts: Catalog) -> Catalog:
    """The translations of a language with exactly these texts."""
    path = FOLDER / f"{tag}.po"
    locale = Locale.parse(tag, sep="-")
    known = Catalog(locale=locale, project="offair", charset="utf-8", fuzzy=False)
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale=locale)
    known.update(texts, no_fuzzy_matching=True)
    known.obsolete.clear()
    return known


def write(tag: str, catalogue: Catalog) -> None:
    """Write a language's file, without the headers that change with every run."""
    whole = io.BytesIO()
    write_po(whole, catalogue, sort_output=True, width=100, include_lineno=False)
    lines = whole.getvalue().decode().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(_CHANGING)]
    (FOLDER / f"{tag}.po").write_text("".join(kept), encoding="utf-8")


def main(tags: Iterable[str]) -> int:
    """Write the files of these languages, or of all there are."""
    texts = extracted()
    for tag in tags or sorted(path.stem for path in FOLDER.glob("*.po")):
        catalogue = updated(tag, texts)
        write(tag, catalogue)
        missing = sum(1 for one in catalogue if one.id and not _whole(one.string))
        print(f"{tag}: {len(catalogue)} texts, {missing} without a translation")
    return 0


def _whole(string: str | tuple[str, ...] | list[str]) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
