"""The way of a ballot end to end: printed, marked, fed over a real protocol, read, counted, protocol."""

import fcntl
import json
import os
import pickle
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from scanner.ballot import Category, Proposal, Verdict
from scanner.bench.agreement import Agreement, agreement
from scanner.lines import amendment_line
from scanner.simulate.deck import Deck, Press, SimulatedSheet
from scanner.simulate.escl_device import EsclDevice, Planned, Trouble
from scanner.simulate.truth import Truth
from tests.command import Here, Json, Ran, election, lay, package, valgskanner

pytestmark = pytest.mark.endtoend

BALLOTS = 24
BACK_OF_SHEET_9 = 17
OTHERS = (
    "fylkesting",
    "storting",
    "sameting",
    "folkeavstemning",
    "kommunestyre_two_fold",
    "kommunestyre_write_ins_outside",
)


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


def sheets(kind: str, count: int, seed: int) -> tuple[SimulatedSheet, ...]:
    deck = Deck(Press(election(kind)), seed)
    return tuple(deck.sheet(index) for index in range(1, count + 1))


def ended(truth: Truth, line: Json) -> Agreement:
    """How a printed verdict stands to the truth."""
    if line["category"] == "tvilsom":
        assert line["reasons"], "doubt always has a reason"
        return Agreement.DOUBTFUL
    verdict = Verdict(
        Category(line["category"]), line["list"], (), (), Proposal(Category(line["category"])), 1
    )
    plain = Truth(**{name: getattr(truth, name) for name in truth.__slots__} | {"amendments": ()})
    if agreement(plain, verdict) is not Agreement.RIGHT or changes(line) != meant(truth):
        return Agreement.WRONG_BUT_SURE
    return Agreement.RIGHT


def changes(line: Json) -> list[str]:
    """The changes a printed verdict is sure of; of a written name whom it means, not how it is spelt."""
    return sorted(json.dumps({**one, "text": None}) for one in line["amendments"])


def meant(truth: Truth) -> list[str]:
    return sorted(json.dumps({**amendment_line(one), "text": None}) for one in truth.amendments)


def signature(line: Json) -> tuple[str, str | None, list[str]]:
    """What must be the same when the same paper comes another way."""
    return line["category"], line["list"], changes(line)


@dataclass(frozen=True)
class Day:
    """What an election day left behind."""

    store: tuple[str, str]
    folder: Path
    truths: tuple[Truth, ...]
    lines: list[Json]
    scanned: Ran
    resumed: Ran
    out: Path

    def counts(self, here: Here) -> Json:
        (line,) = here("tally", *self.store, "--json").lines
        return line


@pytest.fixture(scope="session")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    """The day that the first process to need it made; it is dear, and all tests leave it as it is."""
    place = tmp_path_factory.getbasetemp()
    place = place.parent if "PYTEST_XDIST_WORKER" in os.environ else place
    kept = place / "valgdag.pickle"
    with (place / "valgdag.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(pickle.dumps(election_day(place / "valgdag")))
    return pickle.loads(kept.read_bytes())  # noqa: S301 - written a moment ago


def election_day(place: Path) -> Day:
    """A box of two dozen ballots fed over eSCL, with a jam in the middle of a sheet, resumed and read."""
    place.mkdir()
    pile = sheets("kommunestyre", BALLOTS, seed=4)
    store = ("--store", f"sqlite:{place / 'count.db'}")
    words = ("scan", "--election", package("kommunestyre"), *store, "--box", "FO-1", "--source")
    with EsclDevice(
        [(one.front, one.back) for one in pile], faults=[Planned(Trouble.JAM, BACK_OF_SHEET_9)]
    ) as device:
        scanned = valgskanner(*words, f"escl:{device.url}")
        device.put_back(9)  # the sheet that jammed, and all that came out after it
        resumed = valgskanner(*words, f"escl:{device.url}")
    read = valgskanner("read", *store, "--json")
    assert read.code in {0, 3}, read.err
    folder = lay(pile, place / "skann")
    return Day(store, folder, tuple(one.truth for one in pile), read.lines, scanned, resumed, place)


def test_a_jam_ends_the_scan_with_exit_6_and_says_what_to_do(day: Day) -> None:
    assert (day.scanned.code, day.scanned.out) == (6, "")
    assert "Sheet 9 must then lie first in the hopper." in day.scanned.err
    assert "Box FO-1: 8 sheets fed now, 8 in all." in day.scanned.err
    assert (day.resumed.code, day.resumed.out) == (0, "")
    assert f"Box FO-1: {BALLOTS - 8} sheets fed now, {BALLOTS} in all." in day.resumed.err


def test_every_sheet_is_on_record_in_its_order(day: Day) -> None:
    assert [one["id"] for one in day.lines] == [f"FO-1/{number:04d}" for number in range(1, BALLOTS + 1)]


def test_no_ballot_is_wrong_but_sure(day: Day) -> None:
    ends = Counter(ended(truth, line) for truth, line in zip(day.truths, day.lines, strict=True))
    assert ends[Agreement.WRONG_BUT_SURE] == 0
    assert ends[Agreement.RIGHT] >= BALLOTS // 2
    needed = [one.needs_person for one in day.truths]
    needless = sum(
        line["category"] == "tvilsom" and not need for line, need in zip(day.lines, needed, strict=True)
    )
    assert needless <= BALLOTS // 8


def test_the_counts_add_up(day: Day, here: Here) -> None:
    tally = day.counts(here)
    sure = [one for one in day.lines if one["category"] != "tvilsom"]
    blank = sum(one["category"] == "blank" for one in sure)
    assert (tally["fed"], tally["undecided"]) == (BALLOTS, BALLOTS - len(sure))
    assert (tally["approved"], tally["blank"], tally["rejected"]) == (len(sure) - blank, blank, 0)
    for one in tally["lists"]:
        own = Counter(line["category"] for line in sure if line["list"] == one["list"])
        assert (one["urettet"], one["rettet"], one["total"]) == (own["urettet"], own["rettet"], own.total())
        votes = Counter(
            change["candidate"]
            for line in sure
            if line["list"] == one["list"]
            for change in line["amendments"]
            if change["kind"] == "personal_vote"
        )
        assert votes == Counter({c["candidate"]: c["personal_votes"] for c in one["candidates"]})
    for one in tally["categories"]:
        parts = sum(one[name] for name in ("approved", "blank", "rejected", "undecided"))
        assert one["fed"] == parts == (BALLOTS if one["category"] == "FO" else 0)


def test_the_protocol_says_the_same_as_the_tally(day: Day, here: Here) -> None:
    tally = day.counts(here)
    out = day.out / "protokoll" / "motebok.pdf"
    made = here("protocol", *day.store, "--out", out, "--json")
    assert made.code == (3 if tally["undecided"] else 0)
    (form,) = made.lines
    assert form == json.loads(out.with_suffix(".json").read_bytes())
    cells = {one["id"]: one["value"] for one in form["d1"]}
    assert (cells["D1.a"], cells["D1.b"]) == (BALLOTS, 0)
    assert [one["values"][-1] for one in form["d21"]["rows"]] == [one["total"] for one in tally["lists"]]
    assert form["d21"]["total"]["values"][-1] == tally["approved"]
    assert {one["outcome"] for one in form["controls"]} == {"holds"}
    assert form["undecided"] == tally["undecided"]
    paper = pypdfium2.PdfDocument(out)
    text = "".join(page.get_textpage().get_text_bounded() for page in paper)
    paper.close()
    assert all(one["party"] in text for one in tally["lists"])
    assert "KONTROLLSUMMER" in text


def test_doing_it_again_changes_nothing(day: Day, here: Here) -> None:
    before = day.counts(here), here("protocol", *day.store, "--out", day.out / "a.pdf", "--json").lines
    again = here("read", *day.store, "--json", "--workers", 1)
    assert again.lines == []
    assert again.code == (3 if before[0]["undecided"] else 0)
    assert (
        day.counts(here),
        here("protocol", *day.store, "--out", day.out / "b.pdf", "--json").lines,
    ) == before
    assert (day.out / "a.pdf").read_bytes() == (day.out / "b.pdf").read_bytes()


def classified(folder: Path, kind: str, here: Here) -> list[Json]:
    words = ("--election", package(kind), "--source", f"folder:{folder}", "--workers", 1, "--json")
    seen = here("classify", *words)
    assert seen.code == (3 if any(one["category"] == "tvilsom" for one in seen.lines) else 0), seen.err
    return seen.lines


def test_classify_from_a_folder_gives_the_same_verdicts(day: Day, here: Here) -> None:
    same = ("category", "list", "identity", "stamp", "amendments", "reasons", "proposed", "confidence")
    told = classified(day.folder, "kommunestyre", here)
    assert [{name: one[name] for name in same} for one in told] == [
        {name: one[name] for name in same} for one in day.lines
    ]


def test_a_folder_fed_twice_into_a_box_is_counted_once(day: Day, here: Here, tmp_path: Path) -> None:
    store = ("--store", f"sqlite:{tmp_path / 'a.db'}")
    words = ("scan", "--election", package("kommunestyre"), *store, "--box", "K", "--source")
    assert "24 sheets fed now, 24 in all" in here(*words, f"folder:{day.folder}").err
    assert "0 sheets fed now, 24 in all" in here(*words, f"folder:{day.folder}").err
    assert day.counts(here) != {}
    (tally,) = here("tally", *store, "--json").lines
    assert (tally["fed"], tally["undecided"]) == (BALLOTS, BALLOTS)


Change = Callable[[Image.Image], Image.Image]


def padded(picture: Image.Image) -> Image.Image:
    """More of the scanner's bed around the paper."""
    bed = Image.new("L", (picture.width + 160, picture.height + 120), picture.getpixel((2, 2)))
    bed.paste(picture, (50, 70))
    return bed


def turned(picture: Image.Image) -> Image.Image:
    return picture.transpose(Image.Transpose.ROTATE_180)


def as_is(picture: Image.Image) -> Image.Image:
    return picture


def finer(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width * 3 // 2, picture.height * 3 // 2), Image.Resampling.BICUBIC)


@dataclass(frozen=True)
class Way:
    """Another way for the same paper into the machine."""

    change: Change
    kind: str = "jpeg"
    swapped: bool = False
    dpi: int = 200
    quality: int = 85

    def save(self, old: Path, new: Path) -> None:
        with Image.open(old) as picture:
            self.change(picture).save(
                new, self.kind, dpi=(self.dpi, self.dpi), quality=self.quality, compress_level=1
            )


@pytest.mark.parametrize(
    "way",
    [Way(turned), Way(as_is, swapped=True, quality=60), Way(padded, "png"), Way(finer, "tiff", dpi=300)],
    ids=["turned", "swapped and compressed again", "padded", "finer"],
)
def test_the_same_paper_another_way_is_the_same_or_doubtful(
    way: Way, day: Day, here: Here, tmp_path: Path
) -> None:
    taken = range(1, BALLOTS + 1, 3)
    for number in taken:
        for face, other in ("FB", "BF"):
            name = f"{number:04d}{other if way.swapped else face}.{way.kind}"
            way.save(day.folder / f"{number:04d}{face}.jpg", tmp_path / name)
    first = [day.lines[number - 1] for number in taken]
    second = classified(tmp_path, "kommunestyre", here)
    pairs = list(zip(first, second, strict=True))
    sure = [(a, b) for a, b in pairs if a["category"] != "tvilsom" and b["category"] != "tvilsom"]
    assert [signature(a) for a, _ in sure] == [signature(b) for _, b in sure]
    found = [ended(day.truths[number - 1], line) for number, line in zip(taken, second, strict=True)]
    assert Agreement.WRONG_BUT_SURE not in found
    assert len(sure) >= len(pairs) // 2, "being careful is no excuse for reading nothing"


@pytest.mark.parametrize("kind", OTHERS)
def test_a_short_day_of_every_other_election(kind: str, here: Here, tmp_path: Path) -> None:
    pile = sheets(kind, 6, seed=7)
    lines = classified(lay(pile, tmp_path), kind, here)
    ends = Counter(ended(one.truth, line) for one, line in zip(pile, lines, strict=True))
    assert ends[Agreement.WRONG_BUT_SURE] == 0
    assert ends[Agreement.RIGHT] >= 2


def test_the_demo_leaves_everything_behind(tmp_path: Path) -> None:
    demo_day = tmp_path / "dag"
    seen = valgskanner("demo", "--out", demo_day, "--ballots", 6, "--type", "folkeavstemning")
    assert seen.code == 0, seen.err
    assert "0 wrong but sure" in seen.out
    counted = json.loads((demo_day / "counts.json").read_bytes())
    truths = json.loads((demo_day / "truth.json").read_bytes())
    assert counted["fed"] == len(truths) == 6
    assert {one.name for one in demo_day.iterdir()} >= {
        "protocol.pdf",
        "protocol.json",
        "ballots",
        "election",
    }
    assert (demo_day / "protocol.pdf").read_bytes().startswith(b"%PDF-")
    assert {one["sheet"].split("/")[0] for one in truths} == {"FO-0001-1", "VO-0002-1"}
