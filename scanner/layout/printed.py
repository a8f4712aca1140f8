"""One ballot before it is drawn: its election, form, list, and the words in its header."""

from dataclasses import dataclass

from scanner.ballot import StyleKind
from scanner.election import Candidate, Election, ElectionType, PartyList
from scanner.layout.colours import PALETTES, Palette
from scanner.layout.forms import Form


@dataclass(frozen=True, slots=True)
class Printed:
    """What the printer is told: `list` is None for blank, tick-off and referendum ballots."""

    election: Election
    form: Form
    kind: StyleKind
    list: PartyList | None

    @property
    def id(self) -> str:
        """The stem of its file name."""
        return self.list.code if self.list else self.kind.value

    @property
    def number(self) -> str:
        """The ballot number, 22 digits."""
        if self.list:
            return self.list.ballot_number
        return self.election.blank_number if self.kind is StyleKind.BLANK else self.election.tick_off_number

    @property
    def heading(self) -> str:
        """The bold name in the header."""
        match self.kind:
            case StyleKind.PARTY:
                return self.list.party if self.list else ""
            case StyleKind.BLANK:
                return "Blank stemmeseddel"
            case StyleKind.TICK_OFF:
                return "Stemmeseddel med registrerte partier"
            case StyleKind.REFERENDUM:
                return "Stemmeseddel"

    @property
    def subtitle(self) -> str:
        """The election and its area, as "Kommunestyrevalget 2027 i Nordvik"."""
        name, area = self.election.name, self.election.area
        return name if area in name else f"{name} i {area}"

    @property
    def palette(self) -> Palette:
        """The colours of this election."""
        return PALETTES[self.election.type]

    @property
    def ranked(self) -> bool:
        """True where voters renumber and strike (Storting, Sameting) instead of giving personal votes."""
        return self.election.type in {ElectionType.STORTING, ElectionType.SAMETING}

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The names on this ballot."""
        return self.list.candidates if self.list else ()

    @property
    def write_ins(self) -> bool:
        """True if the ballot has a table for candidates from other lists."""
        return bool(self.list and self.form.write_in and self.election.max_write_ins)
