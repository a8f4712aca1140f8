import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.capture.events import End, Ended, Event, Fed, Noted, ScanSettings
from scanner.capture.hot_folder import HotFolderFeed, HotFolderSource, Pace
from scanner.capture.source import open_source
from scanner.capture.watching import Watch
from scanner.errors import InputError
from tests.capture.paper import jpeg, multipage

PACE = Pace(poll_s=1.0, stable_s=3.0, overdue_s=60.0, word_s=20.0)
Act = Callable[[], object]


class World:
    """A folder, a clock that only moves when the feed sleeps, and what others do to the folder meanwhile."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, 0.0
        self._acts: list[tuple[float, Act]] = []
        self.feed = HotFolderFeed(folder, ScanSettings(), PACE, self._clock, self._sleep)

    def _clock(self) -> float:
        return self.now

    def _sleep(self, seconds: float) -> None:
        self.now += seconds
        due = [act for at, act in self._acts if at <= self.now]
        self._acts = [(at, act) for at, act in self._acts if at > self.now]
        for act in due:
            act()

    def at(self, now: float, name: str, content: bytes, *, append: bool = False) -> None:
        """At `now` somebody writes a file."""

        def write() -> None:
            with (self.folder / name).open("ab" if append else "wb") as file:
                file.write(content)

        if now <= 0:
            write()
        else:
            self._acts.append((now, write))

    def pair(self, now: float, number: int) -> None:
        self.at(now, f"{number:04d}F.jpg", jpeg(2 * number))
        self.at(now, f"{number:04d}B.jpg", jpeg(2 * number + 1))

    def events(self, most: int = 200) -> list[Event]:
        """Until the folder is finished; what says that it waits is left out."""
        told: list[Event] = []
        for _ in range(most):
            event = self.feed.next_sheet(60.0)
            if isinstance(event, Ended):
                return [*told, event]
            if not (isinstance(event, Noted) and event.text.startswith("Waiting for files")):
                told.append(event)
        raise AssertionError(f"never finished: {told}")

    def fed(self) -> list[Fed]:
        return [one for one in self.events() if isinstance(one, Fed)]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def shape(sheets: list[Fed]) -> list[tuple[str, list[bytes]]]:
    return [(one.name, [side.data for side in one.images]) for one in sheets]


def sheet(number: int) -> tuple[str, list[bytes]]:
    return f"{number:04d}", [jpeg(2 * number), jpeg(2 * number + 1)]


@pytest.mark.parametrize("marker", ["END", "end.txt", "End"])
def test_sheets_come_as_they_are_written_until_the_marker(world: World, marker: str) -> None:
    world.pair(0, 1)
    world.pair(5, 2)
    world.pair(40, 3)
    world.at(50, marker, b"")
    events = world.events()
    assert shape([one for one in events if isinstance(one, Fed)]) == [sheet(1), sheet(2), sheet(3)]
    assert events[-1] == Ended(End.HOPPER_EMPTY, 3)
    assert world.now >= 50


def test_an_empty_folder_is_waited_on_and_says_so(world: World) -> None:
    event = world.feed.next_sheet(60.0)
    assert event == Noted(f"Waiting for files in {world.folder}.")
    assert world.now <= PACE.word_s
    world.feed.pause()
    assert world.feed.next_sheet(60.0) == Ended(End.PAUSED, 0)
    world.feed.resume(1)
    assert isinstance(world.feed.next_sheet(0.1), Noted)
    world.feed.close()
    assert world.feed.next_sheet(60.0) == Ended(End.CLOSED, 0)


def test_a_file_is_taken_only_when_it_rests_and_is_whole(world: World) -> None:
    whole = jpeg(2)
    world.at(0, "0001B.jpg", jpeg(3))
    for second in range(10):  # a scanner that opens, appends and closes, with pauses shorter and longer
        at = second if second < 8 else second + 10
        part = whole[len(whole) * second // 10 : len(whole) * (second + 1) // 10]
        world.at(at, "0001F.jpg", part, append=True)
    event = world.feed.next_sheet(60.0)
    while isinstance(event, Noted):
        event = world.feed.next_sheet(60.0)
    assert isinstance(event, Fed)
    assert shape([event]) == [sheet(1)]
    assert world.now >= 19 + PACE.stable_s


def test_one_side_waits_for_the_other(world: World) -> None:
    world.at(0, "0001F.jpg", jpeg(2))
    world.pair(0, 2)
    world.at(30, "0001B.jpg", jpeg(3))
    world.at(40, "END", b"")
    assert shape(world.fed()) == [sheet(2), sheet(1)]


def test_what_never_becomes_whole_is_named_once_and_recorded_at_the_end(world: World) -> None:
    world.at(0, "0001F.jpg", jpeg(2))
    world.at(0, "0002F.jpg", jpeg(4)[:-40])
    world.at(0, "0002B.jpg", jpeg(5))
    world.at(0, "0003F.jpg", b"")
    world.at(200, "END", b"")
    events = world.events()
    notes = [one.text.split(" ")[0] for one in events if isinstance(one, Noted)]
    assert notes == ["0001F.jpg", "0002B.jpg", "0002F.jpg", "0003F.jpg"]
    sheets = [one for one in events if isinstance(one, Fed)]
    assert [one.name for one in sheets] == ["0001F", "0002", "0003F"]
    assert ["cut short" in " ".join(one.notes) for one in sheets] == [False, True, False]
    assert all(one.notes for one in sheets)


def test_a_file_that_is_still_growing_holds_the_end_back(world: World) -> None:
    world.at(0, "END", b"")
    world.at(0, "0001B.jpg", jpeg(3))
    world.at(0, "0001F.jpg", jpeg(2)[:100])
    world.at(2, "0001F.jpg", jpeg(2)[100:], append=True)
    assert shape(world.fed()) == [sheet(1)]


def test_a_file_changed_after_it_was_fed_is_told(world: World) -> None:
    world.pair(0, 1)
    world.at(20, "0001F.jpg", jpeg(99))
    world.at(30, "END", b"")
    texts = [one.text for one in world.events() if isinstance(one, Noted)]
    assert texts == ["0001F.jpg was changed after it was fed: compare that sheet with the paper."]


def test_a_manifest_closes_the_folder_when_all_it_lists_has_come(world: World) -> None:
    world.at(0, "manifest.csv", b"sheet,front,back\nA,0002F.jpg,0002B.jpg\nB,x.jpg,y.jpg\n")
    world.pair(0, 2)
    world.at(10, "x.jpg", jpeg(50))
    world.at(20, "y.jpg", jpeg(51))
    world.at(0, "extra.jpg", jpeg(52))
    sheets = world.fed()
    assert [one.name for one in sheets] == ["A", "B", "extra.jpg"]
    assert sheets[2].notes == ("extra.jpg is not listed in manifest.csv.",)


def test_a_manifest_may_come_last_and_may_disagree(world: World) -> None:
    world.pair(0, 1)
    world.pair(0, 2)
    listed = b"sheet,front,back\n1,0001F.jpg,0001B.jpg\n2,0002F.jpg,0003B.jpg\n"
    world.at(20, "manifest.csv", listed)
    world.at(20, "0003B.jpg", jpeg(7))
    events = world.events()
    texts = [one.text for one in events if isinstance(one, Noted)]
    assert len(texts) == 1
    assert "lists 0002F.jpg under sheet 2, but it was fed as its name says" in texts[0]
    assert [one.name for one in events if isinstance(one, Fed)] == ["0001", "0002", "0003B.jpg"]


def test_a_manifest_half_written_is_read_again(world: World) -> None:
    world.at(0, "manifest.csv", b"sheet,fro")
    world.at(9, "manifest.csv", b"nt,back\n1,0001F.jpg,0001B.jpg\n", append=True)
    world.pair(12, 1)
    assert shape(world.fed()) == [("1", sheet(1)[1])]


def test_what_the_manifest_lists_and_never_comes_is_named(world: World) -> None:
    lines = "".join(f"{n},{n}a.jpg,{n}b.jpg\n" for n in range(1, 6))
    world.at(0, "manifest.csv", f"sheet,front,back\n{lines}".encode())
    world.at(0, "1a.jpg", jpeg(1))
    world.at(0, "1b.jpg", jpeg(2))
    world.at(100, "end", b"")
    events = world.events()
    texts = [one.text for one in events if isinstance(one, Noted)]
    missing = "2a.jpg, 2b.jpg, 3a.jpg, 3b.jpg, 4a.jpg and 3 more"
    assert texts[0] == f"manifest.csv lists files that have not come: {missing}."
    sheets = [one for one in events if isinstance(one, Fed)]
    assert [one.name for one in sheets] == ["1", "2", "3", "4", "5"]
    assert all("cannot be read" in one.notes[0] for one in sheets[1:])


def test_pages_appended_to_one_file(world: World) -> None:
    world.at(0, "box.tif", multipage("TIFF", 2)[:-900])
    world.at(8, "box.tif", multipage("TIFF", 6))
    world.at(20, "END", b"")
    assert [one.name for one in world.fed()] == ["box-0001", "box-0002", "box-0003"]


def test_folders_lists_and_halves_of_a_copy_are_told(world: World) -> None:
    (world.folder / "more").mkdir()
    world.at(0, "log.txt", b"x")
    world.at(0, "0001F.jpg.part", jpeg(1))
    world.at(9, "END", b"")
    events = world.events()
    assert [one.text for one in events if isinstance(one, Noted)] == [
        "more is a folder: what lies in it is not looked at.",
        "log.txt is no ballot and was left out.",
    ]
    (half,) = (one for one in events if isinstance(one, Fed))
    assert "is not named as an image" in half.notes[0]


def test_a_folder_that_goes_away_is_told_and_waited_for(tmp_path: Path) -> None:
    world = World(tmp_path / "mounted")
    assert isinstance(gone := world.feed.next_sheet(60.0), Noted)
    assert "cannot be listed" in gone.text
    world.folder.mkdir()
    world.pair(0, 1)
    world.at(0, "END", b"")
    assert shape(world.fed()) == [sheet(1)]


def test_the_folder_is_left_as_it_was(world: World) -> None:
    world.pair(0, 1)
    world.at(0, "END", b"")
    before = {one.name: (one.stat().st_mtime_ns, one.read_bytes()) for one in world.folder.iterdir()}
    world.fed()
    assert {one.name: (one.stat().st_mtime_ns, one.read_bytes()) for one in world.folder.iterdir()} == before


def test_the_source_by_its_name(tmp_path: Path) -> None:
    about = open_source(f"hot:{tmp_path}").describe()
    assert (about.device, about.replayable) == (f"hot:{tmp_path}", True)
    with pytest.raises(InputError, match="is not there"):
        HotFolderSource(f"{tmp_path}/none")


def test_many_files_cost_few_looks(world: World) -> None:
    """Sheets that came together are given one after the other without looking at the folder again."""
    for number in range(1, 40):
        world.pair(0, number)
    world.at(0, "END", b"")
    looks = itertools.count()
    entries = world.feed._arrivals._entries

    def counted() -> dict[str, tuple[int, int]]:
        next(looks)
        return entries()

    world.feed._arrivals._entries = counted  # type: ignore[method-assign]
    assert len(world.fed()) == 39
    assert next(looks) < 12


@settings(max_examples=15, deadline=None)
@given(plan=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 12)), max_size=6))
def test_whatever_the_order_of_writing_each_sheet_is_there_once(
    tmp_path_factory: pytest.TempPathFactory, plan: list[tuple[int, int, int]]
) -> None:
    world = World(tmp_path_factory.mktemp("hot"))
    last = 0
    for number, (front_at, back_at, pause) in enumerate(plan, 1):
        _, (front, back) = sheet(number)
        world.at(front_at, f"{number:04d}F.jpg", front[:200])
        world.at(front_at + pause + 0.5, f"{number:04d}F.jpg", front[200:], append=True)
        world.at(back_at, f"{number:04d}B.jpg", back)
        last = max(last, front_at + pause + 1, back_at)
    world.at(last + 1, "END", b"")
    assert sorted(shape(world.fed())) == [sheet(number) for number in range(1, len(plan) + 1)]


def test_what_goes_and_comes_again_is_new() -> None:
    watch = Watch(stable_s=3.0, overdue_s=60.0)
    watch.look({"a": (5, 1)}, 0.0)
    watch.look({}, 2.0)
    watch.look({"a": (5, 1)}, 3.0)
    assert watch.at_rest(5.9) == []
    assert watch.at_rest(6.0) == ["a"]
    assert watch.look_of("b") is None
    watch.taken("a")
    assert not watch.moving(6.0)
