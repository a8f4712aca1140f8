"""Counted again: with other eyes, or the same paper through another machine; what differs is named."""

from dataclasses import replace
from pathlib import Path

import pytest

from scanner.ballot import Box, Category, Decision, Opinion
from scanner.config import version
from scanner.errors import ExitCode
from scanner.store import open_store
from tests.command import Here
from tests.packages import copy_of
from tests.store.conftest import sheet
from tests.store.test_store import READING, URETTET
from tests.store.test_verification import flaws
from tests.strategies import small_election

TWO = ("--by", "Kari", "--by", "Ola")


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


def fed(folder: Path, name: str, sheets: int = 3, *, test: bool = False) -> str:
    url = f"sqlite:{folder / name}.db"
    with open_store(url) as store:
        store.bind(small_election(), test=test)
        store.add_box(Box("K1", "VO", "0001"))
        for number in range(1, sheets + 1):
            store.add_sheet(sheet(number))
    return url


def read(url: str, eyes: str, lists: str) -> None:
    """A list for each sheet, by the eyes of a version."""
    with open_store(url) as store:
        for number, code in enumerate(lists, 1):
            name = f"K1/{number:04d}"
            decision = Decision(name, Category.URETTET, code, ())
            seen = replace(READING, sheet=name)
            store.add_verdict(name, replace(URETTET, list=code), seen, eyes, decision)


def test_other_eyes_read_all_again_and_every_difference_is_named(here: Here, tmp_path: Path) -> None:
    url = fed(tmp_path, "one")
    read(url, "old", "AAB")
    with open_store(url) as store:
        for person in ("Kari", "Ola"):
            store.add_opinion(Opinion("K1/0003", person, Category.URETTET, "B", ()))
        store.add_decision(Decision("K1/0003", Category.URETTET, "B", (), ("Kari", "Ola")))
    ran = here("recount", "--store", url, "--workers", 1, "--json")
    assert ran.code == ExitCode.DISAGREE
    (found,) = ran.lines
    assert (found["ballots"], found["identical"], found["identiske"]) == (3, 0, False)
    assert [one["sheet"] for one in found["differences"]] == ["K1/0001", "K1/0002", "K1/0003"]
    assert {(one["list"], one["category"], one["first"], one["second"]) for one in found["piles"]} == {
        ("A", "urettet", 2, 0),
        ("B", "urettet", 1, 0),
        ("–", "tvilsom", 0, 3),
    }
    with open_store(url) as store:
        assert store.versions() == ("old", version()), "a reading is added, none is changed"
        assert [one.sheet for one in store.decisions()] == ["K1/0003"], "people's word stands"
        assert flaws(store) == ""


def test_other_eyes_that_see_the_same_are_identiske(here: Here, tmp_path: Path) -> None:
    url, first = fed(tmp_path, "one"), fed(tmp_path, "first")
    assert here("read", "--store", first, "--workers", 1).code == ExitCode.DOUBTFUL
    with open_store(first) as seen, open_store(url) as store:
        for name, verdict in seen.verdicts():
            store.add_verdict(name, verdict, READING, "old")
    ran = here("recount", "--store", url, "--workers", 1)
    assert ran.code == ExitCode.DONE
    assert "3 ballots read by both, 3 identical: identiske" in ran.err
    with open_store(url) as store:
        number = store.record.head().number
    assert here("recount", "--store", url, "--workers", 1).code == ExitCode.DONE
    with open_store(url) as store:
        assert store.record.head().number == number, "once is enough"


def test_one_version_has_nothing_to_be_compared_with(here: Here, tmp_path: Path) -> None:
    assert here("recount", "--store", fed(tmp_path, "one")).code == ExitCode.USAGE


def test_a_county_counts_the_boxes_of_a_municipality_again(here: Here, tmp_path: Path) -> None:
    ours, theirs = fed(tmp_path, "kommune"), fed(tmp_path, "fylke")
    read(ours, "v1", "ABC")
    read(theirs, "v2", "ABC")
    compared = ("compare", "--store", ours, "--other", theirs)
    assert here(*compared).code == ExitCode.DONE
    assert here(*compared, "--box", "K1").code == ExitCode.DONE
    assert here(*compared, "--box", "K9").code == ExitCode.USAGE
    read(theirs, "v3", "ABB")
    ran = here(*compared)
    assert ran.code == ExitCode.DISAGREE
    assert "K1/0003: C urettet / B urettet" in ran.out
    assert "B urettet: 1 by the first, 2 by the second (+1)" in ran.out


def test_a_sheet_that_one_count_lacks_is_named(here: Here, tmp_path: Path) -> None:
    ours, theirs = fed(tmp_path, "kommune"), fed(tmp_path, "fylke", 2)
    read(ours, "v1", "ABC")
    read(theirs, "v1", "AB")
    ran = here("compare", "--store", ours, "--other", theirs)
    assert ran.code == ExitCode.DISAGREE
    assert "K1/0003: C urettet / not there" in ran.out


def test_a_trial_is_not_compared_with_a_real_count(here: Here, tmp_path: Path) -> None:
    ran = here("compare", "--store", fed(tmp_path, "a"), "--other", fed(tmp_path, "b", test=True))
    assert ran.code == ExitCode.STORE
    assert "test count" in ran.err


# --- the zero report ------------------------------------------------------------------------------


def protocol(here: Here, url: str, folder: Path) -> str:
    here("protocol", "--store", url, "--out", folder / "p.pdf")
    return (folder / "p.json").read_text("utf-8")


@pytest.mark.parametrize("test", [True, False])
def test_the_zero_report_is_given_before_the_store_is_made_and_told_in_the_protocol(
    here: Here, tmp_path: Path, test: bool
) -> None:
    url, package = f"sqlite:{tmp_path / 'count.db'}", copy_of("kommunestyre", tmp_path)
    more = ("--test",) if test else ()
    ran = here("count", "open", "--store", url, "--election", package, *more, *TWO, "--json")
    assert ran.code == ExitCode.DONE
    assert (ran.lines[0]["state"], ran.lines[0]["test"], ran.lines[0]["boxes"]) == ("count_opened", test, 0)
    assert here("count", "open", "--store", url, "--election", package, *more, *TWO).code == ExitCode.STORE
    told = protocol(here, url, tmp_path)
    assert "nullrapport: ingen kasse var lagt inn" in told
    assert "Kari og Ola" in told
    assert f'"test":{"true" if test else "false"}' in told.replace(" ", "")


def test_a_count_without_a_zero_report_says_so(here: Here, tmp_path: Path) -> None:
    told = protocol(here, fed(tmp_path, "count"), tmp_path)
    assert "ikke gitt før første kasse" in told


def test_a_reopened_count_tells_who_and_why(here: Here, tmp_path: Path) -> None:
    url = fed(tmp_path, "count", 1)
    read(url, "v1", "A")
    here("count", "close", "--store", url, *TWO)
    here("count", "reopen", "--store", url, *TWO, "--reason", "en kasse ble funnet")
    told = protocol(here, url, tmp_path)
    assert "Gjenåpnet" in told
    assert "en kasse ble funnet" in told


def test_a_trial_says_so_with_its_package(here: Here, tmp_path: Path) -> None:
    url = fed(tmp_path, "count")
    assert here("count", "open", "--store", url, "--test", *TWO).code == ExitCode.USAGE
