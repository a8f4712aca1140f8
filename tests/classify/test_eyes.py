"""Every model that ships opens only if it is the one on its card."""

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from scanner.classify.eyes import Model, read_card, shipped_model
from scanner.config import shipped
from scanner.errors import ExitCode, ModelError

NAMES = sorted(path.stem for path in shipped("models").glob("*.onnx"))
MEASURED_WITH = {"words_gray": "words"}  # two networks that answer only together
MOST_MB = 20  # all models together


def copied(name: str, folder: Path) -> Path:
    for suffix in (".onnx", ".toml"):
        path = (shipped("models") / name).with_suffix(suffix)
        (folder / path.name).write_bytes(path.read_bytes())
    return folder / f"{name}.onnx"


def test_there_are_models() -> None:
    assert "mark" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_model_opens_and_its_card_names_it(name: str) -> None:
    card = shipped_model(name).card
    assert card.model == f"{name}.onnx"
    assert card.data
    assert card.licences
    figures = read_card(shipped("models") / f"{MEASURED_WITH.get(name, name)}.toml").metrics
    assert figures["all"].n > 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("where", [0, 0.5, 1], ids=["first", "middle", "last"])
def test_a_model_with_one_byte_changed_is_refused(name: str, where: float, tmp_path: Path) -> None:
    path = copied(name, tmp_path)
    model = bytearray(path.read_bytes())
    model[round(where * (len(model) - 1))] ^= 1
    path.write_bytes(model)
    with pytest.raises(ModelError, match="not the one on its card") as refused:
        Model(path)
    assert refused.value.exit_code == ExitCode.MODEL == 7


@pytest.mark.parametrize("name", NAMES)
def test_a_card_counts_what_it_claims(name: str) -> None:
    """Denominators before rates: nothing is doubtful or wrong more often than it was looked at."""
    for one in read_card(shipped("models") / f"{name}.toml").metrics.values():
        assert one.doubtful + one.wrong_but_sure <= one.n
        assert one.wrong_but_sure / max(one.n, 1) <= one.upper95 <= 1


def test_all_models_together_are_small() -> None:
    assert sum(path.stat().st_size for path in shipped("models").iterdir()) < MOST_MB * 1e6


def test_a_model_is_deterministic_bit_for_bit() -> None:
    crops = np.random.default_rng(3).random((5, 1, 40, 40), np.float32)
    assert np.array_equal(shipped_model("mark")(crops), shipped_model("mark")(crops))


def test_a_file_that_is_no_model_is_refused_even_with_a_card_of_its_own(tmp_path: Path) -> None:
    path = copied("mark", tmp_path)
    path.write_bytes(b"no model at all")
    card = path.with_suffix(".toml")
    old = read_card(card).sha256
    card.write_text(card.read_text("utf-8").replace(old, sha256(b"no model at all").hexdigest()), "utf-8")
    with pytest.raises(ModelError, match="cannot be opened"):
        Model(path)
