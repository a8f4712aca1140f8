"""The county engine as commands: a worker that reads, and a count that waits for its workers."""

import os

from scanner.commands.counting import told_after_reading
from scanner.commands.shell import note, progress, say
from scanner.config import version
from scanner.county.waiting import wait_for_readings
from scanner.county.worker import Work, work
from scanner.errors import ExitCode, UsageError
from scanner.lines import verdict_line
from scanner.store.opening import open_store
from scanner.store.store import Store


def run_worker(url: str, processes: int | None, *, again: bool, once: bool) -> int:
    """Read until told to stop. UsageError if other eyes have read the store, unless `again`."""
    eyes = version()
    with open_store(url, create=False) as store:
        known = store.versions()
    if known and known[-1] != eyes and not again:
        raise UsageError(
            f"Other eyes ({known[-1]}) read this store, not these ({eyes}): install that version here, "
            "or give --again for a recount."
        )
    count = processes or os.cpu_count() or 1
    note(f"Reading with eyes {eyes} in {count} processes; Ctrl-C ends what is begun and stops.")
    kept = work(Work(url, eyes, count, once=once), note)
    note(f"{kept} sheets read here.")
    return ExitCode.DONE


def read_by_workers(url: str, *, json: bool) -> int:
    """Queue what is unread and wait until workers have read it; exit code 3 if doubtful ballots remain."""
    eyes = version()
    with open_store(url, create=False) as store:
        store.election()
        unread = sum(1 for _ in store.unread(eyes))
        for name in progress(wait_for_readings(store, url, eyes, note), "reading", unread):
            if json:
                _say(store, name)
        return told_after_reading(store)


def _say(store: Store, name: str) -> None:
    reading, verdict = store.reading_of(name), store.verdict_of(name)
    if reading and verdict:
        say(verdict_line(store.sheet(name), reading, verdict))
