"""${message}."""

from ringfence.store.migrations.ddl import run_ddl

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Forward."""
    run_ddl("${up_revision}.sql")


def downgrade() -> None:
    """Back."""
    run_ddl("${up_revision}_down.sql")
