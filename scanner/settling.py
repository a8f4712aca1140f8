"""What a person says of a ballot enters the record, in one transaction with the decision that follows."""

from scanner.ballot import Decision, Opinion, Verdict
from scanner.errors import UsageError
from scanner.review.agree import settle
from scanner.review.grounds import check_ground
from scanner.store.store import Store


def waiting_verdict(store: Store, sheet: str) -> Verdict:
    """The verdict of a doubtful ballot that nobody has settled; UsageError for any other sheet."""
    verdict = store.verdict_of(sheet)
    if verdict is None:
        raise UsageError(
            f"Sheet {sheet} is not in the store or not read yet: see valgskanner review --store."
        )
    if verdict.sure or store.decision_of(sheet) is not None:
        raise UsageError(f"Sheet {sheet} does not wait for people: its decision stands.")
    return verdict


def give(store: Store, opinion: Opinion) -> Decision | None:
    """Keep the opinion; the decision, once enough people who were asked blind say the same.

    UsageError if the ballot does not wait for people, for example because another station was first.
    """
    with store.transaction():
        verdict = waiting_verdict(store, opinion.sheet)
        _check_law(store, opinion)
        store.add_opinion(opinion)
        decision = settle(opinion.sheet, verdict, store.opinions(opinion.sheet))
        if decision is not None:
            store.add_decision(decision)
    return decision


def _check_law(store: Store, opinion: Opinion) -> None:
    """A ballot is rejected only on a ground that the law knows for ballots of its category."""
    if opinion.rejected is not None:
        name = opinion.sheet.rpartition("/")[0]
        box = next(one for one in store.boxes() if one.id == name)
        check_ground(opinion, store.election(), box.category)
