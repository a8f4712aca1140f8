"""An image as an eSCL scanner sent it: whole, of the resolution agreed on, and of one side."""

from scanner.ballot import PageImage
from scanner.capture import decode
from scanner.capture.decode import Kind, inspect
from scanner.capture.events import Fault, FeedError, ScanSettings
from scanner.errors import ImageError
from scanner.pixels import INCH_MM

_ENDINGS = {Kind.JPEG: "jpg", Kind.TIFF: "tif", Kind.PNG: "png", Kind.PDF: "pdf"}
_WIDER = 1.05  # paper cannot be wider than the widest by more: feeders stretch, scanners scan beyond the edge
_SAME = 0.01  # a picture of the size of the area asked for, to this share, has the resolution asked for
_SCREEN_DPI = 100.0  # what files of unknown resolution claim (72, 96), and no ballot is scanned at


def sides(name: str, faces: str, data: bytes, dpi: int) -> tuple[PageImage, ...]:
    """The sides that one document holds, named `name` and a letter of `faces` each.

    A document is one side; a PDF or TIFF may hold both of a sheet. FeedError(BAD_IMAGE) if it is
    no image, CONFIG if it holds more pages than there are `faces`: some devices pack a whole stack
    into one file, and no sheet of it would be safe before the last had been fed.
    """
    try:
        told = inspect(f"{name}{faces[0]}", data)
    except ImageError as error:
        raise FeedError(Fault.BAD_IMAGE, str(error)) from error
    if told.pages > len(faces):
        text = f"The scanner sent {told.pages} pages in one file; set it to one file for each page."
        raise FeedError(Fault.CONFIG, text)
    ending = _ENDINGS.get(told.kind, str(told.kind).casefold())
    return tuple(
        PageImage(f"{name}{face}.{ending}", data, dpi=float(dpi), page=page)
        for page, face in enumerate(faces[: told.pages])
    )


def check(image: PageImage, settings: ScanSettings, widest_mm: float) -> tuple[str, ...]:
    """Notes on an image that may be kept; FeedError if it is damaged or of another resolution.

    It is decoded strictly, to the last block. What a file claims of its own resolution counts only
    if its size does not speak against it. `widest_mm`: the widest paper the scanner takes, 0 if it
    does not say.
    """
    try:
        page = decode.check(PageImage(image.name, image.data, page=image.page))
    except ImageError as error:
        raise FeedError(Fault.BAD_IMAGE, str(error)) from error
    widest = widest_mm / INCH_MM * settings.dpi
    if widest and page.width > widest * _WIDER:
        text = (
            f"{image.name} is {page.width} px wide, the widest paper at {settings.dpi} dpi is {widest:.0f}."
        )
        raise FeedError(Fault.CONFIG, text)
    if page.dpi is None or abs(page.dpi - settings.dpi) <= 1 or image.name.endswith(_ENDINGS[Kind.PDF]):
        return ()  # a PDF's dpi follows from its page's size, which devices round
    if page.dpi <= _SCREEN_DPI or _fits(page.width, page.height, settings):
        return (f"{image.name} claims {page.dpi:g} dpi, {settings.dpi} were agreed on.",)
    raise FeedError(Fault.CONFIG, f"{image.name} has {page.dpi:g} dpi, agreed were {settings.dpi}.")


def _fits(width: int, height: int, settings: ScanSettings) -> bool:
    """True if the picture is as large as the area scanned is at the resolution agreed on."""
    area = [mm / INCH_MM * settings.dpi for mm in settings.page_mm or (0.0, 0.0)]
    return all(abs(is_ - asked) <= _SAME * asked for is_, asked in zip((width, height), area, strict=True))
