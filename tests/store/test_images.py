from hashlib import sha256
from pathlib import Path

import pytest

from scanner.errors import StoreError
from scanner.store.images import FolderImages, MemoryImages

DATA = b"\xff\xd8 as the scanner sent it"
DIGEST = sha256(DATA).hexdigest()


@pytest.fixture
def images(tmp_path: Path) -> FolderImages:
    return FolderImages(tmp_path / "images")


def test_bytes_come_back(images: FolderImages) -> None:
    images.put(DIGEST, DATA)
    assert images.get(DIGEST) == DATA


def test_nothing_unfinished_is_left(images: FolderImages) -> None:
    images.put(DIGEST, DATA)
    images.put(DIGEST, DATA)
    assert [one.name for one in images.folder.rglob("*") if one.is_file()] == [DIGEST[2:]]


def test_one_flipped_byte_is_seen_and_mended_by_feeding_again(images: FolderImages) -> None:
    images.put(DIGEST, DATA)
    path = images.folder / DIGEST[:2] / DIGEST[2:]
    path.write_bytes(DATA[:-1] + b"!")
    with pytest.raises(StoreError, match="was changed"):
        images.get(DIGEST)
    images.put(DIGEST, DATA)
    assert images.get(DIGEST) == DATA


def test_a_missing_image_is_named(images: FolderImages) -> None:
    with pytest.raises(StoreError, match=DIGEST[2:]):
        images.get(DIGEST)
    with pytest.raises(StoreError, match=DIGEST):
        MemoryImages().get(DIGEST)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "images").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="cannot be written"):
        FolderImages(tmp_path / "images").put(DIGEST, DATA)
