"""How every network here learns: on one thread, from a seed, the same every time; and what calibrates it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from scanner.classify.eyes import Floats

Random = np.random.Generator
Batch = TypeVar("Batch")
WARM = 0.3  # share of the steps in which the rate of learning rises (Smith and Topin 2018)
DECAY = 0.02  # of the weights, each step


def layer(
    come: int, go: int, size: int | tuple[int, int], step: int | tuple[int, int] = 1
) -> list[nn.Module]:
    """A convolution that keeps the size but for its step, levelled over the batch, then a ReLU.

    onnxruntime melts the first two into one.
    """
    edge = size // 2 if isinstance(size, int) else (size[0] // 2, size[1] // 2)
    return [nn.Conv2d(come, go, size, stride=step, padding=edge), nn.BatchNorm2d(go), nn.ReLU()]


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to learn: passes over the samples, samples a step, the highest rate of learning.

    `warm`: share of the steps that lead up to it; `most`: longest change of the weights a step, or None.
    """

    passes: int
    batch: int = 128
    rate: float = 5e-3
    warm: float = WARM
    most: float | None = None


def same_every_time(seed: int) -> None:
    """One thread and only deterministic algorithms, from a seed."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(mode=True)
    torch.manual_seed(seed)


def lots(count: int, pace: Pace, random: Random) -> Iterator[npt.NDArray[np.int64]]:
    """Numbers of samples, a batch at a time in any order; what does not fill a batch is left out."""
    order = random.permutation(count)
    for start in range(0, len(order) - pace.batch + 1, pace.batch):
        yield order[start : start + pace.batch]


def silent(_progress: str) -> None:
    """Say nothing."""


def led(
    net: nn.Module,
    count: int,
    a_pass: Callable[[], Iterable[Batch]],
    loss: Callable[[Batch], Tensor],
    pace: Pace,
    *,
    say: Callable[[str], None] = silent,
) -> None:
    """Lead a network through `count` samples some times, in place; it ends ready to be asked.

    `a_pass` gives the batches of one pass, `loss` what the network has still to learn of one.
    """
    net.train()
    teacher = torch.optim.AdamW(net.parameters(), lr=pace.rate, weight_decay=DECAY)
    steps = max(pace.passes * (count // pace.batch), 2)
    plan = torch.optim.lr_scheduler.OneCycleLR(teacher, pace.rate, total_steps=steps, pct_start=pace.warm)
    for number in range(pace.passes):
        losses = []
        for batch in a_pass():
            left = loss(batch)
            teacher.zero_grad()
            left.backward()
            if pace.most is not None:
                nn.utils.clip_grad_norm_(net.parameters(), pace.most)
            teacher.step()
            plan.step()
            losses.append(float(left.detach()))
        say(f"pass {number + 1} of {pace.passes}: loss {np.mean(losses) if losses else np.nan:.4f}")
    net.eval()


def asked(net: nn.Module, inputs: Callable[[slice], Floats], count: int, *, many: int = 512) -> Floats:
    """Uncalibrated outputs (count, …) for the samples, `many` at a time; `inputs` makes some ready."""
    with torch.no_grad():
        parts = [net(torch.from_numpy(inputs(slice(i, i + many)))) for i in range(0, count, many)]
    return np.asarray(torch.cat(parts).numpy(), np.float32)


def temperature(outputs: Floats, truth: npt.NDArray[np.int64]) -> float:
    """The one number that makes held-out probabilities honest (Guo et al. 2017), 0.2..5."""
    tried = np.geomspace(0.2, 5, 161)
    return float(tried[int(np.argmin([_loss(outputs / one, truth) for one in tried]))])


def _loss(outputs: Floats, truth: npt.NDArray[np.int64]) -> float:
    below = outputs - outputs.max(1, keepdims=True)
    chances = below - np.log(np.exp(below).sum(1, keepdims=True))
    return -float(chances[np.arange(len(truth)), truth].mean())
