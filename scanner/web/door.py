"""Coming in and leaving."""

import secrets
import time

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scanner.people import Language
from scanner.store.desk import Visit
from scanner.web.gate import Endpoint, cookie_name, from_own_page, read_form, token_of
from scanner.web.office import Call, Office, Refused
from scanner.web.passwords import fits
from scanner.web.render import open_page


def login_page(office: Office) -> Endpoint:
    """Asks for a name and a password."""

    async def endpoint(request: Request) -> Response:
        return open_page("login.html", _language(request), failed=False, test=office.store.is_test())

    return endpoint


def login(office: Office) -> Endpoint:
    """Lets a person in whose password fits; after some wrong ones in a row, nobody for a while."""

    async def endpoint(request: Request) -> Response:
        where = request.client.host if request.client else ""
        try:
            from_own_page(request)
            form = await read_form(request, office.limits.body_bytes)
        except Refused as refused:
            office.note(refused.what, where, "POST /login")
            return Response(f"{refused.status}: refused.\n", refused.status, media_type="text/plain")
        name, password = (form.get(one, ("",))[0] for one in ("name", "password"))
        cookie = await run_in_threadpool(_let_in, office, name[:200], password[:1000], where)
        if cookie is None:
            values = {"failed": True, "test": office.store.is_test()}
            return open_page("login.html", _language(request), 401, **values)
        answer = RedirectResponse("/", 303)
        safe = office.secure
        answer.set_cookie(cookie_name(secure=safe), cookie, httponly=True, samesite="strict", secure=safe)
        return answer

    return endpoint


def _let_in(office: Office, name: str, password: str, where: str) -> str | None:
    """The cookie of a new session, None if the person may not come in; the reason is not told."""
    now, account = int(time.time()), office.desk.account(name)
    right = fits(password, account.password if account else None)
    if account is None:
        office.note("login_unknown", name, where)
        return None
    if account.revoked or account.locked_until > now:
        office.note("login_locked", account.person.name, where)
        return None
    if not right:
        full = account.failures + 1 >= office.limits.failures
        office.desk.failed(name, now + office.limits.locked_s if full else 0)
        office.note("login_locked_now" if full else "login_wrong", account.person.name, where)
        return None
    cookie = secrets.token_urlsafe(32)
    office.desk.begin(Visit(account.person, secrets.token_hex(32), token_of(cookie)), now)
    office.note("login", account.person.name, where)
    return cookie


def logout(office: Office, call: Call) -> Response:
    """Ends the session and gives back what lay before the person."""
    office.queue.leave(call.person)
    office.desk.end(call.visit.token)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(cookie_name(secure=office.secure), secure=office.secure, httponly=True)
    return answer


def speak(office: Office, call: Call) -> Response:
    """Changes the language of the person's pages."""
    wanted = call.one("language")
    if wanted not in set(Language):
        raise Refused(400, "refused_form", "no_language")
    office.desk.speak(call.person, Language(wanted))
    return RedirectResponse("/", 303)


def _language(request: Request) -> Language:
    """The first language of the browser that we have."""
    for one in request.headers.get("accept-language", "").lower().replace(" ", "").split(","):
        code = one.partition(";")[0].partition("-")[0]
        if code in set(Language):
            return Language(code)
    return Language.NB
