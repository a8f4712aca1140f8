"""Every form in every type and year it is for: what it adds up exists, and units are never mixed silently."""

import re
import tomllib
from collections.abc import Iterator

import pytest

from scanner.election import ElectionType
from scanner.tally.motebok.formula import Expr, Ref, Total, cells, parse, walk, written
from scanner.tally.motebok.model import Cell, Form, Source, Text, Unit
from scanner.tally.motebok.reading import FOLDER, LANGUAGES, form, form_file, form_names


def years(name: str) -> Iterator[tuple[str, ElectionType, int]]:
    file = form_file(name)
    for type_ in file.types:
        for year in sorted({file.since, 2015, 2017, min(file.until, 2029)}):
            if file.since <= year <= file.until:
                yield name, type_, year


EVERY = [one for name in form_names() for one in years(name)]


@pytest.fixture(params=EVERY, ids=lambda one: f"{one[0]}-{one[1]}-{one[2]}")
def blank(request: pytest.FixtureRequest) -> Form:
    return form(*request.param)


def named(expr: Expr) -> Iterator[str]:
    return (one.cell for one in walk(expr) if isinstance(one, Ref | Total))


def test_every_cell_is_in_one_place_of_one_table(blank: Form) -> None:
    printed = [id_ for table in blank.tables for row in table.rows for id_ in row.cells if id_]
    assert len(printed) == len(set(printed)), "a cell stands in two places"
    assert set(printed) == {one.id for one in blank.cells}
    chapters = [id_ for one in blank.chapters for id_ in one.tables]
    assert sorted(chapters) == sorted(one.id for one in blank.tables)


def test_a_reference_has_its_dimensions_where_it_is_asked(blank: Form) -> None:
    asked = [(one.id, one.per, one.formula) for one in blank.cells if one.formula]
    asked += [(one.id, one.per, side) for one in blank.controls for side in (one.left, one.right)]
    for id_, per, expr in asked:
        for one in walk(expr):
            if isinstance(one, Ref):
                assert set(blank.cell(one.cell).per) <= set(per), f"{id_} asks {one.cell} of which"
            if isinstance(one, Total) and one.where:
                assert set(blank.cell(one.where.cell).per) <= set(blank.cell(one.cell).per)
                assert one.where.word in blank.cell(one.where.cell).choices


def test_units_are_mixed_only_where_the_form_says_why(blank: Form) -> None:
    for cell in blank.cells:
        if cell.formula is None or cell.unit is Unit.PROSENT or cell.crosses:
            continue
        units = {blank.cell(one).unit for one in named(cell.formula)}
        assert units <= {cell.unit}, f"{cell.id} counts {cell.unit}, and adds up {units}"


def test_only_numbers_are_added_up_and_nothing_of_itself(blank: Form) -> None:
    def below(cell: Cell, seen: tuple[str, ...]) -> None:
        assert cell.id not in seen, f"{cell.id} is part of itself"
        for one in cells(cell.formula) if cell.formula else ():
            below(blank.cell(one), (*seen, cell.id))

    for cell in blank.cells:
        below(cell, ())
        for one in named(cell.formula) if cell.formula else ():
            assert blank.cell(one).unit is not Unit.TEKST


def test_formulas_written_again_are_the_same(blank: Form) -> None:
    for cell in blank.cells:
        if cell.formula:
            assert parse(written(cell.formula)) == cell.formula


def test_every_source_has_what_it_needs(blank: Form) -> None:
    for cell in blank.cells:
        assert (cell.fact is not None) == (cell.source is Source.MACHINE)
        assert (cell.formula is not None) == (cell.source in {Source.FORMULA, Source.CARRIED})
    assert len({one.id for one in blank.controls}) == len(blank.controls)
    assert all(blank.cell(one.first).per == blank.cell(one.final).per for one in blank.pairs)


def test_feeds_name_cells_of_both_forms(blank: Form) -> None:
    for name in blank.fed_by:
        theirs = form(name, blank.type, blank.year)
        for one in blank.feeds:
            have = {*theirs.cell(one.source).per, blank.fed_per}
            assert set(blank.cell(one.target).per) <= have


def test_the_law_changes_with_the_year() -> None:
    early, late = (form("valgstyret_2013", ElectionType.KOMMUNESTYRE, one) for one in (2015, 2019))
    assert (early.law, late.law) == ("2013", "2016")
    assert "kl. 21 på valgdagen" in early.cell("B1.2.g.inn").label.nb
    assert "kl. 17 dagen etter" in late.cell("B1.2.g.inn").label.nb


CODE = re.compile(r"[A-E]\d(?:\.\d+)*|§ ?\d+-\d+a? ?\(\d\)")


def labels(blank: Form) -> Iterator[Text]:
    yield blank.name
    yield from (one.title for one in blank.chapters)
    for table in blank.tables:
        yield from (table.title, table.heading, table.note)
        yield from (text for one in table.columns for text in (one.label, one.group))
        yield from (one.label for one in table.rows)
    yield from (one.text for one in (*blank.controls, *blank.pairs))
    yield from (one.label for one in blank.cells)


def test_every_word_of_a_form_is_in_four_languages(blank: Form) -> None:
    for text in labels(blank):
        if text.nb:
            assert text.nn, f"no nynorsk: {text.nb}"
            assert text.se, f"no Northern Sámi: {text.nb}"
            assert text.en, f"no English: {text.nb}"
            assert all(
                sorted(CODE.findall(one)) == sorted(CODE.findall(text.nb))
                for one in (text.nn, text.se, text.en)
            )


def test_the_words_hold_nothing_that_no_form_says() -> None:
    said = {text.nb for one in EVERY for text in labels(form(*one))}
    for language in LANGUAGES:
        assert set(tomllib.loads((FOLDER / f"words_{language}.toml").read_text("utf-8"))) <= said
