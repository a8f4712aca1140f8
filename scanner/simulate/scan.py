"""What a scanner makes of a sheet: crooked, stretched, turned, dirty, noisy, and at last a JPEG.

The whole geometry of a face is laid in one step: feed speed is a function of the row or of the column
alone, and over a narrow strip along the sensor it is constant.
"""

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt
import simplejpeg

from scanner.ballot import Face
from scanner.pixels import INCH_MM, Picture
from scanner.simulate.wear import Corner, Fold, Scanner, Streak, Transport, Wear

BLEED_MM = 3.0  # print continues this far beyond the cut

Reals = npt.NDArray[np.float32]


def with_bleed(picture: Picture, dpi: float) -> Picture:
    """A printed face with its edges continued `BLEED_MM` outwards, as on the uncut sheet."""
    n = _bleed_px(dpi)
    return np.asarray(cv2.copyMakeBorder(picture, n, n, n, n, cv2.BORDER_REPLICATE), np.uint8)


def _bleed_px(dpi: float) -> int:
    return round(BLEED_MM * dpi / INCH_MM)


def paper(uncut: Picture, face: Face, worn: Wear) -> tuple[Picture, tuple[float, float]]:
    """One face of a fresh sheet, and where on it (mm) the print's origin lies.

    `uncut` comes from `with_bleed` at the scanner's dpi. The print lies shifted on its paper, the
    paper is cut a little wrong, and printed dots have grown.
    """
    k = worn.scanner.dpi / INCH_MM
    pad = _bleed_px(worn.scanner.dpi)
    shift = worn.print_shift_mm[0 if face is Face.INSIDE else 1]
    x, y = pad - round(shift[0] * k), pad - round(shift[1] * k)
    w = uncut.shape[1] - 2 * pad + round(worn.cut_mm[0] * k)
    h = uncut.shape[0] - 2 * pad + round(worn.cut_mm[1] * k)
    page = uncut[y : y + h, x : x + w]
    if worn.dot_gain > 0.02:
        grown = cv2.erode(page, np.ones((3, 3), np.uint8))
        page = np.asarray(cv2.addWeighted(page, 1 - worn.dot_gain, grown, worn.dot_gain, 0), np.uint8)
    else:
        page = page.copy()
    return page, ((pad - x) / k, (pad - y) / k)


def scanned(pages: tuple[Picture, Picture], worn: Wear) -> tuple[Picture, Picture]:
    """The pictures of inside and outside as the sensors see them, paper and all.

    `pages` as from `paper`, with all ink on them, same size. Grey (h, w) or RGB (h, w, 3).
    """
    inside, outside = pages
    return (
        _face(inside, outside, worn, Face.INSIDE),
        _face(outside, inside, worn, Face.OUTSIDE),
    )


def _face(page: Picture, other: Picture, worn: Wear, face: Face) -> Picture:
    """One face through its sensor."""
    n = 0 if face is Face.INSIDE else 1
    rng = np.random.default_rng([worn.seed, n])
    k = worn.scanner.dpi / INCH_MM
    sheet = _show_through(page, other, worn)
    for one in worn.folds:
        crease(sheet, one, face, k)
    _edge(sheet, worn.scanner, rng)
    if worn.corner is not None:
        _turn_corner(sheet, other, worn.corner, face, worn.scanner)
    frame = _transported(sheet, worn, face)
    _dirt(frame, worn.specks[n], k, rng)
    return sensed(frame, worn.scanner, worn.streaks[n], rng)


def _show_through(page: Picture, other: Picture, worn: Wear) -> Picture:
    """The other face shines through the paper, blurred; the paper itself is not pure white."""
    behind = cv2.flip(cv2.resize(other, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), 1)
    behind = cv2.resize(cv2.blur(behind, (3, 3)), page.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    level, t = worn.paper / 255, worn.bleed
    return np.asarray(cv2.addWeighted(page, level, behind, t, -255 * t), np.uint8)


def crease(sheet: Picture, fold: Fold, face: Face, k: float) -> None:
    """A fold in place: dark in the valley, a brighter bevel beside it; the other way on the outside."""
    h, w = sheet.shape[:2]
    sign = 1 if face is Face.INSIDE else -1
    x = fold.at[0] * k if face is Face.INSIDE else w - fold.at[0] * k
    a = np.radians(fold.angle_deg) * sign
    normal = np.array([np.cos(a), np.sin(a)], np.float32)
    reach = 4 * fold.width_mm * k + 2
    steep = abs(normal[0]) > 0.9
    cross, along = (x, h) if steep else (fold.at[1] * k, w)
    spread = reach + along * abs(normal[1] if steep else normal[0])
    low, high = max(0, int(cross - spread)), min(w if steep else h, int(cross + spread) + 1)
    if not steep and abs(normal[1]) < 0.9:
        low, high = 0, h
    part = sheet[:, low:high] if steep else sheet[low:high]
    ys, xs = np.ogrid[0 : part.shape[0], 0 : part.shape[1]]
    left, top = (low, 0) if steep else (0, low)
    away = (xs + left - x) * normal[0] + (ys + top - fold.at[1] * k) * normal[1]
    _shade(part, away.astype(np.float32) / np.float32(fold.width_mm * k / 2), fold, sign)


def _shade(part: Picture, away: Reals, fold: Fold, sign: int) -> None:
    """Darken a strip in place by the profile of a fold; `away` in half widths of the fold."""
    valley = np.exp(-(away**2))
    bevel = np.exp(-((away - 2.2 * sign) ** 2) / 2)
    light = 1 - fold.loses * valley * (1 if sign > 0 else 0.6) + fold.bevel * bevel * 0.5
    shaded = part * (light[..., None] if part.ndim == 3 else light)
    part[...] = np.clip(shaded, 0, 255).astype(np.uint8)


def _edge(sheet: Picture, on: Scanner, rng: np.random.Generator) -> None:
    """The cut edge throws a shadow on a light backing and shines on a dark one, in place."""
    dark = int(rng.integers(120, 215)) if on.backing > 100 else 235
    for side in (sheet[:1], sheet[-1:], sheet[:, :1], sheet[:, -1:]):
        side[...] = np.minimum(side, dark)
    low = sheet[-2:] if rng.random() < 0.5 else sheet[:2]
    low[...] = np.minimum(low, dark)


def _turn_corner(sheet: Picture, other: Picture, corner: Corner, face: Face, on: Scanner) -> None:
    """Cut off a corner or turn it over, in place: what lies behind shows, or the paper's other face.

    A corner is always turned towards the inside, so the outside sees the backing alone.
    """
    h, w = sheet.shape[:2]
    k = on.dpi / INCH_MM
    right, low = corner.which in {1, 2}, corner.which in {2, 3}
    if face is Face.OUTSIDE:
        right = not right
    a, b = corner.legs_mm[0] * k, corner.legs_mm[1] * k
    x, y = w if right else 0, h if low else 0
    ends = np.array([(x - a if right else a, y), (x, y - b if low else b)])
    tip = np.array([x, y], float)
    gone = np.round(np.array([tip, *ends])).astype(np.int32)
    cv2.fillPoly(sheet, [gone], [on.backing] * 3)
    if corner.cut or face is Face.OUTSIDE:
        return
    along = (ends[1] - ends[0]) / np.hypot(*(ends[1] - ends[0]))
    foot = ends[0] + along * ((tip - ends[0]) @ along)
    turned = np.round(np.array([2 * foot - tip, *ends])).astype(np.int32)
    seen = cv2.mean(other[:: max(1, h // 64), :: max(1, w // 64)])[:3]
    cv2.fillPoly(sheet, [turned], seen)
    cv2.polylines(sheet, [turned], isClosed=True, color=[90] * 3, thickness=1, lineType=cv2.LINE_AA)


def frame_px(page_mm: tuple[float, float], worn: Wear) -> tuple[int, int]:
    """Width and height of the delivered picture: the box around the skewed paper, and the margin."""
    on = worn.scanner
    a = abs(np.radians(worn.skew_deg))
    lean = (page_mm[1] * np.sin(a), page_mm[0] * np.sin(a))
    size = [p + d + 2 * m for p, d, m in zip(page_mm, lean, on.margin_mm, strict=True)]
    return round(size[0] * on.dpi / INCH_MM), round(size[1] * on.dpi / INCH_MM)


def _transported(sheet: Picture, worn: Wear, face: Face) -> Picture:
    """The sheet laid into the scanner's frame: skew, offset, scale, stretch and turn in one step."""
    on = worn.scanner
    k = on.dpi / INCH_MM
    h, w = sheet.shape[:2]
    mirror = 1 if face is Face.INSIDE else -1
    wide, tall = frame_px((w / k, h / k), worn)
    xs = _way(wide, on.scale[0], worn.waves if on.transport is Transport.ACROSS else (), k)
    ys = _way(tall, on.scale[1], worn.waves if on.transport is Transport.DOWN else (), k)
    dx, dy = (_room(o, m) * k for o, m in zip(worn.offset_mm, on.margin_mm, strict=True))
    xs, ys = xs - mirror * dx, ys - dy
    a = np.radians(worn.skew_deg) * mirror + (np.pi if worn.turned else 0)
    turn = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
    return _laid(sheet, xs, ys, turn, on)


_STRIP = 32  # lines of the picture between which feed speed hardly changes: 0.03 px at 1 % slope


def _laid(sheet: Picture, xs: Reals, ys: Reals, turn: npt.NDArray[np.float64], on: Scanner) -> Picture:
    """The picture whose pixel (i, j) shows the sheet at turn·(xs[j], ys[i]) from its middle, strip by strip.

    Along the transport, strips are so narrow that each is an affine picture of the paper: that is two
    to three times as quick as a map of every pixel, and the same within a grey level.
    """
    h, w = sheet.shape[:2]
    frame = np.empty((len(ys), len(xs), *sheet.shape[2:]), np.uint8)
    down = on.transport is Transport.DOWN
    lines = ys if down else xs
    other, pace = (xs, (xs[-1] - xs[0]) / (len(xs) - 1)) if down else (ys, (ys[-1] - ys[0]) / (len(ys) - 1))
    for begin in range(0, len(lines), _STRIP):
        part = lines[begin : begin + _STRIP]
        slope = (part[-1] - part[0]) / (len(part) - 1) if len(part) > 1 else pace
        steps = np.diag([pace, slope] if down else [slope, pace])
        first = np.array([other[0], part[0]] if down else [part[0], other[0]])
        way = np.column_stack([turn @ steps, turn @ first + (w / 2 - 0.5, h / 2 - 0.5)])
        strip = np.s_[begin : begin + len(part)] if down else np.s_[:, begin : begin + len(part)]
        frame[strip] = cv2.warpAffine(
            sheet,
            way,
            frame[strip].shape[1::-1],
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=[on.backing] * 3,
        )
    return frame


def _room(offset: float, margin: float) -> float:
    """A frame is set so that at most half a millimetre of paper is lost."""
    return float(np.clip(offset, -margin - 0.5, margin + 0.5))


def _way(n: int, scale: float, waves: tuple[tuple[float, float, float], ...], k: float) -> Reals:
    """Where on the paper each of `n` lines of the picture was read, px from the middle."""
    at = np.arange(n, dtype=np.float32) - np.float32((n - 1) / 2)
    way = at * np.float32(scale)
    for amplitude, period, phase in waves:
        way += np.float32(amplitude * k) * np.sin(2 * np.pi * at / np.float32(period * k) + np.float32(phase))
    return np.asarray(way, np.float32)


def _dirt(frame: Picture, specks: int, k: float, rng: np.random.Generator) -> None:
    """Small dark dots, in place."""
    h, w = frame.shape[:2]
    for _ in range(specks):
        at = int(rng.integers(w) * 16), int(rng.integers(h) * 16)
        radius = int(min(0.3, 0.05 + rng.gamma(1.5, 0.03)) * k * 16)
        cv2.circle(frame, at, radius, [int(rng.integers(40, 190))] * 3, -1, cv2.LINE_AA, 4)


def sensed(frame: Picture, on: Scanner, streaks: tuple[Streak, ...], rng: np.random.Generator) -> Picture:
    """Blur, shading, streaks, tone curve and noise of the sensor."""
    if on.blur_px > 0.15:
        size = 3 if on.blur_px < 0.7 else 5
        frame = np.asarray(cv2.GaussianBlur(frame, (size, size), on.blur_px), np.uint8)
    across = frame if on.transport is Transport.DOWN else frame.swapaxes(0, 1)
    for one in streaks:
        _streak(across, one)
    if max(on.shading) > 0.005:
        n = across.shape[1]
        light = 1 - np.linspace(on.shading[0], 0, n) - np.linspace(0, on.shading[1], n)
        gain = np.rint(255 * light).astype(np.uint8)
        shape = (1, n, 1) if on.transport is Transport.DOWN else (n, 1, 1)
        every = np.broadcast_to(gain.reshape(shape[: frame.ndim]), frame.shape)
        frame = np.asarray(cv2.multiply(frame, np.ascontiguousarray(every), scale=1 / 255), np.uint8)
    return _noisy(np.asarray(cv2.LUT(frame, _tone(on)), np.uint8), on.noise, rng)


def _streak(across: Picture, one: Streak) -> None:
    """Darken or brighten a few columns, in place."""
    x = int(one.at * across.shape[1])
    rows = slice(int(one.begins * across.shape[0]), int(one.ends * across.shape[0]))
    part = across[rows, x : x + one.width_px]
    part[...] = np.minimum(part * one.keeps, 255).astype(np.uint8)


def _tone(on: Scanner) -> Picture:
    """The scanner's tone curve as a table of 256 values."""
    light = (np.arange(256) / 255) ** on.gamma
    return np.clip(on.black + light * (on.white - on.black), 0, 255).astype(np.uint8)


@cache
def _noise_tile() -> Picture:
    """One big patch of sensor noise, mean 128 and deviation 16; sheets look at it from other places."""
    rng = np.random.default_rng(2)
    grain = rng.standard_normal((2600, 4200), np.float32)
    tooth = cv2.GaussianBlur(grain[::-1].copy(), (0, 0), 1.2)
    both = 0.85 * grain + 0.5 * tooth / tooth.std()
    return np.asarray(np.clip(128 + 16 * both, 0, 255), np.uint8)


def _noisy(frame: Picture, deviation: float, rng: np.random.Generator) -> Picture:
    """The frame with noise of `deviation` grey levels."""
    h, w = frame.shape[:2]
    tile = _noise_tile()
    if h > tile.shape[0] - 1 or w > tile.shape[1] - 1:
        tile = np.tile(tile, (h // tile.shape[0] + 2, w // tile.shape[1] + 2))
    y, x = int(rng.integers(tile.shape[0] - h)), int(rng.integers(tile.shape[1] - w))
    noise = tile[y : y + h, x : x + w]
    if frame.ndim == 3:
        noise = np.asarray(cv2.merge([noise] * 3), np.uint8)
    k = deviation / 16
    return np.asarray(cv2.addWeighted(frame, 1, noise, k, -128 * k), np.uint8)


def jpeg(picture: Picture, quality: int, dpi: float) -> bytes:
    """A baseline JPEG that says its dpi, as scanner drivers write it."""
    grey = picture.ndim == 2
    data: bytes = simplejpeg.encode_jpeg(
        np.ascontiguousarray(picture[..., None] if grey else picture),
        quality=quality,
        colorspace="GRAY" if grey else "RGB",
        colorsubsampling="Gray" if grey else "420",
    )
    density = round(dpi).to_bytes(2, "big")
    return data[:13] + b"\x01" + density + density + data[18:] if data[6:11] == b"JFIF\0" else data
