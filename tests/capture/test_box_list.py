"""The list of expected boxes: what people write is what is expected, and each fault has its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.capture.box_list import box_list, boxes_of, read_box_list
from scanner.errors import InputError
from tests.strategies import small_election

ELECTION = small_election()
CODES = [one.code for one in ELECTION.categories]


@given(st.dictionaries(st.sampled_from(CODES), st.integers(1, 30)))
def test_a_list_reads_back(counts: dict[str, int]) -> None:
    labels = [one for code, count in counts.items() for one in boxes_of(code, "0001", count)]
    assert list(read_box_list(box_list(labels), ELECTION)) == labels


def test_a_list_from_a_spreadsheet() -> None:
    labels = read_box_list("Krets; boxes ;category;note\n0001;2;FO;urn\n\n", ELECTION)
    assert [one.box.id for one in labels] == ["FO-0001-1", "FO-0001-2"]
    assert {one.of for one in labels} == {2}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1: the column 'category'"),
        ("category,boxes\n", "line 1: the column 'krets'"),
        ("category,krets,boxes\nXX,0001,1\n", "line 2: the election has no vote category 'XX'"),
        ("category,krets,boxes\nFO,0002,1\n", "line 2: the election has no krets '0002'"),
        ("category,krets,boxes\nFO,0001,1\nFO,0001,2\n", "line 3: FO of krets 0001 is listed twice"),
        ("category,krets,boxes\nFO,0001,0\n", "line 2: '0' is no number"),
        ("category,krets,boxes\nFO,0001,1000\n", "line 2: '1000' is no number"),
        ("category,krets,boxes\nFO,0001,²\n", "line 2: '²' is no number"),
        ("category,krets,boxes\nFO\n", "line 2: the election has no krets ''"),
    ],
)
def test_faults_have_their_line(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told.replace("(", r"\(")):
        read_box_list(text, ELECTION)
