"""A form is read from its TOML, for one type of election and one year; rows of other years fall away."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from scanner.ballot import Category, Rejection
from scanner.election import ElectionType
from scanner.errors import InputError
from scanner.tally.channels import Channel
from scanner.tally.motebok.formula import Expr, Number, Plus, Ref, Term, Times, Total, Where, cells, parse
from scanner.tally.motebok.model import (
    Cell,
    Chapter,
    Column,
    Control,
    Dimension,
    Fact,
    FactKind,
    Feed,
    Form,
    Pair,
    Relation,
    Row,
    Severity,
    Source,
    Table,
    Text,
    Unit,
)

FOLDER = Path(__file__).parent / "forms"
LANGUAGES = ("nn", "se", "en")


class _Dated(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What may belong to some years or types of election only; both years count."""

    since: int = 0
    until: int = 9999
    only: tuple[ElectionType, ...] = tuple(ElectionType)

    def holds(self, type_: ElectionType, year: int) -> bool:
        """True if it belongs to this election."""
        return self.since <= year <= self.until and type_ in self.only


class _Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str = ""
    label: str = "Antall"
    group: str = ""
    per: Dimension | None = None
    unit: Unit | None = None


class _Row(_Dated, frozen=True, forbid_unknown_fields=True):
    id: str = ""
    label: str = ""
    cell: str = ""  # of a table with one column
    cells: dict[str, str] = {}
    per: tuple[Dimension, ...] = ()
    unit: Unit | None = None
    own: bool = False
    crosses: str = ""
    needed: str = ""  # "C1.1.sted = krets": must be filled in only there


class _Table(_Dated, frozen=True, forbid_unknown_fields=True):
    id: str
    chapter: str
    title: str
    rows: tuple[_Row, ...]
    unit: Unit = Unit.TEKST
    columns: tuple[_Column, ...] = (_Column(),)
    heading: str = ""
    note: str = ""
    own: bool = False


class _Control(_Dated, frozen=True, forbid_unknown_fields=True):
    id: str
    text: str
    left: str
    right: str
    relation: Relation = Relation.EQUAL
    severity: Severity = Severity.FLAG
    per: tuple[Dimension, ...] = ()
    own: bool = False
    hidden: str = ""


class _Chapter(_Dated, frozen=True, forbid_unknown_fields=True):
    id: str
    title: str


class _Law(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    since: int
    version: str


class _Feed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"source": "from"}):
    source: str
    to: str


class _Pair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    text: str
    first: str
    final: str


class FormFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form as written in TOML."""

    name: str
    board: str
    types: tuple[ElectionType, ...]
    since: int
    until: int
    laws: tuple[_Law, ...]
    chapters: tuple[_Chapter, ...]
    tables: tuple[_Table, ...]
    controls: tuple[_Control, ...] = ()
    pairs: tuple[_Pair, ...] = ()
    fed_by: tuple[str, ...] = ()
    fed_per: Dimension = Dimension.KRETS
    feeds: tuple[_Feed, ...] = ()


@cache
def form_file(name: str) -> FormFile:
    """The TOML of a form. Raises InputError if there is none of this name."""
    path = FOLDER / f"{name}.toml"
    if not path.is_file():
        raise InputError(f"There is no form {name}; known are {', '.join(form_names())}.")
    return msgspec.convert(tomllib.loads(path.read_text("utf-8")), FormFile, strict=False)


@cache
def form_names() -> tuple[str, ...]:
    """The names of all forms, sorted."""
    return tuple(sorted(one.stem for one in FOLDER.glob("*_[0-9]*.toml")))


@cache
def form(name: str, type_: ElectionType, year: int) -> Form:
    """The blank form of this name for an election. Raises InputError if it has no such year or type."""
    file = form_file(name)
    if not file.since <= year <= file.until or type_ not in file.types:
        kinds = ", ".join(file.types)
        raise InputError(f"The form {name} is for {kinds} {file.since}-{file.until}, not {type_} {year}.")
    return _Reader(name, file, type_, year).form()


@cache
def _words(language: str) -> dict[str, str]:
    path = FOLDER / f"words_{language}.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}


def text(bokmal: str) -> Text:
    """Words of a form in all languages, as far as they are translated."""
    nn, se, en = (_words(one).get(bokmal, "") for one in LANGUAGES)
    return Text(bokmal, nn, se, en)


class _Reader:
    """Makes a form of a file: what this election has of it."""

    def __init__(self, name: str, file: FormFile, type_: ElectionType, year: int) -> None:
        self.name, self.file, self.type, self.year = name, file, type_, year
        self.all_ids = {id_ for table in file.tables for id_ in _ids(table)}
        self.tables = [one for one in file.tables if one.holds(type_, year)]
        self.ids = {id_ for table in self.tables for id_ in _ids(table, self._has)}

    def _has(self, row: _Row) -> bool:
        return row.holds(self.type, self.year)

    def form(self) -> Form:
        """The form, in printed order."""
        file = self.file
        made = [one for table in self.tables for one in self._cells(table)]
        laws = [one.version for one in file.laws if one.since <= self.year]
        return Form(
            id=self.name,
            name=text(file.name),
            board=file.board,
            type=self.type,
            year=self.year,
            law=laws[-1],
            chapters=tuple(self._chapter(one) for one in file.chapters if one.holds(self.type, self.year)),
            tables=tuple(self._table(one) for one in self.tables),
            cells=tuple(made),
            controls=tuple(self._control(one) for one in file.controls if one.holds(self.type, self.year)),
            pairs=tuple(Pair(one.id, text(one.text), one.first, one.final) for one in file.pairs),
            fed_by=file.fed_by,
            fed_per=file.fed_per,
            feeds=tuple(Feed(one.source, one.to) for one in file.feeds if one.to in self.ids),
        )

    def _chapter(self, one: _Chapter) -> Chapter:
        return Chapter(one.id, text(one.title), tuple(t.id for t in self.tables if t.chapter == one.id))

    def _table(self, table: _Table) -> Table:
        return Table(
            id=table.id,
            title=text(table.title),
            heading=text(table.heading),
            columns=tuple(Column(one.id, text(one.label), text(one.group), one.per) for one in table.columns),
            rows=tuple(self._row(table, one) for one in table.rows if self._has(one)),
            note=text(table.note),
            own=table.own,
        )

    def _row(self, table: _Table, row: _Row) -> Row:
        has = _specs(table, row)
        ids = (_id(table, row, one) if one.id in has else "" for one in table.columns)
        return Row(row.id, text(row.label), tuple(ids), row.per, row.own or table.own)

    def _cells(self, table: _Table) -> Iterator[Cell]:
        for row in table.rows:
            specs = _specs(table, row)
            for column in table.columns:
                if self._has(row) and column.id in specs:
                    yield self._cell(table, row, column, specs[column.id])

    def _cell(self, table: _Table, row: _Row, column: _Column, spec: str) -> Cell:
        source, formula, fact, choices = self._spec(spec)
        wordy = spec.startswith(("text", "choice"))
        unit = Unit.TEKST if wordy else (column.unit or row.unit or table.unit)
        return Cell(
            id=_id(table, row, column),
            label=_label(table, row, column),
            unit=unit,
            source=source,
            per=row.per + ((column.per,) if column.per else ()),
            formula=formula,
            fact=fact,
            choices=choices,
            optional="optional" in spec.split(),
            own=row.own or table.own,
            crosses=row.crosses,
            needed=_where(row.needed),
        )

    def _spec(self, spec: str) -> tuple[Source, Expr | None, Fact | None, tuple[str, ...]]:
        """What a cell's few words in the TOML mean."""
        kind, _, rest = spec.partition(" ")
        match kind:
            case "input" | "text":
                return Source.INPUT, None, None, ()
            case "choice":
                return Source.INPUT, None, None, tuple(rest.split()[0].split("|"))
            case "fact":
                return Source.MACHINE, None, fact_of(rest), ()
            case "=":
                formula = self._formula(rest)
                carried = isinstance(formula, Ref) or (isinstance(formula, Total) and formula.where is None)
                return Source.CARRIED if carried else Source.FORMULA, formula, None, ()
        raise InputError(f"The form {self.name} has a cell «{spec}», which is nothing known.")

    def _formula(self, words: str) -> Expr:
        expr = self._present(parse(words))
        for one in cells(expr):
            if one not in self.ids:
                raise InputError(f"The form {self.name} adds up {one}, a cell it does not have: «{words}».")
        return expr

    def _present(self, expr: Expr) -> Expr:
        """The expression without terms that name a row other years have and this one has not."""
        match expr:
            case Plus(terms):
                kept = tuple(
                    Term(one.sign, self._present(one.of)) for one in terms if not self._absent(one.of)
                )
                return kept[0].of if len(kept) == 1 and kept[0].sign == 1 else Plus(kept)
            case Times(left, right):
                return Times(self._present(left), self._present(right))
            case Ref() | Total() if self._absent(expr):
                return Number(0)
            case _:
                return expr

    def _absent(self, expr: Expr) -> bool:
        if not isinstance(expr, Ref | Total):
            return False
        return expr.cell in self.all_ids and expr.cell not in self.ids

    def _control(self, one: _Control) -> Control:
        left, right = self._formula(one.left), self._formula(one.right)
        words = text(one.text)
        return Control(one.id, words, left, one.relation, right, one.severity, one.per, one.own, one.hidden)


def _ids(table: _Table, has: object = None) -> Iterator[str]:
    for row in table.rows:
        if has is None or (callable(has) and has(row)):
            specs = _specs(table, row)
            yield from (_id(table, row, one) for one in table.columns if one.id in specs)


def _specs(table: _Table, row: _Row) -> dict[str, str]:
    """What each column of a row holds, by column id."""
    return {table.columns[0].id: row.cell} if row.cell else row.cells


def _id(table: _Table, row: _Row, column: _Column) -> str:
    return f"{table.id}{row.id}" + (f".{column.id}" if column.id else "")


def _where(words: str) -> Where | None:
    cell, _, word = (one.strip() for one in words.partition("="))
    return Where(cell, word) if cell else None


def _label(table: _Table, row: _Row, column: _Column) -> Text:
    """What the cell is called alone: its row and its column."""
    wanted = (row.label or table.title, column.label if len(table.columns) > 1 else "")
    return joined([text(one) for one in wanted if one])


def joined(texts: list[Text]) -> Text:
    """Texts after one another with a dash, in every language."""
    return Text(*(" – ".join(one.in_(language) for one in texts) for language in ("nb", *LANGUAGES)))


def fact_of(words: str) -> Fact:
    """A question to the decided ballots, from its words: «votes advance urettet», «blank VO»."""
    kind, *limits = words.split()
    channel = next((Channel(one) for one in limits if one in list(Channel)), None)
    sort = next((Category(one) for one in limits if one in list(Category)), None)
    ground = next((Rejection(one) for one in limits if one in list(Rejection)), None)
    codes = tuple(one for one in limits if one.isupper())
    return Fact(FactKind(kind), channel, codes, sort, ground)
