"""A scanner measured by the command: printed targets in, a profile with value, unit, date and how out."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import simplejpeg

from scanner.capture.sane_profiles import FIGURES, Figure, profile_named, profile_text
from scanner.errors import ExitCode, ModelError
from scanner.layout.raster import render
from scanner.layout.targets import target, target_page
from tests.command import Here, package


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


def lay(folder: Path, *levels: int) -> str:
    """Sheets with a target on the front, their paper as light as `levels`."""
    folder.mkdir()
    page = render([target_page(target())], 200)[0].astype(np.float64)
    for number, level in enumerate(levels, 1):
        front = np.rint(page * level / 255).astype(np.uint8)
        for side, gray in (("F", front), ("B", np.full_like(front, level))):
            data = simplejpeg.encode_jpeg(np.ascontiguousarray(gray[..., None]), 95, "GRAY")
            (folder / f"{number}{side}.jpg").write_bytes(data)
    return f"folder:{folder}"


def test_targets_are_printed_at_true_size(here: Here, tmp_path: Path) -> None:
    out = tmp_path / "targets.pdf"
    assert here("calibrate", "targets", "--out", out, "--count", 2).code == ExitCode.DONE
    with pypdfium2.PdfDocument(out) as document:
        assert len(document) == 2
        assert [one * 25.4 / 72 for one in document[0].get_size()] == pytest.approx((210, 297), abs=0.01)
    assert here("calibrate", "targets", "--out", tmp_path / "a.txt").code == ExitCode.USAGE


def test_a_device_is_measured_and_written_down(here: Here, tmp_path: Path) -> None:
    out = tmp_path / "device.toml"
    words = ("--source", lay(tmp_path / "a", 240, 236, 244), "--out", out)
    seen = here("calibrate", "device", *words, "--json")
    assert seen.code == ExitCode.DONE, seen.err
    kept = tomllib.loads(out.read_text("utf-8"))
    assert {one for one in kept if one.startswith(("front", "back"))} == {one["name"] for one in seen.lines}
    assert all(set(one) == {"value", "unit", "date", "how"} for one in kept.values())
    assert not [name for name in kept if name.startswith("back")], "the back showed no target"
    assert kept["front_scale_along"]["value"] == pytest.approx(1, abs=1e-3)
    assert kept["front_tone"]["value"][-1] == pytest.approx(240, abs=1)
    assert "3 target sheets" in kept["front_noise"]["how"]


def test_what_was_measured_is_a_profile_that_scan_takes_and_tells(here: Here, tmp_path: Path) -> None:
    out = tmp_path / "hall.toml"
    spec = lay(tmp_path / "a", 240)
    assert here("calibrate", "device", "--source", spec, "--out", out).code == ExitCode.DONE
    profile = profile_named(str(out))
    assert {one.name for one in profile.measured} == {f"front_{one}" for one in FIGURES}
    assert profile.feeder
    words = ("--store", f"sqlite:{tmp_path}/a.db", "--box", "K1", "--source", spec, "--profile", out)
    seen = here("scan", "--election", package("kommunestyre"), *words)
    assert seen.code == ExitCode.DONE, seen.err
    assert "front: scale_across 1" in seen.err
    assert here("scan", "--election", package("kommunestyre"), *words[:-1], "nobody").code == ExitCode.CAPTURE


def test_a_measured_scanner_is_driven_as_its_model_and_found_by_its_own_name(tmp_path: Path) -> None:
    figure = Figure("back_skew_deg", 0.25, "degrees", "2026-11-22", 'by "hand"')
    text = profile_text("fi", "fujitsu:fi-7900:20034", ("fujitsu:fi-7900:20034", ""), [figure])
    (tmp_path / "hall.toml").write_text(text, "utf-8")
    made, model = profile_named(str(tmp_path / "hall.toml")), profile_named("fi-7900")
    assert made == replace(model, matches=(r"^fujitsu:fi\-7900:20034$",), measured=(figure,))
    assert re.fullmatch(made.matches[0], "fujitsu:fi-7900:20034")


@pytest.mark.parametrize("odd", ["[figure]\nvalue = 1", "no toml", "[options]\nvalue = 3"])
def test_a_file_that_is_no_profile_is_refused(tmp_path: Path, odd: str) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(odd)
    with pytest.raises(ModelError, match=r"odd\.toml"):
        profile_named(str(path))


def test_sheets_without_a_target_measure_nothing(here: Here, tmp_path: Path) -> None:
    spec = lay(tmp_path / "a")
    for side in "FB":
        data = simplejpeg.encode_jpeg(np.full((2000, 1500, 1), 250, np.uint8), 85, "GRAY")
        (tmp_path / "a" / f"1{side}.jpg").write_bytes(data)
    seen = here("calibrate", "device", "--source", spec, "--out", tmp_path / "a.toml")
    assert seen.code == ExitCode.INPUT
    assert not (tmp_path / "a.toml").exists()
