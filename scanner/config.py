"""Where models and calibration lie, and how a room gets its numbers: from TOML into its own dataclass."""

import tomllib
from dataclasses import fields
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from scanner.errors import ModelError

T = TypeVar("T")


class Measured(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number in `calibration/`: it always says its unit, when and how it was measured."""

    value: Any
    unit: str
    date: str
    how: str


@cache
def shipped(kind: str) -> Path:
    """Folder of `models` or `calibration`: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).parent
    for folder in (package.parent / kind, package / "_shipped" / kind):
        if folder.is_dir():
            return folder
    raise ModelError(f"The folder {kind}/ is missing; install valgskanner again.")


def calibration(name: str, into: type[T]) -> T:
    """The numbers of `calibration/<name>.toml` as the frozen dataclass `into`.

    Raises ModelError if the file lacks a member, has one too many, or one of a wrong type.
    """
    path = shipped("calibration") / f"{name}.toml"
    try:
        entries = msgspec.convert(tomllib.loads(path.read_text("utf-8")), dict[str, Measured])
        wanted = {one.name for one in fields(into)}  # type: ignore[arg-type]
        if wanted != set(entries):
            raise ModelError(f"{path.name}: expected {sorted(wanted)}, found {sorted(entries)}.")
        return msgspec.convert({key: one.value for key, one in entries.items()}, into)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ModelError(f"{path.name} cannot be used: {error}.") from error


@cache
def version() -> str:
    """sha256 of code, models and calibration: with which eyes a ballot was read."""
    package = Path(__file__).parent
    seen = sha256()
    for folder in (package, shipped("models"), shipped("calibration")):
        for path in sorted(folder.rglob("*")):
            apart = {"_shipped", "devices"} & set(path.relative_to(folder).parts)  # profiles are no eyes
            if path.suffix in {".py", ".onnx", ".toml"} and not apart:
                seen.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()[:16]
