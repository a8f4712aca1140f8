"""The network of reader B of digits and how it learns: small, from a seed, on one thread."""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor, nn

from scanner.classify.digits import ANSWERS, lit
from scanner.classify.eyes import Floats
from scanner.pixels import Gray
from scanner.training.digits_glyphs import Glyphs
from scanner.training.teaching import Pace, Random, asked, layer, led, lots, same_every_time, silent

SMOOTH = 0.003  # share of each answer given to the others: a net that is never quite certain
TURN, LEAN, GROW, MOVE = 0.07, 0.1, 0.08, 0.06
"""Spread of how each picture is turned (radians), slanted, grown and moved (share of half its side)."""
PALE = (0.75, 1.1)


def digit_net() -> nn.Sequential:
    """Six convolutions and two full layers; (n, 1, 28, 28) to eleven logits (n, 11)."""
    return nn.Sequential(
        *layer(1, 24, 3), *layer(24, 32, 3, 2), *layer(32, 32, 3), *layer(32, 64, 3, 2), *layer(64, 64, 3),
        *layer(64, 96, 3, 2), nn.Flatten(), nn.Dropout(0.2), nn.Linear(96 * 4 * 4, 96), nn.ReLU(),
        nn.Linear(96, ANSWERS),
    )  # fmt: skip


def taught(seen: Glyphs, pace: Pace, seed: int, say: Callable[[str], None] = silent) -> nn.Sequential:
    """A net that has learnt from these glyphs."""
    same_every_time(seed)
    net, random = digit_net().to(memory_format=torch.channels_last), np.random.default_rng(seed)

    def a_pass() -> Iterator[tuple[Tensor, Tensor]]:
        for some in lots(len(seen.answers), pace, random):
            yield _varied(seen.written[some], random), torch.from_numpy(seen.answers[some])

    def left(batch: tuple[Tensor, Tensor]) -> Tensor:
        pictures, answers = batch
        with torch.autocast("cpu", torch.bfloat16):  # learning is noisy anyway
            out = net(pictures.to(memory_format=torch.channels_last))
        return nn.functional.cross_entropy(out.float(), answers, label_smoothing=SMOOTH)

    led(net, len(seen.answers), a_pass, left, pace, say=say)
    return net


def _varied(pictures: Gray, random: Random) -> Tensor:
    """The pictures again, each a little turned, slanted, larger or smaller, moved, paler or darker."""
    n = len(pictures)
    turn, lean = random.normal(0, TURN, n), random.normal(0, LEAN, n)
    wide, high = np.exp(random.normal(0, GROW, n)), np.exp(random.normal(0, GROW, n))
    lay = np.stack(
        [wide * np.cos(turn), lean - np.sin(turn), random.normal(0, MOVE, n),
         np.sin(turn), high * np.cos(turn), random.normal(0, MOVE, n)], axis=1,
    ).reshape(n, 2, 3)  # fmt: skip
    ink = torch.from_numpy(lit(pictures) * random.uniform(*PALE, (n, 1, 1, 1)).astype(np.float32))
    grid = nn.functional.affine_grid(
        torch.from_numpy(lay.astype(np.float32)), list(ink.shape), align_corners=False
    )
    return nn.functional.grid_sample(ink, grid, align_corners=False).clamp(0, 1)


def outputs(net: nn.Sequential, pictures: Gray) -> Floats:
    """Uncalibrated outputs (n, 11) for pictures uint8 (n, 28, 28)."""
    return asked(net, lambda some: lit(pictures[some]), len(pictures))
