"""The shared vocabulary of the tests: small elections, readings of them, hypothesis strategies."""

from hypothesis import strategies as st

from scanner.ballot import (
    Face,
    Field,
    FieldKind,
    Identity,
    Mark,
    MarkState,
    Reading,
    Rect,
    Stamp,
    StampState,
    StyleKind,
)
from scanner.election import (
    Candidate,
    Election,
    ElectionType,
    Krets,
    NumberLine,
    PartyList,
    ReferendumOption,
    StampRule,
    VoteCategory,
)

SOMEWHERE = Rect(10.0, 20.0, 4.0, 4.0)
OUTSIDE_KINDS = {FieldKind.STAMP}
GOOD_STAMP = Stamp(StampState.PRESENT, 0.999)


def small_list(code: str, serial: int, candidates: int) -> PartyList:
    """A list of invented candidates; person n of list A is called 'Ærlig An'."""
    names = (
        Candidate(n, f"Ærlig {code}{n}", 1950 + n, "Ålmøy", bold=n <= 1) for n in range(1, candidates + 1)
    )
    return PartyList(code, f"{serial:022d}", f"Partiet {code}", tuple(names))


def small_election(
    kind: ElectionType = ElectionType.KOMMUNESTYRE,
    *,
    candidates: int = 5,
    law: str = "2023",
    max_write_ins: int = 3,
) -> Election:
    """Three lists A, B, C, or a referendum with ja and nei; categories FO and VO stamped, FS not."""
    referendum = kind is ElectionType.FOLKEAVSTEMNING
    return Election(
        type=kind,
        name="Øvingsvalget 2027",
        year=2027,
        area="Ålmøy",
        seats=0 if referendum else 11,
        law=law,
        number_line=NumberLine.DESIGN_2019,
        max_write_ins=max_write_ins if kind is ElectionType.KOMMUNESTYRE else 0,
        lists=() if referendum else tuple(small_list(code, n, candidates) for n, code in enumerate("ABC", 1)),
        kretser=(Krets("0001", "Sæterbukta"),),
        categories=(
            VoteCategory("FO", "forhånd", StampRule.REQUIRED),
            VoteCategory("FS", "sent innkomne", StampRule.NOT_REQUIRED),
            VoteCategory("VO", "valgting", StampRule.REQUIRED),
        ),
        blank_number=f"{8:022d}",
        tick_off_number=f"{9:022d}",
        question="Bør vi?" if referendum else "",
        options=(ReferendumOption("ja", "Ja"), ReferendumOption("nei", "Nei")) if referendum else (),
    )


def mark(
    kind: FieldKind,
    state: MarkState = MarkState.MARKED,
    *,
    candidate: int | None = None,
    line: int | None = None,
    option: str | None = None,
    list_code: str | None = None,
    probability: float = 0.999,
) -> Mark:
    """One field as both readers saw it, in agreement."""
    field = Field(Face.INSIDE, kind, SOMEWHERE, candidate=candidate, option=option, line=line, list=list_code)
    ink = 3.0 if state is MarkState.MARKED else 0.0
    return Mark(field, state, state, ink, probability if state is MarkState.MARKED else 1 - probability)


def identity(election: Election, kind: StyleKind = StyleKind.PARTY, code: str | None = None) -> Identity:
    """Who the ballot says it is, both cues in agreement."""
    if kind is StyleKind.PARTY:
        one = election.list_of(code or election.lists[0].code)
        return Identity(one.ballot_number, one.party, one.code, one.code, kind, agree=True)
    number = election.blank_number if kind is StyleKind.BLANK else election.tick_off_number
    return Identity(number, kind.value, None, kind.value, kind, agree=True)


def reading(
    who: Identity,
    *marks: Mark,
    stamp: Stamp | None = GOOD_STAMP,
    **more: object,
) -> Reading:
    """A reading without trouble; `more` names further members of `Reading`."""
    members: dict[str, object] = {"stray_mm": (), **more}
    return Reading("K1/0001", who, tuple(marks), stamp, **members)  # type: ignore[arg-type]


kinds_with_lists = st.sampled_from([one for one in ElectionType if one is not ElectionType.FOLKEAVSTEMNING])
mark_states = st.sampled_from(list(MarkState))
candidate_sets = st.sets(st.integers(1, 5))
