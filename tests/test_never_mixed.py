"""A trial and a real count are apart: in the store, on every file that comes out, and wherever two meet."""

from pathlib import Path

import pypdfium2
import pytest

from scanner.ballot import Box, Category, Decision
from scanner.commands.record import PASSWORD
from scanner.errors import ExitCode
from scanner.store import open_store
from tests.command import Here
from tests.store.conftest import sheet
from tests.store.test_store import READING, URETTET
from tests.strategies import small_election

MARK = "PRØVE – IKKE ET VALGRESULTAT"


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.setenv(PASSWORD, "prøve")
    return Here(capsys)


def counted(folder: Path, *, test: bool) -> str:
    url = f"sqlite:{folder / ('test' if test else 'real')}.db"
    with open_store(url) as store:
        store.bind(small_election(), test=test)
        store.add_box(Box("K1", "VO", "0001"))
        store.add_sheet(sheet(1))
        store.add_verdict("K1/0001", URETTET, READING, "v1", Decision("K1/0001", Category.URETTET, "A", ()))
    return url


@pytest.mark.parametrize("test", [True, False])
def test_every_file_says_which_it_is(here: Here, tmp_path: Path, test: bool) -> None:
    url = counted(tmp_path, test=test)
    assert here("tally", "--store", url, "--json").lines[0]["test"] is test
    assert ("TEST COUNT, no result" in here("tally", "--store", url).out) is test
    assert here("count", "state", "--store", url, "--json").lines[0]["test"] is test
    ran = here("protocol", "--store", url, "--out", tmp_path / "p.pdf", "--json")
    assert ran.lines[0]["test"] is test
    pages = pypdfium2.PdfDocument(tmp_path / "p.pdf")
    texts = [page.get_textpage().get_text_range() for page in pages]
    assert len(texts) >= 2
    assert [MARK in one for one in texts] == [test] * len(texts)
    here("key", "--secret", tmp_path / "a.key", "--public", tmp_path / "a.pub")
    here("checkpoint", "--store", url, "--key", tmp_path / "a.key", "--out", tmp_path / "c.json")
    assert ("test count" in (tmp_path / "c.json.minisig").read_text("utf-8")) is test
    words = ("--box", "K1", "--out", tmp_path / "k.zip", "--key", tmp_path / "a.key")
    told = here("boxes", "export", "--store", url, *words).err
    assert ("valgskanner test box" in told, "valgskanner real box" in told) == (test, not test)


@pytest.mark.parametrize("test", [True, False])
def test_a_copy_stays_what_it_was(here: Here, tmp_path: Path, test: bool) -> None:
    url, again = counted(tmp_path, test=test), f"sqlite:{tmp_path / 'again.db'}"
    assert here("backup", "--store", url, "--out", tmp_path / "copy").code == ExitCode.DONE
    assert here("restore", tmp_path / "copy", "--store", again).code == ExitCode.DONE
    with open_store(again) as store:
        assert store.is_test() is test


def test_the_two_are_never_brought_together(here: Here, tmp_path: Path) -> None:
    trial, real = counted(tmp_path, test=True), counted(tmp_path, test=False)
    assert here("compare", "--store", trial, "--other", real).code == ExitCode.STORE
    assert here("backup", "--store", trial, "--out", tmp_path / "copy").code == ExitCode.DONE
    ran = here("restore", tmp_path / "copy", "--store", real)
    assert ran.code == ExitCode.STORE
    assert "not empty" in ran.err
