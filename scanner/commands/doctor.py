"""Whether this machine has what a count needs: one line a check, and what to do if it fails."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from itertools import islice
from pathlib import Path

import msgspec

from scanner.capture.blank_sheet import Dirt, dirt, per_side
from scanner.capture.decode import decode
from scanner.capture.sane_library import installed
from scanner.capture.source import open_source
from scanner.capture.strict_tiff import available
from scanner.classify.eyes import shipped_model
from scanner.commands.reading import sheets
from scanner.commands.shell import answers, say
from scanner.config import shipped
from scanner.errors import ExitCode, ValgskannerError
from scanner.layout.text import FILES, FONTS
from scanner.store.opening import open_store

MB_A_SHEET = 1.3  # two JPEGs of 290 × 223 mm at 200 dpi, grey
FREE_GB = 5.0  # room for some 4,000 sheets
DEFAULT_DPI = 200.0  # of a file that does not say
BLANK_SHEETS = 3  # that a test of the glass takes


class Check(msgspec.Struct, frozen=True):
    """One thing looked at."""

    name: str
    ok: bool
    seen: str
    advice: str = ""


def examine(spec: str | None, *, json: bool) -> int:
    """Print every check, and of the source `spec` how clean it is; exit code 1 if one fails."""
    checks = (*machine_checks(), *(glass_checks(spec) if spec else ()))
    for one in checks:
        if json:
            say(one)
        else:
            mark = "ok  " if one.ok else "FAIL"
            answers.print(f"{mark} {one.name}: {one.seen}{'' if one.ok else '. ' + one.advice}", markup=False)
    return ExitCode.DONE if all(one.ok for one in checks) else ExitCode.BROKEN


def machine_checks() -> Iterator[Check]:
    """What a count needs of this machine; what some counts need is told and no fault."""
    yield Check(
        "python", sys.version_info >= (3, 11), sys.version.split()[0], "Install Python 3.11 or newer."
    )
    yield Check("cores", ok=True, seen=str(os.cpu_count()))
    yield _try("models", _models, "Install valgskanner again.")
    fonts = [name for name in FILES.values() if not (FONTS / name).is_file()]
    yield Check("fonts", not fonts, ", ".join(fonts) or "all there", "Install valgskanner again.")
    yield _try("tesseract", _tesseract, "Install the packages tesseract-ocr and tesseract-ocr-nor.")
    yield _try("barcodes", _barcodes, "Install the package libzbar0.")
    yield Check("scanner drivers", ok=True, seen=_drivers())
    yield Check("TWAIN", ok=True, seen=_twain())
    yield Check("packed TIFF", ok=True, seen=_tiff())
    yield Check(
        "C compiler", ok=True, seen=shutil.which("gcc") or "none: only a simulated TWAIN source needs it"
    )
    yield _try("store", _store, "Choose a disk that can be written and has room.")
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    room = f"{free:.0f} GB free here, room for {int(1000 * free / MB_A_SHEET)} sheets"
    yield Check("disk", free >= FREE_GB, room, "Free some space before the count starts.")
    yield _try("disk speed", _disk_speed, "Choose a disk that can be written.")


def _try(name: str, look: Callable[[], str], advice: str) -> Check:
    """The check, failed if looking fails in any way a machine can be broken."""
    try:
        return Check(name, ok=True, seen=look())
    except (ValgskannerError, OSError, ImportError, subprocess.SubprocessError) as error:
        return Check(name, ok=False, seen=str(error), advice=advice)


def _models() -> str:
    """Every model, opened: a name and the beginning of its sha256."""
    names = sorted(path.stem for path in shipped("models").glob("*.onnx"))
    return ", ".join(f"{name} {shipped_model(name).card.sha256[:12]}" for name in names)


def _tesseract() -> str:
    import pytesseract  # noqa: PLC0415 - a broken import is a finding here, not a crash

    languages = pytesseract.get_languages()
    if "nor" not in languages:
        raise OSError("tesseract has no Norwegian")
    return str(pytesseract.get_tesseract_version())


def _barcodes() -> str:
    import zxingcpp  # noqa: PLC0415 - same
    from pyzbar import zbar_library  # noqa: PLC0415 - same

    zbar_library.load()
    return (
        f"libzbar loads, zxing-cpp {zxingcpp.__version__}"
        if hasattr(zxingcpp, "__version__")
        else "both load"
    )


def _drivers() -> str:
    """No fault if they are not there: folders and scanners that speak eSCL need none."""
    return "libsane loads" if installed() else "libsane1 is not installed: no sane:DEVICE here"


def _twain() -> str:
    """No fault either."""
    found = find_library("twaindsm") or find_library("TWAINDSM")
    return found or "no data source manager: no twain:NAME here"


def _tiff() -> str:
    """No fault: only packed TIFFs, and PDFs that hold fax pages, need it."""
    return "libtiff tells damage" if available() else "no libtiff of 4.5 or later: packed TIFFs are refused"


def _disk_speed() -> str:
    """How quickly sheets become durable here, one by one as a scan stores them."""
    sheets, data = 20, os.urandom(int(1e6 * MB_A_SHEET))
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        begin = time.perf_counter()
        for number in range(sheets):
            with (Path(folder) / str(number)).open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        took = time.perf_counter() - begin
    return f"{sheets / took:.0f} sheets a second written to last, a fast scanner feeds 3.5"


def glass_checks(spec: str) -> Iterator[Check]:
    """Feed blank white sheets and say where dirt lies on the glass, a check for each side."""
    seen: tuple[list[Dirt], ...] = ([], [])
    for sheet in islice(sheets(open_source(spec)), BLANK_SHEETS):
        for image, side in zip(sheet.images, seen, strict=False):
            page = decode(image)
            side.append(dirt(page.gray, page.dpi or DEFAULT_DPI))
    for name, side in zip(("front", "back"), seen, strict=True):
        if not side:
            yield Check(f"glass, {name}", ok=False, seen="no sheet came", advice="Lay blank sheets in it.")
            continue
        told = " ".join(per_side(side, name)) or f"clean on {len(side)} blank sheets"
        yield Check(f"glass, {name}", all(one.clean for one in side), told, "Then test again.")


def _store() -> str:
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder, open_store(f"sqlite:{folder}/doctor.db"):
        return "a store can be made here"
