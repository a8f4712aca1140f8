"""The county engine beside the local one: the same sheets, the same server, one run.

A reader that looks at nothing tells what fetching, queueing and keeping a sheet costs.
"""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count, cycle, islice
from time import perf_counter, sleep

import msgspec

from scanner.ballot import (
    Box,
    Category,
    Identity,
    PageImage,
    Proposal,
    Reading,
    Reason,
    Sheet,
    Verdict,
)
from scanner.county.cost import queue_seconds
from scanner.county.worker import Reader, Work, work
from scanner.election import VoteCategory
from scanner.election_package import read_election
from scanner.engine import ProcessEngine, read_here
from scanner.errors import StoreError, UsageError
from scanner.pipeline import Outcome
from scanner.recording import read_unread
from scanner.simulate.deck import deck
from scanner.simulate.elections import shipped_election
from scanner.store.opening import open_store
from scanner.store.store import Store

SEED, DIFFERENT = 1, 24  # ballots that are drawn; they are fed again and again
WARM = 0.2  # of the sheets, before the clock starts: processes start, forms and models open
_LOOK_S, _STUCK_S = 0.1, 300.0  # seldom: who looks takes time from those who work
_run = count(1)


class EngineSpeed(msgspec.Struct, frozen=True):
    """A line of `valgskanner bench engine --json`."""

    engine: str  # local, county, or queue: jobs that do nothing
    reader: str  # real, or none: looks at nothing
    workers: int
    sheets: int
    sheets_per_s: float
    ms_per_sheet: float


def measure_engines(url: str, sheets: int, workers: tuple[int, ...]) -> Iterator[EngineSpeed]:
    """Every engine with each number of workers. UsageError unless the store at `url` is new."""
    with open_store(url) as store:
        if store.record.head().number:
            raise UsageError("The store for the bench is not empty: name a new database.")
        _fed(store, sheets)
        yield _speed("queue", "none", 1, sheets, queue_seconds(url, sheets))
        for name, reader in (("none", nothing), ("real", read_here)):
            events = 0
            for many in workers:
                seconds, events = _local(store, many, reader, sheets)
                yield _speed("local", name, many, round(sheets * (1 - WARM)), seconds)
                done, seconds = _county(store, url, many, reader, events)
                yield _speed("county", name, many, round(done * sheets), seconds)


def nothing(job: tuple[Sheet, VoteCategory]) -> Outcome:
    """Looks at no image: a doubtful sheet."""
    sheet, _ = job
    nobody = Identity(None, None, None, None, None, agree=False)
    verdict = Verdict(
        Category.TVILSOM, None, (), (Reason.UNKNOWN_BALLOT,), Proposal(Category.TVILSOM), confidence=0.0
    )
    return Outcome(sheet.id, Reading(sheet.id, nobody, (), None, ()), verdict)


def _speed(engine: str, reader: str, workers: int, sheets: int, seconds: float) -> EngineSpeed:
    return EngineSpeed(
        engine=engine,
        reader=reader,
        workers=workers,
        sheets=sheets,
        sheets_per_s=round(sheets / seconds, 1),
        ms_per_sheet=round(1000 * seconds / sheets, 2),
    )


def _fed(store: Store, sheets: int) -> None:
    election = read_election(shipped_election("kommunestyre"))
    store.bind(election, test=True)
    box = Box("bench", election.categories[0].code, election.kretser[0].code)
    store.add_box(box)
    drawn = list(deck(election, min(sheets, DIFFERENT), SEED))
    for number, one in enumerate(islice(cycle(drawn), sheets), 1):
        images = (PageImage("F.jpg", one.front, one.dpi), PageImage("B.jpg", one.back, one.dpi))
        store.add_sheet(Sheet(box.id, number, images))


def _local(store: Store, workers: int, reader: Reader, sheets: int) -> tuple[float, int]:
    """Seconds for the sheets after the first ones, and how many events the record grew by."""
    before, start = store.record.head().number, 0.0
    engine = ProcessEngine(store.election(), workers, reader)
    for number, _ in enumerate(read_unread(store, engine, f"bench-{next(_run)}"), 1):
        if number == round(sheets * WARM):
            start = perf_counter()
    return perf_counter() - start, store.record.head().number - before


def _county(store: Store, url: str, workers: int, reader: Reader, events: int) -> tuple[float, float]:
    """Which part of the sheets was read after the first ones, and in how many seconds."""
    before = store.record.head().number

    def grown() -> int:
        return store.record.head().number - before

    with _at_work(Work(url, f"bench-{next(_run)}", reader=reader), workers) as alive:
        _until(lambda: grown() >= events * WARM, alive)
        warm, start = grown(), perf_counter()
        _until(lambda: grown() >= events, alive)
        seconds = perf_counter() - start
    return (events - warm) / events, seconds


@contextmanager
def _at_work(asked: Work, workers: int) -> Iterator[Callable[[], bool]]:
    """So many workers, each a process as on a machine of its own; whether all live still."""
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=work, args=(asked, str)) for _ in range(workers)]
    for one in processes:
        one.start()
    try:
        yield lambda: all(one.is_alive() for one in processes)
    finally:
        for one in processes:
            one.terminate()
        for one in processes:
            one.join()


def _until(true: Callable[[], bool], alive: Callable[[], bool]) -> None:
    end = perf_counter() + _STUCK_S
    while not true():
        if not alive() or perf_counter() > end:
            raise StoreError("A worker of the bench died, or nothing was read for five minutes.")
        sleep(_LOOK_S)
