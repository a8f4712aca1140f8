"""From images to sheets: which two belong to one piece of paper, and whether one slipped by unseen.

A source tells of each image which side it is and which sheet by its own count, or it tells
nothing; then the order decides. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from scanner.capture.events import Fault
from scanner.capture.twain_faults import TwainError
from scanner.capture.twain_told import Page
from scanner.capture.twain_words import BACK, FRONT

Sides = tuple[int | None, ...]


@dataclass(slots=True)
class Trail:
    """What the device told of the sheets before: no ballot's front may ever get another's back."""

    last: int | None = None  # its count at the sheet before, since the feeder was started
    counted: int = 0  # sheets by its count
    order: Sides | None = None  # which side it sends first
    suspected: Sides | None = None  # an order that was refused once
    restarted: bool = False  # the count may go on, or begin again at one

    def restart(self) -> None:
        """The feeder starts anew after a person had the paper: the count may begin where it likes."""
        self.last = None

    def go_on(self) -> None:
        """The feeder starts again by itself: nobody touched the paper, the next sheet is the next."""
        self.restarted = True

    def sheet(self, pages: Sequence[Page]) -> None:
        """Follow one more sheet; TwainError if its images cannot be of one sheet, or a sheet is missing."""
        sides = tuple(one.side for one in pages)
        if len(pages) > 1 and None not in sides and len(set(sides)) == 1:
            side = "front" if sides[0] == FRONT else "back"
            raise TwainError(Fault.SHORT_IMAGE, f"The {side} of two sheets came, one after the other.")
        papers = [one.paper for one in pages if one.paper is not None]
        if len(papers) < len(pages):
            self._check_order(sides)
        elif len(set(papers)) > 1:
            text = f"The scanner says that front and back are of its sheets {papers[0]} and {papers[1]}."
            raise TwainError(Fault.SHORT_IMAGE, text)
        else:
            self._next(papers[0])

    def _check_order(self, sides: Sides) -> None:
        """Without a count only the order tells a lost side. Back before front is believed the second time."""
        if len(sides) < 2 or None in sides:
            return
        usual = self.order or (self.suspected if sides == self.suspected else (FRONT, BACK))
        if sides != usual:
            self.suspected = sides
            text = "The sides of a sheet came in the wrong order: one may be lost."
            raise TwainError(Fault.SHORT_IMAGE, text)
        self.order = sides

    def _next(self, paper: int) -> None:
        """The count of the device, which must go up by one."""
        before, self.last = self.last, paper
        again, self.restarted = self.restarted and paper == 1, False
        if before is None or again or paper == before + 1:
            self.counted += 1
        elif paper == before:
            raise TwainError(Fault.CONFIG, f"The scanner sent its sheet {paper} twice.")
        else:
            text = f"The scanner counted sheet {paper} after {before}: one went through without an image."
            raise TwainError(Fault.SHORT_IMAGE, text)


def letters(pages: Sequence[Page]) -> tuple[str, ...]:
    """F or B for each image: as the source tells, else by their order."""
    told = tuple({FRONT: "F", BACK: "B"}.get(one.side or 0, "") for one in pages)
    return told if all(told) and len(set(told)) == len(told) else tuple("FB"[: len(pages)])
