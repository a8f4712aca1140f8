"""Forms on paper from the shell: blank with the routine, or worked out with the chain's end on every page."""

import json
from pathlib import Path

import pytest

from scanner.errors import ExitCode
from scanner.store import open_store
from tests.command import Here, package
from tests.store.test_verification import filled
from tests.tally.test_form_pdf import text


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


def test_a_blank_form_for_the_day_the_machines_are_not_to_be_used(here: Here, tmp_path: Path) -> None:
    out = tmp_path / "blank.pdf"
    line = ("form", "template", "--election", package("storting"), "--year", 2009, "--out", out)
    assert here(*line).code == ExitCode.DONE
    told = text(out.read_bytes())
    assert "Rutine for manuell opptelling" in told
    assert "Telleskjema" in told


def test_a_form_for_programs(here: Here, tmp_path: Path) -> None:
    url, out = f"sqlite:{tmp_path / 'count.db'}", tmp_path / "book.json"
    filled(url).close()
    assert here("form", "check", "--store", url, "--out", out).code == ExitCode.DOUBTFUL
    told = json.loads(out.read_text("utf-8"))
    assert told["checkpoint"].startswith("valgskanner count ")
    assert (told["closed"], told["test"]) == (False, False)


def test_a_form_worked_out_from_a_store_names_the_end_of_the_chain(here: Here, tmp_path: Path) -> None:
    url, out = f"sqlite:{tmp_path / 'count.db'}", tmp_path / "book.pdf"
    filled(url).close()
    assert here("form", "check", "--store", url, "--out", out).code == ExitCode.DOUBTFUL
    with open_store(url) as store:
        head = store.record.head()
    told = text(out.read_bytes())
    assert f"event {head.number}" in told
    assert head.hash[:30] in told.replace("\n", "").replace("\r", "")
    assert "Kontroller" in told
