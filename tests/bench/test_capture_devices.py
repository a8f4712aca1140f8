import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import PageImage
from scanner.bench.capture_devices import as_pgm, numbered
from scanner.capture.decode import decode
from scanner.simulate.scan import jpeg

WHITE = np.full((600, 400), 240, np.uint8)


@settings(max_examples=20)
@given(st.integers(0, 2**20 - 1))
def test_the_number_on_a_picture_outlives_jpeg(number: int) -> None:
    """So two sheets of one ballot never have the same pixels."""
    levels = decode(PageImage("side", as_pgm(jpeg(numbered(WHITE, number), 85, 200)))).gray
    assert sum(int(levels[8, 16 * n + 8] < 128) << n for n in range(20)) == number
    assert (WHITE == 240).all(), "the picture itself is left as it was"
