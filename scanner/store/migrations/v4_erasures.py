"""Images erased when the law and the user say so: by whom, why, and every one of them by its sha256."""

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Text

from scanner.store.dialect import make_append_only

revision = "4"
down_revision = "3"

_NUMBER = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    """Two tables that no older version knew of."""
    op.create_table(
        "erasures",
        Column("seq", _NUMBER, primary_key=True),
        Column("people", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("day", String(10), nullable=False),
        Column("boxes", Text, nullable=False),
        Column("images", BigInteger, nullable=False),
        Column("root", String(64), nullable=False),
    )
    op.create_table(
        "erased",
        Column("sha256", String(64), primary_key=True),
        Column("bytes", BigInteger, nullable=False),
        Column("erasure", _NUMBER, ForeignKey("erasures.seq"), nullable=False),
    )
    op.create_index("erased_by", "erased", ["erasure", "sha256"])
    for name in ("erasures", "erased"):
        make_append_only(op.get_bind(), name)
