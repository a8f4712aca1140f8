import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.capture.events import Fault
from scanner.capture.twain_faults import TwainError
from scanner.capture.twain_told import Page
from scanner.capture.twain_trail import Trail, letters
from scanner.capture.twain_words import BACK, FRONT


def both(paper: int | None = None, sides: tuple[int, int] = (FRONT, BACK)) -> tuple[Page, Page]:
    return Page(sides[0], paper), Page(sides[1], paper)


def fault_of(trail: Trail, *pages: Page) -> Fault:
    with pytest.raises(TwainError) as stop:
        trail.sheet(pages)
    return stop.value.fault


def test_sheets_that_follow_on_each_other() -> None:
    trail = Trail()
    for paper in range(7, 12):
        trail.sheet(both(paper))
    assert trail.counted == 5


def test_two_fronts_are_no_sheet() -> None:
    assert fault_of(Trail(), Page(FRONT), Page(FRONT)) is Fault.SHORT_IMAGE


def test_front_and_back_of_two_sheets_are_no_sheet() -> None:
    assert fault_of(Trail(), Page(FRONT, 1), Page(BACK, 2)) is Fault.SHORT_IMAGE


def test_a_count_that_leaps_is_a_sheet_without_images() -> None:
    trail = Trail()
    trail.sheet(both(1))
    assert fault_of(trail, *both(3)) is Fault.SHORT_IMAGE


def test_a_sheet_that_comes_twice() -> None:
    trail = Trail()
    trail.sheet([Page(FRONT, 1)])
    assert fault_of(trail, Page(BACK, 1)) is Fault.CONFIG, "both sides though one was asked"


def test_the_count_begins_anew_after_a_person_had_the_paper() -> None:
    trail = Trail()
    trail.sheet(both(8))
    trail.restart()
    trail.sheet(both(3))
    trail.sheet(both(4))
    assert (trail.last, trail.counted) == (4, 3)
    assert fault_of(trail, *both(6)) is Fault.SHORT_IMAGE, "only the first one after it may leap"


def test_a_feeder_that_starts_again_by_itself_goes_on_or_begins_at_one() -> None:
    trail = Trail()
    trail.sheet(both(1))
    trail.go_on()
    trail.sheet(both(1))
    trail.go_on()
    trail.sheet(both(2))
    trail.go_on()
    assert fault_of(trail, *both(4)) is Fault.SHORT_IMAGE


def test_without_a_count_the_order_tells_a_lost_side() -> None:
    trail = Trail()
    trail.sheet(both())
    assert fault_of(trail, *both(sides=(BACK, FRONT))) is Fault.SHORT_IMAGE


def test_a_scanner_that_sends_the_back_first_is_believed_the_second_time() -> None:
    trail = Trail()
    turned = both(sides=(BACK, FRONT))
    assert fault_of(trail, *turned) is Fault.SHORT_IMAGE
    trail.sheet(turned)
    trail.sheet(turned)
    assert fault_of(trail, *both()) is Fault.SHORT_IMAGE


def test_one_that_counts_may_send_either_first() -> None:
    trail = Trail()
    trail.sheet(both(1, (BACK, FRONT)))
    trail.sheet(both(2, (FRONT, BACK)))
    assert (trail.last, trail.counted, trail.order) == (2, 2, None)


def test_one_that_tells_nothing_is_believed() -> None:
    trail = Trail()
    for _ in range(3):
        trail.sheet([Page(), Page()])
    assert trail.counted == 0


def test_letters() -> None:
    assert letters(both(sides=(BACK, FRONT))) == ("B", "F")
    assert letters([Page(), Page()]) == ("F", "B")
    assert letters([Page(BACK)]) == ("B",)
    assert letters([Page(FRONT), Page(FRONT)]) == ("F", "B"), "not believed"


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), max_size=3, unique=True), st.booleans())
def test_no_front_gets_another_sheets_back(lost: list[int], counts: bool) -> None:
    """Ten images of five sheets, some lost: pairs that pass are of one sheet."""
    sent = [(n // 2, Page((FRONT, BACK)[n % 2], n // 2 + 1 if counts else None)) for n in range(10)]
    left = [one for n, one in enumerate(sent) if n not in lost]
    trail = Trail()
    for front, back in zip(left[::2], left[1::2], strict=False):
        try:
            trail.sheet([front[1], back[1]])
        except TwainError:
            return
        if counts:
            assert front[0] == back[0]
