"""What pages that stand alone share: their templates, and the policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def environment() -> Environment:
    """The templates beside this module: everything escaped, and no name may be missing."""
    return Environment(
        loader=PackageLoader("offair.formats", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def policy(style: str, *sources: str) -> str:
    """A content security policy that allows this style and no script. sources: further directives
    (`media-src *`)."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src 'sha256-{digest}'",
            *sources,
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
