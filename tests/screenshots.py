"""Pictures of every page of the desk, and what differs from pictures that were taken before.

Run by `script/screenshots FOLDER [--against FOLDER] [--only NAME …]`. Letters are drawn a little
differently by every machine, so pictures are compared with those that the same machine took, before
a change and after it: on purpose, by whoever changes a page, who then looks at what differs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import web_desk
from chromium import chromium
from logged_in import AsAccount
from matplotlib import image
from playwright.sync_api import Browser
from serving import serving
from staff_desk import PAGES, worked_on

from offair.desk.prepare_peaks import prepare_peaks
from offair.model.people import Role
from offair.web.application import app

PUBLIC = {
    "recordings": "/recordings",
    "recording": "/recordings/1",
    "recording, Arabic text": "/recordings/1?layer=2",
    "doubts": "/recordings/1/flags?all",
    "records": "/records",
    "record": "/records/1",
    "first edition": "/records/1/1",
    "not here": "/records/999999",
}
STILL = """async () => {
    for (const one of document.querySelectorAll('time'))
        if (Math.abs(Date.parse(one.dateTime) - Date.now()) < 6e8) one.textContent = '2026-01-01';
    for (const one of document.querySelectorAll('audio, video')) {
        one.removeAttribute('controls');
        one.preload = 'auto';
        for (let n = 0; n < 100 && one.readyState < 2 && !one.error; n++)
            await new Promise((done) => setTimeout(done, 50));
    }
    await document.fonts.ready;
}"""
"""Times of this run are no change of a page, nor is how far the browser's player has come."""
TOLERANCE = 6 / 255
"""How far a colour may be off: smoothing of letters is not the same to the last bit."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to look at a page: width in CSS pixels, colour scheme, language of the interface."""

    width: int
    scheme: str
    lang: str

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}-{self.lang}"


WAYS = (
    Way(1280, "light", "en"),
    Way(1280, "dark", "en"),
    Way(1280, "light", "ar"),
    Way(390, "light", "en"),
    Way(390, "dark", "ar"),
    Way(2560, "light", "en"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not the same in two pictures. share: of the pixels, 0 to 1; 1 where one is missing
    or of another size. box: left, top, right, bottom of what differs, in pixels."""

    name: str
    share: float
    box: tuple[int, int, int, int] | None = None
    reason: str = ""

    def __str__(self) -> str:
        where = f" between {self.box[:2]} and {self.box[2:]}" if self.box else ""
        return f"{self.name}: {self.reason or f'{self.share:.3%} of the pixels{where}'}"


@contextmanager
def desk_to_look_at(folder: Path) -> Iterator[dict[str, str]]:
    """A desk on which people worked, served to an administrator: the address of every page."""
    desk = web_desk.make_desk(folder)
    known = worked_on(desk)
    prepare_peaks(desk, 1)
    with serving(AsAccount(app(desk), Role.ADMINISTRATOR)) as address:
        pages = {**PAGES, **PUBLIC}
        yield {name: address + path.format(**known) for name, path in pages.items()}
    desk.catalogue.close()


def take(
    browser: Browser, pages: dict[str, str], folder: Path, *,
    ways: Sequence[Way] = WAYS, style: str = "",
) -> list[Path]:  # fmt: skip
    """Write a picture of each page, looked at in each way, as `PAGE-WIDTH-SCHEME-LANGUAGE.png`.

    style: CSS that is tried on every page.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for way in ways:
        context = browser.new_context(
            viewport={"width": way.width, "height": 900}, reduced_motion="reduce",
            color_scheme="dark" if way.scheme == "dark" else "light", bypass_csp=bool(style),
        )  # fmt: skip
        for name, address in pages.items():
            page = context.new_page()
            page.goto(f"{address}{'&' if '?' in address else '?'}lang={way.lang}")
            page.wait_for_load_state("networkidle")
            page.evaluate(STILL)
            if style:
                page.add_style_tag(content=style)
            written.append(folder / f"{name.replace(' ', '-').replace(',', '')}-{way}.png")
            page.screenshot(path=written[-1], full_page=True, animations="disabled", caret="hide")
            page.close()
        context.close()
    return written


def compare(before: Path, after: Path) -> list[Difference]:
    """What differs between two folders of pictures, the most changed first. Where both have a
    picture of one size, `NAME.difference.png` in `after` shows the changed pixels in red."""
    names = {one.name for folder in (before, after) for one in folder.glob("*.png")}
    found = [one for name in sorted(names) if (one := _compared(before, after, name)) is not None]
    return sorted(found, key=lambda one: -one.share)


def _compared(before: Path, after: Path, name: str) -> Difference | None:
    if name.endswith(".difference.png"):
        return None
    for folder in (before, after):
        if not (folder / name).exists():
            return Difference(name, 1.0, reason=f"there is none in {folder}")
    old, new = (image.imread(folder / name)[..., :3] for folder in (before, after))
    if old.shape != new.shape:
        sizes = " and ".join(f"{each.shape[1]} x {each.shape[0]}" for each in (old, new))
        return Difference(name, 1.0, reason=f"sizes differ: {sizes}")
    changed = np.abs(old - new).max(axis=2) > TOLERANCE
    if not changed.any():
        return None
    rows, columns = (np.flatnonzero(changed.any(axis=axis)) for axis in (1, 0))
    shown = 0.7 + 0.3 * np.repeat(new.mean(axis=2, keepdims=True), 3, axis=2)
    shown[changed] = (0.85, 0.0, 0.0)
    image.imsave(after / name.replace(".png", ".difference.png"), shown)
    box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return Difference(name, float(changed.mean()), box)


def main(arguments: Sequence[str]) -> int:
    """The command: 0 where nothing differs, 1 where something does."""
    reader = argparse.ArgumentParser(prog="script/screenshots", description=__doc__)
    reader.add_argument("folder", type=Path, help="where the pictures are written")
    reader.add_argument("--against", type=Path, help="a folder of pictures taken before")
    reader.add_argument("--only", nargs="+", metavar="PAGE", help="these pages alone")
    read = reader.parse_args(arguments)
    if read.against is not None and not any(read.against.glob("*.png")):
        reader.error(f"there are no pictures in {read.against}; take some there first")
    with (
        tempfile.TemporaryDirectory() as work,
        desk_to_look_at(Path(work)) as pages,
        chromium() as browser,
    ):
        unknown = [one for one in read.only or () if one not in pages]
        if unknown:
            reader.error(f"there is no page {unknown[0]!r}; the pages are {', '.join(pages)}")
        chosen = {name: at for name, at in pages.items() if not read.only or name in read.only}
        written = take(browser, chosen, read.folder)
    print(f"{len(written)} pictures in {read.folder}")
    if read.against is None:
        return 0
    taken = {one.name for one in written}
    found = [
        one for one in compare(read.against, read.folder) if not read.only or one.name in taken
    ]
    for one in found:
        print(one)
    print(f"{len(found)} differ from those in {read.against}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
