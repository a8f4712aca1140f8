"""What an eSCL scanner says of itself while it works, and the job it is given (eSCL 2.63, AirScan dialect).

Element names are compared without their namespace: devices disagree on prefixes and versions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from scanner.capture.events import Fault, FeedError, ScanSettings
from scanner.pixels import INCH_MM

UNIT_MM = INCH_MM / 300  # eSCL measures paper in 1/300 inch
_SCAN = "http://schemas.hp.com/imaging/escl/2011/05/03"
_PWG = "http://www.pwg.org/schemas/2010/12/sm"

# Parts of words, small letters only, the telling ones first: AdfState of eSCL, state reasons of PWG 5109.1,
# and what makers write beside both standards ("ScannerAdfDoorOpen", "MediaJam").
_FAULTS = (
    ("multipick", Fault.DOUBLE_FEED),
    ("multifeed", Fault.DOUBLE_FEED),
    ("doublefeed", Fault.DOUBLE_FEED),
    ("multipledocumentfeed", Fault.DOUBLE_FEED),
    ("mispick", Fault.MISPICK),
    ("inputtrayfailed", Fault.MISPICK),
    ("inputtrayoverloaded", Fault.MISPICK),
    ("jam", Fault.JAM),
    ("hatchopen", Fault.COVER_OPEN),
    ("coveropen", Fault.COVER_OPEN),
    ("dooropen", Fault.COVER_OPEN),
    ("interlockopen", Fault.COVER_OPEN),
    ("pagetooshort", Fault.SHORT_IMAGE),
    ("pagetoolong", Fault.SHORT_IMAGE),
    ("staple", Fault.STAPLE),
)


@dataclass(frozen=True, slots=True)
class Status:
    """How the feeder and our job stand. Unknown words are kept as they came."""

    adf: str  # "ScannerAdfLoaded", ...; "" if the device does not say
    job: str = ""  # "Processing", "Completed", "Aborted", ...; "" if our job is not listed
    state: str = ""  # of the whole scanner: "Idle", "Processing", "Stopped", ...
    reasons: tuple[str, ...] = ()  # of the scanner's state and of our job's
    images: int | None = None  # of our job, as the device counts them

    @property
    def fault(self) -> Fault | None:
        """The fault that the feeder names, else one that the state's reasons name; None if none is named."""
        return next((fault for word in (self.adf, *self.reasons) if (fault := _fault(word))), None)

    @property
    def word(self) -> str:
        """The device's own word for its fault, "" without one."""
        return next((word for word in (self.adf, *self.reasons) if _fault(word)), "")

    @property
    def empty(self) -> bool:
        """True if the feeder says there is no paper in it."""
        return self.adf == "ScannerAdfEmpty"

    @property
    def loaded(self) -> bool:
        """True if the feeder says there is paper in it."""
        return self.adf == "ScannerAdfLoaded"

    @property
    def warming(self) -> bool:
        """True if the scanner says that it is warming up."""
        return any("warm" in one.casefold() for one in self.reasons)


def _fault(word: str) -> Fault | None:
    plain = re.sub("[^a-z]", "", word.casefold())
    return next((fault for part, fault in _FAULTS if part in plain), None)


def status(body: bytes, job: str) -> Status:
    """How the feeder stands, and the job at path `job`; FeedError(INTERNAL) if the body is no XML."""
    root = parsed(body)
    ours = next((one for one in root.iter() if name_of(one) == "JobInfo" and _is(one, job)), None)
    about = Status(first(root, "AdfState"), state=first(root, "State"), reasons=_reasons(root, "StateReason"))
    if ours is None:
        return about
    return Status(
        about.adf,
        first(ours, "JobState"),
        about.state,
        about.reasons + _reasons(ours, "JobStateReason"),
        number(ours, "ImagesCompleted") if first(ours, "ImagesCompleted") else None,
    )


def _is(info: Element, job: str) -> bool:
    """True if `info` tells of the job at path `job`: devices give whole addresses, paths or bare names."""
    return bool(job) and first(info, "JobUri").rstrip("/").rpartition("/")[2] == job.rpartition("/")[2]


def _reasons(element: Element, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one[:80] for one in texts(element, name) if one))[:16]


def job(settings: ScanSettings, kind: str, *, extended: bool = True) -> bytes:
    """The ScanSettings document that opens a job whose images are of MIME type `kind`.

    `extended`: the device knows DocumentFormatExt (eSCL 2.1 and later).
    """
    width, height = (round(mm / UNIT_MM) for mm in settings.page_mm or (0, 0))
    area = (
        "<pwg:ScanRegions><pwg:ScanRegion>"
        "<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>"
        f"<pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset><pwg:Width>{width}</pwg:Width>"
        f"<pwg:Height>{height}</pwg:Height></pwg:ScanRegion></pwg:ScanRegions>"
    )
    ext = f"<scan:DocumentFormatExt>{kind}</scan:DocumentFormatExt>" if extended else ""
    own = "".join(f"<scan:{name}>{escape(value)}</scan:{name}>" for name, value in settings.options)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><scan:ScanSettings xmlns:scan="{_SCAN}" xmlns:pwg="{_PWG}">'
        f"<pwg:Version>2.63</pwg:Version><scan:Intent>Document</scan:Intent>{area if width else ''}"
        "<pwg:InputSource>Feeder</pwg:InputSource>"
        f"<scan:Duplex>{str(settings.duplex).lower()}</scan:Duplex>"
        f"<scan:ColorMode>{_mode(settings)}</scan:ColorMode>"
        f"<scan:XResolution>{settings.dpi}</scan:XResolution><scan:YResolution>{settings.dpi}</scan:YResolution>"
        f"<pwg:DocumentFormat>{kind}</pwg:DocumentFormat>{ext}{own}</scan:ScanSettings>"
    ).encode()


def _mode(settings: ScanSettings) -> str:
    if settings.bilevel:
        return "BlackAndWhite1"
    return "RGB24" if settings.colour else "Grayscale8"


def parsed(body: bytes) -> Element:
    """The root of an answer; FeedError(INTERNAL) if it is no XML or tries to expand entities."""
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise FeedError(Fault.INTERNAL, "The scanner's answer is not the XML eSCL asks for.") from error
    return root


def name_of(element: Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def texts(element: Element, name: str) -> Iterator[str]:
    """The printable text of each element called `name` inside."""
    for one in element.iter():
        if name_of(one) == name:
            yield "".join(sign for sign in (one.text or "").strip() if sign.isprintable())


def first(element: Element, name: str) -> str:
    """The first of them, "" if there is none."""
    return next(texts(element, name), "")


def number(element: Element, name: str) -> int:
    """The first of them as a number, 0 if it is none a scanner would say."""
    text = first(element, name)
    return int(text) if text.isdecimal() and len(text) < 9 else 0
