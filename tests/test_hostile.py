"""Folders no scanner ever made: each file ends on record or in a clear line, in little memory and time."""

import io
import os
import socket
import struct
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scanner.simulate.deck import Deck, Press, SimulatedSheet
from tests.capture.paper import lying_png
from tests.command import Here, Json, Ran, election, lay, measured, package, valgskanner

REFERENDUM = package("folkeavstemning")
MOST_MB = 1000
MOST_SECONDS = 60.0  # on a busy machine; a quiet one needs five

Maker = Callable[[Path, SimulatedSheet], None]


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


@pytest.fixture(scope="module")
def sheet() -> SimulatedSheet:
    """A ballot that reads well, the raw material of what follows."""
    return Deck(Press(election("folkeavstemning")), seed=7, level=0).sheet(1)


def png(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""
    return lying_png(width, height, b"\0" * 1_000_000)


def tiff(width: int, height: int, strip: int = 8) -> bytes:
    """A one-page gray TIFF whose single strip claims as much as its header does."""
    tags = [
        *((256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1)),
        *((273, 4, strip), (277, 3, 1), (278, 4, height), (279, 4, min(width * height, 2**32 - 1))),
    ]
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + struct.pack("<I", 0)


def saved(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, dpi=(200, 200), quality=92)
    return out.getvalue()


def gray(image: bytes) -> Image.Image:
    return Image.open(io.BytesIO(image)).convert("L")


def sixteen_bits(image: bytes) -> bytes:
    return saved(Image.fromarray(np.asarray(gray(image), np.uint16) * 257), "TIFF")


def cmyk(image: bytes) -> bytes:
    return saved(gray(image).convert("CMYK"), "JPEG")


def pair(name: str, front: Callable[[bytes], bytes], back: Callable[[bytes], bytes] | None = None) -> Maker:
    """Two files for a sheet, each made from the side of the good ballot."""

    def make(folder: Path, good: SimulatedSheet) -> None:
        (folder / f"{name}F.jpg").write_bytes(front(good.front))
        (folder / f"{name}B.jpg").write_bytes((back or front)(good.back))

    return make


def just(content: bytes) -> Callable[[bytes], bytes]:
    return lambda _: content


def as_is(image: bytes) -> bytes:
    return image


def three_sides(folder: Path, good: SimulatedSheet) -> None:
    pages = [gray(one) for one in (good.front, good.back, good.front)]
    pages[0].save(folder / "three.tif", save_all=True, append_images=pages[1:], dpi=(200, 200))


def links_in_a_ring(folder: Path, _: SimulatedSheet) -> None:
    (folder / "ringF.jpg").symlink_to("ringB.jpg")
    (folder / "ringB.jpg").symlink_to("ringF.jpg")
    (folder / "self").symlink_to(".", target_is_directory=True)


def not_plain_files(folder: Path, _: SimulatedSheet) -> None:
    os.mkfifo(folder / "pipeF.jpg")
    (folder / "pipeB.jpg").mkdir()
    (folder / "lockedF.jpg").write_bytes(b"x")
    (folder / "lockedF.jpg").chmod(0)
    with chdir(folder), socket.socket(socket.AF_UNIX) as one:  # the name of a socket must be short
        one.bind("sockB.jpg")


NAMES = (
    b"-rf F.jpg",
    b"[bold red]F.jpg",
    b"line\nbreakF.jpg",
    b"\x1b[2J\x1b]0;F.jpg",
    b"r\xe5dF.jpg",
    "blåbær čáhci 選F.jpg".encode(),
    "ra\u202egpj.F.jpg".encode(),
    b"n" * 250 + b".jpg",
    b"F.jpg",
    b".F.jpg",
)


def odd_names(folder: Path, good: SimulatedSheet) -> None:
    for name in NAMES:
        (folder / os.fsdecode(name)).write_bytes(good.front)


MAKERS: dict[str, Maker] = {
    "empty": pair("empty", just(b"")),
    "text": pair("text", just(b"This is no picture at all.\n" * 50)),
    "truncated": pair("cut", lambda one: one[: len(one) // 2]),
    "stub": pair("stub", lambda one: one[:40]),
    "png_60000": pair("bigpng", just(png(60_000, 60_000))),
    "png_that_lies": pair("lyingpng", just(png(2000, 1500))),
    "png_of_one_pixel": pair("dot", just(png(1, 1))),
    "tiff_60000": pair("bigtif", just(tiff(60_000, 60_000))),
    "tiff_that_lies": pair("lyingtif", just(tiff(2000, 1500, 4_000_000_000))),
    "jpeg_65500": pair("bigjpg", lambda one: one.replace(one[163:167], b"\xff\xdc\xff\xdc", 1)),
    "pdf": pair("pdf", just(b"%PDF-1.7\n1 0 obj << /Type /Pages /Kids [1 0 R] /Count 99999999 >> endobj")),
    "one_color": pair("black", just(saved(Image.new("L", (2300, 1760), 0), "JPEG"))),
    "noise": pair("noise", just(os.urandom(200_000))),
    "ring": links_in_a_ring,
    "not_plain_files": not_plain_files,
}


def classified(folder: Path, here: Here) -> Ran:
    words = ("--election", REFERENDUM, "--source", f"folder:{folder}", "--workers", 1, "--json")
    return here("classify", *words)


def no_harm(seen: Ran) -> None:
    """Exit 3 or 5, a line that says why, no traceback."""
    assert seen.code in {3, 5}, seen.err
    assert "Traceback" not in seen.err
    assert all(one["category"] == "tvilsom" and one["reasons"] for one in seen.lines), seen.out
    assert seen.err or all(one["reasons"] for one in seen.lines)


@pytest.mark.parametrize("name", MAKERS)
def test_each_alone_is_doubt_with_a_reason(
    name: str, sheet: SimulatedSheet, tmp_path: Path, here: Here
) -> None:
    MAKERS[name](tmp_path, sheet)
    seen = classified(tmp_path, here)
    no_harm(seen)
    assert seen.lines or seen.code == 5


@pytest.mark.parametrize("how", [sixteen_bits, cmyk, as_is])
def test_unusual_but_whole_pictures_are_read_alike(
    how: Callable[[bytes], bytes], sheet: SimulatedSheet, tmp_path: Path, here: Here
) -> None:
    pair("odd", how)(tmp_path, sheet)
    (line,) = classified(tmp_path, here).lines
    assert line["category"] in {sheet.truth.category.value, "tvilsom"}
    assert line["identity"]["agree"], "a deeper or wider picture of the same paper is the same ballot"


@pytest.mark.parametrize(
    "sides",
    [("F",), ("F", "F2"), ("F", "B", "C")],
    ids=["one side", "the same face twice", "an extra image"],
)
def test_wrong_sides_are_doubt(
    sides: tuple[str, ...], sheet: SimulatedSheet, tmp_path: Path, here: Here
) -> None:
    rows = {"F": sheet.front, "B": sheet.back, "F2": sheet.front, "C": sheet.front}
    pages = [gray(rows[one]) for one in sides]
    pages[0].save(tmp_path / "ark.tif", save_all=True, append_images=pages[1:], dpi=(200, 200))
    seen = classified(tmp_path, here)
    assert seen.code == 3
    assert seen.lines[-1]["category"] == "tvilsom"
    wanted = "same_face_twice" if sides == ("F", "F2") else "wrong_number_of_sides"
    assert wanted in seen.lines[-1]["reasons"]


def everything(folder: Path, sheet: SimulatedSheet) -> Path:
    """All of it at once, with one good ballot in the middle."""
    folder.mkdir()
    for make in (*MAKERS.values(), three_sides):
        make(folder, sheet)
    lay([sheet], folder)
    return folder


def test_all_at_once_leaves_the_good_ballot_good(sheet: SimulatedSheet, tmp_path: Path) -> None:
    folder = everything(tmp_path / "skann", sheet)
    seen = measured("classify", "--election", REFERENDUM, "--source", f"folder:{folder}", "--json")
    assert (seen.code, "Traceback" in seen.err) == (3, False)
    good = [one for one in seen.lines if one["sheet"] == sheet.name]
    assert [one["category"] for one in good] == [sheet.truth.category.value]
    others = [one for one in seen.lines if one["sheet"] not in {sheet.name, "three-0001"}]
    assert all(one["category"] == "tvilsom" and one["reasons"] for one in others)
    told = seen.out + seen.err
    assert all(one.name in told for one in folder.iterdir()), "every file is on record or in a line"
    assert seen.peak_mb < MOST_MB
    assert seen.seconds < MOST_SECONDS


def test_all_at_once_goes_into_the_store_once(sheet: SimulatedSheet, tmp_path: Path) -> None:
    folder = everything(tmp_path / "skann", sheet)
    store = ("--store", f"sqlite:{tmp_path / 'a.db'}")
    words = ("scan", "--election", REFERENDUM, *store, "--box", "K1", "--source", f"folder:{folder}")
    first, again = measured(*words), valgskanner(*words)
    assert (first.code, again.code) == (0, 0)
    assert "Traceback" not in first.err + again.err
    assert "Box K1: 0 sheets fed now" in again.err, "nothing comes in twice"
    assert first.peak_mb < MOST_MB
    read = measured("read", *store, "--json")
    assert (read.code, "Traceback" in read.err) == (3, False)
    assert f", {len(read.lines)} in all." in again.err
    assert len({one["id"] for one in read.lines}) == len(read.lines)
    sure = [one["sheet"] for one in read.lines if one["category"] != "tvilsom"]
    assert set(sure) == {sheet.name, "three-0001"}, (
        "the first two pages of three are a sheet, the third is not"
    )
    assert read.peak_mb < MOST_MB
    (tally,) = valgskanner("tally", *store, "--json").lines
    assert (tally["fed"], tally["undecided"]) == (len(read.lines), len(read.lines) - 2)


def test_names_of_any_bytes_are_shown_safely(sheet: SimulatedSheet, tmp_path: Path) -> None:
    odd_names(tmp_path, sheet)
    words = ("--election", REFERENDUM, "--source", f"folder:{tmp_path}", "--workers", 1)
    seen = valgskanner("classify", *words, "--json", env={"PYTHONIOENCODING": "ascii"})
    told = valgskanner("classify", *words)
    assert (seen.code, told.code) == (3, 3)
    hidden = sum(one.startswith(b".") for one in NAMES)
    assert len(seen.lines) == len(told.out.splitlines()) == len(NAMES) - hidden
    names = [one["sheet"] for one in seen.lines]
    assert len(set(names)) == len(names)
    for text in (seen.out, seen.err, told.out, told.err):
        assert "Traceback" not in text
        assert not {*text} & {"\x1b", "\u202e"}, "nothing that could turn a terminal around"
    assert "[bold red]" in told.out, "a name is no markup"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "manifest.csv line 1"),
        ("sheet,front\n1,a.jpg\n", "manifest.csv line 1"),
        ("sheet,front,back\n1,../../etc/passwd,/etc/passwd\n", "leads out of the folder"),
        ("sheet,front,back\n1,none.jpg,nor.jpg\n", "none.jpg"),
        ("sheet,front,back\n1,0001F.jpg,0001B.jpg\n1,0001F.jpg,0001B.jpg\n", "listed twice"),
        ("sheet,front,back\n" + '"' * 200_001, "manifest.csv"),
    ],
    ids=["empty", "no back", "leads out", "names nothing", "twice", "endless field"],
)
def test_a_manifest_that_lies(
    text: str, words: str, sheet: SimulatedSheet, tmp_path: Path, here: Here
) -> None:
    lay([sheet], tmp_path)
    (tmp_path / "manifest.csv").write_text(text, "utf-8")
    seen = classified(tmp_path, here)
    no_harm(seen)
    assert words in seen.err


def test_marks_meets_the_same_files(sheet: SimulatedSheet, tmp_path: Path, here: Here) -> None:
    skann = everything(tmp_path / "skann", sheet)
    (tmp_path / "fields.csv").write_text("name,kind,x,y,w,h\na,box,300,300,40,40\n")
    form = ("--specimen", skann / f"{sheet.name}F.jpg", "--fields", tmp_path / "fields.csv", "--json")
    files = sorted(one for one in skann.iterdir() if one.name.endswith(".jpg"))
    seen = measured("marks", *files, *form)
    assert (seen.code, "Traceback" in seen.err) == (3, False)
    registered = [one["image"] for one in seen.lines if one["registered"]]
    assert registered == [f"{sheet.name}F.jpg"]
    assert all(doubtful(one) for one in seen.lines if not one["registered"])
    assert {one["image"] for one in seen.lines} == {one.name for one in files}
    assert seen.peak_mb < MOST_MB
    bad = ("marks", files[0], "--specimen", skann / "emptyF.jpg", "--fields", tmp_path / "fields.csv")
    assert here(*bad).code == 5


def doubtful(line: Json) -> bool:
    return bool(line["reason"]) and {one["state"] for one in line["fields"]} == {"doubtful"}
