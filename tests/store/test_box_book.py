"""Boxes in the store: expected, opened and closed by label sheets on record, or explained."""

import pytest

from scanner.ballot import Sheet
from scanner.box_label import BoxLabel, LabelKind
from scanner.capture.box_list import boxes_of
from scanner.errors import StoreError
from scanner.store import Store
from scanner.store.records import Became, BoxStanding, Explanation
from tests.store.conftest import sheet

START = BoxLabel(LabelKind.START, "VO", "0001", 1, 2)
END = BoxLabel(LabelKind.END, "VO", "0001", 1, 2)
BOX = "VO-0001-1"


def standing(store: Store) -> dict[str, BoxStanding]:
    return {one.id: one.standing for one in store.book.records()}


def test_a_box_from_expected_to_scanned(store: Store) -> None:
    store.book.expect(boxes_of("VO", "0001", 2))
    seen = [standing(store)[BOX]]
    store.add_box(START.box)
    store.book.keep_label(START, "11", sheet(box=BOX, front=b"label"))
    seen.append(standing(store)[BOX])
    store.add_sheet(sheet(1, BOX))
    store.book.keep_label(END, "12", sheet(box=BOX, front=b"last"))
    seen.append(standing(store)[BOX])
    assert seen == [BoxStanding.MISSING, BoxStanding.OPEN, BoxStanding.SCANNED]
    assert standing(store)["VO-0001-2"] is BoxStanding.MISSING


def test_labels_are_on_record_and_no_ballots(store: Store) -> None:
    store.add_box(START.box)
    store.book.keep_label(START, "11", sheet(box=BOX, front=b"label"))
    (kept,) = store.book.labels()
    assert kept.label == START
    assert store._images.get(kept.sha256[0]) == b"label"
    assert store.progress().fed == 0
    assert list(store.sheets()) == []
    assert list(store.ballots()) == []
    assert store.next_number(BOX) == 1


def test_no_two_labels_of_one_box(store: Store) -> None:
    store.add_box(START.box)
    store.book.keep_label(START, "11", sheet(box=BOX))
    for front in (b"front", b"another copy"):
        with pytest.raises(StoreError, match="has its start label already"):
            store.book.keep_label(START, "11", sheet(box=BOX, front=front))
    assert len(store.book.labels()) == 1


def test_a_label_of_a_box_that_is_not_registered(store: Store) -> None:
    with pytest.raises(StoreError):
        store.book.keep_label(START, "11", sheet(box=BOX))


def test_a_box_named_by_hand_needs_no_labels(store: Store) -> None:
    store.book.expect([START])
    assert standing(store)["K1"] is BoxStanding.MISSING, "registered, but nothing was fed"
    store.add_sheet(sheet(1, "K1"))
    assert standing(store) == {BOX: BoxStanding.MISSING, "K1": BoxStanding.SCANNED, "F1": BoxStanding.MISSING}


def test_an_explanation_needs_a_box_words_and_a_name(store: Store) -> None:
    store.book.expect([START])
    for box, person, words in (("X", "Kari", "lost"), (BOX, " ", "lost"), (BOX, "Kari", "")):
        with pytest.raises(StoreError):
            store.book.explain(box, person, words)
    store.book.explain(BOX, "Kari", "never existed")
    store.book.explain(BOX, "Ola", "saw it too")
    record = store.book.records()[0]
    assert record.standing is BoxStanding.EXPLAINED
    assert record.explained == (Explanation("Kari", "never existed"), Explanation("Ola", "saw it too"))
    store.add_box(START.box)
    store.add_sheet(sheet(1, BOX))
    assert standing(store)[BOX] is BoxStanding.SCANNED, "found after all"


def test_expecting_again_changes_nothing(store: Store) -> None:
    for code in ("VO", "FS", "VO", "VO"):
        store.book.expect(boxes_of(code, "0001", 2))
    listed = [one.id for one in store.book.records() if one.number]
    assert listed == ["VO-0001-1", "VO-0001-2", "FS-0001-1", "FS-0001-2"]


def test_every_sheet_of_a_stack_is_told_in_order(store: Store) -> None:
    for number, became in ((1, Became.LABEL), (2, Became.BALLOT), (3, Became.ASIDE)):
        store.book.add_to_stack("s", number, became, f"of {number}", sheet(number, front=b"%d" % number))
    store.book.add_to_stack("s", 4, Became.ASIDE, "no images", Sheet("s", 4, ()))
    store.book.add_to_stack("other", 1, Became.BALLOT, "elsewhere", sheet())
    seen = store.book.stack("s")
    assert [(one.number, one.became, len(one.sha256)) for one in seen] == [
        (1, Became.LABEL, 2),
        (2, Became.BALLOT, 2),
        (3, Became.ASIDE, 2),
        (4, Became.ASIDE, 0),
    ]
    assert store._images.get(seen[2].sha256[0]) == b"3", "what was put aside can be looked at"
    with pytest.raises(StoreError):
        store.book.add_to_stack("s", 2, Became.BALLOT, "again", sheet())
