"""Our print lies where the official drawings lie."""

import pytest

from scanner.ballot import Face
from scanner.layout.styles import styles
from tests.layout.drawn import DRAWINGS, EVERY, Drawing, drawing_seen, print_seen, same_words, table
from tests.layout.measure import measured

WITHIN = 0.5  # mm
by_form = pytest.mark.parametrize("drawing", EVERY, ids=lambda one: one.form)


@by_form
def test_the_form_is_the_one_drawn(drawing: Drawing) -> None:
    style = styles(same_words(drawing))[0]
    assert (style.form, style.capacity) == (drawing.form, drawing.candidates)


@by_form
def test_every_measured_element_stands_where_the_drawing_has_it(drawing: Drawing) -> None:
    ours = {face: print_seen(drawing, face) for face in Face}
    far = []
    for row in table(drawing.form):
        here = measured(ours[row.face], row.how, row.window)
        off = max(abs(a - b) for a, b in zip(here, row.seen, strict=True))
        if off > WITHIN:
            far.append(f"{row.face} {row.element}: {row.seen} in the drawing, {here} in print")
    assert not far


@by_form
def test_the_table_measures_every_box_and_both_faces(drawing: Drawing) -> None:
    rows = table(drawing.form)
    assert sum(one.element.startswith("box-") for one in rows) == drawing.candidates
    assert sum(one.element.startswith("mark-") and one.face is Face.INSIDE for one in rows) == 5
    assert sum(one.element.startswith("mark-") and one.face is Face.OUTSIDE for one in rows) >= 5


@pytest.mark.skipif(not DRAWINGS.is_dir(), reason="the official drawings are not part of the repository")
@by_form
def test_the_table_is_what_the_drawings_say(drawing: Drawing) -> None:
    seen = {face: drawing_seen(drawing, face) for face in Face}
    for row in table(drawing.form):
        assert measured(seen[row.face], row.how, row.window) == pytest.approx(row.seen, abs=0.011), row
