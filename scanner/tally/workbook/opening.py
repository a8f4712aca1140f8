"""Opening a workbook that anybody may have made: bounded, without macros, links or tricks."""

import io
import zipfile

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from scanner.errors import InputError

MOST_BYTES = 8 * 2**20  # of the file
MOST_UNPACKED = 24 * 2**20  # of all parts together: the largest real form takes 2 MB
MOST_PARTS = 500
_FORBIDDEN = {
    "vbaproject.bin": "macros",
    "externallinks/": "links to other files",
    "activex": "controls that run programs",
    "embeddings/": "embedded files",
    "connections.xml": "connections to other sources",
    "xl/macrosheets/": "macros",
}


def opened(content: bytes) -> Workbook:
    """The workbook, its formulas as text. InputError says in one sentence why it is refused."""
    if len(content) > MOST_BYTES:
        raise InputError(f"The workbook is larger than {MOST_BYTES // 2**20} MB: no form is.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _check(parts)
        return load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    except InputError:
        raise
    except (zipfile.BadZipFile, InvalidFileException, OSError, EOFError) as error:
        raise InputError("This is no XLSX workbook, or it is locked with a password.") from error
    except Exception as error:
        raise InputError(f"The workbook is damaged: {type(error).__name__}.") from error


def _check(parts: zipfile.ZipFile) -> None:
    found = parts.infolist()
    if len(found) > MOST_PARTS or len({one.filename for one in found}) != len(found):
        raise InputError("The workbook has too many parts, or one of them twice.")
    if sum(one.file_size for one in found) > MOST_UNPACKED:  # no more than this is ever unpacked
        raise InputError(f"The workbook unpacks to more than {MOST_UNPACKED // 2**20} MB: no form does.")
    for one in found:
        name = one.filename.casefold()
        what = next((why for part, why in _FORBIDDEN.items() if part in name), None)
        if what:
            raise InputError(f"The workbook holds {what}: save it as a plain .xlsx.")
        if one.flag_bits & 1:
            raise InputError("The workbook is locked with a password: take it off and save again.")
        if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in parts.read(one).upper():
            raise InputError("The workbook defines XML entities, which no spreadsheet does.")
