from dataclasses import replace

import msgspec
import pypdfium2 as pdfium
import pytest

from scanner.ballot import Category
from scanner.election import Election, ElectionType
from scanner.tally.count import count
from scanner.tally.form import Protocol
from scanner.tally.pdf import protocol_json, protocol_pdf
from scanner.tally.protocol import protocol
from tests.strategies import small_election
from tests.tally.conftest import ballot, option
from tests.tally.test_protocol import MANUAL, worked

MADE = protocol(worked(), small_election(), preliminary=MANUAL, package="ab" * 32, version="0123456789abcdef")
A4 = (595, 842)


def pages(made: bytes) -> list[str]:
    with pdfium.PdfDocument(made) as document:
        return [document[n].get_textpage().get_text_bounded() for n in range(len(document))]


def named(name: str) -> Protocol:
    election = small_election()
    first = replace(election.lists[0], party=name)
    odd: Election = replace(election, area=name, name=name, lists=(first, *election.lists[1:]))
    return protocol(count([ballot(Category.URETTET)], odd), odd)


def test_the_numbers_and_the_words_of_the_form_are_on_the_first_page() -> None:
    first = pages(protocol_pdf(MADE))[0]
    for words in ("Møtebok for valgstyret", "Ålmøy", "D1.i er lik sum D2.1c", "KONTROLLSUMMER", "Mellomsum"):
        assert words in first
    for number in ("2\u202f521", "3\u202f428", "5\u202f945", "3\u202f221"):
        assert number in first or number.replace("\u202f", " ") in first
    assert "IKKE AVSLUTTET" not in first


def test_it_is_a4_and_every_page_says_which_it_is() -> None:
    made = protocol_pdf(MADE)
    texts = pages(made)
    assert all(f"Side {n} av {len(texts)}" in text for n, text in enumerate(texts, 1))
    with pdfium.PdfDocument(made) as document:
        assert tuple(round(side) for side in document[0].get_size()) == A4
    assert any("(Leder)" in text for text in texts)


def test_the_same_protocol_is_the_same_bytes() -> None:
    assert protocol_pdf(MADE) == protocol_pdf(MADE)
    assert protocol_json(MADE) == protocol_json(MADE)


def test_the_json_reads_back() -> None:
    assert msgspec.json.decode(protocol_json(MADE), type=Protocol) == MADE


def test_it_is_made_to_last() -> None:
    made = protocol_pdf(MADE)
    assert b"pdfaid:part>2<" in made
    assert b"pdfaid:conformance>A<" in made
    assert b"pdfuaid:part>1<" in made


def test_a_protocol_that_is_not_closed_says_so_first() -> None:
    election = small_election()
    made = protocol(count([ballot(None), ballot(Category.URETTET)], election), election)
    texts = pages(protocol_pdf(made))
    assert "IKKE AVSLUTTET. 1 stemmeseddel er ikke avgjort og ikke fordelt" in texts[0]
    assert any("stempel mangler" in text for text in texts)


def test_an_unexplained_difference_is_printed() -> None:
    made = protocol(worked(), small_election(), preliminary=replace(MANUAL, blank=0))
    first = pages(protocol_pdf(made))[0]
    assert "IKKE FORKLART" in first
    assert "Kontrollen D2.2 stemmer ikke" in first


@pytest.mark.parametrize(
    "name",
    [
        '#panic("x")',
        "*fet* _skrå_ $x^2$",
        ']#eval("1+1")[',
        "\\ // /* `",
        "#sys.inputs",
        "<b> @ref ~",
        "Sámi đŋŧčšž Łódź",
    ],
)
def test_a_name_is_never_markup(name: str) -> None:
    assert name in pages(protocol_pdf(named(name)))[0]


@pytest.mark.parametrize("name", ["漢字 🎉", "a\0b", "\u202eab", "x" * 500])
def test_a_name_the_fonts_lack_still_makes_a_protocol(name: str) -> None:
    assert "KONTROLLSUMMER" in "".join(pages(protocol_pdf(named(name))))


@pytest.mark.parametrize("kind", ElectionType)
def test_every_type_of_election_has_a_protocol(kind: ElectionType) -> None:
    election = small_election(kind, candidates=26)
    changes = (option("ja"),) if election.options else ()
    code = None if election.options else "A"
    made = protocol(count([ballot(Category.URETTET, code, *changes)], election), election)
    texts = pages(protocol_pdf(made))
    assert made.kind in texts[0]
    assert len(texts) >= 2
