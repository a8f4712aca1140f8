"""Images erased by two people after the count: what was counted stays, and anybody can check what is gone."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.audit.events import Act
from scanner.audit.seal import check, new_key
from scanner.ballot import Box, Category, Decision, Opinion
from scanner.errors import ExitCode, StoreError
from scanner.store import Store, open_store, schema
from scanner.store.images import FolderImages
from scanner.store.verification import first
from tests.command import Here, Ran
from tests.store.conftest import sheet
from tests.store.test_store import READING, URETTET
from tests.store.test_verification import LABEL, filled, flaws
from tests.strategies import small_election

BOTH = ("Kari", "Ola")
DAY = "2027-10-01"


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.setenv("VALGSKANNER_PASSWORD", "mange små stemmer")
    return Here(capsys)


@pytest.fixture
def closed(address: str) -> Iterator[Store]:
    """Six ballots, a label and a stack, all decided and closed."""
    with filled(address) as store:
        settle(store)
        yield store


def settle(store: Store) -> None:
    """Two people decide the last ballot, and close the count."""
    for person in BOTH:
        store.add_opinion(Opinion("K1/0006", person, Category.URETTET, "A", ()))
    store.add_decision(Decision("K1/0006", Category.URETTET, "A", (), BOTH))
    store.record.close_count(BOTH)


def held(store: Store) -> set[bytes]:
    """The bytes of all images there are."""
    assert isinstance(store._images, FolderImages)
    return {one.read_bytes() for one in store._images.folder.rglob("*") if one.is_file()}


def fronts(*numbers: int) -> set[bytes]:
    return {b"front %d" % one for one in numbers}


def test_all_are_gone_and_every_number_stays(closed):
    before = (
        list(closed.ballots()),
        closed.progress(),
        closed.record.basis(),
        list(closed.opinions("K1/0005")),
    )
    assert held(closed) == fronts(1, 2, 3, 4, 5, 6) | {b"back", b"label"}
    assert closed.retention.erase(BOTH, "archived on paper", DAY) == 8
    assert held(closed) == set()
    after = list(closed.ballots()), closed.progress(), closed.record.basis(), list(closed.opinions("K1/0005"))
    assert after == before
    assert flaws(closed) == ""
    (one,) = closed.retention.erasures()
    assert (one.people, one.reason, one.day, one.boxes, one.images) == (BOTH, "archived on paper", DAY, (), 8)


def test_the_list_in_the_chain_can_be_checked_with_sha256sum_alone(closed):
    closed.retention.erase(BOTH, "archived", DAY)
    images = [*fronts(1, 2, 3, 4, 5, 6), b"back", b"label"]
    lines = sorted(f"{sha256(one).hexdigest()} {len(one)}\n" for one in images)
    (one,) = closed.retention.erasures()
    assert one.root == sha256("".join(lines).encode()).hexdigest()
    last = list(closed.record.chain())[-1]
    assert last.act == Act.IMAGES_ERASED
    assert '"by":["Kari","Ola"]' in last.text


def test_of_one_box_only_what_no_other_shows(closed):
    assert closed.retention.erase(BOTH, "archived", DAY, [LABEL.box.id]) == 1, (
        "its back is that of every ballot"
    )
    assert held(closed) == fronts(1, 2, 3, 4, 5, 6) | {b"back"}
    assert flaws(closed) == ""
    assert closed.retention.erase(BOTH, "archived", DAY, ["K1"]) == 6, (
        "the label's back is shown by a label still"
    )
    assert held(closed) == {b"back"}
    assert closed.retention.erase(BOTH, "archived", DAY, ["K1", LABEL.box.id]) == 1
    assert (held(closed), flaws(closed)) == (set(), "")
    assert [one.images for one in closed.retention.erasures()] == [1, 6, 1]


def test_of_one_ballot_alone(closed):
    """As one that its voter signed: what it says still counts."""
    before = list(closed.ballots())
    assert closed.retention.erase(BOTH, "signed by its voter", DAY, ballots=["K1/0003"]) == 1
    assert held(closed) == fronts(1, 2, 4, 5, 6) | {b"back", b"label"}
    assert (list(closed.ballots()), flaws(closed)) == (before, "")
    assert closed.retention.erasures()[0].boxes == ("K1/0003",)
    with pytest.raises(StoreError, match="no sheet K1/0099"):
        closed.retention.erase(BOTH, "signed by its voter", DAY, ballots=["K1/0099"])


def test_a_ballot_whose_image_was_erased_says_by_whom(closed):
    closed.retention.erase(BOTH, "archived", DAY, ["K1"])
    with pytest.raises(StoreError, match=f"was erased by Kari and Ola on {DAY}: archived"):
        closed.sheet("K1/0003")


def test_not_without_two_people_a_reason_and_known_boxes(closed):
    before = held(closed)
    for people, reason, boxes, words in (
        (("Kari",), "archived", (), "takes two people"),
        (("Kari", "Kari "), "archived", (), "takes two people"),
        (("Kari", " "), "archived", (), "takes two people"),
        (BOTH, " ", (), "only for a reason"),
        (BOTH, "archived", ("K9",), "no box 'K9'"),
    ):
        with pytest.raises(StoreError, match=words):
            closed.retention.erase(people, reason, DAY, boxes)
    assert (held(closed), closed.retention.erasures()) == (before, ())


def test_not_while_the_count_goes_on(address):
    with filled(address) as store:
        with pytest.raises(StoreError, match="only after the count"):
            store.retention.erase(BOTH, "archived", DAY)
        settle(store)
        store.record.reopen_count(BOTH, "one more")
        with pytest.raises(StoreError, match="only after the count"):
            store.retention.erase(BOTH, "archived", DAY)


def test_power_cut_in_the_middle_is_named_and_mended_by_erasing_again(closed, monkeypatch):
    def stops(self: FolderImages, *digests: str) -> None:
        forget(self, *digests[:3])
        raise KeyboardInterrupt

    forget = FolderImages.forget
    monkeypatch.setattr(FolderImages, "forget", stops)
    with pytest.raises(KeyboardInterrupt):
        closed.retention.erase(BOTH, "archived", DAY)
    monkeypatch.setattr(FolderImages, "forget", forget)
    found = flaws(closed).splitlines()
    assert len(found) == len(held(closed)) == 5
    assert all("still there, though erased by Kari and Ola" in one for one in found)
    assert closed.retention.erase(BOTH, "archived", DAY) == 0
    assert (held(closed), flaws(closed), len(closed.retention.erasures())) == (set(), "", 1)


def test_an_image_that_is_lost_and_was_not_erased_is_still_named(closed):
    closed.retention.erase(BOTH, "archived", DAY, [LABEL.box.id])
    closed._images.forget(sha256(b"front 2").hexdigest())
    (one,) = first(closed.verification().flaws(), 9)
    assert "of K1/0002" in one.where
    assert "cannot be read" in one.what


def test_an_image_slipped_into_the_list_of_the_erased_is_named(closed):
    closed.retention.erase(BOTH, "archived", DAY, [LABEL.box.id])
    row = {"sha256": sha256(b"front 2").hexdigest(), "bytes": 7, "erasure": 1}
    with closed._write() as connection:
        connection.execute(schema.erased.insert(), row)
    closed._images.forget(row["sha256"])
    assert "erasure 1: the list of what was erased was changed" in flaws(closed)


def test_the_same_box_sent_again_brings_no_image_back(closed):
    closed.retention.erase(BOTH, "archived", DAY)
    assert not closed.add_sheet(sheet(3, front=b"front 3"))
    assert (held(closed), flaws(closed)) == (set(), "")


def test_a_file_whose_image_was_erased_is_no_new_ballot(closed):
    closed.retention.erase(BOTH, "archived", DAY)
    closed.record.reopen_count(BOTH, "one more")
    with pytest.raises(StoreError, match="this file was fed before"):
        closed.add_sheet(sheet(7, front=b"front 3"))


def test_a_backup_of_what_is_left_is_restored_and_verified(closed, address, here, tmp_path):
    closed.retention.erase(BOTH, "archived", DAY, ["K1"])
    before = list(closed.ballots())
    assert here("backup", "--store", address, "--out", tmp_path / "copy").code == ExitCode.DONE
    again = f"sqlite:{tmp_path / 'again.db'}"
    assert here("restore", tmp_path / "copy", "--store", again).code == ExitCode.DONE
    with open_store(again, create=False) as store:
        assert (list(store.ballots()), flaws(store)) == (before, "")
        assert [one.images for one in store.retention.erasures()] == [6]


class TestTheCommand:
    @pytest.fixture
    def erase(self, address: str, here: Here, tmp_path: Path) -> Callable[..., Ran]:
        """`retention erase` with a key that was made for it; the checkpoint is gone.json."""
        key = tmp_path / "k"
        new_key(key, tmp_path / "k.pub", "mange små stemmer")
        who = ["--by", "Kari", "--by", "Ola", "--reason", "valgloven: ett år er gått"]
        ask = ["retention", "erase", "--store", address, *who, "--key", key]
        return lambda *more, out="gone.json": here(*ask, "--out", tmp_path / out, *more)

    def test_signs_what_was_erased_and_verify_tells_of_it(self, closed, address, erase, here, tmp_path):
        ran = erase("--all")
        assert (ran.code, held(closed)) == (ExitCode.DONE, set())
        assert "8 images erased" in ran.err
        seal, public = (tmp_path / "gone.json.minisig").read_bytes(), tmp_path / "k.pub"
        assert closed.record.head().hash in check((tmp_path / "gone.json").read_bytes(), seal, public)
        signed = ["--checkpoint", tmp_path / "gone.json", "--public", public]
        ran = here("verify", "--store", address, *signed)
        assert (ran.code, ran.out) == (ExitCode.DONE, "")
        assert "8 images of all boxes were erased by Kari and Ola on 20" in ran.err
        assert "valgloven: ett år er gått" in ran.err

    def test_leaves_the_protocol_the_same_to_the_byte(self, closed, address, erase, here, tmp_path):
        for name in ("a", "b"):
            assert here("protocol", "--store", address, "--out", tmp_path / f"{name}.pdf").code in {0, 4}
            assert erase("--all").code == ExitCode.DONE
        assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
        assert here("verify", "--store", address, "--protocol", tmp_path / "a.json").code == ExitCode.DONE

    def test_erases_nothing_that_cannot_be_signed_or_was_not_said(self, closed, erase, monkeypatch):
        before = held(closed)
        assert erase("--all", out="no/x.json").code == ExitCode.INPUT
        assert erase().code == ExitCode.USAGE
        assert erase("--all", "--box", "K1").code == ExitCode.USAGE
        monkeypatch.setenv("VALGSKANNER_PASSWORD", "galt")
        assert erase("--all").code == ExitCode.INPUT
        assert (held(closed), closed.retention.erasures()) == (before, ())


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32), st.lists(st.sampled_from(["A", "B", "C"]), max_size=3, unique=True))
def test_whatever_boxes_share_no_ballot_left_is_without_its_images(seed, boxes):
    """Images are shared at random; those of the other boxes are all there, and nothing else is."""
    dice = Random(seed)
    with open_store("sqlite::memory:") as store:
        store.bind(small_election())
        shown: dict[str, set[bytes]] = {}
        for box in "ABC":
            store.add_box(Box(box, "VO", "0001"))
            for number in range(1, dice.randint(1, 4) + 1):
                front, back = (b"%d" % dice.randrange(6) for _ in range(2))
                store.add_sheet(sheet(number, box, front, back))
                decided = Decision(f"{box}/{number:04d}", Category.URETTET, "A", ())
                store.add_verdict(decided.sheet, URETTET, READING, "v1", decided)
                shown.setdefault(box, set()).update((front, back))
        store.record.close_count(BOTH)
        store.retention.erase(BOTH, "archived", DAY, boxes)
        left = [images for box, images in shown.items() if boxes and box not in boxes]
        every = set().union(*shown.values())
        there = {one for one in every if store._images.holds(sha256(one).hexdigest())}
        assert there == set().union(*left)
        assert flaws(store) == ""
