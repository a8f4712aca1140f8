"""Workbooks that are damaged, huge, disguised or of something else: a sentence, never a crash."""

import io
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest

from scanner.errors import InputError
from scanner.tally.motebok.evaluate import evaluate
from scanner.tally.motebok.filled import Filled, Key
from scanner.tally.workbook import opening
from scanner.tally.workbook.places import plan
from scanner.tally.workbook.reading import Fault, read_workbook
from scanner.tally.workbook.writing import workbook
from tests.tally.workbook.filling import blank, filled
from tests.tally.workbook.test_workbook import OLD

GOOD = workbook(evaluate(filled(OLD)))
NUMBER, CHOICE = Key("B1.1a.I"), Key("C1.1.sted", ("kr0",))


def changed(key: Key, value: object) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    spot = plan(blank(OLD)).spots[key]
    book[spot.sheet][spot.name].value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def faults(content: bytes, form: Filled | None = None) -> tuple[Fault, ...]:
    return read_workbook(content, form or blank(OLD)).faults


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("tolv", "«tolv» is text; write a whole number."),
        ("12", "«12» is text"),
        ("=6*2", "holds a formula; write the number itself."),
        (12.5, "12.5 is no whole number."),
        (-1, "-1 is no number of ballots"),
        (10**10, "is no number of ballots"),
        (True, "a date or a yes/no"),
        (datetime(2027, 9, 13, tzinfo=UTC).replace(tzinfo=None), "a date or a yes/no"),
    ],
    ids=str,
)
def test_a_number_that_is_none_is_named_with_its_cell(value: object, why: str) -> None:
    (fault,) = faults(changed(NUMBER, value))
    assert fault.cell == str(plan(blank(OLD)).spots[NUMBER])
    assert why in fault.what


def test_a_word_that_the_form_does_not_know() -> None:
    (fault,) = faults(changed(CHOICE, "hjemme"))
    assert "«hjemme» is not one of" in fault.what


@pytest.mark.parametrize(("value", "why"), [("x" * 2001, "2000 letters"), ("=cmd|'/c calc'!A1", "formula")])
def test_words_that_are_no_words(value: str, why: str) -> None:
    (fault,) = faults(changed(Key("A1.leder"), value))
    assert why in fault.what


def test_a_changed_formula_is_seen() -> None:
    (fault,) = faults(changed(Key("B1.1d.III"), "=1+1"))
    assert "the formula was changed" in fault.what


def test_a_row_put_in_is_seen() -> None:
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    spot = plan(blank(OLD)).spots[NUMBER]
    book[spot.sheet].insert_rows(spot.row)
    out = io.BytesIO()
    book.save(out)
    assert any("should stand here" in one.what for one in faults(out.getvalue()))


def test_several_faults_are_all_named() -> None:
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    for key in (NUMBER, Key("B1.1b.I"), Key("B1.1c.I")):
        spot = plan(blank(OLD)).spots[key]
        book[spot.sheet][spot.name].value = "mange"
    out = io.BytesIO()
    book.save(out)
    assert len(faults(out.getvalue())) == 3


def with_part(name: str, content: bytes, *, times: int = 1) -> bytes:
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as parts:
        for _ in range(times):
            parts.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no XLSX workbook"),
        (b"party,votes\n=1+1,4\n", "no XLSX workbook"),
        (GOOD[:-2000], "no XLSX workbook"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "no XLSX workbook"),
        (GOOD + b"\0" * opening.MOST_BYTES, "larger than 8 MB"),
        (with_part("xl/vbaProject.bin", b"x"), "holds macros"),
        (with_part("xl/externalLinks/externalLink1.xml", b"<a/>"), "links to other files"),
        (with_part("xl/evil.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "XML entities"),
        (with_part("xl/zero.xml", b"\0" * (opening.MOST_UNPACKED + 1)), "unpacks to more"),
    ],
    ids=["empty", "csv", "cut", "old Excel or locked", "large", "macros", "links", "entities", "bomb"],
)
def test_it_is_refused_with_a_sentence(content: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        read_workbook(content, blank(OLD))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_twice_is_refused() -> None:
    with pytest.raises(InputError, match="one of them twice"):
        read_workbook(with_part("xl/workbook.xml", b"<a/>"), blank(OLD))


def test_a_cell_far_away_costs_nothing() -> None:
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    for sheet in book:
        sheet.cell(1_048_576, 16_384).value = "x"
    out = io.BytesIO()
    book.save(out)
    assert faults(out.getvalue()) == ()


def test_a_workbook_of_other_lists_or_of_nobody_is_refused() -> None:
    with pytest.raises(InputError, match="another form"):
        read_workbook(GOOD, blank(OLD, 3))
    plain = openpyxl.Workbook()
    out = io.BytesIO()
    plain.save(out)
    with pytest.raises(InputError, match="not made by valgskanner"):
        read_workbook(out.getvalue(), blank(OLD))


@pytest.mark.parametrize("at", range(200, len(GOOD), 4000))
def test_a_damaged_byte_never_crashes(at: int) -> None:
    broken = bytearray(GOOD)
    broken[at] ^= 0x5A
    try:
        read = read_workbook(bytes(broken), blank(OLD))
    except InputError:
        return
    assert read.faults or read.filled.values == filled(OLD).values
