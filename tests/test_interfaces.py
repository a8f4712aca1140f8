"""The fixed interfaces: names, types and exit codes others build on. May grow, never change."""

import json
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest

from scanner.ballot import Category, FieldKind, Reason, StampState, StyleKind
from scanner.election import ElectionType
from scanner.errors import ExitCode
from scanner.simulate.deck import Deck, Press
from tests.command import COMMAND, Here, Json, Ran, election, lay, package, valgskanner
from tests.packages import change, copy_of

KINDS = [one.value for one in ElectionType]
PACKAGES = [*KINDS, "kommunestyre_two_fold", "kommunestyre_write_ins_outside"]
COMMANDS = (
    ("election", "check"),
    ("ballots", "print"),
    ("labels", "print"),
    ("boxes",),
    ("boxes", "explain"),
    ("boxes", "export"),
    ("boxes", "import"),
    ("layout",),
    ("classify",),
    ("marks",),
    ("scan",),
    ("read",),
    ("worker",),
    ("recount",),
    ("review",),
    ("tally",),
    ("protocol",),
    ("form", "list"),
    ("form", "template"),
    ("form", "fill"),
    ("form", "check"),
    ("form", "explain"),
    ("form", "which"),
    ("count", "open"),
    ("count", "close"),
    ("count", "reopen"),
    ("count", "state"),
    ("count", "chain"),
    ("key",),
    ("checkpoint",),
    ("verify",),
    ("compare",),
    ("backup",),
    ("restore",),
    ("store", "upgrade"),
    ("store", "grant"),
    ("retention", "erase"),
    ("export",),
    ("book", "send"),
    ("book", "take"),
    ("book", "list"),
    ("sample", "draw"),
    ("sample", "list"),
    ("sample", "enter"),
    ("sample", "result"),
    ("serve",),
    ("publish",),
    ("people", "add"),
    ("people", "list"),
    ("people", "password"),
    ("people", "remove"),
    ("demo",),
    ("bench", "speed"),
    ("bench", "capture"),
    ("bench", "accuracy"),
    ("bench", "sheet"),
    ("bench", "engine"),
    ("bench", "store"),
    ("bench", "desk"),
    ("calibrate",),
    ("calibrate", "targets"),
    ("calibrate", "device"),
    ("devices",),
    ("doctor",),
)
WITH_JSON = {*COMMANDS} - {
    ("ballots", "print"),
    ("labels", "print"),
    ("boxes", "explain"),
    ("boxes", "export"),
    ("form", "template"),
    ("form", "fill"),
    ("form", "explain"),
    ("calibrate", "targets"),
    ("scan",),
    ("demo",),
    ("count", "chain"),
    ("key",),
    ("checkpoint",),
    ("backup",),
    ("restore",),
    ("store", "upgrade"),
    ("store", "grant"),
    ("retention", "erase"),
    ("worker",),
    ("serve",),
    ("people", "add"),
    ("people", "password"),
    ("people", "remove"),
    ("sample", "enter"),
    ("export",),
    ("book", "send"),
}
TEXT, WHOLE, NUMBER, YES_NO, EMPTY = str, int, (int, float), bool, type(None)
AMENDMENTS = {
    "personal_vote": {"candidate": WHOLE},
    "strike": {"candidate": WHOLE},
    "renumber": {"candidate": WHOLE, "rank": WHOLE},
    "write_in": {"line": WHOLE, "text": (TEXT, EMPTY), "candidate": (TEXT, EMPTY)},
    "party_tick": {"list": TEXT},
    "option": {"option": TEXT},
}


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


def has(seen: Json, /, **members: object) -> None:
    """The object has these members, each of its type; true and false are no numbers."""
    assert members.keys() <= seen.keys()
    for name, kind in members.items():
        assert isinstance(seen[name], kind), (name, seen[name])  # type: ignore[arg-type]
        assert kind is YES_NO or not isinstance(seen[name], bool), name


# --- the commands -----------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_takes_help_and_those_with_results_take_json(
    command: tuple[str, ...], here: Here
) -> None:
    seen = here(*command, "--help")
    assert (seen.code, seen.err) == (0, "")
    assert f"valgskanner {' '.join(command)}" in seen.out
    assert ("--json" in seen.out) is (command in WITH_JSON)


def test_the_installed_command_helps_and_tells_its_version() -> None:
    assert COMMAND.is_file()
    assert "Counting" in valgskanner("--help").out
    assert valgskanner("--version").out.strip()[0].isdigit()


def test_exit_codes_are_those_promised() -> None:
    promised = {"DONE": 0, "USAGE": 2, "DOUBTFUL": 3, "DISAGREE": 4, "INPUT": 5, "CAPTURE": 6}
    promised |= {"MODEL": 7, "AUDIT": 8, "STORE": 9, "INTERRUPTED": 130}
    assert promised.items() <= {one.name: one.value for one in ExitCode}.items()


# --- the election package and its paper -------------------------------------------------------


@pytest.mark.parametrize("name", PACKAGES)
def test_a_sound_package_passes_the_check_in_silence(name: str, here: Here) -> None:
    seen = here("election", "check", package(name), "--json")
    assert (seen.code, seen.out) == (0, "")
    assert "is sound" in seen.err


def test_the_check_names_file_line_value_and_what_was_expected(tmp_path: Path, here: Here) -> None:
    folder = copy_of("kommunestyre", tmp_path)
    line = change(folder / "election.toml", 'type = "kommunestyre"', 'type = "kirkevalg"')
    seen = here("election", "check", folder, "--json")
    assert seen.code == 5
    (fault,) = seen.lines
    has(fault, file=TEXT, line=WHOLE, value=TEXT, expected=TEXT)
    assert (fault["file"], fault["line"]) == ("election.toml", line)
    assert "kirkevalg" in fault["value"]
    told = here("election", "check", folder)
    assert told.code == 5
    assert f"election.toml, line {line}" in told.out


@pytest.mark.parametrize("name", KINDS)
def test_ballots_are_printed_one_file_a_list(name: str, tmp_path: Path, here: Here) -> None:
    out = tmp_path / "trykk"
    assert here("ballots", "print", package(name), "--out", out).code == 0
    own = {f"{one.code}.pdf" for one in election(name).lists}
    common = {"referendum.pdf"} if name == "folkeavstemning" else {"blank.pdf", "tick_off.pdf"}
    assert {one.name for one in out.iterdir()} == own | common
    sizes = {
        line["style"]: line["page_mm"] for line in here("layout", package(name), "--json").lines
    }  # what the layout says is what is printed
    for path in out.iterdir():
        paper = pypdfium2.PdfDocument(path)
        assert len(paper) == 2, "page 1 inside, page 2 outside"
        for page in paper:
            mm = [side / 72 * 25.4 for side in page.get_size()]
            assert mm == pytest.approx(sizes[path.stem], abs=0.1)
        paper.close()


@pytest.mark.parametrize("name", PACKAGES)
def test_the_layout_is_a_line_a_style(name: str, here: Here) -> None:
    seen = here("layout", package(name), "--json")
    assert (seen.code, seen.err) == (0, "")
    lists = {one.code: len(one.candidates) for one in election(name).lists}
    for style in seen.lines:
        has(style, style=TEXT, list=(TEXT, EMPTY), kind=TEXT, page_mm=list, fields=list)
        assert style["kind"] in {one.value for one in StyleKind}
        assert (style["list"] in lists) is (style["kind"] == "party")
        for field in style["fields"]:
            check_field(field, style["page_mm"])
        if style["list"]:
            rows = [one["candidate"] for one in style["fields"] if one["kind"] == "candidate_line"]
            assert sorted(rows) == list(range(1, lists[style["list"]] + 1))
    kinds = [one["kind"] for one in seen.lines]
    wanted = ["referendum"] if not lists else ["party"] * len(lists) + ["blank", "tick_off"]
    assert sorted(kinds) == sorted(wanted)


def check_field(field: Json, page: list[float]) -> None:
    has(field, face=TEXT, kind=TEXT, candidate=(WHOLE, EMPTY), option=(TEXT, EMPTY), line=(WHOLE, EMPTY))
    assert field["face"] in {"inside", "outside"}
    assert field["kind"] in {one.value for one in FieldKind}
    x, y, w, h = field["rect_mm"]
    assert min(x, y) >= 0
    assert min(w, h) > 0
    assert x + w <= page[0]
    assert y + h <= page[1]


# --- verdicts ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def some_sheets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six ballots of the kommunestyre, all kinds of amendment among them, and one page that is no ballot."""
    deck = Deck(Press(election("kommunestyre")), seed=11)
    folder = lay((deck.sheet(index) for index in range(1, 7)), tmp_path_factory.mktemp("skann"))
    for face in "FB":
        cv2.imwrite(str(folder / f"9999{face}.jpg"), np.full((1200, 900), 250, np.uint8))
    return folder


def check_verdict(line: Json) -> None:
    has(
        line,
        sheet=TEXT,
        id=TEXT,
        images=list,
        category=TEXT,
        list=(TEXT, EMPTY),
        identity=dict,
        amendments=list,
    )
    has(line, stamp=(dict, EMPTY), reasons=list, proposed=dict, confidence=NUMBER, version=TEXT, ms=dict)
    categories = {one.value for one in Category}
    assert line["category"] in categories
    assert line["proposed"]["category"] in categories
    assert 0 <= line["confidence"] <= 1
    has(line["identity"], ballot_number=(TEXT, EMPTY), heading=(TEXT, EMPTY), agree=YES_NO)
    if line["stamp"] is not None:
        has(line["stamp"], state=TEXT, probability=NUMBER)
        assert line["stamp"]["state"] in {one.value for one in StampState}
    assert set(line["reasons"]) <= {one.value for one in Reason}
    assert bool(line["reasons"]) is (line["category"] == "tvilsom"), "doubt always has a reason"
    for one in line["amendments"] + line["proposed"]["amendments"]:
        has(one, kind=TEXT, **AMENDMENTS[one["kind"]])
    assert all(isinstance(one, NUMBER) for one in line["ms"].values())


def test_classify_prints_a_line_a_sheet(some_sheets: Path, here: Here) -> None:
    seen = here(
        *("classify", "--election", package("kommunestyre"), "--source", f"folder:{some_sheets}"),
        *("--workers", 1, "--json"),
    )
    assert seen.code == 3, "the page that is no ballot is doubtful"
    for line in seen.lines:
        check_verdict(line)
    assert [one["sheet"] for one in seen.lines] == [*(f"{n:04d}" for n in range(1, 7)), "9999"]
    assert seen.lines[0]["images"] == ["0001F.jpg", "0001B.jpg"]
    assert {"decode", "upright", "register", "marks"} <= seen.lines[0]["ms"].keys()
    other = seen.lines[-1]
    assert (other["category"], other["list"], other["amendments"]) == ("tvilsom", None, [])
    assert "not_a_ballot" in other["reasons"]


def test_scan_read_tally_and_protocol_speak_json_on_stdout_alone(
    some_sheets: Path, tmp_path: Path, here: Here
) -> None:
    store = ("--store", f"sqlite:{tmp_path / 'telling.db'}")
    where = ("--election", package("kommunestyre"), "--box", "K1", "--source", f"folder:{some_sheets}")
    fed = here("scan", *store, *where)
    assert (fed.code, fed.out) == (0, "")
    assert "Box K1: 7 sheets fed now, 7 in all." in fed.err
    read = here("read", *store, "--workers", 1, "--json")
    assert read.code == 3
    for line in read.lines:
        check_verdict(line)
    assert len(read.lines) == 7
    counted = here("tally", *store, "--json")
    assert counted.code == 3
    (tally,) = counted.lines
    has(tally, fed=WHOLE, approved=WHOLE, blank=WHOLE, rejected=WHOLE, undecided=WHOLE, lists=list)
    assert tally["fed"] == 7
    out = tmp_path / "protokoll.pdf"
    made = here("protocol", *store, "--out", out, "--json")
    assert made.code == 3
    assert made.lines == [json.loads(out.with_suffix(".json").read_bytes())]
    assert out.read_bytes().startswith(b"%PDF-")


# --- marks on any paper -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def foreign_form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A form nobody drew for us: ruled lines, words, three boxes; and a copy with the second box crossed."""
    folder = tmp_path_factory.mktemp("skjema")
    page = np.full((1650, 1275), 245, np.uint8)
    words = "Proposition on the keeping of sheep within the limits of Rockhaven"
    for row in range(24):
        text = words[7 * (row % 5) :][:36]
        cv2.putText(page, f"{row} {text}", (120, 120 + 60 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 40, 2)
    cv2.rectangle(page, (40, 40), (1235, 1610), 30, 3)
    for row in range(3):
        cv2.rectangle(page, (1100, 400 + 300 * row), (1140, 440 + 300 * row), 30, 2)
    cv2.imwrite(str(folder / "blank.png"), page)
    cv2.line(page, (1104, 704), (1136, 736), 60, 5)
    cv2.line(page, (1136, 704), (1104, 736), 60, 5)
    cv2.imwrite(str(folder / "voted.png"), page)
    cv2.imwrite(str(folder / "other.png"), np.full((1650, 1275), 250, np.uint8))
    boxes = "".join(f"box{n},box,1100,{400 + 300 * n},40,40\n" for n in range(3))
    (folder / "fields.csv").write_text(f"name,kind,x,y,w,h\n{boxes}", "utf-8")
    return folder


def test_marks_prints_a_line_an_image(foreign_form: Path, here: Here) -> None:
    form = ("--specimen", foreign_form / "blank.png", "--fields", foreign_form / "fields.csv", "--json")
    seen = here("marks", *(foreign_form / f"{one}.png" for one in ("voted", "blank", "other")), *form)
    assert seen.code == 3, "a page that does not register is doubtful"
    voted, blank, other = seen.lines
    for line in seen.lines:
        has(line, image=TEXT, registered=YES_NO, residual_px=(*NUMBER, EMPTY), fields=list, stray_ink=list)
        for field in line["fields"]:
            has(field, name=TEXT, state=TEXT, probability=NUMBER)
    assert [one["state"] for one in voted["fields"]] == ["unmarked", "marked", "unmarked"]
    assert {one["state"] for one in blank["fields"]} == {"unmarked"}
    assert other["registered"] is False
    assert {one["state"] for one in other["fields"]} == {"doubtful"}
    assert here("marks", foreign_form / "blank.png", *form).code == 0


# --- this machine -----------------------------------------------------------------------------


def test_bench_speed_prints_one_object(here: Here) -> None:
    seen = here(
        "bench", "speed", "--sheets", 1, "--election", package("folkeavstemning"), "--json"
    )  # the smallest paper
    assert seen.code == 0
    (line,) = seen.lines
    has(line, sides_per_s=NUMBER, ms_per_side=dict, decode_floor_ms=NUMBER, ratio_to_floor=NUMBER)
    has(line, workers=WHOLE, peak_rss_mb=NUMBER)
    assert all(isinstance(one, NUMBER) for one in line["ms_per_side"].values())


def test_doctor_prints_a_line_a_check(here: Here) -> None:
    seen = here("doctor", "--json")
    for line in seen.lines:
        has(line, name=TEXT, ok=YES_NO, seen=TEXT, advice=TEXT)
    assert seen.code == (0 if all(one["ok"] for one in seen.lines) else 1)


# --- exit codes -------------------------------------------------------------------------------


def ends(seen: Ran, code: int, words: str) -> bool:
    """One sentence on stderr that says these words, nothing on stdout."""
    return (seen.code, seen.out) == (code, "") and words in seen.err and "Traceback" not in seen.err


def test_exit_2_usage(here: Here) -> None:
    assert ends(here("classify"), 2, "--election")
    assert ends(here("tell"), 2, "tell")
    assert ends(here("classify", "--election", package("storting"), "--source", "fax:1"), 2, "fax:1")


def test_exit_5_input(tmp_path: Path, here: Here) -> None:
    assert ends(here("layout", tmp_path / "none"), 5, "none: found no folder")
    source = ("classify", "--election", package("folkeavstemning"), "--source")
    assert ends(here(*source, f"folder:{tmp_path}"), 5, "holds no image")
    assert ends(here(*source, f"folder:{tmp_path}/none"), 5, "is not there")


def test_exit_6_capture(tmp_path: Path, here: Here) -> None:
    source = ("--election", package("folkeavstemning"), "--source", "escl:http://127.0.0.1:9/eSCL")
    assert ends(here("classify", *source), 6, "cannot be reached")
    assert ends(
        here("scan", "--store", f"sqlite:{tmp_path / 'a.db'}", "--box", "K1", *source), 6, "cannot be reached"
    )


def test_exit_9_store(tmp_path: Path, here: Here) -> None:
    for command in (("read",), ("tally",), ("protocol", "--out", tmp_path / "p.pdf")):
        assert ends(here(*command, "--store", f"sqlite:{tmp_path / 'none.db'}"), 9, "no store")
    (tmp_path / "other.db").write_text("not a database " * 100, "utf-8")
    assert ends(here("tally", "--store", f"sqlite:{tmp_path / 'other.db'}"), 9, "other.db")


def test_help_is_quick() -> None:
    """A command opens its room only when it is called (README: --help takes a tenth of a second)."""
    seen = subprocess.run(
        [str(COMMAND.with_name("python")), "-X", "importtime", "-c", "import scanner.cli"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "cv2" not in seen.stderr
    assert "numpy" not in seen.stderr
