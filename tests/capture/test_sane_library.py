"""The binding itself, against libsane's own `test` driver, which has a setting of every kind."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.capture.sane_library import Device, SaneError, library
from scanner.capture.sane_words import (
    Can,
    Frame,
    Kind,
    Option,
    Range,
    Status,
    Unit,
    Value,
    plain,
    same,
    written,
)
from tests.capture.sane_world import needs_libsane, world

OPTION = Option(1, "x", "", "", Kind.INT, Unit.NONE, 4, Can.SET | Can.READ)


@pytest.fixture
def device() -> Iterator[Device]:
    world()
    opened = library().open("test:0")
    yield opened
    opened.close()


def option(device: Device, name: str) -> Option:
    found = device.options.find(name)
    assert found is not None
    return found


def set_and_read(device: Device, name: str, value: Value) -> Value:
    before = device.get(option(device, name))
    try:
        got = device.set(option(device, name), value)
        assert device.get(option(device, name)) == got
        return got
    finally:
        device.set(option(device, name), before)  # settings outlive the opening


@needs_libsane
def test_what_it_finds_and_what_it_is() -> None:
    world()
    assert library().version == "1.1.1"
    found = {one.name: one for one in library().devices(local=True)}
    assert {"test:0", "test:1", "pnm:0"} <= set(found)
    assert (found["test:0"].vendor, found["test:0"].model) == ("Noname", "frontend-tester")
    assert library() is library("another")


@needs_libsane
def test_every_setting_is_described(device: Device) -> None:
    by_name = {one.name: one for one in device.options}
    assert len(by_name) == len(tuple(device.options)) == 48
    assert {one.kind for one in device.options} == set(Kind) - {Kind.GROUP}
    assert by_name["mode"].words == ("Gray", "Color")
    assert by_name["depth"].numbers == (1.0, 8.0, 16.0)
    assert by_name["resolution"].range == Range(1.0, 1200.0, 1.0)
    assert by_name["resolution"].unit is Unit.DPI
    assert by_name["tl-x"].range == Range(0.0, 300.0, 1.0)
    assert by_name["br-y"].unit is Unit.MM
    assert by_name["mode"].title == "Scan mode"
    assert "scan mode" in by_name["mode"].text
    assert by_name["int-constraint-array"].count == 6


@needs_libsane
@pytest.mark.parametrize(
    ("name", "text", "got"),
    [
        ("bool-soft-select-soft-detect", "yes", True),
        ("int", "-4711", -4711),
        ("int-constraint-range", "26", 26),
        ("int-constraint-range", "27", 28),  # the device rounds to steps of 2
        ("int-constraint-word-list", "17", 17),
        ("int-constraint-array", "1,2,3,4,5,-6", (1, 2, 3, 4, 5, -6)),
        ("int-constraint-array-constraint-range", "4,6,8,10,12,14", (4, 6, 8, 10, 12, 14)),
        ("int-constraint-array-constraint-word-list", "0,17,-8,42,0,0", (0, 17, -8, 42, 0, 0)),
        ("gamma-table", ",".join(["7"] * 4096), (7,) * 4096),
        ("fixed", "-0.5", -0.5),
        ("fixed-constraint-range", "100.0", 100.0),
        ("fixed-constraint-word-list", "12.1", 12.1),
        ("string", "Ærlig ord", "Ærlig ord"),
        ("string-constraint-string-list", "second entry", "Second entry"),
        ("string-constraint-long-string-list", "46", "46"),
    ],
)
def test_a_setting_of_each_kind_is_set_and_read_back(
    name: str, text: str, got: Value, device: Device
) -> None:
    device.set(option(device, "enable-test-options"), value=True)
    seen = set_and_read(device, name, option(device, name).value(text))
    assert same(seen, got) or (name == "fixed-constraint-range" and abs(float(str(seen)) - 100) < 1)
    assert type(seen) is type(got)


@needs_libsane
def test_a_button_and_a_choice_of_the_device(device: Device) -> None:
    device.set(option(device, "enable-test-options"), value=True)
    assert device.set(option(device, "button"), value=True) is True
    automatic = [one for one in device.options if one.can & Can.AUTOMATIC and one.settable]
    for one in automatic:
        device.set_automatic(one)
    with pytest.raises(SaneError, match="INVAL to choose mode"):
        device.set_automatic(option(device, "mode"))


@needs_libsane
def test_setting_one_thing_describes_others_anew(device: Device) -> None:
    device.set(option(device, "mode"), "Gray")
    assert not option(device, "three-pass").settable
    device.set(option(device, "mode"), "Color")
    assert option(device, "three-pass").settable
    device.set(option(device, "mode"), "Gray")


@needs_libsane
def test_what_the_driver_refuses_has_its_word() -> None:
    world()
    with pytest.raises(SaneError, match="answers INVAL to open nothing:0") as refused:
        library().open("nothing:0")
    assert refused.value.status == Status.INVAL
    scanning = library().open("test:18")  # and never stopped: this driver's threads die badly in mid page
    assert scanning.start()
    assert scanning.frame().last
    with pytest.raises(SaneError, match="answers INVAL to set mode"):
        scanning.set(option(scanning, "mode"), "Color")
    assert SaneError(77, "x").native == "status 77"


ALONE = """
import os, scanner.capture.sane_library as s
loaded = s.library("test")
found = loaded.devices(local=True)
assert {one.name.partition(":")[0] for one in found} == {"test"}, found
assert "SANE_CONFIG_DIR" not in os.environ
loaded.open("test:0").close()
loaded.open("pnm:0").close()  # another driver is still found
"""


@needs_libsane
def test_without_settings_of_its_own_only_the_driver_that_is_needed_is_loaded() -> None:
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-c", ALONE]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


@given(st.integers(-(2**31), 2**31 - 1))
def test_a_whole_number_is_written_and_read(number: int) -> None:
    assert OPTION.value(written(number)) == number


@given(st.floats(-32000, 32000, allow_nan=False))
def test_a_broken_number_is_written_and_read(number: float) -> None:
    fixed = Option(1, "x", "", "", Kind.FIXED, Unit.MM, 4, Can.SET)
    got = fixed.value(written(number))
    assert isinstance(got, float)
    assert got == pytest.approx(number, abs=1e-4)


@pytest.mark.parametrize(
    "text", ["", "1.5", "1e3", "0x10", "٣", "1 2", "nan", "4294967296", "1_0", "99999999999"]
)
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"must be a whole number|is too large"):
        OPTION.value(text)


def test_values_compare_as_devices_round() -> None:
    assert same(210.0, 209.99999)
    assert not same(210.0, 209.99)
    assert same(1, value_true := True)
    assert value_true
    assert not same("a", 1)
    assert same((1, 2), (1, 2))
    assert not same((1, 2), (1, 2, 3))
    assert not same((1,), 1)
    assert written((1, 2.5, 3)) == "1,2.5,3"
    assert written(value=False) == "no"


def test_text_of_a_driver_cannot_move_the_terminal() -> None:
    assert plain("a\x1b[2Jb\nc\u202e") == "a [2Jb c"
    assert len(plain("x" * 9999)) == 400


def test_a_line_takes_whole_bytes() -> None:
    assert Frame(0, True, 0, 1654, 1, 1).line_bytes == 207
    assert Frame(1, True, 0, 10, 1, 16).line_bytes == 60
