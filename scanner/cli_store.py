"""The commands for the place a count is kept in: upgrade it, let stations count in it, erase its images."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from scanner.cli_tools import People, StoreUrl

store = App(name="store", help="The place a count is kept in.")
retention = App(name="retention", help="How long images are kept: as law and user choose.")
Boxes = Annotated[tuple[str, ...], Parameter(name="--box", negative="")]
Ballots = Annotated[tuple[str, ...], Parameter(name="--ballot", negative="")]
Flag = Annotated[bool, Parameter(negative="")]


@store.command
def upgrade(*, store: StoreUrl, backup: Path, by: People = ()) -> int:
    """Take a store of an older version to this one, after a verified backup; stop all stations first.

    Parameters
    ----------
    backup
        Folder for the backup, which the older version opens as ever.
    """
    from scanner.commands.moving import upgrade_store

    return upgrade_store(store, backup, by)


@store.command
def grant(*, store: StoreUrl, to: str) -> int:
    """Let a role of a PostgreSQL server count: it may look and add, never change or remove.

    Parameters
    ----------
    to
        The role that stations, workers and pages use; it may own nothing.
    """
    from scanner.commands.keeping import grant_to

    return grant_to(store, to)


@retention.command
def erase(
    *,
    store: StoreUrl,
    by: People,
    reason: str,
    key: Path,
    out: Path,
    box: Boxes = (),
    ballot: Ballots = (),
    all: Flag = False,  # noqa: A002 - the option is called --all
) -> int:
    """Erase images of a closed count for good, and sign what was erased; all that was counted stays.

    Parameters
    ----------
    reason
        Why: the law, or the decision.
    key
        The secret key that signs.
    out
        File for the checkpoint; the signature lies beside it with .minisig at the end.
    box
        A box whose images go; may be given several times.
    ballot
        One ballot, BOX/NUMBER, as one that its voter signed; may be given several times.
    all
        Every image of the count goes.
    """
    from scanner.commands.keeping import erase_images

    return erase_images(store, by, reason, key, out, boxes=box, ballots=ballot, every=all)


COMMANDS = (store, retention)
