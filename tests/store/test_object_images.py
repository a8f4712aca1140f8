"""Images in a store that speaks S3: there before a sheet is acknowledged, checked when read, never lost."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from scanner.ballot import Box
from scanner.errors import ExitCode, StoreError
from scanner.store import Store, open_store
from scanner.store.address import beside
from scanner.store.object_images import ObjectImages
from tests.command import Here
from tests.store.conftest import sheet
from tests.store.objects import BUCKET, KEYS, Objects, objects
from tests.store.server import Server
from tests.store.test_retention import settle
from tests.store.test_verification import filled, flaws
from tests.strategies import small_election

DATA = b"\xff\xd8 as the scanner sent it"
DIGEST = sha256(DATA).hexdigest()
NAME = f"kasse/1/{DIGEST[:2]}/{DIGEST[2:]}"
PLACE = f"s3://{BUCKET}/kasse/1"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Objects]:
    with objects() as one:
        for name, value in (KEYS | {"AWS_ENDPOINT_URL": one.endpoint}).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("scanner.store.object_images.PATIENCE", timedelta(seconds=0.5))
        yield one


@pytest.fixture
def images(server: Objects) -> ObjectImages:
    return ObjectImages(PLACE)


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path, server: Objects) -> str:
    """A store in either database with its images in S3."""
    if request.param == "sqlite":
        return f"sqlite:{tmp_path / 'count.db'}?images={PLACE}"
    one: Server = request.getfixturevalue("postgresql")
    return one.database(Path(PLACE)).replace("s3:/count", "s3://count")


def test_bytes_come_back_and_a_second_put_changes_nothing(images, server):
    images.put(DIGEST, DATA)
    images.put(DIGEST, DATA)
    assert images.get(DIGEST) == DATA
    assert server.names() == [NAME]
    assert bytes(server.bucket.get(NAME).bytes()) == DATA


def test_one_flipped_byte_is_seen_and_mended_by_feeding_again(images, server):
    images.put(DIGEST, DATA)
    server.bucket.put(NAME, DATA[:-1] + b"!")
    with pytest.raises(StoreError, match="was changed after it was stored"):
        images.get(DIGEST)
    images.put(DIGEST, DATA)
    assert images.get(DIGEST) == DATA


def test_other_stations_do_not_wait_for_images(postgresql, server):
    """While one writes rows, and all others wait, no image is on its way."""
    with open_store(postgresql.database(Path(PLACE)).replace("s3:/count", "s3://count")) as store:
        begin(store)
        store.keep_images(sheet(1, front=b"front 1"))
        server.stop()
        with store.transaction():
            assert store.add_sheet(sheet(1, front=b"front 1"), kept=True)
        server.start()
        assert store.sheet("K1/0001").images[0].data == b"front 1"


def test_what_is_gone_is_named_and_what_is_forgotten_is_gone(images, server):
    with pytest.raises(StoreError, match=f"{DIGEST} is missing from {PLACE}"):
        images.get(DIGEST)
    images.put(DIGEST, DATA)
    assert images.holds(DIGEST)
    images.forget(DIGEST, "ab" * 32)
    images.forget(DIGEST)
    assert not images.holds(DIGEST)
    assert server.names() == []


@pytest.mark.parametrize("place", ["s3://", "s3:///prefix"])
def test_without_a_bucket_it_is_no_address(place):
    with pytest.raises(StoreError, match="names no bucket"):
        ObjectImages(place)


def test_a_bucket_that_is_not_there_takes_no_image(server):
    with pytest.raises(StoreError, match="cannot be written"):
        ObjectImages("s3://another/kasse").put(DIGEST, DATA)


def test_a_whole_count_and_one_image_changed_and_one_lost(address, server):
    with filled(address) as store:
        assert flaws(store) == ""
        assert store.sheet("K1/0003").images[0].data == b"front 3"
        digests = [sha256(b"front %d" % number).hexdigest() for number in (3, 4)]
        server.bucket.put(f"kasse/1/{digests[0][:2]}/{digests[0][2:]}", b"Front 3")
        server.bucket.delete(f"kasse/1/{digests[1][:2]}/{digests[1][2:]}")
        found = flaws(store).splitlines()
        assert len(found) == 2
        assert any("of K1/0003" in one and "was changed" in one for one in found)
        assert any("of K1/0004" in one and "is missing" in one for one in found)


def test_erasing_from_s3_and_an_outage_in_the_middle_of_it(address, server):
    with filled(address) as store:
        settle(store)
        server.stop()
        with pytest.raises(StoreError, match="cannot be erased"):
            store.retention.erase(("Kari", "Ola"), "archived", "2027-10-01")
        server.start()
        assert flaws(store).count("is still there, though erased by Kari and Ola") == 8
        assert store.retention.erase(("Kari", "Ola"), "archived", "2027-10-01") == 0
        assert (server.names(), flaws(store)) == ([], "")


def test_an_outage_loses_nothing_and_acknowledges_nothing(address, server):
    with open_store(address) as store:
        begin(store)
        store.add_sheet(sheet(1, front=b"front 1"))
        server.stop()
        with pytest.raises(StoreError, match="cannot be written") as told:
            store.add_sheet(sheet(2, front=b"front 2"))
        assert told.value.exit_code == ExitCode.STORE
        assert [one.number for one in store.sheets()] == [1], "no sheet without its images"
        with pytest.raises(StoreError, match="cannot be read"):
            store.sheet("K1/0001")
        server.start()
        assert store.add_sheet(sheet(2, front=b"front 2"))
        assert [store.sheet(one.id).images[0].data for one in store.sheets()] == [b"front 1", b"front 2"]
        assert flaws(store) == ""


def begin(store: Store) -> None:
    store.bind(small_election())
    store.add_box(Box("K1", "VO", "0001"))


def test_verify_during_an_outage_blames_nobody(address, here, server):
    filled(address).close()
    server.stop()
    ran = here("verify", "--store", address)
    assert (ran.code, ran.out) == (ExitCode.STORE, "")
    assert "cannot be read" in ran.err
    server.start()
    assert here("verify", "--store", address).code == ExitCode.DONE


def test_backup_to_a_folder_and_restore_into_another_bucket_prefix(address, here, server, tmp_path):
    with filled(address) as store:
        before, head = list(store.ballots()), store.record.head()
    assert here("backup", "--store", address, "--out", tmp_path / "copy").code == ExitCode.DONE
    assert (tmp_path / "copy" / "count.db.images" / DIGEST[:2]).parent.is_dir()
    again = f"sqlite:{tmp_path / 'again.db'}?images=s3://{BUCKET}/again"
    assert here("restore", tmp_path / "copy", "--store", again).code == ExitCode.DONE
    with open_store(again, create=False) as store:
        assert (list(store.ballots()), store.record.head()) == (before, head)
        assert flaws(store) == ""
    mine = {one.removeprefix("kasse/1/") for one in server.names() if one.startswith("kasse/1/")}
    assert mine == {one.removeprefix("again/") for one in server.names() if one.startswith("again/")}


def test_a_backup_during_an_outage_leaves_the_last_one(address, here, server, tmp_path):
    filled(address).close()
    assert here("backup", "--store", address, "--out", tmp_path / "copy").code == ExitCode.DONE
    with open_store(address) as store:
        store.add_sheet(sheet(9, front=b"front 9"))
    before = (tmp_path / "copy" / "count.db").read_bytes()
    server.stop()
    assert here("backup", "--store", address, "--out", tmp_path / "copy").code == ExitCode.STORE
    assert (tmp_path / "copy" / "count.db").read_bytes() == before
    assert [one.name for one in (tmp_path / "copy").glob("*.part*")] == []


def test_the_spool_has_a_place_of_its_own(postgresql, tmp_path):
    assert beside(f"sqlite:{tmp_path / 'a.db'}?images={PLACE}", "spool") == tmp_path / "a.db.spool"
    with pytest.raises(StoreError, match="say where with --spool FOLDER"):
        beside(f"postgresql://valg@/count?images={PLACE}", "spool")


def test_an_address_without_images_says_how_to_name_them(here):
    ran = here("tally", "--store", "postgresql://valg@/count")
    assert ran.code == ExitCode.STORE
    assert "add ?images=FOLDER or ?images=s3://BUCKET/PREFIX" in ran.err
