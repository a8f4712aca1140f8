"""The two networks that read handwriting and how they learn: convolutions only, the CTC loss, from a seed.

Graves et al. 2006. Two shapes, so that they do not err alike: `ink_net` looks at small pieces and then
along the line, `gray_net` at larger pieces and a wide stretch at once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from scanner.classify.writing import ALPHABET, HIGH, STEP
from scanner.pixels import Gray
from scanner.training.teaching import same_every_time

CLASSES = 1 + len(ALPHABET)
Random = np.random.Generator
Pool = list[tuple[Gray, str]]


def ink_net() -> nn.Sequential:
    """(n, 1, 32, w) to (n, classes, 1, w / 4); 0.5 million weights."""
    return nn.Sequential(
        *_layer(1, 20, (3, 3), (2, 2)), *_layer(20, 28, (3, 3)), *_layer(28, 48, (3, 3), (2, 2)),
        *_layer(48, 64, (3, 3)), *_layer(64, 80, (3, 3), (2, 1)), nn.Conv2d(80, 128, (4, 3), padding=(0, 1)),
        nn.BatchNorm2d(128), nn.ReLU(), nn.Dropout(0.15), *_layer(128, 128, (1, 5)), nn.Dropout(0.15),
        *_layer(128, 128, (1, 5)), nn.Dropout(0.15), nn.Conv2d(128, CLASSES, 1),
    )  # fmt: skip


def gray_net() -> nn.Sequential:
    """(n, 1, 32, w) to (n, classes, 1, w / 4); 0.6 million weights."""
    return nn.Sequential(
        *_layer(1, 16, (5, 5), (2, 2)), *_layer(16, 40, (3, 3), (2, 1)), *_layer(40, 40, (3, 3)),
        *_layer(40, 72, (3, 3), (2, 2)), *_layer(72, 72, (3, 3)), nn.Conv2d(72, 160, (4, 1)),
        nn.BatchNorm2d(160), nn.ReLU(), nn.Dropout(0.2), *_layer(160, 112, (1, 9)), nn.Dropout(0.2),
        *_layer(112, 112, (1, 7)), nn.Dropout(0.1), nn.Conv2d(112, CLASSES, 1),
    )  # fmt: skip


def _layer(come: int, go: int, size: tuple[int, int], step: tuple[int, int] = (1, 1)) -> list[nn.Module]:
    edge = (size[0] // 2, size[1] // 2)
    return [nn.Conv2d(come, go, size, stride=step, padding=edge), nn.BatchNorm2d(go), nn.ReLU()]


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to learn: passes over the pool, lines a step, and the highest rate of learning."""

    passes: int
    batch: int = 32
    rate: float = 2e-3


def learned(
    make: Callable[[], nn.Sequential], pool: Pool, pace: Pace, seed: int, say: Callable[[str], None]
) -> nn.Sequential:
    """A network that has learnt from pictures (32, w) and their texts, on one thread."""
    same_every_time(seed)
    return _led(make().to(memory_format=torch.channels_last), pool, pace, seed, say)


def further(
    net: nn.Sequential, pool: Pool, pace: Pace, seed: int, say: Callable[[str], None]
) -> nn.Sequential:
    """The network after learning from more pictures."""
    same_every_time(seed)
    return _led(net, pool, pace, seed, say)


def _led(net: nn.Sequential, pool: Pool, pace: Pace, seed: int, say: Callable[[str], None]) -> nn.Sequential:
    """The network led through the pool some times."""
    net.train()
    random = np.random.default_rng(seed)
    teacher = torch.optim.AdamW(net.parameters(), lr=pace.rate, weight_decay=0.02)
    steps = pace.passes * (len(pool) // pace.batch)
    plan = torch.optim.lr_scheduler.OneCycleLR(teacher, pace.rate, total_steps=max(steps, 2), pct_start=0.2)
    for number in range(pace.passes):
        losses = []
        for some in _batches(pool, pace.batch, random):
            losses.append(_step(net, teacher, some, random))
            plan.step()
        say(f"pass {number + 1} of {pace.passes}: loss {np.mean(losses):.3f}")
    return net.eval()


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


def _step(net: nn.Sequential, teacher: torch.optim.Optimizer, some: Pool, random: Random) -> float:
    pictures = torch.from_numpy(_varied(padded([one for one, _ in some]), random))
    goals = [torch.tensor([1 + ALPHABET.index(letter) for letter in text]) for _, text in some]
    with torch.autocast("cpu", torch.bfloat16):
        seen = net(pictures.to(memory_format=torch.channels_last))
    chances = seen.float().squeeze(2).permute(2, 0, 1).log_softmax(2)
    long = torch.tensor([one.shape[1] // STEP for one, _ in some])
    lengths = torch.tensor([len(one) for one in goals])
    loss = nn.functional.ctc_loss(chances, torch.cat(goals), long, lengths, zero_infinity=True)
    teacher.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    teacher.step()
    return float(loss.detach())


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
