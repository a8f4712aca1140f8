"""A box sent from store to store: taken once, whole, unchanged, and never twice under any name."""

import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from scanner.audit.seal import sign
from scanner.ballot import Box, Category, Decision, Opinion, Verdict
from scanner.commands.record import PASSWORD
from scanner.errors import ExitCode
from scanner.parcel import MANIFEST, SEAL, FileOnList, Manifest
from scanner.store import Store, open_store
from scanner.store.box_content import SheetContent
from tests.command import Here
from tests.store.conftest import sheet
from tests.store.test_store import DOUBT, READING, URETTET
from tests.store.test_verification import flaws
from tests.strategies import small_election

SENDER = "avsender"


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.setenv(PASSWORD, SENDER)
    return Here(capsys)


@pytest.fixture
def keys(here: Here, tmp_path: Path) -> tuple[Path, Path]:
    pair = tmp_path / "a.key", tmp_path / "a.pub"
    assert here("key", "--secret", pair[0], "--public", pair[1]).code == ExitCode.DONE
    return pair


def address(folder: Path, name: str) -> str:
    return f"sqlite:{folder / name}.db"


def filled(url: str, *, sheets: int = 5, box: str = "K1", test: bool = False) -> str:
    """A box whose sheets are read, one twice, one decided by two people, one undecided."""
    with open_store(url) as store:
        store.bind(small_election(), test=test)
        store.add_box(Box("K0", "VO", "0001"))
        store.add_sheet(sheet(1, "K0", b"other"))
        store.add_box(Box(box, "VO", "0001"))
        for number in range(1, sheets + 1):
            store.add_sheet(sheet(number, box, f"front {number}".encode()))
            decide(store, f"{box}/{number:04d}", DOUBT if number > 3 else URETTET)
        decide(store, f"{box}/0002", replace(URETTET, list="B"), "v2")
        people(store, f"{box}/0004")
    return url


def decide(store: Store, name: str, verdict: Verdict, version: str = "v1") -> None:
    decision = Decision(name, verdict.category, verdict.list, ()) if verdict.sure else None
    store.add_verdict(name, verdict, replace(READING, sheet=name), version, decision)


def people(store: Store, name: str) -> None:
    for person in ("Kari", "Ola"):
        store.add_opinion(Opinion(name, person, Category.URETTET, "A", ()))
    store.add_decision(Decision(name, Category.URETTET, "A", (), ("Kari", "Ola")))


@pytest.fixture
def parcel(here: Here, keys, tmp_path: Path) -> Path:
    url = filled(address(tmp_path, "sender"))
    out = tmp_path / "K1.zip"
    ran = here("boxes", "export", "--store", url, "--box", "K1", "--out", out, "--key", keys[0])
    assert ran.code == ExitCode.DONE
    assert "real box K1 VO 0001: 5 sheets" in ran.err
    return out


@pytest.fixture
def taken(here: Here, parcel: Path, keys, tmp_path: Path) -> str:
    url = address(tmp_path, "county")
    ran = here("boxes", "import", parcel, "--store", url, "--public", keys[1], "--json")
    assert ran.code == ExitCode.DONE
    assert ran.lines == [{"box": "K1", "sheets": 5, "taken": True, "same_as": None, "differences": []}]
    return url


def said(url: str):
    """All that a store says of box K1."""
    with open_store(url, create=False) as store:
        assert flaws(store) == ""
        records = list(store.sheets("K1"))
        stands = list(store.ballots("K1"))
        seen = [dict(store.verdicts(version, "K1")) for version in ("v1", "v2")]
        opinions = [store.opinions(one.id) for one in records]
        images = [store.sheet(one.id) for one in records]
        readings = [store.reading_of(one.id) for one in records]
        return records, stands, seen, opinions, images, readings


def events(url: str) -> int:
    with open_store(url, create=False) as store:
        return store.record.head().number


def test_a_box_arrives_as_it_left(taken: str, here: Here, tmp_path: Path) -> None:
    assert said(taken) == said(address(tmp_path, "sender"))
    with open_store(taken) as store:
        assert [one.id for one in store.boxes()] == ["K1"], "no other box came along"
    assert here("verify", "--store", taken).code == ExitCode.DONE


def test_the_same_box_sent_twice_is_one_box(taken: str, here: Here, parcel: Path, keys) -> None:
    before = events(taken)
    for _ in range(3):
        ran = here("boxes", "import", parcel, "--store", taken, "--public", keys[1], "--json")
        assert ran.code == ExitCode.DONE
        assert (ran.lines[0]["taken"], ran.lines[0]["same_as"]) == (False, "K1")
        assert "Nothing was added" in ran.err
    assert events(taken) == before


def test_an_export_made_again_is_the_same_list(here: Here, parcel: Path, keys, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    url = address(tmp_path, "sender")
    here("boxes", "export", "--store", url, "--box", "K1", "--out", again, "--key", keys[0])
    assert content(parcel)[MANIFEST] == content(again)[MANIFEST]


@pytest.mark.parametrize("sheets", [4, 6])
def test_another_box_of_the_same_name_is_refused_and_shown(
    taken: str, here: Here, keys, tmp_path: Path, sheets: int
) -> None:
    """Akershus 2025: a box sent again with other content was added, four times."""
    other = filled(address(tmp_path, "other"), sheets=sheets)
    out = tmp_path / "other.zip"
    here("boxes", "export", "--store", other, "--box", "K1", "--out", out, "--key", keys[0])
    before = events(taken)
    ran = here("boxes", "import", out, "--store", taken, "--public", keys[1], "--json")
    assert ran.code == ExitCode.DISAGREE
    (line,) = ran.lines
    assert not line["taken"]
    assert [one["sheet"] for one in line["differences"]] == [f"K1/{max(5, sheets):04d}"]
    assert events(taken) == before
    with open_store(taken) as store:
        assert store.progress().fed == 5


def test_a_box_decided_otherwise_meanwhile_is_shown(taken: str, here: Here, keys, tmp_path: Path) -> None:
    url, out = address(tmp_path, "sender"), tmp_path / "later.zip"
    with open_store(url) as store:
        people(store, "K1/0005")
    here("boxes", "export", "--store", url, "--box", "K1", "--out", out, "--key", keys[0])
    ran = here("boxes", "import", out, "--store", taken, "--public", keys[1])
    assert ran.code == ExitCode.DISAGREE
    assert ran.out == "K1/0005: undecided here, urettet in the parcel\n"


def test_the_same_paper_under_another_name_is_refused(taken: str, here: Here, keys, tmp_path: Path) -> None:
    other = filled(address(tmp_path, "other"), box="K7")
    out = tmp_path / "K7.zip"
    here("boxes", "export", "--store", other, "--box", "K7", "--out", out, "--key", keys[0])
    ran = here("boxes", "import", out, "--store", taken, "--public", keys[1], "--json")
    assert ran.code == ExitCode.DISAGREE
    assert ran.lines[0]["same_as"] == "K1"
    with open_store(taken) as store:
        assert [one.id for one in store.boxes()] == ["K1"]


def test_a_test_box_never_comes_into_a_real_count(taken: str, here: Here, keys, tmp_path: Path) -> None:
    trial, out = filled(address(tmp_path, "trial"), test=True), tmp_path / "trial.zip"
    here("boxes", "export", "--store", trial, "--box", "K0", "--out", out, "--key", keys[0])
    ran = here("boxes", "import", out, "--store", taken, "--public", keys[1])
    assert ran.code == ExitCode.STORE
    assert "holds a real count, not a test" in ran.err


def test_only_the_senders_key_opens(here: Here, parcel: Path, tmp_path: Path) -> None:
    here("key", "--secret", tmp_path / "b.key", "--public", tmp_path / "b.pub")
    url = address(tmp_path, "county")
    ran = here("boxes", "import", parcel, "--store", url, "--public", tmp_path / "b.pub")
    assert ran.code == ExitCode.AUDIT
    assert not Path(url.removeprefix("sqlite:")).exists(), "nothing is written before all holds"


# --- parcels that were tampered with -----------------------------------------------------------


def content(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as packed:
        return {one: packed.read(one) for one in packed.namelist()}


def pack(files: dict[str, bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return path


def signed(manifest: Manifest, key: Path, words: str | None = None) -> dict[str, bytes]:
    text = msgspec.json.encode(manifest)
    return {MANIFEST: text, SEAL: sign(text, key, SENDER, words or manifest.words).text}


def refused(here: Here, path: Path, keys, code: ExitCode, words: str) -> None:
    url = address(path.parent, "refused")
    ran = here("boxes", "import", path, "--store", url, "--public", keys[1])
    assert (ran.code, ran.out) == (code, ""), ran.err
    assert words in ran.err
    assert not Path(url.removeprefix("sqlite:")).exists()


def test_every_file_changed_by_one_byte_is_named(here: Here, parcel: Path, keys, tmp_path: Path) -> None:
    files = content(parcel)
    for name in files:
        data = bytearray(files[name])
        data[len(data) // 2] ^= 1
        code = ExitCode.AUDIT
        words = "The signature does not hold" if name in {MANIFEST, SEAL} else f"{name} was changed"
        bad = pack(files | {name: bytes(data)}, tmp_path / "bad.zip")
        refused(here, bad, keys, code, words)


@pytest.mark.parametrize("keep", [0.0, 0.3, 0.7, 0.999])
def test_a_parcel_cut_short_is_refused(here: Here, parcel: Path, keys, tmp_path: Path, keep: float) -> None:
    whole = parcel.read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: int(keep * len(whole))])
    refused(here, tmp_path / "cut.zip", keys, ExitCode.INPUT, "is damaged or cut short")


def test_files_left_out_or_put_in_are_named(here: Here, parcel: Path, keys, tmp_path: Path) -> None:
    files = content(parcel)
    less = {name: data for name, data in files.items() if name != "sheets/0003.json"}
    bad = tmp_path / "bad.zip"
    refused(here, pack(less, bad), keys, ExitCode.INPUT, "'sheets/0003.json' is not in the file")
    more = files | {"../../evil": b"x"}
    refused(here, pack(more, bad), keys, ExitCode.INPUT, "'../../evil' is not on its list")


def test_a_file_twice_is_refused(here: Here, parcel: Path, keys, tmp_path: Path) -> None:
    files, bad = content(parcel), tmp_path / "bad.zip"
    pack(files, bad)
    with zipfile.ZipFile(bad, "a") as packed, pytest.warns(UserWarning, match="Duplicate name"):
        packed.writestr("sheets/0001.json", files["sheets/0002.json"])
    refused(here, bad, keys, ExitCode.INPUT, "have the box sent again")


@pytest.mark.parametrize(
    "lie",
    [
        ({"sheets": 4}, "does not add up"),
        ({"format": 2}, "another valgskanner (format 2)"),
        ({"fingerprint": "0" * 64}, "is not the one on its list"),
        ({"box": "K2"}, "speaks of another sheet"),
    ],
    ids=lambda lie: next(iter(lie[0])),
)
def test_a_list_that_lies_is_refused_though_it_is_signed(
    here: Here, parcel: Path, keys, tmp_path: Path, lie
) -> None:
    files, (changes, words) = content(parcel), lie
    manifest = msgspec.structs.replace(msgspec.json.decode(files[MANIFEST], type=Manifest), **changes)
    bad = pack(files | signed(manifest, keys[0]), tmp_path / "bad.zip")
    refused(here, bad, keys, ExitCode.INPUT, words)


def test_a_signature_for_something_else_is_refused(here: Here, parcel: Path, keys, tmp_path: Path) -> None:
    files = content(parcel)
    manifest = msgspec.json.decode(files[MANIFEST], type=Manifest)
    bad = pack(files | signed(manifest, keys[0], "another box"), tmp_path / "bad.zip")
    refused(here, bad, keys, ExitCode.AUDIT, "was made for something else: another box")


def test_a_box_that_fails_at_its_last_sheet_leaves_nothing(
    here: Here, parcel: Path, keys, tmp_path: Path
) -> None:
    """Signed, but no store takes it: the machine decides a ballot that it is not sure of."""
    files = content(parcel)
    last = files["sheets/0005.json"]
    wrong = Decision("K1/0005", Category.URETTET, "A", ())
    said = msgspec.json.decode(last, type=SheetContent)
    files["sheets/0005.json"] = msgspec.json.encode(replace(said, decision=wrong))
    manifest = msgspec.json.decode(files[MANIFEST], type=Manifest)
    listed = tuple(
        FileOnList(one.name, sha256(files[one.name]).hexdigest(), len(files[one.name]))
        for one in manifest.files
    )
    bad = pack(files | signed(msgspec.structs.replace(manifest, files=listed), keys[0]), tmp_path / "bad.zip")
    url = address(tmp_path, "county")
    ran = here("boxes", "import", bad, "--store", url, "--public", keys[1])
    assert ran.code == ExitCode.STORE
    assert "is not sure of it" in ran.err
    with open_store(url) as store:
        assert (store.boxes(), store.progress().fed) == ((), 0)
        assert flaws(store) == ""
    assert here("boxes", "import", parcel, "--store", url, "--public", keys[1]).code == ExitCode.DONE


def test_a_bomb_is_not_unpacked(here: Here, parcel: Path, keys, tmp_path: Path) -> None:
    """A list of 100 MB that packs into 100 kB, and one whose header says it is small."""
    files, bad = content(parcel), tmp_path / "bad.zip"
    bomb = files | {MANIFEST: b" " * (100 * 2**20)}
    refused(here, pack(bomb, bad), keys, ExitCode.INPUT, "grows more than")
    raw = bytearray(bad.read_bytes())
    at = raw.rindex(MANIFEST.encode() + b"PK\1\2") - 46  # its entry in the directory
    raw[at + 24 : at + 28] = (1000).to_bytes(4, "little")  # unpacked size (APPNOTE 4.3.12)
    bad.write_bytes(raw)
    refused(here, bad, keys, ExitCode.INPUT, "is damaged inside the zip file")


def test_an_unknown_box_cannot_be_sent(here: Here, parcel: Path, keys, tmp_path: Path) -> None:
    words = ("--store", address(tmp_path, "sender"), "--out", tmp_path / "x.zip", "--key", keys[0])
    ran = here("boxes", "export", "--box", "K9", *words)
    assert ran.code == ExitCode.USAGE
    assert "only: K0, K1" in ran.err
