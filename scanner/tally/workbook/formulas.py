"""From the form's expressions to formulas that Excel and LibreOffice work out alike."""

from collections.abc import Iterable, Iterator, Mapping

from scanner.tally.motebok.filled import Filled, Key
from scanner.tally.motebok.formula import Expr, Number, Percent, Plus, Ref, Times, Total
from scanner.tally.motebok.model import Dimension
from scanner.tally.workbook.places import Spot

MOST_ARGUMENTS = 200  # of SUM; Excel takes 255


class Formulas:
    """Formulas of one form in one workbook."""

    def __init__(self, filled: Filled, spots: Mapping[Key, Spot]) -> None:
        self._form, self._extent, self._spots = filled.form, filled.extent, spots

    def live(self, expr: Expr, per: tuple[Dimension, ...], at: tuple[str, ...]) -> str:
        """The expression asked from a place, with its `=`: empty as long as nothing in it is written."""
        return f'=IF({self._known(expr, per, at)},{self._of(expr, per, at)},"")'

    def _of(self, expr: Expr, per: tuple[Dimension, ...], at: tuple[str, ...]) -> str:
        match expr:
            case Number(value):
                return str(value)
            case Ref(cell):
                return f"N({self._address(self._bound(cell, per, at))})"
            case Total():
                return _sum(self._totalled(expr, per, at))
            case Plus(terms):
                parts = (f"{'-' if one.sign < 0 else '+'}{self._inner(one.of, per, at)}" for one in terms)
                return "".join(parts).removeprefix("+")
            case Times(left, right):
                return f"{self._inner(left, per, at)}*{self._inner(right, per, at)}"
            case Percent(part, whole):
                share, all_ = self._inner(part, per, at), self._inner(whole, per, at)
                return f"IF({all_}=0,0,INT((20000*{share}+{all_})/(2*{all_})))"

    def _known(self, expr: Expr, per: tuple[Dimension, ...], at: tuple[str, ...]) -> str:
        """Whether anything in the expression is written: a sum of nothing is not 0 but empty."""
        match expr:
            case Number():
                return "TRUE"
            case Ref(cell):
                return f"ISNUMBER({self._address(self._bound(cell, per, at))})"
            case Total(where=None):
                found = _sum(self._totalled(expr, per, at), "COUNT")
                return "TRUE" if found == "0" else f"{found}>0"
            case Total():
                chosen = _sum(self._totalled(expr, per, at, "1+0*N"))
                return f"OR({chosen}=0,{_sum(self._totalled(expr, per, at, 'ISNUMBER'))}>0)"
            case Plus(terms):
                return _any(self._known(one.of, per, at) for one in terms)
            case Times(left, right) | Percent(left, right):
                return f"AND({self._known(left, per, at)},{self._known(right, per, at)})"

    def _inner(self, expr: Expr, per: tuple[Dimension, ...], at: tuple[str, ...]) -> str:
        text = self._of(expr, per, at)
        return f"({text})" if isinstance(expr, Plus) else text

    def _bound(self, cell: str, per: tuple[Dimension, ...], at: tuple[str, ...]) -> Key:
        here = dict(zip(per, at, strict=True))
        return Key(cell, tuple(here[one] for one in self._form.cell(cell).per))

    def _address(self, key: Key) -> str:
        spot = self._spots.get(key)
        return "0" if spot is None else spot.address

    def _totalled(
        self, total: Total, per: tuple[Dimension, ...], at: tuple[str, ...], how: str = "N"
    ) -> Iterator[str]:
        """What a total adds up: areas, or where it chooses, each cell with its condition."""
        own, here = self._form.cell(total.cell).per, dict(zip(per, at, strict=True))
        wide = tuple(one for one in own if one not in here)
        found = (dict(zip(wide, free, strict=True)) | here for free in self._extent.places(wide))
        places = [tuple(one[dimension] for dimension in own) for one in found]
        where = total.where
        if where is None:
            spots = (self._spots.get(Key(total.cell, one)) for one in places)
            yield from areas(one for one in spots if one is not None)
            return
        for one in places:
            said = self._address(self._bound(where.cell, own, one))
            yield f'IF({said}="{where.word}",{how}({self._address(Key(total.cell, one))})*1,0)'


def areas(spots: Iterable[Spot]) -> Iterator[str]:
    """The cells as few ranges: runs down a column, or along a row."""
    run: list[Spot] = []
    for spot in spots:
        if run and not _goes_on(run, spot):
            yield _area(run)
            run = []
        run.append(spot)
    if run:
        yield _area(run)


def _goes_on(run: list[Spot], spot: Spot) -> bool:
    last = run[-1]
    down = (spot.row - last.row, spot.column - last.column)
    first = (run[1].row - run[0].row, run[1].column - run[0].column) if len(run) > 1 else down
    return spot.sheet == last.sheet and down in {(0, 1), (1, 0)} and down == first


def _area(run: list[Spot]) -> str:
    return run[0].address if len(run) == 1 else f"{run[0].address}:{run[-1].name}"


def _sum(parts: Iterable[str], function: str = "SUM") -> str:
    """SUM (or COUNT) of any number of parts, in nested lots where there are many."""
    found = list(parts)
    while len(found) > MOST_ARGUMENTS:
        lots = (found[n : n + MOST_ARGUMENTS] for n in range(0, len(found), MOST_ARGUMENTS))
        found = [f"{function}({','.join(one)})" for one in lots]
        function = "SUM"
    return f"{function}({','.join(found)})" if found else "0"


def _any(conditions: Iterable[str]) -> str:
    found = list(dict.fromkeys(conditions))
    return found[0] if len(found) == 1 else f"OR({','.join(found)})"
