"""Commands that do one of several acts to the desk: `offair names add`, `offair watch list`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from offair import config, wiring
from offair.cli.terminal import say
from offair.desk import Desk


def run_act(
    args: argparse.Namespace, acts: Mapping[str, Callable[[Desk, argparse.Namespace], None]]
) -> int:
    """Open the desk and do the act that was named (`args.act`, one of `acts`); the exit code."""
    with wiring.open_desk(config.load(args.config), notice=say) as desk:
        acts[args.act](desk, args)
    return 0
