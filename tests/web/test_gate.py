"""Attacks on the pages: everything not allowed is refused, and what was refused is on record."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.people import Right, Role
from scanner.web.app import CHANGES, READS
from tests.web.day import LIMITS, PASSWORD, PEOPLE, Day, day, doubtful


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Day]:
    with day(tmp_path) as made:
        doubtful(made.store, 3)
        yield made


def path_of(route: str) -> str:
    """A real path of a route."""
    parts = {"box": "K", "number": "0001", "stage": "1-found", "place:int": "0", "kind": "mark"}
    for name, value in parts.items():
        route = route.replace(f"{{{name}}}", value)
    assert "{" not in route
    return route


@pytest.mark.parametrize("route", [one for one, _, _ in READS])
def test_nobody_sees_a_page_without_a_session(here: Day, route: str) -> None:
    answer = here.browser().get(path_of(route), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert "K/0001" not in answer.text
    assert here.browser().get(path_of(route), headers={"HX-Request": "true"}).status_code == 401
    assert here.refused() == ["no_session"]


@pytest.mark.parametrize("route", [one for one, _, _ in CHANGES])
def test_nobody_acts_without_a_session(here: Day, route: str) -> None:
    answer = here.browser().post(path_of(route), data={"act": "blank"}, follow_redirects=False)
    assert answer.status_code == 401
    assert here.refused() == ["no_session"]
    assert not here.store.opinions("K/0001")


@pytest.mark.parametrize("name", [name for name, _ in PEOPLE])
def test_a_role_opens_its_own_doors_only(here: Day, name: str) -> None:
    role = dict(PEOPLE)[name]
    mine = here.station(name)
    for route, _, right in (*READS, *CHANGES):
        if right is None:
            continue
        change = (route, right) in [(one, needs) for one, _, needs in CHANGES] and route == "/stay"
        path = path_of(route)
        status = mine.post(path) if change else mine.client.get(path, follow_redirects=False).status_code
        assert (status == 403) is (not may(role, right)), (route, status)
    assert set(here.refused()) <= {"no_picture", *(f"no_right {one.value}" for one in Right)}


def may(role: Role, right: Right) -> bool:
    """Told anew, not asked of the code: who may do what."""
    says = {Role.OPERATOR, Role.VALGANSVARLIG, Role.VALGSTYRE}
    return {
        Right.SEE_BALLOTS: role is not Role.ADMIN,
        Right.SAY: role in says,
        Right.REJECT: role is Role.VALGSTYRE,
        Right.LEAD: role is not Role.OPERATOR,
        Right.PEOPLE: role is Role.ADMIN,
    }[right]


def test_an_act_without_the_secret_of_the_session_is_refused(here: Day) -> None:
    mine, other = here.station(), here.station("Andre Operatør")
    turn = mine.turn("/ballot/K/0001")
    for secret in ("", "0" * 64, other.csrf):
        mine.csrf = secret
        assert mine.post("/ballot/K/0001", act="blank", turn=turn) == 403
    assert here.refused() == ["forged"] * 3
    assert not here.store.opinions("K/0001")


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_an_act_from_another_site_is_refused(here: Day, headers: dict[str, str]) -> None:
    mine = here.station()
    turn = mine.turn("/ballot/K/0001")
    form = {"csrf": mine.csrf, "turn": turn, "act": "blank"}
    answer = mine.client.post("/ballot/K/0001", data=form, headers=headers)
    assert answer.status_code == 403
    assert here.refused() == ["forged"]
    browser = here.browser()
    entry = {"name": "Revisor", "password": PASSWORD}
    assert browser.post("/login", data=entry, headers=headers).status_code == 403


def test_wrong_passwords_in_a_row_lock_the_account(here: Day) -> None:
    browser = here.browser()
    for _ in range(LIMITS.failures):
        wrong = {"name": "Revisor", "password": "feil passord her"}
        assert browser.post("/login", data=wrong).status_code == 401
    right = {"name": "revisor", "password": PASSWORD}
    assert browser.post("/login", data=right).status_code == 401
    assert here.refused() == ["login_locked", "login_locked_now", "login_wrong", "login_wrong"]
    assert here.station("Første Operatør").get("/")


def test_one_who_is_unknown_gets_the_same_answer_as_one_with_a_wrong_password(here: Day) -> None:
    browser = here.browser()
    answers = [
        browser.post("/login", data={"name": name, "password": "feil passord her"})
        for name in ("Revisor", "Ingen", "' OR 1=1 --", "{{ 7*7 }}")
    ]
    assert {one.status_code for one in answers} == {401}
    assert len({one.text for one in answers}) == 1
    assert here.refused() == [*3 * ["login_unknown"], "login_wrong"]


def test_a_person_who_is_shut_out_is_out_at_once(here: Day) -> None:
    mine = here.station()
    here.desk.change("Første Operatør", revoked=True)
    assert mine.client.get("/", follow_redirects=False).headers["location"] == "/login"
    sent = mine.client.post("/login", data={"name": "Første Operatør", "password": PASSWORD})
    assert sent.status_code == 401


def test_a_session_that_nobody_uses_ends(tmp_path: Path) -> None:
    with day(tmp_path, replace(LIMITS, idle_s=-1)) as here:
        mine = here.browser()
        mine.post("/login", data={"name": "Revisor", "password": PASSWORD}, follow_redirects=False)
        assert mine.get("/", follow_redirects=False).headers["location"] == "/login"


def test_leaving_ends_the_session_on_the_server_too(here: Day) -> None:
    mine = here.station()
    cookie = mine.client.cookies["valgskanner"]
    assert mine.post("/logout") == 303
    again = here.browser()
    again.cookies.set("valgskanner", cookie)
    assert again.get("/", follow_redirects=False).headers["location"] == "/login"


def test_a_huge_answer_is_refused_before_it_is_read(here: Day) -> None:
    mine = here.station()
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b"csrf="
        while sent < 2**30:
            sent += 2**16
            yield b"a" * 2**16

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = mine.client.post("/ballot/K/0001", content=endless(), headers=form)
    assert answer.status_code == 413
    assert here.refused() == ["too_large"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"&".join(b"a=1" for _ in range(5000)), "application/x-www-form-urlencoded"),
        (b'{"act": "blank"}', "application/json"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
    ],
)
def test_what_is_no_form_of_ours_is_refused(here: Day, body: bytes, kind: str) -> None:
    mine = here.station()
    answer = mine.client.post("/ballot/K/0001", content=body, headers={"Content-Type": kind})
    assert answer.status_code in {400, 403, 415}
    assert here.refused()[0] in {"no_form", "forged"}
    assert not here.store.opinions("K/0001")


@pytest.mark.parametrize(
    "path",
    [
        "/picture/..%2f..%2fetc/passwd/1-found",
        "/picture/K/9999/1-found",
        "/picture/K/0001/../../count.db",
        "/picture/K/0001/..%2f..%2fcount.db",
        "/picture/K/0001' OR '1'='1/1-found",
        "/crop/K/0001/99",
        "/static/../office.py",
        "/static/..%2foffice.py",
        "/ballot/K/{{7*7}}",
    ],
)
def test_paths_that_lead_elsewhere_lead_nowhere(here: Day, path: str) -> None:
    answer = here.station().client.get(path)
    assert answer.status_code == 404
    assert b"import" not in answer.content
    assert b"SQLite" not in answer.content


def test_every_answer_forbids_what_the_pages_do_not_need(here: Day) -> None:
    mine = here.station()
    for path in ("/", "/login", "/static/style.css", "/nowhere", "/ballot/K/0001"):
        headers = mine.client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(here: Day) -> None:
    entry = {"name": "Revisor", "password": PASSWORD}
    cookie = here.browser().post("/login", data=entry, follow_redirects=False).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_neither_passwords_nor_secrets_are_kept(here: Day, tmp_path: Path) -> None:
    mine = here.station()
    mine.post("/stay")
    cookie = mine.client.cookies["valgskanner"]
    kept = b"".join(one.read_bytes() for one in tmp_path.glob("count.db.desk*"))
    assert PASSWORD.encode() not in kept
    assert cookie.encode() not in kept
    assert b"$argon2id$" in kept
