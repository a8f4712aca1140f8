"""2023, Voss: names written outside the field were not captured; a sample found it, and all were read again.

What must hold: ink outside every field is seen, inside and outside the ballot, and a person looks.
"""

import pytest

from scanner.ballot import Category, Face
from scanner.opening import Atlas
from tests.odd import cases

pytestmark = pytest.mark.endtoend


@pytest.mark.parametrize("level", [0, 1])
def test_a_name_outside_the_table_is_seen(atlas: Atlas, level: int) -> None:
    for one in cases(atlas, "write_in_outside_field", 8, level=level, seed=23):
        assert one.outcome.verdict.category is Category.TVILSOM, one
        assert one.sent_to_the_right_place, one


@pytest.mark.parametrize("kind", ["comment", "drawing"])
def test_so_is_whatever_else_is_written_there(atlas: Atlas, kind: str) -> None:
    for one in cases(atlas, kind, 5, seed=23):
        assert not one.sure, one
        assert one.sent_to_the_right_place, one


def test_the_person_is_told_where(atlas: Atlas) -> None:
    told = [one.outcome.reading.stray_mm for one in cases(atlas, "write_in_outside_field", 4, seed=23)]
    assert all(told)
    assert {face for places in told for face, _ in places} <= set(Face)
