"""What the public sees adds up, and no unit is so small that it could tell how somebody voted."""

from hypothesis import given
from hypothesis import strategies as st

from scanner.ballot import Category, Reason, Rejection
from scanner.election import Election, ElectionType
from scanner.tally.bag import Bag
from scanner.tally.public import LEAST, public_result
from scanner.tally.tally import Answer, Place, Rejected, Tally, Undecided, Vote
from tests.command import election as shipped
from tests.strategies import small_election

KOMMUNE = shipped("kommunestyre")
KRETSER = [one.code for one in KOMMUNE.kretser]


def tally_of(fed: dict[str, int]) -> Tally:
    """So many ballots of each krets, dealt over lists, blanks, rejected and undecided ones."""
    votes, blank, rejected, undecided = Bag(), Bag(), Bag(), Bag()  # type: ignore[var-annotated]
    for krets, many in fed.items():
        place = Place("FO", krets)
        for n in range(many):
            match n % 10:
                case 0:
                    blank += Bag([place])
                case 1:
                    rejected += Bag([Rejected(Rejection.NO_STAMP, place)])
                case 2:
                    undecided += Bag([Undecided(f"K/{n:04d}", place, (Reason.STAMP_WEAK,))])
                case _:
                    code = KOMMUNE.lists[n % len(KOMMUNE.lists)].code
                    votes += Bag([Vote(code, place, Category.URETTET)])
    return Tally(votes=votes, blank=blank, rejected=rejected, undecided=undecided)


@given(st.fixed_dictionaries({one: st.sampled_from([0, 1, 40, 99, 100, 150]) for one in KRETSER}))
def test_units_add_up_to_the_whole_and_none_is_small(fed: dict[str, int]) -> None:
    tally = tally_of(fed)
    found = public_result(tally, KOMMUNE, test=False)
    assert (found.whole.fed, found.whole.decided) == (tally.fed, tally.decided)
    assert (found.whole.approved, found.whole.blank) == (tally.approved, tally.blank.total())
    if found.units:
        assert all(one.fed >= LEAST for one in found.units)
        assert sum(one.fed for one in found.units) == tally.fed
        assert sum(one.rejected for one in found.units) == tally.rejected.total()
        for n, choice in enumerate(found.whole.choices):
            assert sum(one.choices[n].votes for one in found.units) == choice.votes
        with_paper = {one.name for one in KOMMUNE.kretser if fed[one.code]}
        assert {name for one in found.units for name in one.names} == with_paper
    few = sum(one for one in fed.values() if one < LEAST)
    big = sum(one >= LEAST for one in fed.values())
    assert len(found.units) >= 2 or big < 2 or 0 < few < LEAST, "nothing is hidden without need"


def test_small_units_take_in_the_next_until_they_are_many() -> None:
    fed = dict(zip(KRETSER, (150, 30, 120), strict=False))
    found = public_result(tally_of(fed), KOMMUNE, test=True)
    assert [(one.fed, len(one.names)) for one in found.units] == [(150, 1), (150, 2)]
    assert found.test


def test_a_referendum_shows_its_options() -> None:
    election: Election = small_election(ElectionType.FOLKEAVSTEMNING)
    place = Place("FS", election.kretser[0].code)
    answers = Bag([Answer(election.options[0].code, place)] * 3)
    found = public_result(Tally(answers=answers), election, test=False)
    assert found.whole.choices[0].votes == 3
    assert len(found.whole.choices) == len(election.options)
    assert (found.units, found.whole.counted) == ((), 1.0)
