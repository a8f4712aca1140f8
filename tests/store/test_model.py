"""Whatever is done in whatever order, the store says the same as a model of ten lines."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import Ballot, Box, Category, Decision, Verdict
from scanner.errors import StoreError
from scanner.store import Progress, Store, open_store
from tests.store.conftest import sheet
from tests.store.test_store import DOUBT, READING, URETTET
from tests.strategies import small_election

BOX = Box("K1", "VO", "0001")


@dataclass
class Model:
    """Sheets with the versions that read them, and what people decided."""

    verdicts: dict[str, dict[str, Verdict]] = field(default_factory=dict)
    machine: dict[tuple[str, str], Decision] = field(default_factory=dict)
    people: dict[str, Decision] = field(default_factory=dict)

    def ballots(self) -> list[Ballot]:
        return [self._ballot(one) for one in self.verdicts]

    def _ballot(self, one: str) -> Ballot:
        version, verdict = next(reversed(self.verdicts[one].items()), ("", None))
        return Ballot(one, BOX, verdict, self.people.get(one) or self.machine.get((one, version)))


def feed(store: Store, model: Model, number: int, _: int) -> None:
    assert store.add_sheet(sheet(number)) == (f"K1/{number:04d}" not in model.verdicts)
    model.verdicts.setdefault(f"K1/{number:04d}", {})


def read(store: Store, model: Model, number: int, choice: int) -> None:
    one, version, verdict = f"K1/{number:04d}", f"v{choice % 3}", (URETTET, DOUBT)[choice % 2]
    if one not in model.verdicts:
        return
    decision = Decision(one, Category.URETTET, "A", ()) if verdict.sure else None
    assert store.add_verdict(one, verdict, READING, version, decision) == (version not in model.verdicts[one])
    if version not in model.verdicts[one]:
        model.verdicts[one][version] = verdict
        if decision is not None:
            model.machine[one, version] = decision


def decide(store: Store, model: Model, number: int, choice: int) -> None:
    one = f"K1/{number:04d}"
    if one in model.verdicts:
        decision = Decision(one, (Category.BLANK, Category.URETTET)[choice % 2], "A", (), ("Kari", "Ola"))
        store.add_decision(decision)
        model.people[one] = decision


def break_off(store: Store, model: Model, number: int, _: int) -> None:
    """A transaction that fails at its end leaves nothing."""
    try:
        with store.transaction():
            store.add_sheet(sheet(number + 50))
            store.sheet("K1/9999")
    except StoreError:
        return


act = st.sampled_from([feed, feed, read, read, decide, break_off])
acts = st.lists(st.tuples(act, st.integers(1, 3), st.integers(0, 5)), max_size=15)


@settings(max_examples=30, deadline=None)
@given(acts)
def test_the_store_is_its_history(history: list[tuple[Callable[..., None], int, int]]) -> None:
    model = Model()
    with open_store("sqlite::memory:") as store:
        store.bind(small_election())
        store.add_box(BOX)
        for do, number, choice in history:
            do(store, model, number, choice)
        ballots = model.ballots()
        assert list(store.ballots()) == ballots
        decided = sum(one.decision is not None for one in ballots)
        read_ = sum(one.verdict is not None for one in ballots)
        doubtful = sum(one.verdict == DOUBT and one.decision is None for one in ballots)
        assert store.progress() == Progress(len(ballots), read_, decided, doubtful)
        assert list(store.unread("v0")) == [one for one, seen in model.verdicts.items() if "v0" not in seen]
