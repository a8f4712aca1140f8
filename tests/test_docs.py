"""The README keeps step with the code: every command, option, exit code and closed set has its row."""

import re
from pathlib import Path

import pytest

from scanner.audit.events import Act
from scanner.ballot import Category, Reason
from scanner.capture.boxes import LabelTrouble
from scanner.capture.events import Fault
from scanner.errors import ExitCode
from tests.command import Here
from tests.test_interfaces import COMMANDS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
CODED = set(re.findall(r"`([^`\n]+)`", README))


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


def table(heading: str) -> list[tuple[str, str]]:
    """First two cells of each row of the table whose header starts so."""
    assert f"\n| {heading} |" in README, f"README.md has no table that starts with {heading!r}"
    rows = README.split(f"\n| {heading} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    cells = [[one.strip() for one in row.strip("|").split("|")] for row in rows]
    assert all(one[1] for one in cells), "every row says something"
    return [(one[0], one[1]) for one in cells]


@pytest.mark.parametrize(
    ("heading", "members"),
    [
        ("category", list(Category)),
        ("reason", list(Reason)),
        ("fault", list(Fault)),
        ("label trouble", list(LabelTrouble)),
        ("act", list(Act)),
    ],
    ids=["category", "reason", "fault", "label trouble", "act"],
)
def test_a_closed_set_is_told_member_by_member(heading: str, members: list[str]) -> None:
    told = [one for cell, _ in table(heading) for one in re.findall(r"`(\w+)`", cell)]
    assert sorted(told) == sorted(members), "nothing left out, nothing that is gone, nothing twice"


def test_exit_codes_are_all_told() -> None:
    assert [int(code) for code, _ in table("code")] == sorted(ExitCode)


def test_commands_are_all_told() -> None:
    told = {match[1] for cell, _ in table("command") if (match := re.match(r"`valgskanner ([a-z ]+)", cell))}
    assert {one.strip() for one in told} == {*map(" ".join, COMMANDS), "train"}


@pytest.mark.parametrize("command", [*COMMANDS, ("train",)], ids=" ".join)
def test_options_are_all_told(command: tuple[str, ...], here: Here) -> None:
    options = set(re.findall(r"--[a-z][a-z-]*", here(*command, "--help").out))
    options -= {one for one in options if one.startswith("--no-")}
    assert {one for one in options if not re.search(rf"{one}(?![a-z-])", README)} == set()


def test_what_is_named_is_there() -> None:
    """Files and folders of the project, the picture, and targets of make."""
    paths = {one for one in CODED if re.match(r"(scanner|calibration|models|tests)/", one)}
    pictures = set(re.findall(r"\]\(([^)#:]+)\)", README))
    assert {one for one in paths | pictures if not any(ROOT.glob(one.rstrip("/")))} == set()
    goals = {one.split()[1] for one in re.findall(r"(?:^|`)(make \w+)", README, re.MULTILINE)}
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert {one for one in goals if f"\n{one}:" not in makefile} == set()


def test_every_room_has_its_row() -> None:
    told = [one for first, _ in table("folder") for one in re.findall(r"`([^`]+)`", first)]
    known = {path.name for one in told for path in ROOT.glob(one.rstrip("/"))}
    there = {one.name for one in (ROOT / "scanner").iterdir() if one.suffix in {"", ".py"}}
    assert there - known == {"__init__.py"} | ({"__pycache__"} & there)


def test_nothing_is_left_to_fill_in() -> None:
    assert re.findall(r"@@\w+@@|TODO|FIXME|XXX", README) == []
