"""Real ink comes from a folder of the caller's; without it everything is drawn."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from scanner.ballot import Face, FieldKind, Rect
from scanner.election import ElectionType
from scanner.errors import InputError
from scanner.simulate.acts import numbered
from scanner.simulate.deck import deck
from scanner.simulate.intention import Act, ActKind, Intention
from scanner.simulate.marking import mark_up, strokes_of
from scanner.simulate.real_ink import real_ink, word
from scanner.simulate.voters import voter
from tests.simulate.papers import press, style


@pytest.fixture
def folder(tmp_path):
    """A folder as the collections are laid out: an upright track for every digit, one dark word."""
    (tmp_path / "digits_european").mkdir()
    track = np.stack([np.full(8, 50), np.linspace(100, 0, 8)], axis=1).astype(np.int16)
    np.savez(
        tmp_path / "digits_european" / "pendigits.npz",
        strokes=np.stack([track] * 10),
        y=np.arange(10, dtype=np.uint8),
    )
    words = tmp_path / "words" / "img" / "w01"
    words.mkdir(parents=True)
    picture = np.full((64, 256, 3), 255, np.uint8)
    picture[20:44, 30:220] = 30
    cv2.imwrite(str(words / "1_0.webp"), picture)
    return tmp_path


def test_digits_are_tracks_in_the_unit_square(folder):
    track = real_ink(folder).digit(7, np.random.default_rng(0))
    assert track.shape == (8, 2)
    assert track[0] == pytest.approx([0.5, 0.0])
    assert track[-1] == pytest.approx([0.5, 1.0])


def test_words_fit_their_place_and_are_dark(folder):
    cover = word(real_ink(folder), Rect(0, 0, 40, 6), 8.0, np.random.default_rng(0))
    assert cover.shape[0] <= 48
    assert cover.shape[1] <= 320
    assert 0.2 < cover.mean() < 0.6


def test_new_numbers_use_the_real_tracks(folder):
    by = replace(voter(np.random.default_rng(0)), habit=4)
    place = style(ElectionType.STORTING).of(FieldKind.RENUMBER)[0]
    strokes = strokes_of(numbered(place, 12), by, np.random.default_rng(1), real_ink(folder))
    assert len(strokes) == 2
    assert all(np.ptp(one.points[:, 0]) < 0.6 for one in strokes)


def test_comments_may_be_real_words(folder):
    act = Act(ActKind.COMMENT, Face.INSIDE, Rect(20, 20, 60, 8), text="HEI")
    darkened = []
    for seed in range(6):
        pages = np.full((400, 800), 255, np.uint8), np.full((400, 800), 255, np.uint8)
        rng = np.random.default_rng(seed)
        mark_up(pages, Intention("A", voter(rng), (act,)), 8.0, rng, real=real_ink(folder))
        darkened.append((pages[0][160:230, 160:640] < 230).sum())
    assert min(darkened) > 100
    assert max(darkened) > 4000


@pytest.mark.parametrize("missing", ["digits_european/pendigits.npz", "words/img/w01/1_0.webp"])
def test_a_folder_without_ink_is_refused_in_a_sentence(folder, missing):
    (folder / missing).unlink()
    with pytest.raises(InputError, match="leave"):
        real_ink(folder)


def test_a_broken_picture_is_refused(folder):
    (folder / "words" / "img" / "w01" / "1_0.webp").write_bytes(b"no image")
    with pytest.raises(InputError, match="not an image"):
        word(real_ink(folder), Rect(0, 0, 40, 6), 8.0, np.random.default_rng(0))


def test_a_pile_can_be_made_with_it(folder):
    assert len(next(deck(press().election, 1, 1, 1, folder)).front) > 10_000
