import tomllib
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from scanner.ballot import MarkState, Rect
from scanner.classify.box_eyes import (
    SIDE,
    Bounds,
    OnnxEyes,
    Sight,
    bounds,
    chance,
    crop,
    foreign_bounds,
    levelled,
)
from scanner.classify.eyes import read_card
from scanner.config import shipped
from scanner.errors import ExitCode, ModelError
from scanner.simulate.marks import Hand, MarkShape, correction, mark
from scanner.simulate.pens import InkColour, Pen, PenKind, draw
from scanner.training.dispute import great_cross
from scanner.training.ink import filled, voter
from scanner.training.wear import familiar, scanned, unfamiliar

EYES = OnnxEyes()
BOUNDS = bounds()
K = 200 / 25.4  # px per mm
BOX = Rect(8.0, 8.0, 3.9, 3.9)
PEN = Pen(PenKind.BALLPOINT, InkColour.BLUE, 0.4, 0.85, 0.0, 0.15, 0.0)


def page(paper=245, line=3):
    """A row of a ballot: three boxes, one above the other, in px at 200 dpi."""
    sheet = np.full((160, 160), paper, np.uint8)
    for row in (-1, 0, 1):
        x, y, w = round(BOX.x * K), round((BOX.y + 5.9 * row) * K), round(BOX.w * K)
        sheet[y : y + w, x : x + w] = 30
        sheet[y + line : y + w - line, x + line : x + w - line] = paper
    return sheet


def marked(shape, seed=1, pen=PEN):
    sheet, random = page(), np.random.default_rng(seed)
    draw(sheet, mark(shape, BOX, Hand(), random), pen, K, random)
    return sheet


def rect(dx=0.0, dy=0.0):
    return [(BOX.x + dx) * K, (BOX.y + dy) * K, BOX.w * K, BOX.h * K]


def probability(sheet, dx=0.0, dy=0.0):
    return float(EYES.marks(crop(sheet, [rect(dx, dy)]))[0])


def chance_of(sheet, box):
    return float(EYES.marks(crop(sheet, [[box.x * K, box.y * K, box.w * K, box.h * K]]))[0])


def copied(folder: Path):
    for name in ("mark.onnx", "mark.toml"):
        (folder / name).write_bytes((shipped("models") / name).read_bytes())
    return folder / "mark.onnx"


@pytest.mark.parametrize("where", [0, 1000, -1])
def test_a_model_that_differs_by_one_byte_is_refused(tmp_path, where):
    path = copied(tmp_path)
    model = bytearray(path.read_bytes())
    model[where] ^= 1
    path.write_bytes(model)
    with pytest.raises(ModelError, match="not the one on its card") as refused:
        OnnxEyes(path)
    assert refused.value.exit_code == ExitCode.MODEL == 7


def test_a_model_without_a_card_is_refused(tmp_path):
    path = copied(tmp_path)
    path.with_suffix(".toml").unlink()
    with pytest.raises(ModelError, match=r"mark\.toml"):
        OnnxEyes(path)


def test_a_card_without_a_model_is_refused(tmp_path):
    path = copied(tmp_path)
    path.unlink()
    with pytest.raises(ModelError, match=r"mark\.onnx"):
        OnnxEyes(path)


@pytest.mark.parametrize("text", ["", "sha256 = 1", "[", "\xff"])
def test_a_broken_card_is_refused(tmp_path, text):
    path = copied(tmp_path)
    path.with_suffix(".toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(ModelError, match="card"):
        OnnxEyes(path)


def test_a_model_that_is_no_model_is_refused_even_with_a_true_card(tmp_path):
    path = copied(tmp_path)
    path.write_bytes(b"not a network")
    card = path.with_suffix(".toml")
    digest = sha256(b"not a network").hexdigest()
    card.write_text(card.read_text("utf-8").replace(EYES.card.sha256, digest), "utf-8")
    with pytest.raises(ModelError, match="cannot be opened"):
        OnnxEyes(path)


def test_the_card_says_what_was_learnt_and_measured():
    card = read_card(shipped("models") / "mark.toml")
    assert card.outputs == [one.name.lower() for one in Sight]
    assert 10_000 < card.parameters < 200_000
    assert card.data
    assert card.licences
    assert card.limits
    every = card.metrics["all"]
    assert every.marked + every.unmarked == every.n > 4_000
    assert all(one.wrong_but_sure + one.doubtful <= one.n for one in card.metrics.values())


def test_the_bounds_carry_their_evidence():
    entries = tomllib.loads((shipped("calibration") / "mark_model.toml").read_text("utf-8"))
    assert 0 < BOUNDS.lo < 0.5 < BOUNDS.hi < 1
    assert all("Clopper-Pearson" in entry["how"] for entry in entries.values())


@pytest.mark.parametrize("paper", [150, 200, 255])
def test_a_clean_empty_box_is_surely_unmarked(paper):
    assert BOUNDS.state(probability(page(paper))) is MarkState.UNMARKED


@pytest.mark.parametrize("shape", [MarkShape.CROSS, MarkShape.TICK, MarkShape.FILL, MarkShape.SCRIBBLE])
@pytest.mark.parametrize("seed", range(5))
def test_a_drawn_mark_has_a_high_probability(shape, seed):
    assert probability(marked(shape, seed)) > 0.7


@pytest.mark.parametrize("shape", [MarkShape.CROSS, MarkShape.TICK])
def test_a_plain_cross_or_tick_is_surely_marked(shape):
    assert [BOUNDS.state(probability(marked(shape, seed))) for seed in range(8)] == [MarkState.MARKED] * 8


@pytest.mark.parametrize("seed", range(6))
def test_a_neat_fill_is_surely_marked(seed):
    sheet, random = page(), np.random.default_rng(seed)
    who = voter(4, seed)
    draw(sheet, filled(who, BOX.grown(-0.3), random), PEN, K, random)
    assert BOUNDS.state(probability(sheet)) is MarkState.MARKED


@pytest.mark.parametrize("seed", range(10))
def test_a_mark_scribbled_over_beyond_the_box_is_doubt(seed):
    sheet, random = page(), np.random.default_rng(seed)
    draw(sheet, correction(BOX, Hand(size=1.15 + 0.04 * seed), random), PEN, K, random)
    assert BOUNDS.state(probability(sheet)) is MarkState.DOUBTFUL


@pytest.mark.parametrize("seed", range(6))
def test_a_filled_oval_crossed_out_is_doubt(seed):
    sheet, random = np.full((160, 160), 245, np.uint8), np.random.default_rng(seed)
    oval, who = Rect(7.0, 8.0, 5.2, 3.0), voter(4, seed)
    middle, axes = (round(oval.centre[0] * K), round(oval.centre[1] * K)), (round(2.6 * K), round(1.5 * K))
    cv2.ellipse(sheet, middle, axes, 0, 0, 360, 30, 2, cv2.LINE_AA)
    draw(sheet, filled(who, oval, random), PEN, K, random)
    before = chance_of(sheet, oval)
    draw(sheet, great_cross(who.hand, oval, random), PEN, K, random)
    assert before > 0.7
    assert foreign_bounds().state(chance_of(sheet, oval)) is MarkState.DOUBTFUL


@pytest.mark.parametrize("shape", [None, MarkShape.CROSS, MarkShape.TICK, MarkShape.SLASH, MarkShape.DOT])
@pytest.mark.parametrize("wear", [familiar, unfamiliar])
def test_a_box_scanned_again_goes_to_doubt_at_most(shape, wear):
    """VVSG 2.0, 1.1.6-K: never from a mark to blank or back."""
    scene, random = cv2.resize(page(), None, fx=12 / K, fy=12 / K), np.random.default_rng(5)
    if shape is not None:
        draw(scene, mark(shape, BOX, Hand(), random), PEN, 12, random)
    scans = [scanned(scene, BOX, wear, np.random.default_rng(n)) for n in range(40)]
    crops = np.concatenate([crop(one.image, [one.box]) for one in scans])
    assert len({BOUNDS.state(one) for one in EYES.marks(crops).tolist()} - {MarkState.DOUBTFUL}) <= 1


def test_a_one_bit_scan_is_read_as_well():
    sheets = [np.where(one > 140, 255, 0).astype(np.uint8) for one in (page(), marked(MarkShape.CROSS))]
    states = [BOUNDS.state(probability(one)) for one in sheets]
    assert states == [MarkState.UNMARKED, MarkState.MARKED]


def test_a_black_crop_is_never_surely_unmarked():
    assert BOUNDS.state(float(EYES.marks(np.zeros((1, SIDE, SIDE), np.uint8))[0])) is not MarkState.UNMARKED


@settings(max_examples=40, deadline=None)
@given(
    dx=st.floats(-0.3, 0.3), dy=st.floats(-0.3, 0.3),
    shape=st.sampled_from([None, MarkShape.CROSS, MarkShape.TICK, MarkShape.FILL]),
)  # fmt: skip
def test_a_box_missed_by_a_third_of_a_millimetre_is_read_the_same(dx, dy, shape):
    sheet = page() if shape is None else marked(shape)
    seen = probability(sheet, dx, dy)
    assert BOUNDS.state(seen) is MarkState.UNMARKED if shape is None else seen > 0.7


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_a_batch_is_read_as_its_crops_one_by_one(n, seed):
    crops = np.random.default_rng(seed).integers(0, 256, (n, SIDE, SIDE), dtype=np.uint8)
    together, alone = EYES.see(crops), np.concatenate([EYES.see(crops[i : i + 1]) for i in range(n)])
    assert_allclose(together, alone, atol=1e-5)
    assert_allclose(together.sum(1), 1, atol=1e-5)
    assert_array_equal(EYES.see(crops), together)  # and twice the same, bit for bit


def test_no_crops_are_no_probabilities():
    assert EYES.marks(crop(page(), np.zeros((0, 4)))).shape == (0,)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.floats(-1e9, 1e9)] * 2, *[st.floats(0, 1e9)] * 2), min_size=1, max_size=3
    )
)  # fmt: skip
def test_boxes_anywhere_give_crops_and_bounded_memory(rects):
    crops = crop(page(), rects)
    assert crops.shape == (len(rects), SIDE, SIDE)
    assert crops.dtype == np.uint8


def test_what_lies_off_the_page_is_black():
    crops = crop(np.full((50, 50), 255, np.uint8), [[-10.0, 10.0, 20.0, 20.0]])
    assert (crops[0, :, 0] == 0).all()
    assert (crops[0, 16:, -1] == 255).all()


def test_a_crop_shows_the_box_and_a_margin_of_its_size():
    sheet = np.full((200, 200), 255, np.uint8)
    sheet[90:110, 80:120] = 0  # twice as wide as high
    dark = crop(sheet, [[80, 90, 40, 20]])[0] < 128
    assert abs(int(dark.any(0).sum()) - SIDE / 2.2) <= 1
    assert abs(int(dark.any(1).sum()) - SIDE / 2.2) <= 1


def test_paper_is_one_whatever_its_gray():
    for paper in (70, 160, 250):
        level = levelled(np.full((1, SIDE, SIDE), paper, np.uint8))
        assert level.shape == (1, 1, SIDE, SIDE)
        assert_allclose(level, 1, atol=1e-6)


def test_corrected_and_unclean_boxes_are_doubtful():
    seen = np.eye(4, dtype=np.float32)
    states = [Bounds(0.02, 0.98).state(float(one)) for one in chance(seen)]
    doubt = MarkState.DOUBTFUL
    assert states == [MarkState.UNMARKED, MarkState.MARKED, doubt, doubt]


def test_a_probability_that_is_no_number_is_doubt():
    assert BOUNDS.state(float("nan")) is MarkState.DOUBTFUL
