"""Before the count: dirt is found on blank sheets, and the readiness report says what stands ready."""

from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import simplejpeg

from scanner.capture.blank_sheet import Dirt, dirt, per_side
from scanner.capture.sane_profiles import Figure, profile_text
from scanner.errors import ExitCode
from scanner.pixels import INCH_MM, Gray
from tests.command import Here, package


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


def blank(seed: int = 1, noise: float = 3.0) -> Gray:
    rng = np.random.default_rng(seed)
    return np.clip(rng.normal(243, noise, (2339, 1654)), 0, 255).astype(np.uint8)


def px(mm: float) -> int:
    return round(mm * 200 / INCH_MM)


def lay(folder: Path, *pages: tuple[Gray, Gray]) -> str:
    folder.mkdir()
    for number, sides in enumerate(pages, 1):
        for side, page in zip("FB", sides, strict=True):
            data = simplejpeg.encode_jpeg(np.ascontiguousarray(page[..., None]), 85, "GRAY")
            (folder / f"{number}{side}.jpg").write_bytes(data)
    return f"folder:{folder}"


@pytest.mark.parametrize("noise", [1.0, 5.0, 10.0])
def test_a_clean_sheet_is_clean(noise: float) -> None:
    assert dirt(blank(noise=noise), 200) == Dirt(blank=True, streaks=(), specks=())


def test_dirt_is_found_where_it_lies() -> None:
    page = blank()
    page[:, px(60) : px(60) + 2] = 190
    page[px(150) : px(150) + 8, px(120) : px(120) + 8] = 60
    seen = dirt(page, 200)
    assert seen.streaks == pytest.approx((60.1,), abs=0.3)
    assert [one[:2] for one in seen.specks] == [pytest.approx((120.5, 150.5), abs=0.6)]
    assert not seen.clean


def test_a_printed_sheet_says_nothing_of_the_glass() -> None:
    page = blank()
    page[800:1400, 300:1300] = 30
    assert not dirt(page, 200).blank
    assert "feed blank white sheets" in per_side([dirt(page, 200)], "front")[0]


def test_doctor_tells_dirt_of_each_side(here: Here, tmp_path: Path) -> None:
    dirty = blank()
    dirty[:, px(80) : px(80) + 2] = 180
    seen = here("doctor", "--source", lay(tmp_path / "a", (blank(), dirty), (blank(2), dirty)), "--json")
    glass = {one["name"]: one for one in seen.lines if one["name"].startswith("glass")}
    assert glass["glass, front"]["ok"]
    assert not glass["glass, back"]["ok"]
    assert "80 mm from the left" in glass["glass, back"]["seen"]
    assert seen.code == ExitCode.BROKEN


def test_no_sheet_is_no_clean_glass(here: Here, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    seen = here("doctor", "--source", f"folder:{tmp_path / 'empty'}", "--json")
    assert seen.code != ExitCode.DONE


@pytest.mark.endtoend
def test_the_report_says_what_stands_ready(here: Here, tmp_path: Path) -> None:
    out = tmp_path / "ready.pdf"
    profile = tmp_path / "hall.toml"
    figures = (Figure("front_skew_deg", 0.25, "degrees", "2026-11-22", "3 sheets"),)
    profile.write_text(profile_text("hall", "hall", ("hall",), figures), "utf-8")
    words = ("--election", package("kommunestyre"), "--profile", profile)
    seen = here("doctor", "--report", out, *words, "--json")
    assert seen.code == ExitCode.DONE, seen.err
    (report,) = seen.lines
    parts = {one["title"]: one for one in report["tables"]}
    assert {number for _, number in parts["Nulltelling"]["rows"]} == {"0"}
    measured = parts["Skanneren, målt med målark"]
    assert measured["rows"] == [["forside", "skjevhet", "0,25", "degrees; 3 sheets", "2026-11-22"]]
    trial = parts["Prøvebunke"]
    assert sum(int(row[-1]) for row in trial["rows"]) == 12
    assert all(row[0] == "TEST" for row in trial["rows"])
    assert trial["note"].startswith("TEST")
    with pypdfium2.PdfDocument(out) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    for words in ("Klarmelding", "Klar til telling", "Nulltelling", "TEST", "modell", "Navn, dato"):
        assert words in text


def test_a_report_needs_an_election(here: Here, tmp_path: Path) -> None:
    assert here("doctor", "--report", tmp_path / "a.pdf").code == ExitCode.USAGE
