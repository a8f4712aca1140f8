"""The file `election.toml` of an election package: what may stand in it, and where it does not hold."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta, ValidationError, convert

from scanner.election import (
    Election,
    ElectionType,
    Krets,
    NumberLine,
    ReferendumOption,
    StampRule,
    VoteCategory,
)
from scanner.election_room import MOST_OPTIONS, room
from scanner.election_stamps import read_stamps
from scanner.election_text import Faults, read_text

LARGEST = 256 * 1024  # bytes; a municipality with 200 kretser needs 20 kB
LONGEST_LINE = 2000  # bytes
MOST_STAMPS = 40

Text = Annotated[str, Meta(pattern=r"\A\S([^\t\n]*\S)?\Z", max_length=120)]
Code = Annotated[str, Meta(pattern=r"\A[\w-]{1,20}\Z")]
BallotNumber = Annotated[str, Meta(pattern=r"\A[0-9]{22}\Z")]
KnownCategory = Literal["FO", "FS", "VO", "VF", "VB", "VS", "BF"]  # tellekategorier of EVA


Place = tuple[str, int]  # which table of that name, counted from 0


@dataclass(frozen=True, slots=True)
class Rule:
    """What may stand at a key, for the machine and in words for the reader."""

    type: Any
    expected: str
    required: bool = True


TEXT = Rule(Text, "a text of 1 to 120 characters without spaces at its ends")
CODE = Rule(Code, "a code of 1 to 20 letters, digits, - or _")
NUMBER = Rule(BallotNumber, "a ballot number: a text of exactly 22 digits")
TABLE = "a table for each, written [[{}]]"

KRETS = {"code": CODE, "name": TEXT}
OPTION = {"code": CODE, "text": TEXT}
CATEGORY = {
    "code": Rule(KnownCategory, "a known counting category: FO, FS, VO, VF, VB, VS or BF"),
    "name": TEXT,
    "stamp": Rule(StampRule, '"required" or "not_required"'),
}
STAMP = {
    "file": Rule(
        Annotated[str, Meta(pattern=r"\Astamps/[\w-]{1,40}\.(png|jpg|jpeg)\Z")],
        "a picture in the folder stamps: stamps/NAME.png or .jpg",
    ),
    "dpi": Rule(Annotated[int, Meta(ge=100, le=1200)], "the picture's resolution, 100 to 1200 dpi"),
}
TABLES = {"kretser": KRETS, "categories": CATEGORY, "options": OPTION, "stamps": STAMP}
TOP = {
    "type": Rule(ElectionType, "one of " + ", ".join(f'"{one}"' for one in ElectionType)),
    "name": TEXT,
    "year": Rule(Annotated[int, Meta(ge=1900, le=2100)], "a year from 1900 to 2100"),
    "area": TEXT,
    "seats": Rule(Annotated[int, Meta(ge=0, le=999)], "a number of seats from 0 to 999"),
    "law": Rule(Literal["2002", "2013", "2023"], 'the version of the law: "2002", "2013" or "2023"'),
    "number_line": Rule(NumberLine, '"2019" or "2025"'),
    "max_write_ins": Rule(Annotated[int, Meta(ge=0, le=99)], "a number from 0 to 99", required=False),
    "blank_number": NUMBER,
    "tick_off_number": NUMBER,
    "question": Rule(
        Annotated[str, Meta(max_length=400)], "a text of at most 400 characters", required=False
    ),
    "kretser": Rule(list[dict[str, Any]], TABLE.format("kretser"), required=False),
    "categories": Rule(list[dict[str, Any]], TABLE.format("categories")),
    "options": Rule(list[dict[str, Any]], TABLE.format("options"), required=False),
    "stamps": Rule(
        Annotated[list[dict[str, Any]], Meta(max_length=MOST_STAMPS)],
        TABLE.format("stamps") + f", at most {MOST_STAMPS}",
        required=False,
    ),
}


@dataclass(frozen=True, slots=True)
class Lines:
    """Where each key stands: (table, index of the table, key) to line, '' for the top and the header."""

    at: dict[tuple[str, int, str], int]

    def of(self, key: str, place: Place = ("", 0)) -> int:
        """The key's own line, else that of its table, else 1."""
        tries = ((*place, key), (*place, ""), ("", 0, place[0]))
        return next((self.at[one] for one in tries if one in self.at), 1)


@dataclass(frozen=True, slots=True)
class Frame:
    """What `lists.csv` has to fit into, as far as `election.toml` is sound: None or empty where it is not."""

    kind: ElectionType | None = None
    seats: int | None = None
    taken: frozenset[str] = frozenset()  # ballot numbers of the ballots without a list


def read_contest(folder: Path, faults: Faults) -> tuple[Election | None, Frame]:
    """The election without its lists (None if there is any fault), and the frame for the lists."""
    text = read_text(folder / faults.file, LARGEST, LONGEST_LINE, faults)
    if text is None or faults.found:
        return None, Frame()
    data = _parsed(text, faults)
    if data is None:
        return None, Frame()
    lines = _key_lines(text)
    good = _checked(data, TOP, faults, lines)
    good |= {name: _tables(name, good[name], faults, lines) for name in TABLES if name in good}
    for key, value, expected in _senseless(good):
        faults.add(lines.of(key), value, f"{expected} ({key})")
    places = [lines.of("file", ("stamps", n)) for n in range(len(good.get("stamps", [])))]
    stamps = read_stamps(folder, good.get("stamps", []), places, faults)
    taken = frozenset(good[one] for one in ("blank_number", "tick_off_number") if one in good)
    frame = Frame(good.get("type"), good.get("seats"), taken)
    return (None if faults.found else replace(_built(good), stamps=stamps)), frame


def _parsed(text: str, faults: Faults) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # RecursionError: thousands of nested brackets
        told = str(error)
        where = re.search(r"at line (\d+)", told)
        last = text.count("\n") + 1
        faults.add(int(where[1]) if where else last if "end of document" in told else 0, told, "valid TOML")
        return None


def _key_lines(text: str) -> Lines:
    """A second, simple look at the text: the TOML parser does not tell where a key stood."""
    at: dict[tuple[str, int, str], int] = {}
    table, seen = "", dict[str, int]()
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(r"\s*\[\[?\s*\"?([\w-]+)\"?\s*\]", line):
            table = header[1]
            seen[table] = seen.get(table, -1) + 1
            at[table, seen[table], ""] = number
            at.setdefault(("", 0, table), number)
        elif key := re.match(r"\s*[\"']?([\w-]+)[\"']?\s*[=.]", line):
            at.setdefault((table, seen.get(table, 0), key[1]), number)
    return Lines(at)


def _checked(
    data: dict[str, Any], rules: dict[str, Rule], faults: Faults, lines: Lines, table: Place = ("", 0)
) -> dict[str, Any]:
    """The values of one table that keep their rule; every other key becomes a fault."""
    good: dict[str, Any] = {}
    for key in [one for one in data if one not in rules]:
        faults.add(lines.of(key, table), key, "one of the keys " + ", ".join(rules))
    for key, rule in rules.items():
        if key in data:
            try:
                good[key] = convert(data[key], rule.type)
            except ValidationError:
                faults.add(lines.of(key, table), data[key], f"{rule.expected} ({key})")
        elif rule.required:
            faults.add_plain(lines.of("", table), f"no key {key!r}", rule.expected)
    return good


def _tables(name: str, found: list[dict[str, Any]], faults: Faults, lines: Lines) -> list[dict[str, Any]]:
    """The tables of one name, each checked by itself, codes used once."""
    good = [_checked(one, TABLES[name], faults, lines, (name, index)) for index, one in enumerate(found)]
    seen: set[str] = set()
    for index, one in enumerate(good):
        code = str(one.get("code", "")).casefold()
        if code and code in seen:
            faults.add(lines.of("code", (name, index)), one["code"], f"a code that no other of {name} has")
        seen.add(code)
    return good


def _built(data: dict[str, Any]) -> Election:
    return Election(
        type=data["type"],
        name=data["name"],
        year=data["year"],
        area=data["area"],
        seats=data["seats"],
        law=data["law"],
        number_line=data["number_line"],
        max_write_ins=data.get("max_write_ins", 0),
        lists=(),
        kretser=tuple(Krets(**one) for one in data.get("kretser", [])),
        categories=tuple(VoteCategory(**one) for one in data["categories"]),
        blank_number=data["blank_number"],
        tick_off_number=data["tick_off_number"],
        question=data.get("question", ""),
        options=tuple(ReferendumOption(**one) for one in data.get("options", [])),
    )


def _senseless(good: dict[str, Any]) -> Iterator[tuple[str, object, str]]:
    """What each value alone cannot tell: key, value and expectation of each contradiction."""
    if "blank_number" in good and good.get("tick_off_number") == good["blank_number"]:
        yield "tick_off_number", good["blank_number"], "another number than that of the blank ballot"
    if good.get("categories") == []:
        yield "categories", [], "at least one counting category"
    if "type" not in good:
        return
    yield from _write_in_sense(good)
    if good["type"] is ElectionType.FOLKEAVSTEMNING:
        yield from _referendum_sense(good)
    else:
        yield from _list_election_sense(good)


def _write_in_sense(good: dict[str, Any]) -> Iterator[tuple[str, object, str]]:
    wanted, seats = good.get("max_write_ins", 0), good.get("seats", 0)
    most = room(good["type"], seats).lines
    if wanted > most:
        printed = f"at most the {most} lines that the form for {seats} seats has"
        only = "0, as only a kommunestyre ballot takes candidates of other lists (§ 7-2 (3))"
        yield "max_write_ins", wanted, printed if most else only


def _referendum_sense(good: dict[str, Any]) -> Iterator[tuple[str, object, str]]:
    if not good.get("question", "").strip():
        yield "question", good.get("question", ""), "the question that the voters answer"
    if len(good.get("options", [])) < 2:
        yield "options", len(good.get("options", [])), "at least two options to choose between"
    if len(good.get("options", [])) > MOST_OPTIONS:
        yield "options", len(good["options"]), f"at most {MOST_OPTIONS} options, the room of the ballot"


def _list_election_sense(good: dict[str, Any]) -> Iterator[tuple[str, object, str]]:
    if good.get("seats") == 0:
        yield "seats", 0, "at least 1 seat"
    if good.get("question"):
        yield "question", good["question"], "no question, as this is no referendum"
    if good.get("options"):
        yield "options", len(good["options"]), "no options, as this is no referendum"
