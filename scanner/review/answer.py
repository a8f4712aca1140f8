"""What a person says of a ballot, in a few words, made an opinion that fits the election.

Pure: words in, an opinion or a sentence about what is wrong with them out.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from scanner.ballot import Amendment, AmendmentKind, Category, Opinion, Rejection, Verdict
from scanner.election import Election, ElectionType, PartyList
from scanner.errors import UsageError


@dataclass(frozen=True, slots=True)
class Answer:
    """A person's words; exactly one of accept, blank, reject, list, tick and option is said."""

    accept: bool = False  # the machine's proposal is right
    blank: bool = False
    reject: Rejection | None = None
    list: str | None = None
    tick: str | None = None  # the list ticked on a ballot with all lists
    option: str | None = None  # referendum
    votes: tuple[int, ...] = ()  # candidates given a personal vote
    strikes: tuple[int, ...] = ()  # candidates struck out
    ranks: tuple[tuple[int, int], ...] = ()  # candidate, new number
    written: tuple[str, ...] = ()  # LIST/NR of each candidate of another list, in the order of the lines
    note: str = ""


def ranks(words: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """`CANDIDATE=RANK` as numbers; UsageError for anything else."""
    pairs = [one.partition("=") for one in words]
    if not all(candidate.isdecimal() and rank.isdecimal() for candidate, _, rank in pairs):
        raise UsageError("A new number is written CANDIDATE=RANK, for example --number 5=1.")
    return tuple((int(candidate), int(rank)) for candidate, _, rank in pairs)


def opinion(sheet: str, person: str, answer: Answer, verdict: Verdict, election: Election) -> Opinion:
    """The opinion of `person` on `sheet`, of which the machine's `verdict` is tvilsom.

    Raises UsageError with one sentence for words that contradict each other or the election.
    """
    if not person.strip():
        raise UsageError("An opinion needs the name of the person who holds it: --person NAME.")
    ways = [answer.accept, answer.blank, answer.reject, answer.list, answer.tick, answer.option]
    if sum(bool(one) for one in ways) != 1:
        raise UsageError("Say one thing: --accept, --blank, --reject, --list, --tick or --option.")
    category, code, amendments = _content(answer, verdict, election)
    return Opinion(sheet, person.strip(), category, code, amendments, answer.note, answer.reject)


Content = tuple[Category, str | None, tuple[Amendment, ...]]


def _content(answer: Answer, verdict: Verdict, election: Election) -> Content:
    changed = answer.votes or answer.strikes or answer.ranks or answer.written
    if changed and not answer.list:
        raise UsageError("Changes belong to a list's ballot: say --list too.")
    if answer.accept:
        proposed = verdict.proposed
        if proposed.category is Category.TVILSOM:
            raise UsageError("The machine has no proposal for this ballot: say what it is.")
        if any(_unread(one) for one in proposed.amendments):
            raise UsageError(
                "The machine has not read the handwriting: say --list with --written or --number."
            )
        return proposed.category, verdict.list, proposed.amendments
    if answer.blank:
        return Category.BLANK, None, ()
    if answer.reject:
        return Category.TVILSOM, None, ()
    if answer.tick:
        code = _party(answer.tick, election).code
        return Category.URETTET, code, (Amendment(AmendmentKind.PARTY_TICK, list=code),)
    if answer.option:
        return Category.URETTET, None, (_option(answer.option, election),)
    party = _party(answer.list or "", election)
    amendments = _changes(answer, party, election)
    return Category.RETTET if amendments else Category.URETTET, party.code, amendments


def _unread(one: Amendment) -> bool:
    """Handwriting found but not read. Nobody may accept it as read (Ski 2011: 114 false personal votes)."""
    written = one.kind is AmendmentKind.WRITE_IN and one.person is None
    return written or (one.kind is AmendmentKind.RENUMBER and one.rank is None)


def _party(code: str, election: Election) -> PartyList:
    try:
        return election.list_of(code)
    except KeyError:
        known = ", ".join(one.code for one in election.lists) or "none"
        raise UsageError(f"{election.name} has no list {code!r}; the lists are {known}.") from None


def _option(code: str, election: Election) -> Amendment:
    if code not in {one.code for one in election.options}:
        known = ", ".join(one.code for one in election.options) or "none"
        raise UsageError(f"{election.name} has no option {code!r}; the options are {known}.")
    return Amendment(AmendmentKind.OPTION, option=code)


def _changes(answer: Answer, party: PartyList, election: Election) -> tuple[Amendment, ...]:
    """§ 7-2: numbers and strikes for Storting and Sameting, personal votes and slengere for the others."""
    ranked = election.type in {ElectionType.STORTING, ElectionType.SAMETING}
    if ranked and (answer.votes or answer.written):
        raise UsageError(f"A {election.type} ballot has no personal votes: say --strike and --number.")
    if not ranked and (answer.strikes or answer.ranks):
        raise UsageError(f"A {election.type} ballot has no strikes or numbers: say --vote and --written.")
    if len(answer.written) > election.max_write_ins:
        raise UsageError(f"At most {election.max_write_ins} candidates of other lists count.")
    known = {one.number for one in party.candidates}
    unknown = {*answer.votes, *answer.strikes, *(one for one, _ in answer.ranks)} - known
    if unknown:
        raise UsageError(f"List {party.code} has no candidate {min(unknown)}.")
    return (
        *(Amendment(AmendmentKind.PERSONAL_VOTE, candidate=one) for one in sorted(set(answer.votes))),
        *(Amendment(AmendmentKind.STRIKE, candidate=one) for one in sorted(set(answer.strikes))),
        *(Amendment(AmendmentKind.RENUMBER, candidate=one, rank=rank) for one, rank in sorted(answer.ranks)),
        *(_written(line, one, party, election) for line, one in enumerate(answer.written, 1)),
    )


def _written(line: int, words: str, own: PartyList, election: Election) -> Amendment:
    code, _, number = words.rpartition("/")
    party = _party(code, election)
    if party.code == own.code:
        raise UsageError(
            f"{words} stands on the ballot's own list: that is a personal vote, --vote {number}."
        )
    person = next((one for one in party.candidates if str(one.number) == number), None)
    if person is None:
        raise UsageError(f"List {party.code} has no candidate {number!r}.")
    return Amendment(
        AmendmentKind.WRITE_IN, line=line, text=person.name, person=f"{party.code}/{person.number}"
    )
