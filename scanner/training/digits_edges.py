"""Reader A of digits: likeness to what it learnt, by random waves of edge directions, and a weight for each.

Random Fourier features (Rahimi & Recht 2007) stand for a Gaussian likeness between digits; on them logistic
regression, which has one best answer. Least squares on the same waves was sure of half as many digits before
its first wrong one. Written to ONNX so that one door opens and checks both readers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from scanner.classify.digit_glyphs import FEATURES, directions
from scanner.classify.digits import ANSWERS, glyph_limits
from scanner.classify.eyes import Floats
from scanner.pixels import Gray
from scanner.training.export import Graph, sealed
from scanner.training.teaching import Pace, led, lots, same_every_time, silent

CHUNK = 4096
PACE = Pace(12, batch=256, rate=4e-3)
GRAPH = Graph("digits_edges", ("n", FEATURES), ("n", ANSWERS))


@dataclass(frozen=True, slots=True)
class Waves:
    """How many waves, how fine (1 / distance between features), and how their weights are learnt."""

    count: int = 3000
    fine: float = 0.04
    pace: Pace = PACE


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """A reader: features minus `mean`, times `waves` plus `phase`, cosine, times `weights` plus `bias`."""

    mean: Floats  # (392,)
    waves: npt.NDArray[np.float16]  # (392, count)
    phase: Floats  # (count,)
    weights: Floats  # (count, 11)
    bias: Floats  # (11,)

    def votes(self, planes: Gray) -> Floats:
        """Uncalibrated logits (n, 11) for upright pictures (n, 32, 32)."""
        features = _features(planes) - self.mean
        return _heights(features, self.waves.astype(np.float32), self.phase) @ self.weights + self.bias


def _features(planes: Gray) -> Floats:
    """Edge directions (n, 392) of many upright pictures."""
    how = glyph_limits()
    return np.concatenate([directions(planes[at : at + CHUNK], how) for at in range(0, len(planes), CHUNK)])


def _heights(away: Floats, waves: Floats, phase: Floats) -> Floats:
    return np.asarray(np.cos(away @ waves + phase), np.float32)


def solved(
    planes: Gray, answers: npt.NDArray[np.int64], how: Waves, seed: int, say: Callable[[str], None] = silent
) -> Edges:
    """The reader that fits upright pictures (n, 32, 32) and their answers 0..10 (n,) best."""
    same_every_time(seed)
    random = np.random.default_rng([seed, 5])
    seen = _features(planes)
    some = seen[random.permutation(len(seen))[:CHUNK]]
    mean, scale = some.mean(0), float(some.std(0).mean())
    seen -= mean
    fine = (random.standard_normal((FEATURES, how.count)) * how.fine / scale).astype(np.float16)
    waves, phase = fine.astype(np.float32), random.uniform(0, 2 * np.pi, how.count).astype(np.float32)
    line = nn.Linear(how.count, ANSWERS)

    def a_pass() -> Iterator[tuple[Tensor, Tensor]]:
        for lot in lots(len(answers), how.pace, random):
            yield torch.from_numpy(_heights(seen[lot], waves, phase)), torch.from_numpy(answers[lot])

    led(
        line,
        len(answers),
        a_pass,
        lambda one: nn.functional.cross_entropy(line(one[0]), one[1]),
        how.pace,
        say=say,
    )
    weights, bias = (one.detach().numpy() for one in (line.weight, line.bias))
    return Edges(mean, fine, phase, np.ascontiguousarray(weights.T), bias)


def edges_bytes(edges: Edges, calm: float) -> bytes:
    """The reader as an ONNX file; `calm` is the temperature of its votes."""
    nodes = [
        helper.make_node("Sub", ["crops", "mean"], ["away"]),
        helper.make_node("Cast", ["waves16"], ["waves"], to=TensorProto.FLOAT),
        helper.make_node("Gemm", ["away", "waves", "phase"], ["turns"]),
        helper.make_node("Cos", ["turns"], ["heights"]),
        helper.make_node("Gemm", ["heights", "weights", "bias"], ["votes"]),
        helper.make_node("Div", ["votes", "temperature"], ["calm"]),
        helper.make_node("Softmax", ["calm"], ["seen"], axis=1),
    ]
    kept = {"mean": edges.mean, "waves16": edges.waves, "phase": edges.phase, "weights": edges.weights,
            "bias": edges.bias, "temperature": np.float32(calm)}  # fmt: skip
    return sealed(
        nodes, [numpy_helper.from_array(np.asarray(value), name) for name, value in kept.items()], GRAPH
    )
