"""offair: a monitoring desk that turns broadcasts into citable, checkable clip records."""

__version__ = "0.1.0"
