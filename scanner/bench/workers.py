"""Many jobs on all cores, in order, with a process that dies named and not waited for.

As in `engine`: when a process dies, the jobs that waited are tried again alone, and the one that kills
its process once more is given back without an answer.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TypeVar

from scanner.engine import processes

AHEAD = 4  # jobs waiting for each worker: enough to keep it busy, few enough to bound memory

Given = TypeVar("Given")
Job = TypeVar("Job")
Answer = TypeVar("Answer")


def each(
    jobs: Iterable[Job],
    do: Callable[[Job], Answer],
    opening: Callable[[Given], None],
    given: Given,
    workers: int,
) -> Iterator[tuple[Job, Answer | None]]:
    """Every job with its answer, in order; None for a job that kills the process that does it.

    `opening(given)` runs once in each process; `do` and `opening` are functions of a module. What a job
    raises is raised here.
    """
    left, waiting = iter(jobs), deque[tuple[Job, Future[Answer]]]()
    pool = processes(workers, opening, given)
    try:
        while True:
            waiting += [(job, _sent(pool, do, job)) for job in islice(left, AHEAD * workers - len(waiting))]
            if not waiting:
                return
            job, answer = waiting[0]
            try:
                done = answer.result()
            except BrokenProcessPool:
                pool.shutdown(cancel_futures=True)
                again = [one for one, _ in waiting]
                waiting.clear()
                yield from _alone(again, do, opening, given)
                pool = processes(workers, opening, given)
            else:
                waiting.popleft()
                yield job, done
    finally:
        pool.shutdown(cancel_futures=True)


def _sent(pool: ProcessPoolExecutor, do: Callable[[Job], Answer], job: Job) -> Future[Answer]:
    """The answer to come; a pool that broke while nobody looked says so there."""
    try:
        return pool.submit(do, job)
    except BrokenProcessPool as broken:
        refused: Future[Answer] = Future()
        refused.set_exception(broken)
        return refused


def _alone(
    jobs: Iterable[Job], do: Callable[[Job], Answer], opening: Callable[[Given], None], given: Given
) -> Iterator[tuple[Job, Answer | None]]:
    """One job at a time in one process, so that only the guilty one is without an answer."""
    pool = processes(1, opening, given)
    try:
        for job in jobs:
            try:
                done: Answer | None = pool.submit(do, job).result()
            except BrokenProcessPool:
                done = None
                pool.shutdown()
                pool = processes(1, opening, given)
            yield job, done
    finally:
        pool.shutdown(cancel_futures=True)
