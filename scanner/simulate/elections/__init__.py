"""Invented elections, one of each kind, to try the machine on: no person, place or party in them is real.

The folders beside this file are election packages (`scanner.election_package` says the format):
`kommunestyre` (one fold), `kommunestyre_two_fold`, `kommunestyre_write_ins_outside`, `fylkesting`,
`storting` (2025 number line), `sameting` and `folkeavstemning` (advisory referendum). In each, the
two first lists carry names that share most letters and ballot numbers that differ in one digit.
"""

from pathlib import Path

from scanner.errors import UsageError


def shipped_names() -> tuple[str, ...]:
    """Names of the elections that come with valgskanner, in alphabetical order."""
    return tuple(sorted(one.parent.name for one in Path(__file__).parent.glob("*/election.toml")))


def shipped_election(name: str) -> Path:
    """Folder of the shipped election `name`; UsageError lists those there are."""
    if name not in shipped_names():
        raise UsageError(
            f"There is no shipped election {name!r}; choose one of {', '.join(shipped_names())}."
        )
    return Path(__file__).parent / name
