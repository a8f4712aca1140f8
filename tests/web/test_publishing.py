"""The public's page: all four languages, nothing of any ballot, whole at every moment."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.ballot import Category, Opinion
from scanner.people import Language
from scanner.settling import give
from scanner.tally.public import public_result
from scanner.tally.tally import Tally
from scanner.web.publishing import name_of, publish, result_pages
from tests.command import valgskanner
from tests.scans import paper
from tests.web.day import LIST, Day, day, doubtful


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Day]:
    with day(tmp_path) as made:
        settled, _ = doubtful(made.store, 2)
        for person in ("Kari", "Ola"):
            give(made.store, Opinion(settled, person, Category.URETTET, LIST.code, ()))
        yield made


def test_the_command_writes_it_and_says_that_ballots_wait(here: Day, tmp_path: Path) -> None:
    seen = valgskanner(
        "publish", "--store", f"sqlite:{tmp_path / 'count.db'}", "--out", tmp_path / "o", "--json"
    )
    assert seen.code == 3
    told = json.loads(seen.out)["whole"]
    assert (told["fed"], told["decided"]) == (2, 1)
    assert {one["code"]: one["votes"] for one in told["choices"]}[LIST.code] == 1
    pages = {one.name: one.read_text("utf-8") for one in (tmp_path / "o").glob("*.html")}
    assert set(pages) == {name_of(one) for one in Language}
    for language in Language:
        page = pages[name_of(language)]
        assert f'<html lang="{language}">' in page
        assert LIST.party in page
        assert "<script" not in page
        assert "K/0001" not in page
        assert "Kari" not in page
    assert "50,0 %" in pages["index.html"]
    assert "50.0 %" in pages["index.en.html"]


def test_a_test_count_says_so_on_every_page() -> None:
    pages = result_pages(public_result(Tally(), paper()[0], test=True))
    html = [one.decode() for name, one in pages.items() if name.endswith(".html")]
    assert len(html) == len(Language)
    assert all('class="test"' in one for one in html)
    real = result_pages(public_result(Tally(), paper()[0], test=False))
    assert b'class="test"' not in real["index.html"]


def test_a_page_is_replaced_whole(tmp_path: Path) -> None:
    empty = public_result(Tally(), paper()[0], test=False)
    publish(empty, tmp_path)
    (tmp_path / "index.html").write_text("an older one")
    publish(empty, tmp_path)
    assert (tmp_path / "index.html").read_bytes() == result_pages(empty)["index.html"]
    assert not list(tmp_path.glob(".*"))


def test_a_folder_that_cannot_be_written_is_told(here: Day, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    url = f"sqlite:{tmp_path / 'count.db'}"
    seen = valgskanner("publish", "--store", url, "--out", tmp_path / "file")
    assert (seen.code, seen.out) == (5, "")
    assert "cannot be written" in seen.err
