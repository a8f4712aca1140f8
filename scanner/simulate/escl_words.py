"""What the virtual scanner says of itself, in the words of eSCL 2.63 as AirScan devices speak it."""

from dataclasses import dataclass

from defusedxml.ElementTree import fromstring

from scanner.pixels import INCH_MM

_NS = (
    'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" '
    'xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


@dataclass(frozen=True, slots=True)
class Asked:
    """What a host asked for when it opened a job."""

    feeder: bool
    duplex: bool
    dpi: int
    colour: bool
    kind: str  # MIME type of the images


def asked(body: bytes) -> Asked:
    """The job a host posted. Raises what defusedxml raises, or ValueError, on anything that is no job."""
    words = {
        one.tag.rpartition("}")[2]: (one.text or "").strip()
        for one in fromstring(body, forbid_dtd=True).iter()
    }
    return Asked(
        feeder=words.get("InputSource") == "Feeder",
        duplex=words.get("Duplex") == "true",
        dpi=int(words.get("XResolution", "0")),
        colour=words.get("ColorMode") == "RGB24",
        kind=words.get("DocumentFormatExt") or words.get("DocumentFormat", ""),
    )


def capabilities(
    name: str,
    serial: str,
    dpis: tuple[int, ...],
    max_mm: tuple[float, float],
    kinds: tuple[str, ...] = ("image/jpeg",),
) -> bytes:
    """The device's ScannerCapabilities: an ADF, one side or both, gray or colour; `kinds` of image."""
    caps = "".join(_feeder(tag, dpis, max_mm, kinds) for tag in ("AdfSimplexInputCaps", "AdfDuplexInputCaps"))
    return (
        f"{_HEAD}<scan:ScannerCapabilities {_NS}><pwg:Version>2.63</pwg:Version>"
        f"<pwg:MakeAndModel>{name}</pwg:MakeAndModel><pwg:SerialNumber>{serial}</pwg:SerialNumber>"
        f"<scan:Adf>{caps}<scan:FeederCapacity>500</scan:FeederCapacity><scan:AdfOptions>"
        "<scan:AdfOption>DetectPaperLoaded</scan:AdfOption><scan:AdfOption>Duplex</scan:AdfOption>"
        "<scan:AdfOption>MultipickDetection</scan:AdfOption></scan:AdfOptions></scan:Adf>"
        "</scan:ScannerCapabilities>"
    ).encode()


def status(adf: str, jobs: tuple[tuple[str, str, int], ...], reasons: tuple[str, ...] = ()) -> bytes:
    """The device's ScannerStatus; `jobs` are (path, pwg state, images delivered), `reasons` its state's."""
    why = "".join(f"<pwg:StateReason>{one}</pwg:StateReason>" for one in reasons)
    busy = any(state == "Processing" for _, state, _ in jobs)
    told = "".join(
        f"<scan:JobInfo><pwg:JobUri>{path}</pwg:JobUri><pwg:ImagesCompleted>{count}</pwg:ImagesCompleted>"
        f"<pwg:JobState>{state}</pwg:JobState></scan:JobInfo>"
        for path, state, count in jobs
    )
    return (
        f"{_HEAD}<scan:ScannerStatus {_NS}><pwg:Version>2.63</pwg:Version>"
        f"<pwg:State>{'Processing' if busy else 'Idle'}</pwg:State>"
        f"<pwg:StateReasons>{why}</pwg:StateReasons>"
        f"<scan:AdfState>{adf}</scan:AdfState><scan:Jobs>{told}</scan:Jobs></scan:ScannerStatus>"
    ).encode()


def _feeder(tag: str, dpis: tuple[int, ...], max_mm: tuple[float, float], kinds: tuple[str, ...]) -> str:
    width, height = (round(mm / INCH_MM * 300) for mm in max_mm)  # eSCL measures in 1/300 inch
    resolutions = "".join(
        f"<scan:DiscreteResolution><scan:XResolution>{one}</scan:XResolution>"
        f"<scan:YResolution>{one}</scan:YResolution></scan:DiscreteResolution>"
        for one in dpis
    )
    formats = "".join(f"<pwg:DocumentFormat>{one}</pwg:DocumentFormat>" for one in kinds)
    formats += "".join(f"<scan:DocumentFormatExt>{one}</scan:DocumentFormatExt>" for one in kinds)
    return (
        f"<scan:{tag}><scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>{width}</scan:MaxWidth>"
        f"<scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>{height}</scan:MaxHeight>"
        "<scan:SettingProfiles><scan:SettingProfile><scan:ColorModes>"
        "<scan:ColorMode>Grayscale8</scan:ColorMode><scan:ColorMode>RGB24</scan:ColorMode>"
        "<scan:ColorMode>BlackAndWhite1</scan:ColorMode></scan:ColorModes>"
        f"<scan:DocumentFormats>{formats}</scan:DocumentFormats>"
        f"<scan:SupportedResolutions><scan:DiscreteResolutions>{resolutions}</scan:DiscreteResolutions>"
        f"</scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles></scan:{tag}>"
    )
