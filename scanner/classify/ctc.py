"""How likely a network finds it that exactly these letters were written, for thousands of names at once.

The sum over every way in which the letters may lie along the line (connectionist temporal
classification, Graves et al. 2006), exact, in rescaled probabilities. A count of letters picks the
few hundred texts that can matter; all others are too far from what was seen.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scanner.classify.writing import ALPHABET

Floats = npt.NDArray[np.float32]
Codes = npt.NDArray[np.uint8]

EMPTY = 0  # class of the columns between letters
LEAST = np.float32(1e-6)  # no letter is thought less likely than this: one bad column must not kill a name
RESCALED = 4  # columns from one rescaling to the next: LEAST ** 4 is far from the smallest float32
NEVER = -1e9  # log likelihood of a text that does not fit


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Texts made ready for scoring: classes (n, longest), 0 behind the end, and counts of each letter."""

    codes: Codes
    lengths: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int8]  # (n, classes)

    def of(self, some: npt.NDArray[np.intp]) -> "Texts":
        """Some of the texts."""
        longest = int(self.lengths[some].max(initial=1))
        return Texts(self.codes[some, :longest], self.lengths[some], self.counts[some])


def ready(texts: list[str]) -> Texts:
    """Texts in the alphabet of `writing`, ready for scoring; every text has at least one letter."""
    lengths = np.asarray([len(one) for one in texts], np.int64)
    codes = np.zeros((len(texts), int(lengths.max(initial=1))), np.uint8)
    place = {letter: 1 + n for n, letter in enumerate(ALPHABET)}
    for row, text in zip(codes, texts, strict=True):
        row[: len(text)] = [place[letter] for letter in text]
    counts = np.zeros((len(texts), 1 + len(ALPHABET)), np.int8)
    np.add.at(counts, (np.repeat(np.arange(len(texts)), codes.shape[1]), codes.ravel()), 1)
    counts[:, EMPTY] = 0
    return Texts(codes, lengths, counts)


def greedy(seen: Floats) -> tuple[str, float]:
    """The likeliest letter of each column (T, classes) along the line, and the log likelihood of that way."""
    best = seen.argmax(1)
    new = (best != EMPTY) & (np.diff(best, prepend=EMPTY) != 0)
    text = "".join(ALPHABET[one - 1] for one in best[new])
    return text, float(np.log(np.maximum(seen.max(1), LEAST)).sum())


def near(seen: Floats, texts: Texts, most: int) -> npt.NDArray[np.intp]:
    """The `most` texts whose letters, counted, lie nearest to what was seen (T, classes)."""
    if len(texts.lengths) <= most:
        return np.arange(len(texts.lengths))
    best = seen.argmax(1)
    new = (best != EMPTY) & (np.diff(best, prepend=EMPTY) != 0)
    counts = np.bincount(best[new], minlength=seen.shape[1]).astype(np.int8)
    away = np.abs(texts.counts - counts).sum(1, dtype=np.int16)
    return np.argpartition(away, most)[:most]


def likelihoods(seen: Floats, texts: Texts) -> npt.NDArray[np.float64]:
    """Exact log likelihood (n,) of each text under the columns `seen` (T, classes) of probabilities.

    A text with more letters than columns gets NEVER.
    """
    n, longest = texts.codes.shape
    states = np.zeros((n, 2 * longest + 1), np.intp)
    states[:, 1::2] = texts.codes
    jump = np.zeros((n, states.shape[1]), np.float32)
    jump[:, 3::2] = states[:, 3::2] != states[:, 1:-2:2]
    columns = np.maximum(seen, LEAST)
    way = np.zeros((n, states.shape[1] + 2), np.float32)  # two empty states in front of each text
    way[:, 2], way[:, 3] = 1, 1
    way[:, 2:] *= columns[0][states]
    total = np.zeros(n, np.float64)
    ways, twice, once = way[:, 2:], way[:, :-2], way[:, 1:-1]
    for number, column in enumerate(columns[1:]):
        if number % RESCALED == 0:
            total += _rescale(ways)
        step = twice * jump
        step += once
        step += ways
        step *= column[states]
        ways[...] = step
    end = 2 * texts.lengths
    rows = np.arange(n)
    with np.errstate(divide="ignore"):
        last = np.log((ways[rows, end] + ways[rows, end - 1]).astype(np.float64)) + total
    return np.asarray(np.where(np.isfinite(last), last, NEVER), np.float64)


def _rescale(ways: Floats) -> npt.NDArray[np.float64]:
    """Make the largest state of each text 1, in place, and say by how much (log)."""
    most = np.maximum(ways.max(1), np.float32(1e-30))
    ways /= most[:, None]
    return np.asarray(np.log(most), np.float64)


def apart(one: str, other: str) -> int:
    """How many letters must be put in, left out or changed to make one text the other (Levenshtein)."""
    row = np.arange(len(other) + 1)
    letters = np.asarray([ord(letter) for letter in other], np.int64)
    for n, letter in enumerate(one, 1):
        new = np.empty_like(row)
        new[0] = n
        new[1:] = np.minimum(row[1:] + 1, row[:-1] + (letters != ord(letter)))
        steps = np.arange(len(row))
        row = np.minimum.accumulate(new - steps) + steps
    return int(row[-1])
