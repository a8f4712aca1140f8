"""The queue holds no truth: what is unread is queued, what a worker left behind is read by others, once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from procrastinate.jobs import Status

from scanner.ballot import Category, Reason
from scanner.county import queue as module
from scanner.county import rounds as rounds_module
from scanner.county.queue import Queue, alone, sheets_of
from scanner.county.rounds import Rounds
from scanner.errors import UsageError
from scanner.recording import keep
from scanner.store import Store
from tests.county.conftest import feed
from tests.county.readers import EYES, quick

Ask = Callable[[Queue, Rounds], Awaitable[object]]


def asked(url: str, store: Store, ask: Ask, eyes: str = EYES) -> object:
    async def run() -> object:
        queue = Queue(url, eyes)
        async with queue.app.open_async():
            found = await ask(queue, Rounds(queue, store, eyes))
        queue.room.close()
        return found

    return asyncio.run(run())


async def fetched(queue: Queue):
    """A job as a worker has it that was never heard of again."""
    worker = await queue.app.job_manager.register_worker()
    job = await queue.app.job_manager.fetch_job([queue.name], worker)
    assert job is not None
    return job.evolve(worker_id=worker)


def names(jobs) -> list[tuple[str, ...]]:
    return [sheets_of(one) for one in jobs]


def test_jobs_carry_the_ids_of_sheets_and_nothing_else(url: str, store: Store) -> None:
    feed(store, 1, 20)

    async def ask(queue: Queue, rounds: Rounds):
        await rounds.make()
        return await queue.jobs()

    jobs = asked(url, store, ask)
    assert [one.task_kwargs.keys() for one in jobs] == [{"sheets", "alone"}] * 2
    assert sum(names(jobs), ()) == tuple(f"K1/{n:04d}" for n in range(1, 21))


def test_a_sheet_is_queued_once_however_often_somebody_looks(url: str, store: Store) -> None:
    feed(store, 1, 3)

    async def ask(queue: Queue, rounds: Rounds):
        others = Rounds(queue, store, EYES)
        await asyncio.gather(rounds.make(), others.make())
        await rounds.make()
        await fetched(queue)  # under way: not queued again either
        await others.make()
        feed(store, 4, 5)
        await rounds.make()
        return names(await queue.jobs())

    assert asked(url, store, ask) == [("K1/0001", "K1/0002", "K1/0003"), ("K1/0004", "K1/0005")]


def test_other_eyes_have_a_queue_of_their_own(url: str, store: Store) -> None:
    feed(store, 1, 1)

    async def ask(queue: Queue, rounds: Rounds):
        await rounds.make()
        return names(await queue.jobs())

    assert asked(url, store, ask) == asked(url, store, ask, "other") == [("K1/0001",)]


def test_the_sheets_of_a_dead_worker_go_alone_and_the_one_that_kills_again_is_doubt(
    url: str, store: Store
) -> None:
    feed(store, 1, 3)
    sheet = store.sheet("K1/0001")
    keep(store, quick((sheet, None)), EYES)

    async def ask(queue: Queue, rounds: Rounds):
        await queue.put([("K1/0001", "K1/0002", "K1/0003")])
        await rounds.take_over([await fetched(queue)])
        single = await queue.jobs()
        assert names(single) == [("K1/0002",), ("K1/0003",)], "what was read is not read again"
        assert all(map(alone, single))
        dead = await fetched(queue)
        await rounds.take_over([dead])
        await rounds.take_over([dead])  # two come to the same end
        return names(await queue.jobs())

    assert asked(url, store, ask) == [("K1/0003",)]
    verdict = store.verdict_of("K1/0002")
    assert verdict is not None
    assert (verdict.category, verdict.reasons) == (Category.TVILSOM, (Reason.READER_CRASHED,))
    assert store.verdict_of("K1/0003") is None
    assert store.verdict_of("K1/0001") == quick((sheet, None)).verdict


@pytest.mark.parametrize("single", [True, False])
def test_a_worker_that_lost_the_server_is_no_death(url: str, store: Store, single: bool) -> None:
    feed(store, 1, 2)

    async def ask(queue: Queue, rounds: Rounds):
        await queue.put([("K1/0001",) if single else ("K1/0001", "K1/0002")], alone=single)
        job = await fetched(queue)
        await rounds.take_over([job.evolve(worker_id=None)])
        return [(sheets_of(one), alone(one), one.status) for one in await queue.jobs()]

    sheets = ("K1/0001",) if single else ("K1/0001", "K1/0002")
    assert asked(url, store, ask) == [(sheets, single, "todo")]
    assert store.verdict_of("K1/0001") is None


def test_a_silent_worker_is_seen_and_a_living_one_left_alone(url: str, store: Store, monkeypatch) -> None:
    real = module.limits()
    feed(store, 1, 1)

    async def ask(queue: Queue, rounds: Rounds):
        await queue.put([("K1/0001",)])
        await fetched(queue)
        living = names(await queue.silent())
        monkeypatch.setattr(module, "limits", lambda: replace(real, silence_s=0))
        return living, names(await queue.silent())

    assert asked(url, store, ask) == ([], [("K1/0001",)])


def test_nobody_is_judged_while_nobody_could_be_heard(url: str, store: Store, monkeypatch) -> None:
    """The server was away: all workers are silent, and none of them is dead."""
    real = module.limits()
    feed(store, 1, 1)
    monkeypatch.setattr(module, "limits", lambda: replace(real, silence_s=0))  # all are silent

    async def ask(queue: Queue, rounds: Rounds):
        await queue.put([("K1/0001",)], alone=True)
        await fetched(queue)
        await rounds.make()
        await rounds.make()
        spared = names(await queue.jobs(Status.DOING))
        monkeypatch.setattr(rounds_module, "limits", lambda: replace(real, silence_s=0))
        await rounds.make()
        return spared, names(await queue.jobs())

    assert asked(url, store, ask) == ([("K1/0001",)], [])
    verdict = store.verdict_of("K1/0001")
    assert verdict is not None
    assert verdict.reasons == (Reason.READER_CRASHED,)


def test_a_store_in_a_file_has_no_county(tmp_path) -> None:
    with pytest.raises(UsageError, match="needs a store on a server"):
        Queue(f"sqlite:{tmp_path / 'count.db'}", EYES)
