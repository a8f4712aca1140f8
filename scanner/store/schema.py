"""The tables. They hold facts in the order they became known; what is current is a query.

No clock time is kept anywhere: a sheet's place in time could lead to the voter.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

VERSION = 4  # how these tables came to be: scanner/store/migrations

metadata = MetaData()


def _seq() -> Column[int]:
    """Rows are numbered as they come. SQLite numbers by itself only a column of type INTEGER."""
    return Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


about = Table(  # a row for each version the store has had, the last one is current
    "valgskanner", metadata, Column("version", Integer, primary_key=True)
)

binding = Table(
    "binding",
    metadata,
    Column("one", Integer, primary_key=True),  # always 1: a store belongs to one election
    Column("fingerprint", String(64), nullable=False),
    Column("test", Boolean, nullable=False),  # a test count is never added to a real one
    Column("election", Text, nullable=False),
)

boxes = Table(
    "boxes",
    metadata,
    _seq(),
    Column("id", String, nullable=False, unique=True),
    Column("category", String, nullable=False),
    Column("krets", String, nullable=False),
)

images = Table(
    "images",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("bytes", BigInteger, nullable=False),
)

sheets = Table(
    "sheets",
    metadata,
    _seq(),
    Column("id", String, nullable=False, unique=True),  # box/number
    Column("box", String, ForeignKey("boxes.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("imprint", Text),
    UniqueConstraint("box", "number"),
)

sides = Table(
    "sides",
    metadata,
    Column("sheet", String, ForeignKey("sheets.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("sha256", String(64), ForeignKey("images.sha256"), nullable=False),
    Column("name", Text, nullable=False),
    Column("dpi", Float),
    Column("page", Integer, nullable=False),
    Column("problem", Text),
)

verdicts = Table(
    "verdicts",
    metadata,
    _seq(),
    Column("sheet", String, ForeignKey("sheets.id"), nullable=False),
    Column("version", String, nullable=False),
    Column("category", String, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("reading", Text, nullable=False),
    UniqueConstraint("sheet", "version"),
)

opinions = Table(
    "opinions",
    metadata,
    _seq(),
    Column("sheet", String, ForeignKey("sheets.id"), nullable=False),
    Column("opinion", Text, nullable=False),
    Index("opinions_of_sheet", "sheet"),
)

decisions = Table(
    "decisions",
    metadata,
    _seq(),
    Column("sheet", String, ForeignKey("sheets.id"), nullable=False),
    # of the verdict it follows from, so that a decision by the machine falls with its reading
    Column("verdict", BigInteger().with_variant(Integer, "sqlite"), ForeignKey("verdicts.seq")),
    Column("by_machine", Boolean, nullable=False),
    Column("decision", Text, nullable=False),
    Index("decisions_of_sheet", "sheet"),
)

statements = Table(  # what is said of the count as a whole: opened, closed, reopened, protocol written
    "statements",
    metadata,
    _seq(),
    Column("act", String, nullable=False),
    Column("people", Text, nullable=False),  # names as a JSON array
    Column("reason", Text, nullable=False),
    Column("body", Text, nullable=False),
)

acts = Table(  # the chain: scanner/audit
    "acts",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("act", String, nullable=False),
    Column("at", BigInteger, nullable=False),  # seq of the row it is about
    Column("event", Text, nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Index("acts_of_row", "act", "at"),
)

expected = Table(
    "expected_boxes",
    metadata,
    _seq(),
    Column("id", String, nullable=False, unique=True),
    Column("category", String, nullable=False),
    Column("krets", String, nullable=False),
    Column("number", Integer, nullable=False),  # of the boxes of its category and krets, 1..
    Column("of", Integer, nullable=False),
)

labels = Table(
    "labels",  # sheets on record that are no ballots
    metadata,
    _seq(),
    Column("id", String, nullable=False, unique=True),  # box/start or box/end: each comes once
    Column("box", String, ForeignKey("boxes.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("number", Integer, nullable=False),  # as printed on it
    Column("of", Integer, nullable=False),
    Column("digits", String, nullable=False),
    Column("name", Text, nullable=False),
    Column("device", Text, nullable=False),
)

label_sides = Table(
    "label_sides",
    metadata,
    Column("label", String, ForeignKey("labels.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("sha256", String(64), ForeignKey("images.sha256"), nullable=False),
)

explanations = Table(
    "explanations",
    metadata,
    _seq(),
    Column("box", String, nullable=False),  # perhaps one that was never scanned
    Column("person", Text, nullable=False),
    Column("words", Text, nullable=False),
    Index("explanations_of_box", "box"),
)

stack_sheets = Table(
    "stack_sheets",  # what became of each sheet of a stack whose boxes are told by label sheets
    metadata,
    _seq(),
    Column("id", String, nullable=False, unique=True),  # stack/number
    Column("stack", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("became", String, nullable=False),
    Column("of", Text, nullable=False),  # id of the ballot or label; why it was put aside
    Column("name", Text, nullable=False),
    Column("device", Text, nullable=False),
    Index("sheets_of_stack", "stack"),
)

stack_sides = Table(
    "stack_sides",
    metadata,
    Column("sheet", String, ForeignKey("stack_sheets.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False),
)

erasures = Table(
    "erasures",  # images erased for good, while what was read in them stays
    metadata,
    _seq(),
    Column("people", Text, nullable=False),  # names as a JSON array
    Column("reason", Text, nullable=False),
    Column("day", String(10), nullable=False),  # 2027-10-01; a day leads to no voter
    Column("boxes", Text, nullable=False),  # and ballots, names as a JSON array, empty for all
    Column("images", BigInteger, nullable=False),  # how many
    Column("root", String(64), nullable=False),  # sha256 over the list of them: scanner/store/retention.py
)

erased = Table(
    "erased",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("bytes", BigInteger, nullable=False),
    Column(
        "erasure",
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("erasures.seq"),
        nullable=False,
    ),
    Index("erased_by", "erasure", "sha256"),
)
