"""The two networks that read handwriting and how they learn: convolutions only, the CTC loss, from a seed.

Graves et al. 2006. Two shapes, so that they do not err alike: `ink_net` looks at small pieces and then
along the line, `gray_net` at larger pieces and a wide stretch at once.
"""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from scanner.classify.writing import ALPHABET, HIGH, STEP
from scanner.pixels import Gray
from scanner.training.teaching import Pace, Random, layer, led, same_every_time, silent

CLASSES = 1 + len(ALPHABET)
Pool = list[tuple[Gray, str]]


def ink_net() -> nn.Sequential:
    """(n, 1, 32, w) to (n, classes, 1, w / 4); 0.5 million weights."""
    return nn.Sequential(
        *layer(1, 20, (3, 3), (2, 2)), *layer(20, 28, (3, 3)), *layer(28, 48, (3, 3), (2, 2)),
        *layer(48, 64, (3, 3)), *layer(64, 80, (3, 3), (2, 1)), nn.Conv2d(80, 128, (4, 3), padding=(0, 1)),
        nn.BatchNorm2d(128), nn.ReLU(), nn.Dropout(0.15), *layer(128, 128, (1, 5)), nn.Dropout(0.15),
        *layer(128, 128, (1, 5)), nn.Dropout(0.15), nn.Conv2d(128, CLASSES, 1),
    )  # fmt: skip


def gray_net() -> nn.Sequential:
    """(n, 1, 32, w) to (n, classes, 1, w / 4); 0.6 million weights."""
    return nn.Sequential(
        *layer(1, 16, (5, 5), (2, 2)), *layer(16, 40, (3, 3), (2, 1)), *layer(40, 40, (3, 3)),
        *layer(40, 72, (3, 3), (2, 2)), *layer(72, 72, (3, 3)), nn.Conv2d(72, 160, (4, 1)),
        nn.BatchNorm2d(160), nn.ReLU(), nn.Dropout(0.2), *layer(160, 112, (1, 9)), nn.Dropout(0.2),
        *layer(112, 112, (1, 7)), nn.Dropout(0.1), nn.Conv2d(112, CLASSES, 1),
    )  # fmt: skip


def learned(
    make: Callable[[], nn.Sequential],
    pool: Pool,
    pace: Pace,
    seed: int,
    say: Callable[[str], None] = silent,
) -> nn.Sequential:
    """A network that has learnt from pictures (32, w) and their texts, on one thread."""
    same_every_time(seed)
    net, random = make().to(memory_format=torch.channels_last), np.random.default_rng(seed)

    def loss(some: Pool) -> Tensor:
        return _loss(net, some, random)

    led(net, len(pool), lambda: _batches(pool, pace.batch, random), loss, pace, say=say)
    return net


def _batches(pool: Pool, size: int, random: Random) -> Iterator[Pool]:
    """All of the pool in lots of lines of about the same width, the lots in any order."""
    jitter = random.uniform(0.9, 1.1, len(pool))
    order = np.argsort([picture.shape[1] * by for (picture, _), by in zip(pool, jitter, strict=True)])
    lots = [order[start : start + size] for start in range(0, len(order) - size + 1, size)]
    for number in random.permutation(len(lots)):
        yield [pool[one] for one in lots[number]]


def padded(pictures: list[Gray], edge: int = 0) -> npt.NDArray[np.float32]:
    """Pictures of several widths as one array (n, 1, 32, w), 0..1, with empty paper to their right."""
    wide = max(one.shape[1] for one in pictures) + edge
    out = np.zeros((len(pictures), 1, HIGH, wide), np.float32)
    for row, one in zip(out, pictures, strict=True):
        row[0, :, : one.shape[1]] = one * np.float32(1 / 255)
    return out


def _loss(net: nn.Sequential, some: Pool, random: Random) -> Tensor:
    pictures = torch.from_numpy(_varied(padded([one for one, _ in some]), random))
    goals = [torch.tensor([1 + ALPHABET.index(letter) for letter in text]) for _, text in some]
    with torch.autocast("cpu", torch.bfloat16):
        seen = net(pictures.to(memory_format=torch.channels_last))
    chances = seen.float().squeeze(2).permute(2, 0, 1).log_softmax(2)
    long = torch.tensor([one.shape[1] // STEP for one, _ in some])
    lengths = torch.tensor([len(one) for one in goals])
    return nn.functional.ctc_loss(chances, torch.cat(goals), long, lengths, zero_infinity=True)


def _varied(pictures: npt.NDArray[np.float32], random: Random) -> npt.NDArray[np.float32]:
    """A little paler or darker, moved up or down, with noise and now and then a gap."""
    n, _, high, wide = pictures.shape
    moved = np.roll(pictures, int(random.integers(-2, 3)), axis=2)
    moved *= random.uniform(0.7, 1.15, (n, 1, 1, 1)).astype(np.float32)
    if random.random() < 0.5:
        moved += np.float32(0.06) * random.standard_normal(moved.shape, np.float32)
    for one in np.flatnonzero(random.random(n) < 0.3):
        y, x = int(random.integers(high)), int(random.integers(wide))
        moved[one, :, y : y + int(random.integers(2, 8)), x : x + int(random.integers(2, 7))] = 0
    return moved


def chances(net: nn.Sequential, pictures: list[Gray]) -> list[npt.NDArray[np.float32]]:
    """Per picture the uncalibrated outputs (w / 4, classes)."""
    with torch.no_grad():
        return [net(torch.from_numpy(padded([one])))[0, :, 0].T.numpy() for one in pictures]
