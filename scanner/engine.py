"""The pipeline over many sheets: one process, or several with the models loaded once in each.

Parallel by sheet, single-threaded inside it (DESIGN § 5, rule 8). A sheet on which a reading
process dies is tried once more alone; if that dies too the sheet is tvilsom, reason
`reader_crashed`, and the count goes on.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Protocol

from scanner.ballot import Sheet
from scanner.election import Election, VoteCategory
from scanner.errors import ModelError, ValgskannerError
from scanner.pipeline import Atlas, Outcome, crashed, open_atlas, read

AHEAD = 4  # sheets waiting for each worker: enough to keep it busy, few enough to bound memory

Job = tuple[Sheet, VoteCategory]


class Engine(Protocol):
    """Reads sheets and gives their outcomes back in the order of the sheets."""

    def read(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Each sheet with its vote category, read once."""
        ...  # pragma: no cover


class SerialEngine:
    """One sheet after the other in this process."""

    def __init__(self, election: Election) -> None:
        self._atlas = open_atlas(election)

    def read(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Each sheet with its vote category, read once."""
        return (read(sheet, self._atlas, category) for sheet, category in jobs)


class ProcessEngine:
    """Several reading processes; each opens the election's forms and the models once."""

    def __init__(self, election: Election, workers: int) -> None:
        self._election, self._workers = election, workers

    def read(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Each sheet with its vote category, read once, in the order given."""
        waiting, queue = iter(jobs), list[tuple[Job, Future[Outcome]]]()
        pool = self._pool()
        try:
            while True:
                room = AHEAD * self._workers - len(queue)
                queue += [(job, pool.submit(_read, job)) for job in islice(waiting, room)]
                if not queue:
                    return
                job, answer = queue.pop(0)
                try:
                    yield answer.result()
                except BrokenProcessPool:
                    pool.shutdown(wait=False, cancel_futures=True)
                    yield self._alone(job)
                    pool = self._pool()
                    queue = [(one, pool.submit(_read, one)) for one, _ in queue]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _pool(self, workers: int = 0) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            workers or self._workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_open,
            initargs=(self._election,),
        )

    def _alone(self, job: Job) -> Outcome:
        """The sheet in a process of its own, so that only the guilty one is called crashed."""
        with self._pool(1) as pool:
            try:
                return pool.submit(_read, job).result()
            except BrokenProcessPool:
                return crashed(job[0], self._election, job[1])


def engine(election: Election, workers: int | None = None) -> Engine:
    """The engine for this machine: as many processes as cores unless told otherwise."""
    count = workers or os.cpu_count() or 1
    return SerialEngine(election) if count == 1 else ProcessEngine(election, count)


_atlas: Atlas | ValgskannerError = ModelError("not opened")  # of this process; set once when it starts


def _open(election: Election) -> None:
    """Open forms and models once. What stops that is raised by every `_read`: no ballot is to blame."""
    global _atlas  # noqa: PLW0603 - a process pool has no other place for what its workers open once
    live_with_parent()
    try:
        _atlas = open_atlas(election)
    except ValgskannerError as error:
        _atlas = error


def _read(job: Job) -> Outcome:
    if isinstance(_atlas, ValgskannerError):
        raise _atlas
    sheet, category = job
    return read(sheet, _atlas, category)


def live_with_parent() -> None:
    """For a worker process: Ctrl-C is the parent's to handle, and a killed parent leaves no orphan."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def leave() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=leave, daemon=True).start()
