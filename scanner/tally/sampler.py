"""Drawing by lot so that anybody with a pencil and a sha256 program draws the same.

The algorithm is Ronald L. Rivest's "Reference implementation code for pseudo-random sampler for
election audits" (2011), as used in the risk-limiting audits of Colorado and California: the i-th
number is SHA-256 of the text `SEED,i` (UTF-8, i = 1, 2, …) read as a whole number, modulo how many
there are, plus one. The seed is made in public by dice after the frame is on record.
"""

from collections.abc import Iterator
from hashlib import sha256
from itertools import count

from scanner.errors import UsageError

LEAST_DIGITS = 20  # of the seed: 20 throws of a ten-sided die, 66 bits


def numbers(seed: str, total: int) -> Iterator[int]:
    """Numbers 1 to `total`, drawn with replacement, without end; `total` is at least 1."""
    for i in count(1):
        yield int(sha256(f"{seed},{i}".encode()).hexdigest(), 16) % total + 1


def distinct(seed: str, total: int, wanted: int) -> tuple[int, ...]:
    """`wanted` different numbers of 1 to `total` in the order drawn; all of them if there are fewer."""
    drawn: dict[int, None] = {}
    for one in numbers(seed, max(total, 1)):
        if len(drawn) >= min(wanted, total):
            return tuple(drawn)
        drawn[one] = None
    raise AssertionError("numbers() has no end")


def checked_seed(words: str) -> str:
    """The seed without spaces. UsageError unless it is at least 20 decimal digits, as dice give them."""
    seed = "".join(words.split())
    if not (seed.isascii() and seed.isdigit() and len(seed) >= LEAST_DIGITS):
        raise UsageError(
            f"The seed is at least {LEAST_DIGITS} digits, thrown with dice in public: --seed 31415 92653 …"
        )
    return seed
