"""A box on its way from one store to another: a zip file whose every byte is vouched for by a signed list.

    manifest.json            which box of which election, and name, sha256 and size of every file
    manifest.json.minisig    its signature, which Debian's `minisign -V` accepts
    election.json            the election package
    sheets/0001.json         a sheet and all that is said of it
    images/<sha256>          an image as the scanner sent it

Nothing is believed before the signature holds, and nothing is written before every file does.
"""

import os
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

from scanner.ballot import Box, PageImage, Sheet
from scanner.capture.zipped import Zipped
from scanner.election import Election
from scanner.errors import AuditError, ImageError, InputError, StoreError
from scanner.store.box_content import Outline, SheetContent, contents
from scanner.store.codec import decode, encode, fingerprint
from scanner.store.store import Store

FORMAT = 1
MANIFEST, SEAL, ELECTION = "manifest.json", "manifest.json.minisig", "election.json"
T = TypeVar("T")
Sign = Callable[[bytes, str], bytes]  # content and words to the text of a signature
Check = Callable[[bytes, bytes], str]  # content and signature to the words; AuditError if it does not hold


class FileOnList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a parcel."""

    name: str
    sha256: str
    bytes: int


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is in a parcel."""

    format: int
    election: str
    fingerprint: str  # of the election package
    test: bool
    box: str
    category: str
    krets: str
    sheets: int
    files: tuple[FileOnList, ...]

    @property
    def words(self) -> str:
        """One line that says it all, signed along."""
        kind = "test" if self.test else "real"
        return f"valgskanner {kind} box {self.box} {self.category} {self.krets}: {self.sheets} sheets"


def write_parcel(store: Store, box: Box, out: Path, sign: Sign) -> Manifest:
    """Write the box as a parcel; whole or not at all. StoreError if an image is gone or was changed."""
    part = out.with_name(f"{out.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as packed:
            manifest = _pack(store, box, packed)
            content = msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=1) + b"\n"
            packed.writestr(_info(MANIFEST), content)
            packed.writestr(_info(SEAL), sign(content, manifest.words))
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(out)
    except OSError as error:
        raise InputError(f"The parcel {out} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _pack(store: Store, box: Box, packed: zipfile.ZipFile) -> Manifest:
    election, listed = store.election(), dict[str, FileOnList]()

    def put(name: str, content: bytes) -> None:
        if name not in listed:
            packed.writestr(_info(name), content)
            listed[name] = FileOnList(name, sha256(content).hexdigest(), len(content))

    put(ELECTION, encode(election).encode())
    sheets = 0
    for one in contents(store, box.id):
        for image in store.sheet(one.record.id).images:
            put(f"images/{image.sha256}", image.data)
        put(_sheet_name(one.record.number), encode(one).encode())
        sheets += 1
    return Manifest(
        format=FORMAT,
        election=election.name,
        fingerprint=fingerprint(election),
        test=store.is_test(),
        box=box.id,
        category=box.category,
        krets=box.krets,
        sheets=sheets,
        files=tuple(listed.values()),
    )


def _info(name: str) -> zipfile.ZipInfo:
    """No clock time: it could lead to a voter, and the same box gives the same parcel."""
    return zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))


def _sheet_name(number: int) -> str:
    return f"sheets/{number:04d}.json"


class Parcel:
    """A parcel whose signature holds and whose every file is on the list, with its size and sha256.

    Raises InputError for what is no parcel, is cut short or does not fit together; AuditError for a
    signature that does not hold or a file that was changed after signing.
    """

    def __init__(self, path: Path, check: Check) -> None:
        self._shown, self._zip = path.name, Zipped(path)
        content = self._read(MANIFEST)
        words = check(content, self._read(SEAL))
        self.manifest = self._manifest(content)
        if words != self.manifest.words:
            raise AuditError(f"The signature in {path.name} was made for something else: {words}")
        self._files = {one.name: one for one in self.manifest.files}
        self._check_names()
        self.election = self._decoded(ELECTION, Election)
        if fingerprint(self.election) != self.manifest.fingerprint:
            raise InputError(f"{path.name}: its election package is not the one on its list.")

    @property
    def box(self) -> Box:
        """The box it holds."""
        return Box(self.manifest.box, self.manifest.category, self.manifest.krets)

    def contents(self) -> Iterator[SheetContent]:
        """Every sheet in the order of its number, each file compared with the list."""
        for name in sorted(
            (one for one in self._files if one.startswith("sheets/")), key=lambda one: (len(one), one)
        ):
            said = self._decoded(name, SheetContent)
            record = said.record
            decided = said.decision.sheet if said.decision else record.id
            of = {*(one.sheet for one in said.opinions), *(one.reading.sheet for one in said.readings)}
            if (
                record.box != self.box.id
                or _sheet_name(record.number) != name
                or {decided, *of} != {record.id}
            ):
                raise InputError(f"{self._shown}: {name} speaks of another sheet.")
            yield said

    def outline(self) -> Outline:
        """Number and images of each sheet."""
        return {one.record.number: tuple(side.sha256 for side in one.record.sides) for one in self.contents()}

    def sheet(self, said: SheetContent) -> Sheet:
        """A sheet with its images."""
        record = said.record
        images = tuple(
            PageImage(one.name, self._listed(f"images/{one.sha256}"), one.dpi, one.page, one.problem)
            for one in record.sides
        )
        if [one.sha256 for one in images] != [one.sha256 for one in record.sides]:
            raise InputError(f"{self._shown}: an image of sheet {record.id} is not the one it names.")
        return Sheet(record.box, record.number, images, record.device, record.imprint, record.name)

    def check_all(self) -> None:
        """Look at every file; what is wrong is raised before anything is kept."""
        for one in self.contents():
            self.sheet(one)

    def _manifest(self, content: bytes) -> Manifest:
        try:
            found = msgspec.json.decode(content, type=Manifest)
        except msgspec.MsgspecError as error:
            raise InputError(f"{self._shown}: its list cannot be read: {error}.") from error
        if found.format != FORMAT:
            raise InputError(f"{self._shown} was made by another valgskanner (format {found.format}).")
        return found

    def _check_names(self) -> None:
        """The list and the zip file name the same files, each once, and as many sheets as it says."""
        there = {one for one in self._zip.names() if not self._zip.flaw(one)}
        listed = {*self._files, MANIFEST, SEAL}
        for name in sorted(there ^ listed):
            where = "not in the file" if name in listed else "not on its list"
            raise InputError(f"{self._shown}: {name[:80]!r} is {where}; have the box sent again.")
        sheets = sum(one.startswith("sheets/") for one in self._files)
        if sheets != self.manifest.sheets or len(self._files) != len(self.manifest.files):
            raise InputError(f"{self._shown}: its list does not add up; have the box sent again.")

    def _decoded(self, name: str, into: type[T]) -> T:
        try:
            return decode(self._listed(name).decode(), into)
        except (StoreError, UnicodeDecodeError) as error:
            raise InputError(f"{self._shown}: {name} cannot be read: {error}") from error

    def _listed(self, name: str) -> bytes:
        """A file on the list, as it was when it was signed."""
        listed = self._files.get(name)
        if listed is None:
            raise InputError(f"{self._shown}: {name} is not on its list; have the box sent again.")
        content = self._read(name)
        if len(content) != listed.bytes or sha256(content).hexdigest() != listed.sha256:
            raise AuditError(f"{self._shown}: {name} was changed after it was signed.")
        return content

    def _read(self, name: str) -> bytes:
        try:
            return self._zip.read(name)
        except ImageError as error:
            raise InputError(f"{self._shown}: {name} {error}.") from error
