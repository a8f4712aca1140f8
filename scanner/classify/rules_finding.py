"""What one paragraph of the law makes of a ballot, and how the findings of several add up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from scanner.ballot import Amendment, FieldKind, Mark, MarkState, Reading, Reason

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Finding:
    """Changes by the voter that hold, those that most likely hold, and reasons for a person to look.

    `likely` holds every change of the best guess, the sure ones too. `confidence` is the smallest
    probability (0..1) of an observation that the finding rests on.
    """

    sure: tuple[Amendment, ...] = ()
    likely: tuple[Amendment, ...] = ()
    reasons: tuple[Reason, ...] = ()
    confidence: float = 1.0


def together(findings: Iterable[Finding]) -> Finding:
    """All findings as one: each change and each reason once, in the order found."""
    every = tuple(findings)
    return Finding(
        _once(one.sure for one in every),
        _once(one.likely for one in every),
        _once(one.reasons for one in every),
        min((one.confidence for one in every), default=1.0),
    )


def _once(parts: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(parts)))


def marks(reading: Reading, kind: FieldKind) -> Iterator[Mark]:
    """The marks in fields of one kind, in printed order."""
    return (one for one in reading.marks if one.field.kind is kind)


def states(reading: Reading, kind: FieldKind) -> dict[int, MarkState]:
    """State by candidate of the fields of one kind."""
    return {one.field.candidate: one.state for one in marks(reading, kind) if one.field.candidate}


def meant(mark: Mark, change: Amendment) -> Finding:
    """The plain case: a marked field is the change, an unmarked one is none, a doubtful one is doubt."""
    if mark.state is MarkState.UNMARKED:
        return Finding(confidence=belief(mark))
    if mark.state is MarkState.DOUBTFUL:
        return doubtful(mark, change)
    return Finding((change,), (change,), confidence=belief(mark))


def doubtful(mark: Mark, change: Amendment | None = None) -> Finding:
    """The readers do not know; the guess follows what the mark leans to."""
    likely = (change,) if change and leans(mark) else ()
    return Finding(likely=likely, reasons=(Reason.MARK_DOUBTFUL,), confidence=belief(mark))


def leans(mark: Mark) -> bool:
    """True if the field is more likely marked than not."""
    return mark.a is MarkState.MARKED if mark.probability is None else mark.probability >= 0.5


def belief(mark: Mark) -> float:
    """Probability of the state that the mark is given; 1 where reader B says nothing, 0.5 in plain doubt."""
    chance = mark.probability
    if chance is None:
        return 0.5 if mark.state is MarkState.DOUBTFUL else 1.0
    if mark.state is MarkState.DOUBTFUL:
        return max(chance, 1 - chance)
    return chance if mark.state is MarkState.MARKED else 1 - chance
