"""The words of the pages in the four languages, one file each."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from scanner.people import Language

FOLDER = Path(__file__).parent


@cache
def words(language: Language) -> Mapping[str, str]:
    """Every text of the pages by its key; all languages have the same keys (a test compares them)."""
    return msgspec.convert(
        tomllib.loads((FOLDER / f"{language.value}.toml").read_text("utf-8")), dict[str, str]
    )
