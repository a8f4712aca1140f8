"""Teaches the second reader of names, which sees the bare gray page; `words` teaches the first."""

from collections.abc import Callable
from pathlib import Path

from scanner.classify.eyes import Card
from scanner.training.teaching import silent
from scanner.training.words_course import SECOND, Course, taught
from scanner.training.words_course import WHOLE as WHOLE_COURSE


def train(out: Path, seed: int, course: Course = WHOLE_COURSE, say: Callable[[str], None] = silent) -> Card:
    """Write models/words_gray.onnx and its card below `out`; the bounds of both come with `words`."""
    return taught(SECOND, out, seed, course, say)
