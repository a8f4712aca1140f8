"""The commands about an election package: check it, print its ballots, tell where things are."""

from pathlib import Path

from scanner.commands.shell import answers, note, say
from scanner.election_package import check_election, read_election
from scanner.errors import ExitCode
from scanner.layout.lines import layout_lines
from scanner.layout.printing import print_ballots


def check_package(folder: Path, *, json: bool) -> int:
    """Print every fault of a package; exit code 5 if there is one."""
    faults = check_election(folder)
    for one in faults:
        if json:
            say(one)
        else:
            answers.print(str(one), markup=False)
    if not faults:
        election = read_election(folder)
        note(f"{folder}: {election.name} in {election.area} is sound, {len(election.lists)} lists.")
    return ExitCode.INPUT if faults else ExitCode.DONE


def print_package(folder: Path, out: Path) -> int:
    """Write the ballots as PDF and name each file."""
    for path in print_ballots(read_election(folder), out):
        note(f"Wrote {path}")
    return ExitCode.DONE


def print_layout(folder: Path, *, json: bool) -> int:
    """Print where everything is on each style."""
    for one in layout_lines(read_election(folder)):
        if json:
            say(one)
        else:
            size = f"{one.page_mm[0]} x {one.page_mm[1]} mm"
            answers.print(f"{one.style}: {one.kind}, {size}, {len(one.fields)} fields", markup=False)
    return ExitCode.DONE
