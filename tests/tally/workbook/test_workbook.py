"""A form goes out as a workbook and comes back: the same numbers, in LibreOffice too."""

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.election import ElectionType
from scanner.tally.motebok.evaluate import Evaluated, evaluate
from scanner.tally.motebok.filled import Explanation, Filled, Key, keys
from scanner.tally.motebok.model import Form, Unit
from scanner.tally.motebok.reading import form
from scanner.tally.printed import keys_of, printed
from scanner.tally.words import LANGUAGES, words
from scanner.tally.workbook.places import CONTROLS, control_rows, plan
from scanner.tally.workbook.reading import read_workbook
from scanner.tally.workbook.writing import workbook
from tests.tally.workbook.filling import NAMES, blank, filled, forms, number_keys

ALL = list(forms())
OLD = form("valgstyret_2009", ElectionType.STORTING, 2009)


def named(one: Form) -> str:
    return f"{one.id}-{one.type}-{one.year}"


@pytest.mark.parametrize("one", ALL, ids=named)
def test_every_cell_of_a_form_is_printed_once(one: Form) -> None:
    shown = list(keys_of(printed(blank(one))))
    assert sorted(shown) == sorted(set(shown)), "none twice"
    assert set(shown) == set(keys(blank(one))), "none left out"


@pytest.mark.parametrize("one", ALL, ids=named)
def test_what_is_written_comes_back(one: Form) -> None:
    before = filled(one)
    read = read_workbook(workbook(evaluate(before)), blank(one))
    assert read.faults == ()
    assert read.filled.values == before.values


def same_as_ours(book: openpyxl.Workbook, made: Evaluated) -> None:
    for key, spot in plan(made.filled).spots.items():
        assert (book[spot.sheet][spot.name].value or None) == (made.values[key] or None), (key, spot)
    known = {(one.control.id, one.at): one for one in made.checked}
    for row, control, at in control_rows(made.filled):
        one = known.get((control.id, at))
        found = [book[CONTROLS].cell(row, column).value for column in (1, 4, 6, 7, 8)]
        if one is None:
            assert found[-1] == words("nb").missing, control.id
        else:
            outcome = words("nb").told(one.outcome)
            assert found == [control.id, one.left, one.right, one.left - one.right, outcome], control.id


def test_libreoffice_works_out_the_same_numbers_and_controls(tmp_path: Path) -> None:
    """Each form, filled in at random, recalculated by a program that knows nothing of ours."""
    each = {one.id: one for one in ALL}.values()
    made = {f"{n}.xlsx": evaluate(filled(one, n)) for n, one in enumerate(each)}
    made["explained.xlsx"] = evaluate(with_words(filled(OLD)))
    made["half.xlsx"] = evaluate(half(OLD))
    made["blank.xlsx"] = evaluate(blank(OLD))
    for name, one in made.items():
        (tmp_path / name).write_bytes(workbook(one))
    out = tmp_path / "calc"
    office = shutil.which("soffice") or "soffice is missing: apt install libreoffice-calc-nogui"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    line = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(out),
    ]
    subprocess.run(
        [*line, *(str(tmp_path / one) for one in made)], check=True, capture_output=True, timeout=240
    )
    for name, one in made.items():
        book = openpyxl.load_workbook(out / name, data_only=True)
        same_as_ours(book, one)
        read = read_workbook((out / name).read_bytes(), blank(one.filled.form))
        assert (read.faults, read.filled.values) == ((), one.filled.values), (
            "saved by LibreOffice, read by us"
        )


def with_words(one: Filled) -> Filled:
    """Half of what does not hold is explained; one of those lacks a name."""
    broken = [found for found in evaluate(one).unexplained if not found.control.id.startswith("=")]
    said = [Explanation(each.control.id, "fordi", "Kari", each.at) for each in broken[::2]]
    return one.explained(*said, Explanation(broken[1].control.id, "fordi", "", broken[1].at))


def half(one: Form) -> Filled:
    """Every second number is not written yet."""
    full = filled(one)
    return replace(full, values=dict(list(full.values.items())[::2]))


def test_explanations_come_back_and_stand_for_this_difference_only() -> None:
    before = with_words(filled(OLD))
    read = read_workbook(workbook(evaluate(before)), blank(OLD)).filled
    assert {(one.control, one.at, one.by) for one in read.explanations} == {
        (one.control, one.at, one.by) for one in before.explanations
    }
    assert evaluate(read).unexplained == evaluate(before).unexplained
    changed = read.with_values({Key("B1.1e.III"): 0})
    assert len(evaluate(changed).unexplained) > len(evaluate(read).unexplained)
    again = read_workbook(workbook(evaluate(changed)), blank(OLD)).filled
    assert places(evaluate(again)) == places(evaluate(changed)), "old words are not carried over"


def places(made: Evaluated) -> set[tuple[str, tuple[str, ...]]]:
    return {(one.control.id, one.at) for one in made.unexplained}


def test_sums_that_people_wrote_come_back_and_are_compared() -> None:
    """A book entered with its printed sums: a live formula each, and the sum written beside it."""
    made = evaluate(filled(OLD))
    sums = {key: made.number(key.cell, *key.at) + 1 for key in (Key("B1.1d.III"), Key("B3.1.d", ("li0",)))}
    before = made.filled.with_values(sums)
    read = read_workbook(workbook(evaluate(before)), blank(OLD))
    assert (read.faults, read.filled.values) == ((), before.values)
    assert evaluate(read.filled).unexplained == evaluate(before).unexplained


def test_a_deviation_may_be_negative() -> None:
    """D1.4: NKP 503 -> 67 is -436, written where the form works it out."""
    before = filled(OLD).with_values({Key("AV.fa", ("li0",)): -436})
    read = read_workbook(workbook(evaluate(before)), blank(OLD))
    assert (read.faults, read.filled.values[Key("AV.fa", ("li0",))]) == ((), -436)


def test_a_percentage_is_shown_as_one() -> None:
    one = form("valgstyret_2013", ElectionType.FYLKESTING, 2019)
    book = openpyxl.load_workbook(io.BytesIO(workbook(evaluate(filled(one)))))
    spots = plan(filled(one)).spots
    shown = [spot for key, spot in spots.items() if one.cell(key.cell).unit is Unit.PROSENT]
    assert shown
    assert all(book[spot.sheet][spot.name].number_format == '0","00" %"' for spot in shown)


def test_a_sum_whose_parts_nobody_wrote_stands_as_written() -> None:
    before = blank(OLD).with_values({Key("B1.1d.III"): 44})
    read = read_workbook(workbook(evaluate(before)), blank(OLD))
    assert (read.faults, read.filled.values) == ((), before.values)


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_any_number_written_comes_back_in_its_own_cell(data: st.DataObject) -> None:
    empty = blank(OLD)
    some = st.dictionaries(st.sampled_from(number_keys(empty)), st.integers(0, 999_999_999), max_size=12)
    values = data.draw(some)
    read = read_workbook(workbook(evaluate(empty.with_values(values))), empty)
    assert (read.faults, read.filled.values) == ((), values)


def test_the_same_form_gives_the_same_bytes_and_tells_no_time() -> None:
    made = evaluate(filled(OLD))
    content = workbook(made)
    assert content == workbook(made)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert {one.date_time for one in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z" in parts.read("docProps/core.xml")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_four_languages_and_is_read_in_each(language: str) -> None:
    content = workbook(evaluate(filled(OLD)), language)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book[CONTROLS]["I3"].value == words(language).cause
    assert read_workbook(content, blank(OLD)).faults == ()


def test_names_are_never_formulas() -> None:
    """CSV and formula injection: a list may be called =1+1."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(evaluate(filled(OLD)))))
    texts = {cell.value: cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}
    for name in NAMES[:2]:
        assert texts[name].data_type == "s"
        assert texts[name].quotePrefix
    formulas = [value for value, cell in texts.items() if cell.data_type == "f"]
    assert len(formulas) > 50
    assert not any("HYPERLINK" in one or "1+1" in one for one in formulas)


def test_sums_are_locked_and_what_people_write_is_not() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(evaluate(blank(OLD)))))
    spots = plan(blank(OLD)).spots
    written, worked = spots[Key("B1.1a.I")], spots[Key("B1.1d.III")]
    assert not book[written.sheet][written.name].protection.locked
    assert book[worked.sheet][worked.name].protection.locked
    assert book[worked.sheet].protection.sheet


def test_every_number_that_people_write_is_watched_while_they_write() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(evaluate(blank(OLD)))))
    spots = plan(blank(OLD)).spots
    for key in number_keys(blank(OLD)):
        rules = book[spots[key].sheet].data_validations.dataValidation
        assert [one.type for one in rules if spots[key].name in one.sqref] == ["whole"], key
    choice = spots[Key("C1.1.sted", ("kr0",))]
    rules = book[choice.sheet].data_validations.dataValidation
    assert [one.type for one in rules if choice.name in one.sqref] == ["list"]


def test_a_number_written_over_a_sum_is_kept_and_compared() -> None:
    before = filled(OLD)
    book = openpyxl.load_workbook(io.BytesIO(workbook(evaluate(before))))
    spot = plan(before).spots[Key("B1.1d.III")]
    book[spot.sheet][spot.name].value = 7
    out = io.BytesIO()
    book.save(out)
    read = read_workbook(out.getvalue(), blank(OLD))
    assert read.filled.values[Key("B1.1d.III")] == 7
    assert "=B1.1d.III" in {one.control.id for one in evaluate(read.filled).unexplained}


def test_what_the_machine_counted_is_not_written_over() -> None:
    key = Key("D2.1.aU", ("li0",))
    counted = replace(blank(OLD), facts={key: 12}, counted=True)
    book = openpyxl.load_workbook(io.BytesIO(workbook(evaluate(counted))))
    spot = plan(counted).spots[key]
    assert book[spot.sheet][spot.name].value == 12
    book[spot.sheet][spot.name].value = 13
    out = io.BytesIO()
    book.save(out)
    (fault,) = read_workbook(out.getvalue(), counted).faults
    assert (fault.cell, "the machine counted 12" in fault.what) == (str(spot), True)
