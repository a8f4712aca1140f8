"""The count package in EML 5.0 (OASIS, 1 December 2007): 510 for the counts, 460 for the ballots.

Structure and names as in the standard's public descriptions and in the messages that Norwegian and
Dutch election systems exchange. What is Norwegian: category codes (FO … BF) as CountMetric of a
reporting unit, `modified` (rettede) as CountMetric of a selection, BLANK as a selection of its own,
and the grounds of rejection as FA–FD (forhånd) and VA–VD (valgting), § 10-3 (1) a–d. A ballot is
named by its sheet; nothing tells when it was fed, and of names written in only how many there are.

The XSD files of the standard were not at hand when this was written: that a receiver accepts the place
of CountMetric and SelectionQualifier must be tried with the receiver before it is relied on.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from scanner.ballot import AmendmentKind, Ballot, Category, Decision, Rejection
from scanner.election import Election
from scanner.tally.sampling import choice, of_decision
from scanner.tally.tally import Place, Tally

NAMESPACE = "urn:oasis:names:tc:evs:schema:eml"
NAMESPACES = {None: NAMESPACE}
BLANK = "BLANK"
_GROUND = dict(zip(Rejection, "ABCD", strict=True))
_KINDS = {
    AmendmentKind.PERSONAL_VOTE: "personal",
    AmendmentKind.STRIKE: "strikeout",
    AmendmentKind.RENUMBER: "renumber",
}


def transaction(tally: Tally, package: str) -> str:
    """A name for these counts: the same numbers of the same election have the same, others another."""
    return sha256(f"{package} {sorted(map(str, _numbers(tally)))}".encode()).hexdigest()[:32]


def _numbers(tally: Tally) -> Iterator[tuple[object, int]]:
    for bag in (tally.votes, tally.answers, tally.blank, tally.rejected, tally.undecided):
        yield from bag.items()


def count_510(tally: Tally, election: Election, package: str, *, final: bool, test: bool = False) -> bytes:
    """The counts, for all and for each krets and category, as the bytes of an XML document."""
    root = _root("510", transaction(tally, package))
    count = _sub(root, "Count")
    _sub(count, "EventIdentifier", Id=package[:16])
    _sub(count, "EventQualifier", "TEST" if test else election.area)
    body = _sub(count, "Election")
    _election(body, election)
    contest = _sub(_sub(body, "Contests"), "Contest")
    _contest(contest, election)
    _sub(contest, "CountQualifier", "E" if final else "F")
    _votes(_sub(contest, "TotalVotes"), tally, election, None)
    names = {one.code: one.name for one in election.kretser}
    for place in _places(tally, election):
        unit = _sub(contest, "ReportingUnitVotes")
        _sub(unit, "ReportingUnitIdentifier", names.get(place.krets, place.krets), Id=place.krets)
        _votes(unit, tally, election, place)
        _sub(unit, "CountMetric", place.category, Id="category")
    return _bytes(root)


def _places(tally: Tally, election: Election) -> Iterable[Place]:
    """Every krets and category that paper came from, in the order of the package."""
    heaps = (tally.votes, tally.answers, tally.rejected, tally.undecided)
    came = {*(one.place for bag in heaps for one in bag), *tally.blank}
    kretser = {one.code: place for place, one in enumerate(election.kretser)}
    categories = {one.code: place for place, one in enumerate(election.categories)}
    last = len(kretser)
    return sorted(came, key=lambda one: (kretser.get(one.krets, last), one.krets, categories[one.category]))


def _votes(parent: etree._Element, tally: Tally, election: Election, place: Place | None) -> None:
    """Selections, what was cast, what counts, what was rejected and what is not decided."""

    def here(one: Place) -> bool:
        return place is None or one == place

    approved = 0
    for party in election.lists:
        mine = {one: n for one, n in tally.votes.items() if one.list == party.code and here(one.place)}
        changed = sum(n for one, n in mine.items() if one.sort is Category.RETTET)
        selection = _sub(parent, "Selection")
        _affiliation(selection, party.code, party.party)
        _valid(selection, sum(mine.values()), changed)
        approved += sum(mine.values())
    for option in election.options:
        given = tally.answers.total(lambda one, c=option.code: one.option == c and here(one.place))  # type: ignore[misc]
        selection = _sub(parent, "Selection")
        _sub(selection, "ReferendumOptionIdentifier", option.text, Id=option.code)
        _valid(selection, given, 0)
        approved += given
    blank = tally.blank.total(here)
    selection = _sub(parent, "Selection")
    _affiliation(selection, BLANK, BLANK)
    _valid(selection, blank, 0)
    rejected = {one: n for one, n in tally.rejected.items() if here(one.place)}
    waiting = tally.undecided.total(lambda one: here(one.place))
    _sub(parent, "Cast", str(approved + blank + sum(rejected.values()) + waiting))
    _sub(parent, "TotalCounted", str(approved + blank))
    for code, n in sorted(_grounds(rejected.items(), election)):
        _sub(parent, "RejectedVotes", str(n), ReasonCode=code)
    if waiting:
        _sub(parent, "UncountedVotes", str(waiting), ReasonCode="undecided")


def _grounds(rejected: Iterable[tuple[object, int]], election: Election) -> Iterator[tuple[str, int]]:
    found = {f"{channel}{letter}": 0 for channel in "FV" for letter in "ABCD"}
    for one, n in rejected:
        found[reason(one.ground, one.place.category, election)] += n  # type: ignore[attr-defined]
    return ((code, n) for code, n in found.items())


def reason(ground: Rejection, category: str, election: Election) -> str:
    """FA–FD and VA–VD: the ground, and whether the ballot came before election day."""
    return f"{'F' if election.category(category).advance else 'V'}{_GROUND[ground]}"


def write_460(
    out: BinaryIO,
    ballots: Iterable[Ballot],
    election: Election,
    *,
    package: str,
    name: str,
    images: frozenset[str] = frozenset(),
) -> None:
    """Every ballot that is decided, one after another: a million never lie in memory together.

    `name` is the transaction of the counts they belong to, `images` the sheets of which a TIFF goes along.
    Written as text, not as a tree: 424,000 ballots in seconds.
    """
    out.write(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<EML xmlns="{NAMESPACE}" Id="460" SchemaVersion="5.0">'
        f"<TransactionId>{escape(name)}</TransactionId>"
        f"<Votes><EventIdentifier Id={quoteattr(package[:16])}/>\n".encode()
    )
    about = _about(election)
    for ballot in ballots:
        if ballot.decision is not None:
            said = "".join(_said(ballot, ballot.decision, election))
            file = escape(tiff_name(ballot.sheet)) if ballot.sheet in images else ""
            picture = f"<BallotName>{file}</BallotName>" if file else ""
            identity = f"<BallotIdentifier Id={quoteattr(ballot.sheet)}/>{picture}"
            line = f"<CastVote>{identity}<Election>{about}{said}</Contest></Election></CastVote>\n"
            out.write(line.encode())
    out.write(b"</Votes></EML>\n")


def _about(election: Election) -> str:
    """Which election and contest; the contest stays open."""
    return (
        f"<ElectionIdentifier Id={quoteattr(f'{election.type.value}-{election.year}')}>"
        f"<ElectionName>{escape(election.name)}</ElectionName></ElectionIdentifier>"
        f"<Contest><ContestIdentifier Id={quoteattr(election.area)}>"
        f"<ContestName>{escape(election.area)}</ContestName></ContestIdentifier>"
    )


def _said(ballot: Ballot, decision: Decision, election: Election) -> Iterator[str]:
    """The ground of rejection, or what is chosen and each change; names written in as their number."""
    if decision.rejected is not None:
        code = reason(decision.rejected, ballot.box.category, election)
        yield f'<ProposedRejection ReasonCode="{code}">{decision.rejected.value}</ProposedRejection>'
        return
    chosen = quoteattr(choice(of_decision(decision)) or BLANK)
    if election.options:
        yield f"<Selection><ReferendumOptionIdentifier Id={chosen}/></Selection>"
    else:
        yield f"<Selection><AffiliationIdentifier Id={chosen}/></Selection>"
    for one in decision.amendments:
        if one.kind in _KINDS:
            value = f' Value="{one.rank}"' if one.rank else ""
            yield f'<Selection{value}><CandidateIdentifier ShortCode="{one.candidate}"/>'
            yield f"<SelectionQualifier>{_KINDS[one.kind]}</SelectionQualifier></Selection>"
    written = sum(one.kind is AmendmentKind.WRITE_IN for one in decision.amendments)
    if written:
        yield f'<Selection Value="{written}"><SelectionQualifier>writein</SelectionQualifier></Selection>'


def tiff_name(sheet: str) -> str:
    """File of a ballot's picture in the package."""
    return f"{sheet.replace('/', '-')}.tiff"


def _root(kind: str, name: str) -> etree._Element:
    root = etree.Element(_in("EML"), {"Id": kind, "SchemaVersion": "5.0"}, nsmap=NAMESPACES)  # type: ignore[arg-type]  # None: the default one
    _sub(root, "TransactionId", name)
    return root


def _election(parent: etree._Element, election: Election) -> None:
    one = _sub(parent, "ElectionIdentifier", Id=f"{election.type.value}-{election.year}")
    _sub(one, "ElectionName", election.name)


def _contest(parent: etree._Element, election: Election) -> None:
    _sub(_sub(parent, "ContestIdentifier", Id=election.area), "ContestName", election.area)


def _affiliation(parent: etree._Element, code: str, name: str) -> None:
    _sub(_sub(parent, "AffiliationIdentifier", Id=code), "RegisteredName", name)


def _valid(parent: etree._Element, votes: int, changed: int) -> None:
    _sub(parent, "ValidVotes", str(votes))
    _sub(parent, "CountMetric", str(changed), Id="modified")


def _sub(parent: etree._Element, tag: str, text: str = "", **attributes: str) -> etree._Element:
    found = etree.SubElement(parent, _in(tag), attributes)
    found.text = text or None
    return found


def _in(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
