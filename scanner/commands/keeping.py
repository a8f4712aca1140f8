"""Who may count in a store, and how long it keeps its images."""

from datetime import datetime
from pathlib import Path

from scanner.audit.seal import sign
from scanner.commands.record import key_password, make_checkpoint
from scanner.commands.shell import note
from scanner.errors import ExitCode, InputError, UsageError
from scanner.store.grants import grant_at
from scanner.store.opening import open_store


def grant_to(url: str, role: str) -> int:
    """Let a role of the server count in the store."""
    grant_at(url, role)
    note(f"{role} may look and add, and can neither change nor remove anything.")
    return ExitCode.DONE


def erase_images(
    url: str,
    people: tuple[str, ...],
    reason: str,
    key: Path,
    out: Path,
    *,
    boxes: tuple[str, ...],
    ballots: tuple[str, ...],
    every: bool,
) -> int:
    """Erase images of some boxes and ballots or of all, and sign where the chain ends then."""
    if every is bool(boxes or ballots):
        raise UsageError("Say which images go: --box or --ballot for some, or --all.")
    if not out.parent.is_dir():
        raise InputError(f"{out} cannot be written: there is no folder {out.parent}.")
    password = key_password()
    sign(b"", key, password, "a trial")  # nothing is erased that cannot be signed
    today = f"{datetime.now().astimezone():%Y-%m-%d}"
    with open_store(url, create=False) as store:
        count = store.retention.erase(people, reason, today, boxes, ballots)
    note(f"{count} images erased. Copies made earlier, as backups, are not touched: erase them too.")
    return make_checkpoint(url, key, out, password)
