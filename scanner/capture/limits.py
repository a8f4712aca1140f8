"""How much a file or a scanner may ask of us before it is refused (`calibration/capture.toml`)."""

from dataclasses import dataclass
from functools import cache

from scanner.config import calibration


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on memory and time. Each number's unit and origin stand in `calibration/capture.toml`."""

    max_megapixels: float
    min_side_px: int
    min_dpi: float
    max_dpi: float
    max_jpeg_scans: int
    max_image_mib: float
    max_file_mib: float
    max_pages: int
    max_files: int
    zip_ratio: float
    pdf_dpi: int
    pdf_same_levels: float
    pdf_s: float
    pdf_memory_mib: float
    max_xml_kib: float
    connect_s: float
    answer_s: float
    retry_s: float
    sheet_s: float
    faults_without_a_sheet: int
    hot_poll_s: float
    hot_stable_s: float
    hot_overdue_s: float
    hot_word_s: float

    @property
    def max_image_bytes(self) -> int:
        """Bytes one image from a device may have."""
        return int(self.max_image_mib * 2**20)

    @property
    def max_file_bytes(self) -> int:
        """Bytes one file in a folder may have."""
        return int(self.max_file_mib * 2**20)

    @property
    def max_xml_bytes(self) -> int:
        """Bytes a device's XML answer may have."""
        return int(self.max_xml_kib * 2**10)


@cache
def limits() -> Limits:
    """The shipped bounds; ModelError if the file is damaged."""
    return calibration("capture", Limits)
