"""Bring a store's schema to this version."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect

from bevara.errors import NewerStore

HEAD = "0017"
"""The last migration. Tests hold it to what alembic finds in the folder."""
SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection) -> None:
    """Run every migration that the store lacks, in one transaction of `connection`.

    A store that lacks none, as at nearly every start, does not wait for alembic to be imported.
    Raises `NewerStore` when the store knows migrations that this version does not.
    """
    if _version(connection) == HEAD:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise NewerStore from None


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("select version_num from alembic_version").scalar()
