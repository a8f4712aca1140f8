"""Workers that come, go and die: every sheet is read, and kept once."""

import re
import signal
import time

import pytest

from scanner.ballot import Category, Reason
from scanner.county.waiting import wait_for_readings
from scanner.county.worker import Work, work
from scanner.errors import ExitCode, StoreError
from scanner.store import Store
from tests.command import Here
from tests.county.conftest import feed, worker
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
        assert one.wait(60) == 0
    assert store.progress().read == 3


def test_a_worker_told_to_stop_ends_what_it_has_begun(url: str, store: Store) -> None:
    feed(store, 1, 48)
    with worker(url, "slow") as one:
        until(lambda: store.progress().read >= 16)
        one.send_signal(signal.SIGTERM)
        out, _ = one.communicate(timeout=60)
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


def until(true, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
