"""Odd ballots of the small elections, made and read: what the pipeline says beside what is true."""

from dataclasses import dataclass
from functools import cache

from scanner.ballot import PageImage, Sheet
from scanner.bench.agreement import Agreement, agreement
from scanner.election import Election, StampRule
from scanner.opening import Atlas
from scanner.pipeline import Outcome, read
from scanner.simulate.deck import Deck, Press, SimulatedSheet
from scanner.simulate.kinds import kind, tells_where
from scanner.simulate.truth import Truth


@dataclass(frozen=True, repr=False)
class Case:
    """One odd ballot, read."""

    truth: Truth
    outcome: Outcome

    @property
    def wrong(self) -> bool:
        """Wrong and sure: what costs an election."""
        return agreement(self.truth, self.outcome.verdict) is Agreement.WRONG_BUT_SURE

    @property
    def sure(self) -> bool:
        return self.outcome.verdict.sure

    @property
    def sent_to_the_right_place(self) -> bool:
        return tells_where(self.truth, self.outcome.verdict)

    def __repr__(self) -> str:
        verdict, truth = self.outcome.verdict, self.truth
        return (
            f"{truth.kind} {truth.index}: {verdict.category} {verdict.list} "
            f"{[one.value for one in verdict.reasons]}, true {truth.category} {truth.list} {truth.kinds}"
        )


@cache
def press(election: Election) -> Press:
    return Press(election)


def made(atlas: Atlas, name: str, index: int = 1, *, level: int = 0, seed: int = 1) -> SimulatedSheet:
    return kind(name).sheet(Deck(press(atlas.election), seed, level), index)


def outcome(atlas: Atlas, sheet: SimulatedSheet) -> Outcome:
    """The sheet read in a category that asks for a stamp."""
    category = next(one for one in atlas.election.categories if one.stamp is StampRule.REQUIRED)
    images = (PageImage("F.jpg", sheet.front, sheet.dpi), PageImage("B.jpg", sheet.back, sheet.dpi))
    return read(Sheet("K1", sheet.truth.index, images), atlas, category)


def case(atlas: Atlas, name: str, index: int = 1, *, level: int = 0, seed: int = 1) -> Case:
    sheet = made(atlas, name, index, level=level, seed=seed)
    return Case(sheet.truth, outcome(atlas, sheet))


def cases(atlas: Atlas, name: str, count: int, *, level: int = 1, seed: int = 1) -> list[Case]:
    return [case(atlas, name, index, level=level, seed=seed) for index in range(1, count + 1)]
