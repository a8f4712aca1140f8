"""Handwriting to learn from, as ink alone: words by real writers, drawn capitals, handwriting fonts.

A piece of ink is a picture (h, w) of how much of the paper's light the pen takes, 0..255, cut to the
writing, and what it says. Real words: DHSD (Riaz et al. 2024, CC BY 4.0), split by writer.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from scanner.classify.writing import ALPHABET
from scanner.pixels import Gray
from scanner.simulate.letters import write
from scanner.simulate.marks import hand
from scanner.simulate.pens import InkColour, PenKind, inked, pen
from scanner.training.real import listed_words
from scanner.training.words_names import written

Random = np.random.Generator

FINE = 10.0  # px per mm at which capitals are drawn
COMB_MM = 4.475  # of the printed comb, as in layout.write_in

FONTS = (
    "breip/Breip.ttf", "bwht/BecauseWeBuild-Regular.otf", "bwht/BecauseWeLearn-Regular.otf",
    "bwht/BecauseWeOrganize-Regular.otf", "bwht/BecauseWeMentor-Regular.otf",
    "bwht/BecauseWeConnect-Regular.otf", "bwht/BecauseWeCreate-Regular.otf", "humor-sans/Humor-Sans.ttf",
    "kristi/Kristi.ttf", "dancingscript/DancingScript-Regular.otf", "fifthhorseman/dkg.ttf",
    "comic-neue/ComicNeue-Light.otf",
)  # fmt: skip
"""Below share/fonts/truetype or opentype, all under the SIL Open Font License; those missing are left out."""


MISLABELLED = {
    "5_63", "14_13", "14_145", "22_108", "30_39", "30_47", "30_53", "30_77", "30_93", "30_100", "30_101",
    "30_156",
}  # fmt: skip
"""Pictures of held-out writers whose label says another word than the picture, as one sees: left out."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Ink cut to the writing, its text in the networks' alphabet, and who wrote it (0: nobody)."""

    ink: Gray
    text: str
    writer: int
    name: str = ""  # as printed on a list, where that is not what is written


def plain(text: str) -> str | None:
    """The text in the networks' alphabet, None if it holds a sign that they do not know."""
    low = text.lower()
    return low if set(low) <= set(ALPHABET) - {"#"} else None


def real_words(folder: Path, writers: tuple[int, ...]) -> list[Piece]:
    """The words of some writers in a folder with `labels.csv` and `img/`; in the order of the file."""
    found = []
    for one in listed_words(folder):
        text = plain(one.text)
        if one.writer in writers and text and one.picture.stem not in MISLABELLED:
            piece = _cut(_darkness(one.picture))
            found += [Piece(piece, text, one.writer)] if piece is not None else []
    return found


def all_texts(folder: Path) -> list[str]:
    """What all the words say, whoever wrote them, each once: names to tell the right one from."""
    return list(dict.fromkeys(one.text for one in listed_words(folder)))


def _darkness(path: Path) -> Gray:
    """The ink of a picture of a word: 0 paper, 255 the darkest ink on it."""
    picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        return np.zeros((1, 1), np.uint8)
    paper, dark = float(np.percentile(picture, 90)), float(np.percentile(picture, 1))
    share = (paper - 10 - picture.astype(np.float32)) / max(paper - 10 - dark, 25)
    return np.asarray(np.clip(share * 255, 0, 255), np.uint8)


def _cut(ink: Gray) -> Gray | None:
    """The ink without its empty margins; None if nothing is written."""
    rows, columns = (np.flatnonzero((ink > 90).sum(axis) > 0) for axis in (1, 0))
    if len(rows) < 8 or len(columns) < 8:
        return None
    down, along = slice(max(rows[0] - 1, 0), rows[-1] + 2), slice(max(columns[0] - 1, 0), columns[-1] + 2)
    return np.asarray(ink[down, along], np.uint8)


def drawn_capitals(random: Random, count: int) -> list[Piece]:
    """Names in capitals by drawn hands, in the combs or freely."""
    found: list[Piece] = []
    while len(found) < count:
        text = written(random)
        low = plain(_letters(text))
        piece = capitals(text, random)
        found += [Piece(piece, low, 0)] if low and piece is not None else []
    return found


def _letters(text: str) -> str:
    """Sámi letters as the networks write them: without the accent."""
    return text.translate(str.maketrans("áčđŋšŧžÁČĐŊŠŦŽéÉ", "acdnstzACDNSTZeE"))


def capitals(text: str, random: Random) -> Gray | None:
    """A text in the capitals of some hand and pen, None if nothing of it can be drawn."""
    by, habit = hand(random), int(random.integers(1000))
    combs = random.random() < 0.4 and len(text) < 23
    tall = random.uniform(2.6, 5.2)
    strokes = write(text, (0, 0), tall, by, random, pitch_mm=COMB_MM if combs else None, habit=habit)
    held = pen(PenKind(random.choice(list(PenKind))), InkColour.BLACK, random)
    cover, _, _ = inked(strokes, held, FINE, random, (0.0, 0.0))
    return _cut(np.clip(cover / max(float(cover.max()), 0.1) * 255, 0, 255).astype(np.uint8))


def set_fonts() -> list[Path]:
    """The handwriting fonts of `FONTS` that this computer has."""
    roots = [Path("/usr/share/fonts"), Path.home() / ".local/share/fonts"]
    places = [root / kind / name for name in FONTS for root in roots for kind in ("truetype", "opentype", "")]
    return [one for one in places if one.is_file()]


def font_words(fonts: list[Path], random: Random, count: int) -> list[Piece]:
    """Names set in handwriting fonts, in capitals, small letters or both; none without fonts."""
    found: list[Piece] = []
    while fonts and len(found) < count:
        path = fonts[int(random.integers(len(fonts)))]
        text = _letters(written(random))
        text = (str.upper, str.lower, str, str)[int(random.integers(4))](text)
        low = plain(text)
        piece = _set(text, path)
        found += [Piece(piece, low, 0)] if low and piece is not None else []
    return found


def _set(text: str, path: Path) -> Gray | None:
    font = ImageFont.truetype(str(path), 48)
    none = font.getmask("\uffff").getbbox()
    if any(one != " " and font.getmask(one).getbbox() in {None, none} for one in text):
        return None
    page = Image.new("L", (int(font.getlength(text)) + 60, 130), 0)
    ImageDraw.Draw(page).text((30, 35), text, font=font, fill=255)
    return _cut(np.asarray(page))
