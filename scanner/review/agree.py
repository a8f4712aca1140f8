"""The two-person rule: no doubtful ballot is counted, or rejected, on one person's word."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from unicodedata import normalize

from scanner.ballot import Amendment, AmendmentKind, Category, Decision, Opinion, Verdict

NEEDED = 2  # named people who agree


def settle(sheet: str, verdict: Verdict, opinions: Iterable[Opinion] = ()) -> Decision | None:
    """What counts for the sheet, or None as long as a person must look at it.

    A sure verdict decides itself. A doubtful one needs two people who agree on category, list,
    amendments and rejection; where they disagree a third is asked, and more than half of those
    who spoke must agree. A person's latest opinion is the one that counts, and a person who
    writes the name in another way is still one. "Tvilsom" without a ground of rejection is no
    answer. Opinions of other sheets, and of nobody in particular, are not heard.
    """
    if verdict.sure:
        return Decision(sheet, verdict.category, verdict.list, verdict.amendments)
    heard = _latest(one for one in opinions if one.sheet == sheet)
    groups: dict[Hashable, list[Opinion]] = defaultdict(list)
    for one in heard:
        groups[_answer(one)].append(one)
    agreed = max(groups.values(), key=len, default=[])
    if len(agreed) < NEEDED or 2 * len(agreed) <= len(heard):
        return None
    return _decision(agreed)


def _latest(opinions: Iterable[Opinion]) -> list[Opinion]:
    """One opinion for each person, in the order they first spoke, without those that answer nothing."""
    latest = {_name(one.person): one for one in opinions}
    return [one for name, one in latest.items() if name and _answers(one)]


def _name(person: str) -> str:
    return " ".join(normalize("NFKC", person).casefold().split())


def _answers(opinion: Opinion) -> bool:
    return opinion.rejected is not None or opinion.category is not Category.TVILSOM


def _answer(opinion: Opinion) -> Hashable:
    """What two people must have in common to agree. A rejected or blank ballot has nothing else to it."""
    if opinion.rejected is not None:
        return opinion.rejected
    if opinion.category is Category.BLANK:
        return Category.BLANK
    return opinion.category, opinion.list, frozenset(map(_essence, opinion.amendments))


def _essence(amendment: Amendment) -> Hashable:
    """An amendment without what does not change the vote: which line, and how a known name is spelt."""
    if amendment.kind is not AmendmentKind.WRITE_IN:
        return amendment
    return amendment.kind, amendment.person or _name(amendment.text or "")


def _decision(agreed: list[Opinion]) -> Decision:
    one = agreed[0]
    people = tuple(sorted(opinion.person for opinion in agreed))
    if one.rejected is not None:
        return Decision(one.sheet, Category.TVILSOM, None, (), people, one.rejected)
    if one.category is Category.BLANK:
        return Decision(one.sheet, Category.BLANK, None, (), people)
    return Decision(one.sheet, one.category, one.list, one.amendments, people)
