"""2015, 45 municipalities: the ballots had 8 lines for names of other lists, the law allowed 7.

Voters filled every line they were given. What must hold: how many names count comes from the election,
not from how many lines were printed.
"""

import pytest

from scanner.ballot import Amendment, AmendmentKind, Category, FieldKind
from scanner.classify.rules import judge
from scanner.opening import Atlas
from tests.odd import cases
from tests.scans import paper
from tests.strategies import identity, mark, reading, small_election


def test_our_ballots_too_have_more_lines_than_names_that_count(atlas: Atlas) -> None:
    style = paper()[1]["A"]
    assert len(style.of(FieldKind.WRITE_IN)) > atlas.election.max_write_ins


@pytest.mark.parametrize("allowed", [1, 3, 7, 8])
def test_the_election_says_how_many_count(allowed: int) -> None:
    election = small_election(max_write_ins=allowed)
    others = [f"{code}/{n}" for code in "BC" for n in range(1, 6)]
    names = tuple(
        Amendment(AmendmentKind.WRITE_IN, line=n, text="NAVN", person=others[n - 1]) for n in range(1, 9)
    )
    lines = [mark(FieldKind.WRITE_IN, line=n) for n in range(1, 9)]
    verdict = judge(reading(identity(election), *lines, write_ins=names), election, election.category("VO"))
    assert verdict.category is Category.RETTET
    assert [one.line for one in verdict.amendments] == list(range(1, allowed + 1))


@pytest.mark.endtoend
def test_a_full_table_on_paper(atlas: Atlas) -> None:
    for one in cases(atlas, "write_in_over_maximum", 3, level=0, seed=15):
        assert not one.wrong, one
        counted = [a for a in one.outcome.verdict.amendments if a.kind is AmendmentKind.WRITE_IN]
        assert max((a.line or 0 for a in counted), default=0) <= atlas.election.max_write_ins
