"""Passwords: kept as argon2id (RFC 9106), compared in the same time whether or not there is such a person."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from scanner.errors import UsageError

_hasher = PasswordHasher()  # the library's defaults: RFC 9106, low-memory profile


def kept(password: str, letters: int) -> str:
    """The password as it is kept; UsageError if it is shorter than `letters`."""
    if len(password) < letters:
        raise UsageError(f"The password is too short: at least {letters} letters.")
    return _hasher.hash(password)


def fits(password: str, hashed: str | None) -> bool:
    """True if this is the password. None for nobody's: takes as long, and is never right."""
    try:
        return _hasher.verify(hashed or _nobodys(), password) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")
