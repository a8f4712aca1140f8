"""All that reading handwriting needs, opened once: the networks, the numbers, and whom a name may mean."""

from dataclasses import dataclass
from functools import lru_cache

from scanner.classify.handwriting import OnnxReaders, Readers, Weighing, WordBounds, beliefs, bounds, search
from scanner.classify.lexicon import Lexicon, lexicon
from scanner.config import calibration
from scanner.election import Election

BLANK = "blank"  # stands for no list at all
SAYINGS = ("blank", "blankt", "blank stemme", "blank stemmeseddel")


@dataclass(frozen=True, slots=True)
class LineLimits:
    """Numbers of `calibration/written_lines.toml`."""

    around_mm: float  # writing may reach this far out of its table
    dot_mm: float  # a piece no larger may be a dot or an accent of the line below
    clear_mm2: float  # less ink of its own than this leaves a line unwritten
    least_mm2: float  # less ink than this is no name
    least_mm: float  # nor is ink that reaches less far along the line
    guess: float  # least chance at which a name is proposed to a person
    struck: float  # a straight stroke through the middle, as a share of the writing, that may strike it out
    highest_mm: float  # writing on a blank ballot that is higher is no single line


@dataclass(frozen=True, slots=True, eq=False)
class Hands:
    """Who can be meant, the networks, the numbers. The lexicon is made when the first line is read."""

    election: Election
    readers: Readers
    weighing: Weighing
    bounds: WordBounds
    limits: LineLimits

    @property
    def names(self) -> Lexicon:
        """Every candidate of every list, as "LIST/NR": also the ballot's own, which gives no vote."""
        return _names(self.election)

    @property
    def parties(self) -> Lexicon:
        """Every list by its code and its name, and what people write who mean none."""
        return _parties(self.election)

    def printed(self, whom: str) -> str:
        """The name of "LIST/NR" as printed. KeyError if nobody is."""
        return _printed(self.election)[whom]


def open_hands(election: Election) -> Hands:
    """Open both networks and the numbers. Raises ModelError if one is damaged."""
    limits = calibration("written_lines", LineLimits)
    return Hands(election, OnnxReaders(), Weighing(beliefs(), search()), bounds(), limits)


@lru_cache(maxsize=4)
def _printed(election: Election) -> dict[str, str]:
    return {f"{one.code}/{each.number}": each.name for one in election.lists for each in one.candidates}


@lru_cache(maxsize=4)
def _names(election: Election) -> Lexicon:
    return lexicon(_printed(election).items())


@lru_cache(maxsize=4)
def _parties(election: Election) -> Lexicon:
    named = [(one.code, name) for one in election.lists for name in (one.code, one.party)]
    return lexicon([*named, *((BLANK, saying) for saying in SAYINGS)])
