"""The commands `calibrate targets` and `calibrate device`: print target sheets, measure a scanner by them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import msgspec

from scanner.capture.decode import decode
from scanner.capture.measuring import Measured, measure
from scanner.capture.source import open_source
from scanner.commands.reading import sheets
from scanner.commands.shell import answers, note, say
from scanner.errors import ExitCode, InputError, UsageError
from scanner.layout.targets import target, targets_pdf

SIDES = ("front", "back")
DEFAULT_DPI = 200.0  # of a file that does not say


class Line(msgspec.Struct, frozen=True):
    """One number of the device's profile."""

    name: str
    value: float | tuple[float, ...]
    unit: str
    date: str
    how: str


def print_targets(out: Path, count: int) -> int:
    """Write `count` target sheets as PDF, A4."""
    if out.suffix.lower() != ".pdf":
        raise UsageError(f"The target sheets are a PDF: write --out {out.with_suffix('.pdf')}.")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(targets_pdf(count))
    note(f"Wrote {count} target sheets to {out}; print them at true size, and feed them either side up.")
    return ExitCode.DONE


def measure_device(spec: str, out: Path, *, json: bool) -> int:
    """Measure a scanner by the target sheets fed, and write what was found; InputError if none was seen."""
    source = open_source(spec)
    about = source.describe()
    known = target()
    seen: tuple[list[Measured], list[Measured]] = ([], [])
    fed = 0
    for sheet in sheets(source):
        fed += 1
        for image, side in zip(sheet.images, seen, strict=False):
            page = decode(image)
            found = measure(page.gray, page.dpi or DEFAULT_DPI, known)
            if found is not None:
                side.append(found)
    if not any(seen):
        raise InputError(f"None of the {fed} sheets fed shows a target sheet: print calibrate targets first.")
    date = datetime.now(UTC).date().isoformat()
    lines = [line for name, side in zip(SIDES, seen, strict=True) for line in _lines(name, side, date)]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(_toml(about.model or about.device, lines), "utf-8")
    for line in lines:
        if json:
            say(line)
        else:
            answers.print(f"{line.name}: {line.value} {line.unit} ({line.how})", markup=False)
    note(f"Wrote {out}")
    return ExitCode.DONE


def _lines(side: str, seen: list[Measured], date: str) -> Iterator[Line]:
    """The middle value of each figure over the sheets, and how far they lie apart."""
    if not seen:
        return
    figures = {
        "scale_across": ("share of true length", [one.scale_across for one in seen]),
        "scale_along": ("share of true length", [one.scale_along for one in seen]),
        "skew_deg": ("degrees clockwise", [one.skew_deg for one in seen]),
        "stretch": ("share, steepest between two rows of discs", [one.stretch for one in seen]),
        "residual_mm": ("mm, root mean square", [one.residual_mm for one in seen]),
        "noise": ("grey levels", [one.noise for one in seen]),
    }
    for name, (unit, values) in figures.items():
        apart = f"{len(seen)} target sheets, {min(values):.4g} to {max(values):.4g}"
        yield Line(f"{side}_{name}", round(median(values), 5), unit, date, apart)
    tone = tuple(round(median(one), 1) for one in zip(*(one.tone for one in seen), strict=True))
    how = f"{len(seen)} target sheets, eight patches from black to white"
    yield Line(f"{side}_tone", tone, "grey levels", date, how)


def _toml(device: str, lines: list[Line]) -> str:
    """As the files in `calibration/`: value, unit, date, how."""
    title = " ".join(device.split())
    parts = [f"# {title}, measured by valgskanner calibrate device."]
    for one in lines:
        value = list(one.value) if isinstance(one.value, tuple) else one.value
        parts += [f"\n[{one.name}]", f"value = {value}"]
        parts += [
            f'{key} = "{words}"' for key, words in (("unit", one.unit), ("date", one.date), ("how", one.how))
        ]
    return "\n".join(parts) + "\n"
