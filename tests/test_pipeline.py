"""The whole way of one ballot: the same verdict however it was fed, and doubt for whatever is no ballot."""

from dataclasses import replace
from functools import cache
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from scanner.ballot import (
    AmendmentKind,
    Category,
    Face,
    FieldKind,
    PageImage,
    Reason,
    Rect,
    Sheet,
    StampState,
)
from scanner.election import Election, ElectionType
from scanner.layout.raster import picture
from scanner.layout.styles import styles
from scanner.pipeline import Outcome, crashed, read
from tests.scans import Lie, as_scanned, blotted, cross, line, paper, printed, sheet, stamped
from tests.strategies import small_election

ELECTION, STYLES = paper()
STYLE = STYLES["A"]
ORDINARY, LATE = (ELECTION.category(code) for code in ("VO", "FS"))
BOXES = STYLE.of(FieldKind.PERSONAL_VOTE)
USUAL = Lie(margin_mm=3)
STAMP_AT = STYLE.of(FieldKind.STAMP)[0].rect.centre


@cache
def inside(name: str = "A", votes: tuple[int, ...] = (), lie: Lie = USUAL, dpi: float = 200) -> bytes:
    page = printed(name, Face.INSIDE, dpi)
    for n in votes:
        cross(page, BOXES[n].rect, pen_mm=0.6, dpi=dpi)
    return as_scanned(page, lie, dpi)


@cache
def outside(name: str = "A", *, stamp: bool = True, lie: Lie = USUAL, dpi: float = 200) -> bytes:
    page = printed(name, Face.OUTSIDE, dpi)
    return as_scanned(stamped(page, STAMP_AT, dpi=dpi) if stamp else page, lie, dpi)


def untimed(outcome: Outcome) -> Outcome:
    return replace(outcome, reading=replace(outcome.reading, ms=()))


def doubtful(outcome: Outcome, *reasons: Reason) -> bool:
    """True if the sheet is tvilsom for all these reasons, and nothing on it is held for sure."""
    verdict = outcome.verdict
    return (
        verdict.category is Category.TVILSOM
        and not verdict.amendments
        and set(reasons) <= set(verdict.reasons)
    )


# --- ballots ---------------------------------------------------------------------------------


def test_a_clean_stamped_ballot_is_urettet(atlas):
    outcome = read(sheet(inside(), outside()), atlas, ORDINARY)
    verdict = outcome.verdict
    assert (verdict.category, verdict.list, verdict.amendments, verdict.reasons) == (
        Category.URETTET,
        "A",
        (),
        (),
    )
    assert verdict.confidence > 0.9
    assert outcome.sheet == outcome.reading.sheet == "K1/0001"
    assert outcome.reading.stamp.state is StampState.PRESENT
    assert outcome.reading.stray_mm == ()
    assert outcome.reading.version == atlas.version
    assert {name for name, _ in outcome.reading.ms} >= {"decode", "upright", "identify", "marks", "judge"}
    assert all(ms >= 0 for _, ms in outcome.reading.ms)


def test_crosses_are_personal_votes(atlas):
    verdict = read(sheet(inside(votes=(0, 3)), outside()), atlas, ORDINARY).verdict
    assert verdict.category is Category.RETTET
    assert [(one.kind, one.candidate) for one in verdict.amendments] == [
        (AmendmentKind.PERSONAL_VOTE, 1),
        (AmendmentKind.PERSONAL_VOTE, 4),
    ]


@pytest.mark.parametrize(
    ("name", "kind"), [("B", "urettet"), ("C", "urettet"), ("blank", "blank"), ("tick_off", "blank")]
)
def test_every_kind_of_ballot_is_read(atlas, name, kind):
    verdict = read(sheet(inside(name), outside(name)), atlas, ORDINARY).verdict
    assert (verdict.category, verdict.reasons) == (Category(kind), ())
    assert verdict.list == (name if len(name) == 1 else None)


def test_a_ballot_without_a_stamp_depends_on_its_category(atlas):
    bare = sheet(inside(), outside(stamp=False))
    assert read(bare, atlas, ORDINARY).verdict.reasons == (Reason.STAMP_ABSENT,)
    assert read(bare, atlas, LATE).verdict.category is Category.URETTET


def test_a_number_and_a_strike_on_a_ranked_ballot(ranked_atlas):
    election, by_name = paper(ElectionType.STORTING)
    style = by_name["A"]
    page = printed("A", Face.INSIDE, kind=ElectionType.STORTING)
    cross(page, style.of(FieldKind.STRIKE)[2].rect, pen_mm=0.6)
    back = stamped(
        printed("A", Face.OUTSIDE, kind=ElectionType.STORTING), style.of(FieldKind.STAMP)[0].rect.centre
    )
    verdict = read(sheet(as_scanned(page), as_scanned(back)), ranked_atlas, election.category("VO")).verdict
    assert (verdict.category, verdict.reasons) == (Category.RETTET, ())
    assert [(one.kind, one.candidate) for one in verdict.amendments] == [(AmendmentKind.STRIKE, 3)]


# --- however it is fed -----------------------------------------------------------------------


def test_the_same_bytes_give_the_same_outcome(atlas):
    one = sheet(inside(votes=(1,)), outside())
    assert untimed(read(one, atlas, ORDINARY)) == untimed(read(one, atlas, ORDINARY))


@pytest.mark.parametrize(
    ("front", "back"),
    [
        (Lie(2), Lie(2)),
        (Lie(1, 1.5), Lie(1, -1.5)),
        (Lie(3, -2.5, (5, -5)), Lie(1, 2.5, (-5, 5))),
        (Lie(0, 3, (3, 3), 1.01, 0), Lie(0, -3, (-3, 3), 0.99, 0)),
        (Lie(2, 0, (0, 0), 1, 140), Lie(0, 0, (0, 0), 1, 140)),
    ],
)
@pytest.mark.parametrize("swapped", [False, True])
def test_turned_skewed_and_swapped_sheets_have_the_same_verdict(atlas, front, back, swapped):
    straight = read(sheet(inside(votes=(2,)), outside()), atlas, ORDINARY).verdict
    pages = inside(votes=(2,), lie=front), outside(lie=back)
    verdict = read(sheet(*(pages[::-1] if swapped else pages)), atlas, ORDINARY).verdict
    assert (verdict.category, verdict.list, verdict.amendments, verdict.reasons) == (
        straight.category,
        straight.list,
        straight.amendments,
        (),
    )


@pytest.mark.parametrize("dpi", [150, 300])
@pytest.mark.parametrize("told", ["right", "nothing", "wrong"])
def test_any_resolution_is_read_whatever_the_file_says_of_it(atlas, dpi, told):
    says = {"right": float(dpi), "nothing": None, "wrong": 96.0}[told]
    pages = (inside(votes=(2,), dpi=dpi), outside(dpi=dpi))
    if told == "nothing":
        pages = tuple(without_resolution(one) for one in pages)
    verdict = read(sheet(*pages, dpi=says), atlas, ORDINARY).verdict
    assert (verdict.category, verdict.reasons) == (Category.RETTET, ())


def without_resolution(data: bytes) -> bytes:
    """The same page as a PNG that claims nothing."""
    out = BytesIO()
    Image.fromarray(np.asarray(Image.open(BytesIO(data)))).save(out, "PNG")
    return out.getvalue()


# --- ink beside ------------------------------------------------------------------------------


def test_a_comment_is_stray_ink_and_a_guess_ignores_it(atlas):
    page = printed("A", Face.OUTSIDE)
    stamped(page, STAMP_AT)
    line(line(page, (60, 162), (90, 160), pen_mm=0.7), (62, 165), (88, 165), pen_mm=0.7)
    outcome = read(sheet(inside(votes=(1,)), as_scanned(page)), atlas, ORDINARY)
    assert outcome.verdict.reasons == (Reason.STRAY_INK,)
    assert {face for face, _ in outcome.reading.stray_mm} == {Face.OUTSIDE}
    assert outcome.verdict.proposed.category is Category.RETTET


def test_the_rim_of_a_stamp_is_no_stray_ink(atlas):
    page = stamped(printed("A", Face.OUTSIDE), (STAMP_AT[0], STAMP_AT[1] + 9))
    outcome = read(sheet(inside(), as_scanned(page)), atlas, ORDINARY)
    assert outcome.reading.stray_mm == ()
    assert Reason.STRAY_INK not in outcome.verdict.reasons


# --- what is no ballot -----------------------------------------------------------------------

BLANK_PAPER = as_scanned(np.full((1752, 2280), 245, np.uint8))


@pytest.mark.parametrize("count", [0, 1, 3, 4])
def test_a_sheet_without_two_sides_is_doubtful(atlas, count):
    pages = [inside(), outside(), outside(), inside()][:count]
    outcome = read(sheet(*pages), atlas, ORDINARY)
    assert doubtful(outcome, Reason.WRONG_NUMBER_OF_SIDES)


@pytest.mark.parametrize("good", [inside, outside])
@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\xff\xd8\xff",
        b"Dette er tekst, og intet bilde.",
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n" + bytes(64),
    ],
)
def test_bytes_that_are_no_image_are_doubtful(atlas, good, bad):
    outcome = read(sheet(good(), bad), atlas, ORDINARY)
    assert doubtful(outcome, Reason.UNREADABLE_IMAGE)
    assert not outcome.verdict.sure


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.97])
def test_a_truncated_scan_is_never_sure(atlas, share):
    whole = inside(votes=(4,))
    outcome = read(sheet(whole[: int(len(whole) * share)], outside()), atlas, ORDINARY)
    assert outcome.verdict.category is Category.TVILSOM
    assert {
        Reason.UNREADABLE_IMAGE,
        Reason.DAMAGED_PAPER,
        Reason.BAD_REGISTRATION,
        Reason.NOT_A_BALLOT,
    } & set(outcome.verdict.reasons)


def test_an_image_with_a_known_problem_is_not_opened(atlas):
    images = PageImage("1.jpg", inside(), 200, problem="1.jpg is a link."), PageImage("2.jpg", outside(), 200)
    assert doubtful(read(Sheet("K1", 1, images), atlas, ORDINARY), Reason.UNREADABLE_IMAGE)


@pytest.mark.parametrize("face", [inside, outside])
def test_two_equal_faces_are_a_double_feed(atlas, face):
    outcome = read(sheet(face(), face("B")), atlas, ORDINARY)
    assert doubtful(outcome, Reason.SAME_FACE_TWICE)
    assert outcome.reading.identity.list is None


@pytest.mark.parametrize(
    "pages", [(BLANK_PAPER, BLANK_PAPER), (inside(), BLANK_PAPER), (BLANK_PAPER, outside())]
)
def test_blank_paper_is_no_ballot(atlas, pages):
    outcome = read(sheet(*pages), atlas, ORDINARY)
    assert doubtful(outcome, Reason.NOT_A_BALLOT)
    assert (Reason.POOR_IMAGE in outcome.verdict.reasons) == (BLANK_PAPER in pages)


def foreign(election: Election) -> Sheet:
    """A stamped ballot of the first list of another election."""
    style = styles(election)[0]
    front, back = (picture(election, style, face, 200).copy() for face in Face)
    stamped(back, style.of(FieldKind.STAMP)[0].rect.centre)
    return sheet(as_scanned(front), as_scanned(back))


def test_a_ballot_of_another_election_on_the_same_form_is_unknown(atlas):
    other = small_election()
    lists = tuple(replace(one, ballot_number="9" + one.ballot_number[1:]) for one in other.lists)
    outcome = read(foreign(replace(other, lists=lists)), atlas, ORDINARY)
    assert doubtful(outcome, Reason.UNKNOWN_BALLOT)
    assert outcome.verdict.list is None
    assert outcome.reading.identity.ballot_number == lists[0].ballot_number


def test_a_ballot_of_another_form_is_doubtful(atlas):
    outcome = read(foreign(small_election(ElectionType.STORTING)), atlas, ORDINARY)
    assert outcome.verdict.category is Category.TVILSOM
    assert not outcome.verdict.amendments


def test_a_ballot_whose_names_are_anothers_is_never_sure(atlas):
    """Number and heading of list A over the names of list C: § 10-3 (3)."""
    page, other = printed("A", Face.INSIDE), printed("C", Face.INSIDE)
    k = 200 / 25.4
    top, low = (round(v * k) for v in (BOXES[0].rect.y - 2, BOXES[-1].rect.y + 6))
    page[top:low] = other[top:low]
    assert not np.array_equal(page, printed("A", Face.INSIDE))
    outcome = read(sheet(as_scanned(page), outside()), atlas, ORDINARY)
    assert not outcome.verdict.sure
    assert outcome.verdict.amendments == ()


def test_a_ballot_torn_across_is_damaged(atlas):
    page = blotted(printed("A", Face.INSIDE), Rect(0, 120, 400, 200), 255)
    outcome = read(sheet(as_scanned(page), outside()), atlas, ORDINARY)
    assert outcome.verdict.category is Category.TVILSOM


@pytest.mark.parametrize("name", ["A", "blank"])
def test_a_crashed_reader_is_a_doubtful_sheet(name):
    outcome = crashed(sheet(inside(name), outside(name), number=7), ELECTION, ORDINARY)
    assert outcome.sheet == "K1/0007"
    assert (outcome.verdict.category, outcome.verdict.reasons) == (Category.TVILSOM, (Reason.READER_CRASHED,))
    assert outcome.verdict.confidence == 0.0


garbage = st.binary(max_size=200) | st.builds(
    lambda head, rest: head + rest,
    st.sampled_from(
        [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"II*\0", b"BM", b"%PDF-", b"RIFF\0\0\0\0WEBP"]
    ),
    st.binary(max_size=200),
)


@given(st.lists(garbage, max_size=3), st.none() | st.floats(allow_nan=True))
@settings(max_examples=40, deadline=None)
def test_any_bytes_are_a_doubtful_sheet(atlas, pages, dpi):
    outcome = read(sheet(*pages, dpi=dpi), atlas, ORDINARY)
    assert outcome.verdict.category is Category.TVILSOM
    assert outcome.verdict.reasons
    assert outcome.verdict.confidence == 0.0


@given(st.tuples(st.integers(200, 700), st.integers(200, 3000)), st.booleans(), st.integers(0, 9))
@settings(max_examples=10, deadline=None)
def test_any_picture_is_a_doubtful_sheet(atlas, shape, tall, seed):
    noise = np.random.default_rng(seed).integers(0, 256, shape[::-1] if tall else shape, np.uint8)
    out = BytesIO()
    Image.fromarray(noise).save(out, "PNG", compress_level=0)
    assert doubtful(
        read(sheet(out.getvalue(), out.getvalue(), dpi=None), atlas, ORDINARY), Reason.NOT_A_BALLOT
    )
