"""Reader A of digits: least squares on random waves of edge directions, solved in one go.

Random Fourier features (Rahimi & Recht 2007) stand for a Gaussian likeness between digits; what is like
nothing it has seen gets no digit's vote. Written to ONNX so that one door opens and checks both readers.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, helper, numpy_helper

from scanner.classify.digit_glyphs import FEATURES, directions
from scanner.classify.digits import ANSWERS
from scanner.classify.eyes import Floats
from scanner.pixels import Gray
from scanner.training.export import Graph, sealed

CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Waves:
    """How many waves, how fine (1 / distance between features), how strongly large weights are shunned."""

    count: int = 2500
    fine: float = 0.022
    ridge: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """A solved reader: features minus `mean`, times `waves` plus `phase`, cosine, times `weights`."""

    mean: Floats  # (392,)
    waves: npt.NDArray[np.float16]  # (392, count)
    phase: Floats  # (count,)
    weights: Floats  # (count, 11)

    def votes(self, planes: Gray) -> Floats:
        """About 1 for the answer and 0 for the others, (n, 11), for upright pictures (n, 32, 32)."""
        parts = [self._heights(planes[at : at + CHUNK]) @ self.weights for at in range(0, len(planes), CHUNK)]
        return np.concatenate(parts)

    def _heights(self, planes: Gray) -> Floats:
        return _heights(directions(planes) - self.mean, self.waves, self.phase)


def _heights(features: Floats, waves: npt.NDArray[np.float16], phase: Floats) -> Floats:
    return np.asarray(np.cos(features @ waves.astype(np.float32) + phase), np.float32)


def solved(planes: Gray, answers: npt.NDArray[np.int64], how: Waves, seed: int) -> Edges:
    """The reader that fits upright pictures (n, 32, 32) and their answers 0..10 (n,) best."""
    random = np.random.default_rng([seed, 5])
    some = directions(planes[random.permutation(len(planes))[:CHUNK]])
    mean, scale = some.mean(0), float(some.std(0).mean())
    waves = (random.standard_normal((FEATURES, how.count)) * how.fine / scale).astype(np.float16)
    phase = random.uniform(0, 2 * np.pi, how.count).astype(np.float32)
    left, right = np.zeros((how.count, how.count)), np.zeros((how.count, ANSWERS))
    for at in range(0, len(planes), CHUNK):
        heights = _heights(directions(planes[at : at + CHUNK]) - mean, waves, phase)
        left += heights.T @ heights
        right += heights.T @ np.eye(ANSWERS, dtype=np.float32)[answers[at : at + CHUNK]]
    weights = np.linalg.solve(left + how.ridge * np.eye(how.count), right)
    return Edges(mean, waves, phase, weights.astype(np.float32))


def edges_bytes(edges: Edges, calm: float) -> bytes:
    """The reader as an ONNX file; `calm` is the temperature of its votes."""
    nodes = [
        helper.make_node("Sub", ["crops", "mean"], ["away"]),
        helper.make_node("Cast", ["waves16"], ["waves"], to=TensorProto.FLOAT),
        helper.make_node("Gemm", ["away", "waves", "phase"], ["turns"]),
        helper.make_node("Cos", ["turns"], ["heights"]),
        helper.make_node("MatMul", ["heights", "weights"], ["votes"]),
        helper.make_node("Div", ["votes", "temperature"], ["calm"]),
        helper.make_node("Softmax", ["calm"], ["seen"], axis=1),
    ]
    kept = {"mean": edges.mean, "waves16": edges.waves, "phase": edges.phase, "weights": edges.weights,
            "temperature": np.float32(calm)}  # fmt: skip
    weights = [numpy_helper.from_array(np.asarray(value), name) for name, value in kept.items()]
    return sealed(nodes, weights, Graph("digits_edges", ("n", FEATURES), ("n", ANSWERS)))
