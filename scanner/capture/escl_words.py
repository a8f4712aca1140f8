"""What an eSCL scanner says and is told, as values: capabilities, status, a job (eSCL 2.63, AirScan dialect).

Element names are compared without their namespace: devices disagree on prefixes and versions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from scanner.capture.events import Capabilities, Fault, ScanSettings
from scanner.capture.wire import FeedError
from scanner.pixels import INCH_MM

_UNIT_MM = INCH_MM / 300  # eSCL measures paper in 1/300 inch
_USUAL_DPI = (100, 150, 200, 240, 300, 400, 600)  # tried against a device that names a range
_SCAN = "http://schemas.hp.com/imaging/escl/2011/05/03"
_PWG = "http://www.pwg.org/schemas/2010/12/sm"

_ADF_FAULTS = {
    "ScannerAdfJam": Fault.JAM,
    "ScannerAdfMultipickDetected": Fault.DOUBLE_FEED,
    "ScannerAdfDoorOpen": Fault.COVER_OPEN,
    "ScannerAdfHatchOpen": Fault.COVER_OPEN,
    "ScannerAdfMispick": Fault.MISPICK,
    "ScannerAdfInputTrayFailed": Fault.MISPICK,
    "ScannerAdfInputTrayOverloaded": Fault.MISPICK,
    "ScannerAdfDuplexPageTooShort": Fault.SHORT_IMAGE,
    "ScannerAdfDuplexPageTooLong": Fault.SHORT_IMAGE,
}


@dataclass(frozen=True, slots=True)
class Status:
    """How the feeder and our job stand. Unknown words are kept as they came."""

    adf: str  # "ScannerAdfLoaded", ...; "" if the device does not say
    job: str  # "Processing", "Completed", "Aborted", ...; "" if our job is not listed

    @property
    def fault(self) -> Fault | None:
        """The fault the feeder names; None if it names none."""
        return _ADF_FAULTS.get(self.adf)

    @property
    def empty(self) -> bool:
        """True if the feeder says there is no paper in it."""
        return self.adf == "ScannerAdfEmpty"


def capabilities(body: bytes) -> Capabilities:
    """What the device can do with paper in its feeder; FeedError(CONFIG) if it has no feeder or no JPEG."""
    root = _parsed(body)
    feeders = {_name(one): one for one in root.iter() if _name(one).startswith("Adf")}
    duplex = feeders.get("AdfDuplexInputCaps")
    feeder = duplex if duplex is not None else feeders.get("AdfSimplexInputCaps")
    if feeder is None:
        raise FeedError(Fault.CONFIG, "The scanner has no document feeder.")
    if "image/jpeg" not in {*_texts(feeder, "DocumentFormat"), *_texts(feeder, "DocumentFormatExt")}:
        raise FeedError(Fault.CONFIG, "The scanner cannot send JPEG.")
    modes = set(_texts(feeder, "ColorMode"))
    return Capabilities(
        device=f"escl:{_first(root, 'MakeAndModel')} {_first(root, 'SerialNumber')}".strip()[:120],
        replayable=False,
        dpis=tuple(sorted(_dpis(feeder))),
        colour="RGB24" in modes,
        gray="Grayscale8" in modes,
        duplex=duplex is not None,
        max_mm=(_number(feeder, "MaxWidth") * _UNIT_MM, _number(feeder, "MaxHeight") * _UNIT_MM),
    )


def status(body: bytes, job: str) -> Status:
    """How the feeder stands, and the job at path `job`; FeedError(INTERNAL) if the body is no XML."""
    root = _parsed(body)
    for info in (one for one in root.iter() if _name(one) == "JobInfo"):
        if job and _first(info, "JobUri").rstrip("/").endswith(job):
            return Status(_first(root, "AdfState"), _first(info, "JobState"))
    return Status(_first(root, "AdfState"), "")


def negotiate(asked: ScanSettings, able: Capabilities) -> ScanSettings:
    """The nearest the device can do: never fewer dpi, never fewer sides; FeedError(CONFIG) if it cannot."""
    if asked.duplex and not able.duplex:
        raise FeedError(Fault.CONFIG, "The scanner does not scan both sides in one pass.")
    enough = [dpi for dpi in able.dpis if dpi >= asked.dpi]
    if not enough:
        raise FeedError(Fault.CONFIG, f"The scanner does not reach {asked.dpi} dpi.")
    if not able.colour and not able.gray:
        raise FeedError(Fault.CONFIG, "The scanner offers neither gray nor colour.")
    colour = able.colour and (asked.colour or not able.gray)
    return ScanSettings(min(enough), colour, asked.duplex, _area(asked.page_mm, able.max_mm))


def job(settings: ScanSettings) -> bytes:
    """The ScanSettings document that opens a job."""
    width, height = (round(mm / _UNIT_MM) for mm in settings.page_mm or (0, 0))
    area = (
        "<pwg:ScanRegions><pwg:ScanRegion>"
        "<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>"
        f"<pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset><pwg:Width>{width}</pwg:Width>"
        f"<pwg:Height>{height}</pwg:Height></pwg:ScanRegion></pwg:ScanRegions>"
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><scan:ScanSettings xmlns:scan="{_SCAN}" xmlns:pwg="{_PWG}">'
        f"<pwg:Version>2.63</pwg:Version><scan:Intent>Document</scan:Intent>{area if width else ''}"
        "<pwg:InputSource>Feeder</pwg:InputSource>"
        f"<scan:Duplex>{str(settings.duplex).lower()}</scan:Duplex>"
        f"<scan:ColorMode>{'RGB24' if settings.colour else 'Grayscale8'}</scan:ColorMode>"
        f"<scan:XResolution>{settings.dpi}</scan:XResolution><scan:YResolution>{settings.dpi}</scan:YResolution>"
        "<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>"
        "<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:ScanSettings>"
    ).encode()


def _parsed(body: bytes) -> Element:
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise FeedError(Fault.INTERNAL, "The scanner's answer is not the XML eSCL asks for.") from error
    return root


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _texts(element: Element, name: str) -> Iterator[str]:
    return ((one.text or "").strip() for one in element.iter() if _name(one) == name)


def _first(element: Element, name: str) -> str:
    text = next(_texts(element, name), "")
    return "".join(one for one in text if one.isprintable())


def _number(element: Element, name: str) -> int:
    text = _first(element, name)
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _dpis(feeder: Element) -> set[int]:
    found = {_number(one, "XResolution") for one in feeder.iter() if _name(one) == "DiscreteResolution"}
    for one in (one for one in feeder.iter() if _name(one) == "XResolutionRange"):
        low, high = _number(one, "Min"), _number(one, "Max")
        found |= {dpi for dpi in _USUAL_DPI if low <= dpi <= high}
    return found - {0}


def _area(
    asked: tuple[float, float] | None, largest: tuple[float, float] | None
) -> tuple[float, float] | None:
    if asked is None or largest is None or not all(largest):
        return asked or (largest if largest and all(largest) else None)
    return min(asked[0], largest[0]), min(asked[1], largest[1])
