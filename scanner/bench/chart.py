"""A plain diagram: two axes, dots, lines and bars, drawn with Pillow, for reports on paper and screen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import log, log10
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from scanner import layout

Rgb = tuple[int, int, int]
Point = tuple[float, float]
INK, GREY, PALE = (30, 30, 30), (120, 120, 120), (225, 225, 225)
COLOURS: tuple[Rgb, ...] = ((31, 90, 170), (230, 130, 20), (60, 150, 70), (190, 40, 50))
_SIZE, _FINE = (1000, 640), 2  # px; drawn twice as fine and averaged down
_LEFT, _TOP, _RIGHT, _LOW = 110, 70, 40, 90


@cache
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The shipped sans serif at a size in px."""
    name = "LiberationSans-Bold.ttf" if bold else "LiberationSans-Regular.ttf"
    return ImageFont.truetype(str(Path(layout.__file__).parent / "fonts" / name), size)


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: what it shows, from where to where, its ticks, and how values are spaced."""

    label: str
    low: float
    high: float
    ticks: tuple[float, ...]
    spaced: Callable[[float], float] = float
    told: Callable[[float], str] = "{:g}".format

    def share(self, value: float) -> float:
        """Where a value lies on the axis, 0..1; beyond its ends, at them."""
        low, high = self.spaced(self.low), self.spaced(self.high)
        return (self.spaced(min(max(value, self.low), self.high)) - low) / (high - low)


def _per_cent(value: float) -> str:
    return f"{100 * value:.7f}".rstrip("0").rstrip(".") + " %"


def log_axis(label: str, low: int, high: int) -> Axis:
    """An axis of shares from 10^low to 10^high, told in per cent."""
    ticks = tuple(10.0**n for n in range(low, high + 1))
    return Axis(label, ticks[0], ticks[-1], ticks, log10, _per_cent)


def odds_axis(label: str) -> Axis:
    """An axis of probabilities spaced by their log odds: the ends, where decisions fall, are spread out."""
    ticks = (0.0001, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999)
    return Axis(label, 0.00004, 0.99996, ticks, lambda p: log(p / (1 - p)))


@dataclass(slots=True)
class Chart:
    """A diagram in the making."""

    title: str
    x: Axis
    y: Axis
    _image: Image.Image = field(init=False)
    _draw: ImageDraw.ImageDraw = field(init=False)
    _legend: int = 0

    def __post_init__(self) -> None:
        self._image = Image.new("RGB", (_SIZE[0] * _FINE, _SIZE[1] * _FINE), "white")
        self._draw = ImageDraw.Draw(self._image)
        self._text((_LEFT, 20), self.title, 22, bold=True)
        for value in self.x.ticks:
            at = self._at((value, self.y.low))
            self._line([at, self._at((value, self.y.high))], PALE, 1)
            self._text((at[0], at[1] + 8), self.x.told(value), 15, anchor="ma")
        for value in self.y.ticks:
            at = self._at((self.x.low, value))
            self._line([at, self._at((self.x.high, value))], PALE, 1)
            self._text((at[0] - 8, at[1]), self.y.told(value), 15, anchor="rm")
        self._text((_SIZE[0] / 2, _SIZE[1] - 36), self.x.label, 17, anchor="ma")
        self._text((16, _TOP - 24), self.y.label, 17)

    def line(self, points: Sequence[Point], colour: Rgb, width: int = 3) -> None:
        """A line through points in the axes' values; a line needs two."""
        if len(points) > 1:
            self._line([self._at(one) for one in points], colour, width)

    def dot(self, at: Point, colour: Rgb, radius: float = 6) -> None:
        """A dot."""
        x, y = self._at(at)
        box = [_FINE * v for v in (x - radius, y - radius, x + radius, y + radius)]
        self._draw.ellipse(box, fill=colour)

    def bar(self, low: Point, high: Point, colour: Rgb) -> None:
        """A filled rectangle between two corners."""
        (left, bottom), (right, top) = self._at(low), self._at(high)
        box = [_FINE * v for v in (min(left, right), min(top, bottom), max(left, right), max(top, bottom))]
        self._draw.rectangle(box, fill=colour)

    def words(self, at: Point, text: str) -> None:
        """A few words that begin at a point."""
        x, y = self._at(at)
        self._text((x + 6, y), text, 15, anchor="lm")

    def legend(self, text: str, colour: Rgb, *, low: bool = False) -> None:
        """One more row of the legend, top right; or, with `low`, bottom right and upwards."""
        y = _SIZE[1] - _LOW - 14 - 24 * self._legend if low else _TOP + 14 + 24 * self._legend
        self._legend += 1
        x = _SIZE[0] - _RIGHT - 14
        self._draw.rectangle([_FINE * v for v in (x - 14, y - 7, x, y + 7)], fill=colour)
        self._text((x - 22, y), text, 15, anchor="rm")

    def png(self, path: Path) -> None:
        """Write the picture."""
        self._image.resize(_SIZE, Image.Resampling.LANCZOS).save(path)

    def _at(self, point: Point) -> Point:
        wide, high = _SIZE[0] - _LEFT - _RIGHT, _SIZE[1] - _TOP - _LOW
        return _LEFT + wide * self.x.share(point[0]), _TOP + high * (1 - self.y.share(point[1]))

    def _line(self, points: Sequence[Point], colour: Rgb, width: int) -> None:
        fine = [(_FINE * x, _FINE * y) for x, y in points]
        self._draw.line(fine, fill=colour, width=_FINE * width, joint="curve")

    def _text(self, at: Point, text: str, size: int, *, bold: bool = False, anchor: str = "la") -> None:
        place = (_FINE * at[0], _FINE * at[1])
        self._draw.text(place, text, fill=INK, font=font(_FINE * size, bold=bold), anchor=anchor)
