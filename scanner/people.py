"""Who works on a count: named people, what each may do."""

from dataclasses import dataclass
from enum import StrEnum
from unicodedata import normalize


class Role(StrEnum):
    """What a person was asked to do. Each has a row in the README."""

    OPERATOR = "operator"  # says what doubtful ballots are
    VALGANSVARLIG = "valgansvarlig"  # runs the count: sees all of its state
    VALGSTYRE = "valgstyre"  # settles what others cannot, and rejects (§ 10-3)
    AUDITOR = "auditor"  # sees everything, says nothing
    ADMIN = "admin"  # people and machines, never ballots


class Right(StrEnum):
    """What can be allowed."""

    SEE_BALLOTS = "see_ballots"
    SAY = "say"  # hold an opinion on a doubtful ballot
    REJECT = "reject"  # with one of the four grounds of § 10-3 (1)
    LEAD = "lead"  # the state of the whole count
    PEOPLE = "people"  # who may log in


RIGHTS = {
    Role.OPERATOR: frozenset({Right.SEE_BALLOTS, Right.SAY}),
    Role.VALGANSVARLIG: frozenset({Right.SEE_BALLOTS, Right.SAY, Right.LEAD}),
    Role.VALGSTYRE: frozenset({Right.SEE_BALLOTS, Right.SAY, Right.REJECT, Right.LEAD}),
    Role.AUDITOR: frozenset({Right.SEE_BALLOTS, Right.LEAD}),
    Role.ADMIN: frozenset({Right.PEOPLE, Right.LEAD}),
}


class Language(StrEnum):
    """The languages of the pages."""

    NB = "nb"
    NN = "nn"
    SE = "se"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Person:
    """A named person. Two accounts never share a name, however it is written."""

    name: str
    role: Role
    language: Language = Language.NB

    @property
    def key(self) -> str:
        """The name as it is compared."""
        return key_of(self.name)

    def may(self, right: Right) -> bool:
        """True if the role includes the right."""
        return right in RIGHTS[self.role]


def key_of(name: str) -> str:
    """A name as it is compared: capitals, spaces and the ways to write å make no other person."""
    return " ".join(normalize("NFKC", name).casefold().split())
