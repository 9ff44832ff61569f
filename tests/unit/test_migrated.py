"""The quick way to a new store leads to the same store as the migrations."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine

from bevara.kernel import migrate
from tests import migrated, older


def made(folder: Path, upgrade: migrated.Upgrade) -> list[str]:
    file = folder / f"{upgrade.__module__}.sqlite"
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as tx:
        upgrade(tx)
    engine.dispose()
    with closing(sqlite3.connect(file)) as database:
        return list(database.iterdump())


def test_a_new_store_is_the_same_both_ways(tmp_path: Path) -> None:
    quick, real = made(tmp_path, migrated.upgrade), made(tmp_path, migrated.REAL)
    assert quick == real and len(real) > 20


def test_a_store_with_a_table_goes_through_the_migrations(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'old.sqlite'}")
    version = "select version_num from alembic_version"
    with engine.begin() as tx:
        migrated.upgrade(tx)
        for statement in older.STATEMENTS:
            tx.exec_driver_sql(statement)
        tx.exec_driver_sql("update alembic_version set version_num = '0005'")
        migrated.upgrade(tx)
        assert tx.exec_driver_sql(version).scalar() == migrate.HEAD
        assert tx.exec_driver_sql("select count(*) from deliveries").scalar() == 0
    engine.dispose()
