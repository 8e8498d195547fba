"""Promises of managers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_after", sa.Integer(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_after", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'kept', 'taken back', 'replaced')", name="ck_promise_state"),
        sa.ForeignKeyConstraint(["ended_after"], ["round.id"]),
        sa.ForeignKeyConstraint(["made_after"], ["round.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("form_key"),
    )
    op.create_index("ix_promise_unit_id", "promise", ["unit_id"])
    op.create_index("ix_promise_member_id", "promise", ["member_id"])
    op.create_index(
        "ix_promise_open",
        "promise",
        ["unit_id", "member_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
