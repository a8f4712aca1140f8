"""Whether this machine has what a count needs: one line a check, and what to do if it fails."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from scanner.capture.sane_library import installed
from scanner.classify.eyes import shipped_model
from scanner.commands.shell import answers, say
from scanner.config import shipped
from scanner.errors import ExitCode, ValgskannerError
from scanner.layout.text import FILES, FONTS
from scanner.store.opening import open_store

FREE_GB = 5.0  # 1.3 MB a sheet: room for some 4,000 sheets


class Check(msgspec.Struct, frozen=True):
    """One thing looked at."""

    name: str
    ok: bool
    seen: str
    advice: str = ""


def examine(*, json: bool) -> int:
    """Print every check; exit code 1 if one fails."""
    checks = tuple(_checks())
    for one in checks:
        if json:
            say(one)
        else:
            mark = "ok  " if one.ok else "FAIL"
            answers.print(f"{mark} {one.name}: {one.seen}{'' if one.ok else '. ' + one.advice}", markup=False)
    return ExitCode.DONE if all(one.ok for one in checks) else ExitCode.BROKEN


def _checks() -> Iterator[Check]:
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
    yield _try("store", _store, "Choose a disk that can be written and has room.")
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    yield Check(
        "disk", free >= FREE_GB, f"{free:.0f} GB free here", "Free some space before the count starts."
    )


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
    from pyzbar import zbar_library  # noqa: PLC0415 - same

    zbar_library.load()
    return "libzbar loads"


def _drivers() -> str:
    """No fault if they are not there: folders and scanners that speak eSCL need none."""
    return "libsane loads" if installed() else "libsane1 is not installed: no sane:DEVICE here"


def _store() -> str:
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder, open_store(f"sqlite:{folder}/doctor.db"):
        return "a store can be made here"
