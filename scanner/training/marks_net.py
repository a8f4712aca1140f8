"""The network of reader B of boxes and how it learns: small, from a seed, on one thread."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from scanner.classify.box_eyes import Sight, levelled
from scanner.classify.eyes import Floats
from scanner.pixels import Gray
from scanner.training.teaching import Pace, Random, asked, layer, led, lots, same_every_time, silent

SMOOTH = 0.004  # share of each answer given to the others: a net that is never quite certain


def mark_net() -> nn.Sequential:
    """Five convolutions and two full layers; (n, 1, 40, 40) to four logits (n, 4)."""
    return nn.Sequential(
        *layer(1, 16, 5, 2), *layer(16, 32, 3, 2), *layer(32, 48, 3), *layer(48, 64, 3, 2),
        *layer(64, 64, 3), nn.Flatten(), nn.Linear(64 * 5 * 5, 64), nn.ReLU(), nn.Linear(64, len(Sight)),
    )  # fmt: skip


def learned(
    crops: Gray, answers: Floats, pace: Pace, seed: int, say: Callable[[str], None] = silent
) -> nn.Sequential:
    """A net that has learnt from crops uint8 (n, 40, 40) and answers (n, 4)."""
    same_every_time(seed)
    net, random = mark_net(), np.random.default_rng(seed)

    def loss(some: npt.NDArray[np.int64]) -> Tensor:
        return _loss(net, _varied(crops[some], random), answers[some])

    led(net, len(crops), lambda: lots(len(crops), pace, random), loss, pace, say=say)
    return net


def _varied(crops: Gray, random: Random) -> Floats:
    """The crops again a little different: some upside down, moved by a pixel, paler or darker."""
    over, (down, right) = random.random(len(crops)) < 0.3, random.integers(-1, 2, 2)
    turned = np.where(over[:, None, None], crops[:, ::-1, ::-1], crops)
    moved = np.pad(turned, ((0, 0), (1, 1), (1, 1)), mode="edge")[:, 1 + down :, 1 + right :]
    ink = 1 - levelled(moved[:, : crops.shape[1], : crops.shape[2]])
    return 1 - ink * random.uniform(0.75, 1.15, (len(crops), 1, 1, 1)).astype(np.float32)


def _loss(net: nn.Sequential, crops: Floats, answers: Floats) -> Tensor:
    goal = torch.from_numpy(answers * (1 - SMOOTH) + SMOOTH / len(Sight))
    with torch.autocast("cpu", dtype=torch.bfloat16):  # half the time, and learning is noisy anyway
        outputs = net(torch.from_numpy(crops))
    return nn.functional.cross_entropy(outputs.float(), goal)


def logits(net: nn.Sequential, crops: Gray) -> Floats:
    """Uncalibrated outputs (n, 4) for crops uint8 (n, 40, 40)."""
    return asked(net, lambda some: levelled(crops[some]), len(crops))
