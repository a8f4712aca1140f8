"""The network of reader B and how it learns: small, from a seed, on one thread, the same every time."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from scanner.classify.eyes import Floats, Gray, Sight, levelled

SMOOTH = 0.02  # share of each answer given to the others: a net that is never quite certain


def mark_net() -> nn.Sequential:
    """Four convolutions and two full layers; (n, 1, 40, 40) to four logits (n, 4)."""
    return nn.Sequential(
        nn.Conv2d(1, 12, 5, stride=2, padding=2), nn.ReLU(),
        nn.Conv2d(12, 24, 3, stride=2, padding=1), nn.ReLU(),
        nn.Conv2d(24, 32, 3, padding=1), nn.ReLU(),
        nn.Conv2d(32, 32, 3, stride=2, padding=1), nn.ReLU(),
        nn.Flatten(),
        nn.Linear(32 * 5 * 5, 32), nn.ReLU(),
        nn.Linear(32, len(Sight)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to learn: passes over the samples, crops a step, and the highest rate of learning."""

    passes: int
    batch: int = 128
    rate: float = 3e-3


def same_every_time(seed: int) -> None:
    """One thread and only deterministic algorithms, from a seed."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(mode=True)
    torch.manual_seed(seed)


def learned(crops: Gray, answers: Floats, pace: Pace, seed: int) -> nn.Sequential:
    """A net that has learnt from crops uint8 (n, 40, 40) and answers (n, 4)."""
    same_every_time(seed)
    net, random = mark_net(), np.random.default_rng(seed)
    steps = pace.passes * (len(crops) // pace.batch)
    teacher = torch.optim.AdamW(net.parameters(), lr=pace.rate, weight_decay=0.02)
    plan = torch.optim.lr_scheduler.OneCycleLR(teacher, pace.rate, total_steps=max(steps, 2))
    for _ in range(pace.passes):
        order = random.permutation(len(crops))
        for start in range(0, len(order) - pace.batch + 1, pace.batch):
            some = order[start : start + pace.batch]
            _step(net, teacher, levelled(_flipped(crops[some], random)), answers[some])
            plan.step()
    net.eval()
    return net


def _flipped(crops: Gray, random: np.random.Generator) -> Gray:
    """Half of the crops upside down, to learn the same of fewer samples; letters mirror too, no harm."""
    turned = crops.copy()
    over = random.random(len(crops)) < 0.3
    turned[over] = turned[over][:, ::-1, ::-1]
    return turned


def _step(net: nn.Sequential, teacher: torch.optim.Optimizer, crops: Floats, answers: Floats) -> None:
    goal = torch.from_numpy(answers * (1 - SMOOTH) + SMOOTH / len(Sight))
    loss = nn.functional.cross_entropy(net(torch.from_numpy(crops)), goal)
    teacher.zero_grad()
    loss.backward()
    teacher.step()


def logits(net: nn.Sequential, crops: Gray) -> Floats:
    """Uncalibrated outputs (n, 4) for crops uint8 (n, 40, 40)."""
    with torch.no_grad():
        parts = [net(torch.from_numpy(levelled(crops[i : i + 512]))) for i in range(0, len(crops), 512)]
    return np.asarray(torch.cat(parts).numpy(), np.float32)


def temperature(outputs: Floats, truth: npt.NDArray[np.int64]) -> float:
    """The one number that makes held-out probabilities honest (Guo et al. 2017), 0.2..5."""
    tried = np.geomspace(0.2, 5, 161)
    return float(tried[int(np.argmin([_loss(outputs / one, truth) for one in tried]))])


def _loss(outputs: Floats, truth: npt.NDArray[np.int64]) -> float:
    below = outputs - outputs.max(1, keepdims=True)
    chances = below - np.log(np.exp(below).sum(1, keepdims=True))
    return -float(chances[np.arange(len(truth)), truth].mean())
