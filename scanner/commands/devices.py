"""The command `devices`: which scanners there are, and what one of them can be told."""

from dataclasses import dataclass

from scanner.capture.events import Capabilities
from scanner.capture.sane_listing import Setting, found_devices, settings_of
from scanner.capture.sane_words import Found
from scanner.capture.source import open_source
from scanner.capture.twain_sources import sources
from scanner.commands.shell import answers, note, say
from scanner.errors import ExitCode


@dataclass(frozen=True, slots=True)
class Twain:
    """A scanner with a TWAIN driver."""

    name: str  # as it is opened: twain:NAME


def list_devices(*, json: bool) -> int:
    """Print a line for each scanner that the machine's drivers find."""
    found = found_devices()
    for one in found:
        if json:
            say(one)
        else:
            answers.print(_device_line(one), markup=False)
    driven = [Twain(f"twain:{name}") for name in sources()]
    for two in driven:
        if json:
            say(two)
        else:
            answers.print(two.name, markup=False)
    if not found and not driven:
        note("No driver finds a scanner. One that speaks eSCL needs none: escl:HOST.")
    return ExitCode.DONE


def tell_device(spec: str, *, json: bool) -> int:
    """Print what a source can do; of a scanner with a driver, then each of its settings."""
    about = open_source(spec).describe()
    kind, _, name = spec.partition(":")
    settings = settings_of(name) if kind.lower() == "sane" else ()
    if json:
        say(about)
        for one in settings:
            say(one)
    else:
        answers.print(_about_line(about), markup=False)
        for one in settings:
            answers.print(_setting_line(one), markup=False)
    return ExitCode.DONE


def _device_line(one: Found) -> str:
    return f"sane:{one.name}  {one.vendor} {one.model} ({one.type})"


def _about_line(about: Capabilities) -> str:
    can = {
        "both sides": about.duplex,
        "gray": about.gray,
        "colour": about.colour,
        "stops at two sheets": about.double_feed,
        "imprinter": about.imprinter,
    }
    words = ", ".join(name for name, yes in can.items() if yes) or "one side"
    dpis = f" {'/'.join(map(str, about.dpis))} dpi" if about.dpis else ""
    return f"{about.device} {about.model}: {words}{dpis}"


def _setting_line(one: Setting) -> str:
    allowed = "|".join(one.allowed)
    if one.least is not None and one.most is not None:
        allowed = f"{one.least:g}..{one.most:g}" + (f" in steps of {one.step:g}" if one.step else "")
    unit = "" if one.unit == "none" else f" {one.unit}"
    now = "" if one.value is None else f" = {one.value[:60]}"
    return (
        f"  {one.name}{now}{unit}  [{allowed or one.kind}]{'' if one.settable else ' (not now)'}  {one.title}"
    )
