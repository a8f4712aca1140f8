"""Two cues say which ballot it is: the right one, or doubt, never a wrong certainty."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scanner.ballot import Face, Reason, Rect, StyleKind
from scanner.classify.atlas import DPI, known
from scanner.classify.identify import IdentifyBounds, crop_mm, identify, read_number
from scanner.config import calibration
from scanner.election_package import read_election
from scanner.layout.glyphs import digit_pictures
from scanner.layout.raster import pictures
from scanner.layout.styles import styles
from scanner.simulate.elections import shipped_election, shipped_names
from tests.scans import Lie, Quiet, blotted, laid, line, paper, printed

BOUNDS = calibration("identify", IdentifyBounds)
STRAIGHT = np.array([[DPI / 25.4, 0, -0.5], [0, DPI / 25.4, -0.5]])
NAMES = ("A", "B", "C", "blank", "tick_off")


@pytest.fixture(scope="module")
def known_ones(atlas):
    return Quiet(atlas.known)


def one_of(known_ones, style):
    return next(one for one in known_ones if one.style == style)


def line_of(one):
    """The whole ballot number line of a style, mm."""
    first, last = one.numbers.cells[0], one.numbers.cells[-1]
    return Rect(first.x, first.y, last.x + last.w - first.x, first.h)


def moved(page, source, rect):
    """`page` with a rectangle (mm) of another page copied over, in place and returned."""
    k = DPI / 25.4
    x, y, right, low = (round(v * k) for v in (rect.x, rect.y, rect.x + rect.w, rect.y + rect.h))
    page[y:low, x:right] = source[y:low, x:right]
    return page


def worn(page, seed):
    """A page as a tolerable scanner shows it, and where: a little crooked, blurred, grey and noisy."""
    rng = np.random.default_rng(seed)
    skew, dx, dy = rng.uniform(-2, 2), rng.uniform(-4, 4), rng.uniform(-4, 4)
    image, matrix = laid(page, Lie(0, skew, (dx, dy), 1.0, 255), DPI)
    soft = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 0.9)).astype(np.float64)
    seen = 30 + soft * 0.82 + rng.normal(0, 4, soft.shape)
    return np.clip(seen, 0, 255).astype(np.uint8), matrix[:2]


# --- every shipped election ------------------------------------------------------------------


@pytest.fixture(scope="module", params=shipped_names())
def on_paper(request):
    """The insides of all ballots of a shipped election, and what is known of them."""
    election = read_election(shipped_election(request.param))
    every = styles(election)
    drawn = pictures(election, every, DPI)
    inside = {one.id: drawn[one.id, Face.INSIDE] for one in every}
    return inside, tuple(known(one, inside[one.id], digit_pictures(one, DPI)) for one in every)


def test_every_list_of_a_shipped_election_is_told_from_all_others(on_paper):
    inside, every = on_paper
    for seed, one in enumerate(every):
        identity, reasons = identify(*worn(inside[one.style], seed), every, BOUNDS)
        told = identity.style, identity.list, identity.kind, identity.heading
        assert told == (one.style, one.list, one.kind, one.heading)
        assert (identity.agree, reasons) == (True, ())
        assert all(a in {"?", b} for a, b in zip(identity.ballot_number, one.ballot_number, strict=True))


def test_the_two_similar_names_under_each_others_numbers_are_a_conflict(on_paper):
    inside, every = on_paper
    pair = [one for one in every if one.kind is StyleKind.PARTY][:2]
    for ours, theirs in (pair, pair[::-1]) if pair else ():
        page = moved(inside[ours.style].copy(), inside[theirs.style], ours.heading_rect.grown(0.5))
        identity, reasons = identify(*worn(page, 7), every, BOUNDS)
        assert (reasons, identity.agree) == ((Reason.IDENTITY_CONFLICT,), False)
        assert (identity.style, identity.list) == (None, None)
        assert (identity.ballot_number, identity.heading) == (ours.ballot_number, theirs.heading)


# --- the number ------------------------------------------------------------------------------


@pytest.mark.parametrize("style", NAMES)
def test_a_clean_number_is_read_whole(known_ones, style):
    one = one_of(known_ones, style)
    text, score = read_number(printed(style, Face.INSIDE), STRAIGHT, one.numbers, BOUNDS)
    assert text == one.ballot_number
    assert score > 0.9


stains = st.tuples(st.floats(0, 1), st.floats(2, 25), st.integers(0, 200))


@given(st.sampled_from(NAMES), stains, st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_stained_digits_are_open_and_the_rest_still_read(known_ones, style, place, seed):
    at, wide, gray = place
    one = one_of(known_ones, style)
    area = line_of(one)
    stain = Rect(area.x + at * (area.w - wide), area.y - 1, wide, area.h + 2)
    image, matrix = worn(blotted(printed(style, Face.INSIDE), stain, gray), seed)
    text, _ = read_number(image, matrix, one.numbers, BOUNDS)
    covered = [stain.x - 0.5 < c.x + c.w and c.x < stain.x + stain.w + 0.5 for c in one.numbers.cells]
    for read, true, hidden in zip(text, one.ballot_number, covered, strict=True):
        assert read in {"?", true} if hidden else read == true
    identity, reasons = identify(image, matrix, known_ones, BOUNDS)
    assert identity.style == style
    assert reasons in {(), (Reason.IDENTITY_WEAK,)}
    assert identity.agree == (reasons == ())


def test_a_number_under_a_stain_leaves_the_name_alone_and_that_is_weak(known_ones):
    one = one_of(known_ones, "B")
    page = blotted(printed("B", Face.INSIDE), line_of(one).grown(2), 30)
    identity, reasons = identify(page, STRAIGHT, known_ones, BOUNDS)
    assert reasons == (Reason.IDENTITY_WEAK,)
    assert (identity.list, identity.agree) == ("B", False)


@pytest.mark.parametrize("gray", [20, 160])
def test_a_stain_over_the_one_digit_that_differs_leaves_the_number_open_not_foreign(known_ones, gray):
    one = one_of(known_ones, "B")  # all numbers of the small election differ in the last digit alone
    page = blotted(printed("B", Face.INSIDE), one.numbers.cells[-1].grown(0.4), gray)
    identity, reasons = identify(page, STRAIGHT, known_ones, BOUNDS)
    assert identity.ballot_number == one.ballot_number[:-1] + "?"
    assert (identity.list, identity.agree, reasons) == ("B", False, (Reason.IDENTITY_WEAK,))
    blotted(page, one.heading_rect.grown(1), gray)
    identity, reasons = identify(page, STRAIGHT, known_ones, BOUNDS)
    assert (identity.list, identity.agree, reasons) == (None, False, (Reason.IDENTITY_WEAK,))


def test_open_digits_and_a_name_that_they_rule_out_are_a_conflict(known_ones):
    one = one_of(known_ones, "A")
    others = tuple(
        replace(other, ballot_number="7" + other.ballot_number[1:]) if other.style == "A" else other
        for other in known_ones
    )
    page = blotted(printed("A", Face.INSIDE), one.numbers.cells[-1].grown(0.4), 20)
    identity, reasons = identify(page, STRAIGHT, others, BOUNDS)
    assert (identity.style, identity.agree, reasons) == (None, False, (Reason.IDENTITY_CONFLICT,))


def with_digit(page, one, place, digit):
    """The page with another digit printed in one cell, in place and returned."""
    cell, k = one.numbers.cells[place], DPI / 25.4
    glyph = one.numbers.glyphs[digit]
    x, y = round(cell.x * k), round(cell.y * k)
    page[y : y + glyph.shape[0], x : x + glyph.shape[1]] = glyph
    return page


@given(st.integers(0, 21), st.integers(0, 9), st.integers(0, 99))
@settings(max_examples=12, deadline=None)
def test_a_number_that_no_list_has_is_foreign(known_ones, place, digit, seed):
    one = one_of(known_ones, "A")
    number = one.ballot_number[:place] + str(digit) + one.ballot_number[place + 1 :]
    assume(number not in {other.ballot_number for other in known_ones})
    page = with_digit(printed("A", Face.INSIDE), one, place, digit)
    identity, reasons = identify(*worn(page, seed), known_ones, BOUNDS)
    assert reasons == (Reason.UNKNOWN_BALLOT,)
    assert identity.ballot_number == number
    assert (identity.style, identity.list, identity.kind, identity.agree) == (None, None, None, False)


# --- the name --------------------------------------------------------------------------------


@pytest.mark.parametrize("ours", ["A", "B", "C"])
@pytest.mark.parametrize("theirs", ["A", "B", "C"])
def test_the_name_of_another_list_is_a_conflict(known_ones, ours, theirs):
    one = one_of(known_ones, ours)
    page = moved(printed(ours, Face.INSIDE), printed(theirs, Face.INSIDE), one.heading_rect.grown(0.5))
    identity, reasons = identify(*worn(page, 5), known_ones, BOUNDS)
    if ours == theirs:
        assert (identity.list, reasons) == (ours, ())
    else:
        assert reasons == (Reason.IDENTITY_CONFLICT,)
        assert (identity.list, identity.style, identity.agree) == (None, None, False)
        assert identity.ballot_number == one.ballot_number


@pytest.mark.parametrize("gray", [0, 60, 255])
def test_a_name_that_cannot_be_read_is_weak(known_ones, gray):
    one = one_of(known_ones, "A")
    page = blotted(printed("A", Face.INSIDE), one.heading_rect.grown(1), gray)
    identity, reasons = identify(page, STRAIGHT, known_ones, BOUNDS)
    assert reasons == (Reason.IDENTITY_WEAK,)
    assert (identity.list, identity.agree) == ("A", False)


def test_neither_number_nor_name_is_no_ballot_of_ours(known_ones):
    one = one_of(known_ones, "A")
    page = blotted(printed("A", Face.INSIDE), one.heading_rect.grown(1), 0)
    page = blotted(page, line_of(one).grown(2), 0)
    identity, reasons = identify(page, STRAIGHT, known_ones, BOUNDS)
    assert reasons == (Reason.UNKNOWN_BALLOT,)
    assert (identity.style, identity.agree) == (None, False)


def test_a_line_through_the_name_does_not_make_it_another(known_ones):
    rect = one_of(known_ones, "A").heading_rect
    middle = rect.y + rect.h / 2
    page = line(printed("A", Face.INSIDE), (rect.x, middle), (rect.x + rect.w, middle), pen_mm=0.6)
    identity, reasons = identify(page, STRAIGHT, known_ones, BOUNDS)
    assert identity.list == "A"
    assert reasons in {(), (Reason.IDENTITY_WEAK,)}


# --- whatever is fed -------------------------------------------------------------------------

spoils = st.lists(
    st.tuples(
        st.sampled_from(["number", "heading", "page"]), st.floats(0, 1), st.floats(0, 1), st.integers(0, 255)
    ),
    max_size=6,
)


@given(st.sampled_from(NAMES), spoils, st.integers(0, 999))
@settings(max_examples=15, deadline=None)
def test_a_spoilt_ballot_is_never_surely_another_list(known_ones, style, blots, seed):
    one = one_of(known_ones, style)
    page = printed(style, Face.INSIDE)
    areas = {"number": line_of(one), "heading": one.heading_rect, "page": Rect(10, 10, 200, 180)}
    for where, x, y, gray in blots:
        area = areas[where]
        blotted(page, Rect(area.x + x * area.w, area.y + y * area.h / 2, 0.3 * area.w, area.h), gray)
    identity, reasons = identify(*worn(page, seed), known_ones, BOUNDS)
    assert identity.agree == (reasons == ())
    assert not identity.agree or identity.style == style
    assert identity.style in {None, style}


@given(st.integers(0, 10**6))
@settings(max_examples=6, deadline=None)
def test_noise_is_no_ballot(known_ones, seed):
    noise = np.random.default_rng(seed).integers(0, 256, (1200, 1600), np.uint8)
    identity, reasons = identify(noise, STRAIGHT, known_ones, BOUNDS)
    assert (identity.style, identity.agree, reasons) == (None, False, (Reason.UNKNOWN_BALLOT,))


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (40, 40)])
@pytest.mark.parametrize("level", [0, 255])
def test_any_image_is_answered(known_ones, shape, level):
    identity, reasons = identify(np.full(shape, level, np.uint8), STRAIGHT, known_ones, BOUNDS)
    assert (identity.style, reasons) == (None, (Reason.UNKNOWN_BALLOT,))


def test_an_election_of_one_ballot_needs_no_rival(known_ones):
    only = (one_of(known_ones, "A"),)
    identity, reasons = identify(printed("A", Face.INSIDE), STRAIGHT, only, BOUNDS)
    assert (identity.list, identity.agree, reasons) == ("A", True, ())


def test_two_ballots_that_print_the_same_name_cannot_be_told_by_it(known_ones):
    one = one_of(known_ones, "A")
    twin = replace(one, style="twin", list="twin", ballot_number=one.ballot_number[:-1] + "7")
    identity, reasons = identify(printed("A", Face.INSIDE), STRAIGHT, (one, twin), BOUNDS)
    assert not identity.agree
    assert reasons == (Reason.IDENTITY_WEAK,)


def test_a_crop_is_straight_and_of_the_size_asked_for():
    page, (_, by_name) = printed("A", Face.INSIDE), paper()
    box = by_name["A"].marks[0].rect.grown(2)
    image, matrix = laid(page, Lie(1, 2.0, (3.0, 1.0)), DPI)
    seen, wanted = crop_mm(image, matrix[:2], box, DPI), crop_mm(page, STRAIGHT, box, DPI)
    assert seen.shape == wanted.shape == (round(box.h * DPI / 25.4), round(box.w * DPI / 25.4))
    assert np.abs(seen.astype(int) - wanted).mean() < 12


@pytest.mark.parametrize("shift_mm", [-2.4, 2.4])
@pytest.mark.parametrize("style", ["A", "blank"])
def test_paper_stretched_between_its_marks_still_says_which_ballot_it_is(known_ones, style, shift_mm):
    page = np.roll(printed(style, Face.INSIDE), round(shift_mm * DPI / 25.4), axis=0)
    identity, reasons = identify(page, STRAIGHT, known_ones, BOUNDS)
    assert (identity.style, identity.agree, reasons) == (style, True, ())


def test_a_number_one_digit_off_along_its_line_is_not_read_as_if_it_stood_there(known_ones):
    one = one_of(known_ones, "A")
    page = np.roll(printed("A", Face.INSIDE), round(2.54 * DPI / 25.4), axis=1)
    text, _ = read_number(page, STRAIGHT, one.numbers, BOUNDS, far=True)
    assert text != one.ballot_number
