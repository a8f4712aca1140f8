"""The forms from the shell: out as a table or a workbook, filled in, controlled, explained."""

import csv
from pathlib import Path

import pytest

from scanner.errors import ExitCode
from tests.command import Here, package

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
    about = ("--election", STORTING, "--year", 2009)
    assert here("form", "template", *about, "--out", book).code == ExitCode.DONE
    for cell, value in (("B1.1a.I", "120"), ("B1.1a.II", "2"), ("B1.1a.III", "117")):
        assert here("form", "fill", book, cell, value, *about).code == ExitCode.DONE
    ran = here("form", "check", book, *about, "--json")
    assert ran.code == ExitCode.DISAGREE
    first = next(one for one in ran.lines if one.get("control") == "H1a")
    assert (first["left"], first["right"], first["outcome"]) == (120, 119, "unexplained")
    here("form", "fill", book, "B1.1a.III", "118", *about)
    lines = here("form", "check", book, *about, "--json").lines
    assert next(one for one in lines if one.get("control") == "H1a")["outcome"] == "holds"


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
        (("form", "template", "--election", STORTING, "--out", "x.pdf"), ExitCode.USAGE),
        (("form", "template", "--election", STORTING, "--board", "ingen", "--out", "x.csv"), ExitCode.INPUT),
        (("form", "check", "missing.csv", "--election", STORTING), ExitCode.INPUT),
    ],
)
def test_what_cannot_be_done_is_said(here: Here, words: tuple[object, ...], code: ExitCode) -> None:
    assert here(*words).code == code
