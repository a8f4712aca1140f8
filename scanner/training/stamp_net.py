"""The network of the stamp reader: one look at the window, an answer for it and for each of its cells."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from onnx import helper, numpy_helper
from torch import Tensor, nn

from scanner.classify.eyes import Floats
from scanner.classify.stamp_eyes import ACROSS, DOWN, HIGH, WIDE, Sight, levelled
from scanner.pixels import Gray
from scanner.training.export import Graph, chain, finished
from scanner.training.stamp_scenes import IGNORED
from scanner.training.teaching import Pace, Random, asked, layer, led, lots, same_every_time

GRAPH = Graph("stamp", ("n", 1, HIGH, WIDE), ("n", len(Sight), 1 + DOWN * ACROSS))
SMOOTH = 0.01  # share of each answer given to the others
BATCH, RATE = 32, 3e-3  # windows a step, highest rate of learning
CELLS = 0.6  # weight of the cells' loss beside the window's
EMPTY = 0.3  # weight of an empty cell: most are


class StampNet(nn.Module):  # type: ignore[misc]  # torch is not there for whoever only counts
    """(n, 1, HIGH, WIDE) to logits of the window (n, 5) and of its cells (n, 5, DOWN, ACROSS)."""

    def __init__(self) -> None:
        """Fresh weights."""
        super().__init__()
        self.trunk = nn.Sequential(
            *layer(1, 8, 5, 2), *layer(8, 24, 3, 2), *layer(24, 48, 3, 2), *layer(48, 64, 3, 2),
            *layer(64, 64, 3),
        )  # fmt: skip
        self.cells = nn.Sequential(nn.Conv2d(64, len(Sight), 1))
        self.whole = nn.Sequential(
            *layer(64, 96, 3, 2), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(96 * 4 * 5, len(Sight))
        )  # what stands there matters, and only roughly where

    def forward(self, windows: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the windows and of their cells."""
        seen = self.trunk(windows)
        return self.whole(seen), self.cells(seen)


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """Windows uint8 (n, HIGH, WIDE), goals (n, 5), all 0 where the window has no answer, and cells."""

    windows: Gray
    goals: Floats
    cells: Gray

    def __len__(self) -> int:
        """How many."""
        return len(self.windows)


def taught(lessons: Lessons, passes: int, seed: int) -> StampNet:
    """A net that has learnt from these lessons, so many passes over, in half precision: half the time."""
    same_every_time(seed)
    net, random, pace = StampNet(), np.random.default_rng(seed), Pace(passes, BATCH, RATE)
    net.to(memory_format=torch.channels_last)  # 1.8 times as fast

    def loss(some: npt.NDArray[np.int64]) -> Tensor:
        windows = torch.from_numpy(_varied(lessons.windows[some], random))
        windows = windows.to(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):  # its copies of the weights live one step
            whole, cells = net(windows)
        return _loss(whole.float(), cells.float(), lessons, some)

    led(net, len(lessons), lambda: lots(len(lessons), pace, random), loss, pace)
    return net


def _loss(whole: Tensor, cells: Tensor, lessons: Lessons, some: npt.NDArray[np.int64]) -> Tensor:
    goals = torch.from_numpy(lessons.goals[some])
    counts = goals.sum(1)
    soft = goals * (1 - SMOOTH) + SMOOTH / len(Sight)
    of_whole = -(soft * nn.functional.log_softmax(whole, 1)).sum(1)
    weights = torch.tensor([EMPTY, *[1.0] * (len(Sight) - 1)])
    truth = torch.from_numpy(lessons.cells[some].astype(np.int64))
    of_cells = nn.functional.cross_entropy(cells, truth, weights, ignore_index=IGNORED)
    return (of_whole * counts).sum() / counts.sum().clamp(min=1) + CELLS * of_cells


def _varied(windows: Gray, random: Random) -> Floats:
    """The windows again a little different: moved by up to a millimetre, paler or darker."""
    down, right = random.integers(-4, 5, 2)
    moved = np.pad(windows, ((0, 0), (4, 4), (4, 4)), mode="edge")[:, 4 + down :, 4 + right :]
    ink = 1 - levelled(moved[:, :HIGH, :WIDE])
    return 1 - ink * random.uniform(0.85, 1.1, (len(windows), 1, 1, 1)).astype(np.float32)


def logits(net: StampNet, windows: Gray) -> Floats:
    """Uncalibrated answers (n, 5) for whole windows uint8 (n, HIGH, WIDE)."""
    whole = nn.Sequential(net.trunk, net.whole)
    return asked(whole, lambda some: levelled(windows[some]), len(windows), many=128)


def stamp_bytes(net: StampNet, temperature: float) -> bytes:
    """The model as a file: chances of the window first, then of its cells, row by row."""
    nodes, weights, seen = chain(net.trunk, "crops", "t")
    more, theirs, whole = chain(net.whole, seen, "w")
    last, those, cells = chain(net.cells, seen, "c")
    nodes += more + last
    weights += theirs + those
    for name, into, count in (("one", whole, 1), ("many", cells, DOWN * ACROSS)):
        weights.append(numpy_helper.from_array(np.array([0, len(Sight), count], np.int64), f"{name}.shape"))
        nodes.append(helper.make_node("Reshape", [into, f"{name}.shape"], [name]))
    nodes.append(helper.make_node("Concat", ["one", "many"], ["all"], axis=2))
    return finished(nodes, weights, "all", temperature, GRAPH)
