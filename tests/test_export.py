"""The command export: a folder of files for others, signed where it must be, and no voter in any of them."""

import csv
import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from scanner.audit.seal import check
from scanner.ballot import Box, Category, Decision, Opinion, Sheet
from scanner.ballot import PageImage as Side
from scanner.commands.record import PASSWORD
from scanner.errors import ExitCode
from scanner.store import open_store
from scanner.tally.eml import NAMESPACE
from tests.command import Here
from tests.store.test_store import DOUBT, READING, URETTET
from tests.strategies import small_election
from tests.tally.cvr_schema import faults


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.setenv(PASSWORD, "prøve")
    return Here(capsys)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Three ballots of A, one that two people made blank, in one box."""
    address = f"sqlite:{tmp_path / 'count.db'}"
    with open_store(address) as store:
        store.bind(small_election())
        store.add_box(Box("K1", "VO", "0001"))
        for number in range(1, 5):
            name = f"K1/{number:04d}"
            sides = tuple(Side(f"{number}{face}.png", picture(number), 200.0) for face in "FB")
            store.add_sheet(Sheet("K1", number, sides, "virtual"))
            sure = Decision(name, Category.URETTET, "A", ()) if number < 4 else None
            store.add_verdict(name, URETTET if number < 4 else DOUBT, READING, "v1", sure)
        for person in ("Kari", "Ola"):
            store.add_opinion(Opinion("K1/0004", person, Category.BLANK, None, ()))
        store.add_decision(Decision("K1/0004", Category.BLANK, None, (), ("Kari", "Ola")))
    return address


def picture(level: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (60, 40), 255 - level).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def keys(here: Here, tmp_path: Path) -> tuple[Path, Path]:
    pair = tmp_path / "count.key", tmp_path / "count.pub"
    assert here("key", "--secret", pair[0], "--public", pair[1]).code == ExitCode.DONE
    return pair


def test_the_eml_package_is_whole_signed_and_the_same_twice(here, url, keys, tmp_path):
    out = tmp_path / "out"
    line = ("export", "--store", url, "--out", out, "--format", "eml", "--key", keys[0], "--images")
    assert here(*line).code == ExitCode.DONE
    content, seal = (out / "Counts.zip").read_bytes(), (out / "Counts.zip.minisig").read_bytes()
    assert check(content, seal, keys[1]).startswith("valgskanner counts ")
    if shutil.which("minisign"):
        subprocess.run(
            ["minisign", "-Vm", out / "Counts.zip", "-p", keys[1]], check=True, capture_output=True
        )
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = packed.namelist()
        assert [one.split("-")[0] for one in names[:2]] == ["Count", "Votes"]
        assert names[2:] == ["K1-0004.tiff"]
        counted, voted = (etree.fromstring(packed.read(one)) for one in names[:2])
        with Image.open(io.BytesIO(packed.read("K1-0004.tiff"))) as tiff:
            assert (tiff.n_frames, tiff.mode, tiff.size) == (2, "1", (60, 40))
    total = counted.find(".//{*}TotalVotes/{*}Cast")
    assert total is not None
    assert total.text == "4"
    assert len(voted.findall(f".//{{{NAMESPACE}}}CastVote")) == 4
    assert here(*line).code == ExitCode.DONE
    assert (out / "Counts.zip").read_bytes() == content


def test_a_package_without_a_key_is_refused(here, url, tmp_path):
    ran = here("export", "--store", url, "--out", tmp_path, "--format", "eml")
    assert (ran.code, "--key" in ran.err) == (ExitCode.USAGE, True)


def test_cast_vote_records_of_a_store(here, url, tmp_path):
    assert here("export", "--store", url, "--out", tmp_path, "--format", "cvr").code == ExitCode.DONE
    made = json.loads((tmp_path / "cvr.json").read_text("utf-8"))
    assert list(faults(made)) == []
    assert [one["UniqueId"] for one in made["CVR"]] == [f"K1/000{n}" for n in range(1, 5)]
    assert all(len(one["BallotImage"]) == 2 for one in made["CVR"])
    assert "Kari" not in json.dumps(made)


def test_counts_and_bundles(here, url, tmp_path):
    line = ("export", "--store", url, "--out", tmp_path, "--format", "counts", "--format", "bundles")
    assert here(*line).code == ExitCode.DONE
    rows = list(csv.DictReader(io.StringIO((tmp_path / "counts.csv").read_text("utf-8"))))
    assert sum(int(one["total"]) for one in rows) == 4
    assert json.loads((tmp_path / "counts.json").read_text("utf-8"))["approved"] == 3
    packed = (tmp_path / "bundles.csv").read_text("utf-8").splitlines()
    assert packed[1:] == ['"Partiet A, valgting, urettede",K1,3,1-3', '"blanke, valgting",K1,1,4']
    assert (tmp_path / "bundles.pdf").read_bytes().startswith(b"%PDF")


def test_undecided_ballots_remain(here, url, tmp_path):
    with open_store(url) as store:
        store.add_sheet(Sheet("K1", 5, (Side("5F.png", picture(5)),), "virtual"))
    ran = here("export", "--store", url, "--out", tmp_path, "--format", "counts")
    assert ran.code == ExitCode.DOUBTFUL
