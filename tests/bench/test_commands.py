"""The commands of the bench: a campaign goes on and prints its figures, one sheet is made again."""

import json
from pathlib import Path

import pytest

from scanner.bench.record import NAME
from scanner.errors import ExitCode
from tests.command import Here

pytestmark = pytest.mark.endtoend
CAMPAIGN = ("--election", "folkeavstemning", "--deck", "random", "--wear", "0", "--workers", "1", "--json")


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


def test_a_campaign_goes_on_where_it_stopped_and_one_sheet_is_made_again(here: Here, tmp_path: Path) -> None:
    out = tmp_path / "campaign"
    first = here("bench", "accuracy", "--out", str(out), "--sheets", "2", *CAMPAIGN)
    assert first.code == ExitCode.DONE
    assert json.loads(first.out)["ballots"]["n"] == 2
    kept = (out / NAME).read_bytes()
    (out / NAME).write_bytes(kept + b'{"case":{"pile":')  # as kill -9 may leave it
    more = here("bench", "accuracy", "--out", str(out), "--sheets", "3", *CAMPAIGN)
    seen = json.loads(more.out)
    assert (seen["ballots"]["n"], seen["election"], seen["wear"]) == (3, "folkeavstemning", 0)
    assert (out / NAME).read_bytes().startswith(kept)
    assert (out / "report.md").is_file()
    other = here("bench", "accuracy", "--out", str(out), "--seed", "2", *CAMPAIGN)
    assert (other.code, "was begun with seed 1" in other.err) == (ExitCode.USAGE, True)

    words = ("--sheet", "3", "--election", "folkeavstemning", "--wear", "0", "--out", str(tmp_path / "one"))
    again = here("bench", "sheet", *words, "--json")
    last = (out / NAME).read_bytes().splitlines()[-1]
    assert json.loads(again.out) == json.loads(last), "the same answer as in the campaign"
    names = {one.name for one in (tmp_path / "one").iterdir()}
    assert {"0003F.jpg", "0003B.jpg", "truth.json", "reading.json", "answer.json"} <= names
    assert any(one.endswith("inside-read.png") for one in names)


def test_what_cannot_be_chosen_is_a_sentence(here: Here) -> None:
    seen = here("bench", "accuracy", "--deck", "cards")
    assert seen.code == ExitCode.USAGE
    assert "There is no deck 'cards'" in seen.err
