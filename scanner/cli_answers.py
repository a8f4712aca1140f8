"""The words in which a person says what a ballot is, the same for `review` and `sample enter`."""

from typing import Annotated

from cyclopts import Parameter

from scanner.ballot import Rejection


def _word(text: str) -> Parameter:
    return Parameter(negative="", help=text)


Blank = Annotated[bool, _word("The ballot is blank.")]
Reject = Annotated[Rejection | None, _word("The ground of rejection, § 10-3 (1) a to d.")]
ListCode = Annotated[str | None, _word("The ballot counts for this list.")]
Tick = Annotated[str | None, _word("The list ticked on a ballot with all lists.")]
Option = Annotated[str | None, _word("The option chosen in a referendum.")]
Vote = Annotated[
    tuple[int, ...], _word("Number of a candidate with a personal vote; may be repeated, as the following.")
]
Strike = Annotated[tuple[int, ...], _word("Number of a candidate struck out.")]
NewNumber = Annotated[tuple[str, ...], _word("CANDIDATE=RANK of a candidate given a new number.")]
Written = Annotated[
    tuple[str, ...], _word("LIST/NUMBER of a candidate of another list, in the order of the lines.")
]
