"""Where a network scanner answers: what an operator types, and the places that may be meant by it.

- `HOST`: http on 80 and 8080, then https on 443, each at /eSCL
- `HOST:PORT`: http, then https, at /eSCL
- `http://HOST/PATH`: exactly this
- `https://HOST#selfsigned`: whatever certificate it shows; most scanners sign their own
- `https://HOST#` and the sha256 of a certificate: that certificate and no other
"""

import re
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, urlsplit

from scanner.errors import UsageError

SELF_SIGNED = "selfsigned"
_TLS_PORTS = {443, 8443}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a device answers: origin `http://host:port`, and the path of eSCL without a final slash.

    `trust`: "" the authorities this machine knows, `SELF_SIGNED`, or the sha256 of the certificate.
    """

    origin: str
    root: str
    trust: str = ""

    @classmethod
    def parse(cls, text: str) -> "Address":
        """From `http://host:port/eSCL`, `http://host` or `host:port`; UsageError for anything else."""
        url = _split(text)
        host = url.hostname or ""
        name = f"[{host}]" if ":" in host else host
        port = f":{url.port}" if url.port else ""
        return cls(f"{url.scheme}://{name}{port}", url.path.rstrip("/") or "/eSCL", _trust(url, text))


def candidates(text: str) -> tuple[Address, ...]:
    """The addresses that `text` may mean, the likeliest first; UsageError if it is none."""
    given = Address.parse(text)
    if "://" in text:
        return (given,)
    port = _split(text).port
    plain = [] if given.trust or port in _TLS_PORTS else [replace(given, trust="")]
    secure = replace(given, origin=given.origin.replace("http://", "https://", 1))
    if plain and not port:
        plain.append(replace(plain[0], origin=f"{given.origin}:8080"))
    return (*plain, secure)


def _split(text: str) -> SplitResult:
    try:
        url = urlsplit(text if "://" in text else f"http://{text}")
        (url.hostname or "").encode("idna")
        odd = url.username or url.query or (url.port == 0) or not text.isascii() or not text.isprintable()
    except ValueError:
        raise _refusal(text) from None
    if url.scheme not in {"http", "https"} or not url.hostname or odd or " " in text:
        raise _refusal(text)
    return url


def _trust(url: SplitResult, text: str) -> str:
    said = url.fragment.replace(":", "").casefold()
    if said in {"", SELF_SIGNED} or re.fullmatch(r"[0-9a-f]{64}", said):
        return said
    raise _refusal(text)


def _refusal(text: str) -> UsageError:
    return UsageError(
        f"The address {text!r} is not one of a scanner; write escl:HOST or escl:http://HOST:PORT/eSCL."
    )
