"""The learned readers' eyes: opens a model only if it is, byte for byte, the one on its card.

The only door to onnxruntime. Each learned reader has a module of its own that makes its input and
names its answers: `box_eyes`.
"""

import tomllib
from hashlib import sha256
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from scanner.config import shipped
from scanner.errors import ModelError

Floats = npt.NDArray[np.float32]


class Metrics(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One measured set on a card: counts with their denominators, never percentages alone.

    `right` counts first answers before any doubt. Of boxes `marked` and `unmarked` are the truth; a
    corrected box is neither, and any sure answer is wrong. None: does not apply.
    """

    what: str
    n: int
    doubtful: int
    wrong_but_sure: int
    upper95: float  # Clopper-Pearson, one-sided 95 %, of wrong_but_sure / n
    right: int | None = None
    marked: int | None = None
    unmarked: int | None = None
    said_marked: int | None = None
    said_unmarked: int | None = None


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of a model file; lies beside it as `<name>.toml`."""

    model: str
    sha256: str
    made_by: str
    seed: int
    input: str
    outputs: list[str]
    parameters: int
    temperature: float
    data: list[str]
    licences: list[str]
    limits: list[str]
    metrics: dict[str, Metrics]


class Model:
    """One shipped network, opened once, on one thread (the house runs one process per core)."""

    def __init__(self, path: Path) -> None:
        """Open the model at `path`, its card beside it.

        Raises ModelError if the card or the file is missing or the two do not belong together.
        """
        self.path = path
        self.card = read_card(path.with_suffix(".toml"))
        self._session = _session(_checked(path, self.card))
        self._input = self._session.get_inputs()[0].name

    def __call__(self, crops: Floats) -> Floats:
        """The network's only output for its only input; the shapes are those on the card."""
        (seen,) = self._session.run(None, {self._input: crops})
        return np.asarray(seen, np.float32)


def shipped_model(name: str) -> Model:
    """The model `name` that came with the software. Raises ModelError."""
    return Model(shipped("models") / f"{name}.onnx")


def read_card(path: Path) -> Card:
    """The card of a model. Raises ModelError if it is missing or not a card."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Card)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ModelError(f"The model card {path.name} cannot be used ({error}); install it again.") from error


def _checked(path: Path, card: Card) -> bytes:
    """The bytes of a model, but only if they are those on its card."""
    try:
        model = path.read_bytes()
    except OSError as error:
        raise ModelError(f"The model {path.name} cannot be read: {error.strerror}.") from error
    if sha256(model).hexdigest() != card.sha256:
        raise ModelError(f"The model {path.name} is not the one on its card; install it again.")
    return model


def _session(model: bytes) -> ort.InferenceSession:
    """One thread in and across operators, so that a sheet is read the same way bit for bit."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = 4
    try:
        return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own errors have no public base class
        raise ModelError(f"The model cannot be opened: {error}") from error
