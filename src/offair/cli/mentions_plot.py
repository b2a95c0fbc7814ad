"""Mentions over time as a plot: in the terminal with block characters, as PNG or SVG.

The terminal's is drawn here, in sixty lines that know how wide a terminal is and how a period is
called; the packages that do it bring axes meant for numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from offair.formats.mentions_svg import filled
from offair.model.errors import BadInput

MOST_ROWS = 24
"""So many periods get a row each; more are drawn as columns side by side."""
HEIGHT = 8
"""Rows of a plot of columns."""
SUFFIXES = (".png", ".svg")
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_LEFT = " ▏▎▍▌▋▊▉█"


def drawn(timeline: Sequence[tuple[str, int]], by: str, width: int, *, blocks: bool) -> list[str]:
    """The lines of a plot for a terminal of so many columns.

    blocks: whether the terminal can show block characters; else number signs are drawn.
    """
    rows = filled(timeline, by)
    if not rows:
        return []
    return (
        _rows(rows, width, blocks) if len(rows) <= MOST_ROWS else _columns(rows, by, width, blocks)
    )


def _rows(rows: Sequence[tuple[str, int]], width: int, blocks: bool) -> list[str]:
    """One row for each period: name, count, bar."""
    most = max(count for _, count in rows)
    digits = len(f"{most:,}")
    room = max(8, width - len(rows[0][0]) - digits - 4)
    return [
        f"{name}  {count:>{digits},}  {_bar(count * room / most, blocks)}".rstrip()
        for name, count in rows
    ]


def _bar(length: float, blocks: bool) -> str:
    if not blocks:
        return "#" * max(round(length), 1 if length else 0)
    eighths = max(round(length * 8), 1 if length else 0)
    return "█" * (eighths // 8) + (_LEFT[eighths % 8] if eighths % 8 else "")


def _columns(rows: Sequence[tuple[str, int]], by: str, width: int, blocks: bool) -> list[str]:
    """One column for each period, or for several where there are more than fit."""
    digits = len(f"{sum(count for _, count in rows):,}")
    room = max(10, width - digits - 2)
    each = -(-len(rows) // room)
    bins = [sum(count for _, count in rows[at : at + each]) for at in range(0, len(rows), each)]
    most = max(bins)
    lines = []
    for level in range(HEIGHT - 1, -1, -1):
        scale = f"{most:,}" if level == HEIGHT - 1 else ("0" if level == 0 else "")
        cells = (_cell(count * HEIGHT / most - level, level, blocks) for count in bins)
        lines.append(f"{scale:>{digits}} ┤{''.join(cells)}".rstrip())
    if not blocks:
        lines = [line.replace("┤", "|") for line in lines]
    first, last = rows[0][0], rows[-1][0]
    gap = max(2, len(bins) - len(first) - len(last))
    lines.append(f"{'':>{digits}}  {first}{' ' * gap}{last}")
    if each > 1:
        lines.append(f"{'':>{digits}}  each column is {each} {by}s")
    return lines


def _cell(height: float, level: int, blocks: bool) -> str:
    """One character of a column whose top is so far above the bottom of this row."""
    if height >= 1:
        return "█" if blocks else "#"
    if not blocks:
        return "#" if height >= 0.5 or (level == 0 and height > 0) else " "
    eighths = round(max(height, 0.0) * 8)
    return _EIGHTHS[max(eighths, 1) if level == 0 and height > 0 else eighths]


def checked_path(path: Path) -> Path:
    """Where a plot may be written. Raises `BadInput` where its name ends otherwise."""
    if path.suffix.lower() not in SUFFIXES:
        raise BadInput(f"a plot is written as {' or '.join(SUFFIXES)}, not as {path.name!r}")
    if not path.parent.is_dir():
        raise BadInput(f"there is no folder {str(path.parent)!r} to write a plot into")
    return path


def written(path: Path, timeline: Sequence[tuple[str, int]], by: str, query: str) -> bool:
    """Write a plot as PNG or SVG, by the file's suffix; whether the query stands above it.

    A PNG leaves it out where the font at hand lacks a letter of it. Raises `OSError`.
    """
    # Imported here: it takes half a second, and only this option needs it.
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    rows = filled(timeline, by)
    shown = path.suffix.lower() == ".svg" or _has_letters(query)
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "offair"}):
        figure, axes = pyplot.subplots(figsize=(9, 3.6), layout="constrained")
        try:
            _fill(axes, rows, by, query if shown else "")
            extra = {"Date": None} if path.suffix.lower() == ".svg" else {}
            part = path.with_name(f".{path.name}.part")
            figure.savefig(part, format=path.suffix[1:].lower(), dpi=150, metadata=extra)
            part.replace(path)
        finally:
            pyplot.close(figure)
    return shown


def _has_letters(query: str) -> bool:
    """Whether the font of a PNG has every letter. Arabic ones are joined, and lines from right to
    left turned, when they are drawn; an SVG's letters are its reader's."""
    from matplotlib import font_manager

    font = font_manager.get_font(font_manager.findfont(font_manager.FontProperties()))
    return font.get_charmap().keys() >= {ord(char) for char in query if not char.isspace()}


def _fill(axes: Any, rows: Sequence[tuple[str, int]], by: str, query: str) -> None:
    places = range(len(rows))
    # Never thinner than two dots of the picture: thousands of days would vanish.
    axes.bar(places, [n for _, n in rows], width=max(0.9, len(rows) / 600), color="#35618f")
    step = max(1, -(-len(rows) // 8))
    axes.set_xticks(list(places)[::step], [name for name, _ in rows][::step])
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.set_ylabel(f"sentences by {by}")
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.01)
    shown = query if len(query) <= 90 else f"{query[:89]}…"
    if shown:
        axes.set_title(shown.replace("$", r"\$"), loc="left", fontsize=11)
    if not rows:
        axes.set(ylim=(0, 1), yticks=[0], xticks=[])
        axes.text(0.5, 0.5, "nothing found", ha="center", transform=axes.transAxes)
