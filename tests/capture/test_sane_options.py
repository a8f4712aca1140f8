"""Rules on names, against settings as drivers describe them: none of these scanners is here."""

import pytest

from scanner.capture import sane_agreed, sane_names, sane_options
from scanner.capture.events import Fault, FeedError, ScanSettings
from scanner.capture.sane_faults import Sensor, fault_of, native, paper_left, sensors
from scanner.capture.sane_profiles import Profile, profile_for, profile_named, profiles
from scanner.capture.sane_words import Answers, Can, Kind, Option, Options, Range, Status, Unit, Value
from scanner.errors import CaptureError

OPEN = Can.SET | Can.READ


def words(name: str, *allowed: str) -> Option:
    return Option(0, name, "", "", Kind.STRING, Unit.NONE, 64, OPEN, words=allowed)


def switch(name: str, can: Can = OPEN) -> Option:
    return Option(0, name, "", "", Kind.BOOL, Unit.NONE, 4, can)


def between(name: str, low: float, high: float, unit: Unit = Unit.MM, kind: Kind = Kind.FIXED) -> Option:
    return Option(0, name, "", "", kind, unit, 4, OPEN, range=Range(low, high, 0))


def one_of(name: str, *numbers: float) -> Option:
    return Option(0, name, "", "", Kind.INT, Unit.DPI, 4, OPEN, numbers=numbers)


def wishes(
    rule: sane_options.Rule, asked: ScanSettings, *has: Option, profile: Profile | None = None
) -> dict[str, Value]:
    return {one.name: one.value for one in rule(asked, Options(has), profile or Profile())}  # fmt: skip


BOTH, ONE = ScanSettings(), ScanSettings(duplex=False)


@pytest.mark.parametrize(
    ("offered", "both", "front"),
    [
        (("ADF Front", "ADF Back", "ADF Duplex", "Card Front", "Card Duplex"), "ADF Duplex", "ADF Front"),
        (("Flatbed", "ADF", "ADF Duplex"), "ADF Duplex", "ADF"),
        (
            (
                "Flatbed",
                "Automatic Document Feeder(left aligned)",
                "Automatic Document Feeder(left aligned,Duplex)",
            ),
            "Automatic Document Feeder(left aligned,Duplex)",
            "Automatic Document Feeder(left aligned)",
        ),
        (("Flatbed", "Feeder (both sides)", "Feeder"), "Feeder (both sides)", "Feeder"),
        (("Duplex", "Feeder"), "Duplex", "Feeder"),
        (("Flatbed", "Automatic Document Feeder"), "Automatic Document Feeder", "Automatic Document Feeder"),
        (("Card Duplex", "Card Front"), None, None),
        (("Flatbed", "Transparency Adapter"), None, None),
        (("Flatbed", "Manual Feed Tray", "ADF"), "ADF", "ADF"),
        (("FB", "ADF-Back", "ADF-Front", "ADF 2-sided"), "ADF 2-sided", "ADF-Front"),
    ],
)  # fmt: skip
def test_the_paper_path_is_found_by_its_words(
    offered: tuple[str, ...], both: str | None, front: str | None
) -> None:
    assert wishes(sane_options.source, BOTH, words("source", *offered)).get("source") == both
    assert wishes(sane_options.source, ONE, words("source", *offered)).get("source") == front


def test_a_profile_knows_better_than_the_rules() -> None:
    known = Profile(duplex_source="Both at once", simplex_source="ADF")
    offered = words("source", "ADF Duplex", "ADF", "Both at once")
    assert wishes(sane_options.source, BOTH, offered, profile=known) == {"source": "Both at once"}
    other = words("source", "ADF Duplex", "ADF Front")
    assert wishes(sane_options.source, BOTH, other, profile=known) == {"source": "ADF Duplex"}


def test_both_sides_may_be_a_setting_of_its_own() -> None:
    assert wishes(sane_options.duplex, BOTH, words("adf-mode", "Simplex", "Duplex")) == {"adf-mode": "Duplex"}
    assert wishes(sane_options.duplex, ONE, words("adf_mode", "Simplex", "Duplex")) == {"adf_mode": "Simplex"}
    assert wishes(sane_options.duplex, BOTH, switch("duplex")) == {"duplex": True}
    assert wishes(sane_options.duplex, ONE, switch("duplex")) == {"duplex": False}
    assert wishes(sane_options.duplex, BOTH, switch("duplex", OPEN | Can.INACTIVE)) == {}
    assert wishes(sane_options.duplex, BOTH, words("source", "ADF Duplex")) == {}


@pytest.mark.parametrize(
    ("offered", "colour", "gray", "bilevel"),
    [
        (("Lineart", "Halftone", "Gray", "Color"), "Color", "Gray", "Lineart"),
        (("Black & White", "Gray[Error Diffusion]", "True Gray", "24bit Color", "24bit Color[Fast]"),
         "24bit Color", "True Gray", "Black & White"),
        (("Color Lineart", "Color Halftone", "Color", "Gray"), "Color", "Gray", "Gray"),
        (("48 bits color", "24 bits color", "16 bit Grayscale", "8 bit Grayscale"),
         "24 bits color", "8 bit Grayscale", "8 bit Grayscale"),
        (("Binary", "Grey", "Colour"), "Colour", "Grey", "Binary"),
        (("Color",), "Color", "Color", None),
        (("Halftone",), None, None, None),
    ],
)  # fmt: skip
def test_the_mode_is_found_by_its_words(
    offered: tuple[str, ...], colour: str | None, gray: str | None, bilevel: str | None
) -> None:
    option = words("mode", *offered)
    assert wishes(sane_options.mode, ScanSettings(colour=True), option).get("mode") == colour
    assert wishes(sane_options.mode, ScanSettings(), option).get("mode") == gray
    assert wishes(sane_options.mode, ScanSettings(bilevel=True), option).get("mode") == bilevel


def test_one_bit_is_a_mode_or_a_depth() -> None:
    depths = Option(0, "depth", "", "", Kind.INT, Unit.BIT, 4, OPEN, numbers=(1, 8, 16))
    bits = ScanSettings(bilevel=True)
    assert wishes(sane_options.depth, bits, depths, words("mode", "Gray")) == {"depth": 1}
    assert wishes(sane_options.depth, bits, depths, words("mode", "Gray", "Lineart")) == {"depth": 8}
    assert wishes(sane_options.depth, BOTH, depths) == {"depth": 8}
    only_deep = Option(0, "bit-depth", "", "", Kind.INT, Unit.BIT, 4, OPEN, numbers=(16,))
    assert wishes(sane_options.depth, BOTH, only_deep) == {}


def test_the_resolution_is_the_least_that_is_enough() -> None:
    listed, ranged = one_of("resolution", 75, 150, 300, 600), between("resolution", 50, 600, Unit.DPI)
    assert wishes(sane_options.resolution, BOTH, listed) == {"resolution": 300}
    assert wishes(sane_options.resolution, ScanSettings(dpi=75), listed) == {"resolution": 75}
    assert wishes(sane_options.resolution, BOTH, ranged) == {"resolution": 200}
    assert wishes(sane_options.resolution, ScanSettings(dpi=211), ranged) == {"resolution": 211}
    stepped = Option(0, "resolution", "", "", Kind.INT, Unit.DPI, 4, OPEN, range=Range(50, 600, 50))
    assert wishes(sane_options.resolution, ScanSettings(dpi=211), stepped) == {"resolution": 240}
    both = (one_of("x-resolution", 200), one_of("y-resolution", 200, 400))
    assert wishes(sane_options.resolution, BOTH, *both) == {"x-resolution": 200, "y-resolution": 200}
    with pytest.raises(FeedError, match="does not reach 1200 dpi") as refused:
        wishes(sane_options.resolution, ScanSettings(dpi=1200), listed)
    assert refused.value.fault is Fault.CONFIG


def test_the_area_is_the_paper_with_a_margin_within_what_the_device_can() -> None:
    a4, wide = ScanSettings(page_mm=(210.0, 297.0)), Profile(margin_mm=(50.8, 6.35))
    sizes = (between("page-width", 0, 221), between("page-height", 0, 400))
    assert wishes(sane_options.paper, a4, *sizes, profile=wide) == {
        "page-width": 221.0,
        "page-height": 303.35,
    }
    assert wishes(sane_options.paper, BOTH, *sizes) == {"page-width": 221.0, "page-height": 400.0}
    reach = (between("br-x", 10, 300), between("br-y", 0, 500))
    assert wishes(sane_options.area, a4, *reach) == {"br-x": 220.0, "br-y": 297.0}
    assert wishes(sane_options.area, BOTH, *reach) == {"br-x": 300.0, "br-y": 500.0}
    in_pixels = between("br-x", 0, 5000, Unit.PIXEL, Kind.INT)
    assert wishes(sane_options.area, a4, in_pixels) == {"br-x": 1654}
    assert wishes(sane_options.corner, a4, between("tl-x", -3, 300)) == {"tl-x": -3.0}


def test_what_a_model_lacks_is_passed_over() -> None:
    known = profile_named("fi-7900")
    few = (words("prepick", "Default", "On", "Off"), words("bgcolor", "Default", "White"), switch("swcrop"))
    assert wishes(sane_options.known_good, BOTH, *few, profile=known) == {"prepick": "On", "swcrop": False}
    waits = switch("df-thickness", OPEN | Can.INACTIVE)  # for df-action, which is set before it
    detectors = (words("df-action", "Default", "Stop"), waits)
    assert wishes(sane_options.double_feed, BOTH, *detectors, profile=known) == {
        "df-action": "Stop",
        "df-thickness": True,
    }
    assert wishes(sane_options.double_feed, ScanSettings(double_feed=False), *detectors) == {}


def test_an_imprinter_is_set_up_in_the_order_it_asks_for() -> None:
    asked, known = ScanSettings(imprint="K7-"), profile_named("fi-8950")
    unit = (switch("endorser"), one_of("endorser-bits", 16, 24))
    got = [(one.name, one.value) for one in sane_options.imprint(asked, Options(unit), known, 412)]
    assert got == [
        ("endorser", True),
        ("endorser-step", 1),
        ("endorser-string", "K7-%08ud"),
        ("endorser-bits", 24),
        ("endorser-val", 412),
    ]
    off = [(one.name, one.value) for one in sane_options.imprint(BOTH, Options(unit), known, 1)]
    assert off == [("endorser", False)]
    assert sane_options.imprinted("K7-", 412) == "K7-00000412"
    with pytest.raises(FeedError, match="has no imprinter"):
        list(sane_options.imprint(asked, Options(()), known, 1))
    with pytest.raises(FeedError, match="How this scanner prints numbers is not known"):
        list(sane_options.imprint(asked, Options(unit), profile_named("dr-x10c"), 1))


def says(**values: Value) -> Answers:
    return Answers(tuple((name.replace("_", "-"), value) for name, value in values.items()))


def test_what_is_agreed_comes_from_the_answers_alone() -> None:
    has = Options(
        (between("br-x", 0, 300), between("br-y", 0, 500), between("tl-x", 0, 1), between("tl-y", 0, 1))
    )
    told = says(source="ADF Duplex", mode="Color", resolution=300, tl_x=0.0, tl_y=0.0, br_x=209.9, br_y=297.0)
    got = sane_agreed.agreed(ScanSettings(page_mm=(210.0, 297.0)), has, told)
    assert got == ScanSettings(dpi=300, colour=True, duplex=True, page_mm=(210.0, 297.0), double_feed=False)
    smaller = sane_agreed.agreed(ScanSettings(page_mm=(210.0, 400.0)), has, told)
    assert smaller.page_mm == (209.9, 297.0)
    assert sane_agreed.agreed(BOTH, has, says(duplex=True, mode="Lineart")).bilevel
    assert sane_agreed.agreed(BOTH, has, says(adf_mode="Duplex", depth=1, mode="Gray")).bilevel
    assert sane_agreed.agreed(BOTH, has, says(duplex=True, df_action="Stop")).double_feed
    assert not sane_agreed.agreed(
        BOTH, has, says(duplex=True, df_action="Continue", df_thickness=True)
    ).double_feed
    assert sane_agreed.agreed(BOTH, has, says(duplex=True, df_thickness=True)).double_feed


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (says(source="ADF Front", resolution=200), "both sides"),
        (says(source="ADF", duplex=False), "both sides"),
        (says(source="ADF Duplex", resolution=150), "takes 150 dpi, asked were 200"),
        (says(source="ADF Duplex", x_resolution=200, y_resolution=400), "200 × 400 dpi, which is not square"),
    ],
)
def test_less_than_was_asked_for_is_refused(told: Answers, why: str) -> None:
    with pytest.raises(FeedError, match=why):
        sane_agreed.agreed(BOTH, Options(()), told)


def test_what_a_production_scanner_promises() -> None:
    has = (
        words("source", "ADF Front", "ADF Back", "ADF Duplex"),
        words("mode", "Lineart", "Halftone", "Gray", "Color"),
        between("resolution", 50, 600, Unit.DPI, Kind.INT),
        between("br-x", 0, 304.8),
        between("br-y", 0, 863.6),
        Option(0, "endorser-string", "", "", Kind.STRING, Unit.NONE, 81, OPEN | Can.INACTIVE),
        words("df-action", "Default", "Continue", "Stop"),
    )
    able = sane_agreed.able(
        "sane:fujitsu:fi-7900:1", "FUJITSU fi-7900", Options(has), profile_named("fi-7900")
    )
    assert able.dpis == (100, 150, 200, 240, 300, 400, 600)
    assert (able.duplex, able.colour, able.gray) == (True, True, True)
    assert (able.imprinter, able.double_feed) == (True, True)
    assert able.max_mm == (304.8, 863.6)
    flat = sane_agreed.able("sane:x", "", Options((words("source", "Flatbed"),)), Profile())
    assert (flat.duplex, flat.imprinter, flat.double_feed, flat.max_mm, flat.dpis) == (
        False,
        False,
        False,
        None,
        (),
    )


@pytest.mark.parametrize(
    ("status", "high", "fault"),
    [
        (Status.JAMMED, (), Fault.JAM),
        (Status.JAMMED, ("double-feed",), Fault.DOUBLE_FEED),
        (Status.JAMMED, ("omr-df",), Fault.DOUBLE_FEED),
        (Status.JAMMED, ("double-feed", "cover-open"), Fault.COVER_OPEN),
        (Status.JAMMED, ("ink-low",), Fault.JAM),
        (Status.IO_ERROR, ("ink-low",), Fault.INK),
        (Status.IO_ERROR, (), Fault.OFFLINE),
        (Status.COVER_OPEN, ("double-feed",), Fault.COVER_OPEN),
        (Status.WARMING_UP, (), Fault.WARMING),
        (Status.HW_LOCKED, (), Fault.CONFIG),
        (4711, (), Fault.INTERNAL),
    ],
)
def test_a_vague_status_is_told_by_the_sensors(status: int, high: tuple[str, ...], fault: Fault) -> None:
    assert fault_of(status, tuple(Sensor(name, value=True) for name in high)) is fault


def test_sensors_are_asked_as_far_as_they_answer() -> None:
    readable, mute = switch("double-feed", Can.READ), switch("cover-open", Can.READ)
    code = Option(0, "error-code", "", "", Kind.INT, Unit.NONE, 4, Can.READ)
    hidden = switch("omr-df", Can.READ | Can.INACTIVE)

    def read(option: Option) -> Value:
        if option.name == "cover-open":
            raise CaptureError
        return 57 if option.name == "error-code" else True

    told = sensors(Options((readable, mute, code, hidden)), read)
    assert {(one.name, one.value) for one in told} == {
        ("double-feed", True),
        ("cover-open", False),
        ("error-code", 57),
    }
    assert native("JAMMED", told) == "JAMMED double-feed=yes error-code=57"
    assert paper_left(Options((switch("adf-loaded", Can.READ),)), read)
    assert not paper_left(Options((code,)), read)


def test_profiles_are_found_by_device_or_model() -> None:
    names = [name for name, _ in profiles()]
    assert {"fi-7900", "fi-8950", "dr-g2140", "dr-x10c", "sane-test", "sane-pnm"} <= set(names)
    assert profile_for("fujitsu:fi-7900:20034") == profile_named("fi-7900")
    assert profile_for("canon_dr:libusb:001:004", "CANON DR-G2140") == profile_named("dr-g2140")
    assert profile_for("net:desk:test:0") == profile_named("sane-test")
    assert profile_for("net:latest:fast-test:0x") == Profile()
    assert profile_for("epsonds:libusb:001:004", "EPSON DS-860") == Profile()
    with pytest.raises(CaptureError, match="no scanner profile"):
        profile_named("../marks")


def test_words_that_mean_nothing_known() -> None:
    assert sane_names.mode_of("Photo") is None
    assert not sane_names.is_duplex("ADF")
    assert sane_names.is_glass("Flatbed")
    assert sane_names.path((), duplex=True) == ""
