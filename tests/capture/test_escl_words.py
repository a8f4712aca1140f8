import pytest

from scanner.capture.escl_abilities import able, negotiate
from scanner.capture.escl_words import job, parsed, status, texts
from scanner.capture.events import Fault, FeedError, ScanSettings
from scanner.simulate import escl_words as device

WORDS = {
    "ScannerAdfJam": Fault.JAM,
    "ScannerAdfMispick": Fault.MISPICK,
    "ScannerAdfHatchOpen": Fault.COVER_OPEN,
    "ScannerAdfDoorOpen": Fault.COVER_OPEN,
    "ScannerAdfDuplexPageTooShort": Fault.SHORT_IMAGE,
    "ScannerAdfDuplexPageTooLong": Fault.SHORT_IMAGE,
    "ScannerAdfMultipickDetected": Fault.DOUBLE_FEED,
    "ScannerAdfInputTrayFailed": Fault.MISPICK,
    "ScannerAdfInputTrayOverloaded": Fault.MISPICK,
    "ScannerAdfProcessing": None,
    "ScannerAdfEmpty": None,
    "ScannerAdfLoaded": None,
    "ScannerAdfSomethingNew": None,
    "": None,
}
REASONS = {
    "MediaJam": Fault.JAM,
    "CoverOpen": Fault.COVER_OPEN,
    "InterlockOpen": Fault.COVER_OPEN,
    "MultipleDocumentFeedError": Fault.DOUBLE_FEED,
    "StapleDetected": Fault.STAPLE,
    "CoverClosed": None,
    "AttentionRequired": None,
}


@pytest.mark.parametrize("word", WORDS)
def test_every_word_of_the_feeder(word: str) -> None:
    said = status(device.status(word, ()), "")
    assert (said.adf, said.fault) == (word, WORDS[word])
    assert said.word == (word if WORDS[word] else "")
    assert (said.empty, said.loaded) == (word == "ScannerAdfEmpty", word == "ScannerAdfLoaded")


@pytest.mark.parametrize("word", REASONS)
def test_words_of_the_state(word: str) -> None:
    said = status(device.status("ScannerAdfProcessing", (), (word,)), "")
    assert said.fault is REASONS[word]
    assert not said.warming


def test_the_feeders_own_word_counts_most() -> None:
    said = status(device.status("ScannerAdfMultipickDetected", (), ("MediaJam",)), "")
    assert (said.fault, said.word) == (Fault.DOUBLE_FEED, "ScannerAdfMultipickDetected")


def test_warming_up_is_no_fault() -> None:
    said = status(device.status("ScannerAdfLoaded", (), ("LampWarming",)), "")
    assert said.warming
    assert said.fault is None


@pytest.mark.parametrize("uri", ["/eSCL/ScanJobs/7", "http://10.0.0.9/eSCL/ScanJobs/7/", "ScanJobs/7", "7"])
def test_our_job_is_found_however_it_is_named(uri: str) -> None:
    body = device.status("ScannerAdfLoaded", (("/eSCL/ScanJobs/17", "Aborted", 9), (uri, "Completed", 4)))
    assert (status(body, "/eSCL/ScanJobs/7").job, status(body, "/eSCL/ScanJobs/7").images) == ("Completed", 4)
    assert status(body, "/eSCL/ScanJobs/8").job == ""
    assert status(body, "").job == ""


def test_why_a_job_was_broken_off() -> None:
    body = b"""<x:ScannerStatus xmlns:x="urn:a" xmlns:y="urn:b"><y:State>Idle</y:State><x:Jobs><x:JobInfo>
      <y:JobUri>/eSCL/ScanJobs/1</y:JobUri><y:JobState>Canceled</y:JobState><y:JobStateReasons>
      <y:JobStateReason>JobCanceledByUser</y:JobStateReason></y:JobStateReasons></x:JobInfo></x:Jobs>
      </x:ScannerStatus>"""
    said = status(body, "/eSCL/ScanJobs/1")
    assert (said.job, said.state, said.adf, said.images) == ("Canceled", "Idle", "", None)
    assert said.reasons == ("JobCanceledByUser",)


def test_what_a_device_says_is_bounded_and_printable() -> None:
    reasons = tuple(f"R{n}" + "x" * 200 for n in range(99))
    said = status(device.status("Scanner\x7fAdf\u202eJam", (), reasons), "")
    assert said.adf == "ScannerAdfJam"
    assert len(said.reasons) == 16
    assert max(map(len, said.reasons)) <= 80


def capabilities(**swap: str) -> bytes:
    text = device.capabilities("Prøve 1", "S1", (200, 300), (215.9, 355.6)).decode()
    for old, new in swap.items():
        text = text.replace(old, new)
    return text.encode()


def test_what_the_virtual_scanner_can() -> None:
    one = able(capabilities())
    assert one.about.dpis == (200, 300)
    assert (one.about.model, one.about.serial, one.about.double_feed) == ("Prøve 1", "S1", True)
    assert (one.bilevel, one.extended) == (True, True)
    assert one.kinds == {"image/jpeg"}


def test_other_prefixes_and_no_prefix_at_all() -> None:
    plain = capabilities(**{"scan:": "", "pwg:": "", "xmlns:scan": "xmlns", 'xmlns:pwg="h': 'xmlns:u="h'})
    assert able(plain).about == able(capabilities()).about
    renamed = capabilities(**{"scan:": "q:", "pwg:": "r:", "xmlns:scan": "xmlns:q", "xmlns:pwg": "xmlns:r"})
    assert able(renamed).about == able(capabilities()).about


def test_duplex_may_be_an_option_of_the_feeder() -> None:
    text = capabilities().decode()
    start, end = text.index("<scan:AdfDuplexInputCaps>"), text.index("<scan:FeederCapacity>")
    said = able((text[:start] + text[end:]).encode())
    assert said.about.duplex
    assert not able((text[:start] + text[end:].replace(">Duplex<", ">Other<")).encode()).about.duplex


def test_a_profile_told_once_for_the_whole_device() -> None:
    text = capabilities().decode()
    start = text.index("<scan:SettingProfiles>")
    end = text.index("</scan:SettingProfiles>") + len("</scan:SettingProfiles>")
    profile = text[start:end]
    apart = text.replace(profile, "").replace("<scan:Adf>", f"{profile}<scan:Adf>")
    assert able(apart.encode()).about == able(text.encode()).about


def test_a_range_of_resolutions() -> None:
    text = capabilities().decode()
    start, end = text.index("<scan:DiscreteResolutions>"), text.index("</scan:SupportedResolutions>")
    span = "<scan:XResolutionRange><scan:Min>150</scan:Min><scan:Max>400</scan:Max></scan:XResolutionRange>"
    ranged = text.replace(text[start:end], f"<scan:ResolutionRange>{span}</scan:ResolutionRange>")
    assert able(ranged.encode()).about.dpis == (150, 200, 240, 300, 400)


ASKED = ScanSettings(imprint="K1-", options=(("Brightness", "5"),), double_feed=True)


def test_what_is_agreed() -> None:
    one = able(capabilities())
    agreed = negotiate(ASKED, one)
    assert (agreed.dpi, agreed.colour, agreed.bilevel, agreed.duplex) == (200, False, False, True)
    assert (agreed.imprint, agreed.double_feed, agreed.options) == (None, True, ASKED.options)
    assert agreed.page_mm == pytest.approx((215.9, 355.6), abs=0.1)
    assert negotiate(ScanSettings(dpi=201), one).dpi == 300
    assert negotiate(ScanSettings(colour=True), one).colour
    assert negotiate(ScanSettings(bilevel=True), one).bilevel
    deaf = able(capabilities(MultipickDetection="Other"))
    assert not negotiate(ASKED, deaf).double_feed


def test_a_mode_it_lacks_is_replaced_by_the_next_better() -> None:
    only_colour = able(capabilities(Grayscale8="X", BlackAndWhite1="X"))
    assert negotiate(ScanSettings(bilevel=True), only_colour).colour
    only_black = able(capabilities(Grayscale8="X", RGB24="X"))
    assert negotiate(ScanSettings(colour=True), only_black).bilevel
    assert not negotiate(ScanSettings(colour=True), only_black).colour


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (ScanSettings(dpi=400), "does not reach 400 dpi"),
        (ScanSettings(options=(("Gamma><evil", "1"),)), "cannot be the name of a setting"),
    ],
)
def test_what_cannot_be_agreed(asked: ScanSettings, words: str) -> None:
    with pytest.raises(FeedError, match=words) as refusal:
        negotiate(asked, able(capabilities()))
    assert refusal.value.fault is Fault.CONFIG


def kinds(*named: str) -> bytes:
    return device.capabilities("P", "1", (200,), (215.9, 355.6), named)


@pytest.mark.parametrize(
    ("named", "gray", "bilevel"),
    [
        (("application/pdf", "image/jpeg", "image/tiff"), "image/jpeg", "image/tiff"),
        (("application/pdf",), "application/pdf", "application/pdf"),
        (("image/tiff", "application/octet-stream"), "image/tiff", "image/tiff"),
        (("image/jpeg", "application/pdf"), "image/jpeg", "application/pdf"),
    ],
)
def test_the_kind_of_image_asked_for(named: tuple[str, ...], gray: str, bilevel: str) -> None:
    one = able(kinds(*named))
    assert one.kind(ScanSettings()) == gray
    assert one.kind(ScanSettings(bilevel=True)) == bilevel


def test_the_job_says_what_was_agreed() -> None:
    agreed = ScanSettings(200, page_mm=(210.0, 297.0), options=(("Threshold", "1<2&3"),))
    root = parsed(job(agreed, "image/jpeg"))
    said = {name: next(texts(root, name)) for name in ("Duplex", "ColorMode", "XResolution", "Threshold")}
    assert said == {"Duplex": "true", "ColorMode": "Grayscale8", "XResolution": "200", "Threshold": "1<2&3"}
    assert (next(texts(root, "Width")), next(texts(root, "Height"))) == ("2480", "3508")
    assert list(texts(root, "DocumentFormatExt")) == ["image/jpeg"]
    old = parsed(job(ScanSettings(bilevel=True, duplex=False), "image/tiff", extended=False))
    assert next(texts(old, "ColorMode")) == "BlackAndWhite1"
    assert list(texts(old, "DocumentFormatExt")) == list(texts(old, "Width")) == []
