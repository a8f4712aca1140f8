"""One ballot on one page: the paper, the doubtful places, the machine's reading, and every act on one key."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from starlette.responses import RedirectResponse, Response

from scanner.ballot import AmendmentKind, Category, Face, Opinion, Reading, Reason, Rejection, Verdict
from scanner.election import Candidate, Election, ElectionType, PartyList
from scanner.errors import UsageError
from scanner.people import Person, Right
from scanner.review.answer import Answer, opinion, ranks
from scanner.settling import give, waiting_verdict
from scanner.store.look import look
from scanner.web.gate import later
from scanner.web.office import Call, Office, Refused
from scanner.web.pictures import DRAWN, FOUND, Shown
from scanner.web.places import Place, places
from scanner.web.render import page

RANKED = {ElectionType.STORTING, ElectionType.SAMETING}
AHEAD = 2  # sheets whose pictures are drawn while a person looks at one


@dataclass(frozen=True, slots=True)
class Line:
    """A candidate of the ballot's list, as the form shows it."""

    candidate: Candidate
    voted: bool  # the machine is sure of it
    struck: bool
    rank: int | None


def home(office: Office, call: Call) -> Response:
    """What waits, and what the person did last."""
    wait, board, held = office.queue.standing()
    mine = len(office.queue.wanted(call.person, wait)) if call.person.may(Right.SAY) else 0
    values = {"wait": wait, "board": board, "held": held, "mine": mine}
    return page(call, "home.html", **values, done=office.queue.done(call.person), test=office.store.is_test())


def next_ballot(office: Office, call: Call) -> Response:
    """Leads to the ballot that the person is asked about next."""
    sheet = office.queue.offer(call.person)
    return RedirectResponse(f"/ballot/{sheet}" if sheet else "/", 303)


def sheet_of(call: Call) -> str:
    """The ballot that the path names."""
    return f"{call.at['box']}/{call.at['number']}"


def show(office: Office, call: Call) -> Response:
    """Lays a ballot before the person."""
    sheet, person = sheet_of(call), call.person
    office.queue.refresh()
    if not office.queue.may_see(person, sheet):
        return page(call, "gone.html", 404, sheet=sheet)
    turn = office.queue.take(person, [sheet]).get(sheet)
    if turn is None:
        return page(call, "gone.html", 409, sheet=sheet)
    seen = look(office.store, sheet)
    verdict = seen.verdict
    chosen = call.query.get("list") or verdict.list or ""
    values: dict[str, Any] = {
        "sheet": sheet,
        "record": seen.record,
        "turn": turn,
        "verdict": verdict,
        "proposal": acceptable(verdict),
        "changes": seen_changes(verdict),
        "stages": stages_of(seen.reading),
        "places": places(seen.reading, verdict, office.styles),
        "election": office.election,
        "chosen": chosen,
        "lines": _lines(office.election, chosen, verdict),
        "ranked": office.election.type in RANKED,
        "others": tuple(_others(office.election, chosen)),
        "grounds": tuple(Rejection) if person.may(Right.REJECT) else (),
        "test": office.store.is_test(),
        "Reason": Reason,
    }
    ahead = [one.sheet for one in office.queue.wanted(person, AHEAD + 1) if one.sheet != sheet][:AHEAD]
    return later(page(call, "ballot.html", **values), lambda: _draw_ahead(office, ahead))


def _draw_ahead(office: Office, sheets: Iterable[str]) -> None:
    for one in sheets:
        if office.ending.is_set():
            return
        _drawn(office, one)


def _drawn(office: Office, sheet: str) -> Shown:
    """The pictures of a sheet. Refused if there is none of that name."""
    try:
        return office.pictures.of(sheet, lambda: places_of(office, sheet))
    except UsageError as error:
        raise Refused(404, "refused_unknown", "no_sheet") from error


def places_of(office: Office, sheet: str) -> tuple[Place, ...]:
    """Where a person should look on the sheet."""
    seen = look(office.store, sheet)
    return places(seen.reading, seen.verdict, office.styles)


def stages_of(reading: Reading) -> tuple[str, ...]:
    """The pictures there are of a sheet, told without drawing them: a page comes before its pictures."""
    if Reason.UNREADABLE_IMAGE in reading.trouble:
        return FOUND
    inside = reading.residual_px is not None
    registered = [one for one, there in ((Face.INSIDE, inside), (Face.OUTSIDE, reading.stamp)) if there]
    return (*(f"{face}-{what}" for face in registered for what in DRAWN), *FOUND)


def acceptable(verdict: Verdict) -> bool:
    """True if the machine's proposal may be accepted: what it has not read nobody may take from it."""
    if verdict.proposed.category is Category.TVILSOM:
        return False
    return not any(
        (one.kind is AmendmentKind.WRITE_IN) or (one.kind is AmendmentKind.RENUMBER and one.rank is None)
        for one in verdict.proposed.amendments
    )


def seen_changes(verdict: Verdict) -> tuple[object, ...]:
    """The proposed changes without handwritten names: those a person reads first (Ski 2011)."""
    return tuple(one for one in verdict.proposed.amendments if one.kind is not AmendmentKind.WRITE_IN)


def _party(election: Election, code: str) -> PartyList | None:
    return next((one for one in election.lists if one.code == code), None)


def _lines(election: Election, code: str, verdict: Verdict) -> tuple[Line, ...]:
    """The candidates of a list; what the machine is sure of is filled in, nothing that it doubts."""
    party = _party(election, code)
    if party is None:
        return ()
    sure = verdict.amendments if code == verdict.list else ()
    voted = {one.candidate for one in sure if one.kind is AmendmentKind.PERSONAL_VOTE}
    struck = {one.candidate for one in sure if one.kind is AmendmentKind.STRIKE}
    rank = {one.candidate: one.rank for one in sure if one.kind is AmendmentKind.RENUMBER}
    return tuple(
        Line(one, one.number in voted, one.number in struck, rank.get(one.number)) for one in party.candidates
    )


def _others(election: Election, own: str) -> Iterable[str]:
    """Candidates of the other lists, as they are typed: `Name (LIST/NR)`."""
    for party in election.lists:
        if party.code != own:
            yield from (f"{one.name} ({party.code}/{one.number})" for one in party.candidates)


def act(office: Office, call: Call) -> Response:
    """Keeps what the person says of the ballot before them, and leads to the next."""
    sheet = sheet_of(call)
    if not office.queue.use(call.person, sheet, call.one("turn")):
        raise Refused(409, "refused_turn", "no_claim")
    verdict = waiting_verdict(office.store, sheet)
    give(office.store, said(call, sheet, verdict, office.election))
    office.queue.did(call.person, sheet)
    office.queue.leave(call.person)
    return RedirectResponse("/next", 303)


def said(call: Call, sheet: str, verdict: Verdict, election: Election) -> Opinion:
    """The opinion that the form says. UsageError in one sentence for one that contradicts the election."""
    person, note = call.person, call.one("note")[:2000]
    match call.one("act"):
        case "board":
            return Opinion(sheet, person.name, Category.TVILSOM, None, (), note)
        case "accept" if acceptable(verdict):
            answer = Answer(accept=True, note=note)
        case "blank":
            answer = Answer(blank=True, note=note)
        case "tick":
            answer = Answer(tick=call.one("tick"), note=note)
        case "option":
            answer = Answer(option=call.one("option"), note=note)
        case "reject":
            answer = Answer(reject=_ground(person, call.one("ground")), note=note)
        case "list":
            answer = _list_ballot(call, note)
        case _:
            raise UsageError("The page sent no answer that can be kept: say what the ballot is.")
    return opinion(sheet, person.name, answer, verdict, election)


def _ground(person: Person, word: str) -> Rejection:
    if not person.may(Right.REJECT):
        raise Refused(403, "refused_role", "no_right reject")
    if word not in set(Rejection):
        raise UsageError("A ballot is rejected on one of the four grounds of § 10-3 (1).")
    return Rejection(word)


def _list_ballot(call: Call, note: str) -> Answer:
    numbers = [
        f"{name.removeprefix('rank-')}={values[0].strip()}"
        for name, values in call.form.items()
        if name.startswith("rank-") and values[0].strip()
    ]
    return Answer(
        list=call.one("list"),
        votes=_candidates(call.form.get("vote", ())),
        strikes=_candidates(call.form.get("strike", ())),
        ranks=ranks(numbers),
        written=tuple(map(_code, filter(str.strip, call.form.get("written", ())))),
        note=note,
    )


def _candidates(words: Iterable[str]) -> tuple[int, ...]:
    if not all(one.isdecimal() and len(one) < 5 for one in words):
        raise UsageError("A candidate is named by the number on the list.")
    return tuple(int(one) for one in words)


def _code(typed: str) -> str:
    """`LIST/NR` out of `Name (LIST/NR)`; UsageError for a name that nobody has."""
    name, _, code = typed.strip().rpartition("(")
    if not name or not code.endswith(")"):
        raise UsageError(
            f"{typed.strip()[:80]} stands on no other list: choose a name of those offered, or none."
        )
    return code[:-1]


def stay(office: Office, call: Call) -> Response:
    """The station is still there."""
    office.queue.renew(call.person)
    return Response(status_code=204)


def picture(office: Office, call: Call) -> Response:
    """One stage of a sheet as JPEG."""
    return _image(_drawn(office, sheet_of(call)).pages.get(call.at["stage"]))


def crop(office: Office, call: Call) -> Response:
    """One doubtful place of a sheet as JPEG."""
    crops, place = _drawn(office, sheet_of(call)).crops, int(call.at["place"])
    return _image(crops[place] if place < len(crops) else None)


def _image(found: bytes | None) -> Response:
    if found is None:
        raise Refused(404, "refused_unknown", "no_picture")
    return Response(found, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=600"})
