"""A board's book on its way to the board above: its numbers and explanations in one file, signed."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from scanner.errors import InputError

FORMAT = 1
MOST_BYTES = 32 * 2**20  # Oslo's book is 3 MB


class Results(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A book on its way: which one, of whom, and its numbers and explanations as the tables of `form`."""

    format: int
    form: str  # "valgstyret_2013"
    type: str
    year: int
    election: str
    area: str
    test: bool
    checkpoint: str  # the end of the chain that the machine's numbers rest on; "" if counted by hand
    closed: bool  # nothing missing, no difference unexplained
    table: str
    explained: str

    @property
    def id(self) -> str:
        """What there is one of: this board's book of this election."""
        return f"{self.form} {self.type} {self.year} {self.area}"

    @property
    def words(self) -> str:
        """One line that says it all, signed along."""
        kind = "test results" if self.test else "results"
        return f"valgskanner {kind} {self.id}"


@dataclass(frozen=True, slots=True)
class Changed:
    """A number that two versions of one book tell differently; "" where it is not written."""

    cell: str
    place: str
    before: str
    now: str


def results_bytes(one: Results) -> bytes:
    """As it is signed and sent."""
    return msgspec.json.format(msgspec.json.encode(one, order="sorted"), indent=1) + b"\n"


def read_results(content: bytes) -> Results:
    """The document. InputError if it is none, or larger than any book is."""
    if len(content) > MOST_BYTES:
        raise InputError(f"The results are larger than {MOST_BYTES // 2**20} MB: no book is.")
    try:
        made = msgspec.json.decode(content, type=Results)
    except msgspec.MsgspecError as error:
        raise InputError(f"These are no results of valgskanner: {error}.") from error
    if made.format != FORMAT:
        raise InputError(f"The results are in format {made.format}; this version reads {FORMAT}.")
    if {"cell", "place", "value"} - set(next(csv.reader(io.StringIO(made.table)), [])):
        raise InputError("The results hold no table of numbers.")
    return made


def changed(before: Results, now: Results) -> Iterator[Changed]:
    """Every number that differs between two versions of a book, and every explanation."""
    first, second = _numbers(before), _numbers(now)
    for key in dict.fromkeys((*first, *second)):
        if first.get(key, "") != second.get(key, ""):
            yield Changed(*key, first.get(key, ""), second.get(key, ""))
    if before.explained != now.explained:
        yield Changed(
            "explanations", "", *(f"{len(one.explained.splitlines()) - 1}" for one in (before, now))
        )


def _numbers(one: Results) -> dict[tuple[str, str], str]:
    rows = csv.DictReader(io.StringIO(one.table))
    return {(row["cell"], row["place"]): row["value"] for row in rows}
