"""The same paper by every way in: the same bytes or the same pixels in the store, and the same verdicts."""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

from scanner.ballot import Box, PageImage, Sheet, Verdict
from scanner.bench.capture_devices import RAW, as_pgm, lacking, played
from scanner.capture.decode import decode
from scanner.capture.events import End, Fed, ScanSettings
from scanner.capture.folder import FolderSource
from scanner.capture.journal import Closed, Opened
from scanner.capture.jpeg import size
from scanner.capture.spool import Batch
from scanner.capture.supervisor import Answer, Desk, Job, supervise
from scanner.commands.storing import counted, keep_in
from scanner.opening import Atlas
from scanner.pipeline import read
from scanner.simulate.deck import Deck, Press
from scanner.store.opening import open_store
from scanner.store.store import Store
from tests.capture.in_thread import InThread
from tests.strategies import small_election

pytestmark = pytest.mark.endtoend

DPI = 200
DEVICES = ("escl", "twain", "sane", "saned")
FILES = ("folder", "hot", "zip", "replay")  # these, escl and twain hand over the very bytes
PACKED = ("tiff", "pdf")
Sides = tuple[bytes, bytes]


def lay(folder: Path, paper: Sequence[Sides]) -> Path:
    """The sheets as JPEG files, and as bare pixels beside them."""
    for kind in ("files", "pixels"):
        (folder / kind).mkdir(parents=True)
    for number, sides in enumerate(paper, 1):
        for face, data in zip("FB", sides, strict=True):
            (folder / "files" / f"{number:04d}{face}.jpg").write_bytes(data)
            (folder / "pixels" / f"{number:04d}{face}.pgm").write_bytes(as_pgm(data))
    return folder / "files"


def as_zip(folder: Path, out: Path) -> Path:
    with zipfile.ZipFile(out, "w") as packed:
        for path in sorted(folder.iterdir()):
            packed.write(path, path.name)
    return out


def as_tiff(paper: Sequence[Sides], out: Path) -> Path:
    """One file of all pages, packed without loss."""
    first, *rest = (
        Image.fromarray(decode(PageImage("side", data)).gray) for sides in paper for data in sides
    )
    first.save(
        out, "TIFF", save_all=True, append_images=rest, compression="tiff_lzw", dpi=(float(DPI), float(DPI))
    )
    return out


def as_pdf(paper: Sequence[Sides], out: Path) -> Path:
    """One file of all pages, the JPEGs in it as they are."""
    sides = [data for one in paper for data in one]
    kids = " ".join(f"{3 + 3 * n} 0 R" for n in range(len(sides)))
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(sides)}>>".encode(),
    ]
    for n, data in enumerate(sides):
        wide, high = size(data)
        box = f"{wide * 72 / DPI:g} {high * 72 / DPI:g}"
        draws = f"{wide * 72 / DPI:g} 0 0 {high * 72 / DPI:g} 0 0 cm /P Do".encode()
        about = (
            f"/Type/XObject/Subtype/Image/Width {wide}/Height {high}/ColorSpace/DeviceGray/BitsPerComponent 8"
        )
        parts += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {box}]/Contents {4 + 3 * n} 0 R"
            f"/Resources<</XObject<</P {5 + 3 * n} 0 R>>>>>>".encode(),
            b"<</Length %d>>stream\n%s\nendstream" % (len(draws), draws),
            b"<<%s/Filter/DCTDecode/Length %d>>stream\n%s\nendstream" % (about.encode(), len(data), data),
        ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, one) for n, one in enumerate(parts, 1))
    out.write_bytes(b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n")
    return out


def recorded(files: Path, folder: Path, count: int) -> Path:
    """A batch in the spool, as a scanner left it."""
    asked = ScanSettings()
    with closing(Batch(folder)) as batch, closing(FolderSource(str(files)).start(asked)) as feed:
        batch.write(Opened("K0", "escl:x", 1, "escl:A 1", "A", "1", asked, asked))
        for _ in range(count):
            event = feed.next_sheet(60.0)
            assert isinstance(event, Fed)
            batch.store(event)
        batch.write(Closed(End.HOPPER_EMPTY, count, count))
    return folder


def ways(folder: Path, paper: Sequence[Sides], stack: ExitStack) -> Iterator[tuple[str, str]]:
    """Name and SPEC of every way in that this machine can play."""
    files = lay(folder, paper)
    for name in DEVICES:
        if not lacking(name):
            hopper = folder / "pixels" if name in RAW else files
            yield name, stack.enter_context(played(name, hopper, folder / f"{name}.json"))
    (hot := folder / "hot").mkdir()
    for path in files.iterdir():
        (hot / path.name).write_bytes(path.read_bytes())
    (hot / "end.txt").touch()
    yield "folder", f"folder:{files}"
    yield "hot", f"hot:{hot}"
    yield "zip", f"folder:{as_zip(files, folder / 'all.zip')}"
    yield "tiff", f"folder:{as_tiff(paper, folder / 'all.tif')}"
    yield "pdf", f"folder:{as_pdf(paper, folder / 'all.pdf')}"
    yield "replay", f"replay:{recorded(files, folder / 'K0-001', len(paper))}"


def brought_in(store: Store, name: str, spec: str, folder: Path) -> list[Sheet]:
    box = Box(name, store.election().categories[0].code, store.election().kretser[0].code)
    store.add_box(box)
    desk = Desk(keep_in(store, lambda _: None), lambda *_: Answer.LEAVE, lambda _: None)
    job = Job(folder / "spool", name, spec, ScanSettings())
    assert supervise(job, counted(store, name), desk, start=InThread).complete, name
    return [store.sheet(one.id) for one in store.sheets(name)]


def pixels(*images: PageImage) -> list[str]:
    """What names the levels of each image."""
    return [sha256(decode(one).gray.tobytes()).hexdigest() for one in images]


def verdict(sheet: Sheet, atlas: Atlas) -> Verdict:
    return read(sheet, atlas, atlas.election.categories[0]).verdict


def test_every_way_in_gives_the_same_sheets_and_verdicts(atlas: Atlas, tmp_path: Path) -> None:
    election = small_election()
    deck = Deck(Press(election), 5)
    all_the_same(atlas, [(one.front, one.back) for one in map(deck.sheet, range(1, 4))], tmp_path)


def all_the_same(atlas: Atlas, paper: Sequence[Sides], folder: Path, read_each: int = 1) -> None:
    """Feed `paper` by every way; the first `read_each` sheets of each are read."""
    bare = [pixels(*(PageImage("side", data) for data in sides)) for sides in paper]
    verdicts: dict[str, list[Verdict]] = {}
    with ExitStack() as stack, open_store(f"sqlite:{folder}/all.db") as store:
        store.bind(atlas.election)
        for name, spec in ways(folder, paper, stack):
            sheets = brought_in(store, name, spec, folder)
            assert [pixels(*one.images) for one in sheets] == bare, name
            if name not in {*PACKED, *RAW}:
                assert [tuple(side.data for side in one.images) for one in sheets] == list(paper), name
            assert {side.dpi for one in sheets for side in one.images} <= {float(DPI), None}, name
            verdicts[name] = [verdict(one, atlas) for one in sheets[:read_each]]
    assert {*FILES, *PACKED, *(one for one in DEVICES if not lacking(one))} == set(verdicts)
    first = verdicts["folder"]
    assert {name for name, seen in verdicts.items() if seen != first} == set()
