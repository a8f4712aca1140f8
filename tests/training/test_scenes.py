import numpy as np
import pytest
from numpy.testing import assert_array_equal

from scanner.classify.box_eyes import SIDE, Sight
from scanner.training.ink import voter
from scanner.training.scenes import STORIES, Case, arrays, drawn, hard
from scanner.training.wear import familiar, unfamiliar


@pytest.mark.parametrize("wear", [familiar, unfamiliar])
def test_the_same_seed_draws_the_same_boxes(wear):
    once, again = (arrays(drawn(5, range(10), wear, 12)) for _ in range(2))
    assert_array_equal(once[0], again[0])
    assert_array_equal(once[1], again[1])


def test_another_seed_draws_others():
    one, two = (arrays(drawn(seed, range(10), familiar, 4))[0] for seed in (1, 2))
    assert (one != two).any()


@pytest.mark.parametrize("case", list(Case))
def test_every_story_can_be_told(case):
    samples = drawn(3, range(50), familiar, 4, {case: 1.0})
    crops, answers = arrays(samples)
    assert crops.shape == (4, SIDE, SIDE)
    assert answers.sum(1) == pytest.approx(1)
    assert {one.case for one in samples} == {case}
    assert all(one.voter < 50 for one in samples)


def test_stories_cover_every_sight():
    assert {int(np.argmax(answer)) for _, answer in STORIES.values()} == {int(one) for one in Sight}


def test_a_voter_is_always_the_same_person():
    assert voter(1, 7) == voter(1, 7)
    assert voter(1, 7) != voter(1, 8)


def test_unsure_answers_are_no_truth():
    answers = np.array([[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0, 0, 0, 1]], np.float32)
    assert hard(answers).tolist() == [Sight.NOTHING, -1, Sight.UNCLEAN]
