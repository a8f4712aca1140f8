"""Which of a device's settings means what we ask for: rules on names, since no two drivers agree.

Pure: what is asked and what the driver describes go in, wishes come out, in stages: each stage sees
the settings as the one before left them. Afterwards `agreed` reads from the device's own answers
what it really does. Names: of the drivers of sane-backends 1.2.1, and those users report.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from scanner.capture import sane_names
from scanner.capture.events import Fault, FeedError, ScanSettings
from scanner.capture.sane_limits import sane_limits
from scanner.capture.sane_names import Mode
from scanner.capture.sane_profiles import Profile
from scanner.capture.sane_words import Can, Kind, Option, Options, Unit, Value
from scanner.pixels import INCH_MM

_PRINTABLE = re.compile(r"[A-Za-z0-9 .,:;/_+*()=-]*")
COUNTER_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Wish:
    """One setting to be set. `must`: the stack does not begin if the device does otherwise."""

    name: str
    value: Value
    must: bool = True
    automatic: bool = False  # the device chooses; `value` says nothing then


Rule = Callable[[ScanSettings, Options, Profile], Iterable[Wish]]


def source(asked: ScanSettings, has: Options, profile: Profile) -> Iterable[Wish]:
    """The paper path: both sides if it has a word for it, else the feeder."""
    option = has.settable("source")
    if option is None or not option.words:
        return
    known = profile.duplex_source if asked.duplex else profile.simplex_source
    word = known if known in option.words else sane_names.path(option.words, duplex=asked.duplex)
    if word:
        yield Wish("source", word)


def duplex(asked: ScanSettings, has: Options, _: Profile) -> Iterable[Wish]:
    """Both sides or one, on devices where that is a setting of its own."""
    for name in sane_names.BOTH_SIDES:
        option = has.settable(name)
        if option is not None and option.kind is Kind.BOOL:
            yield Wish(name, asked.duplex)
        elif option is not None:
            fitting = [one for one in option.words if sane_names.is_duplex(one) == asked.duplex]
            yield from (Wish(name, one) for one in fitting[:1])


def mode(asked: ScanSettings, has: Options, _: Profile) -> Iterable[Wish]:
    """Colour, gray, or one bit: the nearest that loses nothing."""
    option = has.settable("mode")
    if option is None:
        return
    order: tuple[Mode, ...] = ("gray", "colour")
    if asked.colour or asked.bilevel:
        order = ("colour",) if asked.colour else ("bilevel", "gray")
    words = (sane_names.mode_word(one, option.words) for one in order)
    chosen = next((one for one in words if one), "")
    if chosen:
        yield Wish("mode", chosen)


def depth(asked: ScanSettings, has: Options, _: Profile) -> Iterable[Wish]:
    """Eight bits a sample, or one where one bit was asked for and is no mode of its own."""
    option = has.settable("depth") or has.settable("bit-depth")
    if option is None:
        return
    modes = has.find("mode")
    own_mode = modes is not None and bool(sane_names.mode_word("bilevel", modes.words))
    wanted = 1 if asked.bilevel and not own_mode else 8
    if _offers(option, wanted):
        yield Wish(option.name, wanted)


def resolution(asked: ScanSettings, has: Options, profile: Profile) -> Iterable[Wish]:
    """The least that is enough; FeedError(CONFIG) if the device does not reach it."""
    for name in sane_names.RESOLUTIONS:
        option = has.settable(name)
        if option is not None:
            enough = [dpi for dpi in offered_dpis(option, profile) if dpi >= asked.dpi]
            if not enough and not _offers(option, asked.dpi):
                raise FeedError(Fault.CONFIG, f"The scanner does not reach {asked.dpi} dpi.")
            exact = _offers(option, asked.dpi)
            yield Wish(name, asked.dpi if exact else min(enough), must=False)


def paper(asked: ScanSettings, has: Options, profile: Profile) -> Iterable[Wish]:
    """How large the paper is, where the feeder wants to know: asked and a margin, or all it can take."""
    for place, name in enumerate(("page-width", "page-height")):
        option = has.settable(name)
        if option is not None and option.range is not None:
            size = asked.page_mm[place] + profile.margin_mm[place] if asked.page_mm else option.range.high
            yield Wish(name, _within(option, size), must=False)


def corner(_: ScanSettings, has: Options, __: Profile) -> Iterable[Wish]:
    """Pictures begin in the corner of the paper."""
    for name in ("tl-x", "tl-y"):
        option = has.settable(name)
        if option is not None and option.range is not None:
            yield Wish(name, _typed(option, option.range.low), must=False)


def area(asked: ScanSettings, has: Options, profile: Profile) -> Iterable[Wish]:
    """How far the picture reaches: the paper and a margin, or all the device can do."""
    for place, name in enumerate(("br-x", "br-y")):
        option = has.settable(name)
        if option is not None and option.range is not None:
            size = option.range.high
            if asked.page_mm:
                paper_mm = asked.page_mm[place] + profile.margin_mm[place]
                size = option.range.low + _in_its_unit(option, paper_mm, asked.dpi)
            yield Wish(name, _within(option, size), must=False)


def double_feed(asked: ScanSettings, has: Options, profile: Profile) -> Iterable[Wish]:
    """Stop when two sheets go in together."""
    if asked.double_feed:
        yield from _named(profile.double_feed or sane_names.STOPS_AT_TWO, has)


def known_good(_: ScanSettings, has: Options, profile: Profile) -> Iterable[Wish]:
    """What the model's profile says besides."""
    yield from _named(profile.options, has)


STAGES: tuple[Rule, ...] = (
    source,
    duplex,
    mode,
    depth,
    resolution,
    paper,
    corner,
    area,
    double_feed,
    known_good,
)


def imprint(asked: ScanSettings, has: Options, profile: Profile, first: int) -> Iterable[Wish]:
    """What is printed on each sheet: the text asked for, then the host's own number of the sheet.

    FeedError(CONFIG) if there is no imprinter or the text is too long: an fi-8950 prints nothing
    at all then, and does not say so.
    """
    unit = has.settable("endorser")
    if asked.imprint is None:
        if unit is not None:
            yield Wish("endorser", value=False, must=False)
        return
    text = imprint_text(asked.imprint, profile)
    if unit is None:
        raise FeedError(Fault.CONFIG, "The scanner has no imprinter, or hides it: ask for no imprint.")
    yield Wish("endorser", value=True)
    yield from (Wish(name, value) for name, value in (("endorser-step", 1), ("endorser-string", text)))
    bits = has.find("endorser-bits")
    if bits is not None and _offers(bits, 24):
        yield Wish("endorser-bits", 24)
    yield Wish("endorser-val", first)


def imprint_text(prefix: str, profile: Profile) -> str:
    """The text as the driver takes it; FeedError(CONFIG) if it cannot be printed."""
    if not profile.imprint_counter:
        text = "How this scanner prints numbers is not known to SANE: use its TWAIN driver, or no imprint."
        raise FeedError(Fault.CONFIG, text)
    longest = profile.imprint_letters - max(COUNTER_DIGITS, len(profile.imprint_counter))
    if len(prefix) > longest:
        raise FeedError(Fault.CONFIG, f"The imprint {prefix!r} is longer than {longest} letters.")
    if not _PRINTABLE.fullmatch(prefix):
        raise FeedError(Fault.CONFIG, f"The imprint {prefix!r} has letters that scanners do not print.")
    return prefix + profile.imprint_counter


def imprinted(prefix: str, number: int) -> str:
    """What then stands on sheet `number`."""
    return f"{prefix}{number:0{COUNTER_DIGITS}d}"


def own(name: str, text: str, has: Options) -> Wish:
    """A setting by the device's own name; FeedError(CONFIG) if the device does not have or take it.

    "auto" leaves the choice to a device that can choose. Numbers may be rounded by the device.
    """
    option = has.find(name)
    if option is None:
        raise FeedError(Fault.CONFIG, f"The scanner has no setting {name!r}.")
    if not option.settable:
        raise FeedError(Fault.CONFIG, f"The scanner's setting {name} cannot be set now.")
    if text == "auto" and option.can & Can.AUTOMATIC:
        return Wish(name, text, automatic=True)
    try:
        return Wish(name, option.value(text), must=option.kind in {Kind.BOOL, Kind.STRING})
    except ValueError as error:
        raise FeedError(Fault.CONFIG, f"The scanner's setting {name} {error}, not {text!r}.") from error


def offered_dpis(option: Option, profile: Profile) -> tuple[int, ...]:
    """Resolutions to choose from: those it lists, or the good ones in its range."""
    if option.numbers:
        return tuple(sorted(round(one) for one in option.numbers))
    usual = profile.dpis or sane_limits().usual_dpis
    return tuple(one for one in usual if option.range is None or one in option.range)


def _offers(option: Option, number: float) -> bool:
    if option.numbers:
        return number in option.numbers
    return option.range is None or (
        number in option.range
        and (not option.range.step or abs((number - option.range.low) % option.range.step) < 1e-6)
    )


def _within(option: Option, number: float) -> Value:
    low, high = (option.range.low, option.range.high) if option.range else (number, number)
    return _typed(option, min(max(number, low), high))


def _typed(option: Option, number: float) -> Value:
    return float(number) if option.kind is Kind.FIXED else round(number)


def _in_its_unit(option: Option, mm: float, dpi: int) -> float:
    return mm / INCH_MM * dpi if option.unit is Unit.PIXEL else mm


def _named(pairs: Iterable[tuple[str, str]], has: Options) -> Iterable[Wish]:
    """Settings by name and text; what this device does not have or take is passed over.

    One that cannot be set now may be by its turn: df-thickness waits for df-action.
    """
    for name, text in pairs:
        option = has.find(name)
        if option is not None:
            try:
                yield Wish(name, option.value(text), must=False)
            except ValueError:
                continue
