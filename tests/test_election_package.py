"""Every fault of a package is named by file, line, value and expectation; sound packages have none."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scanner.election import ElectionType, NumberLine, StampRule
from scanner.election_package import FaultyPackageError, check_election, read_election
from scanner.election_room import room
from scanner.errors import ElectionError, ExitCode, UsageError
from scanner.simulate.elections import shipped_election, shipped_names
from tests.packages import HEADER, change, copy_of, only_fault

Mend = Callable[[str], str]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return copy_of("kommunestyre", tmp_path)


# --- what we ship ----------------------------------------------------------------------------


def test_every_kind_of_election_is_shipped() -> None:
    assert {read_election(shipped_election(name)).type for name in shipped_names()} == set(ElectionType)


@pytest.mark.parametrize("name", shipped_names())
def test_shipped_elections_have_no_fault(name: str) -> None:
    assert check_election(shipped_election(name)) == ()


@pytest.mark.parametrize("name", [one for one in shipped_names() if one != "folkeavstemning"])
def test_two_lists_are_easily_taken_for_each_other(name: str) -> None:
    first, second = read_election(shipped_election(name)).lists[:2]
    differing = sum(a != b for a, b in zip(first.ballot_number, second.ballot_number, strict=True))
    assert differing == 1
    assert first.party[:8] == second.party[:8]


@pytest.mark.parametrize("name", shipped_names())
def test_norwegian_or_sami_letters_are_everywhere(name: str) -> None:
    text = (shipped_election(name) / "lists.csv").read_text("utf-8")
    text += (shipped_election(name) / "election.toml").read_text("utf-8")
    assert set("æøå") <= set(text.lower())
    assert name != "sameting" or set("čšŧđŋž") <= set(text.lower())


def test_what_is_read_is_what_is_written() -> None:
    election = read_election(shipped_election("kommunestyre"))
    assert (election.name, election.year, election.area) == ("Kommunestyrevalget 2027", 2027, "Ålmøy")
    assert (election.seats, election.law, election.max_write_ins) == (27, "2023", 7)
    assert election.number_line is NumberLine.DESIGN_2019
    assert election.category("FO").stamp is StampRule.REQUIRED
    assert election.category("VS").stamp is StampRule.NOT_REQUIRED
    first = election.list_of("AB").candidates[0]
    assert (first.number, first.name, first.born, first.bold) == (1, "Solmar Østmoløkken", 1970, True)
    assert [one.number for one in election.list_of("AB").candidates] == list(range(1, 32))


def test_referendum_has_options_and_no_lists() -> None:
    election = read_election(shipped_election("folkeavstemning"))
    assert [one.code for one in election.options] == ["ja", "nei"]
    assert election.lists == ()
    assert election.question.endswith("?")


def test_a_name_that_is_not_shipped_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="kommunestyre"):
        shipped_election("../kommunestyre")


# --- election.toml ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "value", "expected"),
    [
        ('type = "kommunestyre"', 'type = "bystyre"', "'bystyre'", "kommunestyre"),
        ("year = 2027", 'year = "2027"', "'2027'", "a year"),
        ("year = 2027", "year = 27", "27", "1900"),
        ("seats = 27", "seats = -1", "-1", "seats"),
        ("seats = 27", "seats = true", "True", "seats"),
        ("seats = 27", "seats = 0", "0", "at least 1 seat"),
        ('law = "2023"', 'law = "1985"', "'1985'", "2002"),
        ('number_line = "2019"', 'number_line = "2020"', "'2020'", "2025"),
        ("max_write_ins = 7", "max_write_ins = 11", "11", "10 lines"),
        ("max_write_ins = 7", "max_write_ins = 7.5", "7.5", "number"),
        ('blank_number = "2', 'blank_number = "x', "'x027", "22 digits"),
        ('tick_off_number = "2', 'tick_off_number = "22', "'22027", "22 digits"),
        ('area = "Ålmøy"', 'area = ""', "''", "text"),
        ('area = "Ålmøy"', 'farge = "rosa"\narea = "Ålmøy"', "'farge'", "one of the keys"),
        ('code = "FO"', 'code = "FX"', "'FX'", "FO, FS, VO"),
        ('code = "FS"', 'code = "FO"', "'FO'", "no other of categories"),
        ('code = "0002"', 'code = "0001"', "'0001'", "no other of kretser"),
        ('stamp = "not_required"', 'stamp = "maybe"', "'maybe'", "required"),
        ('stamp = "not_required"', "", "no key 'stamp'", "required"),
        ('name = "Sæterbukta"', "name = 7", "7", "text"),
        ("seats = 27", "seats = ", "Invalid value", "TOML"),
        ("seats = 27", "seats = 27\nseats = 28", "overwrite", "TOML"),
        ("seats = 27", "seats = 27\nquestion = 'Hva?'", "'Hva?'", "no referendum"),
    ],
)
def test_a_fault_in_the_toml_names_its_line(
    package: Path, old: str, new: str, value: str, expected: str
) -> None:
    file = package / "election.toml"
    line = change(file, old, new)
    fault = next(one for one in check_election(package) if one.file == "election.toml")
    assert value in fault.value
    assert expected in fault.expected
    assert fault.line == line + {"overwrite": 1, "'Hva?'": 1, "no key 'stamp'": -3}.get(value, 0)
    assert str(fault).startswith(f"election.toml, line {fault.line}: found ")


def test_a_missing_key_is_named(package: Path) -> None:
    change(package / "election.toml", 'law = "2023"\n', "")
    assert "'law'" in only_fault(package).value


def test_the_number_of_the_tick_off_ballot_is_its_own(package: Path) -> None:
    file = package / "election.toml"
    number = read_election(package).blank_number
    line = change(file, read_election(package).tick_off_number, number)
    assert (only_fault(package).line, number in only_fault(package).value) == (line, True)


@pytest.mark.parametrize("name", ["fylkesting", "storting", "sameting", "folkeavstemning"])
def test_only_a_kommunestyre_ballot_takes_write_ins(tmp_path: Path, name: str) -> None:
    folder = copy_of(name, tmp_path)
    line = change(folder / "election.toml", "max_write_ins = 0", "max_write_ins = 1")
    assert (only_fault(folder).line, "0, as only" in only_fault(folder).expected) == (line, True)


def test_a_referendum_needs_a_question_and_two_options(tmp_path: Path) -> None:
    folder = copy_of("folkeavstemning", tmp_path)
    change(folder / "election.toml", "question", "# question")
    change(folder / "election.toml", '[[options]]\ncode = "nei"\ntext = "Nei"', "")
    assert [one.expected.split()[1] for one in check_election(folder)] == ["question", "least"]


def test_faults_of_both_files_are_found_at_once(package: Path) -> None:
    change(package / "election.toml", "year = 2027", "year = 0")
    change(package / "election.toml", 'code = "FO"', 'code = "XX"')
    change(package / "lists.csv", ",1970,", ",197,")
    with pytest.raises(ElectionError) as caught:
        read_election(package)
    assert isinstance(caught.value, FaultyPackageError)
    assert caught.value.exit_code is ExitCode.INPUT
    assert len(str(caught.value).splitlines()) == len(caught.value.faults) == 3
    assert caught.value.faults == check_election(package)


# --- lists.csv -------------------------------------------------------------------------------

ROW = "AB,2027014811000178430106,Ålmøy Bygdeliste,"


@pytest.mark.parametrize(
    ("old", "new", "value", "expected"),
    [
        (f"{ROW}3,", f"{ROW}2,", "2", "used once on list AB"),
        (f"{ROW}3,", f"{ROW}32,", "4", "3, as list AB has no gaps"),
        (f"{ROW}31,", f"{ROW}32,", "32", "31, as list AB has no gaps"),
        (f"{ROW}3,", f"{ROW}0,", "'0'", "candidate number"),
        (f"{ROW}3,", f"{ROW}tre,", "'tre'", "candidate number"),
        (f"{ROW}3,", f"{ROW}3.0,", "'3.0'", "candidate number"),
        (
            f"{ROW}3,",
            "AB,2027014811000178430107,Ålmøy Bygdeliste,3,",
            "'2027014811000178430107'",
            "as on line 2",
        ),
        (f"{ROW}3,", "AB,202701481100017843010,Ålmøy Bygdeliste,3,", "'202701481100017843010'", "22 digits"),
        (f"{ROW}3,", "AB,2027014811000178430106,Ålmøy Byliste,3,", "'Ålmøy Byliste'", "as on line 2"),
        (
            "Jørsira Brønbakkvåg,1966",
            "Solmar  Østmoløkken,1970",
            "Østmoløkken",
            "each person once on list AB, see line 2",
        ),
        ("Jørsira Brønbakkvåg", "", "''", "text"),
        ("Jørsira Brønbakkvåg", " Jørsira", "' Jørsira'", "text"),
        (",1966,", ",66,", "'66'", "year of birth"),
        ("1966,Kråkbøen,0", "1966,Kråkbøen,kanskje", "'kanskje'", "stemmetillegg"),
        ("1966,Kråkbøen,0", "1966,Kråkbøen", "7 fields", "8 fields"),
        ("Jørsira Brønbakkvåg", "Brønbakkvåg, Jørsira", "9 fields", "8 fields"),
        ("Jørsira Brønbakkvåg", '"Jørsira\nBrønbakkvåg"', "2 line(s)", "8 fields on one line"),
        ("Jørsira Brønbakkvåg", '"Jørsira', "", "fields"),
        ("Jørsira Brønbakkvåg", "Jørsira\x07", r"\x07", "no control characters"),
        ("Jørsira Brønbakkvåg", "Jørsira\x00", r"\x00", "no control characters"),
        ("Jørsira Brønbakkvåg", "Jørsira\u202e", "202e", "no control characters"),
        (f"{ROW}3,", "A/B,2027014811000178430106,Ålmøy Bygdeliste,3,", "'A/B'", "a code"),
    ],
)
def test_a_fault_in_the_lists_names_its_line(
    package: Path, old: str, new: str, value: str, expected: str
) -> None:
    line = change(package / "lists.csv", old, new)
    faults = check_election(package)
    told = [one for one in faults if value in one.value and expected in one.expected]
    assert told, faults
    assert told[0].file == "lists.csv"
    assert told[0].line == line + (expected.startswith("3, as"))  # a gap shows at the candidate after it


@pytest.mark.parametrize(
    ("column", "new", "expected"),
    [
        (0, "blank", "list code"),
        (0, "ab", "list code"),
        (1, "2027014811000178430106", "ballot number"),
        (1, "2027014811900167771261", "ballot number"),
        (2, "ÅLMØY BYGDELISTE", "party name"),
    ],
)
def test_two_lists_share_nothing(package: Path, column: int, new: str, expected: str) -> None:
    file = package / "lists.csv"
    rows = [line.split(",") for line in file.read_text("utf-8").splitlines()]
    first = next(n for n, row in enumerate(rows, 1) if row[0] == "AY")
    for row in rows:
        if row[0] == "AY":
            row[column] = new
    file.write_text("\n".join(",".join(row) for row in rows), "utf-8")
    fault = only_fault(package)
    assert (fault.line, repr(new)) == (first, fault.value)
    assert expected in fault.expected


@pytest.mark.parametrize(
    "header", ["", HEADER[5:], HEADER + ",yrke", HEADER.replace(",", ";"), HEADER.replace("born", "list")]
)
def test_the_header_is_checked(package: Path, header: str) -> None:
    change(package / "lists.csv", HEADER, header)
    fault = only_fault(package)
    assert (fault.file, fault.line) == ("lists.csv", 1)
    assert HEADER in fault.expected


@pytest.mark.parametrize(
    ("kind", "seats", "candidates", "lines"),
    [
        (ElectionType.KOMMUNESTYRE, 43, 49, 10),
        (ElectionType.KOMMUNESTYRE, 44, 73, 16),
        (ElectionType.KOMMUNESTYRE, 67, 73, 16),
        (ElectionType.KOMMUNESTYRE, 68, 93, 21),
        (ElectionType.FYLKESTING, 57, 63, 0),
        (ElectionType.FYLKESTING, 58, 93, 0),
        (ElectionType.STORTING, 9, 15, 0),
        (ElectionType.SAMETING, 169, 40, 0),
        (ElectionType.FOLKEAVSTEMNING, 0, 0, 0),
    ],
)
def test_the_forms_hold_what_the_drawings_hold(
    kind: ElectionType, seats: int, candidates: int, lines: int
) -> None:
    assert (room(kind, seats).candidates, room(kind, seats).lines) == (candidates, lines)


@pytest.mark.parametrize(("name", "most"), [("kommunestyre", 49), ("storting", 15), ("fylkesting", 63)])
def test_one_candidate_too_many_is_named(tmp_path: Path, name: str, most: int) -> None:
    folder = copy_of(name, tmp_path)
    election = read_election(folder)
    one, file = election.lists[0], folder / "lists.csv"
    rows = [f"{one.code},{one.ballot_number},{one.party},{n},Ny Ånsås{n},,,0" for n in range(1, most + 2)]
    file.write_text("\n".join([HEADER, *rows[:-1]]), "utf-8")
    assert check_election(folder) == ()
    file.write_text("\n".join([HEADER, *rows]), "utf-8")
    fault = only_fault(folder)
    assert (fault.line, fault.value) == (most + 2, f"{most + 1} candidates on list {one.code}")
    assert f"at most {most}" in fault.expected


def test_lists_and_referendum_exclude_each_other(tmp_path: Path, package: Path) -> None:
    shutil.copy(shipped_election("folkeavstemning") / "lists.csv", package / "lists.csv")
    assert only_fault(package).expected == "at least one list"
    referendum = tmp_path / "folk"
    shutil.copytree(shipped_election("folkeavstemning"), referendum)
    shutil.copy(shipped_election("kommunestyre") / "lists.csv", referendum / "lists.csv")
    assert "no lists" in only_fault(referendum).expected


@pytest.mark.parametrize(
    "mend", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n"), lambda t: t + "\n\n"]
)
def test_bom_crlf_and_empty_last_lines_are_welcome(package: Path, mend: Mend) -> None:
    for file in package.iterdir():
        file.write_bytes(mend(file.read_text("utf-8")).encode())
    assert read_election(package) == read_election(shipped_election("kommunestyre"))


def test_letters_are_composed(package: Path) -> None:
    change(package / "lists.csv", "Ålmøy Bygdeliste", "A\u030almøy Bygdeliste", count=99)
    assert read_election(package) == read_election(shipped_election("kommunestyre"))
