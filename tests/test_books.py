"""A municipality's book at the county: signed, taken once, never mixed with another version."""

from dataclasses import replace
from pathlib import Path

import pytest

from scanner.audit.events import Act
from scanner.ballot import Box, Category, Decision
from scanner.commands.record import PASSWORD
from scanner.election import ElectionType
from scanner.errors import ExitCode, InputError
from scanner.store import open_store
from scanner.tally.results import FORMAT, Results, changed, read_results, results_bytes
from tests.command import Here
from tests.store.conftest import sheet
from tests.store.test_store import READING, URETTET
from tests.strategies import small_election

ELECTION = small_election(ElectionType.FYLKESTING)
TABLE = "cell,place,value\nD1.a,,12\nD2,A,7\n"
ONE = Results(
    FORMAT, "valgstyret_2013", "fylkesting", 2019, "Valget", "Ålmøy", False, "", True, TABLE, "control\n"
)


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.setenv(PASSWORD, "prøve")
    return Here(capsys)


def counted(address: str, ballots: int, *, test: bool = False) -> str:
    """A municipality's store."""
    with open_store(address) as store:
        store.bind(ELECTION, test=test)
        store.add_box(Box("K1", "VO", "0001"))
        for number in range(1, ballots + 1):
            name = f"K1/{number:04d}"
            store.add_sheet(sheet(number, front=name.encode()))
            store.add_verdict(name, URETTET, READING, "v1", Decision(name, Category.URETTET, "A", ()))
    return address


@pytest.fixture
def county(tmp_path: Path) -> str:
    address = f"sqlite:{tmp_path / 'county.db'}"
    with open_store(address) as store:
        store.bind(replace(ELECTION, area="Fylket"))
    return address


@pytest.fixture
def keys(here: Here, tmp_path: Path) -> tuple[Path, Path]:
    pair = tmp_path / "board.key", tmp_path / "board.pub"
    assert here("key", "--secret", pair[0], "--public", pair[1]).code == ExitCode.DONE
    return pair


def sent(here: Here, tmp_path: Path, key: Path, ballots: int, name: str = "a", *, test: bool = False) -> Path:
    url, out = counted(f"sqlite:{tmp_path / name}.db", ballots, test=test), tmp_path / f"{name}.json"
    ran = here("book", "send", "--store", url, "--out", out, "--key", key)
    assert ran.code in {ExitCode.DONE, ExitCode.DISAGREE}, ran.err
    return out


def taken(here: Here, county: str, file: Path, public: Path, *more: object):
    return here("book", "take", file, "--store", county, "--public", public, *more, "--json")


def events(county: str) -> int:
    with open_store(county) as store:
        return len(store.record.samples(Act.RESULTS_TAKEN))


def test_the_same_twice_is_one_effect(here, county, keys, tmp_path):
    file = sent(here, tmp_path, keys[0], 3)
    first = taken(here, county, file, keys[1])
    assert (first.code, first.lines[0]["taken"]) == (ExitCode.DONE, True)
    again = taken(here, county, file, keys[1])
    assert (again.code, again.lines[0]["taken"], again.lines[0]["same"]) == (ExitCode.DONE, False, True)
    assert events(county) == 1
    assert here("verify", "--store", county).code == ExitCode.DONE


def test_another_version_is_refused_and_shown_number_by_number(here, county, keys, tmp_path):
    """Akershus 2025: the same numbers came in again and stood for a day."""
    taken(here, county, sent(here, tmp_path, keys[0], 3), keys[1])
    other = taken(here, county, sent(here, tmp_path, keys[0], 4, "b"), keys[1])
    assert other.code == ExitCode.DISAGREE
    (line,) = other.lines
    assert (line["taken"], line["same"]) == (False, False)
    pairs = {(one["before"], one["now"]) for one in line["differences"]}
    assert ("3", "4") in pairs
    assert events(county) == 1


def test_a_corrected_version_takes_two_people_and_a_reason(here, county, keys, tmp_path):
    taken(here, county, sent(here, tmp_path, keys[0], 3), keys[1])
    file = sent(here, tmp_path, keys[0], 4, "b")
    assert taken(here, county, file, keys[1], "--replace", "--by", "Kari").code == ExitCode.USAGE
    two = ("--replace", "--by", "Kari", "--by", "Ola")
    assert taken(here, county, file, keys[1], *two).code == ExitCode.USAGE
    assert taken(here, county, file, keys[1], *two, "--reason", "en bunke funnet").code == ExitCode.DONE
    assert events(county) == 2
    listed = here("book", "list", "--store", county, "--out", tmp_path / "books", "--json")
    assert len(listed.lines) == 1, "one book stands, both are on record"
    assert ",4" in (tmp_path / "books" / "Ålmøy.csv").read_text("utf-8")


@pytest.mark.parametrize("what", ["content", "seal", "key"])
def test_what_is_not_signed_by_the_board_is_refused(here, county, keys, tmp_path, what):
    file = sent(here, tmp_path, keys[0], 3)
    public = keys[1]
    if what == "content":
        file.write_bytes(file.read_bytes().replace(b'"closed"', b'"closed" '))
    elif what == "seal":
        file.with_name(f"{file.name}.minisig").unlink()
    else:
        public = tmp_path / "other.pub"
        here("key", "--secret", tmp_path / "other.key", "--public", public)
    assert taken(here, county, file, public).code in {ExitCode.AUDIT, ExitCode.INPUT}
    assert events(county) == 0


def test_a_test_never_becomes_a_result(here, county, keys, tmp_path):
    file = sent(here, tmp_path, keys[0], 3, test=True)
    ran = taken(here, county, file, keys[1])
    assert (ran.code, "results of a test" in ran.err) == (ExitCode.STORE, True)


def test_results_of_another_election_are_refused(here, keys, tmp_path):
    address = f"sqlite:{tmp_path / 'other.db'}"
    with open_store(address) as store:
        store.bind(small_election(ElectionType.STORTING))
    ran = taken(here, address, sent(here, tmp_path, keys[0], 2), keys[1])
    assert (ran.code, "these are results" in ran.err.casefold()) == (ExitCode.STORE, True)


def test_the_document_comes_back_and_the_same_numbers_are_the_same_bytes() -> None:
    assert read_results(results_bytes(ONE)) == ONE
    assert results_bytes(ONE) == results_bytes(read_results(results_bytes(ONE)))


def test_what_changed_is_told_by_cell_and_place() -> None:
    now = replace_table(ONE, "cell,place,value\nD1.a,,13\nD2,B,7\n")
    told = {(one.cell, one.place, one.before, one.now) for one in changed(ONE, now)}
    assert told == {("D1.a", "", "12", "13"), ("D2", "A", "7", ""), ("D2", "B", "", "7")}


def replace_table(one: Results, table: str) -> Results:
    return Results(**{name: getattr(one, name) for name in one.__struct_fields__} | {"table": table})


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'{"format":1}', results_bytes(ONE)[:-20], results_bytes(replace_table(ONE, "a,b\n1,2\n"))],
    ids=["empty", "list", "half", "cut", "no table"],
)
def test_other_documents_are_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(InputError):
        read_results(content)
