"""Every number says its unit, when and how; what does not fit is refused; the version sees every byte."""

import re
import shutil
import tomllib
from dataclasses import dataclass, fields
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner import config
from scanner.config import calibration, shipped, version
from scanner.errors import ExitCode, ModelError

CALL = re.compile(r'calibration\("(\w+)", (\w+)\)')


def readers():
    """Calibration file → the dataclass some module loads it into."""
    package = Path(config.__file__).parent
    for path in sorted(package.rglob("*.py")):
        for name, into in CALL.findall(path.read_text("utf-8")):
            module = ".".join(path.relative_to(package.parent).with_suffix("").parts)
            yield name, getattr(import_module(module), into)


INTO = dict(readers())
FILES = sorted(shipped("calibration").glob("*.toml"))


def test_every_calibration_file_is_somebodys():
    assert {one.stem for one in FILES} == set(INTO)


@pytest.mark.parametrize("file", FILES, ids=lambda one: one.stem)
def test_every_number_says_its_unit_when_and_how(file):
    entries = tomllib.loads(file.read_text("utf-8"))
    assert set(entries) == {one.name for one in fields(INTO[file.stem])}
    for name, entry in entries.items():
        assert set(entry) == {"value", "unit", "date", "how"}, name
        assert entry["unit"].strip(), name
        assert entry["how"].strip(), name
        assert date.fromisoformat(entry["date"]) >= date(2026, 1, 1), name


@pytest.mark.parametrize("name", INTO)
def test_every_file_loads_into_its_dataclass(name):
    loaded = calibration(name, INTO[name])
    entries = tomllib.loads((shipped("calibration") / f"{name}.toml").read_text("utf-8"))
    for member, entry in entries.items():
        seen = getattr(loaded, member)
        assert (list(seen) if isinstance(seen, tuple) else seen) == entry["value"]


# --- files that do not fit -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Two:
    """What the files below are read into."""

    length: float
    count: int


ENTRY = '[{name}]\nvalue = {value}\nunit = "mm"\ndate = "2026-11-22"\nhow = "measured with a ruler"\n'


def entry(name, value):
    return ENTRY.format(name=name, value=value)


GOOD = entry("length", 1.5) + entry("count", 3)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An installation of its own: a package folder with models/ and calibration/ beside it."""
    package = tmp_path / "scanner"
    package.mkdir()
    for name in ("calibration", "models"):
        (tmp_path / name).mkdir()
    (package / "code.py").write_text("A = 1\n")
    (tmp_path / "models" / "mark.onnx").write_bytes(b"weights")
    (tmp_path / "calibration" / "two.toml").write_text(GOOD)
    monkeypatch.setattr(config, "__file__", str(package / "config.py"))
    for one in (config.shipped, config.version):
        one.cache_clear()
    yield tmp_path
    for one in (config.shipped, config.version):
        one.cache_clear()


def refused(folder: Path, text: str | bytes) -> str:
    """The message with which the file is refused."""
    file = folder / "calibration" / "two.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ModelError) as error:
        calibration("two", Two)
    assert error.value.exit_code == ExitCode.MODEL == 7
    message = str(error.value)
    assert message.startswith("two.toml")
    assert "\n" not in message
    return message


def test_a_file_that_fits_is_loaded(folder):
    assert calibration("two", Two) == Two(1.5, 3)


def test_a_missing_member_is_named(folder):
    assert "count" in refused(folder, entry("length", 1))


def test_an_unknown_member_is_named(folder):
    assert "width" in refused(folder, GOOD + entry("width", 2))


@pytest.mark.parametrize("missing", ["value", "unit", "date", "how"])
def test_a_number_without_its_story_is_refused(folder, missing):
    lines = [one for one in GOOD.splitlines() if not one.startswith(missing)]
    assert missing in refused(folder, "\n".join(lines))


@pytest.mark.parametrize(
    "text",
    [
        GOOD + 'more = "x"\n',
        entry("length", '"long"') + entry("count", 3),
        entry("length", 1) + entry("count", 2.5),
        entry("length", "[1, 2]") + entry("count", 3),
        "length = 1\ncount = 2\n",
        "[length",
        GOOD + GOOD,
        b"\xff\xfe\0",
        "",
    ],
)
def test_anything_else_is_refused_in_one_sentence(folder, text):
    assert refused(folder, text)


def test_a_file_that_is_not_there_is_an_error(folder):
    with pytest.raises(ModelError, match=r"none\.toml"):
        calibration("none", Two)


def test_a_missing_folder_says_what_to_do(folder):
    shutil.rmtree(folder / "models")
    with pytest.raises(ModelError, match="install valgskanner again"):
        shipped("models")


def test_a_wheel_carries_its_folders_inside(folder):
    (folder / "scanner" / "_shipped").mkdir()
    (folder / "calibration").rename(folder / "scanner" / "_shipped" / "calibration")
    assert calibration("two", Two) == Two(1.5, 3)


# --- with which eyes -------------------------------------------------------------------------


def fresh() -> str:
    version.cache_clear()
    return version()


@pytest.mark.parametrize("file", ["calibration/two.toml", "models/mark.onnx", "scanner/code.py"])
def test_one_changed_byte_of_code_models_or_numbers_is_another_version(folder, file):
    before, path = fresh(), folder / file
    old = path.read_bytes()
    path.write_bytes(old[:-1] + bytes([old[-1] ^ 1]))
    assert fresh() != before
    path.write_bytes(old)
    assert fresh() == before


def test_a_renamed_or_new_file_is_another_version(folder):
    seen = [fresh()]
    (folder / "scanner" / "code.py").rename(folder / "scanner" / "kode.py")
    seen.append(fresh())
    (folder / "models" / "more.onnx").write_bytes(b"")
    seen.append(fresh())
    assert len(set(seen)) == 3


def test_bytes_moved_from_one_file_to_the_next_are_another_version(folder):
    (folder / "scanner" / "code.py").write_bytes(b"")
    (folder / "scanner" / "a.py").write_bytes(b"A = 1\n")
    before = fresh()
    (folder / "scanner" / "a.py").write_bytes(b"")
    (folder / "scanner" / "code.py").write_bytes(b"A = 1\n")
    assert fresh() != before


def test_what_does_not_read_ballots_does_not_change_the_version(folder):
    before = fresh()
    (folder / "scanner" / "__pycache__").mkdir()
    (folder / "scanner" / "__pycache__" / "code.pyc").write_bytes(b"x")
    (folder / "models" / "notes.md").write_text("x")
    assert fresh() == before


def test_a_wheel_has_the_version_of_its_checkout(folder):
    before = fresh()
    inside = folder / "scanner" / "_shipped"
    inside.mkdir()
    for name in ("calibration", "models"):
        (folder / name).rename(inside / name)
    shipped.cache_clear()
    assert fresh() == before


def test_the_version_is_short_and_the_same_all_day():
    assert version() == version()
    assert len(version()) == 16
    assert set(version()) <= set("0123456789abcdef")


@given(st.sampled_from(sorted(INTO)))
def test_bounds_cannot_be_changed(name):
    loaded = calibration(name, INTO[name])
    with pytest.raises(AttributeError):
        setattr(loaded, fields(loaded)[0].name, 0)


def test_errors_carry_the_exit_codes_of_the_house():
    errors = import_module("scanner.errors")
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Exception)]
    assert len(kinds) >= 9
    for one in kinds:
        assert one.exit_code in set(ExitCode)
        assert str(one()) == one.__doc__.splitlines()[0]
        assert str(one("Fault.")) == "Fault."
