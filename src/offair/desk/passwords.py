"""Passwords and secrets: only what cannot be turned back is kept.

Argon2id (RFC 9106) with the parameters of its second recommendation.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from offair.model.errors import BadInput

SHORTEST, LONGEST = 12, 1_000
"""Characters of a password (NIST SP 800-63B asks for eight at least, and no mixture of kinds)."""
_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


def hashed(password: str, name: str) -> str:
    """A password as it is kept. Raises `BadInput` where it is too short or long, or the name."""
    plain = unicodedata.normalize("NFC", password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise BadInput(
            f"a password has {SHORTEST} to {LONGEST:,} characters; some words in a row are easy to "
            "remember"
        )
    if plain.strip().casefold() == name.strip().casefold() or len(set(plain)) < 4:
        raise BadInput("this password is the first that somebody would try; take another")
    return str(_HASHER.hash(plain))


def matches(password: str, kept: str | None) -> bool:
    """Whether it is the password that is kept; takes as long where none is, so that nobody can
    tell whether there is such an account."""
    try:
        _HASHER.verify(kept or _nobodys(), unicodedata.normalize("NFC", password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


@cache
def _nobodys() -> str:
    return str(_HASHER.hash(secrets.token_hex()))


def new_secret() -> str:
    """256 bits that nobody can guess, for an address or a cookie."""
    return secrets.token_urlsafe(32)


def secret_sha256(secret: str) -> str:
    """A secret as it is kept: what has 256 bits of chance needs no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
