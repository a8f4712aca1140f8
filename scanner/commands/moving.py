"""Backup and restore: a copy of one moment, that is itself a store, and is verified before it is trusted."""

from pathlib import Path

from scanner.commands.shell import answers, note
from scanner.errors import ExitCode, StoreError
from scanner.store.opening import open_store
from scanner.store.verification import first

NAME = "count.db"
MOST = 20  # flaws told


def back_up(url: str, out: Path) -> int:
    """Copy the store into the folder `out`, where the copy before it stays until the new one is whole."""
    out.mkdir(parents=True, exist_ok=True)
    part, images = out / f"{NAME}.part", out / f"{NAME}.images"
    _remove(part)
    with open_store(url, create=False) as store:
        try:
            with open_store(f"sqlite:{part}", images) as copy:
                count = store.copy_into(copy)
                head = copy.record.head()
                copy.record.file()  # all of it in one file
        except StoreError:
            _remove(part)
            raise
    for ending in ("-wal", "-shm"):
        part.with_name(part.name + ending).unlink(missing_ok=True)
    part.replace(out / NAME)
    note(f"Wrote {out / NAME}: {head.number} events up to {head.hash}, {count} images.")
    return ExitCode.DONE


def restore(folder: Path, url: str) -> int:
    """Make a store from a backup; exit code 8 if the backup, or what became of it, does not hold."""
    with open_store(f"sqlite:{folder / NAME}", folder / f"{NAME}.images", create=False) as backup:
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


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
