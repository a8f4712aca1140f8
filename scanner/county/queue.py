"""The queue: jobs that carry the ids of sheets and nothing else, for the eyes of one version.

Whatever becomes of a job, the record decides what is unread: what is neither read nor queued is queued
at the next look, and what is read twice is kept once.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice

import procrastinate
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.schema import SchemaManager
from procrastinate.types import JSONDict

from scanner.county.limits import limits
from scanner.errors import StoreError
from scanner.store.queue_room import QueueRoom

READ = "read"
_SCHEMA = f"valgskanner_queue_{procrastinate.__version__.replace('.', '_')}"  # a queue is never migrated
_PATIENCE_S = 5  # for a connection out of the pool; the worker begins anew then


@contextmanager
def as_store_error() -> Iterator[None]:
    """What the queue's connection complains of, as a StoreError in one sentence."""
    try:
        yield
    except ConnectorException as error:
        why = str(error.__cause__ or error).strip().splitlines()[0:1]
        raise StoreError(f"The task queue cannot go on: {''.join(why) or 'no connection'}.") from error


class Queue:
    """The jobs of one count for the eyes of one version; open it with `async with queue.app.open_async()`."""

    def __init__(self, url: str, eyes: str) -> None:
        self.room = QueueRoom(url, _SCHEMA, SchemaManager.get_schema())
        self.name = f"{READ}-{eyes}"
        # two connections wait in peace: one listens, one asks
        connector = PsycopgConnector(
            conninfo=self.room.address,
            min_size=1,
            max_size=8,
            timeout=_PATIENCE_S,
            reconnect_timeout=_PATIENCE_S,
        )
        self.app = App(connector=connector)

    async def put(self, chunks: Iterable[tuple[str, ...]], *, alone: bool = False) -> None:
        """Queue sheets, so many ids in each job; all in one statement. `alone`: after a death."""
        jobs: list[JSONDict] = [{"sheets": [*one], "alone": alone} for one in chunks]
        if jobs:
            task = self.app.configure_task(READ, queue=self.name, priority=int(alone))
            await task.batch_defer_async(*jobs)

    async def jobs(self, status: Status | None = None) -> list[Job]:
        """All jobs for these eyes, or those of one status."""
        manager = self.app.job_manager
        return list(await manager.list_jobs_async(queue=self.name, status=status and status.value))

    async def silent(self) -> list[Job]:
        """Jobs under way whose worker gave no sign of life, or left them behind."""
        manager = self.app.job_manager
        silence = limits().silence_s
        return list(await manager.get_stalled_jobs(queue=self.name, seconds_since_heartbeat=silence))

    async def end(self, job: Job) -> None:
        """Take a job off the queue; one that ended meanwhile is none of our business."""
        try:
            await self.app.job_manager.finish_job_by_id_async(job.id or 0, Status.FAILED, delete_job=True)
        except ConnectorException as error:
            if "Job was not found" not in str(error.__cause__ or error):
                raise


def sheets_of(job: Job) -> tuple[str, ...]:
    """The sheets a job carries."""
    names = job.task_kwargs["sheets"]
    return tuple(map(str, names)) if isinstance(names, list) else ()


def alone(job: Job) -> bool:
    """True for a sheet on which, or beside which, a worker has died once."""
    return bool(job.task_kwargs["alone"])


def chunks(names: Iterable[str], size: int) -> Iterator[tuple[str, ...]]:
    """The names in their order, `size` at a time.

    >>> list(chunks("abc", 2))
    [('a', 'b'), ('c',)]
    """
    left = iter(names)
    while chunk := tuple(islice(left, size)):
        yield chunk
