"""kill -9 at any instant: what was said to be stored is there, whole, and counted once."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scanner.ballot import Box, PageImage, Sheet
from scanner.errors import StoreError
from scanner.store import Progress, open_store
from tests.store.server import Server, server
from tests.store.test_verification import flaws
from tests.strategies import small_election

FEEDER = """
import sys
from scanner.ballot import Box, PageImage, Sheet
from scanner.store import open_store
from tests.strategies import small_election

with open_store(sys.argv[1]) as store:
    store.bind(small_election())
    box, most = (sys.argv[2], int(sys.argv[3])) if sys.argv[2:] else ("K1", 10**9)
    store.add_box(Box(box, "VO", "0001"))
    while (number := store.next_number(box)) <= most:
        images = tuple(PageImage(face, f"{number}{face}".encode() * 5000) for face in "FB")
        store.add_sheet(Sheet(box, number, images))
        print(number, flush=True)
"""


@pytest.mark.parametrize("after", [3, 11])
def test_no_sheet_is_lost_or_torn(address: str, after: int) -> None:
    promised = max(_feed_and_kill(address, after) for _ in range(2))
    with open_store(address, create=False) as store:
        assert flaws(store) == "", "every row has its event and every event its row"
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


def test_two_stations_feed_one_store(address: str) -> None:
    with open_store(address) as one, open_store(address) as two:
        for store in (one, two):
            store.bind(small_election())
            store.add_box(Box("K1", "VO", "0001"))
        for number in range(1, 21):
            (one, two)[number % 2].add_sheet(Sheet("K1", number, (PageImage("F", b"same"),)))
        assert one.progress() == two.progress() == Progress(fed=20, read=0, decided=0, doubtful=0)


def test_four_processes_at_once_make_one_chain(address: str) -> None:
    """Each its own box; every event follows the one before it, whoever added it."""
    root = Path(__file__).parents[2]
    with open_store(address) as store:
        store.bind(small_election())
    boxes = [f"B{one}" for one in range(4)]
    commands = [[sys.executable, "-c", FEEDER, address, box, "6"] for box in boxes]
    feeders = [subprocess.Popen(one, stdout=subprocess.DEVNULL, cwd=root) for one in commands]
    assert [one.wait(120) for one in feeders] == [0] * 4
    with open_store(address) as store:
        assert [store.progress(box=box).fed for box in boxes] == [6] * 4
        assert flaws(store) == ""


def test_a_server_that_falls_over_in_the_middle_loses_nothing(postgresql: Server, tmp_path: Path) -> None:
    with server() as own:  # not the one that other tests use
        url = own.database(tmp_path / "images")
        with open_store(url) as store:
            store.bind(small_election())
            store.add_box(Box("K1", "VO", "0001"))
            store.add_sheet(Sheet("K1", 1, (PageImage("F", b"one"),)))
            own.stop("immediate")
            with pytest.raises(StoreError):
                store.add_sheet(Sheet("K1", 2, (PageImage("F", b"two"),)))
            own.start()
            assert store.add_sheet(Sheet("K1", 2, (PageImage("F", b"two"),)))
            assert [one.number for one in store.sheets()] == [1, 2]
            assert flaws(store) == ""
