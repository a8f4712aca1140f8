"""Looking after the queue: what is unread is queued, what a dead worker held is taken over.

Every worker does it, one at a time; so does `read` while it waits. Nobody is needed for it.
"""

import asyncio
from collections.abc import Iterable
from itertools import groupby, islice
from math import inf
from time import monotonic

from procrastinate.jobs import Job, Status

from scanner.county.limits import limits
from scanner.county.queue import Queue, alone, chunks, sheets_of
from scanner.pipeline import crashed
from scanner.recording import Categories, keep
from scanner.store.store import Store


class Rounds:
    """The rounds that one process makes over one count."""

    def __init__(self, queue: Queue, store: Store, eyes: str) -> None:
        self._queue, self._store, self._eyes = queue, store, eyes
        self._election = store.election()
        self._categories = Categories(store, self._election)
        self._looked_at = -1  # number of the last event when nothing was left to queue
        self._since = self._last = -inf  # in touch with the server without a gap; last round

    async def make(self) -> float:
        """One round, unless another process is at it; seconds to rest until the next."""
        start = monotonic()
        if start - self._last > limits().silence_s / 2:  # the server was away, or this process slept
            self._since = start
        with self._queue.room.turn() as mine:
            if mine:
                await self.take_over(await self._silent())
                await self._fill()
        self._last = monotonic()
        return max(limits().look_s, 5 * (self._last - start))

    async def _silent(self) -> list[Job]:
        """Jobs of workers that are silent or gone.

        Where nobody could be heard for a while nobody is judged, until everybody has had the time to
        give a sign of life again; only what was left behind counts.
        """
        jobs = await self._queue.silent()
        judged = monotonic() - self._since >= limits().silence_s
        return [one for one in jobs if judged or one.worker_id is None]

    async def take_over(self, jobs: Iterable[Job]) -> None:
        """Jobs whose worker is gone are queued again, before they are ended: nothing falls between.

        The sheets of a dead worker go alone, each in a job; one that went alone before is given up.
        """
        for job in jobs:
            names = await asyncio.to_thread(self._unread_of, sheets_of(job))
            if job.worker_id is None:  # its worker lost the server, not its life
                await self._queue.put([names] if names else [], alone=alone(job))
            elif alone(job):
                await asyncio.to_thread(self._give_up, names)
            else:
                await self._queue.put(((one,) for one in names), alone=True)
            await self._queue.end(job)

    def _unread_of(self, names: Iterable[str]) -> tuple[str, ...]:
        left: list[str] = []
        for box, some in groupby(names, key=lambda one: one.rpartition("/")[0]):
            unread = set(self._store.unread(self._eyes, box))
            left += [one for one in some if one in unread]
        return tuple(left)

    def _give_up(self, names: Iterable[str]) -> None:
        """Two workers died on this sheet: it is tvilsom, `reader_crashed`, and the count goes on."""
        for name in names:
            sheet = self._store.sheet(name)
            keep(self._store, crashed(sheet, self._election, self._categories.of(sheet.box)), self._eyes)

    async def _fill(self) -> None:
        """Queue what is unread and not queued, up to so many jobs as may wait."""
        bound = limits()
        jobs = await self._queue.jobs()  # before the record is asked: what ends meanwhile is read
        room = bound.ahead - sum(one.status == Status.TODO.value for one in jobs)
        if room <= 0:
            return
        held = {name for one in jobs for name in sheets_of(one)}
        found = await asyncio.to_thread(self._unread, held, room * bound.chunk)
        await self._queue.put(chunks(found, bound.chunk))

    def _unread(self, held: set[str], most: int) -> list[str]:
        """Unread and not held; nothing is walked over again as long as nothing was added to the record."""
        number = self._store.record.head().number
        if number == self._looked_at:
            return []
        found = list(islice((one for one in self._store.unread(self._eyes) if one not in held), most))
        self._looked_at = -1 if len(found) == most or held else number
        return found
