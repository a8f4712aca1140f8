"""A risk-limiting audit that compares single ballots: how likely a wrong outcome would pass.

P. B. Stark, "Super-Simple Simultaneous Single-Ballot Risk-Limiting Audits", EVT/WOTE 2010: the
Kaplan-Markov test, with ballots drawn with replacement, each looked at on paper and compared with
what the machine counted it as. For seats the claims are those of P. B. Stark and V. Teague,
"Verifiable European Elections: Risk-limiting Audits for D'Hondt and its relatives", JETS 2014.
A ballot that is not found counts as the worst it could be (J. H. Bañuelos and P. B. Stark,
"Limiting Risk by Turning Manifest Phantoms into Evil Zombies", 2012).

The outcome is what the ballots for each list (or option) give: seats by modified Sainte-Laguë. It
leaves out slengere and utjevningsmandater. All that the test needs is the ballots fed; that no box
is missing is for the control of boxes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil, inf, log

from scanner.config import calibration
from scanner.errors import UsageError

FIRST_DIVISOR = 1.4  # § 11-4: 1.4, 3, 5, 7 …
MISSING = "missing"  # what paper that is not found counts as


@dataclass(frozen=True, slots=True)
class Sampling:
    """Each number's unit and origin stand in `calibration/sampling.toml`."""

    ballots_a_box: int
    inflation: float
    one_vote_rate: float
    two_vote_rate: float


@cache
def sampling() -> Sampling:
    """The numbers of samples."""
    return calibration("sampling", Sampling)


@dataclass(frozen=True, slots=True)
class Claim:
    """`winner` has more votes a divisor than `loser`: what must be true for the outcome to be right."""

    winner: str
    loser: str
    margin: float  # votes / divisor of the winner, less those of the loser
    winner_divisor: float = 1.0
    loser_divisor: float = 1.0

    def worth(self, choice: str | None) -> float:
        """What a ballot with this choice adds to the margin; `MISSING` is the worst it could be."""
        if choice in {self.loser, MISSING}:
            return -1 / self.loser_divisor
        return 1 / self.winner_divisor if choice == self.winner else 0.0

    def overstated(self, machine: str | None, paper: str | None) -> float:
        """By how much of the margin the machine said too much; below zero: too little."""
        return (self.worth(machine) - self.worth(paper)) / self.margin

    @property
    def most(self) -> float:
        """The most that one ballot can overstate, as a share of the margin."""
        return (1 / self.winner_divisor + 1 / self.loser_divisor) / self.margin


@dataclass(frozen=True, slots=True)
class Contest:
    """What is audited: the ballots in the frame, and the claims that make the outcome."""

    ballots: int
    claims: tuple[Claim, ...]

    @property
    def most(self) -> float:
        """The most that one ballot can overstate any margin; infinite for a tie."""
        return max((one.most if one.margin > 0 else inf for one in self.claims), default=0.0)

    @property
    def unit(self) -> float:
        """U: how many ballots could, at worst, undo the outcome; 2 γ / diluted margin for a plurality."""
        return sampling().inflation * self.ballots * self.most


def plurality(votes: Mapping[str, int], ballots: int) -> Contest:
    """The option with most votes against each other one. UsageError for fewer than two options."""
    if len(votes) < 2:
        raise UsageError("An outcome needs at least two lists or options.")
    first, *others = sorted(votes, key=lambda one: (-votes[one], one))
    return Contest(ballots, tuple(Claim(first, one, votes[first] - votes[one]) for one in others))


def seats(votes: Mapping[str, int], number: int) -> dict[str, int]:
    """How many of `number` seats each list gets by modified Sainte-Laguë; ties by the order of lists."""
    won = dict.fromkeys(votes, 0)
    for _ in range(number):
        best = max(votes, key=lambda one: votes[one] / divisor(won[one] + 1), default=None)
        if best is not None:
            won[best] += 1
    return won


def divisor(seat: int) -> float:
    """The divisor of a list's n-th seat, n from 1: 1.4, 3, 5, 7 and so on."""
    return FIRST_DIVISOR if seat == 1 else 2.0 * seat - 1


def proportional(votes: Mapping[str, int], number: int, ballots: int) -> Contest:
    """Each list's last seat against every other list's next one."""
    if len(votes) < 2 or number < 1:
        raise UsageError("An outcome needs at least two lists and one seat.")
    won = seats(votes, number)
    claims = (
        _seat_claim(votes, won, winner, loser)
        for winner in votes
        for loser in votes
        if winner != loser and won[winner]
    )
    return Contest(ballots, tuple(claims))


def _seat_claim(votes: Mapping[str, int], won: Mapping[str, int], winner: str, loser: str) -> Claim:
    last, following = divisor(won[winner]), divisor(won[loser] + 1)
    return Claim(winner, loser, votes[winner] / last - votes[loser] / following, last, following)


def p_value(contest: Contest, looked_at: Iterable[tuple[str | None, str | None]]) -> float:
    """The chance, at most, to see such a sample if the outcome were wrong: 0..1, small is good.

    `looked_at`: for each ballot drawn, as often as it was drawn, (what the machine counted, what
    the paper says): the code of a list or option, None for blank and rejected, `MISSING`.
    """
    return p_values(contest, looked_at)[-1]


def p_values(contest: Contest, looked_at: Iterable[tuple[str | None, str | None]]) -> tuple[float, ...]:
    """The same after each ballot, beginning before the first with 1.0; looking on is allowed."""
    if contest.most in {0.0, inf}:
        return (1.0,)
    factor, bound = 1 - 1 / max(contest.unit, 1.0), sampling().inflation * contest.most
    told, running = [1.0], 1.0
    for machine, paper in looked_at:
        worst = max(one.overstated(machine, paper) for one in contest.claims)
        running *= factor / (1 - worst / bound)
        told.append(min(1.0, running))
    return tuple(told)


def sample_size(contest: Contest, risk: float, *, clean: bool = False) -> int:
    """Ballots to draw so that the audit can be expected to end; all of them for a tie.

    `risk` 0..1 is the limit. `clean`: if no ballot differs; else for the rates of calibration.
    """
    if not 0 < risk < 1:
        raise UsageError("The risk limit lies between 0 and 1: --risk 0.05.")
    if contest.most in {0.0, inf}:
        return contest.ballots
    if clean:
        return min(contest.ballots, ceil(log(risk) / log(1 - 1 / max(contest.unit, 1.0 + 1e-9))))
    return min(contest.ballots, _planned(contest.unit, risk))


def _planned(unit: float, risk: float) -> int:
    """Stark's rule: so many ballots as the expected differences, rounded up, allow."""
    one, two = sampling().one_vote_rate, sampling().two_vote_rate
    half, whole = 1 / (2 * sampling().inflation), 1 / sampling().inflation
    losses = (log(1 - half), log(1 + half), log(1 - whole), log(1 + whole))
    drift = log(1 - 1 / max(unit, 1.0 + 1e-9)) - one * (losses[0] + losses[1]) - two * (losses[2] + losses[3])
    if drift >= 0:
        return ceil(unit * 1e9)
    first = ceil(log(risk) / drift)
    seen = (ceil(one * first), ceil(one * first), two, two)
    return ceil(-unit * (log(risk) + sum(n * loss for n, loss in zip(seen, losses, strict=True))))
