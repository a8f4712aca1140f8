"""The protocol as a document to sign: PDF by typst, and the same as JSON."""

import msgspec
import typst

from scanner.layout.typeset import typeset
from scanner.tally.form import Protocol
from scanner.tally.forms import FOLDER

_TEMPLATE = FOLDER / "protocol.typ"


def protocol_json(protocol: Protocol) -> bytes:
    """The protocol as indented JSON, UTF-8, ending in a line break; the same protocol, the same bytes."""
    return msgspec.json.format(msgspec.json.encode(protocol), indent=2) + b"\n"


def protocol_pdf(protocol: Protocol) -> bytes:
    """The protocol on A4, made to last and to be read aloud (PDF/A-2a and PDF/UA-1), fonts inside.

    The same protocol gives the same bytes: no clock, no random identifier. Names are handed to
    the template as data, so that no list name is ever taken for markup. A name with letters
    that the fonts lack shows boxes for them, in a plain PDF: both standards forbid that.
    """
    data = msgspec.json.encode(protocol).decode()
    try:
        return typeset(_TEMPLATE, "protocol", data, lasting=True)
    except typst.TypstError:
        return typeset(_TEMPLATE, "protocol", data)
