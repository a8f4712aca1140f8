"""What a device really does, told from its own answers after everything was set.

Pure. What was asked for does not count here: a driver that rounds, ignores or hides a setting is
found out before the first sheet is fed.
"""

from dataclasses import replace

from scanner.capture import sane_names
from scanner.capture.events import Capabilities, Fault, FeedError, ScanSettings
from scanner.capture.sane_names import Mode
from scanner.capture.sane_options import offered_dpis
from scanner.capture.sane_profiles import Profile
from scanner.capture.sane_words import Answers, Kind, Options, Unit, Value
from scanner.pixels import INCH_MM

_ROUNDING_MM = 0.5  # two pixels at 100 dpi


def agreed(asked: ScanSettings, has: Options, says: Answers) -> ScanSettings:
    """The settings in force; FeedError(CONFIG) if they are less than was asked for."""
    mode = sane_names.mode_of(says.word("mode"))
    dpi = _dpi(says) or asked.dpi
    got = replace(
        asked,
        dpi=dpi,
        colour=asked.colour if mode is None else mode == "colour",
        bilevel=mode == "bilevel" or says.get("depth") == 1,
        duplex=gives_both(says),
        page_mm=_paper_mm(asked.page_mm, _area_mm(has, says, dpi)),
        double_feed=asked.double_feed and _stops_at_two(says),
        options=tuple((name, says.word(name) or text) for name, text in asked.options),
    )
    if got.dpi < asked.dpi:
        raise FeedError(Fault.CONFIG, f"The scanner takes {got.dpi} dpi, asked were {asked.dpi}.")
    if asked.duplex and not got.duplex:
        raise FeedError(Fault.CONFIG, "The scanner does not scan both sides in one pass.")
    return got


def gives_both(says: Answers) -> bool:
    """True if it gives a front and a back of each sheet."""
    if sane_names.is_duplex(says.word("source")):
        return True
    switches = (says.get(one) for one in sane_names.BOTH_SIDES)
    return any(one is True or (isinstance(one, str) and sane_names.is_duplex(one)) for one in switches)


def on_glass(says: Answers) -> bool:
    """True if one paper is laid down by hand."""
    return sane_names.is_glass(says.word("source"))


def able(device: str, model: str, has: Options, profile: Profile) -> Capabilities:
    """What the descriptions of its settings promise."""
    dpis = {
        dpi
        for one in sane_names.RESOLUTIONS
        if (found := has.find(one))
        for dpi in offered_dpis(found, profile)
    }
    return Capabilities(
        device=device,
        replayable=False,
        dpis=tuple(sorted(dpis)),
        colour=_has_mode("colour", has),
        gray=_has_mode("gray", has),
        duplex=_can_do_both(has),
        max_mm=_largest_mm(has),
        model=model,
        imprinter=has.find("endorser-string") is not None and bool(profile.imprint_counter),
        double_feed=any(has.find(name) for name, _ in profile.double_feed or sane_names.STOPS_AT_TWO),
    )


def _dpi(says: Answers) -> int | None:
    told = {round(one) for name in sane_names.RESOLUTIONS if isinstance(one := says.get(name), int | float)}
    if len(told) > 1:
        both = " × ".join(map(str, sorted(told)))
        raise FeedError(Fault.CONFIG, f"The scanner takes {both} dpi, which is not square.")
    return told.pop() if told else None


def _stops_at_two(says: Answers) -> bool:
    """df-action is the fujitsu drivers' master switch; canon_dr has the detectors alone."""
    if says.get("df-action") is not None:
        return says.word("df-action").casefold() == "stop"
    return any(says.get(one) is True for one in ("df-thickness", "df-length"))


def _paper_mm(
    asked: tuple[float, float] | None, area: tuple[float, float] | None
) -> tuple[float, float] | None:
    """The paper that was asked for if the area covers it, else the area: a driver rounds to its pixels."""
    if asked is None or area is None:
        return asked or area
    covers = all(reach >= size - _ROUNDING_MM for size, reach in zip(asked, area, strict=True))
    return asked if covers else area


def _area_mm(has: Options, says: Answers, dpi: int) -> tuple[float, float] | None:
    edges = [_mm(one, has, says.get(one), dpi) for one in ("tl-x", "tl-y", "br-x", "br-y")]
    left, top, right, bottom = edges
    if left is None or top is None or right is None or bottom is None:
        return None
    return round(right - left, 2), round(bottom - top, 2)


def _mm(name: str, has: Options, value: Value | None, dpi: int) -> float | None:
    option = has.find(name)
    if option is None or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value / dpi * INCH_MM if option.unit is Unit.PIXEL else float(value)


def _has_mode(mode: Mode, has: Options) -> bool:
    found = has.find("mode")
    return found is not None and bool(sane_names.mode_word(mode, found.words))


def _can_do_both(has: Options) -> bool:
    paths = has.find("source")
    if paths is not None and any(map(sane_names.is_duplex, paths.words)):
        return True
    switches = (has.find(one) for one in sane_names.BOTH_SIDES)
    return any(
        one and (one.kind is Kind.BOOL or any(map(sane_names.is_duplex, one.words))) for one in switches
    )


def _largest_mm(has: Options) -> tuple[float, float] | None:
    reach = [has.find(one) for one in ("br-x", "br-y")]
    far = [one.range.high for one in reach if one and one.range and one.unit is Unit.MM]
    return (far[0], far[1]) if len(far) == 2 else None
