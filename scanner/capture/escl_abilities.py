"""What an eSCL scanner can do with paper in its feeder, and what it is therefore asked for."""

import re
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from scanner.capture.escl_words import UNIT_MM, first, name_of, number, parsed, texts
from scanner.capture.events import Capabilities, Fault, FeedError, ScanSettings

_USUAL_DPI = (100, 150, 200, 240, 300, 400, 600)  # tried against a device that names a range
# The best first: what is not packed twice is decoded fastest, and a JPEG tells its own damage.
_GRAY_KINDS = ("image/jpeg", "image/tiff", "image/png", "application/pdf")
_BILEVEL_KINDS = ("image/tiff", "image/png", "application/pdf", "image/jpeg")


@dataclass(frozen=True, slots=True)
class Able:
    """The seam's capabilities, and what only an eSCL job needs to know."""

    about: Capabilities
    kinds: frozenset[str]  # MIME types of images
    bilevel: bool
    extended: bool  # knows DocumentFormatExt

    def kind(self, settings: ScanSettings) -> str:
        """The MIME type to ask for."""
        wanted = _BILEVEL_KINDS if settings.bilevel else _GRAY_KINDS
        return next(one for one in wanted if one in self.kinds)


def able(body: bytes) -> Able:
    """From ScannerCapabilities; FeedError(CONFIG) without a feeder or without a kind of image we read."""
    root = parsed(body)
    feeders = {name_of(one): one for one in root.iter() if name_of(one).startswith("Adf")}
    duplex = feeders.get("AdfDuplexInputCaps")
    feeder = duplex if duplex is not None else feeders.get("AdfSimplexInputCaps")
    if feeder is None:
        raise FeedError(Fault.CONFIG, "The scanner has no document feeder.")
    options = set(texts(root, "AdfOption"))
    # a profile may be told once for the whole device and only be named by the feeder
    profile = feeder if first(feeder, "ColorMode") else root
    kinds = {*texts(profile, "DocumentFormat"), *texts(profile, "DocumentFormatExt")} & {*_GRAY_KINDS}
    if not kinds:
        raise FeedError(Fault.CONFIG, "The scanner cannot send JPEG, TIFF, PNG or PDF.")
    modes = set(texts(profile, "ColorMode"))
    return Able(
        Capabilities(
            device=f"escl:{_model(root)} {first(root, 'SerialNumber')}".strip()[:120],
            replayable=False,
            dpis=tuple(sorted(_dpis(profile))),
            colour="RGB24" in modes,
            gray="Grayscale8" in modes,
            duplex=duplex is not None or "Duplex" in options,
            max_mm=(number(feeder, "MaxWidth") * UNIT_MM, number(feeder, "MaxHeight") * UNIT_MM),
            model=_model(root)[:80],
            serial=first(root, "SerialNumber")[:80],
            double_feed="MultipickDetection" in options,
        ),
        frozenset(kinds),
        "BlackAndWhite1" in modes,
        bool(first(profile, "DocumentFormatExt")),
    )


def negotiate(asked: ScanSettings, able: Able) -> ScanSettings:
    """The nearest the device can do: never fewer dpi, never fewer sides; FeedError(CONFIG) if it cannot.

    eSCL has no imprinter, and tells double feeds by itself or not at all.
    """
    about = able.about
    if asked.duplex and not about.duplex:
        raise FeedError(Fault.CONFIG, "The scanner does not scan both sides in one pass.")
    enough = [dpi for dpi in about.dpis if dpi >= asked.dpi]
    if not enough:
        raise FeedError(Fault.CONFIG, f"The scanner does not reach {asked.dpi} dpi.")
    bilevel = able.bilevel and (asked.bilevel or not (about.colour or about.gray))
    if not bilevel and not about.colour and not about.gray:
        raise FeedError(Fault.CONFIG, "The scanner offers neither gray nor colour.")
    _check_options(asked.options)
    return replace(
        asked,
        dpi=min(enough),
        colour=not bilevel and about.colour and (asked.colour or not about.gray),
        bilevel=bilevel,
        page_mm=_area(asked.page_mm, about.max_mm),
        double_feed=asked.double_feed and about.double_feed,
        imprint=None,
    )


def _check_options(options: tuple[tuple[str, str], ...]) -> None:
    """The device's own settings are elements of its job: Brightness, Contrast, Threshold, ..."""
    for name, _ in options:
        if not re.fullmatch("[A-Za-z][A-Za-z0-9]*", name):
            raise FeedError(Fault.CONFIG, f"{name!r} cannot be the name of a setting of a scanner.")


def _model(root: Element) -> str:
    return first(root, "MakeAndModel") or first(root, "ModelName") or first(root, "Model")


def _dpis(profile: Element) -> set[int]:
    found = {number(one, "XResolution") for one in profile.iter() if name_of(one) == "DiscreteResolution"}
    for one in (one for one in profile.iter() if name_of(one) == "XResolutionRange"):
        low, high = number(one, "Min"), number(one, "Max")
        found |= {dpi for dpi in _USUAL_DPI if low <= dpi <= high}
    return found - {0}


def _area(
    asked: tuple[float, float] | None, largest: tuple[float, float] | None
) -> tuple[float, float] | None:
    if asked is None or largest is None or not all(largest):
        return asked or (largest if largest and all(largest) else None)
    return min(asked[0], largest[0]), min(asked[1], largest[1])
