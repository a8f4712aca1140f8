"""A count with doubtful ballots, people who may log in, and their browsers without a window."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from starlette.testclient import TestClient

from scanner.ballot import (
    Amendment,
    AmendmentKind,
    Box,
    Category,
    Identity,
    PageImage,
    Proposal,
    Reading,
    Reason,
    Sheet,
    Verdict,
)
from scanner.opening import Atlas, open_atlas
from scanner.people import Person, Role
from scanner.store.desk import Desk, open_desk
from scanner.store.opening import open_store
from scanner.store.store import Store
from scanner.web.app import pages
from scanner.web.limits import DeskLimits
from scanner.web.office import Office, open_office
from scanner.web.passwords import kept
from tests.scans import paper

NOBODY = Identity(None, None, None, None, None, agree=False)
PASSWORD = "et langt nok passord"  # noqa: S105 - of people who do not exist
PEOPLE = (
    ("Første Operatør", Role.OPERATOR),
    ("Andre Operatør", Role.OPERATOR),
    ("Tredje Operatør", Role.OPERATOR),
    ("Valgstyrets Leder", Role.VALGSTYRE),
    ("Revisor", Role.AUDITOR),
    ("Administrator", Role.ADMIN),
)
LIMITS = DeskLimits(
    claim_s=90.0,
    idle_s=1800,
    failures=3,
    locked_s=900,
    password_letters=12,
    body_bytes=65536,
    pictures=8,
    grid=4,
)
LIST = paper()[0].lists[0]
VOTE = Amendment(AmendmentKind.PERSONAL_VOTE, candidate=LIST.candidates[0].number)
CHANGED = Proposal(Category.RETTET, (VOTE,))


@cache
def atlas() -> Atlas:
    """The small kommunestyre election, opened once a process."""
    return open_atlas(paper()[0])


@cache
def password() -> str:
    """As it is kept: made once, it is dear on purpose."""
    return kept(PASSWORD, 12)


def doubtful(
    store: Store,
    count: int,
    reasons: tuple[Reason, ...] = (Reason.STAMP_WEAK,),
    proposed: Proposal = CHANGED,
    first: int = 1,
) -> list[str]:
    """Doubtful ballots of list A in box K, whose images are no images."""
    names = []
    for number in range(first, first + count):
        sheet = Sheet("K", number, (PageImage("F", b"front"), PageImage("B", b"back")))
        store.add_sheet(sheet)
        verdict = Verdict(Category.TVILSOM, LIST.code, (), reasons, proposed, 0.9)
        store.add_verdict(sheet.id, verdict, Reading(sheet.id, NOBODY, (), None, ()), "eyes")
        names.append(sheet.id)
    return names


@dataclass
class Station:
    """A browser of one person."""

    client: TestClient
    csrf: str = ""
    seen: list[str] = field(default_factory=list)

    def get(self, path: str) -> str:
        """The page, after all redirects."""
        answer = self.client.get(path)
        self.seen.append(answer.text)
        found = re.search(r'name="csrf" value="(\w+)"', answer.text)
        self.csrf = found[1] if found else self.csrf
        return answer.text

    def post(self, path: str, **form: str | list[str]) -> int:
        """Send a form of the page seen last; the status before any redirect."""
        sent = {"csrf": self.csrf, **form}
        return self.client.post(path, data=sent, follow_redirects=False).status_code

    def turn(self, path: str) -> str:
        """Look at a ballot: what its act must bring."""
        found = re.search(r'name="turn" value="([\w-]+)"', self.get(path))
        return found[1] if found else ""

    def say(self, sheet: str, act: str, **form: str | list[str]) -> int:
        """Look at a ballot and say what it is."""
        turn = self.turn(f"/ballot/{sheet}")
        return self.post(f"/ballot/{sheet}", act=act, turn=turn, **form)


@dataclass(frozen=True)
class Day:
    """The office and what it is made of."""

    office: Office
    store: Store
    desk: Desk

    def browser(self) -> TestClient:
        """Nobody's browser yet."""
        return TestClient(pages(self.office), base_url="http://127.0.0.1:8443")

    def station(self, name: str = "Første Operatør") -> Station:
        """A person who has logged in."""
        browser = self.browser()
        sent = browser.post("/login", data={"name": name, "password": PASSWORD}, follow_redirects=False)
        assert sent.status_code == 303
        mine = Station(browser)
        mine.get("/")
        return mine

    def refused(self) -> list[str]:
        """What stands in the log, newest first, without who came in."""
        return [one.what for one in self.desk.log() if one.what != "login"]


@contextmanager
def day(folder: Path, limits: DeskLimits = LIMITS) -> Iterator[Day]:
    """A count without ballots, and everybody of `PEOPLE`."""
    url = f"sqlite:{folder / 'count.db'}"
    with open_store(url) as store:
        store.bind(paper()[0])
        store.add_box(Box("K", "FO", "0001"))
        desk = open_desk(url)
        for name, role in PEOPLE:
            desk.add(Person(name, role), password())
        yield Day(open_office(store, desk, atlas(), limits, secure=False), store, desk)
        desk.close()
