"""An election package: the folder that tells valgskanner which election it is about to count.

    election.toml   type             kommunestyre | fylkesting | storting | sameting | folkeavstemning
                    name             "Kommunestyrevalget 2027"
                    year             1900 to 2100
                    area             name of the municipality, county or constituency
                    seats            representatives to elect; 0 for a referendum
                    law              "2002" | "2013" | "2023": the version of the Election Act that judges
                    number_line      "2019" | "2025": design of the ballot number line
                    max_write_ins    candidates of other lists a voter may add (kommunestyre), else 0
                    blank_number     22 digits on the blank ballot
                    tick_off_number  22 digits on the ballot with all lists, or on the referendum ballot
                    question         a referendum's question
                    [[options]]      a referendum's answers: code, text
                    [[kretser]]      code, name
                    [[categories]]   code (FO FS VO VF VB VS BF), name, stamp ("required" | "not_required")
                    [[stamps]]       optional, all official stamps: file ("stamps/NAME.png"), dpi
    lists.csv       list,ballot_number,party,candidate,name,born,residence,bold
    stamps/         optional: a good print of each official stamp on white paper, PNG or JPEG
    styles/         optional: specimens of ballots that valgskanner did not draw

Both files are UTF-8. A list's candidates are numbered from 1 without gaps and must fit on the printed
form (`scanner.election_room`); a list shorter than § 6-2 asks for is no fault here, because training
and organisation elections use short lists. `max_write_ins` may not exceed the printed lines; that it is
normally 25 % of the seats (§ 7-2 (3)) is not checked. A referendum's lists.csv has the header alone.
"""

from dataclasses import replace
from pathlib import Path

from scanner.election import Election
from scanner.election_lists import read_lists
from scanner.election_text import Faults, PackageFault
from scanner.election_toml import read_contest
from scanner.errors import ElectionError

__all__ = ["FaultyPackageError", "PackageFault", "check_election", "read_election"]


class FaultyPackageError(ElectionError):
    """The election package has faults: the message holds one sentence a line, `faults` the same as data."""

    def __init__(self, faults: tuple[PackageFault, ...]) -> None:
        super().__init__("\n".join(str(one) for one in faults))
        self.faults = faults


def read_election(folder: Path) -> Election:
    """The election in this folder; raises FaultyPackageError (an ElectionError) with every fault."""
    election, faults = _load(folder)
    if election is None or faults:
        raise FaultyPackageError(faults)
    return election


def check_election(folder: Path) -> tuple[PackageFault, ...]:
    """Every fault of the package in this folder, by file and line; empty for a sound package.

    At most 500 a file are listed. Never raises for anything that the folder may hold.
    """
    return _load(folder)[1]


def _load(folder: Path) -> tuple[Election | None, tuple[PackageFault, ...]]:
    contest, lists = Faults("election.toml"), Faults("lists.csv")
    try:
        there = folder.is_dir()
    except (OSError, ValueError):  # a path too long, a loop of links, a NUL byte
        there = False
    if not there:
        name = folder.name if folder.name.isprintable() else repr(folder.name)
        return None, (PackageFault(name, 0, "no folder", "an election package"),)
    election, frame = read_contest(folder, contest)
    parties = read_lists(folder, frame, lists)
    faults = tuple(sorted((*contest.found, *lists.found), key=lambda one: (one.file, one.line)))
    return (replace(election, lists=parties) if election else None), faults
