"""Jobs come back in order, and one that kills its process is named instead of waited for."""

import os
import signal

import pytest

from scanner.bench.workers import each

_opened: list[int] = []  # of this process


def opening(factor: int) -> None:
    _opened[:] = [factor]


def do(job: int) -> int:
    if job == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    if job == 99:
        raise ValueError("ninety-nine")
    return _opened[0] * job


def test_answers_come_in_order_whoever_gives_them() -> None:
    assert list(each(range(9), do, opening, 2, 2)) == [(n, 2 * n) for n in range(9)]


def test_a_job_that_kills_its_process_is_named_and_the_rest_is_done() -> None:
    jobs = [1, 2, 13, 4, 5, 13, 7]
    assert list(each(jobs, do, opening, 3, 2)) == [(n, None if n == 13 else 3 * n) for n in jobs]


def test_what_a_job_raises_is_raised_here() -> None:
    with pytest.raises(ValueError, match="ninety-nine"):
        list(each([1, 99], do, opening, 1, 1))
