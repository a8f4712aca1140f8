"""A reading worker: takes jobs off the queue, reads their sheets, keeps what the eyes made of them.

It may come late, be told to stop (then it ends what it has begun), lose the server for a while or die:
its sheets are read by others, and each is kept once.
"""

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue

from procrastinate import JobContext, RetryStrategy
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from procrastinate.worker import Worker

from scanner.ballot import Sheet
from scanner.county.limits import limits
from scanner.county.queue import READ, Queue, as_store_error
from scanner.county.rounds import Rounds
from scanner.election import VoteCategory
from scanner.engine import Readers, read_here
from scanner.errors import ModelError, StoreError, ValgskannerError
from scanner.pipeline import Outcome
from scanner.recording import Categories, keep
from scanner.store.opening import open_store
from scanner.store.store import Store

Reader = Callable[[tuple[Sheet, VoteCategory]], Outcome]
Note = Callable[[str], object]
_TALKATIVE = "procrastinate", "psycopg.pool", "asyncio"  # print a traceback for every lost connection
_NEVER_PRUNED_S = 7 * 86400.0  # whoever fell silent is judged by the rounds, which must see it


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker does: with which eyes, in how many processes; `reader` is a function of a module."""

    url: str
    eyes: str
    processes: int = 1
    reader: Reader = read_here
    once: bool = False  # end when nothing is left to read


def work(asked: Work, note: Note) -> int:
    """Read until told to stop (SIGTERM, SIGINT), or until all is read if `once`; how many sheets were kept.

    Raises StoreError for a store that is no server's, has images that cannot be fetched from here, or
    cannot be reached at the start; ModelError if the models cannot be opened.
    """
    for name in _TALKATIVE:
        logging.getLogger(name).addHandler(logging.NullHandler())
    with open_store(asked.url, create=False) as store:
        for first in store.sheets():
            store.sheet(first.id)  # the images must be within reach before any job is taken
            break
        desk = Desk(store, asked)
        try:
            return asyncio.run(_Worker(asked, store, desk, note).run())
        finally:
            desk.close()


class Desk:
    """Reading processes that each take a pile of sheets at a time; used from several threads."""

    def __init__(self, store: Store, asked: Work) -> None:
        self._store, self._eyes = store, asked.eyes
        election = store.election()
        self._categories = Categories(store, election)
        self._readers = [Readers(election, 1, asked.reader) for _ in range(asked.processes)]
        self._free: SimpleQueue[Readers] = SimpleQueue()
        for one in self._readers:
            self._free.put(one)

    def read(self, names: list[str]) -> int:
        """Read these sheets and keep what they are, all in one transaction; how many were new."""
        sheets = [self._store.sheet(one) for one in names]
        readers = self._free.get()
        try:
            outcomes = list(readers.read((one, self._categories.of(one.box)) for one in sheets))
        finally:
            self._free.put(readers)
        with self._store.transaction():
            return sum(keep(self._store, one, self._eyes) for one in outcomes)

    def close(self) -> None:
        """Let the processes go."""
        for one in self._readers:
            one.close()


class _Worker:
    """One worker for as long as it lives, through every loss of the server."""

    def __init__(self, asked: Work, store: Store, desk: Desk, note: Note) -> None:
        self._asked, self._desk, self._note = asked, desk, note
        self._queue = Queue(asked.url, asked.eyes)
        self._rounds = Rounds(self._queue, store, asked.eyes)
        self._stop, self._kept = asyncio.Event(), 0
        self._running: set[int] = set()
        self._left: set[int] = set()  # own jobs that nothing here runs, seen once
        self._ids: set[int | None] = set()  # this worker's numbers: it gets a new one after each loss
        self._broken: ModelError | None = None
        self._worker: Worker | None = None
        bound = limits()
        retry = RetryStrategy(max_attempts=bound.attempts, wait=max(1, round(bound.look_s)))
        task = self._queue.app.task(name=READ, queue=self._queue.name, retry=retry, pass_context=True)
        task(self._read)

    async def run(self) -> int:
        """Until told to stop; how many sheets were kept."""
        loop = asyncio.get_running_loop()
        for one in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError, ValueError, RuntimeError):  # Windows; not the main thread
                loop.add_signal_handler(one, self._end)
        try:
            with as_store_error():
                async with self._queue.app.open_async():
                    await self._live()
        finally:
            self._queue.room.close()
        if self._broken is not None:
            raise self._broken
        return self._kept

    def _end(self) -> None:
        """Begin no more jobs."""
        self._stop.set()
        if self._worker is not None:
            self._worker.stop()  # type: ignore[no-untyped-call] # procrastinate's

    async def _live(self) -> None:
        rounds = asyncio.create_task(self._go_round())
        away = limits().away_s
        while not self._stop.is_set():
            self._worker = worker = self._new_worker()
            try:
                await worker.run()  # type: ignore[no-untyped-call] # same
                away = limits().away_s
            except (ConnectorException, StoreError, OSError) as error:
                self._note(f"The server is away, and is tried again: {str(error).splitlines()[0]}")
                away = min(2 * away, limits().silence_s / 4)  # back before it is taken for dead
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), 0 if self._stop.is_set() else away)
        rounds.cancel()
        await asyncio.gather(rounds, return_exceptions=True)

    def _new_worker(self) -> Worker:
        bound = limits()
        return Worker(
            app=self._queue.app,
            queues=[self._queue.name],
            name=None,
            concurrency=self._asked.processes,
            install_signal_handlers=False,
            delete_jobs="successful",
            fetch_job_polling_interval=bound.look_s,
            update_heartbeat_interval=bound.heartbeat_s,
            stalled_worker_timeout=_NEVER_PRUNED_S,
        )

    async def _read(self, context: JobContext, sheets: list[str], alone: bool) -> None:  # noqa: FBT001 as in the job
        """What the task does. A sheet that cannot be read takes no others with it."""
        number = context.job.id or 0
        self._running.add(number)
        self._ids.add(context.job.worker_id)
        try:
            kept = await asyncio.to_thread(self._desk.read, sheets)
            self._kept += kept  # not in one: others add to it meanwhile
        except ModelError as error:  # this machine is broken, not the sheets
            self._broken = error
            await self._queue.put([tuple(sheets)], alone=alone)
            self._end()
        except ValgskannerError as error:
            if len(sheets) == 1:
                self._note(f"Sheet {sheets[0]}: {error}")
                raise
            await self._queue.put((one,) for one in sheets)
        finally:
            self._running.discard(number)

    async def _go_round(self) -> None:
        """Look after the queue as long as the worker lives."""
        while True:
            rest = limits().look_s
            with suppress(ConnectorException, StoreError, OSError):
                await self._hand_back()
                rest = await self._rounds.make()
                if self._asked.once and not self._running and not await self._queue.jobs():
                    self._end()
            await asyncio.sleep(rest)

    async def _hand_back(self) -> None:
        """Own jobs that nothing here runs: what took or ended them was lost with the server.

        A job of the worker's present number counts when it is seen twice in a row: it may just be ending.
        """
        now = self._worker.worker_id if self._worker else None
        held = [one for one in await self._queue.jobs(Status.DOING) if one.id not in self._running]
        mine = [one for one in held if one.worker_id is not None and one.worker_id in {now, *self._ids}]
        lost = [one for one in mine if one.worker_id != now or one.id in self._left]
        self._left = {one.id or 0 for one in mine}
        await self._rounds.take_over(one.evolve(worker_id=None) for one in lost)
