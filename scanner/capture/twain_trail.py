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


@dataclass(slots=True)
class Trail:
    """The device's own count of sheets, followed from sheet to sheet.

    What the count means is learnt: sources that count images, or in other steps, are not
    followed, and a note says so once.
    """

    followed: bool | None = None  # None: not known yet
    last: int | None = None  # of the sheet before, since the feeder was started
    counted: int = 0  # sheets by the device's count

    def restart(self) -> None:
        """The feeder starts anew: the count may begin where it likes."""
        self.last = None

    def sheet(self, pages: Sequence[Page]) -> tuple[str, ...]:
        """Follow one more sheet; notes on it.

        TwainError if its images cannot be of one sheet, or a sheet is missing.
        """
        _check_sides(pages)
        papers = [one.paper for one in pages if one.paper is not None]
        if len(papers) < len(pages) or self.followed is False:
            return ()
        if len(set(papers)) > 1:
            return self._of_two(papers)
        return self._next(papers[0])

    def _of_two(self, papers: Sequence[int]) -> tuple[str, ...]:
        if self.followed:
            text = f"The scanner says that front and back are of its sheets {papers[0]} and {papers[1]}."
            raise TwainError(Fault.SHORT_IMAGE, text)
        self.followed = False
        return ("The scanner counts images, not sheets: its count is not followed.",)

    def _next(self, paper: int) -> tuple[str, ...]:
        step = 1 if self.last is None else paper - self.last
        if step == 0:
            raise TwainError(Fault.CONFIG, f"The scanner sent its sheet {paper} twice.")
        if step != 1 and self.followed:
            text = f"The scanner counted sheet {paper} after {self.last}: one went through without an image."
            raise TwainError(Fault.SHORT_IMAGE, text)
        if step != 1:
            self.followed = False
            return (f"The scanner counts its sheets in steps of {step}: its count is not followed.",)
        self.followed = self.followed or self.last is not None or None
        self.last = paper
        self.counted += 1
        return ()


def letters(pages: Sequence[Page]) -> tuple[str, ...]:
    """F or B for each image: as the source tells, else by their order."""
    told = tuple({FRONT: "F", BACK: "B"}.get(one.side or 0, "") for one in pages)
    return told if all(told) and len(set(told)) == len(told) else tuple("FB"[: len(pages)])


def _check_sides(pages: Sequence[Page]) -> None:
    told = [one.side for one in pages if one.side is not None]
    if len(told) == len(pages) > 1 and len(set(told)) == 1:
        side = "front" if told[0] == FRONT else "back"
        raise TwainError(Fault.SHORT_IMAGE, f"The {side} of two sheets came, one after the other.")
