"""The gate that every request passes: who is it, may they, is it from our own page, is it small enough."""

import hmac
import time
from collections.abc import Awaitable, Callable
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scanner.errors import StoreError, UsageError, ValgskannerError
from scanner.people import Right
from scanner.store.desk import Visit
from scanner.web.office import Call, Office, Refused, allowed
from scanner.web.render import page

Answer = Callable[[Office, Call], Response]
Endpoint = Callable[[Request], Awaitable[Response]]
_FORM = "application/x-www-form-urlencoded"
_FIELDS = 2000  # of a form: a list has at most some hundred candidates


def cookie_name(*, secure: bool) -> str:
    """Browsers let nobody else set a cookie whose name begins with __Host-."""
    return "__Host-valgskanner" if secure else "valgskanner"


def token_of(cookie: str) -> str:
    """What is kept of a cookie."""
    return sha256(cookie.encode()).hexdigest()


def gated(office: Office, answer: Answer, right: Right | None, *, changes: bool = False) -> Endpoint:
    """An endpoint for `answer`, which runs in a thread of its own.

    `right` None: everybody who is logged in. `changes`: asks for the page's own secret as well.
    """

    async def endpoint(request: Request) -> Response:
        visit = await run_in_threadpool(_visit, office, request)
        if visit is None:
            return await run_in_threadpool(_stranger, office, request)
        call = Call(visit, request.url.path, request.path_params, request.query_params, {})
        try:
            allowed(call, right)
            if changes:
                form = await read_form(request, office.limits.body_bytes)
                call = Call(visit, call.path, call.at, call.query, form)
                _own_page(call, request)
            return await run_in_threadpool(answer, office, call)
        except Refused as refused:
            office.note(refused.what, visit.person.name, f"{request.method} {call.path}")
            return page(call, "refused.html", refused.status, key=refused.key)
        except UsageError as error:
            return page(call, "error.html", 409, text=str(error))
        except ValgskannerError as error:
            return page(call, "error.html", 503 if isinstance(error, StoreError) else 500, text=str(error))

    return endpoint


def later(response: Response, task: Callable[[], object]) -> Response:
    """The same answer; the task runs when it is sent."""
    response.background = BackgroundTask(task)
    return response


def _visit(office: Office, request: Request) -> Visit | None:
    cookie = request.cookies.get(cookie_name(secure=office.secure), "")
    if not cookie:
        return None
    return office.desk.visit(token_of(cookie), int(time.time()), office.limits.idle_s)


def _stranger(office: Office, request: Request) -> Response:
    """Not logged in: people are led to the door, everything else is refused."""
    if request.method == "GET" and request.headers.get("hx-request") is None:
        return RedirectResponse("/login", 303)
    office.note("no_session", _host(request), f"{request.method} {request.url.path}")
    return Response("401: log in first.\n", 401, media_type="text/plain")


def _host(request: Request) -> str:
    return request.client.host if request.client else ""


async def read_form(request: Request, most: int) -> dict[str, tuple[str, ...]]:
    """The fields of a form; Refused if it is larger than `most` bytes or no form."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise Refused(415, "refused_form", "no_form")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise Refused(413, "refused_large", "too_large")
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except ValueError as error:
        raise Refused(400, "refused_form", "no_form") from error
    return {name: tuple(values) for name, values in fields.items()}


def from_own_page(request: Request) -> None:
    """Refused if the browser says that another site sent the request."""
    origin = request.headers.get("origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if foreign or request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Refused(403, "refused_forged", "forged")


def _own_page(call: Call, request: Request) -> None:
    """Refused unless the request carries the secret of the session and comes from our own pages."""
    from_own_page(request)
    if not hmac.compare_digest(call.one("csrf").encode(), call.visit.csrf.encode()):
        raise Refused(403, "refused_forged", "forged")
