"""The forms from the shell: out as a table or a workbook, filled in, controlled, explained."""

import csv
from pathlib import Path

import pytest

from scanner.ballot import Category, Decision
from scanner.box_label import BoxLabel, LabelKind
from scanner.commands.form_lines import form_line
from scanner.errors import ExitCode
from scanner.store import open_store
from scanner.tally.motebok.reading import form_file, form_names
from tests.command import Here, package
from tests.store.conftest import sheet
from tests.store.test_store import READING, URETTET
from tests.strategies import small_election

STORTING = package("storting")


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


def test_every_form_is_listed(here: Here) -> None:
    lines = here("form", "list", "--json").lines
    boards = {one["board"] for one in lines}
    assert boards == {
        "valgstyret", "stemmestyret", "fylkesvalgstyret", "distriktsvalgstyret", "samevalgstyret",
        "opptellingsvalgstyret",
    }  # fmt: skip
    assert all(one["rows"] and one["controls"] for one in lines)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_form_is_filled_in_and_controlled(here: Here, tmp_path: Path, ending: str) -> None:
    book = tmp_path / f"book.{ending}"
    about = ("--election", STORTING, "--year", 2009, "--board", "stemmestyret")
    assert here("form", "template", *about, "--out", book).code == ExitCode.DONE
    for cell, value in (("B1.I", "0"), ("B1.II", "1 240"), ("B2.1", "1241")):
        assert here("form", "fill", book, cell, value, *about).code == ExitCode.DONE
    ran = here("form", "check", book, *about, "--json")
    assert ran.code == ExitCode.DISAGREE
    first = next(one for one in ran.lines if one.get("control") == "B2.3 flere")
    assert (first["left"], first["right"], first["outcome"]) == (1241, 1240, "unexplained")
    here("form", "fill", book, "B2.1", "1240", *about)
    lines = here("form", "check", book, *about, "--json").lines
    assert next(one for one in lines if one.get("control") == "B2.3 flere")["outcome"] == "holds"


def test_words_and_a_name_explain_one_difference(here: Here, tmp_path: Path) -> None:
    book = tmp_path / "book.csv"
    about = ("--election", STORTING, "--year", 2009)
    book.write_text("cell,place,value\nB1.1a.I,,120\nB1.1a.II,,2\nB1.1a.III,,117\n", "utf-8")
    told = ("form", "explain", book, "H1a", "En konvolutt ble borte.", "--person", "Kari", "--difference", 1)
    assert here(*told).code == ExitCode.DONE
    lines = here("form", "check", book, *about, "--json").lines
    first = next(one for one in lines if one["control"] == "H1a")
    assert (first["outcome"], first["person"]) == ("explained", "Kari")
    here("form", "fill", book, "B1.1a.III", "116", *about)
    lines = here("form", "check", book, *about, "--json").lines
    assert next(one for one in lines if one["control"] == "H1a")["outcome"] == "unexplained"


def test_wrong_cells_are_named_and_nothing_is_taken(here: Here, tmp_path: Path) -> None:
    book = tmp_path / "book.csv"
    book.write_text("cell,place,value\nB1.1a.I,,tolv\nB9,,1\n", "utf-8")
    ran = here("form", "check", book, "--election", STORTING, "--year", 2009)
    assert ran.code == ExitCode.INPUT
    assert "line 2, column value" in ran.err
    assert "line 3, column cell, place" in ran.err


def test_a_stemmestyre_feeds_its_krets(here: Here, tmp_path: Path) -> None:
    about = ("--election", STORTING, "--year", 2009)
    theirs, out = tmp_path / "krets.csv", tmp_path / "out.csv"
    here("form", "template", *about, "--board", "stemmestyret", "--out", theirs)
    krets = here_krets(here, about, tmp_path)
    here("form", "fill", theirs, "B2.1", "512", *about, "--board", "stemmestyret")
    ran = here("form", "check", *about, "--book", f"{krets}={theirs}", "--out", out)
    assert ran.code == ExitCode.DISAGREE
    lines = csv.DictReader(out.read_text("utf-8").splitlines())
    written = {(one["cell"], one["place"]): one["value"] for one in lines}
    assert written["C1.1.b", krets] == "512"


def here_krets(here: Here, about: tuple[object, ...], folder: Path) -> str:
    blank = folder / "blank.csv"
    here("form", "template", *about, "--out", blank)
    lines = csv.DictReader(blank.read_text("utf-8").splitlines())
    return next(one["place"] for one in lines if one["cell"] == "C1.1.b")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("form", "template", "--out", "x.csv"), ExitCode.USAGE),
        (("form", "template", "--election", STORTING, "--out", "x.docx"), ExitCode.USAGE),
        (("form", "template", "--election", STORTING, "--board", "ingen", "--out", "x.csv"), ExitCode.INPUT),
        (("form", "check", "missing.csv", "--election", STORTING), ExitCode.INPUT),
    ],
)
def test_what_cannot_be_done_is_said(here: Here, words: tuple[object, ...], code: ExitCode) -> None:
    assert here(*words).code == code


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Ten ballots of krets 0001 counted for list A; two boxes were expected, one came."""
    address = f"sqlite:{tmp_path / 'count.db'}"
    with open_store(address) as store:
        store.bind(small_election())
        labels = [BoxLabel(LabelKind.START, "VO", "0001", number, 2) for number in (1, 2)]
        store.book.expect(labels)
        box = labels[0].box
        store.add_box(box)
        for number in range(1, 11):
            name = f"{box.id}/{number:04d}"
            store.add_sheet(sheet(number, box.id, front=name.encode()))
            decision = Decision(name, Category.URETTET, "A" if number < 10 else "B", ())
            store.add_verdict(name, URETTET, READING, "v1", decision)
    return address


def test_the_machines_numbers_stand_beside_the_manual_ones(here: Here, url: str, tmp_path: Path) -> None:
    book = tmp_path / "book.csv"
    book.write_text("cell,place,value\nC2.3.forste,0001;A,10\nC2.3.forste,0001;B,0\n", "utf-8")
    lines = here("form", "check", book, "--store", url, "--json").lines
    off = {(one["control"], *one["place"]): one["difference"] for one in lines if one["outcome"] != "holds"}
    assert off["C2.3", "0001", "A"] == -1
    assert off["C2.3", "0001", "B"] == 1
    assert off["PK kasser", "0001"] == -1
    held = {one["control"] for one in lines if one["outcome"] == "holds"}
    assert {"Maskin v", "Papir v", "M v"} <= held


def test_a_number_names_its_sheets_and_their_images(here: Here, url: str) -> None:
    lines = here("form", "which", "C2.3.andre", "--place", "0001;B", "--store", url, "--json").lines
    assert [one["number"] for one in lines] == [10]
    assert all(len(one) == 64 for one in lines[0]["images"])
    assert len(here("form", "which", "A1.4.sum", "--place", "A", "--store", url, "--json").lines) == 9
    assert here("form", "which", "A1.1.stemmeberettigede", "--store", url, "--json").lines == []
    assert here("form", "which", "B99", "--store", url).code == ExitCode.INPUT


def test_two_passes_of_a_box_stand_in_the_form(here: Here, url: str, tmp_path: Path) -> None:
    again = f"sqlite:{tmp_path / 'again.db'}"
    with open_store(again) as store:
        store.bind(small_election())
        box = BoxLabel(LabelKind.START, "VO", "0001", 1, 2).box
        store.add_box(box)
        for number in range(1, 10):
            name = f"{box.id}/{number:04d}"
            store.add_sheet(sheet(number, box.id, front=name.encode()))
            store.add_verdict(name, URETTET, READING, "v1", Decision(name, Category.URETTET, "A", ()))
    lines = here("form", "check", "--store", url, "--second", again, "--json").lines
    passes = {one["control"]: (one["left"], one["right"]) for one in lines if one["control"].startswith("P2")}
    assert passes == {"P2 antall": (9, 10), "P2 ulike": (1, 0)}


def test_places_that_no_package_tells_are_told_in_a_table(here: Here, tmp_path: Path) -> None:
    told, out = tmp_path / "places.csv", tmp_path / "book.csv"
    told.write_text("dimension,code,name\nplace,BIB,Biblioteket\nmember,1,Leder\n", "utf-8")
    about = ("--election", STORTING, "--year", 2025, "--extent", told)
    assert here("form", "template", *about, "--out", out).code == ExitCode.DONE
    lines = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert {one["where"] for one in lines if one["cell"] == "B2.1.sedler"} == {"Biblioteket"}
    told.write_text("dimension,code,name\nsted,BIB,Biblioteket\n", "utf-8")
    ran = here("form", "template", *about, "--out", out)
    assert ran.code == ExitCode.INPUT
    assert "Line 2" in ran.err


def test_the_readme_tells_every_form_as_it_is() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for name in form_names():
        one = form_line(name, form_file(name))
        row = next(line for line in readme.splitlines() if line.startswith(f"| `{name}` |"))
        numbers = [cell.strip() for cell in row.split("|")[4:7]]
        assert numbers == [str(one.rows), str(one.cells), f"{one.controls} + {one.own_controls}"]
