"""Hold printed words against what was heard in one recording; no verdict.

Prints each run of words: equal, or differing, with the class of the difference. Words that a
machine heard and nobody checked may themselves be wrong: listen to the span before you rely on it.
"""

from __future__ import annotations

import argparse

from offair import config, wiring
from offair.cli.terminal import clock, emit, say
from offair.desk.check_quote import Comparison, check_quote


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `offair check` takes."""
    parser.add_argument("words", metavar="QUOTATION", help="the printed words")
    parser.add_argument("--recording", type=int, required=True, metavar="ID")
    parser.add_argument("--layer", type=int, help="which of its texts; by default the best")
    parser.add_argument("--json", action="store_true", help="print facts as JSON")
