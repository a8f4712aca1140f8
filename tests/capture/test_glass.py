"""Dirt on the glass: the same thin line on sheet after sheet is told, folds and print are not."""

from dataclasses import replace

import numpy as np

from scanner.ballot import Face
from scanner.capture.glass import GlassWatch, streaks
from scanner.layout.raster import picture
from scanner.layout.styles import styles
from scanner.pixels import INCH_MM, Gray
from scanner.simulate.scan import paper, scanned, with_bleed
from scanner.simulate.wear import Streak, Transport, scanner, wear
from tests.strategies import small_election

ELECTION = small_election()
STYLE = styles(ELECTION)[0]
AT = 0.33


def inside(seed: int, *, dirty: bool, level: int = 1) -> tuple[Gray, float]:
    """The inside of a sheet, with or without a streak, and where the streak lies, mm."""
    rng = np.random.default_rng([seed, level])
    on = replace(scanner(level, rng), transport=Transport.DOWN, backing=12, margin_mm=(4.0, 4.0))
    line = (Streak(AT, 2, 0.7, 0.0, 1.0),) if dirty else ()
    fate = replace(wear(on, STYLE.page_mm, STYLE.folds_mm, rng), streaks=(line, line))
    faces = [paper(with_bleed(picture(ELECTION, STYLE, one, 200), 200), one, fate)[0] for one in Face]
    page = scanned((faces[0], faces[1]), fate)[0]
    return page, AT * page.shape[1] / 200 * INCH_MM


def test_a_streak_is_found_where_it_lies() -> None:
    """Print hides it on some sheets; what is found is never elsewhere."""
    off = []
    for seed in range(4):
        page, at = inside(seed, dirty=True)
        off += [abs(one - at) for one in streaks(page, 200, STYLE.folds_mm)]
    assert len(off) >= 2
    assert max(off) < 1


def test_folds_and_print_are_no_streaks() -> None:
    assert [streaks(inside(seed, dirty=False)[0], 200, STYLE.folds_mm) for seed in range(4)] == [()] * 4


def test_a_white_sheet_tells_every_line() -> None:
    page = np.full((2300, 1700), 240, np.uint8)
    page[:, 500:502] = 200
    page[:, 1100] = 215
    found = streaks(page, 200)
    assert [round(one) for one in found] == [round(501 / 200 * INCH_MM), round(1100.5 / 200 * INCH_MM)]


def test_a_line_that_ends_on_the_paper_was_drawn() -> None:
    page = np.full((2300, 1700), 240, np.uint8)
    page[400:2300, 500:502] = 60
    assert streaks(page, 200) == ()


def test_dirt_is_told_once_after_three_sheets() -> None:
    watch = GlassWatch("front")
    told = [watch.see((120.0 + n % 2,)) for n in range(20)]
    assert [n for n, one in enumerate(told) if one] == [2]
    assert "dirt on the glass of the front, 120 mm" in told[2][0]


def test_lines_here_and_there_are_not_dirt() -> None:
    watch = GlassWatch("back")
    assert [one for n in range(40) if (one := watch.see((20.0 + 7 * n,) if n % 2 else ()))] == []


def test_a_second_streak_is_told_too_and_the_first_again_later() -> None:
    watch = GlassWatch("front")
    told = [n for n in range(250) for _ in watch.see((50.0, 90.0) if n > 10 else (50.0,))]
    assert told == [2, 13, 102, 113, 202, 213]
