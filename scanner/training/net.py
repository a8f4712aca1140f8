"""The network of reader B and how it learns: small, from a seed, on one thread, the same every time."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from scanner.classify.box_eyes import Sight, levelled
from scanner.classify.eyes import Floats
from scanner.pixels import Gray

SMOOTH = 0.004  # share of each answer given to the others: a net that is never quite certain


def mark_net() -> nn.Sequential:
    """Four convolutions and two full layers; (n, 1, 40, 40) to four logits (n, 4)."""
    return nn.Sequential(
        *_layer(1, 16, 5, 2), *_layer(16, 32, 3, 2), *_layer(32, 48, 3, 1), *_layer(48, 64, 3, 2),
        nn.Flatten(), nn.Linear(64 * 5 * 5, 64), nn.ReLU(), nn.Linear(64, len(Sight)),
    )  # fmt: skip


def _layer(come: int, go: int, size: int, step: int) -> list[nn.Module]:
    """A convolution, levelled over the batch; onnxruntime melts the two into one."""
    conv = nn.Conv2d(come, go, size, stride=step, padding=size // 2)
    return [conv, nn.BatchNorm2d(go), nn.ReLU()]


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to learn: passes over the samples, crops a step, and the highest rate of learning."""

    passes: int
    batch: int = 128
    rate: float = 5e-3


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
            _step(net, teacher, _varied(crops[some], random), answers[some])
            plan.step()
    net.eval()
    return net


def _varied(crops: Gray, random: np.random.Generator) -> Floats:
    """The crops again a little different: some upside down, moved by a pixel, paler or darker."""
    over, (down, right) = random.random(len(crops)) < 0.3, random.integers(-1, 2, 2)
    turned = np.where(over[:, None, None], crops[:, ::-1, ::-1], crops)
    moved = np.pad(turned, ((0, 0), (1, 1), (1, 1)), mode="edge")[:, 1 + down :, 1 + right :]
    ink = 1 - levelled(moved[:, : crops.shape[1], : crops.shape[2]])
    return 1 - ink * random.uniform(0.75, 1.15, (len(crops), 1, 1, 1)).astype(np.float32)


def _step(net: nn.Sequential, teacher: torch.optim.Optimizer, crops: Floats, answers: Floats) -> None:
    goal = torch.from_numpy(answers * (1 - SMOOTH) + SMOOTH / len(Sight))
    with torch.autocast("cpu", dtype=torch.bfloat16):  # half the time, and learning is noisy anyway
        outputs = net(torch.from_numpy(crops))
    loss = nn.functional.cross_entropy(outputs.float(), goal)
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
