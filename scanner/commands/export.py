"""The command `export`: a count for other programs, for auditors and for those who pack the paper."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from scanner.audit.events import Act
from scanner.audit.seal import sign
from scanner.ballot import Ballot, Sheet
from scanner.commands.counting import tally_of
from scanner.commands.export_kinds import Format
from scanner.commands.record import key_password
from scanner.commands.shell import note
from scanner.config import version
from scanner.errors import ExitCode, UsageError
from scanner.store.codec import fingerprint
from scanner.store.opening import open_store
from scanner.store.store import Store
from scanner.tally.bundles import bundles, bundles_csv, bundles_pdf
from scanner.tally.counts import Counts, counts, counts_json
from scanner.tally.cvr import document, record, report
from scanner.tally.cvr_classes import CVR
from scanner.tally.eml import count_510, tiff_name, transaction, write_460
from scanner.tally.spreadsheet import as_text

_MOMENT = (1980, 1, 1, 0, 0, 0)  # of every file in a package: the same count gives the same bytes


def export(url: str, out: Path, kinds: tuple[Format, ...], key: Path | None, *, images: bool) -> int:
    """Write a count in each format into the folder; exit code 3 if ballots are still undecided."""
    if key is None and Format.EML in kinds:
        raise UsageError("The EML package is signed: give the secret key with --key.")
    out.mkdir(parents=True, exist_ok=True)
    with open_store(url, create=False) as store:
        for kind in kinds:
            for path in _write(store, kind, out, key, images=images):
                note(f"Wrote {path}")
        left = store.progress()
    return ExitCode.DOUBTFUL if left.decided < left.fed else ExitCode.DONE


def _write(store: Store, kind: Format, out: Path, key: Path | None, *, images: bool) -> Iterator[Path]:
    match kind:
        case Format.COUNTS:
            yield from _counts(store, out)
        case Format.EML:
            yield from _eml(store, out, key or Path(), images=images)
        case Format.CVR:
            yield _cvr(store, out)
        case Format.BUNDLES:
            yield from _bundles(store, out)


def _counts(store: Store, out: Path) -> Iterator[Path]:
    election = store.election()
    made = counts(tally_of(store, election), election, test=store.is_test())
    yield _put(out / "counts.json", counts_json(made))
    yield _put(out / "counts.csv", counts_csv(made).encode())


def counts_csv(made: Counts) -> str:
    """The counts as a table: list or option, category, urettede, rettede; no name is ever a formula."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("code", "name", "category", "urettet", "rettet", "total"))
    for one in made.lists:
        for part in one.categories:
            total = part.urettet + part.rettet
            words = (as_text(one.list), as_text(one.party), part.category)
            table.writerow((*words, part.urettet, part.rettet, total))
    for option in made.options:
        for category, total in option.categories:
            table.writerow((as_text(option.option), as_text(option.text), category, total, 0, total))
    for place in made.categories:
        for name in ("blank", "rejected", "undecided"):
            table.writerow(("", name, place.category, "", "", getattr(place, name)))
    return text.getvalue()


def _bundles(store: Store, out: Path) -> Iterator[Path]:
    election = store.election()
    parts = bundles(store.ballots(), election)
    yield _put(out / "bundles.csv", bundles_csv(parts).encode())
    yield _put(out / "bundles.pdf", bundles_pdf(parts, election, test=store.is_test()))


def _cvr(store: Store, out: Path) -> Path:
    election, path = store.election(), out / "cvr.json"
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    head = report(election, today.isoformat().replace("+00:00", "Z"), version(), test=store.is_test())
    with path.open("wb") as file:
        file.writelines(document(head, _records(store)))
    return path


def _records(store: Store) -> Iterator[CVR]:
    election = store.election()
    for box in store.boxes():
        hashes = {one.id: tuple(side.sha256 for side in one.sides) for one in store.sheets(box.id)}
        for ballot in store.ballots(box=box.id):
            yield record(ballot, hashes[ballot.sheet], election)


def _eml(store: Store, out: Path, key: Path, *, images: bool) -> Iterator[Path]:
    """Counts.zip with Count-*.xml, Votes-*.xml and a TIFF of each ballot that people decided."""
    election, tally = store.election(), tally_of(store, store.election())
    package = fingerprint(election)
    name = transaction(tally, package)
    pictured = frozenset(_by_people(store.ballots())) if images else frozenset()
    final = store.record.state() is Act.COUNT_CLOSED
    path = out / "Counts.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        counted = count_510(tally, election, package, final=final, test=store.is_test())
        packed.writestr(_info(f"Count-{name}.xml"), counted)
        with packed.open(_info(f"Votes-{name}.xml"), "w", force_zip64=True) as file:
            write_460(file, store.ballots(), election, package=package, name=name, images=pictured)  # type: ignore[arg-type]
        for sheet in sorted(pictured):
            packed.writestr(_info(tiff_name(sheet)), tiff(store.sheet(sheet)))
    seal = sign(path.read_bytes(), key, key_password(), f"valgskanner counts {name} {package[:16]}")
    yield path
    yield _put(path.with_name(f"{path.name}.minisig"), seal.text)


def _by_people(ballots: Iterable[Ballot]) -> Iterator[str]:
    return (one.sheet for one in ballots if one.decision is not None and one.decision.decided_by)


def tiff(sheet: Sheet) -> bytes:
    """Both sides as a two-page TIFF in black and white (G4); a side that is no picture is left out."""
    sides = []
    for one in sheet.images:
        try:
            with Image.open(io.BytesIO(one.data)) as picture:
                picture.seek(one.page)
                sides.append(picture.convert("L").point(lambda level: 255 * (level > 128)).convert("1"))
        except (OSError, ValueError, EOFError, Image.DecompressionBombError):
            continue
    out = io.BytesIO()
    first, *others = sides or [Image.new("1", (1, 1), 1)]
    dpi = next((one.dpi for one in sheet.images if one.dpi), 200.0)
    first.save(out, "TIFF", compression="group4", save_all=True, append_images=others, dpi=(dpi, dpi))
    return out.getvalue()


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _MOMENT)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
