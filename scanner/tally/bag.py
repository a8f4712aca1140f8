"""How many of each: a count that never changes and can be added to another."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


class Bag(Mapping[K, int]):
    """An immutable multiset; what is not in it is there 0 times. Two bags add up."""

    __slots__ = ("_counts",)

    def __init__(self, members: Iterable[K] = ()) -> None:
        self._counts = Counter(members)

    @classmethod
    def of(cls, counts: Mapping[K, int]) -> "Bag[K]":
        """A bag with each key as many times as given."""
        bag: Bag[K] = cls()
        bag._counts.update({key: count for key, count in counts.items() if count})
        return bag

    def __getitem__(self, key: K) -> int:
        return self._counts[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._counts)

    def __len__(self) -> int:
        return len(self._counts)

    def __contains__(self, key: object) -> bool:
        return key in self._counts

    def __hash__(self) -> int:
        return hash(frozenset(self._counts.items()))

    def __repr__(self) -> str:
        return f"Bag({dict(self._counts)!r})"

    def __add__(self, other: "Bag[K]") -> "Bag[K]":
        both: Bag[K] = Bag()
        both._counts.update(self._counts)
        both._counts.update(other._counts)
        return both

    def total(self, wanted: Callable[[K], bool] = lambda _: True) -> int:
        """How many there are of the wanted kinds together."""
        return sum(count for key, count in self._counts.items() if wanted(key))
