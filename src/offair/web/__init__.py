"""The desk in the browser: pages, fragments, media with byte ranges, and a data twin of each.

The room shows what `desk.browse` reads; it has no SQL and no rules. `application.app` makes the
Starlette application; `pages` and `records` answer for recordings and records, `media` for bytes,
`guard` for who may ask and what a browser may do with the answer. To add a page: a template in
`templates/`, a function in `pages` with its twin, and its line in `application.ROUTES`. To add an
element: a file in `web-elements/src/` and its import in `main.ts`.
"""

from __future__ import annotations

from pathlib import Path

BUILT = Path(__file__).parent / "built"
"""Where the wheel's build hook puts the elements; the pages read without them."""

ELEMENTS = "elements.js"
"""The one script that the build makes."""


def assets_built() -> bool:
    """Whether the elements are built; where not, pages read but nothing follows or seeks."""
    return (BUILT / ELEMENTS).is_file()
