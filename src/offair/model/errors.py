"""The one tree of errors: a message is a sentence; which thing, what is wrong, what to do."""

from __future__ import annotations

import unicodedata


class OffairError(Exception):
    """Anything the desk refuses or cannot do. `exit_code` is what the command line returns."""

    exit_code = 1


class BadInput(OffairError):
    """What was given cannot be used as it is; trying again with the same input will not help."""

    exit_code = 2


class BadSetting(BadInput):
    """A setting in the TOML file or the environment is unknown or has a value it cannot have."""


class QueryError(BadInput):
    """A query that cannot be read. `text` is the query, `at` the character the trouble is at."""

    def __init__(self, message: str, text: str, at: int) -> None:
        super().__init__(message)
        self.text = text
        self.at = at

    @property
    def pointer(self) -> str:
        """Two lines: the query around the trouble, and a caret below it."""
        first = max(0, self.at - 40)
        shown = self.text[first : self.at + 30]
        line = "".join(char if char.isprintable() else "\ufffd" for char in shown)
        head = "…" if first else ""
        tail = "…" if first + len(shown) < len(self.text) else ""
        before = head + line[: self.at - first]
        columns = sum(_columns(char) for char in before)
        return f"{head}{line}{tail}\n{' ' * columns}^"


def _columns(char: str) -> int:
    """How many columns of a terminal a character takes (Unicode Standard Annex 11)."""
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


class NotFound(OffairError):
    """Something was named that the desk does not have."""

    exit_code = 3


class Conflict(OffairError):
    """The thing has changed, or already exists, and the act asked for would overwrite it."""

    exit_code = 4


class Refused(OffairError):
    """The act is possible but a rule of the desk forbids it (an embargo, a folder not allowed)."""

    exit_code = 5


class NotLoggedIn(Refused):
    """The act is for people who work at the desk, and nobody is logged in."""


class TooLarge(BadInput):
    """More was sent than is taken at once."""


class TooMany(Refused):
    """The same was tried too often in too short a time: wait, and try again. wait_s: how long."""

    def __init__(self, message: str, wait_s: int = 60) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class Gone(NotFound):
    """What stood there was withdrawn or removed, and the desk says no more about it."""


class Withdrawn(Gone):
    """A record that was withdrawn: its page says when and why. day: ISO 8601."""

    def __init__(self, message: str, *, series: str, printed: str, day: str, reason: str) -> None:
        super().__init__(message)
        self.series, self.printed = series, printed
        self.day, self.reason = day, reason


class Unavailable(OffairError):
    """Something needed is missing or busy right now (a disk, a model, a lock): try again."""

    exit_code = 6


class EngineDied(Unavailable):
    """The process of an engine died, or gave no sign of life in time, over one piece of work."""


class Corrupt(OffairError):
    """Media or stored bytes are damaged or hostile: quarantine, never retry."""

    exit_code = 7
