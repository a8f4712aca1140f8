"""A ballot drawn: both faces of one style, as shapes in mm."""

from dataclasses import dataclass
from functools import lru_cache

from scanner.ballot import Face
from scanner.election import Election
from scanner.layout.ink import Page
from scanner.layout.style import Style
from scanner.layout.styles import faces, printed


@dataclass(frozen=True, slots=True)
class Drawing:
    """One ballot paper: the fields of its style, its PDF and its pictures come from these shapes."""

    style: str  # Style.id
    inside: Page
    outside: Page

    def face(self, face: Face) -> Page:
        """The page of one face."""
        return self.inside if face is Face.INSIDE else self.outside


@lru_cache(maxsize=256)  # a deck of ballots asks for the same few over and over
def draw(style: Style, election: Election) -> Drawing:
    """Both faces of a style of this election, sizes and positions in mm from the top left."""
    front, back = faces(printed(election, style))
    return Drawing(style.id, Page(style.page_mm, front.shapes), Page(style.page_mm, back.shapes))
