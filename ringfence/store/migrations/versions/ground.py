"""The desk's first tables."""

from ringfence.store.migrations.ddl import run_ddl

revision = "ground"
down_revision = None


def upgrade() -> None:
    """Forward."""
    run_ddl("ground.sql")


def downgrade() -> None:
    """Back."""
    run_ddl("ground_down.sql")
