"""What is known of the paper: fields in their places, marks cut out whole, faces prepared once."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.ballot import Face, FieldKind, Rect
from scanner.classify.atlas import DPI, PER_MM, blinded, frame, known, px
from scanner.layout.glyphs import digit_pictures
from tests.scans import paper, printed

STYLES = paper()[1]
sides = st.floats(0, 300, allow_nan=False)


@given(sides, sides, sides, sides)
def test_pixels_cover_the_rectangle_to_half_a_pixel(x, y, w, h):
    left, top, wide, high = px(Rect(x, y, w, h))
    assert min(left, top, wide, high) >= 0
    for seen, meant in ((left, x), (top, y), (left + wide, x + w), (top + high, y + h)):
        assert abs(seen - meant * PER_MM) <= 0.5 + 1e-6


@given(sides, sides, sides, sides)
def test_rectangles_side_by_side_share_no_pixel_and_leave_none(x, w, more, h):
    left, right = px(Rect(x, 0, w, h)), px(Rect(x + w, 0, more, h))
    assert abs(left[0] + left[2] - right[0]) <= 0  # the same edge, rounded the same way


def test_every_style_has_both_faces_with_their_own_fields(atlas):
    for name, style in STYLES.items():
        seen = atlas.faces.style(name)
        assert seen.style.id == name
        for face, one in ((Face.INSIDE, seen.inside), (Face.OUTSIDE, seen.outside)):
            assert set(one.fields) == {field for field in style.fields if field.face is face}
            cut = np.subtract(printed(name, face).shape, one.template.gray.shape)
            assert 0 <= cut.min() <= cut.max() <= 8  # whole cells only


def test_a_face_is_prepared_once_and_shared_by_those_that_look_alike(atlas):
    a, b = atlas.faces.style("A"), atlas.faces.style("B")
    assert a.inside is atlas.faces.style("A").inside
    assert a.outside.template is b.outside.template
    assert a.inside.template is not b.inside.template
    assert atlas.faces.style("blank").outside.fields == tuple(
        one for one in STYLES["blank"].fields if one.face is Face.OUTSIDE
    )


def test_an_unknown_style_is_a_key_error(atlas):
    with pytest.raises(KeyError):
        atlas.faces.style("Z")


@pytest.mark.parametrize("face", list(Face))
def test_no_ink_is_seen_at_the_rim(atlas, face):
    one = atlas.faces.style("A")
    allowed = (one.inside if face is Face.INSIDE else one.outside).printed
    rim = round(atlas.faces.rim_mm * PER_MM)
    for edge in (allowed.blind[:rim], allowed.blind[-rim:], allowed.blind[:, :rim], allowed.blind[:, -rim:]):
        assert edge.min() == 255
    assert allowed.blind.min() == 0


def test_every_field_stays_in_sight(atlas):
    style, allowed = STYLES["A"], atlas.faces.style("A").inside.printed
    for one in style.fields:
        if one.face is Face.INSIDE and one.kind in {FieldKind.PERSONAL_VOTE, FieldKind.WRITE_IN}:
            x, y, w, h = px(one.rect)
            assert (allowed.blind[y : y + h, x : x + w] == 0).mean() > 0.4


def test_blinding_changes_nothing_but_the_rim(atlas):
    allowed = atlas.faces.style("A").inside.printed
    again = blinded(allowed, atlas.faces.rim_mm)
    assert np.array_equal(again.blind, allowed.blind)
    wider = blinded(allowed, 20.0)
    n = round(20 * PER_MM)
    assert np.array_equal(wider.blind[n:-n, n:-n], allowed.blind[n:-n, n:-n])


@pytest.mark.parametrize("face", list(Face))
@pytest.mark.parametrize("name", ["A", "blank", "tick_off"])
def test_registration_marks_are_cut_out_whole_and_centred(face, name):
    style = STYLES[name]
    seen = frame(style, face, printed(name, face))
    assert len(seen.marks_mm) == len(seen.coarse) == len(seen.fine) == 5
    assert seen.page_mm == style.page_mm
    for one in (*seen.coarse, *seen.fine):
        assert one.shape[0] % 2 == one.shape[1] % 2 == 1
        assert np.ptp(one) > 120
        rows, columns = np.nonzero(one < 128)
        assert abs((rows.min() + rows.max()) / 2 - one.shape[0] // 2) <= 1.5
        assert abs((columns.min() + columns.max()) / 2 - one.shape[1] // 2) <= 1.5


def test_frames_that_look_alike_are_one(atlas):
    assert len({one.key() for one in atlas.frames}) == len(atlas.frames)
    frames = [frame(STYLES[name], Face.INSIDE, printed(name, Face.INSIDE)) for name in "AB"]
    assert frames[0].key() == frames[1].key()


def test_what_is_known_of_a_list_is_what_is_printed():
    style = STYLES["B"]
    one = known(style, printed("B", Face.INSIDE), digit_pictures(style, DPI))
    assert (one.style, one.list, one.kind) == ("B", "B", style.kind)
    assert (one.ballot_number, one.heading) == (style.ballot_number, style.heading)
    assert len(one.numbers.cells) == 22
    assert len(one.numbers.glyphs) == 10
    assert np.ptp(one.heading_picture) > 130
    same = replace(style, id="other")
    assert np.array_equal(
        known(same, printed("B", Face.INSIDE), one.numbers.glyphs).heading_picture, one.heading_picture
    )
