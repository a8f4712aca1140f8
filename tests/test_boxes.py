"""The commands about boxes: what is printed is expected, what did not come is shown until it is explained."""

from pathlib import Path

import pytest

from scanner.box_label import BoxLabel, LabelKind
from scanner.errors import ExitCode
from scanner.store import open_store
from tests.command import Here, election, package
from tests.store.conftest import sheet

KOMMUNE = package("kommunestyre")


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


@pytest.fixture
def printed(here: Here, tmp_path: Path) -> Path:
    """The labels of two boxes of FO in krets 0001."""
    out = tmp_path / "labels.pdf"
    asked = ("--krets", "0001", "--category", "FO", "--count", 2)
    assert here("labels", "print", "--election", KOMMUNE, "--out", out, *asked).code == ExitCode.DONE
    return out


def store(tmp_path: Path) -> str:
    url = f"sqlite:{tmp_path / 'a.db'}"
    with open_store(url) as one:
        one.bind(election("kommunestyre"))
    return url


def test_labels_come_with_the_list_that_makes_them_again(printed: Path, here: Here, tmp_path: Path) -> None:
    again = tmp_path / "again.pdf"
    listed = ("--boxes", printed.with_suffix(".csv"))
    assert here("labels", "print", "--election", KOMMUNE, "--out", again, *listed).code == ExitCode.DONE
    assert again.read_bytes() == printed.read_bytes()


@pytest.mark.parametrize(
    "words",
    [
        ("--out", "labels.txt"),
        ("--out", "a.pdf", "--krets", "none"),
        ("--out", "a.pdf", "--category", "none"),
        ("--out", "a.pdf", "--boxes", "a.csv", "--krets", "0001"),
        ("--out", "a.pdf", "--count", "1000"),
    ],
)
def test_labels_asked_for_in_vain(words: tuple[str, ...], here: Here) -> None:
    seen = here("labels", "print", "--election", KOMMUNE, *words)
    assert seen.code == ExitCode.USAGE
    assert seen.err.count("\n") == 1


def test_labels_of_the_boxes_that_a_store_expects(printed: Path, here: Here, tmp_path: Path) -> None:
    url, again = store(tmp_path), tmp_path / "again.pdf"
    words = ("labels", "print", "--store", url, "--out", again)
    assert here(*words).code == ExitCode.INPUT, "none is expected yet"
    here("boxes", "--store", url, "--expect", printed.with_suffix(".csv"))
    assert here(*words).code == ExitCode.DONE
    assert again.read_bytes() == printed.read_bytes()
    assert again.with_suffix(".csv").read_text() == printed.with_suffix(".csv").read_text()
    for wrong in (("--election", KOMMUNE), ("--krets", "0001"), ("--count", "2")):
        assert here(*words, *wrong).code == ExitCode.USAGE
    assert here("labels", "print", "--out", again).code == ExitCode.USAGE


def test_a_list_with_a_fault(here: Here, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("category,krets,boxes\nFO,0001,none\n")
    seen = here(
        "labels", "print", "--election", KOMMUNE, "--out", tmp_path / "a.pdf", "--boxes", tmp_path / "a.csv"
    )
    assert seen.code == ExitCode.INPUT
    assert "a.csv line 2: 'none' is no number of boxes" in seen.err


def test_a_box_is_shown_until_it_came_or_is_explained(printed: Path, here: Here, tmp_path: Path) -> None:
    url = store(tmp_path)
    assert here("boxes", "--store", url).code == ExitCode.DONE, "no list, no box expected"
    seen = here("boxes", "--store", url, "--expect", printed.with_suffix(".csv"), "--json")
    assert seen.code == ExitCode.DISAGREE
    assert [(one["box"], one["standing"]) for one in seen.lines] == [
        ("FO-0001-1", "missing"),
        ("FO-0001-2", "missing"),
    ]
    assert here("tally", "--store", url).code == ExitCode.DISAGREE
    label = BoxLabel(LabelKind.START, "FO", "0001", 1, 2)
    with open_store(url) as one:
        one.add_box(label.box)
        one.book.keep_label(label, "1", sheet(box=label.box.id, front=b"start"))
    seen = here("boxes", "--store", url)
    assert "2 of 2 boxes did not come: FO-0001-1, FO-0001-2" in seen.err, "begun is not closed"
    with open_store(url) as one:
        end = BoxLabel(LabelKind.END, "FO", "0001", 1, 2)
        one.book.keep_label(end, "2", sheet(box=label.box.id, front=b"end"))
    said = ("--person", "Kari Øvre", "--words", "the urn was never used")
    protocol = ("protocol", "--store", url, "--out", tmp_path / "p.pdf")
    assert here(*protocol).code == ExitCode.DISAGREE
    assert here("boxes", "explain", "--store", url, "--box", "FO-0001-2", *said).code == ExitCode.DONE
    for words in (("boxes", "--store", url), ("tally", "--store", url), protocol):
        assert here(*words).code == ExitCode.DONE
    assert "never used (Kari Øvre)" in (tmp_path / "p.json").read_text("utf-8")


def test_an_explanation_of_a_box_nobody_knows(here: Here, tmp_path: Path) -> None:
    said = ("--box", "X", "--person", "Kari", "--words", "gone")
    assert here("boxes", "explain", "--store", store(tmp_path), *said).code == ExitCode.STORE
