"""Setting a device up: stage by stage, each value read back, and what it came to.

Setting one thing may change what others offer, so each stage looks at the descriptions as they
then stand.
"""

from dataclasses import dataclass

from scanner.capture import sane_agreed, sane_names, sane_options
from scanner.capture.events import Fault, FeedError, ScanSettings
from scanner.capture.sane_library import Device, SaneError
from scanner.capture.sane_options import Wish
from scanner.capture.sane_profiles import Profile
from scanner.capture.sane_words import Answers, same, written

_ASKED_BACK = (
    *("source", "mode", "depth", *sane_names.RESOLUTIONS, *sane_names.BOTH_SIDES),
    *("tl-x", "tl-y", "br-x", "br-y", "df-action", "df-thickness", "df-length"),
)


@dataclass(frozen=True, slots=True)
class Settled:
    """What the device will do with the stack."""

    settings: ScanSettings
    sides: int  # 1 or 2 for each sheet
    single: bool  # one paper at a time, laid in by hand
    notes: tuple[str, ...]  # one sentence for each wish that the device did not grant


def settle(device: Device, asked: ScanSettings, profile: Profile, first: int) -> Settled:
    """Set everything up for a stack whose first sheet is number `first`.

    FeedError(CONFIG) if the device cannot do what is asked; SaneError if it breaks.
    """
    notes: list[str] = []
    for rule in sane_options.STAGES:
        for wish in tuple(rule(asked, device.options, profile)):
            notes += _granted(device, wish)
    for wish in tuple(sane_options.imprint(asked, device.options, profile, first)):
        notes += _granted(device, wish)
    for name, text in asked.options:
        notes += _granted(device, sane_options.own(name, text, device.options))
    says = answers(device, (*_ASKED_BACK, *(name for name, _ in asked.options)))
    settings = sane_agreed.agreed(asked, device.options, says)
    single = not profile.feeder or sane_agreed.on_glass(says)
    return Settled(settings, 2 if sane_agreed.gives_both(says) else 1, single, tuple(notes))


def answers(device: Device, names: tuple[str, ...]) -> Answers:
    """What the device says of these settings, as far as it has them and they can be read."""
    found = (device.options.find(one) for one in dict.fromkeys(names))
    return Answers(tuple((one.name, device.get(one)) for one in found if one is not None and one.readable))


def _granted(device: Device, wish: Wish) -> tuple[str, ...]:
    """Nothing if the device obeyed, else a sentence; FeedError(CONFIG) for what it must do."""
    option = device.options.settable(wish.name)
    if option is None:  # what only a profile would like, and this model does not have switched on, is no news
        return _refused(wish, "does not let it be set now") if wish.must else ()
    try:
        if wish.automatic:
            device.set_automatic(option)
            return ()
        got = device.set(option, wish.value)
    except SaneError as error:
        return _refused(wish, f"answers {error.native}")
    if same(wish.value, got):
        return ()
    return _refused(wish, f"took {written(got)}")


def _refused(wish: Wish, did: str) -> tuple[str, ...]:
    text = f"The scanner was asked to set {wish.name} to {written(wish.value)} and {did}."
    if wish.must:
        raise FeedError(Fault.CONFIG, text)
    return (text,)
