"""Verdicts, readings, opinions and decisions as text that reads back to the same value."""

from hashlib import sha256
from typing import TypeVar

import msgspec

from scanner.election import Election
from scanner.errors import StoreError

T = TypeVar("T")


def encode(value: object) -> str:
    """Canonical JSON: members in the order of their class, no spaces, UTF-8.

    Raises StoreError for a value that would not come back (a number that is not finite, a
    broken letter): better stopped while it is written than while it is counted.
    """
    try:
        text = msgspec.json.encode(value)
        if msgspec.json.decode(text, type=type(value)) != value:
            raise StoreError(
                f"A {type(value).__name__} cannot be stored: it holds a number that is not finite."
            )
    except (msgspec.MsgspecError, UnicodeEncodeError) as error:
        raise StoreError(f"A {type(value).__name__} cannot be stored: {error}.") from error
    return text.decode()


def decode(text: str, into: type[T]) -> T:
    """The value that `encode` wrote. Raises StoreError if the text is damaged."""
    try:
        return msgspec.json.decode(text, type=into)
    except msgspec.MsgspecError as error:
        raise StoreError(f"A stored {into.__name__} is damaged: {error}. Run valgskanner verify.") from error


def plain(text: str) -> str:
    """The same text, with what no database takes (NUL, half letters from file names) written out."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


def fingerprint(election: Election) -> str:
    """sha256 of everything the election package says: two packages with one fingerprint are equal."""
    return sha256(encode(election).encode()).hexdigest()
