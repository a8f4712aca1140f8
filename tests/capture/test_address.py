import pytest

from scanner.capture.address import SELF_SIGNED, Address, candidates
from scanner.errors import UsageError

PRINT = "ab" * 32


@pytest.mark.parametrize(
    ("typed", "origins"),
    [
        ("10.0.0.9", ["http://10.0.0.9", "http://10.0.0.9:8080", "https://10.0.0.9"]),
        ("skanner.lokal:9095", ["http://skanner.lokal:9095", "https://skanner.lokal:9095"]),
        ("skanner:443", ["https://skanner:443"]),
        ("[fe80::1]:8443", ["https://[fe80::1]:8443"]),
        ("skanner#selfsigned", ["https://skanner"]),
        ("https://skanner", ["https://skanner"]),
        ("http://skanner:80/scan", ["http://skanner:80"]),
    ],
)
def test_the_places_meant(typed: str, origins: list[str]) -> None:
    assert [one.origin for one in candidates(typed)] == origins


def test_the_path_is_kept() -> None:
    assert {one.root for one in candidates("skanner/own/eSCL/")} == {"/own/eSCL"}
    assert {one.root for one in candidates("skanner")} == {"/eSCL"}


def test_whom_to_trust_is_said_or_nobody() -> None:
    assert candidates("https://a")[0].trust == ""
    assert candidates("https://a#selfsigned") == (Address("https://a", "/eSCL", SELF_SIGNED),)
    colons = ":".join(["AB"] * 32)
    assert {one.trust for one in (*candidates(f"a#{PRINT}"), *candidates(f"https://a#{colons}"))} == {PRINT}
    for wrong in ("a#trustme", "a#abcd", "https://a#" + "g" * 64):
        with pytest.raises(UsageError):
            candidates(wrong)
