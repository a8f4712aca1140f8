"""The forms on paper: all of them, in four languages, the same bytes twice, blank ones with the routine."""

import pypdfium2
import pytest

from scanner.tally.form_pdf import form_pdf, number, routine
from scanner.tally.motebok.evaluate import evaluate
from scanner.tally.motebok.filled import Key
from scanner.tally.words import LANGUAGES, words
from tests.tally.motebok.example import book
from tests.tally.workbook.filling import blank, filled
from tests.tally.workbook.test_workbook import ALL, OLD, with_words

EACH = list({one.id: one for one in ALL}.values())
CHECKPOINT = "valgskanner count 0123456789abcdef event 44 " + "a" * 64


def text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


@pytest.mark.parametrize("one", EACH, ids=lambda one: one.id)
def test_every_form_is_printed_to_last(one: object) -> None:
    made = form_pdf(evaluate(filled(one)))
    assert b"pdfaid" in made
    assert b"pdfuaid" in made


def test_every_number_of_a_book_stands_on_paper() -> None:
    made = evaluate(book())
    told = text(form_pdf(made, election="Stortingsvalget 2009", checkpoint=CHECKPOINT)).replace(" ", " ")
    for key in (Key("B1.1b.I"), Key("D1.i"), Key("D2.1.c", ("A",)), Key("D3.1.godkjente.v")):
        assert f"{made.number(key.cell, *key.at):,}".replace(",", " ") in told, key
    assert "Liste B" in told
    assert CHECKPOINT[:43] in told
    assert "Underskrifter" in told


def test_the_same_form_gives_the_same_bytes() -> None:
    assert form_pdf(evaluate(book())) == form_pdf(evaluate(book()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_four_languages(language: str) -> None:
    told = text(form_pdf(evaluate(filled(OLD)), language))
    assert words(language).signatures in told
    assert words(language).controls in told


def test_a_difference_stands_there_explained_or_not() -> None:
    told = text(form_pdf(evaluate(with_words(filled(OLD)))))
    assert "IKKE FORKLART" in told
    assert "fordi – Kari" in told
    assert words("nb").open.split(":")[0] in told


def test_a_blank_form_comes_with_the_routine_and_a_count_sheet() -> None:
    told = text(form_pdf(evaluate(blank(OLD))))
    assert routine("nb").title in told
    assert routine("nb").sheet in told
    assert words("nb").blank in told
    assert "IKKE FORKLART" not in told
    assert routine("se") == routine("nb"), "not translated yet"


def test_a_test_count_says_so_on_every_page() -> None:
    made = form_pdf(evaluate(book()), test=True)
    document = pypdfium2.PdfDocument(made)
    pages = len(document)
    document.close()
    assert text(made).count(words("nb").test) == pages


def test_numbers_as_printed() -> None:
    assert [number(one) for one in (0, 999, 63509, -436)] == ["0", "999", "63 509", "−436"]
