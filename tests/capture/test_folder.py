import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from scanner.ballot import Sheet
from scanner.capture.batch import Known, feed
from scanner.capture.decode import decode
from scanner.capture.events import End, Ended, Event, Fed, Noted, ScanSettings
from scanner.capture.files import printable
from scanner.capture.folder import FolderSource
from scanner.capture.pairing import by_manifest, by_name, natural
from scanner.capture.source import open_source
from scanner.errors import ImageError, InputError, UsageError
from tests.capture.paper import jpeg, multipage, page, saved

ONE_PIXEL = saved(Image.new("L", (1, 1)), "PNG")


def put(folder: Path, **files: bytes) -> Path:
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_bytes(content)
    return folder


def events(folder: Path) -> list[Event]:
    paper = FolderSource(str(folder)).start(ScanSettings())
    told: list[Event] = []
    while not isinstance(event := paper.next_sheet(1.0), Ended):
        told.append(event)
    assert event == Ended(End.HOPPER_EMPTY, sum(isinstance(one, Fed) for one in told))
    return told


def fed(folder: Path) -> list[Fed]:
    return [one for one in events(folder) if isinstance(one, Fed)]


def shape(sheets: list[Fed]) -> list[tuple[str, list[str]]]:
    return [(one.name, [side.name for side in one.images]) for one in sheets]


def test_pairs_in_natural_order_front_first(tmp_path: Path) -> None:
    put(tmp_path, s10F__jpg=jpeg(1), s10B__jpg=jpeg(2), s2F__JPEG=jpeg(3), s2b__Jpg=jpeg(4))
    sheets = fed(tmp_path)
    assert shape(sheets) == [("s2", ["s2F.JPEG", "s2b.Jpg"]), ("s10", ["s10F.jpg", "s10B.jpg"])]
    assert [one.data for one in sheets[1].images] == [jpeg(1), jpeg(2)]
    assert all(not one.notes for one in sheets)


@pytest.mark.parametrize("kind", ["png", "tif", "tiff", "TIF", "pdf", "bmp", "webp", "jpeg", "PNG"])
def test_every_extension_pairs(tmp_path: Path, kind: str) -> None:
    pillow = {"tif": "TIFF", "jpeg": "JPEG"}.get(kind.lower(), kind.upper())
    for face in "FB":
        (tmp_path / f"0001{face}.{kind}").write_bytes(saved(Image.fromarray(page(1)), pillow))
    (sheet,) = fed(tmp_path)
    assert [one.problem for one in sheet.images] == [None, None]
    assert [decode(one).gray.ndim for one in sheet.images] == [2, 2]


@pytest.mark.parametrize("kind", ["TIFF", "PDF"])
def test_a_multipage_file_holds_two_pages_a_sheet(tmp_path: Path, kind: str) -> None:
    put(tmp_path, box__tif=multipage(kind, 5))  # told by content, not by name
    sheets = fed(tmp_path)
    assert [one.name for one in sheets] == ["box-0001", "box-0002", "box-0003"]
    assert [[side.page for side in one.images] for one in sheets] == [[0, 1], [2, 3], [4]]
    assert [side.name for side in sheets[1].images] == ["box.tif#3", "box.tif#4"]
    assert [bool(one.notes) for one in sheets] == [False, False, True]
    assert "two sides are expected" in sheets[2].notes[0]


def test_two_pages_are_one_sheet_by_the_files_name(tmp_path: Path) -> None:
    put(tmp_path, b0007__pdf=multipage("PDF", 2))
    assert shape(fed(tmp_path)) == [("b0007", ["b0007.pdf#1", "b0007.pdf#2"])]


def test_one_file_instead_of_a_folder(tmp_path: Path) -> None:
    put(tmp_path, box__tif=multipage("TIFF", 4), other__jpg=jpeg(1))
    assert [one.name for one in fed(tmp_path / "box.tif")] == ["box-0001", "box-0002"]


def test_manifest_says_what_belongs_together(tmp_path: Path) -> None:
    put(tmp_path, a__jpg=jpeg(1), b__jpg=jpeg(2), c__jpg=jpeg(3))
    (tmp_path / "Manifest.csv").write_text(
        "\ufeffsheet;front;back;weight\nK-9;c.jpg;a.jpg;5\n\nK-10;b.jpg;\n"
    )
    sheets = fed(tmp_path)
    assert shape(sheets) == [("K-9", ["c.jpg", "a.jpg"]), ("K-10", ["b.jpg"])]
    assert sheets[1].notes == ("Sheet K-10 has only b.jpg where two sides are expected.",)


def test_files_and_manifest_that_disagree(tmp_path: Path) -> None:
    (tmp_path.parent / "outside.jpg").write_bytes(jpeg(5))
    put(tmp_path, a__jpg=jpeg(1), extra__jpg=jpeg(2))
    (tmp_path / "manifest.csv").write_text(
        "sheet,front,back\n1,a.jpg,gone.jpg\n2,../outside.jpg,/etc/passwd\n"
    )
    sheets = fed(tmp_path)
    assert [[side.problem for side in one.images] for one in sheets] == [
        [None, "gone.jpg cannot be read: no such file or directory."],
        [
            "../outside.jpg is a name that leads out of the folder.",
            "/etc/passwd is a name that leads out of the folder.",
        ],
        ["extra.jpg is not listed in manifest.csv."],
    ]
    assert all(side.data == b"" for side in sheets[1].images)
    assert sheets[2].images[0].data == jpeg(2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: the column 'sheet'"),
        ("sheet,front\n1,a.jpg", "line 1: the column 'back'"),
        ("sheet,front,back\n1,a.jpg,b.jpg\n1,c.jpg,d.jpg", "line 3: sheet 1 is listed twice"),
        ("sheet,front,back\n1,a.jpg,a.jpg", "line 2: a.jpg is listed twice"),
        ("sheet,front,back\n,a.jpg,b.jpg", "line 2: a sheet needs a name"),
        ("sheet,front,back\n5", "line 2: a sheet needs a name"),
        ("sheet,front,back\n1," + "x" * 200000, "line 2: field larger"),
    ],
)
def test_a_manifest_at_fault_names_its_line(tmp_path: Path, text: str, words: str) -> None:
    put(tmp_path, a__jpg=jpeg(1)).joinpath("manifest.csv").write_text(text)
    with pytest.raises(InputError, match=words):
        events(tmp_path)


def test_a_manifest_in_another_encoding(tmp_path: Path) -> None:
    put(tmp_path, manifest__csv="sheet,front,back\nå,a,b".encode("latin-1"))
    with pytest.raises(InputError, match="not UTF-8 at byte 17"):
        events(tmp_path)


def test_the_hostile_folder_goes_on_record_line_by_line(tmp_path: Path) -> None:
    put(
        tmp_path,
        emptyF__jpg=b"",
        emptyB__jpg=jpeg(1),
        textF__jpg=b"Dette er tekst.",
        textB__jpg=jpeg(2),
        tinyF__png=ONE_PIXEL,
        tinyB__png=ONE_PIXEL,
        threeF__jpg=jpeg(3),
        threeB__jpg=jpeg(4),
        threeB__png=saved(Image.fromarray(page(5)), "PNG"),
        aloneF__jpg=jpeg(6),
        halfF__jpg=jpeg(7)[:900],
        halfB__jpg=jpeg(8),
        photo__heic=b"whatever",
        truth__json=b"{}",
        __DS_Store=b"",
    )
    (tmp_path / "sub").mkdir()
    (tmp_path / "dirF.jpg").mkdir()
    (tmp_path / "loop.jpg").symlink_to("loop.jpg")
    (tmp_path / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "gone.tif").symlink_to("nowhere")
    told = {one.name: one for one in fed(tmp_path)}
    lines = {name: one.notes for name, one in told.items()}
    assert lines == {
        "alone" + "F": ("Sheet aloneF has only aloneF.jpg where two sides are expected.",),
        "dirF": ("dirF.jpg cannot be read: is a directory.",),
        "empty": ("emptyF.jpg is empty.",),
        "gone": ("gone.tif cannot be read: no such file or directory.",),
        "half": ("halfF.jpg is a JPEG cut short.",),
        "loop": ("loop.jpg cannot be read: too many levels of symbolic links.",),
        "photo.heic": ("photo.heic is not named as an image (.jpg, .png, .tif, .pdf).",),
        "sub": ("sub cannot be read: is a directory.",),
        "text": ("textF.jpg is not an image that can be read.",),
        "three": ("Sheet three has 3 images where two sides are expected.",),
        "tiny": (
            "tinyF.png is 1 × 1 pixels, too small to be a ballot.",
            "tinyB.png is 1 × 1 pixels, too small to be a ballot.",
        ),
        "up": ("up cannot be read: is a directory.",),
    }
    assert [one.text for one in events(tmp_path) if isinstance(one, Noted)] == [
        ".DS_Store is no ballot and was left out.",
        "truth.json is no ballot and was left out.",
    ]
    assert told["empty"].images[1].problem is None
    assert [len(told["three"].images), len(told["alone" + "F"].images)] == [3, 1]
    with pytest.raises(ImageError, match=r"halfF\.jpg is a JPEG cut short"):
        decode(told["half"].images[0])


def test_a_pipe_that_nobody_writes_to_does_not_hold_us(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p1F.jpg")
    (sheet,) = fed(put(tmp_path, p1B__jpg=jpeg(1)))
    assert "p1F.jpg is not a file" in (sheet.images[0].problem or "")


def test_a_file_we_may_not_read(tmp_path: Path) -> None:
    put(tmp_path, aF__jpg=jpeg(1)).joinpath("aF.jpg").chmod(0)
    (sheet,) = fed(tmp_path)
    root_reads_all = ("Sheet aF has only aF.jpg where two sides are expected.",)
    refused = ("aF.jpg cannot be read: permission denied.",)
    assert sheet.notes == (refused if os.geteuid() else root_reads_all)


def test_names_no_line_can_hold(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff\x1b[31mF.jpg")).write_bytes(jpeg(1))
    (tmp_path / "a\nb.jpg").write_bytes(jpeg(2))
    for sheet in fed(tmp_path):
        for text in (sheet.name, *sheet.notes, *(one.name for one in sheet.images)):
            assert text.isprintable()
            assert text.encode()


def test_names_of_sheets_are_unique(tmp_path: Path) -> None:
    put(tmp_path, k__jpg=jpeg(1), k__png=ONE_PIXEL, kF__jpg=jpeg(2), kB__jpg=jpeg(3))
    names = [one.name for one in fed(tmp_path)]
    assert len(set(names)) == len(names) == 3


def test_no_folder_and_no_image(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not there"):
        open_source(f"folder:{tmp_path}/none")
    with pytest.raises(InputError, match="holds no image"):
        events(tmp_path)
    put(tmp_path, truth__json=b"{}")
    with pytest.raises(InputError, match="holds no image"):
        events(tmp_path)


@pytest.mark.parametrize("spec", ["fax:1", "folder", "folder:", "hot:", "escl:", "", "C:\\scan"])
def test_other_sources_are_not_supported(spec: str) -> None:
    with pytest.raises(UsageError, match=r"not one this build supports: write folder:PATH, "):
        open_source(spec)


def test_an_interrupted_folder_goes_on_without_repeating(tmp_path: Path) -> None:
    for n in range(1, 6):
        put(tmp_path, **{f"{n:04d}F__jpg": jpeg(n), f"{n:04d}B__jpg": jpeg(90 + n)})
    kept: list[Sheet] = []

    def until_power_fails(sheet: Sheet) -> None:
        if len(kept) == 3:
            raise InterruptedError
        kept.append(sheet)

    source = open_source(f"folder:{tmp_path}")
    with pytest.raises(InterruptedError):
        feed(source, "K1", ScanSettings(), until_power_fails)
    told: list[str] = []
    known = [known_as(one) for one in kept]
    report = feed(source, "K1", ScanSettings(), kept.append, first=4, already=known, on_note=told.append)
    assert (report.sheets, report.passed_over) == (2, 3)
    assert told == ["3 sheets were in box K1 already and were not fed again."]
    assert [(one.number, one.name) for one in kept] == [(n, f"{n:04d}") for n in range(1, 6)]


def known_as(sheet: Sheet) -> Known:
    return Known(sheet.device, sheet.name, tuple(one.sha256 for one in sheet.images))


def test_another_stick_with_the_same_names_is_fed_where_it_differs(tmp_path: Path) -> None:
    kept: list[Sheet] = []
    for stick in (1, 2):
        put(tmp_path, **{"0001F__jpg": jpeg(stick), "0001B__jpg": jpeg(9), "0002F__jpg": jpeg(3)})
        known = [known_as(one) for one in kept]
        source = open_source(f"folder:{tmp_path}")
        feed(source, "K1", ScanSettings(), kept.append, first=len(kept) + 1, already=known)
    assert [(one.number, one.name) for one in kept] == [(1, "0001"), (2, "0002F"), (3, "0001")]


def test_notes_are_told_as_they_come(tmp_path: Path) -> None:
    put(tmp_path, log__txt=b"", aF__jpg=b"", aB__jpg=jpeg(1))
    told: list[str] = []
    report = feed(
        open_source(f"FOLDER:{tmp_path}"), "K1", ScanSettings(), lambda _: None, on_note=told.append
    )
    assert told == ["log.txt is no ballot and was left out.", "aF.jpg is empty."]
    assert report.complete


def test_an_equal_sheet_is_a_vote_of_its_own(tmp_path: Path) -> None:
    same = jpeg(1)
    put(tmp_path, aF__jpg=same, aB__jpg=same, bF__jpg=same, bB__jpg=same)
    assert len(fed(tmp_path)) == 2


NAMES = st.lists(
    st.from_regex(r"[a-c0-2]{0,3}[FBfb]?\.(jpg|PNG|tif|pdf|txt|heic)", fullmatch=True), unique=True
)


@given(names=NAMES)
def test_every_name_comes_out_once(names: list[str]) -> None:
    assert sorted(one for group in by_name(names) for one in group.files) == sorted(names)


@given(names=NAMES, listed=st.integers(0, 5))
def test_every_name_comes_out_once_beside_a_manifest(names: list[str], listed: int) -> None:
    rows = "".join(f"{n},{name},\n" for n, name in enumerate(names[:listed]))
    groups = by_manifest(f"sheet,front,back\n{rows}", names)
    assert sorted(one for group in groups for one in group.files) == sorted(names)
    assert sum(group.problem is None for group in groups) == min(listed, len(names))


@given(st.lists(st.text(max_size=6)))
def test_natural_order_is_an_order(names: list[str]) -> None:
    assert sorted(sorted(names, reverse=True), key=natural) == sorted(names, key=natural)


def test_natural_order() -> None:
    names = ["b1", "a10", "a2", "A1", "a", "10", "9"]
    assert sorted(names, key=natural) == ["9", "10", "a", "A1", "a2", "a10", "b1"]


def test_printable() -> None:
    assert printable("Ålesund 1.jpg") == "Ålesund 1.jpg"
    assert printable("a\r\x1b[2Jb") == "a??[2Jb"
