"""The EML package: every number of the counts, in the right place, and its ballots."""

import io
from dataclasses import replace

from hypothesis import given, settings
from lxml import etree

from scanner.ballot import Ballot, Category, Rejection
from scanner.election import Election, ElectionType
from scanner.tally.count import count
from scanner.tally.eml import NAMESPACE, count_510, reason, tiff_name, transaction, write_460
from tests.strategies import small_election
from tests.tally.conftest import ballot, option, renumber, strike, tick, write_in
from tests.tally.test_count import heaps

ELECTION = small_election()
IN = {"e": NAMESPACE}


def counted(paper: list[Ballot], election: Election = ELECTION, *, final: bool = True) -> etree._Element:
    return etree.fromstring(count_510(count(paper, election), election, "p" * 64, final=final))


def voted(paper: list[Ballot], election: Election = ELECTION, **more: frozenset[str]) -> etree._Element:
    out = io.BytesIO()
    write_460(out, paper, election, package="p" * 64, name="t", **more)
    return etree.fromstring(out.getvalue())


def text(root: etree._Element, path: str) -> list[str]:
    return [one if isinstance(one, str) else one.text or "" for one in root.xpath(path, namespaces=IN)]


def test_the_numbers_of_a_count() -> None:
    paper = [
        ballot(Category.URETTET, "A"),
        ballot(Category.RETTET, "A", tick(1)),
        ballot(Category.BLANK, None),
    ]
    paper += [ballot(Category.TVILSOM, None, rejected=Rejection.NO_STAMP), ballot(None)]
    root = counted(paper)
    total = "//e:TotalVotes"
    assert text(root, f"{total}/e:Selection[e:AffiliationIdentifier/@Id='A']/e:ValidVotes") == ["2"]
    assert text(
        root, f"{total}/e:Selection[e:AffiliationIdentifier/@Id='A']/e:CountMetric[@Id='modified']"
    ) == ["1"]
    assert text(root, f"{total}/e:Selection[e:AffiliationIdentifier/@Id='BLANK']/e:ValidVotes") == ["1"]
    assert text(root, f"{total}/e:RejectedVotes[@ReasonCode='VA']") == ["1"]
    assert text(root, f"{total}/e:UncountedVotes") == ["1"]
    assert (text(root, f"{total}/e:Cast"), text(root, f"{total}/e:TotalCounted")) == (["5"], ["3"])
    assert root.get("Id") == "510"


@settings(max_examples=40, deadline=None)
@given(heaps)
def test_units_add_up_to_the_whole_and_no_paper_is_lost(heap: tuple[Election, list[Ballot]]) -> None:
    election, paper = heap
    root = counted(paper, election)
    for path in ("e:Cast", "e:TotalCounted", "e:RejectedVotes", "e:Selection/e:ValidVotes"):
        units = sum(map(int, text(root, f"//e:ReportingUnitVotes/{path}")))
        assert units == sum(map(int, text(root, f"//e:TotalVotes/{path}")))
    assert text(root, "//e:TotalVotes/e:Cast") == [str(len(paper))]


def test_members_stand_in_the_order_of_the_standard() -> None:
    root = counted([ballot(None), ballot(Category.URETTET)])
    names = [etree.QName(one).localname for one in root.xpath("//e:TotalVotes/*", namespaces=IN)]
    order = ["Selection", "Cast", "TotalCounted", "RejectedVotes", "UncountedVotes"]
    assert names == sorted(names, key=order.index)
    path = [etree.QName(one).localname for one in root.xpath("//e:Contest/*", namespaces=IN)]
    assert path == ["ContestIdentifier", "CountQualifier", "TotalVotes", "ReportingUnitVotes"]


def test_a_preliminary_count_says_so() -> None:
    assert text(counted([], final=False), "//e:CountQualifier") == ["F"]
    assert text(counted([], final=True), "//e:CountQualifier") == ["E"]


def test_the_same_count_has_the_same_name_and_another_another() -> None:
    one, two = (count([ballot(Category.URETTET, code)], ELECTION) for code in "AB")
    assert transaction(one, "p") == transaction(one, "p")
    assert len({transaction(one, "p"), transaction(two, "p"), transaction(one, "q")}) == 3


def test_a_ballot_with_its_changes() -> None:
    root = voted([ballot(Category.RETTET, "A", tick(2), strike(3), renumber(4, 1))])
    marks = text(root, "//e:Selection/e:SelectionQualifier")
    assert marks == ["personal", "strikeout", "renumber"]
    assert text(root, "//e:Selection[e:SelectionQualifier='renumber']/@Value") == ["1"]
    assert text(root, "//e:Selection[1]/e:AffiliationIdentifier/@Id") == ["A"]


def test_a_rejected_ballot_names_its_ground_and_channel() -> None:
    paper = [ballot(Category.TVILSOM, None, rejected=Rejection.LIST_NOT_STANDING, place="FO")]
    assert text(voted(paper), "//e:ProposedRejection/@ReasonCode") == ["FD"]
    assert reason(Rejection.WHICH_ELECTION, "VO", ELECTION) == "VB"


def test_written_names_are_numbers_and_no_hour_is_told() -> None:
    out = etree.tostring(
        voted([ballot(Category.RETTET, "A", write_in("B/2", 1), write_in("C/1", 2))])
    ).decode()
    assert 'Value="2"' in out
    assert "NAVN" not in out
    assert "B/2" not in out
    assert "Date" not in out
    assert "Time" not in out


def test_pictures_are_named_only_where_they_go_along() -> None:
    paper = [ballot(Category.URETTET, sheet="K1/0001"), ballot(Category.URETTET, sheet="K1/0002")]
    assert text(voted(paper, images=frozenset({"K1/0002"})), "//e:BallotName") == [tiff_name("K1/0002")]


def test_an_undecided_ballot_is_no_vote() -> None:
    assert text(voted([ballot(None)]), "//e:CastVote") == []


def test_a_referendum_has_options_and_names_are_never_markup() -> None:
    election = small_election(ElectionType.FOLKEAVSTEMNING)
    root = counted([ballot(Category.URETTET, None, option("ja"))], election)
    path = "//e:TotalVotes/e:Selection[e:ReferendumOptionIdentifier/@Id='ja']/e:ValidVotes"
    assert text(root, path) == ["1"]


@settings(max_examples=30, deadline=None)
@given(heaps)
def test_every_decided_ballot_is_one_vote_whatever_things_are_called(
    heap: tuple[Election, list[Ballot]],
) -> None:
    election, paper = heap
    odd = replace(election, name='Valget & <b> "2027"', area="Å'ø")
    root = voted(paper, odd)
    assert len(text(root, "//e:CastVote")) == sum(one.decision is not None for one in paper)
    assert set(text(root, "//e:ElectionName")) <= {odd.name}
    assert set(text(root, "//e:ContestIdentifier/@Id")) <= {odd.area}
