import shutil

import numpy as np
import pytest

from scanner.ballot import Face, Rect
from scanner.heading import read_heading
from scanner.layout.raster import picture
from scanner.layout.styles import styles
from scanner.pixels import INCH_MM
from tests.strategies import small_election

HEADER = Rect(18, 2, 112, 15)
TO_IMAGE = np.array([[200 / INCH_MM, 0, -0.5], [0, 200 / INCH_MM, -0.5]])


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="the machine has no tesseract")
def test_the_header_of_a_printed_ballot_is_read_for_people() -> None:
    election = small_election()
    first = styles(election)[0]
    text = read_heading(picture(election, first, Face.INSIDE, 200), TO_IMAGE, HEADER)
    assert text is not None
    assert str(election.year) in text


def test_without_tesseract_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytesseract.pytesseract.tesseract_cmd", "there-is-no-such-program")
    assert read_heading(np.full((1755, 2285), 255, np.uint8), TO_IMAGE, HEADER) is None
