"""The record of a count: opened and closed by two people, signed, and verified by anybody."""

import os
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from getpass import getpass
from pathlib import Path

import msgspec

from scanner.audit.chain import Flaw
from scanner.audit.checkpoint import Checkpoint, FileMark, checkpoint_bytes, read_checkpoint
from scanner.audit.events import Act
from scanner.audit.seal import check, new_key, sign
from scanner.commands.evidence import decision_flaws, protocol_flaws, reading_flaws
from scanner.commands.shell import answers, note, progress, say
from scanner.election_package import read_election
from scanner.errors import AuditError, ExitCode, InputError, StoreError, UsageError
from scanner.store.codec import fingerprint
from scanner.store.opening import open_store
from scanner.store.store import Store
from scanner.store.verification import first

PASSWORD = "VALGSKANNER_PASSWORD"  # noqa: S105 - the name of a variable
MOST = 200  # flaws told; a store with more is not mended by reading on


class State(msgspec.Struct, frozen=True):
    """How a count stands."""

    state: str
    test: bool
    events: int
    head: str
    boxes: int
    sheets: int


def open_count(url: str, people: tuple[str, ...], folder: Path | None, *, test: bool, json: bool) -> int:
    """Open a count, made and bound to the package in `folder` if that is given; prints how it stands then."""
    if folder is None and test:
        raise UsageError("Whether a count is a trial is said with --election, when its store is made.")
    if folder is not None:
        election = read_election(folder)
        with open_store(url) as store:
            store.bind(election, test=test)
    return change_state(url, Act.COUNT_OPENED, people, "", json=json)


def change_state(url: str, act: Act, people: tuple[str, ...], reason: str, *, json: bool) -> int:
    """Open, close or reopen a count; prints how it stands then."""
    with open_store(url, create=False) as store:
        match act:
            case Act.COUNT_OPENED:
                store.record.open_count(people)
            case Act.COUNT_CLOSED:
                store.record.close_count(people, reason)
            case Act.COUNT_REOPENED:
                store.record.reopen_count(people, reason)
            case _:
                raise UsageError(f"{act} is no state of a count.")
    return show_state(url, json=json)


def show_state(url: str, *, json: bool) -> int:
    """Print whether the count is open, and where its chain ends."""
    with open_store(url, create=False) as store:
        state, head = store.record.state(), store.record.head()
        shown = State(
            state=state.value if state else "not opened",
            test=store.is_test(),
            events=head.number,
            head=head.hash,
            boxes=len(store.boxes()),
            sheets=store.progress().fed,
        )
    if json:
        say(shown)
    else:
        kind = "Test count" if shown.test else "Count"
        held = f"{shown.boxes} boxes, {shown.sheets} sheets, {shown.events} events"
        answers.print(f"{kind}: {shown.state}. {held}. Head {shown.head}", markup=False)
    return ExitCode.DONE


def make_key(secret: Path, public: Path) -> int:
    """Make the key that signs checkpoints; asks for a password."""
    new_key(secret, public, key_password(confirm=True))
    note(f"Wrote {secret}: keep it away from the machine that counts.")
    note(f"Wrote {public}: publish it before the count.")
    return ExitCode.DONE


def key_password(*, confirm: bool = False) -> str:
    """The password of the key, from the environment or asked for."""
    if PASSWORD in os.environ:
        return os.environ[PASSWORD]
    given = getpass("Password of the key: ")
    if confirm and getpass("The same again: ") != given:
        raise UsageError("The two passwords differ.")
    return given


def make_checkpoint(url: str, key: Path, out: Path, password: str | None = None) -> int:
    """Sign where the chain ends; the file and its `.minisig` leave the machine."""
    with open_store(url, create=False) as store:
        one = checkpoint_of(store)
    content = checkpoint_bytes(one)
    seal = sign(content, key, key_password() if password is None else password, one.words)
    out.write_bytes(content)
    _seal_of(out).write_bytes(seal.text)
    note(f"Wrote {out} and {_seal_of(out)}: {one.words}")
    return ExitCode.DONE


def checkpoint_of(store: Store) -> Checkpoint:
    """The state of the count now."""
    election, file, head = store.election(), store.record.file(), store.record.head()
    database = FileMark(*file) if file else None
    return Checkpoint(
        election=election.name,
        fingerprint=fingerprint(election),
        test=store.is_test(),
        number=head.number,
        hash=head.hash,
        database=database,
    )


def _seal_of(path: Path) -> Path:
    return path.with_name(path.name + ".minisig")


def verify_store(
    url: str,
    *,
    checkpoint: Path | None,
    public: Path | None,
    protocol: Path | None,
    readings: int,
    workers: int | None,
    json: bool,
) -> int:
    """Recompute everything a store says; exit code 8 if anything does not hold, and what and where."""
    if (checkpoint is None) != (public is None):
        raise UsageError("A checkpoint is checked with the public key: give --checkpoint and --public.")
    with open_store(url, create=False) as store:
        signed = _signed(checkpoint, public) if checkpoint and public else None
        flaws = first(_flaws(store, signed, protocol, readings, workers), MOST)
        events = 0
        with suppress(StoreError) if flaws else nullcontext():
            events = store.record.head().number
        with suppress(StoreError):  # damaged: named among the flaws
            for gone in store.retention.erasures():
                note(f"{gone.images} images of {', '.join(gone.boxes) or 'all boxes'} were {gone.words}")
    for one in flaws:
        if json:
            say(Told(one.where, one.what))
        else:
            answers.print(f"{one.where}: {one.what}", markup=False)
    note(f"{events} events looked at: {f'{len(flaws)} flaws' if flaws else 'everything holds'}.")
    return ExitCode.AUDIT if flaws else ExitCode.DONE


class Told(msgspec.Struct, frozen=True):
    """A flaw as it is printed."""

    where: str
    what: str


def _signed(path: Path, public: Path) -> Checkpoint:
    try:
        content, seal = path.read_bytes(), _seal_of(path).read_bytes()
    except OSError as error:
        raise InputError(f"{error.filename} cannot be read: {error.strerror}.") from error
    words, one = check(content, seal, public), read_checkpoint(content, path.name)
    if words != one.words:
        raise AuditError(f"The signature of {path.name} was made for something else: {words}")
    return one


def _flaws(
    store: Store, signed: Checkpoint | None, protocol: Path | None, readings: int, workers: int | None
) -> Iterator[Flaw]:
    """All that does not hold: signature and file first, for later looks might change the file."""
    if signed is not None:
        yield from _against(store, signed)
    yield from store_flaws(store)
    if readings:
        yield from progress(reading_flaws(store, readings, workers), "reading again")
    if protocol is not None:
        yield from protocol_flaws(store, protocol)


def store_flaws(store: Store) -> Iterator[Flaw]:
    """All that does not hold in the store itself: chain, rows, images, and what was decided."""
    yield from progress(store.verification().flaws(), "verifying")
    yield from decision_flaws(store)


def _against(store: Store, signed: Checkpoint) -> Iterator[Flaw]:
    """The store against a checkpoint that was signed earlier."""
    head, where = store.record.head(), f"the checkpoint at event {signed.number}"
    if fingerprint(store.election()) != signed.fingerprint or store.is_test() is not signed.test:
        yield Flaw(where, f"was signed for another count ({signed.election})")
    kept = next((one.hash for one in store.record.chain() if one.number == signed.number), None)
    if signed.number and kept != signed.hash:
        words = "the store ends before it" if kept is None else "the store has another event there"
        yield Flaw(where, f"does not hold: {words}")
    if signed.database is not None and head == signed.head:
        file = store.record.file()
        if file is not None and file[1] != signed.database.sha256:
            yield Flaw(where, f"the file {file[0]} is not the one that was signed, though nothing was added")


def export_chain(url: str) -> int:
    """Print the chain, one event a line, as it is hashed: sha256 of each line stands in the next."""
    with open_store(url, create=False) as store:
        for one in store.record.chain():
            print(one.text)  # noqa: T201 - the very bytes that were hashed
    return ExitCode.DONE
