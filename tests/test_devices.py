"""`valgskanner devices`: which scanners there are, and every setting of one."""

from pathlib import Path

import pytest

from scanner.capture.sane_listing import settings_of
from scanner.simulate.twain_device import twain_ballot_device
from tests.capture import twain_paper
from tests.capture.sane_world import gray_sheets, needs_compiler, needs_libsane, sane_ballot_device, world
from tests.command import Here, package


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    world()
    return Here(capsys)


@needs_libsane
def test_the_scanners_that_are_found_are_named_as_they_are_opened(here: Here) -> None:
    seen = here("devices", "--json")
    assert {"test:0", "pnm:0"} <= {one["name"] for one in seen.lines}
    assert seen.code == 0
    assert "sane:test:0  Noname frontend-tester" in here("devices").out


@needs_compiler
def test_a_scanner_tells_what_it_can_and_each_setting(here: Here, tmp_path: Path) -> None:
    gray_sheets(tmp_path, 1)
    with sane_ballot_device(tmp_path) as device:
        seen = here("devices", device, "--json")
        told = here("devices", device).out
    about, *settings = seen.lines
    assert about["duplex"]
    assert about["imprinter"]
    assert about["double_feed"]
    by_name = {one["name"]: one for one in settings}
    assert len(by_name) == 24
    assert by_name["source"]["allowed"] == ["ADF Front", "ADF Back", "ADF Duplex"]
    assert by_name["resolution"]["allowed"] == ["100", "150", "200", "240", "300", "600"]
    assert by_name["page-width"] == {
        "name": "page-width",
        "title": "Page width",
        "text": "For the guides",
        "kind": "fixed",
        "unit": "mm",
        "value": "216",
        "allowed": [],
        "least": 0,
        "most": 340,
        "step": 0,
        "settable": True,
        "automatic": False,
    }
    assert not by_name["endorser-val"]["settable"]
    assert by_name["endorser-val"]["value"] is None
    assert "both sides, gray, colour, stops at two sheets, imprinter 100/150" in told
    assert "  endorser-val  [0..1.67772e+07 in steps of 1] (not now)  First number" in told


@needs_libsane
def test_a_value_as_listed_can_be_asked_for(here: Here) -> None:
    for one in settings_of("test:0"):
        if one.value is not None and one.allowed:
            assert one.value in one.allowed or set(one.value.split(",")) <= set(one.allowed), one


@needs_libsane
def test_one_that_is_not_there_is_exit_6(here: Here) -> None:
    seen = here("devices", "sane:test:77")
    assert seen.code == 6
    assert seen.out == ""
    assert "test:77 cannot be opened (INVAL): check that it is on" in seen.err


def test_another_source_tells_what_it_is(here: Here, tmp_path: Path) -> None:
    gray_sheets(tmp_path, 1)
    seen = here("devices", f"folder:{tmp_path}", "--json")
    assert [one["replayable"] for one in seen.lines] == [True]


@needs_compiler
def test_scan_passes_on_what_a_scanner_is_told_by_its_own_names(here: Here, tmp_path: Path) -> None:
    paper = tmp_path / "paper"
    paper.mkdir()
    sheets = gray_sheets(paper, 3)
    words = ("--election", package("kommunestyre"), "--store", f"sqlite:{tmp_path / 'a.db'}", "--box", "K1")
    with sane_ballot_device(paper) as device:
        wrong = here("scan", *words, "--source", device, "--option", "turbo")
        refused = here("scan", *words, "--source", device, "--option", "bgcolor=Pink")
        asked = (
            "--imprint",
            "K1 ",
            "--profile",
            "fi-7900",
            "--option",
            "bgcolor=White",
            "--option",
            "prepick=Off",
        )
        seen = here("scan", *words, "--source", device, *asked)
        assert device.printed == ["K1 00000001", "K1 00000002", "K1 00000003"]
    assert (wrong.code, refused.code, seen.code) == (2, 6, 0)
    assert "'turbo' is not NAME=VALUE" in wrong.err
    assert "bgcolor must be one of Default, White, Black, not 'Pink'" in refused.err
    kept = {one.read_bytes() for one in tmp_path.rglob("*") if one.is_file() and paper not in one.parents}
    assert {side for sheet in sheets for side in sheet} <= kept
    journal = "".join(one.read_text() for one in tmp_path.rglob("journal.jsonl"))
    assert '"bgcolor","White"' in journal


@twain_paper.needs_compiler
def test_scanners_with_a_twain_driver_are_named_as_they_are_opened(here: Here, tmp_path: Path) -> None:
    twain_paper.lay(tmp_path, 1)
    with twain_ballot_device(tmp_path) as device:
        assert {"name": device.spec} in here("devices", "--json").lines
        assert device.spec in here("devices").out
        about = here("devices", device.spec, "--json").lines[0]
    assert about["device"] == f"twain:Valgskanner {device.name} SIM0001"
    assert about["imprinter"]
