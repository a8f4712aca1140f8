"""Workers that come, go and die: every sheet is read, and kept once."""

import asyncio
import re
import signal
import subprocess
import time

import pytest

from scanner.ballot import Category, Reason
from scanner.county.queue import Queue
from scanner.county.waiting import wait_for_readings
from scanner.county.worker import Work, work
from scanner.errors import ExitCode, StoreError
from scanner.store import Store
from tests.command import COMMAND, Here
from tests.county.conftest import bound, feed, worker
from tests.county.readers import EYES, deadly, quick
from tests.store.test_verification import flaws


def read_here(url: str, reader=quick, processes: int = 1) -> int:
    return work(Work(url, EYES, processes, reader, once=True), print)


def expected(store: Store):
    return {one.id: quick((one, None)).verdict for one in store.sheets()}


def test_a_worker_reads_all_and_again_reads_nothing(url: str, store: Store) -> None:
    feed(store, 1, 40)
    assert read_here(url, processes=2) == 40
    assert dict(store.verdicts()) == expected(store)
    done = store.progress()
    assert (done.read, done.decided, done.doubtful) == (40, 35, 5)
    assert read_here(url) == 0
    assert flaws(store) == ""


def test_a_job_repeated_and_one_of_sheets_read_already_have_one_effect(url: str, store: Store) -> None:
    feed(store, 1, 6)
    assert read_here(url) == 6
    number = store.record.head().number

    async def repeat() -> None:
        queue = Queue(url, EYES)
        async with queue.app.open_async():
            await queue.put([("K1/0001", "K1/0002", "K1/0003"), ("K1/0003",), ("K1/0003",)])
        queue.room.close()

    asyncio.run(repeat())
    assert read_here(url) == 0
    assert store.record.head().number == number


@pytest.mark.endtoend
def test_a_county_reads_as_one_machine_does(url: str, store: Store, capsys, tmp_path) -> None:
    """The commands, with the real eyes; the images are none, so that it takes seconds."""
    feed(store, 1, 3)
    alone = f"sqlite:{tmp_path / 'alone.db'}"
    here = Here(capsys)
    with bound(alone) as other:
        feed(other, 1, 3)
        assert here("read", "--store", alone, "--workers", 1).code == ExitCode.DOUBTFUL
        words = [str(COMMAND), "worker", "--store", url, "--workers", "1", "--once"]
        with subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as one:
            ran = here("read", "--store", url, "--engine", "county", "--json")
            told = one.communicate(timeout=300)[1].decode()
        assert (ran.code, one.returncode) == (ExitCode.DOUBTFUL, ExitCode.DONE)
        assert "3 sheets read here" in told
        assert sorted(line["id"] for line in ran.lines) == ["K1/0001", "K1/0002", "K1/0003"]
        assert dict(store.verdicts()) == dict(other.verdicts())


def test_a_sheet_that_kills_its_reader_is_doubtful_and_the_rest_are_read(url: str, store: Store) -> None:
    feed(store, 1, 4)
    feed(store, 5, 5, name="deadly")
    feed(store, 6, 20)
    assert read_here(url, deadly) == 20
    verdict = store.verdict_of("K1/0005")
    assert verdict is not None
    assert (verdict.category, verdict.reasons) == (Category.TVILSOM, (Reason.READER_CRASHED,))
    crashed = [name for name, one in store.verdicts() if Reason.READER_CRASHED in one.reasons]
    assert crashed == ["K1/0005"]


def test_a_sheet_without_its_image_takes_no_others_with_it_and_is_named(
    url: str, store: Store, tmp_path
) -> None:
    feed(store, 1, 4)
    lost = store.sheet("K1/0003").images[0].sha256
    (tmp_path / "images" / lost[:2] / lost[2:]).unlink()
    with worker(url, "quick") as one:
        with pytest.raises(StoreError, match=re.escape("No worker can read 1 sheets (K1/0003)")):
            list(wait_for_readings(store, url, EYES, print))
        one.terminate()
        assert one.wait(300) == 0
    assert store.progress().read == 3


def test_a_worker_told_to_stop_ends_what_it_has_begun(url: str, store: Store) -> None:
    feed(store, 1, 48)
    with worker(url, "slow") as one:
        until(lambda: store.progress().read >= 16)
        one.send_signal(signal.SIGTERM)
        out, _ = one.communicate(timeout=300)
    assert one.returncode == 0
    read = store.progress().read
    assert int(out) == read
    assert read in {16, 32}, "whole jobs, nothing begun and dropped"
    assert read_here(url) == 48 - read  # at once: nobody waits for a worker that said goodbye
    assert flaws(store) == ""


def test_other_eyes_do_not_join_by_accident(url: str, store: Store, capsys) -> None:
    feed(store, 1, 1)
    assert read_here(url) == 1
    ran = Here(capsys)("worker", "--store", url)
    assert ran.code == ExitCode.USAGE
    assert "--again" in ran.err


def test_a_worker_without_the_images_takes_no_job(url: str, store: Store, tmp_path) -> None:
    feed(store, 1, 1)
    elsewhere = url.replace(str(tmp_path / "images"), str(tmp_path / "elsewhere"))
    with pytest.raises(StoreError, match="cannot be read"):
        read_here(elsewhere)
    assert read_here(url) == 1


def until(true, seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
