"""The desk's first tables, and the indexes of its lists."""

from ringfence.store.migrations.ddl import run_ddl

revision = "ground"
down_revision = None


def upgrade() -> None:
    """Forward."""
    run_ddl("ground.sql")
    run_ddl("listings.sql")


def downgrade() -> None:
    """Back."""
    run_ddl("ground_down.sql")
