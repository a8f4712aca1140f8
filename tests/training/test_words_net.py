"""Both networks of names: shapes, the file says what the network says, learning is the same from a seed."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the train extra")
pytest.importorskip("onnx", reason="needs the train extra")

from scanner.classify.eyes import Model
from scanner.classify.handwriting import taken
from scanner.classify.writing import HIGH, STEP
from scanner.training.teaching import Pace
from scanner.training.words_course import FIRST, SECOND, Course, Subject, pool_of, written
from scanner.training.words_lines import Line
from scanner.training.words_net import CLASSES, Pool, chances, learned, padded


@pytest.fixture(scope="module")
def pool() -> Pool:
    random = np.random.default_rng(0)
    return [(random.integers(0, 256, (HIGH, 40), np.uint8), "per") for _ in range(4)]


@pytest.mark.parametrize("subject", [FIRST, SECOND])
def test_the_file_says_what_the_network_says(subject: Subject, tmp_path, pool: Pool) -> None:
    net = subject.make().eval()
    written(subject, net, tmp_path, 3, Course(4, Pace(1)))
    model = Model(tmp_path / "models" / f"{subject.model}.onnx")
    picture = pool[0][0]
    said = model(taken(picture))[0, :, 0].T
    raised = np.exp(chances(net, [picture])[0])
    assert said.shape == (picture.shape[1] // STEP, CLASSES)
    assert said == pytest.approx(raised / raised.sum(1, keepdims=True), abs=1e-4)


def test_learning_is_the_same_from_a_seed(pool: Pool) -> None:
    one, other = (learned(FIRST.make, pool, Pace(1, batch=2), 5) for _ in range(2))
    assert all(
        np.array_equal(a.detach().numpy(), b.detach().numpy())
        for a, b in zip(one.parameters(), other.parameters(), strict=True)
    )


def test_short_pictures_are_padded_with_empty_paper(pool: Pool) -> None:
    both = padded([pool[0][0], np.full((HIGH, 60), 255, np.uint8)])
    assert both.shape == (2, 1, HIGH, 60)
    assert both[0, 0, :, 40:].max() == 0
    assert both[1].min() == 1


def test_the_two_readers_learn_from_different_mixes() -> None:
    blank = np.zeros((HIGH, 16), np.uint8)
    lines = [Line(blank, blank, str(n), writer) for n, writer in enumerate((7, 0, 0, 7, 0))]
    assert [text for _, text in pool_of(FIRST, lines)] == ["0", "1", "2", "3", "4"]
    assert [text for _, text in pool_of(SECOND, lines)] == ["0", "1", "3"]
