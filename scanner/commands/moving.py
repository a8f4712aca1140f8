"""Backup and restore: a copy of one moment, that is itself a store, and is verified before it is trusted."""

from pathlib import Path

from scanner.commands.shell import answers, note
from scanner.errors import ExitCode
from scanner.store.backup import NAME, backup_in, kept_in
from scanner.store.opening import open_at, open_store
from scanner.store.upgrading import upgrade
from scanner.store.verification import first

MOST = 20  # flaws told


def back_up(url: str, out: Path) -> int:
    """Copy the store into the folder `out`, where the copy before it stays until the new one is whole."""
    with open_store(url, create=False) as store, backup_in(out) as place, open_at(place) as copy:
        count = store.copy_into(copy)
        head = copy.record.head()
    note(f"Wrote {out / NAME}: {head.number} events up to {head.hash}, {count} images.")
    return ExitCode.DONE


def restore(folder: Path, url: str) -> int:
    """Make a store from a backup; exit code 8 if the backup, or what became of it, does not hold."""
    with open_at(kept_in(folder), create=False) as backup:
        flaws = first(backup.verification().flaws(), MOST)
        if not flaws:
            with open_store(url) as store:
                count = backup.copy_into(store)
                flaws = first(store.verification().flaws(), MOST)
    for one in flaws:
        answers.print(f"{one.where}: {one.what}", markup=False)
    if flaws:
        note("The backup does not hold, and what is named above is wrong with it: take an older one.")
        return ExitCode.AUDIT
    note(f"Restored {count} images and all that is said of them; everything holds.")
    return ExitCode.DONE


def upgrade_store(url: str, backup: Path, people: tuple[str, ...]) -> int:
    """Take an older store to this version; exit code 8 if it, or its backup, does not hold."""
    done = upgrade(url, backup, people)
    note(f"Wrote {backup / NAME}: schema {done.since}, {done.before.number} events, {done.images} images.")
    note(f"Upgraded to schema {done.to}; everything holds.")
    return ExitCode.DONE
