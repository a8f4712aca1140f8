"""Labelled stacks on record: each sheet is a ballot of its box, a label, or put aside and fed again."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import simplejpeg

from scanner.ballot import PageImage, Sheet
from scanner.box_label import BoxLabel, LabelKind
from scanner.capture.boxes import LabelTrouble, Stop
from scanner.commands.stacks import LabelledStack, stack_name
from scanner.election_package import read_election
from scanner.errors import ExitCode, StoreError
from scanner.layout.labels import A4, label_pages
from scanner.layout.raster import render
from scanner.store import Store, fingerprint, open_store
from scanner.store.records import Became
from tests.command import Here, package
from tests.strategies import small_election

ELECTION = small_election()
STACK = stack_name("escl:http://192.0.2.10/eSCL")
START, END = LabelKind.START, LabelKind.END


@cache
def label(kind: LabelKind, number: int) -> bytes:
    """A label sheet as a scanner of 100 dpi sends it."""
    one = BoxLabel(kind, "FO", "0001", number, 2)
    (page,) = render(list(label_pages(iter([one]), ELECTION, fingerprint(ELECTION), A4)), 100)
    return simplejpeg.encode_jpeg(np.ascontiguousarray(page[..., None]), 85, "GRAY")


@cache
def blank(level: int = 245) -> bytes:
    return simplejpeg.encode_jpeg(np.full((1169, 827, 1), level, np.uint8), 85, "GRAY")


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store("sqlite::memory:") as one:
        one.bind(ELECTION)
        yield one


def fed(store: Store, *fronts: bytes, asked: str | None = None) -> LabelledStack:
    """The sheets on the stack's next numbers, by a process that knows only what is on record."""
    stack = LabelledStack(store, ELECTION, STACK, asked)
    first = len(store.book.stack(STACK)) + 1
    for number, front in enumerate(fronts, first):
        images = (PageImage("F.jpg", front, 100.0), PageImage("B.jpg", blank(), 100.0))
        stack.take(Sheet(STACK, number, images, "virtual", f"I{number}", f"{number}"))
    return stack


def trouble(stack: LabelledStack) -> LabelTrouble | None:
    stop = stack.finish()
    return stop.trouble if isinstance(stop, Stop) else None


def test_two_boxes_in_one_stack(store: Store) -> None:
    stack = fed(
        store, label(START, 1), blank(), blank(), label(END, 1), label(START, 2), blank(), label(END, 2)
    )
    assert trouble(stack) is None
    assert [one.id for one in store.sheets()] == ["FO-0001-1/0001", "FO-0001-1/0002", "FO-0001-2/0001"]
    assert [one.imprint for one in store.sheets()] == ["I2", "I3", "I6"]
    assert store.progress().fed == 3 == stack.ballots
    assert [one.standing for one in store.book.records()] == ["scanned", "scanned"]


def test_a_scan_cut_off_inside_a_box_goes_on(store: Store) -> None:
    assert trouble(fed(store, label(START, 1), blank())) is LabelTrouble.NO_END_LABEL
    assert trouble(fed(store, blank(), label(END, 1))) is None
    assert [one.id for one in store.sheets()] == ["FO-0001-1/0001", "FO-0001-1/0002"]


def test_after_a_stop_all_that_was_fed_goes_back(store: Store) -> None:
    """The feeder had taken two sheets more; all three lie in the tray and come again."""
    stack = fed(store, label(START, 1), blank(), label(START, 2), blank(200), label(END, 2))
    assert trouble(stack) is LabelTrouble.NO_END_LABEL
    assert (stack.ballots, stack.aside) == (1, 3)
    again = fed(store, label(END, 1), label(START, 2), blank(200), label(END, 2))
    assert trouble(again) is None
    became = Counter(one.became for one in store.book.stack(STACK))
    assert became == {Became.BALLOT: 2, Became.LABEL: 4, Became.ASIDE: 3}
    assert store.progress().fed == 2
    gone = next(one for one in store.book.stack(STACK) if one.became is Became.ASIDE)
    assert store._images.get(gone.sha256[0]) == label(START, 2)


def test_sheets_put_aside_are_fed_again_from_a_folder(store: Store) -> None:
    stack = fed(store, blank(), label(START, 1))
    known = dict(stack.known())
    assert len(known) == 2
    assert {one.name for one in known.values()} == {"\x001", "\x002"}, "no folder has such a name"
    fed(store, label(START, 1), blank(), label(END, 1))
    names = [one.name for _, one in LabelledStack(store, ELECTION, STACK, None).known()]
    assert names == ["\x001", "\x002", "3", "4", "5"]


def test_the_same_box_again(store: Store) -> None:
    fed(store, label(START, 1), blank(), label(END, 1))
    assert trouble(fed(store, label(START, 1))) is LabelTrouble.BOX_TWICE


def test_a_box_begun_elsewhere_needs_to_be_asked_for(store: Store) -> None:
    other = LabelledStack(store, ELECTION, "other", None)
    images = (PageImage("F.jpg", label(START, 1), 100.0), PageImage("B.jpg", blank(), 100.0))
    other.take(Sheet("other", 1, images))
    assert trouble(fed(store, label(START, 1))) is LabelTrouble.BOX_TWICE
    assert trouble(fed(store, label(START, 1), blank(), asked="FO-0001-1")) is LabelTrouble.NO_END_LABEL
    assert trouble(fed(store, label(END, 1))) is None
    assert [one.id for one in store.sheets()] == ["FO-0001-1/0001"]


def test_two_processes_never_open_one_box(store: Store) -> None:
    """Both looked before either label came: the store itself lets only one of them in."""
    first, second = (LabelledStack(store, ELECTION, name, None) for name in ("a", "b"))
    images = (PageImage("F.jpg", label(START, 1), 100.0),)
    first.take(Sheet("a", 1, images))
    with pytest.raises(StoreError, match="has its start label already"):
        second.take(Sheet("b", 1, images))


def test_an_explained_box_is_over(store: Store) -> None:
    fed(store, label(START, 1), blank())
    store.book.explain("FO-0001-1", "Kari", "the end label was torn, 1 ballot counted by hand")
    assert trouble(fed(store, label(START, 2), label(END, 2))) is None


def test_a_sheet_whose_images_are_broken_is_still_a_ballot(store: Store) -> None:
    fed(store, label(START, 1), b"no image", label(END, 1))
    assert [one.id for one in store.sheets()] == ["FO-0001-1/0001"]


def lay(folder: Path, *fronts: bytes) -> Path:
    """The sheets as files in the order they are to be fed."""
    folder.mkdir(exist_ok=True)
    for number, front in enumerate(fronts, 1):
        (folder / f"{number:03d}F.jpg").write_bytes(front)
        (folder / f"{number:03d}B.jpg").write_bytes(blank())
    return folder


@pytest.mark.endtoend
def test_a_stack_with_labels_from_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Stopped by a box that began inside another, put right, scanned again: nothing lost or twice."""
    here = Here(capsys)
    kommune, url = package("kommunestyre"), f"sqlite:{tmp_path / 'a.db'}"
    mark, election = fingerprint(read_election(kommune)), read_election(kommune)

    def label(kind: LabelKind, number: int) -> bytes:
        one = BoxLabel(kind, "FO", election.kretser[0].code, number, 2)
        (page,) = render(list(label_pages(iter([one]), election, mark, A4)), 100)
        return simplejpeg.encode_jpeg(np.ascontiguousarray(page[..., None]), 85, "GRAY")

    sheets = (label(START, 1), blank(230), blank(231), label(START, 2), blank(232), label(END, 2))
    stack = lay(tmp_path / "stack", *sheets)
    words = ("scan", "--election", kommune, "--store", url, "--source", f"folder:{stack}")
    stopped = here(*words)
    assert stopped.code == ExitCode.CAPTURE
    assert "before the end label of box FO-0001-1" in stopped.err
    assert "The last 3 sheets in the tray are not counted" in stopped.err
    lay(stack, *sheets[:3], label(END, 1), *sheets[3:])
    again = here(*words)
    assert again.code == ExitCode.DONE, again.err
    assert "Box FO-0001-2, 2 of 2: closed, 1 sheets" in again.err
    with open_store(url, create=False) as store:
        assert [one.id for one in store.sheets()] == ["FO-0001-1/0001", "FO-0001-1/0002", "FO-0001-2/0001"]
        levels = [sha256(blank(one)).hexdigest() for one in (230, 231, 232)]
        assert [one.sides[0].sha256 for one in store.sheets()] == levels
        assert {one.standing for one in store.book.records()} == {"scanned"}
