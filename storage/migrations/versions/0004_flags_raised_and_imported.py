"""The promise about false flags and a salary as settings, what a round learned of how answers scatter, imported
history, and what managers ask of leaders.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply."""
    op.add_column("workspace", sa.Column("false_flag_months", sa.Integer(), nullable=False, server_default="6"))
    op.add_column("workspace", sa.Column("salary", sa.Integer(), nullable=True))
    op.add_column("workspace", sa.Column("currency", sa.String(), nullable=True))
    op.add_column("round", sa.Column("false_flag_months", sa.Integer(), nullable=True))
    op.add_column("round", sa.Column("within", sa.Integer(), nullable=True))
    op.create_table(
        "importedcode",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("driver", sa.String(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("people", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("roster", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("unit_id", "driver", "closed_on"),
    )
    op.create_table(
        "request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("driver", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("reply", sa.String(), nullable=True),
        sa.Column("promise_id", sa.Integer(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'promised', 'declined', 'taken back')", name="ck_request_state"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["leader_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("form_key"),
    )
    op.create_index("ix_request_unit_id", "request", ["unit_id"])
    op.create_index("ix_request_leader_id", "request", ["leader_id"])
