"""The pages after the form: by category, against the manual count, candidates, what is not decided."""

from collections import Counter
from collections.abc import Iterator

from scanner.ballot import Reason
from scanner.election import Candidate, Election, ElectionType, PartyList
from scanner.tally.channels import Channel, Channels
from scanner.tally.counts import Counts, ListCount, counts
from scanner.tally.form import Preliminary, Row, Table
from scanner.tally.forms import reason_texts
from scanner.tally.ranks import RANKED, matrix
from scanner.tally.tally import Person, Rank, Tally, Undecided

SHOWN = 400  # sheets listed one by one on paper; the rest are in the store and in the JSON
PERSONAL = frozenset({ElectionType.KOMMUNESTYRE, ElectionType.FYLKESTING})
UNREAD = "ikke lest av maskinen"


def appendices(
    tally: Tally, election: Election, channels: Channels, preliminary: Preliminary | None
) -> tuple[Table, ...]:
    """All tables that belong to this type of election, in the order printed."""
    return tuple(_tables(tally, election, channels, preliminary))


def _tables(
    tally: Tally, election: Election, channels: Channels, preliminary: Preliminary | None
) -> Iterator[Table]:
    document = counts(tally, election)
    if tally.undecided:
        yield _why(tally)
        yield _which(tally)
    if preliminary is not None:
        yield _deviation(election, channels, preliminary)
    yield _by_category(document)
    if election.type is ElectionType.KOMMUNESTYRE:
        yield _slengere(document)
    for party, one in zip(election.lists, document.lists, strict=True):
        if election.type in PERSONAL:
            yield _personal_votes(one, party, election)
        if election.type in RANKED:
            yield _standing(tally, party)


def _by_category(document: Counts) -> Table:
    """Where every ballot went, by vote category: the sum of a column is the paper fed in it."""
    places = document.categories
    rows = [
        Row(one.party, (*(part.urettet + part.rettet for part in one.categories), one.total))
        for one in document.lists
    ]
    rows += [Row(one.text, (*(n for _, n in one.categories), one.total)) for one in document.options]
    for label, name in (("Blanke", "blank"), ("Forkastede", "rejected"), ("Ikke avgjort", "undecided")):
        rows.append(Row(label, (*(getattr(one, name) for one in places), getattr(document, name))))
    return Table(
        id="kategori",
        title="Stemmesedlene etter kategori",
        label="Svaralternativ" if document.options else "Valgliste",
        columns=(*(one.category for one in places), "Sum"),
        rows=tuple(rows),
        total=Row("Matede stemmesedler", (*(one.fed for one in places), document.fed)),
        note=" · ".join(f"{one.category}: {one.name}" for one in places),
    )


def _deviation(election: Election, channels: Channels, preliminary: Preliminary) -> Table:
    """The manual count beside the machine's, list by list (printed since 2013 as D1.4 and D2.4)."""
    manual = {one.list: one for one in preliminary.lists}
    names = [(one.code, one.party) for one in election.lists]
    names += [(one.code, one.text) for one in election.options]
    rows = []
    for code, name in names:
        cells: list[int] = []
        for channel in Channel:
            first = getattr(manual[code], channel.value) if code in manual else 0
            final = channels.total(code, channel)
            cells += [first, final, final - first]
        rows.append(Row(name, tuple(cells)))
    sums = [sum(int(row.values[n] or 0) for row in rows) for n in range(6)]
    return Table(
        id="avvik",
        title="Avvik mellom foreløpig og endelig opptelling",
        label="Svaralternativ" if election.options else "Valgliste",
        columns=("Foreløpig", "Endelig", "Avvik") * 2,
        rows=tuple(rows),
        total=Row("Sum", tuple(sums)),
        groups=(("Forhåndsstemmer", 3), ("Valgtingsstemmer", 3)),
        note="Avvik = endelig − foreløpig.",
    )


def _slengere(document: Counts) -> Table:
    rows = [Row(one.party, (one.slengere_received, one.slengere_given)) for one in document.lists]
    received = sum(one.slengere_received for one in document.lists)
    given = sum(one.slengere_given for one in document.lists)
    return Table(
        id="slengere",
        title="Personstemmer til kandidater på andre lister (slengere)",
        label="Valgliste",
        columns=("Mottatt", "Avgitt"),
        rows=tuple(rows),
        total=Row("Sum", (received, given)),
    )


def _personal_votes(one: ListCount, party: PartyList, election: Election) -> Table:
    """As received: stemmetillegg is for the valgoppgjør and not in these numbers."""
    written = election.type is ElectionType.KOMMUNESTYRE
    rows = []
    for who, printed in zip(one.candidates, party.candidates, strict=True):
        votes = (who.personal_votes, who.slengere, who.personal_votes + who.slengere)
        rows.append(Row(_name(printed), votes if written else votes[:1]))
    columns = ("Personstemmer", "Slengere", "Sum") if written else ("Personstemmer",)
    bold = any(who.bold for who in party.candidates)
    return Table(
        id=f"personstemmer {party.code}",
        title=f"Personstemmer – {party.party}",
        label="Kandidat",
        columns=columns,
        rows=tuple(rows),
        total=Row("Sum", tuple(sum(int(row.values[n] or 0) for row in rows) for n in range(len(columns)))),
        note="* Stemmetillegg, § 6-2 (3); beregnes ved valgoppgjøret." if bold else "",
    )


def _standing(tally: Tally, party: PartyList) -> Table:
    """How often each candidate stands at each place, urettede ballots with the printed order."""
    standing = matrix(tally, party)
    ranks = range(1, len(party.candidates) + 1)
    rows = []
    for one in party.candidates:
        person = Person(party.code, one.number)
        cells = (standing[Rank(person, rank)] or None for rank in ranks)
        rows.append(Row(_name(one), (*cells, tally.strikes[person] or None)))
    return Table(
        id=f"rettelser {party.code}",
        title=f"Rettelser – {party.party}: antall oppføringer på hver plass",
        label="Kandidat",
        columns=(*(str(rank) for rank in ranks), "Strøket"),
        rows=tuple(rows),
        note=(
            "Urettede stemmesedler er med i den trykte rekkefølgen. En kandidat med gyldig nummer får "
            "plassen; de andre fyller de ledige plassene ovenfra i trykt rekkefølge; strøkne har ingen plass."
        ),
        wide=True,
    )


def _name(one: Candidate) -> str:
    return f"{one.number}. {one.name}{' *' if one.bold else ''}"


def _why(tally: Tally) -> Table:
    """How many wait for which reason; a ballot can wait for several."""
    reasons: Counter[Reason | None] = Counter()
    for one, count in tally.undecided.items():
        for reason in one.reasons or (None,):
            reasons[reason] += count
    rows = [Row(_reason(reason), (count,)) for reason, count in sorted(reasons.items(), key=_most_first)]
    return Table(
        id="ikke avgjort: årsaker",
        title="Ikke avgjorte stemmesedler: årsaker",
        label="Årsak",
        columns=("Antall",),
        rows=tuple(rows),
        total=Row("Stemmesedler", (tally.undecided.total(),)),
        note="En stemmeseddel kan ha flere årsaker.",
    )


def _which(tally: Tally) -> Table:
    waiting = sorted(tally.undecided, key=lambda one: (one.place.category, one.place.krets, one.sheet))
    left = len(waiting) - SHOWN
    return Table(
        id="ikke avgjort: ark",
        title="Ikke avgjorte stemmesedler: ark for ark",
        label="Kasse/ark",
        columns=("Kategori", "Krets", "Årsak"),
        rows=tuple(_sheet(one) for one in waiting[:SHOWN]),
        note=f"Og {left} ark til; de står i lageret." if left > 0 else "",
    )


def _sheet(one: Undecided) -> Row:
    reasons = "; ".join(map(_reason, one.reasons)) or UNREAD
    return Row(one.sheet, (one.place.category, one.place.krets, reasons))


def _reason(reason: Reason | None) -> str:
    return UNREAD if reason is None else reason_texts()[reason]


def _most_first(one: tuple[Reason | None, int]) -> tuple[int, str]:
    return -one[1], _reason(one[0])
