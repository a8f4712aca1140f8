from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.tally.bag import Bag

letters = st.lists(st.sampled_from("abc"), max_size=20)


@settings(deadline=None)
@given(letters, letters)
def test_two_bags_add_up(one: list[str], two: list[str]) -> None:
    assert Bag(one) + Bag(two) == Bag(one + two) == Bag(two) + Bag(one)
    assert (Bag(one) + Bag(two)).total() == len(one) + len(two)
    assert hash(Bag(one)) == hash(Bag(reversed(one)))


def test_what_is_not_there_is_there_0_times() -> None:
    bag = Bag("abba")
    assert (bag["a"], bag["z"], "z" in bag, len(bag)) == (2, 0, False, 2)
    assert bag.total(lambda one: one == "b") == 2


def test_adding_changes_neither() -> None:
    one, two = Bag("a"), Bag("a")
    assert one + two == Bag.of({"a": 2})
    assert one == two == Bag("a")
    assert Bag.of({"a": 1, "b": 0}) == one
