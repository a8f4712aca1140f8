"""The colour of each election: Storting orange, kommune pink, fylke light blue.

Pink and blue are measured in the official drawings, orange follows the public descriptions; for
Sametinget and referendums nothing is published, their violet and green are ours.
"""

from dataclasses import dataclass

from scanner.election import ElectionType
from scanner.layout.ink import Weave

GREY = Weave("#8b9194", "#9ba0a4", "#b4b8bb", "#6b7276")


@dataclass(frozen=True, slots=True)
class Palette:
    """The plain tint of header band and stamp patch, and the pattern of the outside."""

    tint: str
    weave: Weave


PALETTES = {
    ElectionType.KOMMUNESTYRE: Palette("#f8bac9", Weave("#c98fa3", "#e68fab", "#f4b9c9", "#957581")),
    ElectionType.FYLKESTING: Palette("#d1e9f5", Weave("#9dbcc9", "#b4dbe8", "#d3edf6", "#7b8f98")),
    ElectionType.STORTING: Palette("#fbd3a6", Weave("#cfa273", "#efb170", "#f9d3a4", "#97795a")),
    ElectionType.SAMETING: Palette("#dccff0", Weave("#ab9cc4", "#c3aee2", "#ddd0f1", "#7d7291")),
    ElectionType.FOLKEAVSTEMNING: Palette("#cfe8c6", Weave("#9dbb91", "#b2d9a4", "#d3ebca", "#748a6c")),
}
