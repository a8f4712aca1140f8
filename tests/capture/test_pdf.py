import io
import os
import zlib
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from scanner.ballot import PageImage
from scanner.capture import fax, pdf, strict_tiff
from scanner.capture.decode import decode
from scanner.capture.pdf_child import PdfChild
from scanner.capture.pdf_page import scanned_dpi
from scanner.errors import ImageError
from tests.capture.paper import multipage, page, saved

WIDE, HIGH = 640, 480
DOTS = np.random.default_rng(4).random((HIGH, WIDE)) < 0.01
BILEVEL = (page(3, width=WIDE, height=HIGH) > 128) ^ DOTS
LEVELS = np.where(BILEVEL, 255, 0).astype(np.uint8)


def document(*objects: bytes, media: str = "230.4 172.8") -> bytes:
    """A PDF of one page; object 4 is what it draws, the others are at hand as X5, X6, ..."""
    names = " ".join(f"/X{n} {n} 0 R" for n in range(5, 4 + len(objects)))
    fixed = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {media}]/Contents 4 0 R"
        f"/Resources<</XObject<<{names}>>>>>>".encode(),
    )
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, one) for n, one in enumerate((*fixed, *objects), 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n"


def stream(content: bytes, words: str = "") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (words.encode(), len(content), content)


def scan(content: bytes, words: str, *, depth: int = 1) -> bytes:
    """A PDF whose page is one picture of `WIDE` × `HIGH` at 200 dpi."""
    about = f"/Type/XObject/Subtype/Image/Width {WIDE}/Height {HIGH}/ColorSpace/DeviceGray"
    picture = stream(content, f"{about}/BitsPerComponent {depth}{words}")
    return document(stream(b"230.4 0 0 172.8 0 0 cm /X5 Do"), picture)


def fax_stream() -> bytes:
    with Image.open(io.BytesIO(saved(Image.fromarray(BILEVEL), "TIFF", compression="group4"))) as picture:
        ((at,), (size,)) = picture.tag_v2[273], picture.tag_v2[279]
        assert picture.fp is not None
        picture.fp.seek(at)
        return bytes(picture.fp.read(size))


FAX = fax_stream()
FAX_WORDS = f"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns {WIDE}/Rows {HIGH}%s>>"


def gray(content: bytes) -> np.ndarray:
    return decode(PageImage("a.pdf", content)).gray


@pytest.fixture
def child() -> Iterator[PdfChild]:
    one = PdfChild(patience_s=60.0)
    yield one
    one.close()


def test_a_fax_without_a_file_is_a_page() -> None:
    assert strict_tiff.available()
    assert np.array_equal(fax.gray(FAX, WIDE, HIGH) > 128, BILEVEL ^ (fax.gray(FAX, WIDE, HIGH)[0, 0] < 128))


@pytest.mark.parametrize("black_is_one", ["", "/BlackIs1 true"])
def test_a_fax_page_in_a_pdf_is_that_page_to_the_pixel(black_is_one: str) -> None:
    shown = gray(scan(FAX, FAX_WORDS % black_is_one))
    assert np.array_equal(shown, LEVELS) != np.array_equal(shown, 255 - LEVELS)
    assert np.array_equal(
        shown, 255 - gray(scan(FAX, FAX_WORDS % ("" if black_is_one else "/BlackIs1 true")))
    )


def test_a_damaged_fax_in_a_pdf_is_refused() -> None:
    half = len(FAX) // 2
    with pytest.raises(ImageError, match="damaged TIFF"):
        gray(scan(FAX[:half] + bytes(64) + FAX[half + 64 :], FAX_WORDS % ""))


def test_a_picture_packed_without_loss() -> None:
    levels = page(3, width=WIDE, height=HIGH)
    packed = zlib.compress(levels.tobytes())
    words = "/Filter/FlateDecode"
    assert np.array_equal(gray(scan(packed, words, depth=8)), levels)
    with pytest.raises(ImageError, match="a damaged picture"):
        gray(scan(packed[:500] + bytes(64) + packed[564:], words, depth=8))
    with pytest.raises(ImageError, match="cut short"):
        gray(scan(packed[: len(packed) // 2], words, depth=8))


def test_a_picture_that_unpacks_to_more_than_it_says() -> None:
    bomb = zlib.compress(bytes(64 * 2**20), 9)
    with pytest.raises(ImageError, match="longer than it says"):
        gray(scan(bomb, "/Filter/FlateDecode", depth=8))


def test_a_pdf_that_never_ends_is_given_up() -> None:
    """Forms that draw forms, ten each, twelve deep: a million million pictures in 2 KB."""
    forms = [
        stream(
            b"/X%d Do " % (n + 1) * 10,
            f"/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</X{n + 1} {n + 1} 0 R>>>>",
        )
        for n in range(5, 17)
    ]
    last = stream(b"0 0 9 9 re f", "/Type/XObject/Subtype/Form/BBox[0 0 99 99]")
    hostile = document(stream(b"/X5 Do"), *forms, last)
    hasty = PdfChild(patience_s=2.0)
    try:
        with pytest.raises(ImageError, match="cannot be opened within 2 s"):
            hasty.gray(hostile, 0)
    finally:
        hasty.close()


def test_after_a_death_the_next_is_opened(child: PdfChild) -> None:
    content = multipage("PDF", 2, resolution=200.0)
    assert child.pages(content) == 2
    process = child._process
    assert process is not None
    process.kill()
    process.wait()
    assert child.pages(content) == 2
    assert child.gray(content, 1)[0].shape == page(1).shape


def test_the_same_file_is_handed_over_once(child: PdfChild) -> None:
    content = multipage("PDF", 3, resolution=200.0)
    shown = [child.gray(content, n)[0] for n in range(3)]
    assert all(np.abs(one.astype(int) - page(n)).mean() < 6 for n, one in enumerate(shown))
    with pytest.raises(ImageError, match="has no page 4"):
        child.gray(content, 3)
    assert child.pages(content) == 3


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only where processes fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_opens_its_own(child: PdfChild) -> None:
    content = multipage("PDF", 1, resolution=200.0)
    child.pages(content)
    ours = child._process
    heir = os.fork()
    if heir == 0:
        try:
            fine = child.pages(content) == 1 and child._process is not ours
            child.close()
        finally:
            os._exit(0 if fine else 1)
    assert os.waitpid(heir, 0)[1] == 0
    assert child.pages(content) == 1
    assert child._process is ours


def test_what_is_no_pdf(child: PdfChild) -> None:
    for content in (b"%PDF-1.4", b"%PDF-1.4\n" + bytes(1000), document(b"<<>>")[:60]):
        with pytest.raises(ImageError, match="damaged PDF or one locked"):
            child.pages(content)
    with pytest.raises(ImageError):
        pdf.pages(b"%PDF-1.4")


@pytest.mark.parametrize(
    ("wide", "points", "dpi"),
    [(1654, 595.44, 200), (1654, 595.0, 200), (1654, 595.9, 200), (2480, 595.2, 300), (1654, 597.0, 199.477)],
)
def test_a_page_rounded_to_points_keeps_the_resolution_it_was_scanned_at(
    wide: int, points: float, dpi: float
) -> None:
    assert scanned_dpi(wide, points) == pytest.approx(dpi, abs=0 if dpi == round(dpi) else 1e-3)
