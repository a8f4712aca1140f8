"""Sample control from the shell: drawn by two, read blind, compared, with exit codes and on record."""

import csv
import json
from pathlib import Path

import pytest

from scanner.audit.events import Act
from scanner.ballot import Box, Category, Decision, Verdict
from scanner.errors import ExitCode
from scanner.store import open_store
from tests.command import Here
from tests.store.conftest import sheet
from tests.store.test_store import READING, URETTET
from tests.strategies import small_election

SEED = "31415926535897932384"
TWO = ("--by", "Kari", "--by", "Ola")


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Two boxes of six and four ballots, all counted for list A."""
    address = f"sqlite:{tmp_path / 'count.db'}"
    with open_store(address) as store:
        store.bind(small_election())
        for box, many in (("K1", 6), ("K2", 4)):
            store.add_box(Box(box, "VO", "0001"))
            for number in range(1, many + 1):
                keep(store, box, number, URETTET)
    return address


def keep(store, box: str, number: int, verdict: Verdict) -> None:
    name = f"{box}/{number:04d}"
    store.add_sheet(sheet(number, box, front=f"{name}".encode()))
    store.add_verdict(name, verdict, READING, "v1", Decision(name, Category.URETTET, "A", ()))


def fill(form: Path, **said: str) -> None:
    """Every ballot of the form is A's, unless said otherwise: SHEET=COLUMN:VALUE."""
    rows = list(csv.DictReader(form.read_text("utf-8").splitlines()))
    for row in rows:
        column, _, value = said.get(row["sheet"], "list:A").partition(":")
        row[column] = value
    with form.open("w", encoding="utf-8", newline="") as file:
        made = csv.DictWriter(file, rows[0].keys())
        made.writeheader()
        made.writerows(rows)


def drawn(here: Here, url: str, form: Path, *more: object) -> Path:
    assert here("sample", "draw", "--store", url, "--seed", SEED, *TWO, *more).code == ExitCode.DONE
    assert here("sample", "list", "--store", url, "--out", form).code == ExitCode.DOUBTFUL
    return form


def test_a_sample_without_a_difference(here, url, tmp_path):
    form = drawn(here, url, tmp_path / "s.csv", "--boxes", 2)
    assert here("sample", "result", "--store", url).code == ExitCode.DOUBTFUL
    fill(form)
    assert here("sample", "enter", "--store", url, "--person", "Kari", "--file", form).code == ExitCode.DONE
    ran = here("sample", "result", "--store", url, "--json")
    assert ran.code == ExitCode.DONE
    assert ran.lines[0]["follows"] == "nothing"
    assert here("sample", "list", "--store", url).code == ExitCode.DONE


def test_a_ballot_that_differs_is_named_and_its_box_counted_again(here, url, tmp_path):
    form = drawn(here, url, tmp_path / "s.csv", "--boxes", 2)
    fill(form, **{"K1/0003": "list:B"})
    here("sample", "enter", "--store", url, "--person", "Kari", "--file", form)
    ran = here("sample", "result", "--store", url)
    assert ran.code == ExitCode.DISAGREE
    assert "K1/0003" in ran.out
    assert "Count the box that differs again" in ran.out


def test_the_record_is_shown_nowhere_before_the_paper_is_read(here, url, tmp_path):
    with open_store(url) as store:
        keep(store, "K2", 5, URETTET)
        store.add_decision(Decision("K2/0005", Category.URETTET, "B", (), ("Kari", "Ola")))
    form = tmp_path / "s.csv"
    told = here("sample", "draw", "--store", url, "--seed", SEED, *TWO, "--boxes", 2, "--json").out
    told += here("sample", "list", "--store", url, "--out", form, "--json").out + form.read_text("utf-8")
    told += here(
        "sample", "enter", "--store", url, "--person", "Kari", "--sheet", "K2/0005", "--list", "B"
    ).out
    told += here("sample", "result", "--store", url, "--json").out
    assert "urettet" not in told
    assert json.loads(told.splitlines()[-1])["boxes"][1]["differences"] == []


def test_a_box_that_was_compared_is_not_entered_again(here, url, tmp_path):
    form = drawn(here, url, tmp_path / "s.csv", "--boxes", 1)
    fill(form)
    enter = ("sample", "enter", "--store", url, "--person", "Kari")
    assert here(*enter, "--file", form).code == ExitCode.DONE
    first = form.read_text("utf-8").splitlines()[1].split(",")[0]
    ran = here(*enter, "--sheet", first, "--list", "B")
    assert ran.code == ExitCode.USAGE
    assert "read and compared" in ran.err
    assert here(*enter, "--sheet", "K9/0001", "--list", "B").code == ExitCode.USAGE


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("list:Q", "no list 'Q'"),
        ("reject:because", "because"),
        ("vote:x", "invalid literal"),
        ("number:5", "CANDIDATE=RANK"),
    ],
)
def test_a_form_with_a_fault_is_not_kept_in_part(here, url, tmp_path, said, why):
    form = drawn(here, url, tmp_path / "s.csv", "--boxes", 2)
    fill(form, **{"K2/0002": said})
    ran = here("sample", "enter", "--store", url, "--person", "Kari", "--file", form)
    assert ran.code in {ExitCode.INPUT, ExitCode.USAGE}
    assert why in ran.err
    with open_store(url) as store:
        assert store.record.samples(Act.SAMPLE_ENTERED) == ()


def test_an_audit_is_drawn_read_and_confirmed(here, url, tmp_path):
    form = drawn(here, url, tmp_path / "r.csv", "--risk", 0.1, "--ballots", 60)
    fill(form)
    here("sample", "enter", "--store", url, "--person", "Ola", "--file", form)
    ran = here("sample", "result", "--store", url, "--json")
    assert (ran.code, ran.lines[0]["confirmed"]) == (ExitCode.DONE, True)
    assert 0 < ran.lines[0]["p_value"] < 0.1
    fewer = drawn(here, url, tmp_path / "q.csv", "--risk", 0.001, "--ballots", 3)
    fill(fewer)
    here("sample", "enter", "--store", url, "--person", "Ola", "--file", fewer)
    assert here("sample", "result", "--store", url).code == ExitCode.DISAGREE
    assert here("sample", "result", "--store", url, "--draw", 1).code == ExitCode.DONE


def test_missing_paper_is_never_in_order(here, url, tmp_path):
    form = drawn(here, url, tmp_path / "s.csv", "--boxes", 2)
    fill(form, **{"K1/0001": "missing:x"})
    here("sample", "enter", "--store", url, "--person", "Kari", "--file", form)
    ran = here("sample", "result", "--store", url, "--json")
    assert (ran.code, ran.lines[0]["follows"]) == (ExitCode.DISAGREE, "recount_all")


def test_a_draw_takes_two_people_a_real_seed_and_is_in_the_chain(here, url):
    draw = ("sample", "draw", "--store", url, "--seed")
    assert here(*draw, SEED, "--by", "Kari").code == ExitCode.USAGE
    assert here(*draw, SEED, "--by", "Kari", "--by", " Kari").code == ExitCode.USAGE
    assert here(*draw, "42", *TWO).code == ExitCode.USAGE
    assert here(*draw, SEED, *TWO, "--ballots", 20).code == ExitCode.USAGE
    assert here(*draw, SEED, *TWO).code == ExitCode.DONE
    assert '"act":"sample_drawn"' in here("count", "chain", "--store", url).out
    assert here("verify", "--store", url).code == ExitCode.DONE


def test_a_sample_stands_in_the_protocol(here, url, tmp_path):
    form = drawn(here, url, tmp_path / "s.csv", "--boxes", 1)
    fill(form)
    here("sample", "enter", "--store", url, "--person", "Kari", "--file", form)
    out = tmp_path / "protocol.pdf"
    assert here("protocol", "--store", url, "--out", out).code == ExitCode.DONE
    tables = json.loads(out.with_suffix(".json").read_text("utf-8"))["appendices"]
    (sample,) = [one for one in tables if one["id"] == "stikkprøve 1"]
    assert SEED in sample["note"]
    assert here("verify", "--store", url, "--protocol", out.with_suffix(".json")).code == ExitCode.DONE


def test_no_draw_no_list(here, url):
    ran = here("sample", "list", "--store", url)
    assert (ran.code, "sample draw makes one" in ran.err) == (ExitCode.USAGE, True)
