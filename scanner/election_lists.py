"""The file `lists.csv` of an election package: the valglister, one candidate a line."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, ValidationError, convert

from scanner.election import Candidate, ElectionType, PartyList
from scanner.election_room import MOST_LISTS, room
from scanner.election_text import Faults, read_text
from scanner.election_toml import CODE, NUMBER, TEXT, Frame, Rule

LARGEST = 4 * 1024 * 1024  # bytes; the longest real election (22 lists of 93 names) needs 200 kB
LONGEST_LINE = 4000  # bytes

BOLD = {"1": True, "true": True, "ja": True, "0": False, "false": False, "nei": False, "": False}
FILE_NAMES = {"blank", "tick_off", "referendum"}  # other ballots are printed under these names


def _written(pattern: str) -> Any:
    return Annotated[str, Meta(pattern=rf"\A(?i:{pattern})\Z")]


COLUMNS = {
    "list": CODE,
    "ballot_number": NUMBER,
    "party": TEXT,
    "candidate": Rule(_written("[1-9][0-9]{0,2}"), "a candidate number from 1 to 999"),
    "name": TEXT,
    "born": Rule(_written("((19|20)[0-9]{2})?"), "a year of birth from 1900 to 2099, or nothing"),
    "residence": Rule(_written(r"(\S[^\t\n]{0,118}\S|\S)?"), "a text of at most 120 characters, or nothing"),
    "bold": Rule(_written("|".join(BOLD)), "1 (also: true, ja) for stemmetillegg, 0 (false, nei) without"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate as written, and the line it begins on; a cell that broke its rule is empty."""

    line: int
    list: str
    ballot_number: str = ""
    party: str = ""
    candidate: str = ""
    name: str = ""
    born: str = ""
    residence: str = ""
    bold: str = ""

    @property
    def number(self) -> int:
        """The candidate's number on the list, 0 if it broke its rule."""
        return int(self.candidate or 0)


def read_lists(folder: Path, frame: Frame, faults: Faults) -> tuple[PartyList, ...]:
    """The lists in the order of the file; () if there is any fault, each of which is noted.

    `frame` is what `election.toml` says, as far as that is sound.
    """
    text = read_text(folder / faults.file, LARGEST, LONGEST_LINE, faults)
    if text is None:
        return ()
    rows = list(_rows(text, faults))
    groups = _by_list(rows)
    _check_lists(groups, frame, faults)
    for group in groups.values():
        _check_list(group, frame, faults)
    return () if faults.found else tuple(_list_of(group) for group in groups.values())


def _rows(text: str, faults: Faults) -> Iterator[Row]:
    """Every row that can be understood, in order; the others become faults."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        header = next(reader, [])
        if not _header_holds(header, faults):
            return
        begins = reader.line_num + 1
        for cells in reader:
            if cells:  # an empty line is no candidate
                yield from _row(range(begins, reader.line_num + 1), header, cells, faults)
            begins = reader.line_num + 1
            if faults.full:
                return
    except csv.Error as error:
        faults.add_plain(begins, f"'{error}'", "comma-separated fields, each quote closed on its own line")


def _header_holds(header: list[str], faults: Faults) -> bool:
    good = sorted(header) == sorted(COLUMNS)
    if not good:
        missing = ", ".join(sorted(COLUMNS.keys() - set(header))) or "none"
        faults.add(1, ",".join(header), f"the header {','.join(COLUMNS)} (missing columns: {missing})")
    return good


def _row(lines: range, header: list[str], cells: list[str], faults: Faults) -> Iterator[Row]:
    """The row, so that one bad cell does not hide what the rest of it says."""
    if len(cells) != len(header) or len(lines) != 1:
        found = f"{len(cells)} fields on {len(lines)} line(s)"
        faults.add_plain(lines[0], found, f"{len(header)} fields on one line")
        cells = [cell if key == "list" else "" for key, cell in zip(header, cells, strict=False)]
        header = header[: len(cells)]
    else:
        _note_cells(lines[0], header, cells, faults)
    good = {key: cell for key, cell in zip(header, cells, strict=True) if _keeps(cell, COLUMNS[key])}
    if "list" in good:
        yield Row(lines[0], **good)


def _note_cells(line: int, header: list[str], cells: list[str], faults: Faults) -> None:
    for key, cell in zip(header, cells, strict=True):
        if not _keeps(cell, COLUMNS[key]):
            faults.add(line, cell, f"{COLUMNS[key].expected} ({key})")


def _keeps(cell: str, rule: Rule) -> bool:
    try:
        convert(cell, rule.type)
    except ValidationError:
        return False
    return True


def _by_list(rows: list[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.list, []).append(row)
    return groups


def _check_lists(groups: dict[str, list[Row]], frame: Frame, faults: Faults) -> None:
    """Between the lists: codes, names and ballot numbers are each used once."""
    codes, parties, numbers = set(FILE_NAMES), set[str](), set(frame.taken)
    for first in (group[0] for group in groups.values()):
        for value, seen, what in (
            (first.list, codes, "a list code that nothing else has (list)"),
            (first.party, parties, "a party name that no other list has (party)"),
            (first.ballot_number, numbers, "a ballot number that no other ballot has (ballot_number)"),
        ):
            if value and value.casefold() in seen:
                faults.add(first.line, value, what)
            seen.add(value.casefold())
    _check_presence(groups, frame, faults)


def _check_presence(groups: dict[str, list[Row]], frame: Frame, faults: Faults) -> None:
    referendum = frame.kind is ElectionType.FOLKEAVSTEMNING
    if referendum and groups:
        first = next(iter(groups.values()))[0]
        faults.add(first.line, first.list, "no lists, as a referendum has options (list)")
    if frame.kind and not referendum and not groups and not faults.found:
        faults.add_plain(1, "no candidates", "at least one list")
    if len(groups) > MOST_LISTS:
        line = list(groups.values())[MOST_LISTS][0].line
        faults.add_plain(
            line, f"{len(groups)} lists", f"at most {MOST_LISTS}, the room of the tick-off ballot"
        )


def _check_list(group: list[Row], frame: Frame, faults: Faults) -> None:
    """Within one list."""
    _check_same_heading(group, faults)
    if all(row.candidate for row in group):  # one unreadable number would look like a gap
        _check_numbers(group, faults)
    _check_persons(group, faults)
    _check_fits(group, frame, faults)


def _check_same_heading(group: list[Row], faults: Faults) -> None:
    first = group[0]
    same = f"as on line {first.line} of list {first.list}"
    for row in group[1:]:
        if row.ballot_number and first.ballot_number not in {"", row.ballot_number}:
            faults.add(row.line, row.ballot_number, f"{first.ballot_number!r} {same} (ballot_number)")
        if row.party and first.party not in {"", row.party}:
            faults.add(row.line, row.party, f"{first.party!r} {same} (party)")


def _check_numbers(group: list[Row], faults: Faults) -> None:
    """Candidates are numbered 1, 2, 3 … each number once; a gap is told once and then stepped over."""
    due = 1
    for row in sorted(group, key=lambda one: (one.number, one.line)):
        if row.number < due:
            faults.add(row.line, row.number, f"a candidate number used once on list {row.list} (candidate)")
        elif row.number > due:
            faults.add(row.line, row.number, f"{due}, as list {row.list} has no gaps (candidate)")
        due = max(due, row.number + 1)


def _check_persons(group: list[Row], faults: Faults) -> None:
    seen: dict[tuple[str, str], int] = {}
    for row in (one for one in group if one.name):
        person = (" ".join(row.name.casefold().split()), row.born)
        if person in seen:
            faults.add(
                row.line, row.name, f"each person once on list {row.list}, see line {seen[person]} (name)"
            )
        seen.setdefault(person, row.line)


def _check_fits(group: list[Row], frame: Frame, faults: Faults) -> None:
    if frame.kind in {None, ElectionType.FOLKEAVSTEMNING} or frame.seats is None:
        return
    most = room(frame.kind, frame.seats).candidates
    if len(group) > most:
        found = f"{len(group)} candidates on list {group[0].list}"
        form = f"at most {most}, the room of a {frame.kind} ballot for {frame.seats} seats"
        faults.add_plain(group[most].line, found, form)


def _list_of(group: list[Row]) -> PartyList:
    first = group[0]
    rows = sorted(group, key=lambda one: one.number)
    return PartyList(first.list, first.ballot_number, first.party, tuple(_candidate_of(row) for row in rows))


def _candidate_of(row: Row) -> Candidate:
    born = int(row.born) if row.born else None
    return Candidate(row.number, row.name, born, row.residence, BOLD[row.bold.casefold()])
