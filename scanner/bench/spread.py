"""How much more a rate varies from ballot to ballot than if every position were a ballot of its own."""

from dataclasses import dataclass


@dataclass(slots=True)
class Spread:
    """Running sums over ballots: `k` positions of `n` that were doubted."""

    ballots: int = 0
    n: int = 0
    k: int = 0
    nn: int = 0
    kn: int = 0
    kk: int = 0

    def add(self, k: int, n: int) -> None:
        """One ballot with `n` positions, `k` of them doubted."""
        self.ballots += 1
        self.n += n
        self.k += k
        self.nn += n * n
        self.kn += k * n
        self.kk += k * k

    @property
    def design_effect(self) -> float:
        """Kish's design effect of the doubts, 1 or more; where nothing was doubted, positions a ballot.

        The variance of the rate over whole ballots against that of as many independent positions.
        With no doubt to measure by, the worst is assumed: a ballot proves as much as one position.
        """
        if self.ballots < 2 or self.k in {0, self.n}:
            return max(1.0, self.n / max(self.ballots, 1))
        p = self.k / self.n
        between = (self.kk - 2 * p * self.kn + p * p * self.nn) * self.ballots / (self.ballots - 1)
        return max(1.0, between / (self.n * p * (1 - p)))
