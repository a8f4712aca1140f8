import io
import struct
import tracemalloc
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.capture.events import Ended, Fed, Noted, ScanSettings
from scanner.capture.folder import FolderSource
from scanner.errors import InputError
from tests.capture.paper import jpeg, multipage


def packed(files: Iterable[tuple[str, bytes]], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as file:
        for name, content in files:
            file.writestr(name, content)
    return out.getvalue()


def events(path: Path) -> list[Fed | Noted]:
    feed = FolderSource(str(path)).start(ScanSettings())
    told: list[Fed | Noted] = []
    while not isinstance(event := feed.next_sheet(1.0), Ended):
        assert isinstance(event, Fed | Noted)
        told.append(event)
    feed.close()
    return told


def fed(folder: Path, content: bytes) -> list[Fed]:
    path = folder / "box.zip"
    path.write_bytes(content)
    return [one for one in events(path) if isinstance(one, Fed)]


def problems(sheets: list[Fed]) -> list[str | None]:
    return [side.problem for sheet in sheets for side in sheet.images]


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_file_is_a_folder(tmp_path: Path, how: int) -> None:
    files = [("2B.jpg", jpeg(4)), ("2F.jpg", jpeg(3)), ("1F.jpg", jpeg(1)), ("1B.jpg", jpeg(2))]
    sheets = fed(tmp_path, packed([*files, ("read.me.txt", b"hello")], how))
    assert [[side.data for side in one.images] for one in sheets] == [
        [jpeg(1), jpeg(2)],
        [jpeg(3), jpeg(4)],
    ]
    assert problems(sheets) == [None] * 4
    assert events(tmp_path / "box.zip")[0] == Noted("read.me.txt is no ballot and was left out.")


def test_folders_inside_keep_their_sheets_apart(tmp_path: Path) -> None:
    files = [(f"{box}/1{face}.jpg", jpeg(n)) for n, (box, face) in enumerate(["aF", "aB", "bF", "bB"])]
    sheets = fed(tmp_path, packed(files))
    assert [one.name for one in sheets] == ["a/1", "b/1"]
    assert [one.data for one in sheets[1].images] == [jpeg(2), jpeg(3)]


def test_a_manifest_and_many_pages_inside(tmp_path: Path) -> None:
    manifest = b"sheet,front,back\nX,b.jpg,a.jpg\n"
    sheets = fed(tmp_path, packed([("manifest.csv", manifest), ("a.jpg", jpeg(1)), ("b.jpg", jpeg(2))]))
    assert [one.name for one in sheets] == ["X"]
    assert [one.name for one in fed(tmp_path, packed([("s.tif", multipage("TIFF", 4))]))] == [
        "s-0001",
        "s-0002",
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_is_believed_neither_time(tmp_path: Path) -> None:
    files = [("1F.jpg", jpeg(1)), ("1B.jpg", jpeg(2)), ("1F.jpg", jpeg(3))]
    sheets = fed(tmp_path, packed(files))
    datas = sorted(side.data for one in sheets for side in one.images)
    assert datas == sorted([jpeg(1), jpeg(2), jpeg(3)])
    assert sum("more than once" in (one or "") for one in problems(sheets)) == 2


def test_names_that_lead_out(tmp_path: Path) -> None:
    out = fed(tmp_path, packed([("../../etc/1.jpg", jpeg(1)), ("/abs.jpg", jpeg(2)), ("ok.jpg", jpeg(3))]))
    assert sorted(filter(None, problems(out))) == [
        "../../etc/1.jpg is a name that leads out of the folder.",
        "/abs.jpg is a name that leads out of the folder.",
    ]


def test_a_locked_file_says_so(tmp_path: Path) -> None:
    content = bytearray(packed([("1.jpg", jpeg(1))]))
    for magic, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):  # the flags of the file, here and in the list
        content[content.find(magic) + at] |= 1
    assert problems(fed(tmp_path, bytes(content))) == ["1.jpg is locked with a password."]


def test_a_packing_that_is_rare_is_not_read(tmp_path: Path) -> None:
    (said,) = problems(fed(tmp_path, packed([("1.jpg", jpeg(1))], zipfile.ZIP_LZMA)))
    assert said is not None
    assert "deflate" in said


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file, file.open("1.jpg", "w") as one:
        for _ in range(100):
            one.write(bytes(2**20))
    tracemalloc.start()
    (said,) = problems(fed(tmp_path, out.getvalue()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert said is not None
    assert "grows more than" in said
    assert peak < 20 * 2**20


def test_a_size_that_lies_is_noticed(tmp_path: Path) -> None:
    content = bytearray(packed([("1.jpg", jpeg(1))]))
    at = content.find(b"PK\1\2") + 24
    content[at : at + 4] = struct.pack("<I", len(jpeg(1)) // 2)
    assert problems(fed(tmp_path, bytes(content))) == ["1.jpg is damaged inside the zip file."]


def test_files_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    content = packed([("1.jpg", jpeg(1)), ("2.jpg", jpeg(2))])
    first = content.find(b"PK\1\2")
    second = content.find(b"PK\1\2", first + 4)
    both = content[: second + 42] + content[first + 42 : first + 46] + content[second + 46 :]
    assert any("damaged" in (one or "") for one in problems(fed(tmp_path, both)))


@pytest.mark.parametrize(
    "content",
    [
        b"PK\3\4",
        b"PK\3\4" + bytes(100),
        b"PK\5\6" + bytes(3),
        packed([("1.jpg", jpeg(1))])[:-30],
        packed([("1.jpg", jpeg(1))])[:-22] + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, 2**31, 0, 0),
    ],
)
def test_what_is_cut_short_or_lies_about_its_list(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "box.zip"
    path.write_bytes(content)
    with pytest.raises(InputError, match="zip file") as refusal:
        events(path)
    assert "\n" not in str(refusal.value)


def test_an_empty_zip_holds_no_image(tmp_path: Path) -> None:
    (tmp_path / "box.zip").write_bytes(packed([]))
    with pytest.raises(InputError, match="holds no image"):
        events(tmp_path / "box.zip")


GOOD = packed([("1F.jpg", jpeg(1)), ("1B.jpg", jpeg(2))])


@settings(max_examples=60, deadline=None)
@given(places=st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_damaged_bytes_give_the_same_images_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, places: list[tuple[int, int]]
) -> None:
    content = bytearray(GOOD)
    for at, value in places:
        content[at] = value
    path = tmp_path_factory.mktemp("zip") / "box.zip"
    path.write_bytes(bytes(content))
    try:
        sheets = [one for one in events(path) if isinstance(one, Fed)]
    except InputError:
        return
    for side in (side for one in sheets for side in one.images):
        assert side.problem is not None or side.data in {jpeg(1), jpeg(2)}
