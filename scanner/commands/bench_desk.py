"""The command `bench desk`: many stations at the operators' page, on a store of its own."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory
from time import perf_counter

from rich.table import Table

from scanner.ballot import (
    Box,
    Category,
    Identity,
    PageImage,
    Proposal,
    Reading,
    Reason,
    Sheet,
    StyleKind,
    Verdict,
)
from scanner.bench.stations import DeskSpeed, drive, milliseconds
from scanner.commands.shell import answers, say
from scanner.election import Election
from scanner.election_package import read_election
from scanner.errors import ExitCode
from scanner.opening import open_atlas
from scanner.people import Person, Role
from scanner.simulate.elections import shipped_election
from scanner.store.desk import Desk, open_desk
from scanner.store.opening import open_store, server_of
from scanner.store.store import Store
from scanner.web.limits import desk_limits
from scanner.web.office import open_office
from scanner.web.passwords import kept
from scanner.web.server import serving

BOX, EYES = "B1", "bench"


def bench_desk(url: str | None, stations: int, seconds: int, rate: float, *, json: bool) -> int:
    """Print how long acts and next ballots take; exit code 4 if an opinion was lost or doubled."""
    with TemporaryDirectory(prefix="valgskanner-bench-") as moment:
        measured = _measured(url or f"sqlite:{Path(moment) / 'count.db'}", stations, seconds, rate)
    if json:
        say(measured)
    else:
        answers.print(_table(measured))
    return ExitCode.DONE if measured.kept == measured.acts else ExitCode.DISAGREE


def _measured(url: str, stations: int, seconds: int, rate: float) -> DeskSpeed:
    election = read_election(shipped_election("kommunestyre"))
    with open_store(url) as store, closing(open_desk(url)) as desk:
        sheets = tuple(_fill(store, election, round(stations * rate * seconds / 2) + 2 * stations))
        people = tuple(_enter(desk, stations))
        office = open_office(store, desk, open_atlas(election), desk_limits(), secure=False)
        with serving(office, "127.0.0.1", 0, None) as address:
            begun = perf_counter()
            told = drive(address, people, 1 / rate, seconds)
            took = perf_counter() - begun
        return DeskSpeed(
            database="postgresql" if server_of(url) else "sqlite",
            stations=stations,
            seconds=round(took, 1),
            acts=len(told.acts),
            acts_per_s=round(len(told.acts) / took, 1),
            act_p50_ms=milliseconds(told.acts, 0.5),
            act_p95_ms=milliseconds(told.acts, 0.95),
            next_p50_ms=milliseconds(told.nexts, 0.5),
            next_p95_ms=milliseconds(told.nexts, 0.95),
            refused=told.refused,
            kept=sum(len(store.opinions(one)) for one in sheets),
            decided=store.progress().decided,
        )


def _fill(store: Store, election: Election, count: int) -> Iterator[str]:
    """Doubtful ballots without pictures: two people must look at each."""
    store.bind(election, test=True)
    store.add_box(Box(BOX, election.categories[0].code, election.kretser[0].code))
    party = election.lists[0]
    identity = Identity(party.ballot_number, party.party, party.code, party.code, StyleKind.PARTY, agree=True)
    proposed, images = Proposal(Category.URETTET), (PageImage("F", b"front"), PageImage("B", b"back"))
    for number in range(1, count + 1):
        sheet = Sheet(BOX, number, images)
        verdict = Verdict(Category.TVILSOM, party.code, (), (Reason.STAMP_WEAK,), proposed, 0.9)
        with store.transaction():
            store.add_sheet(sheet)
            store.add_verdict(sheet.id, verdict, Reading(sheet.id, identity, (), None, ()), EYES)
        yield sheet.id


def _enter(desk: Desk, stations: int) -> Iterator[tuple[str, str]]:
    password = token_urlsafe(12)
    hashed = kept(password, 1)
    for number in range(1, stations + 1):
        name = f"Station {number}"
        desk.add(Person(name, Role.OPERATOR), hashed)
        yield name, password


def _table(one: DeskSpeed) -> Table:
    table = Table(title=f"{one.stations} stations on {one.database}, {one.seconds} s")
    for column in ("", "p50 ms", "p95 ms"):
        table.add_column(column, justify="right" if column else "left")
    table.add_row(f"{one.acts} acts, {one.acts_per_s} a second", str(one.act_p50_ms), str(one.act_p95_ms))
    table.add_row("next ballot", str(one.next_p50_ms), str(one.next_p95_ms))
    table.add_row(f"{one.kept} opinions on record, {one.refused} refused, {one.decided} decided", "", "")
    return table
