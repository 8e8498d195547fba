"""The limit of flags frozen with a round, what the auditor refused, late messages that wait, and rounds thrown away
that are only over when nothing of them is left.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply."""
    op.add_column("roundunit", sa.Column("flag_limit", sa.Integer(), nullable=True))
    op.add_column("round", sa.Column("refused", sa.JSON(), nullable=True))
    op.add_column("outboxmessage", sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
    # Earlier versions did not make sure of it; so it is done once more, which does no harm.
    op.execute("UPDATE round SET state = 'discarding' WHERE state = 'discarded'")
