"""What a number of the form is made of: an expression that can be worked out, printed and walked.

Written in the forms as text, for example

    D1.a + D1.b                                   two cells
    sum(B3.1.a)                                   over the dimensions the asking cell does not have
    sum(C1.1.b where C1.1.sted = valgstyret)      only where another cell of the same place says so
    3 * (A - B)                                   a number times an expression
    percent(A, B)                                 hundredths of a per cent, rounded half up

A cell is named by its id (`model.Cell.id`). A reference takes over the list, krets … of the asking
cell: in a row per list, `B3.1.a` is that list's number and `sum(B3.1.a)` is that of all lists only
when asked outside the rows per list.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from scanner.errors import InputError


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number."""

    value: int


@dataclass(frozen=True, slots=True)
class Ref:
    """The number in another cell, for the same list, krets … as the asking cell."""

    cell: str


@dataclass(frozen=True, slots=True)
class Where:
    """Only where this cell says this word."""

    cell: str
    word: str


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of a cell over the dimensions that the asking cell does not have."""

    cell: str
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a sum; `sign` is 1 or -1."""

    sign: int
    of: "Expr"


@dataclass(frozen=True, slots=True)
class Plus:
    """Terms added and subtracted, in the order written."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """A product of two."""

    left: "Expr"
    right: "Expr"


@dataclass(frozen=True, slots=True)
class Percent:
    """`part` of `whole` in hundredths of a per cent, rounded half up: 6810 is 68,10 %. 0 if whole is 0."""

    part: "Expr"
    whole: "Expr"


Expr: TypeAlias = Number | Ref | Total | Plus | Times | Percent

_TOKEN = re.compile(r"\s*(?:(?P<word>[A-Za-zÆØÅæøå_0-9][\w.]*)|(?P<sign>[-+*(),=]))")


def walk(expr: Expr) -> Iterator[Expr]:
    """The expression and all its parts, outermost first."""
    yield expr
    for part in parts(expr):
        yield from walk(part)


def parts(expr: Expr) -> tuple[Expr, ...]:
    """The parts an expression is made of directly."""
    match expr:
        case Plus(terms):
            return tuple(one.of for one in terms)
        case Times(left, right) | Percent(left, right):
            return left, right
        case _:
            return ()


def cells(expr: Expr) -> Iterator[str]:
    """The ids of all cells an expression looks at."""
    for one in walk(expr):
        if isinstance(one, Ref | Total):
            yield one.cell
        if isinstance(one, Total) and one.where:
            yield one.where.cell


def parse(text: str) -> Expr:
    """The expression written as text. Raises InputError if it is not one."""
    reader = _Reader(text)
    expr = reader.plus()
    reader.end()
    return expr


class _Reader:
    """Reads from left to right, one token ahead."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.peek()
        if not token or (wanted and token != wanted):
            raise self.wrong(f"{wanted or 'more'} expected, {token or 'the end'} found")
        self.at += 1
        return token

    def wrong(self, why: str) -> InputError:
        return InputError(f"The formula «{self.text}» cannot be read: {why}.")

    def end(self) -> None:
        if self.peek():
            raise self.wrong(f"{self.peek()} is left over")

    def plus(self) -> Expr:
        terms = [Term(self.sign(first=True), self.times())]
        while self.peek() in {"+", "-"}:
            terms.append(Term(self.sign(first=False), self.times()))
        return terms[0].of if len(terms) == 1 and terms[0].sign == 1 else Plus(tuple(terms))

    def sign(self, *, first: bool) -> int:
        if first and self.peek() not in {"+", "-"}:
            return 1
        return 1 if self.take() == "+" else -1

    def times(self) -> Expr:
        product = self.atom()
        while self.peek() == "*":
            self.take()
            product = Times(product, self.atom())
        return product

    def atom(self) -> Expr:
        word = self.take()
        if word == "(":
            inner = self.plus()
            self.take(")")
            return inner
        if word in {"+", "-", "*", ")", ",", "="}:
            raise self.wrong(f"{word} where a cell should be")
        if self.peek() == "(" and word in {"sum", "percent"}:
            return self.total() if word == "sum" else self.percent()
        return Number(int(word)) if word.isdecimal() else Ref(word)

    def total(self) -> Total:
        self.take("(")
        cell, where = self.take(), None
        if self.peek() == "where":
            self.take()
            named = self.take()
            self.take("=")
            where = Where(named, self.take())
        self.take(")")
        return Total(cell, where)

    def percent(self) -> Percent:
        self.take("(")
        part = self.plus()
        self.take(",")
        whole = self.plus()
        self.take(")")
        return Percent(part, whole)


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    stripped = text.rstrip()
    while at < len(stripped):
        match = _TOKEN.match(stripped, at)
        if match is None:
            raise InputError(f"The formula «{text}» cannot be read at «{stripped[at:]}».")
        found.append(match[1] or match[2])
        at = match.end()
    return found


def written(expr: Expr) -> str:
    """The expression as text again; `parse(written(e)) == e`."""
    match expr:
        case Number(value):
            return str(value)
        case Ref(cell):
            return cell
        case Total(cell, where):
            return f"sum({cell}{f' where {where.cell} = {where.word}' if where else ''})"
        case Plus(terms):
            return "".join(_term(one, first=not n) for n, one in enumerate(terms))
        case Times(left, right):
            return f"{_inner(left)} * {_inner(right)}"
        case Percent(part, whole):
            return f"percent({written(part)}, {written(whole)})"


def _term(term: Term, *, first: bool) -> str:
    sign = "-" if term.sign < 0 else "+"
    if first:
        return f"{'-' if term.sign < 0 else ''}{_inner(term.of)}"
    return f" {sign} {_inner(term.of)}"


def _inner(expr: Expr) -> str:
    return f"({written(expr)})" if isinstance(expr, Plus) else written(expr)
