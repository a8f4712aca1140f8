"""What is told during a scan: imprints of every sheet, pictures of every fifth; nothing if all is well."""

import numpy as np
import simplejpeg

from scanner.ballot import PageImage, Sheet
from scanner.capture.quality import quality_limits
from scanner.commands.noticing import noticing
from scanner.simulate.deck import Deck, Press
from tests.strategies import small_election

ELECTION = small_election()


def sheet(number: int, *sides: bytes, imprint: str | None = None) -> Sheet:
    images = tuple(PageImage(f"{number}", one, 200.0) for one in sides)
    return Sheet("K1", number, images, "virtual", imprint)


def white(level: int) -> bytes:
    return simplejpeg.encode_jpeg(np.full((1755, 2284, 1), level, np.uint8), 85, "GRAY")


def test_good_ballots_are_passed_in_silence() -> None:
    watch = noticing(ELECTION)
    one = Deck(Press(ELECTION), 3, 0).sheet(1)
    told = [line for n in range(1, 7) for line in watch.see(sheet(n, one.front, one.back, imprint=f"A{n}"))]
    assert told == []


def test_imprints_are_looked_at_on_every_sheet() -> None:
    watch = noticing(ELECTION)
    told = [list(watch.see(sheet(n, imprint=one))) for n, one in enumerate(("A1", "A2", "A4", "A2"), 1)]
    assert [bool(one) for one in told] == [False, False, True, True]
    assert "may have gone through" in told[2][0]


def test_imprints_go_on_from_what_an_earlier_scan_has_kept() -> None:
    watch = noticing(ELECTION)
    for number in (1, 2):
        watch.remember("virtual", number, f"A{number}")
    assert list(watch.see(sheet(3, imprint="A3"))) == []
    (line,) = watch.see(sheet(4, imprint="A1"))
    assert "so is sheet 1" in line


def test_pictures_are_looked_at_on_every_few() -> None:
    watch, every = noticing(ELECTION), quality_limits().every
    told = [n for n in range(1, 2 * every + 1) if list(watch.see(sheet(n, white(90), white(240))))]
    assert told == [1, 1 + every]


def tall(height: int) -> bytes:
    return simplejpeg.encode_jpeg(np.full((height, 2284, 1), 240, np.uint8), 85, "GRAY")


def test_a_picture_longer_than_those_before_is_told_whenever_it_comes() -> None:
    watch = noticing(ELECTION)
    told = [list(watch.see(sheet(n, tall(1755), tall(1760)))) for n in range(1, 5)]
    assert not any("those before" in line for lines in told for line in lines)
    lines = list(watch.see(sheet(5, tall(1755), tall(1900))))
    assert lines[0] == (
        "Sheet 5, back: the picture is 290 × 241 mm, those before 290 × 224 mm: were two sheets fed together?"
    )
    assert len(lines) > 1, "and it is looked at, though it is not its turn"
    assert list(watch.see(sheet(7, tall(1755), tall(1760)))) == []


def test_what_every_sheet_has_is_told_three_times() -> None:
    watch, every = noticing(ELECTION), quality_limits().every
    told = [n for n in range(1, 6 * every) if list(watch.see(sheet(n, white(90), white(240))))]
    assert told == [1, 1 + every, 1 + 2 * every]


def test_the_side_is_named_and_a_broken_image_is_left_to_the_reading() -> None:
    told = list(noticing(ELECTION).see(sheet(1, b"no image", white(240))))
    assert told
    assert all(one.startswith("Sheet 1, back: ") for one in told)
