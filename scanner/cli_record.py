"""The commands for the record: open and close a count, sign it, verify it."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from scanner.cli_tools import Json, People, Positive, StoreUrl

OneObject = Annotated[bool, Parameter(name="--json", negative="", help="Print one JSON object.")]
Several = Annotated[tuple[str, ...], Parameter(negative="")]
NotNegative = Annotated[int, Parameter(validator=Number(gte=0))]

Flag = Annotated[bool, Parameter(negative="")]
count = App(name="count", help="A count as a whole: opened, closed and reopened by two named people.")


@count.command(name="open")
def open_(
    *, store: StoreUrl, by: People, election: Path | None = None, test: Flag = False, json: OneObject = False
) -> int:
    """The zero report: two people put on record that no box is in the store yet.

    Parameters
    ----------
    election
        Directory of the election package: makes the store if it is not there, and binds it.
    test
        A trial count, with --election: marked on all that comes out of it.
    """
    from scanner.commands.record import open_count

    return open_count(store, by, election, test=test, json=json)


@count.command
def close(*, store: StoreUrl, by: People, reason: str = "", json: OneObject = False) -> int:
    """Close a count whose ballots are all decided: nothing is added from then on.

    Parameters
    ----------
    reason
        A remark for the record.
    """
    from scanner.audit.events import Act
    from scanner.commands.record import change_state

    return change_state(store, Act.COUNT_CLOSED, by, reason, json=json)


@count.command
def reopen(*, store: StoreUrl, by: People, reason: str, json: OneObject = False) -> int:
    """Reopen a closed count: two people, and why.

    Parameters
    ----------
    reason
        Why the count goes on.
    """
    from scanner.audit.events import Act
    from scanner.commands.record import change_state

    return change_state(store, Act.COUNT_REOPENED, by, reason, json=json)


@count.command
def state(*, store: StoreUrl, json: OneObject = False) -> int:
    """Tell whether a count is open, and where its chain of events ends."""
    from scanner.commands.record import show_state

    return show_state(store, json=json)


@count.command
def chain(*, store: StoreUrl) -> int:
    """Print every event, one a line, exactly as it is hashed."""
    from scanner.commands.record import export_chain

    return export_chain(store)


def key(*, secret: Path, public: Path) -> int:
    """Make the key that signs checkpoints, in the format of minisign; asks for a password.

    Parameters
    ----------
    secret
        File for the secret half: it stays with people, away from the machine that counts.
    public
        File for the public half: published before the count.
    """
    from scanner.commands.record import make_key

    return make_key(secret, public)


def checkpoint(*, store: StoreUrl, key: Path, out: Path) -> int:
    """Sign where the chain ends, so that its end cannot be cut off unseen.

    Parameters
    ----------
    key
        The secret key.
    out
        File for the checkpoint; the signature lies beside it with .minisig at the end.
    """
    from scanner.commands.record import make_checkpoint

    return make_checkpoint(store, key, out)


def verify(
    *,
    store: StoreUrl,
    checkpoint: Path | None = None,
    public: Path | None = None,
    protocol: Path | None = None,
    readings: NotNegative = 0,
    workers: Positive | None = None,
    json: Json = False,
) -> int:
    """Recompute all that a store says: chain, rows, images, decisions, readings and protocol.

    Parameters
    ----------
    checkpoint
        A signed checkpoint of this count.
    public
        The public key it was signed with.
    protocol
        The JSON of a protocol written from this store.
    readings
        How many sheets to read again from their images.
    workers
        Reading processes. Default: one for each core.
    json
        Print one JSON object a flaw.
    """
    from scanner.commands.record import verify_store

    return verify_store(
        store,
        checkpoint=checkpoint,
        public=public,
        protocol=protocol,
        readings=readings,
        workers=workers,
        json=json,
    )


def backup(*, store: StoreUrl, out: Path) -> int:
    """Copy a store, also while others count; the copy is a store of its own.

    Parameters
    ----------
    out
        Folder for the copy; the last one there stays until the new one is whole.
    """
    from scanner.commands.moving import back_up

    return back_up(store, out)


def restore(folder: Path, /, *, store: StoreUrl) -> int:
    """Make a new store from a backup, and verify both.

    Parameters
    ----------
    folder
        Folder of the backup.
    store
        URL of the new store, in either database.
    """
    from scanner.commands.moving import restore as restored

    return restored(folder, store)


def compare(
    *,
    store: StoreUrl,
    version: Several = (),
    box: Several = (),
    other: str | None = None,
    json: OneObject = False,
) -> int:
    """Compare two readings of the same ballots, ballot by ballot and list by list.

    Parameters
    ----------
    version
        Beginning of a version that read the store; give two. Default: the last two.
    box
        A box; give two that hold the same paper, fed twice in the same order. With --other: only these.
    other
        URL of another store that counted the same boxes.
    """
    from scanner.commands.compare import compare_boxes, compare_stores, compare_versions

    if other is not None:
        return compare_stores(store, other, box, json=json)
    if box:
        return compare_boxes(store, box, json=json)
    return compare_versions(store, version, json=json)


COMMANDS = (count, key, checkpoint, verify, backup, restore, compare)
