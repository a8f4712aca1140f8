"""Signatures that Debian's `minisign -V` accepts: Ed25519, made with a key that only people hold.

The key lies in minisign's own file format, locked with a password, away from the machine that counts;
the public half is printed and published before the count.
"""

from dataclasses import dataclass
from pathlib import Path

import minisign

from scanner.errors import AuditError, InputError


@dataclass(frozen=True, slots=True)
class Seal:
    """A signature (the content of a `.minisig` file) and the words that it covers besides the file."""

    text: bytes
    words: str


def new_key(secret: Path, public: Path, password: str) -> None:
    """Make a pair of keys; neither file may be there yet. InputError if one is or cannot be written."""
    pair = minisign.KeyPair.generate()
    if password:
        pair.secret_key.encrypt(password)
    for path, content, mode in (
        (secret, bytes(pair.secret_key), 0o600),
        (public, bytes(pair.public_key), 0o644),
    ):
        try:
            path.touch(mode, exist_ok=False)
            path.write_bytes(content)
        except OSError as error:
            raise InputError(f"The key {path} cannot be written: {error.strerror}.") from error


def sign(content: bytes, key: Path, password: str, words: str) -> Seal:
    """Sign `content` together with `words` (one line). InputError for a key that cannot be used."""
    try:
        secret = minisign.SecretKey.from_file(key)
        if secret.is_encrypted():
            secret.decrypt(password)
        made = secret.sign(content, trusted_comment=_plain(words), prehash=True)
        secret.wipe()
    except (minisign.Error, OSError, ValueError) as error:
        raise InputError(f"The key {key} cannot be used: wrong password, or no minisign key.") from error
    return Seal(bytes(made), words)


def check(content: bytes, seal: bytes, public: Path) -> str:
    """The words that were signed with `content`. AuditError if this key did not sign both."""
    try:
        found = minisign.Signature.from_bytes(seal)
        minisign.PublicKey.from_file(public).verify(content, found)
    except (minisign.Error, OSError, ValueError) as error:
        raise AuditError(f"The signature does not hold under the key {public}: {error}.") from error
    return str(found.trusted_comment).encode("ascii", "backslashreplace").decode("unicode_escape", "replace")


def _plain(words: str) -> str:
    r"""Words as minisign takes them, ASCII alone: æ becomes \xe6, and `check` gives back what was meant."""
    return words.replace("\\", "\\\\").encode("ascii", "backslashreplace").decode()
