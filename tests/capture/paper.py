"""Small pictures and files for the tests of this room."""

import io
import struct
import zlib

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image

WIDTH, HEIGHT = 260, 220


def page(seed: int, width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.uint8]:
    """A gray page that differs for each seed: dark bars on light paper, smooth enough for JPEG."""
    rng = np.random.default_rng(seed)
    levels = np.full((height, width), 230, np.uint8)
    for _ in range(6):
        x, y = rng.integers(10, width - 60), rng.integers(10, height - 30)
        levels[y : y + 16, x : x + 48] = rng.integers(20, 120)
    return cv2.GaussianBlur(levels, (0, 0), 1.0)


def jpeg(seed: int, **size: int) -> bytes:
    return simplejpeg.encode_jpeg(page(seed, **size)[:, :, None].copy(), quality=85, colorspace="GRAY")


def sheets(count: int, start: int = 0) -> list[tuple[bytes, bytes]]:
    """Sheets whose sides are all different."""
    return [(jpeg(2 * n), jpeg(2 * n + 1)) for n in range(start, start + count)]


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def multipage(kind: str, pages: int, **options: object) -> bytes:
    first, *rest = (Image.fromarray(page(n)) for n in range(pages))
    return saved(first, kind, save_all=True, append_images=rest, **options)


def lying_png(width: int, height: int, body: bytes = b"\0" * 64) -> bytes:
    """A PNG that claims a size and brings only `body`."""

    def chunk(kind: bytes, part: bytes) -> bytes:
        return struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(body, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
