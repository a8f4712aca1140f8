"""What the queue itself costs: jobs that carry sheets and do nothing."""

import asyncio
from time import perf_counter

from procrastinate.worker import Worker

from scanner.county.limits import limits
from scanner.county.queue import READ, Queue, as_store_error, chunks


def queue_seconds(url: str, sheets: int) -> float:
    """Seconds to queue so many sheets, take every job, do nothing and end it. StoreError as `Queue`."""
    with as_store_error():
        return asyncio.run(_through(Queue(url, "cost"), sheets))


async def _through(queue: Queue, sheets: int) -> float:
    @queue.app.task(name=READ, queue=queue.name)
    async def _(sheets: list[str], alone: bool) -> None:  # noqa: FBT001 as every job has them
        pass

    async with queue.app.open_async():
        start = perf_counter()
        await queue.put(chunks((f"K1/{number:04d}" for number in range(sheets)), limits().chunk))
        worker = Worker(queue.app, [queue.name], wait=False, delete_jobs="successful", listen_notify=False)
        await worker.run()  # type: ignore[no-untyped-call] # procrastinate's
        seconds = perf_counter() - start
    queue.room.close()
    return seconds
