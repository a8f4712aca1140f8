"""Waiting while the workers read: sheets as they come back, for as long as any is unread."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from math import inf
from time import monotonic, sleep

from procrastinate.jobs import Status

from scanner.county.limits import limits
from scanner.county.queue import Queue, as_store_error, sheets_of
from scanner.county.rounds import Rounds
from scanner.errors import StoreError
from scanner.store.store import Store

Note = Callable[[str], None]
_SHOWN = 5  # sheets named in a message


def wait_for_readings(store: Store, url: str, eyes: str, note: Note) -> Iterator[str]:
    """Ids of the sheets that workers read meanwhile, until these eyes have read every sheet.

    Sheets fed meanwhile are waited for too. A lost server is waited for; StoreError if sheets are left
    that no worker can read, or the server is away from the start.
    """
    queue = Queue(url, eyes)
    rounds = Rounds(queue, store, eyes)
    with asyncio.Runner() as runner:
        try:
            with as_store_error():
                runner.run(_begin(queue))
            yield from _waited(store, eyes, note, lambda: runner.run(_look(queue, rounds)))
        finally:
            runner.run(queue.app.close_async())
            queue.room.close()


async def _begin(queue: Queue) -> None:
    """What failed before is tried once more: somebody asked for it."""
    await queue.app.open_async()
    for one in await queue.jobs(Status.FAILED):
        await queue.app.job_manager.retry_job(one)


async def _look(queue: Queue, rounds: Rounds) -> tuple[float, tuple[str, ...]]:
    """One round: seconds to rest, and the sheets that failed."""
    with as_store_error():
        rest = await rounds.make()
        failed = await queue.jobs(Status.FAILED)
    return rest, tuple(name for one in failed for name in sheets_of(one))


def _waited(
    store: Store, eyes: str, note: Note, look: Callable[[], tuple[float, tuple[str, ...]]]
) -> Iterator[str]:
    pending: set[str] = set()
    failed: tuple[str, ...] = ()
    heard = monotonic()
    while True:
        rest, unread = limits().away_s, pending
        with suppress(StoreError):  # the server is away
            rest, failed = look()
            unread = set(store.unread(eyes))
            if unread <= set(failed):
                break
        if pending != unread:
            heard = monotonic()
        yield from sorted(pending - unread)
        pending = unread
        if monotonic() - heard > limits().silence_s:
            heard = inf  # said once, until something is read again
            note("Nothing was read for a while: is a worker running? Start one with valgskanner worker.")
        sleep(rest)
    yield from sorted(pending - unread)
    if failed:
        raise StoreError(
            f"No worker can read {len(failed)} sheets ({', '.join(failed[:_SHOWN])}): their messages say "
            "why; then run valgskanner verify."
        )
