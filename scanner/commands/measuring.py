"""The commands `calibrate targets` and `calibrate device`: print target sheets, measure a scanner by them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from scanner.capture.decode import decode
from scanner.capture.measuring import Measured, measure
from scanner.capture.sane_profiles import SIDES, Figure, names_of, profile_text
from scanner.capture.source import open_source
from scanner.commands.reading import sheets
from scanner.commands.shell import answers, note, say
from scanner.errors import ExitCode, InputError, UsageError
from scanner.layout.targets import target, targets_pdf

DEFAULT_DPI = 200.0  # of a file that does not say


def print_targets(out: Path, count: int) -> int:
    """Write `count` target sheets as PDF, A4."""
    if out.suffix.lower() != ".pdf":
        raise UsageError(f"The target sheets are a PDF: write --out {out.with_suffix('.pdf')}.")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(targets_pdf(count))
    note(f"Wrote {count} target sheets to {out}; print them at true size, and feed them either side up.")
    return ExitCode.DONE


def measure_device(spec: str, out: Path, *, json: bool) -> int:
    """Measure a scanner by the target sheets fed, and write its profile; InputError if none was seen."""
    if out.suffix.lower() != ".toml":
        raise UsageError(f"A scanner's profile is TOML: write --out {out.with_suffix('.toml')}.")
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
    lines = [line for name, side in zip(SIDES, seen, strict=True) for line in _figures(name, side, date)]
    names = names_of(spec, about)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(profile_text(about.model or about.device, names[0], names, lines), "utf-8")
    for line in lines:
        if json:
            say(line)
        else:
            answers.print(f"{line.name}: {line.value} {line.unit} ({line.how})", markup=False)
    note(
        f"Wrote {out}; scan with --profile {out}. In calibration/devices/ it is found by the scanner's name."
    )
    return ExitCode.DONE


def _figures(side: str, seen: list[Measured], date: str) -> Iterator[Figure]:
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
        yield Figure(f"{side}_{name}", round(median(values), 5), unit, date, apart)
    tone = tuple(round(median(one), 1) for one in zip(*(one.tone for one in seen), strict=True))
    how = f"{len(seen)} target sheets, eight patches from black to white"
    yield Figure(f"{side}_tone", tone, "grey levels", date, how)
