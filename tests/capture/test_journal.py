from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.capture.events import End, Fault, ScanSettings
from scanner.capture.journal import (
    START,
    Closed,
    Discarded,
    Entry,
    Journal,
    Opened,
    Paused,
    Resumed,
    Side,
    Stopped,
    Stored,
    clean,
    line,
    link,
    number_or_none,
    read,
)
from scanner.capture.standing import JOURNAL, Standing, walk
from scanner.errors import AuditError

OPENED = Opened("K1", "folder:x", 5, "folder:/x", "", "", ScanSettings(dpi=300), ScanSettings())


def stored(number: int) -> Stored:
    side = Side(f"{number:04d}-F.jpg", "ab" * 32, 7, "front æ.jpg", 200.0, 0, None)
    return Stored(number, f"sheet {number}", (side,), None, (("skew", "0.1"),), ("odd",))


STOPPED = Stopped(Fault.JAM, "Paper is stuck.", "6", 6, resumable=True)
STORY: tuple[Entry, ...] = (
    OPENED,
    stored(5),
    STOPPED,
    Discarded(6, ("0006-F.jpg.part",)),
    Resumed(6, "other", ScanSettings()),
    stored(6),
    Paused("The operator stopped the feeder.", 7),
    Resumed(7, "other", ScanSettings(page_mm=(210.0, 297.0))),
    Closed(End.HOPPER_EMPTY, 2, None),
)


def written(folder: Path, entries: tuple[Entry, ...] = STORY) -> Path:
    folder.mkdir(exist_ok=True)
    journal = Journal(folder / JOURNAL)
    for one in entries:
        journal.append(one)
    journal.close()
    return folder / JOURNAL


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert tuple(entry for entry, _, _ in read(path)) == STORY
    assert [end for _, _, end in read(path)][-1] == path.stat().st_size


def test_a_line_says_what_it_is_and_what_came_before(tmp_path: Path) -> None:
    one, two, *_ = written(tmp_path).read_bytes().splitlines(keepends=True)
    first, second = msgspec.json.decode(one), msgspec.json.decode(two)
    assert first["before"] == START
    assert second["before"] == link(one)
    assert (first["entry"]["type"], second["entry"]["type"]) == ("opened", "sheet")


def test_it_goes_on_where_it_ended(tmp_path: Path) -> None:
    path = written(tmp_path, STORY[:3])
    *_, (_, head, _) = read(path)
    more = Journal(path, head)
    more.append(STORY[3])
    more.close()
    assert tuple(entry for entry, _, _ in read(path)) == STORY[:4]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("sound"))


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_one_flipped_bit_is_found_and_its_line_named(sound: Path, place: int, bit: int) -> None:
    text = bytearray(sound.read_bytes())
    path = sound.parent / "flipped" / JOURNAL
    path.parent.mkdir(exist_ok=True)
    place %= len(text) - 1  # the very last byte is the newline: without it the line is torn, see below
    text[place] ^= 1 << bit
    path.write_bytes(text)
    number = bytes(text[:place]).count(b"\n") + 1
    with pytest.raises(AuditError, match=rf"journal\.jsonl line ({number}|{number + 1}) "):
        list(walk(path.parent))


@pytest.mark.parametrize("gone", range(1, len(STORY) - 1))
def test_a_line_taken_out_is_found(tmp_path: Path, gone: int) -> None:
    path = written(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:gone] + lines[gone + 1 :]))
    with pytest.raises(AuditError, match=rf"line {gone + 1} does not follow"):
        list(read(path))


def test_a_line_written_by_another_hand_is_found(tmp_path: Path) -> None:
    path = written(tmp_path, STORY[:2])
    *_, (_, head, _) = read(path)
    whole = line(stored(6), head)
    for odd in (whole.replace(b'{"entry"', b'{ "entry"'), whole.replace(b'"number":6', b'"number":7')):
        path.write_bytes(path.read_bytes()[: len(b"".join(path.read_bytes().splitlines(True)[:2]))] + odd)
        with pytest.raises(AuditError, match="line 3 was changed"):
            list(read(path))


def test_a_line_without_its_end_is_a_power_cut(tmp_path: Path) -> None:
    path = written(tmp_path)
    whole = path.read_bytes()
    last = whole[:-1].rfind(b"\n") + 1
    for end in range(last, len(whole)):
        path.write_bytes(whole[:end])
        assert tuple(entry for entry, _, _ in read(path)) == STORY[:-1]


def test_an_endless_line_is_no_power_cut(tmp_path: Path) -> None:
    path = written(tmp_path)
    with path.open("ab") as file:
        file.write(b"x" * 2**21)
    with pytest.raises(AuditError, match=f"line {len(STORY) + 1} was changed"):
        list(read(path))


def test_the_standing_after_each_line(tmp_path: Path) -> None:
    steps = list(walk(written(tmp_path).parent))
    assert [one.standing.next for one in steps] == [5, 6, 6, 6, 6, 7, 7, 7, 7]
    assert [one.standing.stop for one in steps[2:5]] == [STOPPED, STOPPED, None]
    assert [one.standing.device for one in steps][3:5] == ["folder:/x", "other"]
    assert steps[-1].standing.sheets == 2
    assert steps[-1].standing.last == stored(6)
    assert steps[-1].standing.closed == STORY[-1]


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ((stored(5),), "line 1: a line 'stored' cannot stand here"),
        ((OPENED, OPENED), "line 2: a line 'opened' cannot stand here"),
        ((OPENED, stored(6)), "line 2: sheet 6 stands where sheet 5 belongs"),
        ((OPENED, STORY[-1], stored(5)), "line 3: a line 'stored' cannot stand here"),
    ],
)
def test_a_story_that_cannot_be_is_named(tmp_path: Path, entries: tuple[Entry, ...], words: str) -> None:
    with pytest.raises(AuditError, match=words):
        list(walk(written(tmp_path, entries).parent))


def test_no_journal_is_no_standing(tmp_path: Path) -> None:
    assert list(walk(tmp_path)) == []
    assert Standing().sheets == 0


def test_words_and_numbers_from_outside_are_tamed() -> None:
    assert clean("\ud800" + "a" * 9999).startswith("\\ud800a")
    assert len(clean("å" * 9999)) == 500
    assert number_or_none(float("nan")) is None
    assert number_or_none(200.5) == 200.5
