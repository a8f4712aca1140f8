import io
import struct
from collections.abc import Callable

import cv2
import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from scanner.ballot import PageImage
from scanner.capture.decode import Checked, DecodedPage, Kind, check, decode, inspect, kind_of
from scanner.capture.jpeg import _one_scan
from scanner.errors import ImageError
from tests.capture.paper import HEIGHT, WIDTH, jpeg, lying_png, multipage, page, saved

LEVELS = page(1)
GRAY = Image.fromarray(LEVELS)


def read(content: bytes, number: int = 0) -> DecodedPage:
    return decode(PageImage("p.img", content, page=number))


def far(one: DecodedPage, levels: np.ndarray = LEVELS) -> float:
    assert one.gray.dtype == np.uint8
    assert one.gray.flags.c_contiguous
    return float(np.abs(one.gray.astype(int) - levels).mean())


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("BMP", {}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "tiff_adobe_deflate"}),
    ],
)
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_lossless_files_give_the_same_levels(kind: str, options: dict[str, object], mode: str) -> None:
    assert far(read(saved(GRAY.convert(mode), kind, **options))) == 0


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("options", [{}, {"progressive": True}])
def test_jpeg_of_every_colour_space_is_the_same_gray(mode: str, options: dict[str, object]) -> None:
    assert far(read(saved(GRAY.convert(mode), "JPEG", quality=95, **options))) < 2


def test_jpeg_stored_as_plain_rgb_is_the_same_gray() -> None:
    assert far(read(saved(GRAY.convert("RGB"), "JPEG", quality=95, keep_rgb=True))) < 2


def test_coloured_ink_has_its_luminance() -> None:
    red = Image.new("RGB", (WIDTH, HEIGHT), (255, 0, 0))
    for content in (saved(red, "JPEG", quality=95), saved(red, "PNG"), saved(red.convert("CMYK"), "JPEG")):
        assert abs(int(read(content).gray[50, 50]) - 76) <= 2


def test_cmyk_without_the_adobe_mark_is_read_as_pillow_and_browsers_do() -> None:
    adobe = saved(GRAY.convert("CMYK"), "JPEG", quality=95)
    at = adobe.index(b"\xff\xee")
    plain = adobe[:at] + adobe[at + 2 + int.from_bytes(adobe[at + 2 : at + 4], "big") :]
    expected = np.asarray(Image.open(io.BytesIO(plain)).convert("RGB").convert("L"))
    assert far(read(plain), expected) < 2


@pytest.mark.parametrize("kind", ["TIFF", "PNG"])
def test_sixteen_bits_are_scaled_not_cut(kind: str) -> None:
    deep = Image.fromarray(LEVELS.astype(np.uint16) * 257)
    assert far(read(saved(deep, kind))) == 0


def test_sixteen_bit_colour_from_another_writer() -> None:
    _, content = cv2.imencode(".tif", np.dstack([LEVELS] * 3).astype(np.uint16) * 257)
    assert far(read(content.tobytes())) == 0


@pytest.mark.parametrize("photometric", [0, 1])
def test_fax_pages_are_never_inverted(photometric: int) -> None:
    ink = LEVELS < 128
    content = saved(Image.fromarray(~ink), "TIFF", compression="group4", tiffinfo={262: photometric})
    assert far(read(content), np.where(ink, 0, 255)) == 0


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_is_white(mode: str) -> None:
    see_through = GRAY.convert(mode)
    alpha = np.full(LEVELS.shape, 255, np.uint8)
    alpha[:100] = 0
    see_through.putalpha(Image.fromarray(alpha))
    expected = LEVELS.copy()
    expected[:100] = 255
    assert far(read(saved(see_through, "PNG")), expected) == 0


def test_palette_with_a_transparent_colour() -> None:
    indexed = Image.fromarray((LEVELS > 128).astype(np.uint8))
    indexed.putpalette([10, 10, 10, 0, 0, 0])
    assert far(read(saved(indexed, "PNG", transparency=1)), np.where(LEVELS > 128, 255, 10)) == 0


def test_each_page_of_a_tiff_is_its_own() -> None:
    content = multipage("TIFF", 3, compression="tiff_lzw")
    assert inspect("p.tif", content).pages == 3
    assert [far(read(content, n), page(n)) for n in range(3)] == [0, 0, 0]
    with pytest.raises(ImageError, match=r"^p\.img "):
        read(content, 3)


def test_a_big_tiff_counts_its_pages() -> None:
    content = saved(GRAY, "TIFF", big_tiff=True, save_all=True, append_images=[GRAY])
    assert content[:4] == b"II+\0"
    assert inspect("p.tif", content).pages == 2


def test_a_pdf_page_that_is_one_jpeg_is_that_jpeg() -> None:
    content = multipage("PDF", 2, resolution=200.0, quality=90)
    two = read(content, 1)
    assert inspect("p.pdf", content) == inspect("q.pdf", content)
    assert inspect("p.pdf", content).pages == 2
    assert far(two, page(1)) < 2
    assert two.dpi == pytest.approx(200, abs=0.5)


def test_a_pdf_page_that_shows_its_jpeg_inverted_is_drawn() -> None:
    content = multipage("PDF", 1, resolution=200.0, quality=90)
    inverted = content.replace(b"/BitsPerComponent 8", b"/Decode[1 0]/BitsPerComponent 8", 1)
    assert inverted != content
    assert far(read(inverted), 255 - page(0)) < 4


def scanned_pdf(content: bytes, *, marked: bool = False) -> bytes:
    """A PDF whose page is one JPEG, with a black bar drawn over it if `marked`."""
    document = pypdfium2.PdfDocument.new()
    picture = pypdfium2.PdfImage.new(document)
    picture.load_jpeg(io.BytesIO(content))
    picture.set_matrix(pypdfium2.PdfMatrix().scale(WIDTH * 0.36, HEIGHT * 0.36))  # 200 dpi
    paper = document.new_page(WIDTH * 0.36, HEIGHT * 0.36)
    paper.insert_obj(picture)
    if marked:
        bar = pypdfium2.raw.FPDFPageObj_CreateNewRect(0, 0, 9, 9)
        pypdfium2.raw.FPDFPath_SetDrawMode(bar, pypdfium2.raw.FPDF_FILLMODE_ALTERNATE, 0)
        pypdfium2.raw.FPDFPageObj_SetFillColor(bar, 0, 0, 0, 255)
        pypdfium2.raw.FPDFPage_InsertObject(paper, bar)
    paper.gen_content()
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def test_a_pdf_page_is_its_jpeg_to_the_bit() -> None:
    content = jpeg(1)
    assert far(read(scanned_pdf(content)), read(content).gray) == 0


def test_what_is_drawn_over_a_scan_is_seen() -> None:
    got = read(scanned_pdf(jpeg(1), marked=True))
    assert got.gray.shape == (HEIGHT, WIDTH)
    assert got.gray[-20:, :20].max() == 0


@pytest.mark.parametrize("marked", [False, True])
def test_a_damaged_scan_in_a_pdf_is_refused(*, marked: bool) -> None:
    whole = jpeg(1)
    content = scanned_pdf(whole, marked=marked)
    hole = content.replace(whole[2000:2064], b"\0" * 64)
    assert hole != content
    with pytest.raises(ImageError, match="damaged JPEG"):
        read(hole)


def test_a_locked_pdf_is_refused() -> None:
    locked = multipage("PDF", 1).replace(
        b"/Root", b"/Encrypt<</Filter/Standard/V 1/R 2/O()/U()/P 0>>/Root", 1
    )
    with pytest.raises(ImageError, match="damaged PDF or one locked"):
        inspect("p.pdf", locked)


@pytest.mark.parametrize(("options", "once"), [({}, True), ({"progressive": True}, False)])
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_scans_are_counted_only_where_there_can_be_many(
    mode: str, options: dict[str, object], *, once: bool
) -> None:
    assert _one_scan(saved(GRAY.convert(mode), "JPEG", **options)) is once


def test_a_pdf_of_paper_as_large_as_a_house_is_refused() -> None:
    content = multipage("PDF", 1, resolution=200.0).replace(b"93.6 79.2", b"9999 9999", 1)
    with pytest.raises(ImageError, match=r"larger than 80 million pixels"):
        read(content)


def test_orientation_tags_turn_the_page_as_browsers_show_it() -> None:
    exif = Image.Exif()
    for how in range(1, 9):
        exif[0x0112] = how
        content = saved(GRAY, "JPEG", quality=95, exif=exif)
        shown = np.asarray(_transposed(content))
        got = read(content)
        assert got.gray.shape == shown.shape
        assert far(got, shown) < 1
        assert bool(got.notes) == (how != 1)


def _transposed(content: bytes) -> Image.Image:
    from PIL import ImageOps  # noqa: PLC0415 - the reference, not the code under test

    return ImageOps.exif_transpose(Image.open(io.BytesIO(content)))


@pytest.mark.parametrize(("given", "expected"), [(200, 200), (300, 300), (None, None)])
def test_dpi_is_the_sources_then_the_files(given: int | None, expected: float | None) -> None:
    content = saved(GRAY, "JPEG", **({"dpi": (given, given)} if given else {}))
    assert read(content).dpi == expected
    assert decode(PageImage("p", content, dpi=240.0)).dpi == 240


@pytest.mark.parametrize("claim", [(204, 98), (5, 5), (9999, 9999)])
def test_a_dpi_that_cannot_be_is_not_believed(claim: tuple[int, int]) -> None:
    got = read(saved(GRAY, "JPEG", dpi=claim))
    assert got.dpi is None
    assert "not believed" in got.notes[0]


def test_dots_per_centimetre() -> None:
    content = bytearray(jpeg(1))
    content[13:18] = b"\x02\x00\x4f\x00\x4f"  # 79 dots per cm, both ways
    assert read(bytes(content)).dpi == pytest.approx(200.66)


HOSTILE = {
    "empty": (b"", "is empty"),
    "text": (b"Dette er ikke et bilde. " * 99, "is not an image"),
    "60000 squared": (lying_png(60000, 60000), "80 million"),
    "long and thin": (lying_png(2**31 - 1, 300), "80 million"),
    "90 million": (lying_png(9500, 9500), "80 million"),
    "claims a page, brings a row": (lying_png(3000, 3000), "damaged"),
    "1 x 1": (saved(Image.new("L", (1, 1)), "PNG"), "too small to be a ballot"),
    "1 x 1 jpeg": (saved(Image.new("L", (1, 1)), "JPEG"), "too small to be a ballot"),
    "half a jpeg": (jpeg(1)[: len(jpeg(1)) // 2], "JPEG cut short"),
    "jpeg without its end": (jpeg(1)[:-40], "JPEG cut short"),
    "jpeg cut short and closed": (jpeg(1)[:2000] + b"\xff\xd9", "damaged JPEG"),
    "jpeg with a hole": (jpeg(1)[:2000] + b"\0" * 64 + jpeg(1)[2064:], "damaged JPEG"),
    "three bytes of jpeg": (b"\xff\xd8\xff", "not a JPEG that can be read"),
    "a thousand scans": (saved(GRAY, "JPEG", progressive=True) + b"\xff\xda" * 1000, "more scans"),
    "half a png": (saved(GRAY, "PNG")[:900], "PNG cut short"),
    "half a tiff": (saved(GRAY, "TIFF")[:9000], "TIFF cut short|damaged"),
    "tiff in a circle": (b"II*\0\x08\0\0\0\0\0\x08\0\0\0", "damaged|circle"),
    "tiff of floats": (saved(Image.fromarray(LEVELS.astype(np.float32)), "TIFF"), "32-bit"),
    "pdf of nothing": (b"%PDF-1.7\n%%EOF", "damaged PDF"),
    "animation": (saved(GRAY, "WEBP", save_all=True, append_images=[Image.fromarray(page(2))]), "animation"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_get_one_sentence(name: str) -> None:
    content, words = HOSTILE[name]
    with pytest.raises(ImageError, match=words) as refusal:
        read(content)
    assert str(refusal.value).startswith("p.img ")
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


def test_a_jpeg_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(jpeg(1))
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = struct.pack(">HH", 60000, 60000)
    with pytest.raises(ImageError, match="60000 × 60000 pixels, more than 80 million"):
        read(bytes(content))
    content[at : at + 4] = struct.pack(">HH", 8000, 9000)
    with pytest.raises(ImageError, match="damaged JPEG"):
        read(bytes(content))


def test_a_tiff_whose_second_page_leads_back_to_the_first() -> None:
    content = bytearray(multipage("TIFF", 2))
    first = struct.unpack_from("<I", content, 4)[0]
    second_at = first + 2 + 12 * struct.unpack_from("<H", content, first)[0]
    second = struct.unpack_from("<I", content, second_at)[0]
    struct.pack_into("<I", content, second + 2 + 12 * struct.unpack_from("<H", content, second)[0], first)
    with pytest.raises(ImageError, match="circle"):
        inspect("p.tif", bytes(content))


def test_a_problem_noted_at_capture_is_the_answer() -> None:
    with pytest.raises(ImageError, match=r"^p\.jpg is a folder\.$"):
        decode(PageImage("p.jpg", b"", problem="p.jpg is a folder."))


def test_only_multipage_files_have_a_second_page() -> None:
    with pytest.raises(ImageError, match="has no page 2"):
        read(jpeg(1), 1)


@pytest.mark.parametrize(("content", "kind"), [(jpeg(1), Kind.JPEG), (b"BMnothing", Kind.BMP), (b"", None)])
def test_kind_is_told_by_content(content: bytes, kind: Kind | None) -> None:
    assert kind_of(content) is kind


SEEDS = [
    jpeg(1),
    saved(GRAY, "PNG"),
    saved(GRAY, "TIFF"),
    multipage("PDF", 1),
    saved(GRAY, "WEBP"),
    saved(GRAY, "BMP"),
]


@settings(max_examples=150, deadline=None)
@given(
    content=st.sampled_from(SEEDS),
    cut=st.floats(0, 1),
    holes=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), max_size=4),
)
def test_damaged_bytes_give_a_page_or_a_sentence(
    content: bytes, cut: float, holes: list[tuple[float, bytes]]
) -> None:
    broken = bytearray(content)
    for where, what in holes:
        at = int(where * (len(broken) - len(what)))
        broken[at : at + len(what)] = what
    try:
        got = read(bytes(broken[: int(cut * len(broken)) if cut < 0.5 else len(broken)]))
    except ImageError:
        return
    assert got.gray.ndim == 2
    assert got.gray.size <= 80e6


@settings(max_examples=40, deadline=None)
@given(share=st.floats(0.05, 0.95), value=st.integers(0, 255), length=st.sampled_from([1, 8, 64]))
def test_a_check_refuses_what_decoding_refuses(share: float, value: int, length: int) -> None:
    for whole in (jpeg(1), saved(GRAY.convert("CMYK"), "JPEG"), saved(GRAY, "PNG")):
        data = bytearray(whole)
        at = int(share * len(data))
        data[at : at + length] = bytes([value]) * length
        image = PageImage("a", bytes(data[: len(whole)]))
        page, seen = outcome(decode, image), outcome(check, image)
        if isinstance(page, DecodedPage):
            assert seen == Checked(page.gray.shape[1], page.gray.shape[0], page.dpi)
        else:
            assert seen == page


def outcome(look: Callable[[PageImage], object], image: PageImage) -> object:
    """What comes of it: a value, or the sentence of the refusal."""
    try:
        return look(image)
    except ImageError as refusal:
        return str(refusal)
