"""kill -9 at any instant: what was said to be stored is there, whole, and counted once."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scanner.ballot import Box, PageImage, Sheet
from scanner.store import Progress, open_store
from tests.strategies import small_election

FEEDER = """
import sys
from scanner.ballot import Box, PageImage, Sheet
from scanner.store import open_store
from tests.strategies import small_election

with open_store(sys.argv[1]) as store:
    store.bind(small_election())
    store.add_box(Box("K1", "VO", "0001"))
    while True:
        number = store.next_number("K1")
        images = tuple(PageImage(face, f"{number}{face}".encode() * 5000) for face in "FB")
        store.add_sheet(Sheet("K1", number, images))
        print(number, flush=True)
"""


@pytest.mark.parametrize("after", [3, 11])
def test_no_sheet_is_lost_or_torn(tmp_path: Path, after: int) -> None:
    url = f"sqlite:{tmp_path}/a.db"
    promised = max(_feed_and_kill(url, after) for _ in range(2))
    with open_store(url, create=False) as store:
        numbers = [store.sheet(one.id).number for one in store.sheets()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert 2 * after <= promised <= len(numbers) <= promised + 1


def _feed_and_kill(url: str, after: int) -> int:
    """The highest number the feeder said was stored before it died in the middle of a sheet."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", FEEDER, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as feeder:
        assert feeder.stdout is not None
        said = [feeder.stdout.readline() for _ in range(after)]
        time.sleep(0.004)
        feeder.send_signal(signal.SIGKILL)
        said += feeder.stdout.readlines()
    return max(int(line) for line in said if line.endswith("\n"))


def test_two_processes_feed_one_store(tmp_path: Path) -> None:
    url = f"sqlite:{tmp_path}/a.db"
    with open_store(url) as one, open_store(url) as two:
        for store in (one, two):
            store.bind(small_election())
            store.add_box(Box("K1", "VO", "0001"))
        for number in range(1, 21):
            (one, two)[number % 2].add_sheet(Sheet("K1", number, (PageImage("F", b"same"),)))
        assert one.progress() == two.progress() == Progress(fed=20, read=0, decided=0, doubtful=0)
