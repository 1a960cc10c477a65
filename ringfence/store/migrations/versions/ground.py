"""The desk's first tables, the indexes of its lists, and who reads what of them."""

from ringfence.store.migrations.ddl import run_ddl

revision = "ground"
down_revision = None


def upgrade() -> None:
    """Forward."""
    run_ddl("ground.sql")
    run_ddl("listings.sql")
    run_ddl("scopes.sql")


def downgrade() -> None:
    """Back."""
    run_ddl("scopes_down.sql")
    run_ddl("ground_down.sql")
