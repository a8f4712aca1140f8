"""A county's night: stations scan, workers read, one dies, the server falls over: nothing lost or twice."""

import subprocess
from pathlib import Path

import pytest

from scanner.ballot import Box
from scanner.capture.events import ScanSettings
from scanner.commands.scanning import fill_box
from scanner.recording import Categories, keep
from scanner.store import Store, open_store
from scanner.tally.count import count
from scanner.tally.counts import counts
from tests.command import COMMAND
from tests.county.conftest import ROOT, worker
from tests.county.readers import EYES, quick
from tests.county.test_worker import until
from tests.store.server import Server, available, server
from tests.store.test_verification import flaws
from tests.strategies import small_election

SHEETS = 60  # at each of two stations
STATION = """
import sys
from scanner.ballot import Box
from scanner.capture.events import ScanSettings
from scanner.commands.scanning import fill_box
from scanner.store import open_store
from pathlib import Path

url, box, folder, spool = sys.argv[1:]
with open_store(url, create=False) as store:
    chosen = Box(box, "VO", "0001")
    store.add_box(chosen)
    report = fill_box(store, chosen, f"folder:{folder}", ScanSettings(), Path(spool))
sys.exit(0 if report.complete else 6)
"""


@pytest.mark.endtoend
@pytest.mark.skipif(available() is not None, reason="needs a PostgreSQL server")
def test_two_stations_scan_while_three_workers_read_one_dies_and_the_server_falls_over(
    tmp_path: Path,
) -> None:
    stacks = {box: stack(tmp_path / box, box) for box in ("K1", "K2")}
    with server() as own:
        url = own.database(tmp_path / "images")
        with open_store(url) as store:
            store.bind(small_election())
            night(own, url, store, stacks, tmp_path)
            assert flaws(store) == ""
            numbers = [one.id for one in store.sheets()]
            assert sorted(numbers) == [f"{box}/{n:04d}" for box in stacks for n in range(1, SHEETS + 1)]
            assert [len(list(store.unread(eyes))) for eyes in (EYES, "others")] == [0, 2 * SHEETS]
            assert counted(store) == counted(uninterrupted(tmp_path, stacks))
            read = [one for one in store.record.chain() if one.act == "sheet_read"]
            assert len(read) == 2 * SHEETS, "nothing twice"


def night(own: Server, url: str, store: Store, stacks: dict[str, Path], folder: Path) -> None:
    """Everything at once; each station goes on after every fall, as an operator lets it."""
    workers = [worker(url, "steady") for _ in range(3)]
    stations = [Station(url, box, stack, folder) for box, stack in stacks.items()]
    try:
        until(lambda: store.progress().read >= 16)
        workers[0].kill()
        until(lambda: store.progress().fed >= SHEETS)
        assert store.progress().read < 2 * SHEETS, "in the middle"
        own.stop("immediate")
        own.start()
        workers.append(worker(url, "steady"))  # one comes late
        until(lambda: go_on(stations))
        until(lambda: not list(store.unread(EYES)))
        for one in workers[1:]:
            one.terminate()
        assert [one.wait(300) for one in workers[1:]] == [0, 0, 0]
    finally:
        for one in [*workers, *(station.process for station in stations)]:
            one.kill()
            one.communicate()


class Station:
    """A scanner and its operator, who starts again whatever stops before the end of the stack."""

    def __init__(self, url: str, box: str, stack: Path, folder: Path) -> None:
        self._words = ["-c", STATION, url, box, str(stack), str(folder / f"{box}.spool")]
        self._start()

    def _start(self) -> None:
        python = str(COMMAND.with_name("python"))
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen([python, *self._words], cwd=ROOT, **quiet)

    def goes_on(self) -> bool:
        """True when the whole stack is in the store."""
        if self.process.poll() not in {None, 0}:
            self._start()
        return self.process.poll() == 0


def go_on(stations: list[Station]) -> bool:
    """True when every station is done; each that fell over is started again."""
    return all([one.goes_on() for one in stations])  # noqa: C419 each is asked


def stack(folder: Path, box: str) -> Path:
    folder.mkdir()
    for number in range(1, SHEETS + 1):
        for face in "FB":
            (folder / f"{number:04d}{face}.pgm").write_bytes(picture(box, number))
    return folder


def picture(box: str, number: int) -> bytes:
    """A small page, each of its own bytes."""
    page = bytearray(b"\xf0" * (400 * 600))
    page[: len(box) + 8] = f"{box} {number:07d}".encode()
    return b"P5 400 600 255\n" + bytes(page)


def uninterrupted(folder: Path, stacks: dict[str, Path]) -> Store:
    """The same stacks through one station and one reader, one sheet after the other."""
    store = open_store("sqlite::memory:")
    store.bind(small_election())
    for box, one in stacks.items():
        chosen = Box(box, "VO", "0001")
        store.add_box(chosen)
        fill_box(store, chosen, f"folder:{one}", ScanSettings(), folder / f"{box}.serial")
    categories = Categories(store, small_election())
    for name in store.unread(EYES):
        sheet = store.sheet(name)
        assert keep(store, quick((sheet, categories.of(sheet.box))), EYES)
    return store


def counted(store: Store):
    election = store.election()
    return counts(count(store.ballots(), election), election, test=store.is_test())
