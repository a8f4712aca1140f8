import pytest

from scanner.ballot import Amendment, AmendmentKind, Category, Proposal, Reason, Rejection, Verdict
from scanner.election import ElectionType
from scanner.errors import UsageError
from scanner.review.agree import settle
from scanner.review.answer import Answer, opinion, ranks
from tests.strategies import small_election

ELECTION = small_election()
STORTING = small_election(ElectionType.STORTING)
TICKED = Amendment(AmendmentKind.PERSONAL_VOTE, candidate=2)
UNREAD = Amendment(AmendmentKind.WRITE_IN, line=1)


def doubtful(*proposed: Amendment, category: Category = Category.RETTET) -> Verdict:
    return Verdict(Category.TVILSOM, "A", (), (Reason.MARK_DOUBTFUL,), Proposal(category, proposed), 0.5)


def test_two_people_who_say_the_same_settle_a_ballot_in_whatever_words() -> None:
    verdict = doubtful(TICKED)
    first = opinion("K/0001", "Én", Answer(accept=True), verdict, ELECTION)
    second = opinion("K/0001", "To", Answer(list="A", votes=(2, 2)), verdict, ELECTION)
    decision = settle("K/0001", verdict, (first, second))
    assert decision is not None
    assert (decision.category, decision.list, decision.amendments) == (Category.RETTET, "A", (TICKED,))
    assert decision.decided_by == ("To", "Én")


@pytest.mark.parametrize(
    ("answer", "category", "code"),
    [
        (Answer(blank=True), Category.BLANK, None),
        (Answer(list="B"), Category.URETTET, "B"),
        (Answer(list="B", written=("A/3",)), Category.RETTET, "B"),
        (Answer(tick="C"), Category.URETTET, "C"),
        (Answer(reject=Rejection.NO_STAMP), Category.TVILSOM, None),
    ],
)
def test_the_category_follows_from_what_is_said(answer: Answer, category: Category, code: str | None) -> None:
    held = opinion("K/0001", "Én", answer, doubtful(), ELECTION)
    assert (held.category, held.list, held.rejected) == (category, code, answer.reject)


def test_strikes_and_numbers_are_the_changes_of_a_storting_ballot() -> None:
    answer = Answer(list="A", strikes=(4,), ranks=ranks(["5=1"]))
    held = opinion("K/0001", "Én", answer, doubtful(), STORTING)
    assert held.amendments == (
        Amendment(AmendmentKind.STRIKE, candidate=4),
        Amendment(AmendmentKind.RENUMBER, candidate=5, rank=1),
    )


def test_handwriting_that_nobody_read_cannot_be_accepted() -> None:
    with pytest.raises(UsageError, match="not read the handwriting"):
        opinion("K/0001", "Én", Answer(accept=True), doubtful(UNREAD), ELECTION)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(), "Say one thing"),
        (Answer(blank=True, list="A"), "Say one thing"),
        (Answer(blank=True, votes=(1,)), "belong to a list"),
        (Answer(list="Å"), "no list 'Å'"),
        (Answer(list="A", votes=(99,)), "no candidate 99"),
        (Answer(list="A", strikes=(1,)), "no strikes"),
        (Answer(list="A", written=("A/1",)), "own list"),
        (Answer(list="A", written=("B/77",)), "no candidate '77'"),
        (Answer(list="A", written=("B/1", "B/2", "C/1", "C/2")), "At most 3"),
        (Answer(option="ja"), "no option 'ja'"),
    ],
)
def test_words_that_do_not_fit_the_election_are_refused(answer: Answer, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        opinion("K/0001", "Én", answer, doubtful(), ELECTION)


def test_an_opinion_has_a_person() -> None:
    with pytest.raises(UsageError, match="name of the person"):
        opinion("K/0001", "  ", Answer(blank=True), doubtful(), ELECTION)


@pytest.mark.parametrize("words", ["5", "=1", "a=1", "5=", "5=-1"])
def test_a_new_number_names_candidate_and_rank(words: str) -> None:
    with pytest.raises(UsageError, match="CANDIDATE=RANK"):
        ranks([words])


def test_nothing_is_proposed_where_the_machine_has_no_guess() -> None:
    with pytest.raises(UsageError, match="no proposal"):
        opinion("K/0001", "Én", Answer(accept=True), doubtful(category=Category.TVILSOM), ELECTION)
