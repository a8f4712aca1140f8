"""The tables as they were when the chain of acts came: sheets, what became of them, and the chain."""

from typing import Any

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
)

from scanner.store.dialect import make_append_only

revision = "3"
down_revision = None

NUMBER = BigInteger().with_variant(Integer, "sqlite")
HASH = String(64)


def upgrade() -> None:
    """Make all tables; from then on no row of them is changed."""
    _count()
    _paper()
    _readings()
    _labels()
    _stacks()


def _table(name: str, *columns: Any) -> None:
    op.create_table(name, *columns)
    make_append_only(op.get_bind(), name)


def _seq() -> Column[int]:
    return Column("seq", NUMBER, primary_key=True)


def _must(name: str, kind: Any, *more: Any) -> Column[Any]:
    return Column(name, kind, *more, nullable=False)


def _key(name: str, kind: Any, *more: Any) -> Column[Any]:
    return Column(name, kind, *more, primary_key=True)


def _count() -> None:
    _table("valgskanner", _key("version", Integer))
    _table(
        "binding",
        _key("one", Integer),
        _must("fingerprint", HASH),
        _must("test", Boolean),
        _must("election", Text),
    )
    _table(
        "statements",
        _seq(),
        _must("act", String),
        _must("people", Text),
        _must("reason", Text),
        _must("body", Text),
    )
    _table(
        "acts",
        Column("number", NUMBER, primary_key=True, autoincrement=False),
        _must("act", String),
        _must("at", BigInteger),
        _must("event", Text),
        Column("hash", HASH, nullable=False, unique=True),
    )
    op.create_index("acts_of_row", "acts", ["act", "at"])


def _paper() -> None:
    _table(
        "boxes",
        _seq(),
        Column("id", String, nullable=False, unique=True),
        _must("category", String),
        _must("krets", String),
    )
    _table("images", _key("sha256", HASH), _must("bytes", BigInteger))
    _table(
        "sheets",
        _seq(),
        Column("id", String, nullable=False, unique=True),
        _must("box", String, ForeignKey("boxes.id")),
        _must("number", Integer),
        _must("name", Text),
        _must("device", Text),
        Column("imprint", Text),
        UniqueConstraint("box", "number"),
    )
    _table(
        "sides",
        _key("sheet", String, ForeignKey("sheets.id")),
        _key("position", Integer),
        _must("sha256", HASH, ForeignKey("images.sha256")),
        _must("name", Text),
        Column("dpi", Float),
        _must("page", Integer),
        Column("problem", Text),
    )


def _readings() -> None:
    _table(
        "verdicts",
        _seq(),
        _must("sheet", String, ForeignKey("sheets.id")),
        _must("version", String),
        _must("category", String),
        _must("verdict", Text),
        _must("reading", Text),
        UniqueConstraint("sheet", "version"),
    )
    _table("opinions", _seq(), _must("sheet", String, ForeignKey("sheets.id")), _must("opinion", Text))
    op.create_index("opinions_of_sheet", "opinions", ["sheet"])
    _table(
        "decisions",
        _seq(),
        _must("sheet", String, ForeignKey("sheets.id")),
        Column("verdict", NUMBER, ForeignKey("verdicts.seq")),
        _must("by_machine", Boolean),
        _must("decision", Text),
    )
    op.create_index("decisions_of_sheet", "decisions", ["sheet"])


def _labels() -> None:
    _table(
        "expected_boxes",
        _seq(),
        Column("id", String, nullable=False, unique=True),
        _must("category", String),
        _must("krets", String),
        _must("number", Integer),
        _must("of", Integer),
    )
    _table(
        "labels",
        _seq(),
        Column("id", String, nullable=False, unique=True),
        _must("box", String, ForeignKey("boxes.id")),
        _must("kind", String),
        _must("number", Integer),
        _must("of", Integer),
        _must("digits", String),
        _must("name", Text),
        _must("device", Text),
    )
    _table(
        "label_sides",
        _key("label", String, ForeignKey("labels.id")),
        _key("position", Integer),
        _must("sha256", HASH, ForeignKey("images.sha256")),
    )
    _table("explanations", _seq(), _must("box", String), _must("person", Text), _must("words", Text))
    op.create_index("explanations_of_box", "explanations", ["box"])


def _stacks() -> None:
    _table(
        "stack_sheets",
        _seq(),
        Column("id", String, nullable=False, unique=True),
        _must("stack", String),
        _must("number", Integer),
        _must("became", String),
        _must("of", Text),
        _must("name", Text),
        _must("device", Text),
    )
    op.create_index("sheets_of_stack", "stack_sheets", ["stack"])
    _table(
        "stack_sides",
        _key("sheet", String, ForeignKey("stack_sheets.id")),
        _key("position", Integer),
        _must("sha256", HASH),
    )
