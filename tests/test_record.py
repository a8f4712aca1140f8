"""The record of a count as its users see it: zero report, closing, signing, verifying."""

import json
import shutil
import sqlite3
import subprocess
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from scanner.ballot import Box, Category, Decision, Opinion
from scanner.commands.record import PASSWORD
from scanner.errors import ExitCode, StoreError
from scanner.store import open_store
from tests.command import Here
from tests.store.conftest import sheet
from tests.store.test_store import READING, URETTET
from tests.store.test_verification import filled
from tests.strategies import small_election

TWO = ("--by", "Kari", "--by", "Ola")


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.setenv(PASSWORD, "prøve")
    return Here(capsys)


@pytest.fixture
def url(tmp_path: Path) -> str:
    address = f"sqlite:{tmp_path / 'count.db'}"
    filled(address).close()
    return address


@pytest.fixture
def keys(here: Here, tmp_path: Path) -> tuple[Path, Path]:
    pair = tmp_path / "count.key", tmp_path / "count.pub"
    assert here("key", "--secret", pair[0], "--public", pair[1]).code == ExitCode.DONE
    return pair


def decide_the_last(url: str) -> None:
    with open_store(url) as store:
        for person in ("Kari", "Ola"):
            store.add_opinion(Opinion("K1/0006", person, Category.BLANK, None, ()))
        store.add_decision(Decision("K1/0006", Category.BLANK, None, (), ("Kari", "Ola")))


def test_an_untouched_store_holds(here, url):
    ran = here("verify", "--store", url)
    assert ran.code == ExitCode.DONE
    assert ran.out == ""
    assert "everything holds" in ran.err


def test_one_changed_decision_is_named(here, url, tmp_path):
    raw = sqlite3.connect(tmp_path / "count.db")
    raw.execute("DROP TRIGGER no_update_decisions")
    raw.execute("UPDATE decisions SET decision = replace(decision, '\"A\"', '\"B\"') WHERE seq = 2")
    raw.commit()
    raw.close()
    ran = here("verify", "--store", url, "--json")
    assert ran.code == ExitCode.AUDIT
    assert any("row 2 of decisions was changed" in one["what"] for one in ran.lines)
    assert any(one["where"] == "sheet K1/0002" for one in ran.lines)


def test_a_decision_that_nobody_reached_is_named(here, url):
    """A whole event, rightly chained, by somebody with the program in hand: the opinions are missing."""
    with open_store(url) as store:
        store.add_decision(Decision("K1/0006", Category.URETTET, "A", (), ("Kari", "Ola")))
    ran = here("verify", "--store", url)
    assert ran.code == ExitCode.AUDIT
    assert "decision by Kari and Ola does not follow" in ran.out


def test_a_count_is_closed_only_when_all_is_decided_and_by_two(here, url):
    assert here("count", "close", "--store", url, *TWO).code == ExitCode.STORE
    decide_the_last(url)
    assert here("count", "close", "--store", url, "--by", "Kari").code == ExitCode.STORE
    assert here("count", "close", "--store", url, "--by", "Kari", "--by", " Kari ").code == ExitCode.STORE
    ran = here("count", "close", "--store", url, *TWO, "--json")
    assert ran.code == ExitCode.DONE
    assert ran.lines[0]["state"] == "count_closed"


def test_nothing_is_added_to_a_closed_count(here, url):
    decide_the_last(url)
    here("count", "close", "--store", url, *TWO)
    with open_store(url) as store:
        for add in (
            lambda: store.add_sheet(sheet(99)),
            lambda: store.add_box(Box("K9", "VO", "0001")),
            lambda: decide_the_last(url),
        ):
            with pytest.raises(StoreError, match="The count is closed"):
                add()
        assert not store.add_sheet(sheet(1, front=b"front 1"))  # it has this one
    assert here("count", "reopen", "--store", url, *TWO, "--reason", " ").code == ExitCode.STORE
    assert here("count", "reopen", "--store", url, *TWO, "--reason", "a box was found").code == ExitCode.DONE
    with open_store(url) as store:
        assert store.add_sheet(sheet(99))
    assert here("verify", "--store", url).code == ExitCode.DONE


def test_a_zero_report_is_of_an_empty_store(here, url, tmp_path):
    assert here("count", "open", "--store", url, *TWO).code == ExitCode.STORE
    empty = f"sqlite:{tmp_path / 'empty.db'}"
    with open_store(empty) as store:
        store.bind(small_election(), test=True)
    ran = here("count", "open", "--store", empty, *TWO)
    assert ran.code == ExitCode.DONE
    assert "Test count: count_opened. 0 boxes, 0 sheets" in ran.out


def test_a_signed_checkpoint_holds_and_debians_minisign_agrees(here, url, keys, tmp_path):
    out = tmp_path / "head.json"
    assert here("checkpoint", "--store", url, "--key", keys[0], "--out", out).code == ExitCode.DONE
    checked = ("verify", "--store", url, "--checkpoint", out, "--public", keys[1])
    assert here(*checked).code == ExitCode.DONE
    if shutil.which("minisign"):
        command = ["minisign", "-Vm", str(out), "-p", str(keys[1])]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert json.loads(out.read_text())["hash"] in told
    decide_the_last(url)  # more is added: the checkpoint is of the past and still holds
    assert here(*checked).code == ExitCode.DONE


def test_a_store_whose_end_was_cut_off_does_not_match_its_checkpoint(here, url, keys, tmp_path):
    shutil.copytree(tmp_path / "count.db.images", tmp_path / "old.db.images")
    shutil.copy(tmp_path / "count.db", tmp_path / "old.db")
    decide_the_last(url)
    out = tmp_path / "head.json"
    here("checkpoint", "--store", url, "--key", keys[0], "--out", out)
    old = f"sqlite:{tmp_path / 'old.db'}"
    assert here("verify", "--store", old).code == ExitCode.DONE  # alone it looks whole
    ran = here("verify", "--store", old, "--checkpoint", out, "--public", keys[1])
    assert ran.code == ExitCode.AUDIT
    assert "the store ends before it" in ran.out


def test_a_file_with_one_other_byte_does_not_match_its_checkpoint(here, url, keys, tmp_path):
    out = tmp_path / "head.json"
    here("checkpoint", "--store", url, "--key", keys[0], "--out", out)
    path = tmp_path / "count.db"
    content = bytearray(path.read_bytes())
    content[-5] ^= 1  # free space, perhaps: no row says anything else
    path.write_bytes(content)
    ran = here("verify", "--store", url, "--checkpoint", out, "--public", keys[1])
    assert ran.code == ExitCode.AUDIT


def test_a_checkpoint_changed_after_signing_is_refused(here, url, keys, tmp_path):
    out = tmp_path / "head.json"
    here("checkpoint", "--store", url, "--key", keys[0], "--out", out)
    out.write_text(out.read_text().replace('"number": ', '"number": 1'))
    ran = here("verify", "--store", url, "--checkpoint", out, "--public", keys[1])
    assert ran.code == ExitCode.AUDIT
    assert "signature does not hold" in ran.err


def test_the_chain_is_printed_as_it_is_hashed(here, url):
    before = "0" * 64
    lines = here("count", "chain", "--store", url).out.splitlines()
    for one in lines:
        assert json.loads(one)["before"] == before
        before = sha256(one.encode()).hexdigest()
    assert len(lines) > 20


def test_a_test_count_and_a_real_one_never_share_a_store(url):
    with open_store(url) as store, pytest.raises(StoreError, match="holds a real count, not a test"):
        store.bind(small_election(), test=True)


def test_two_versions_are_compared(here, url):
    with open_store(url) as store:
        store.add_verdict("K1/0001", replace(URETTET, list="B"), READING, "v2")
        store.add_verdict("K1/0002", URETTET, READING, "v2")
    ran = here("compare", "--store", url, "--json")
    assert ran.code == ExitCode.DISAGREE
    (found,) = ran.lines
    assert found["ballots"] == 2
    assert [one["sheet"] for one in found["differences"] if one["second"]] == ["K1/0001"]
    assert {(one["list"], one["first"], one["second"]) for one in found["piles"]} >= {("B", 0, 1)}


def test_the_same_paper_fed_twice_is_identical(here, url):
    with open_store(url) as store:
        for box in ("P1", "P2"):
            store.add_box(Box(box, "VO", "0001"))
            for number in (1, 2):
                store.add_sheet(sheet(number, box))
                store.add_verdict(f"{box}/{number:04d}", URETTET, READING, "v1")
    assert here("compare", "--store", url, "--box", "P1", "--box", "P2").code == ExitCode.DONE
    assert here("compare", "--store", url, "--box", "P1", "--box", "K1").code == ExitCode.DISAGREE
    assert here("compare", "--store", url, "--box", "P1").code == ExitCode.USAGE
