"""Pictures against those before them: what differs as feeders do is silent, what is larger is told."""

from hypothesis import given
from hypothesis import strategies as st

from scanner.capture.odd_size import SizeWatch

WOBBLE = st.tuples(st.floats(-2.5, 2.5), st.floats(-2.5, 2.5))


@given(st.lists(WOBBLE, min_size=4, max_size=30), st.floats(9, 150), st.booleans())
def test_a_larger_one_among_many(wobbles: list[tuple[float, float]], more: float, wide: bool) -> None:
    watch = SizeWatch(6.0)
    assert [watch.see((290 + x, 223 + y)) for x, y in wobbles] == [""] * len(wobbles)
    assert "two sheets" in watch.see((290 + more * wide, 223 + more * (not wide)))
    assert watch.see((290, 223)) == "", "it is not what is usual from now on"


def test_the_first_ones_say_what_is_usual_and_smaller_ones_are_left_to_the_reading() -> None:
    watch = SizeWatch(6.0)
    assert [watch.see((290, one)) for one in (250.0, 223.0, 223.0, 223.0, 100.0)] == [""] * 5
