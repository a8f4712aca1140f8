"""The pipeline over many sheets: one process, or several with the models loaded once in each.

Parallel by sheet, single-threaded inside it. A sheet on which a reading
process dies is tried once more alone, as are those that waited with it; if that dies too the sheet
is tvilsom, reason `reader_crashed`, and the count goes on.
"""

import multiprocessing
import os
import re
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TypeVar

import cv2

from scanner.ballot import Sheet
from scanner.classify.pictures import Colour
from scanner.election import Election, VoteCategory
from scanner.errors import ModelError, ValgskannerError
from scanner.opening import Atlas, open_atlas
from scanner.pipeline import Outcome, crashed, read

AHEAD = 4  # sheets waiting for each worker: enough to keep it busy, few enough to bound memory
_BEHIND = 5  # steps of nice(2) behind the rest: about a third of a busy core's time against one that is not

Given = TypeVar("Given")
Job = tuple[Sheet, VoteCategory]
Waiting = tuple[Job, Future[Outcome]]


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


_atlas: Election | Atlas | ValgskannerError = ModelError("not opened")  # of this process


def _open(election: Election) -> None:
    """Remember whose forms and models this process opens, once, for its first sheet."""
    global _atlas  # noqa: PLW0603 - a process pool has no other place for what its workers open once
    _atlas = election


def _opened() -> Atlas:
    """Forms and models. What stops them from opening is raised for every sheet: no ballot is to blame."""
    global _atlas  # noqa: PLW0603 - same
    if isinstance(_atlas, Election):
        try:
            _atlas = open_atlas(_atlas)
        except ValgskannerError as error:
            _atlas = error
    if isinstance(_atlas, ValgskannerError):
        raise _atlas
    return _atlas


def read_here(job: Job) -> Outcome:
    """What a reading process does with a job, once `_open` has run in it."""
    sheet, category = job
    return read(sheet, _opened(), category)


def shown_here(folder: Path, job: Job) -> Outcome:
    """The same, leaving a picture of each stage in `folder`: `<sheet>-<stage>.png`."""
    sheet, category = job
    stem = re.sub(r"[^\w.-]", "_", sheet.name or f"{sheet.box}-{sheet.number:04d}")[:80]

    def show(stage: str, picture: Colour) -> None:
        _, png = cv2.imencode(".png", picture, (cv2.IMWRITE_PNG_COMPRESSION, 3))
        (folder / f"{stem}-{stage}.png").write_bytes(png.tobytes())

    return read(sheet, _opened(), category, show)


class ProcessEngine:
    """Several reading processes; each opens the election's forms and the models once.

    `reader` is what a process does with a job: a function of a module, so that it can be sent there.
    """

    def __init__(
        self, election: Election, workers: int, reader: Callable[[Job], Outcome] = read_here
    ) -> None:
        self._election, self._workers, self._reader = election, workers, reader

    def read(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Each sheet with its vote category, read once, in the order given."""
        with Readers(self._election, self._workers, self._reader) as readers:
            yield from readers.read(jobs)


class Readers:
    """Reading processes that stay, from one pile of sheets to the next, until they are let go."""

    def __init__(
        self, election: Election, workers: int, reader: Callable[[Job], Outcome] = read_here
    ) -> None:
        self._election, self._workers, self._reader = election, workers, reader
        self._pool = self._processes(workers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the processes go, and wait: an interpreter that ends meanwhile prints a traceback."""
        self._pool.shutdown(cancel_futures=True)

    def read(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Each sheet with its vote category, read once, in the order given."""
        waiting, queue = iter(jobs), deque[Waiting]()
        while True:
            room = AHEAD * self._workers - len(queue)
            queue += [(job, self._sent(self._pool, job)) for job in islice(waiting, room)]
            if not queue:
                return
            try:
                outcome = queue[0][1].result()
            except BrokenProcessPool:
                self._pool.shutdown(cancel_futures=True)
                yield from self._one_by_one(queue)
                queue.clear()
                self._pool = self._processes(self._workers)
            else:
                queue.popleft()
                yield outcome

    def _sent(self, pool: ProcessPoolExecutor, job: Job) -> Future[Outcome]:
        """The answer to come; a pool that broke while nobody looked takes no job, and says so there."""
        try:
            return pool.submit(self._reader, job)
        except BrokenProcessPool as broken:
            refused: Future[Outcome] = Future()
            refused.set_exception(broken)
            return refused

    def _one_by_one(self, queue: Iterable[Waiting]) -> Iterator[Outcome]:
        """The sheets that waited when a process died, in one process and one at a time.

        So only the guilty sheet is called crashed. What was read before stays read.
        """
        pool = self._processes(1)
        try:
            for job, was in queue:
                try:
                    outcome = (was if _stands(was) else self._sent(pool, job)).result()
                except BrokenProcessPool:
                    outcome = crashed(job[0], self._election, job[1])
                    pool.shutdown()
                    pool = self._processes(1)
                yield outcome
        finally:
            pool.shutdown(cancel_futures=True)

    def _processes(self, count: int) -> ProcessPoolExecutor:
        return processes(count, _open, self._election)


def _stands(answer: Future[Outcome]) -> bool:
    """True if the sheet was read before its process pool broke."""
    return answer.done() and not answer.cancelled() and answer.exception() is None


def engine(election: Election, workers: int | None = None, pictures: Path | None = None) -> Engine:
    """The engine for this machine: as many processes as cores unless told otherwise.

    With `pictures`, a folder that exists, each sheet leaves its pictures there.
    """
    count = workers or os.cpu_count() or 1
    if pictures is not None:
        return ProcessEngine(election, count, partial(shown_here, pictures))
    return SerialEngine(election) if count == 1 else ProcessEngine(election, count)


def processes(count: int, opening: Callable[[Given], None], given: Given) -> ProcessPoolExecutor:
    """A pool of `count` processes, each of which runs `opening(given)` once before its first job.

    Spawned, never forked: the typesetter's and OpenCV's threads do not survive a fork.
    """
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=spawn, initializer=_begin, initargs=(opening, given))


def _begin(opening: Callable[[Given], None], given: Given) -> None:
    _live_with_parent()
    _give_way()
    opening(given)


def _give_way() -> None:
    """What drives a scanner goes first, however many read beside it: paper does not wait, a reading can."""
    if hasattr(os, "nice"):
        os.nice(_BEHIND)


def _live_with_parent() -> None:
    """Ctrl-C is the parent's to handle, and a killed parent leaves no orphan."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def leave() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=leave, daemon=True).start()
