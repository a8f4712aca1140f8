"""Whole ballots as they stand in the count, and hypothesis strategies for them."""

from hypothesis import strategies as st

from scanner.ballot import (
    Amendment,
    AmendmentKind,
    Ballot,
    Box,
    Category,
    Decision,
    Proposal,
    Reason,
    Rejection,
    Verdict,
)
from scanner.election import ElectionType

DOUBT = Verdict(Category.TVILSOM, "A", (), (Reason.STAMP_ABSENT,), Proposal(Category.URETTET), 0.4)
PEOPLE = ("Kari", "Ola")


def tick(candidate: int) -> Amendment:
    return Amendment(AmendmentKind.PERSONAL_VOTE, candidate=candidate)


def strike(candidate: int) -> Amendment:
    return Amendment(AmendmentKind.STRIKE, candidate=candidate)


def renumber(candidate: int, rank: int) -> Amendment:
    return Amendment(AmendmentKind.RENUMBER, candidate=candidate, rank=rank)


def write_in(person: str | None, line: int = 1) -> Amendment:
    return Amendment(AmendmentKind.WRITE_IN, line=line, text="NAVN", person=person)


def option(code: str) -> Amendment:
    return Amendment(AmendmentKind.OPTION, option=code)


def ballot(
    category: Category | None,
    code: str | None = "A",
    *amendments: Amendment,
    place: str = "VO",
    krets: str = "0001",
    rejected: Rejection | None = None,
    sheet: str = "K1/0001",
) -> Ballot:
    """A decided ballot; category None: a doubtful one nobody has settled."""
    box = Box(place, place, krets)
    if category is None:
        return Ballot(sheet, box, DOUBT)
    decision = Decision(sheet, category, code, amendments, PEOPLE, rejected)
    return Ballot(sheet, box, DOUBT, decision)


numbers = st.integers(1, 5)
codes = st.sampled_from("ABC")
changes = st.one_of(
    st.builds(tick, numbers),
    st.builds(strike, numbers),
    st.builds(renumber, numbers, st.integers(0, 6)),
    st.builds(write_in, st.builds("{}/{}".format, codes, numbers) | st.none(), st.integers(1, 8)),
)
places = {"place": st.sampled_from(["FO", "FS", "VO"]), "krets": st.sampled_from(["0001", "0002"])}
ids = st.builds("K1/{:04d}".format, st.integers(1, 9999))


def ballots(kind: ElectionType) -> st.SearchStrategy[Ballot]:
    """Any ballot the store can hold in an election of this type (lists A, B, C of five names)."""
    common = {**places, "sheet": ids}
    if kind is ElectionType.FOLKEAVSTEMNING:
        approved = st.builds(
            ballot,
            st.just(Category.URETTET),
            st.none(),
            st.builds(option, st.sampled_from(["ja", "nei"])),
            **common,
        )
    else:
        urettet = st.builds(ballot, st.just(Category.URETTET), codes, **common)
        rettet = st.builds(
            lambda code, amendments, **more: ballot(Category.RETTET, code, *amendments, **more),
            codes,
            st.lists(changes, max_size=5),
            **common,
        )
        approved = urettet | rettet
    blank = st.builds(ballot, st.just(Category.BLANK), st.none(), **common)
    grounds = st.sampled_from(Rejection)
    dismissed = st.builds(ballot, st.just(Category.TVILSOM), st.none(), rejected=grounds, **common)
    waiting = st.builds(ballot, st.none(), **common)
    return approved | blank | dismissed | waiting
