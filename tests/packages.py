"""Copies of the shipped election packages, to be damaged and checked."""

import shutil
from pathlib import Path

from scanner.election_package import PackageFault, check_election
from scanner.simulate.elections import shipped_election

HEADER = "list,ballot_number,party,candidate,name,born,residence,bold"


def copy_of(name: str, parent: Path) -> Path:
    """A copy of a shipped package that the test may change."""
    folder = parent / "valg"
    shutil.copytree(shipped_election(name), folder)
    return folder


def change(file: Path, old: str, new: str, count: int = 1) -> int:
    """Replaces and returns the line where `old` stood."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, count), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def only_fault(folder: Path) -> PackageFault:
    """The one fault that the package has."""
    (fault,) = check_election(folder)
    return fault
