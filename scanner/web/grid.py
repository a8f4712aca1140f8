"""Many like places on one screen: spot the odd ones, confirm the rest, each still one opinion on record."""

from contextlib import suppress
from dataclasses import dataclass, replace

from starlette.responses import RedirectResponse, Response

from scanner.ballot import Amendment, Reason
from scanner.errors import UsageError
from scanner.review.answer import Answer, opinion
from scanner.review.queue import Waiting
from scanner.settling import give, waiting_verdict
from scanner.store.look import look
from scanner.web.ballots import acceptable
from scanner.web.office import Call, Office
from scanner.web.places import places
from scanner.web.render import page

KINDS = {"mark": Reason.MARK_DOUBTFUL, "stamp": Reason.STAMP_WEAK}  # one doubtful thing, seen in one crop
MOST_CROPS = 3  # doubtful places of one ballot that are still seen at a glance
_LOOK = 400  # waiting ballots looked through for a screen


@dataclass(frozen=True, slots=True)
class Tile:
    """One ballot of the screen: all its doubtful places, and what confirming it says."""

    sheet: str
    turn: str
    crops: int
    category: str
    list: str
    changes: tuple[Amendment, ...]


def show(office: Office, call: Call) -> Response:
    """A screen of crops that the machine takes for the same."""
    kind = call.at["kind"]
    if kind not in KINDS:
        return page(call, "gone.html", 404, sheet=kind)
    found = _alike(office, call, KINDS[kind])
    turns = office.queue.take(call.person, [one.sheet for one in found])
    tiles = [replace(one, turn=turns[one.sheet]) for one in found if one.sheet in turns]
    return page(call, "grid.html", kind=kind, tiles=tiles, test=office.store.is_test())


def _alike(office: Office, call: Call, reason: Reason) -> list[Tile]:
    """Ballots doubtful for this reason alone, whose proposal is the same kind of change."""
    alike: dict[str, list[Tile]] = {}
    for one in office.queue.wanted(call.person, _LOOK):
        said = _proposal(office, one, reason)
        if said is None:
            continue
        group, tile = said
        same = alike.setdefault(group, [])
        same.append(tile)
        if len(same) == office.limits.grid:
            return same
    return max(alike.values(), key=len, default=[])


def _proposal(office: Office, one: Waiting, reason: Reason) -> tuple[str, Tile] | None:
    """Which screen the ballot belongs on; None for one that needs a look of its own.

    All its doubtful places are on the screen: nobody confirms what was not seen.
    """
    if one.reasons != (reason,):
        return None
    seen = look(office.store, one.sheet)
    verdict, crops = seen.verdict, len(places(seen.reading, seen.verdict, office.styles))
    if not acceptable(verdict) or not 0 < crops <= MOST_CROPS:
        return None
    proposed = verdict.proposed
    new = [each for each in proposed.amendments if each not in verdict.amendments]
    group = f"{proposed.category.value}/{','.join(sorted({each.kind.value for each in new}))}"
    return group, Tile(one.sheet, "", crops, proposed.category, verdict.list or "–", proposed.amendments)


def confirm(office: Office, call: Call) -> Response:
    """One opinion for each ballot that was not called odd; the others wait for a look of their own."""
    sheets, turns = call.form.get("sheet", ()), call.form.get("turn", ())
    if len(sheets) != len(turns) or len(sheets) > office.limits.grid:
        raise UsageError("The screen sent no answer that can be kept.")
    odd = set(call.form.get("odd", ()))
    for sheet, turn in zip(sheets, turns, strict=True):
        if sheet in odd or not office.queue.use(call.person, sheet, turn):
            continue
        with suppress(UsageError):  # settled at the command line in the meantime
            _accept(office, call, sheet)
    office.queue.leave(call.person)
    return RedirectResponse(f"/grid/{call.at['kind']}", 303)


def _accept(office: Office, call: Call, sheet: str) -> None:
    verdict = waiting_verdict(office.store, sheet)
    if acceptable(verdict):
        give(office.store, opinion(sheet, call.person.name, Answer(accept=True), verdict, office.election))
        office.queue.did(call.person, sheet)
