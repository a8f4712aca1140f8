"""The command line at its edges: wrong words, closed pipes, odd terminals, killed and interrupted runs."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from scanner.simulate.deck import Deck, Press
from tests.command import COMMAND, Here, Ran, election, lay, package, valgskanner

REFERENDUM = package("folkeavstemning")
KOMMUNE = package("kommunestyre")


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


def one_sentence(seen: Ran, code: int) -> None:
    """No traceback and nothing on stdout: a sentence on stderr, and the exit code."""
    assert (seen.code, seen.out) == (code, "")
    assert seen.err.strip()
    assert "Traceback" not in seen.err


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["classify", "--election", KOMMUNE, "--source", "folder:.", "--category", "XX"],
        ["classify", "--election", KOMMUNE, "--source", "folder:.", "--workers", 0],
        ["classify", "--election", KOMMUNE, "--source", "folder:.", "--workers", -2],
        ["classify", "--election", KOMMUNE, "--source", "folder:.", "--wrokers", 2],
        ["classify", "--election", KOMMUNE, "--source", "fax:Scanner"],
        ["classify", "--election", KOMMUNE, "--source", "escl:ftp://somewhere"],
        ["scan", "--election", KOMMUNE, "--store", "sqlite:x.db", "--box", "K1"],
        ["scan", "--election", KOMMUNE, "--box", "K1", "--source", "folder:."],
        ["bench", "speed", "--sheets", 0],
        ["bench", "speed", "--sheets", "many"],
        ["demo", "--out", "nowhere", "--ballots", 0],
        ["demo", "--out", "nowhere", "--seed", -1],
        ["demo", "--out", "nowhere", "--wear", 4],
        ["demo", "--out", "nowhere", "--type", "kirkevalg"],
        ["demo"],
    ],
    ids=lambda words: " ".join(str(one) for one in words if one is not KOMMUNE),
)
def test_words_it_does_not_understand_are_exit_2(
    words: list[object], here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    one_sentence(here(*words), 2)
    assert list(tmp_path.iterdir()) == [], "nothing is begun"


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--source", "folder:none"], 5), (["--source", "folder:.", "--krets", "99"], 2)],
)
def test_a_mistyped_place_leaves_no_empty_store(
    words: list[str], code: int, here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    one_sentence(here("scan", "--election", KOMMUNE, "--store", "sqlite:a.db", "--box", "K1", *words), code)
    assert list(tmp_path.iterdir()) == []


def test_a_box_keeps_its_category_and_a_store_its_election(here: Here, tmp_path: Path) -> None:
    store = ("--store", f"sqlite:{tmp_path / 'a.db'}", "--box", "K1")
    for name in ("0001F.jpg", "0001B.jpg"):
        (tmp_path / "skann").mkdir(exist_ok=True)
        (tmp_path / "skann" / name).write_text("no picture")
    source = ("--source", f"folder:{tmp_path / 'skann'}")
    assert here("scan", "--election", KOMMUNE, *store, *source).code == 0
    one_sentence(here("scan", "--election", KOMMUNE, *store, *source, "--category", "VO"), 9)
    one_sentence(here("scan", "--election", REFERENDUM, *store, *source), 9)


def test_places_that_cannot_be_written_are_exit_5(here: Here, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    one_sentence(here("ballots", "print", REFERENDUM, "--out", file / "below"), 5)
    one_sentence(here("demo", "--out", file / "below", "--ballots", 1), 5)
    one_sentence(here("demo", "--out", tmp_path / "dag", "--real-ink", tmp_path / "none"), 5)
    assert not (tmp_path / "dag").exists()


def test_json_is_utf8_whatever_the_terminal_speaks() -> None:
    seen = valgskanner("layout", package("sameting"), "--json", env={"PYTHONIOENCODING": "ascii"})
    assert seen.code == 0
    assert "Č" in seen.out
    assert len(seen.lines) > 2


def test_an_image_may_have_any_name(here: Here, tmp_path: Path) -> None:
    name = os.fsdecode(b"r\xe5d \x1b[31m.png")  # Latin-1 and an escape sequence
    (tmp_path / name).write_bytes(b"")
    (tmp_path / "fields.csv").write_text("name,kind,x,y,w,h\na,box,300,300,40,40\n")
    specimen = next(
        iter(lay([Deck(Press(election("folkeavstemning")), 1).sheet(1)], tmp_path).glob("*F.jpg"))
    )
    words = ("marks", tmp_path / name, "--specimen", specimen, "--fields", tmp_path / "fields.csv")
    told = valgskanner(*words, "--json", env={"PYTHONIOENCODING": "ascii"})
    assert (told.code, told.err) == (3, "")
    (line,) = told.lines
    assert (line["registered"], line["fields"][0]["state"]) == (False, "doubtful")
    assert "\x1b" not in here(*words).out


def test_whoever_closes_the_pipe_has_seen_enough() -> None:
    line = f"'{COMMAND}' layout '{KOMMUNE}' --json | head -c 20"
    seen = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True)
    assert seen.stdout.startswith('{"style"')
    assert seen.stderr == ""


@pytest.fixture
def demo_running(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A long demo that has begun to scan, with worker processes, in a process group of its own."""
    child = subprocess.Popen(
        [
            str(COMMAND),
            "demo",
            "--out",
            str(tmp_path / "dag"),
            "--ballots",
            "500",
            "--type",
            "folkeavstemning",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert child.stderr is not None
    assert "voters" in child.stderr.readline()
    assert "Printed" in child.stderr.readline()
    while not any((tmp_path / "dag" / "count.db.images").rglob("*")):
        assert child.poll() is None
    yield child
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.communicate()


def test_ctrl_c_is_exit_130_without_a_word(demo_running: subprocess.Popen[str]) -> None:
    os.killpg(demo_running.pid, signal.SIGINT)  # the terminal tells the workers too
    out, err = demo_running.communicate(timeout=30)
    assert (demo_running.returncode, out, err) == (130, "", "")


def test_a_killed_command_leaves_no_worker_behind(demo_running: subprocess.Popen[str]) -> None:
    demo_running.kill()
    demo_running.communicate(timeout=30)  # ends when the last worker has let go of the pipe
    assert demo_running.returncode == -signal.SIGKILL


def test_a_damaged_model_is_exit_7_and_no_ballot_is_blamed(tmp_path: Path) -> None:
    root = Path(__file__).parents[1]
    for name in ("scanner", "calibration", "models"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "models" / "mark.onnx").open("ab") as model:
        model.write(b"x")
    folder = lay([Deck(Press(election("folkeavstemning")), 1).sheet(1)], tmp_path / "skann")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from scanner.cli import main; main(sys.argv[1:])"
    )
    for workers in ("1", "2"):
        words = [
            "classify",
            "--election",
            str(REFERENDUM),
            "--source",
            f"folder:{folder}",
            "--workers",
            workers,
        ]
        seen = subprocess.run(
            [sys.executable, "-P", "-c", code, *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert seen.returncode == 7, seen.stderr
        assert seen.stdout == ""
        assert "mark.onnx is not the one on its card" in seen.stderr
        assert "Traceback" not in seen.stderr
