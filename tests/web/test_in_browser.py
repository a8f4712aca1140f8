"""The pages in a real Chromium: two operators and the valgstyre settle doubtful ballots, by keys alone."""

import shutil
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from scanner.ballot import Box, Face, Rejection
from scanner.engine import SerialEngine
from scanner.people import Person, Role
from scanner.recording import read_unread
from scanner.store.desk import open_desk
from scanner.store.opening import open_store
from scanner.store.store import Store
from scanner.web.certificate import certificate
from scanner.web.office import open_office
from scanner.web.server import serving
from tests.scans import as_scanned, cross, paper, printed, sheet
from tests.web.day import LIMITS, PASSWORD, atlas, password

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NAMES = {"Kari Prøve": Role.OPERATOR, "Ola Prøve": Role.OPERATOR, "Leder Prøve": Role.VALGSTYRE}
STAMPLESS, MARKED = 4, 2
CATEGORIES = (*MARKED * ["rettet"], *(STAMPLESS - MARKED - 1) * ["urettet"])

pytestmark = [
    pytest.mark.endtoend,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@dataclass(frozen=True)
class Served:
    """A count of real pictures behind a real server."""

    store: Store
    address: str
    folder: Path
    desk_log: Callable[[], list[str]]


def fill(store: Store) -> None:
    """Ballots without a stamp where one is needed, some of them with marks: all doubtful."""
    store.bind(paper()[0])
    store.add_box(Box("K1", "FO", "0001"))
    store.add_box(Box("K2", "FO", "0001"))
    for number in range(1, STAMPLESS + 1):
        store.add_sheet(sheet(*faces(marked=number <= MARKED), number=number))
    assert len(list(read_unread(store, SerialEngine(paper()[0]), "eyes"))) == STAMPLESS


def faces(*, marked: bool) -> tuple[bytes, bytes]:
    """Inside and outside of a ballot without a stamp."""
    _, styles = paper()
    style = next(one for one in styles.values() if one.list)
    page = printed(style.id, Face.INSIDE)
    if marked:
        cross(page, next(one.rect for one in style.fields if one.kind == "personal_vote"))
    return as_scanned(page), as_scanned(printed(style.id, Face.OUTSIDE))


def another(store: Store) -> str:
    """One more doubtful ballot, behind all those there are: this test's own."""
    one = replace(sheet(*faces(marked=True), number=store.next_number("K2")), box="K2")
    store.add_sheet(one)
    assert len(list(read_unread(store, SerialEngine(paper()[0]), "eyes"))) == 1
    return one.id


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("pages")
    url = f"sqlite:{folder / 'count.db'}"
    with open_store(url) as store, closing(open_desk(url)) as desk:
        fill(store)
        for name, role in NAMES.items():
            desk.add(Person(name, role), password())
        shown = certificate(folder / "tls", "127.0.0.1")
        office = open_office(store, desk, atlas(), LIMITS, secure=True)
        with serving(office, "127.0.0.1", 0, shown) as address:
            yield Served(store, address, folder, lambda: [one.what for one in desk.log()])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        one = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield one
        one.close()


def entered(browser: Browser, served: Served, name: str, scheme: str = "light") -> Page:
    """The pages as somebody sees them who has logged in; what the browser complains of fails the test."""
    context = browser.new_context(ignore_https_errors=True, color_scheme=scheme, locale="nb-NO")  # type: ignore[arg-type]
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(served.address)
    page.get_by_label("Navn").fill(name)
    page.get_by_label("Passord").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(served.address)
    page.wait_for_load_state("networkidle")
    return page


def left(page: Page) -> None:
    """The person goes, and what lay before them waits for others."""
    page.get_by_role("button", name="Logg ut").click()
    page.wait_for_url("**/login")


def clean(page: Page, where: str) -> None:
    """Axe finds nothing to complain of: WCAG 2.2 A and AA, and good practice."""
    page.wait_for_load_state("networkidle")
    found = Axe().run(page).response["violations"]
    assert not found, (where, [(one["id"], one["nodes"][0]["html"]) for one in found])


def test_only_a_station_that_trusts_the_count_gets_through(served: Served) -> None:
    trusting = ssl.create_default_context(cafile=str(served.folder / "tls" / "ca.pem"))
    assert httpx2.get(f"{served.address}login", verify=trusting).status_code == 200
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{served.address}login")


def test_two_operators_and_the_valgstyre_settle_ballots_by_keys(browser: Browser, served: Served) -> None:
    """The first sends the last ballot to the valgstyre: it is not asked of the second."""
    store = served.store
    answered(entered(browser, served, "Kari Prøve"), "a" * (STAMPLESS - 1) + "v")
    answered(entered(browser, served, "Ola Prøve"), "a" * (STAMPLESS - 1))
    decisions = [store.decision_of(f"K1/{n:04d}") for n in range(1, STAMPLESS + 1)]
    assert [one.category.value if one else None for one in decisions] == [*CATEGORIES, None]
    leader = entered(browser, served, "Leder Prøve")
    with leader.expect_navigation():
        leader.keyboard.press("n")
    assert f"K1/{STAMPLESS:04d}" in leader.locator("h1", has_text="K1/").inner_text()
    with leader.expect_navigation():
        leader.get_by_role("button", name="a: mangler offentlig stempel").click()
    said = store.opinions(f"K1/{STAMPLESS:04d}")
    assert [(one.person, one.rejected) for one in said] == [
        ("Kari Prøve", None),
        ("Leder Prøve", Rejection.NO_STAMP),
    ]
    assert store.decision_of(f"K1/{STAMPLESS:04d}") is None


def answered(page: Page, keys: str) -> None:
    """Press one key for each ballot that comes."""
    with page.expect_navigation():
        page.keyboard.press("n")
    for key in keys:
        page.wait_for_selector("img#sheet")
        page.wait_for_load_state("load")  # keys are heard from then on
        assert "stempel mangler" in page.inner_text(".reasons")
        with page.expect_navigation():
            page.keyboard.press(key)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(browser: Browser, served: Served, scheme: str) -> None:
    own = another(served.store)
    page = entered(browser, served, "Leder Prøve", scheme)
    page.set_viewport_size({"width": 640, "height": 900})  # a screen of 1,280 px at 200 %
    clean(page, "home")
    for path in ("leader", f"ballot/{own}", "grid/mark", "ballot/K9/0001"):
        page.goto(f"{served.address}{path}")
        clean(page, path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    left(page)
    clean(page, "login")


def test_the_views_of_the_paper_change_by_keys(browser: Browser, served: Served) -> None:
    own = another(served.store)
    page = entered(browser, served, "Leder Prøve")
    page.goto(f"{served.address}ballot/{own}")
    seen = []
    for key in "231":
        page.keyboard.press(key)
        shown = page.locator("img#sheet")
        assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 1000
        seen.append(shown.get_attribute("src"))
    assert len(set(seen)) == 3
    page.keyboard.press("z")
    assert page.get_attribute("#zoom", "aria-pressed") == "true"
    left(page)
