"""Hostile packages: every file is refused with a fault that names it, in bounded memory and time."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.election_package import check_election, read_election
from scanner.simulate.elections import shipped_election
from tests.packages import HEADER, change, copy_of, only_fault


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return copy_of("kommunestyre", tmp_path)


@pytest.mark.parametrize("file", ["election.toml", "lists.csv"])
def test_other_encodings_are_refused(package: Path, file: str) -> None:
    text = (package / file).read_text("utf-8")
    (package / file).write_bytes(text.encode("latin-1", "replace"))
    fault = next(one for one in check_election(package) if one.file == file)
    first = next(n for n, line in enumerate(text.split("\n"), 1) if not line.isascii())
    assert (fault.line, "UTF-8" in fault.expected) == (first, True)
    (package / file).write_bytes(text.encode("utf-16"))
    assert any(one.file == file and "UTF-8" in one.expected for one in check_election(package))


@pytest.mark.parametrize(("file", "old"), [("election.toml", "Ålmøy"), ("lists.csv", "Jørsira Brønbakkvåg")])
def test_a_ten_megabyte_field_is_named_by_its_line(package: Path, file: str, old: str) -> None:
    line = change(package / file, old, "å" * 5_000_000)
    fault = next(one for one in check_election(package) if one.file == file)
    assert fault.line == line
    assert "1000" in fault.value
    assert len(str(fault)) < 300


@pytest.mark.parametrize("file", ["election.toml", "lists.csv"])
@pytest.mark.parametrize("filling", [b"\n", b"\0", b"a,b\n", b"\xff", b'"', b"[", b"[[a]]\n"])
def test_a_huge_file_is_refused_quickly(package: Path, file: str, filling: bytes) -> None:
    (package / file).write_bytes(filling * (17_000_000 // len(filling)))
    started = time.monotonic()
    faults = check_election(package)
    assert any(one.file == file for one in faults)
    assert time.monotonic() - started < 20
    assert len(faults) < 1100


@pytest.mark.parametrize("text", ["a = " + "[" * 1900, (".".join("a" * 900) + " = 1\n") * 130, "a = {" * 380])
def test_toml_made_to_choke_the_parser_is_refused(package: Path, text: str) -> None:
    (package / "election.toml").write_text(text, "utf-8")
    assert any("TOML" in one.expected or "keys" in one.expected for one in check_election(package))


def test_missing_files_folders_and_loops_are_faults(tmp_path: Path, package: Path) -> None:
    (package / "lists.csv").unlink()
    assert only_fault(package).file == "lists.csv"
    (package / "lists.csv").symlink_to(package / "lists.csv")
    assert "symbolic links" in only_fault(package).value
    (package / "lists.csv").unlink()
    os.mkfifo(package / "lists.csv")
    assert "plain file" in only_fault(package).value
    loop = tmp_path / "runde"
    loop.symlink_to(loop)
    for folder in (tmp_path / "borte", loop, tmp_path / ("x" * 300), Path("\0"), package / "election.toml"):
        assert "election package" in only_fault(folder).expected
        assert str(only_fault(folder)).isprintable()


def test_a_file_with_only_faults_lists_at_most_five_hundred(package: Path) -> None:
    (package / "lists.csv").write_text(HEADER + "\n" + "a,b,c\n" * 19_000, "utf-8")
    assert len(check_election(package)) == 500


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, 1400),
    st.integers(0, 40),
    st.text(max_size=5) | st.sampled_from(['"', ",", "\n", "[", "="]),
)
def test_no_damage_makes_it_crash(tmp_path: Path, at: int, length: int, instead: str) -> None:
    source = shipped_election("kommunestyre")
    for file in ("election.toml", "lists.csv"):
        text = (source / file).read_text("utf-8")
        damaged = text[:at] + instead + text[at + length :]
        (tmp_path / file).write_bytes(damaged.encode("utf-8", "surrogatepass"))
    faults = check_election(tmp_path)
    assert all(one.file in {"election.toml", "lists.csv"} and "\n" not in str(one) for one in faults)
    if not faults:
        assert read_election(tmp_path).lists
