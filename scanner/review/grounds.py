"""On which grounds the law lets people reject a ballot of a category: § 10-3 (1) a to d.

Software rejects nothing. Two named people do (`agree`), and only on a ground that the law knows for
this kind of ballot: a missing stamp is none where the stamp stood on the envelope or the board
stamps afterwards (særskilt omslag, late ones), nor for forhåndsstemmer before the law of 2013.
"""

from scanner.ballot import Opinion, Rejection
from scanner.election import Election, StampRule
from scanner.errors import UsageError

LETTERS = dict(zip(Rejection, "abcd", strict=True))  # the same in the laws of 2002, 2013 and 2023
BEFORE_2013 = "2002"  # LOV-2013-05-24-20 asks for a stamp on forhåndsstemmer too


def grounds(election: Election, category: str) -> tuple[Rejection, ...]:
    """The grounds for ballots of a vote category, in the order of the law; KeyError if it has none such."""
    kind = election.category(category)
    stamped = kind.stamp is StampRule.REQUIRED and not (election.law == BEFORE_2013 and kind.advance)
    return tuple(one for one in Rejection if stamped or one is not Rejection.NO_STAMP)


def cited(ground: Rejection) -> str:
    """`§ 10-3 (1) a`."""
    return f"§ 10-3 (1) {LETTERS[ground]}"


def check_ground(opinion: Opinion, election: Election, category: str) -> None:
    """UsageError if the opinion rejects the ballot on a ground that the law does not know for it."""
    if opinion.rejected is None or opinion.rejected in grounds(election, category):
        return
    known = ", ".join(f"{one.value} ({cited(one)})" for one in grounds(election, category))
    raise UsageError(
        f"Sheet {opinion.sheet} cannot be rejected for {opinion.rejected.value}: ballots of category "
        f"{category} need no stamp of their own. The law knows {known}."
    )
