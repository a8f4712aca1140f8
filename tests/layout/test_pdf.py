"""The print file: true size, two pages, fonts inside, the words of the list, the same bytes each time."""

import ctypes
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from scanner.ballot import FieldKind
from scanner.election import Candidate, NumberLine, PartyList
from scanner.errors import InputError
from scanner.layout.drawing import draw
from scanner.layout.pdf import pdf
from scanner.layout.printing import print_ballots
from scanner.layout.styles import styles
from tests.layout.papers import every, full
from tests.strategies import small_election

POINT = 25.4 / 72


def fonts_of(page: pypdfium2.PdfPage) -> Iterator[tuple[str, bool]]:
    """Name of the font of each text on the page and whether it is embedded."""
    for one in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,), max_depth=5):
        font = pdfium.FPDFTextObj_GetFont(one)
        name = ctypes.create_string_buffer(200)
        pdfium.FPDFFont_GetBaseFontName(font, name, 200)
        yield name.value.decode(), bool(pdfium.FPDFFont_GetIsEmbedded(font))


@pytest.mark.parametrize("election", every(), ids=lambda one: f"{one.type}-{one.seats}")
def test_every_ballot_is_printed_at_true_size_with_its_fonts(election, tmp_path: Path) -> None:
    for style, path in zip(styles(election), print_ballots(election, tmp_path), strict=True):
        assert path == tmp_path / f"{style.id}.pdf"
        with pypdfium2.PdfDocument(path) as document:
            assert len(document) == 2
            for page in document:
                assert [one * POINT for one in page.get_size()] == pytest.approx(style.page_mm, abs=0.01)
                fonts = set(fonts_of(page))
                assert fonts
                assert all(embedded for _, embedded in fonts)
            families = {name.split("+")[-1] for name, _ in fonts_of(document[0])}
            assert any("OCR" in one for one in families)
            assert any("LiberationSans" in one for one in families)


def test_a_party_election_prints_a_file_a_list_and_two_more(tmp_path: Path) -> None:
    made = print_ballots(small_election(), tmp_path / "new" / "folder")
    assert [one.name for one in made] == ["A.pdf", "B.pdf", "C.pdf", "blank.pdf", "tick_off.pdf"]


def test_the_same_election_prints_the_same_bytes(tmp_path: Path) -> None:
    first = [one.read_bytes() for one in print_ballots(full("01"), tmp_path / "a")]
    again = [one.read_bytes() for one in print_ballots(full("01"), tmp_path / "b")]
    assert first == again
    assert len(set(first)) == len(first)


def test_a_print_file_stays_small(tmp_path: Path) -> None:
    assert max(one.stat().st_size for one in print_ballots(full("19"), tmp_path)) < 100_000


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", "utf-8")
    with pytest.raises(InputError, match="taken"):
        print_ballots(small_election(), tmp_path / "taken")


def words_of(election) -> str:
    style = styles(election)[0]
    with pypdfium2.PdfDocument(pdf(draw(style, election).inside)) as document:
        return document[0].get_textpage().get_text_range()


def test_names_are_printed_as_they_are_written_never_as_markup() -> None:
    name = 'Ærlig #set "Å" \\ $x$ *ø* čđŋ'
    election = small_election()
    people = (Candidate(1, name, 1970, "Ålmøy @ref", bold=False),)
    party = PartyList("A", "1234567890123456789012", "#panic[Ødeland]", people)
    words = words_of(type(election)(**{**members(election), "lists": (party,)}))
    for said in (name, "f. 1970, Ålmøy @ref", "#panic[Ødeland]", "1234567890123456789012"):
        assert said in words


def members(election) -> dict[str, object]:
    return {one: getattr(election, one) for one in type(election).__slots__}


def test_the_2025_line_has_a_seven_character_id_instead_of_form_and_check_number() -> None:
    old, new = words_of(full("01")), words_of(full("01", NumberLine.DESIGN_2025))
    added = set(new.split()) - set(old.split())
    assert len(added) == 1
    assert len(added.pop()) == 7


def test_a_heading_and_a_number_field_hold_their_words() -> None:
    election = full("02")
    style = styles(election)[0]
    with pypdfium2.PdfDocument(pdf(draw(style, election).inside)) as document:
        text, high = document[0].get_textpage(), style.page_mm[1]
        for field in (*style.of(FieldKind.HEADING), *style.of(FieldKind.BALLOT_NUMBER)):
            r = field.rect
            box = (r.x / POINT, (high - r.y - r.h) / POINT, (r.x + r.w) / POINT, (high - r.y) / POINT)
            said = text.get_text_bounded(*box)
            assert (style.heading if field.kind is FieldKind.HEADING else style.ballot_number) in said
