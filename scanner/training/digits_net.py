"""The network of reader B of digits and how it learns: small, from a seed, on one thread."""

import numpy as np
import torch
from torch import nn

from scanner.classify.digits import ANSWERS, lit
from scanner.classify.eyes import Floats
from scanner.pixels import Gray
from scanner.training.digits_glyphs import Glyphs
from scanner.training.teaching import Pace, same_every_time

SMOOTH = 0.003  # share of each answer given to the others: a net that is never quite certain


def digit_net() -> nn.Sequential:
    """Six convolutions and two full layers; (n, 1, 28, 28) to eleven logits (n, 11)."""
    return nn.Sequential(
        *_layer(1, 16, 1), *_layer(16, 16, 2), *_layer(16, 32, 1), *_layer(32, 32, 2), *_layer(32, 48, 1),
        *_layer(48, 64, 2), nn.Flatten(), nn.Linear(64 * 4 * 4, 96), nn.ReLU(), nn.Linear(96, ANSWERS),
    )  # fmt: skip


def _layer(come: int, go: int, step: int) -> list[nn.Module]:
    return [nn.Conv2d(come, go, 3, stride=step, padding=1), nn.BatchNorm2d(go), nn.ReLU()]


def taught(seen: Glyphs, pace: Pace, seed: int) -> nn.Sequential:
    """A net that has learnt from these glyphs."""
    same_every_time(seed)
    net, random = digit_net(), np.random.default_rng(seed)
    steps = pace.passes * (len(seen.answers) // pace.batch)
    teacher = torch.optim.AdamW(net.parameters(), lr=pace.rate, weight_decay=0.02)
    plan = torch.optim.lr_scheduler.OneCycleLR(teacher, pace.rate, total_steps=max(steps, 2))
    for _ in range(pace.passes):
        order = random.permutation(len(seen.answers))
        for start in range(0, len(order) - pace.batch + 1, pace.batch):
            some = order[start : start + pace.batch]
            _step(net, teacher, _moved(seen.written[some], random), seen.answers[some])
            plan.step()
    net.eval()
    return net


def _moved(pictures: Gray, random: np.random.Generator) -> Gray:
    """The pictures moved by up to 2 px, all of a batch alike."""
    down, right = random.integers(-2, 3, 2)
    return np.roll(pictures, (int(down), int(right)), axis=(1, 2))  # ROOM leaves 3 px of air


def _step(
    net: nn.Sequential,
    teacher: torch.optim.Optimizer,
    pictures: Gray,
    answers: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]",
) -> None:
    loss = nn.functional.cross_entropy(
        net(torch.from_numpy(lit(pictures))), torch.from_numpy(answers), label_smoothing=SMOOTH
    )
    teacher.zero_grad()
    loss.backward()
    teacher.step()


def outputs(net: nn.Sequential, pictures: Gray) -> Floats:
    """Uncalibrated outputs (n, 11) for pictures uint8 (n, 28, 28)."""
    with torch.no_grad():
        parts = [net(torch.from_numpy(lit(pictures[i : i + 512]))) for i in range(0, len(pictures), 512)]
    return np.asarray(torch.cat(parts).numpy(), np.float32)
