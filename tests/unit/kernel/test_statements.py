"""A statement made once does what SQLAlchemy's own does: rows, transactions, and the same errors."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, bindparam, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from bevara.errors import DiskFull
from bevara.kernel.faults import translate
from bevara.kernel.statements import Questions, Statement, execute
from bevara.kernel.store import connect
from bevara.kernel.tables import metadata, records

ADD = Statement(insert(records))
FIND = Statement(select(records.c.text).where(
    records.c.id == bindparam("id"), records.c.platform == "facebook"))
ROW = {"platform": "facebook", "created_at": "2026", "mode": "delete", "action": "delete",
       "complete": True, "possible_secrecy": False, "search_text": ""}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = connect(tmp_path / "bevara.sqlite")
    with made.begin() as tx:
        metadata.create_all(tx)
    yield made
    made.dispose()


def test_what_one_adds_the_other_reads(engine: Engine) -> None:
    with engine.begin() as tx:
        ADD.rows(tx, id="1", text="Hej", **ROW)
    with engine.connect() as connection:
        row = connection.execute(select(records)).one()
        assert (row.id, row.text, row.complete, row.author_name) == ("1", "Hej", True, None)
        assert FIND.first(connection, id="1") == ("Hej",)
        assert FIND.first(connection, id="2") is None


def test_a_reader_sees_one_state_from_its_first_statement(engine: Engine) -> None:
    with engine.connect() as reader:
        assert FIND.rows(reader, id="1") == []
        with engine.begin() as tx:
            ADD.rows(tx, id="1", text="Hej", **ROW)
        assert FIND.rows(reader, id="1") == []
    with engine.connect() as reader:
        assert FIND.rows(reader, id="1") == [("Hej",)]


def test_what_fails_is_undone_and_says_what_sqlalchemy_says(engine: Engine) -> None:
    with pytest.raises(IntegrityError) as refusal, engine.begin() as tx:
        ADD.rows(tx, id="1", text="hemlig kommentar", **ROW)
        ADD.rows(tx, id="1", text="hemlig kommentar", **ROW)
    assert "hemlig" not in str(refusal.value)
    with engine.connect() as connection:
        assert FIND.rows(connection, id="1") == []


def full(tx: Connection) -> None:
    execute(tx, "PRAGMA max_page_count = 1")
    for number in range(1000):
        ADD.rows(tx, id=str(number), text="x" * 10_000, **ROW)


def test_a_full_disk_is_known_as_one(engine: Engine) -> None:
    with pytest.raises(OperationalError) as refusal, engine.begin() as tx:
        full(tx)
    assert isinstance(translate(refusal.value), DiskFull)


def test_a_question_asked_alone_sees_what_is_committed_and_leaves_nothing_open(engine: Engine) -> None:
    questions = Questions(engine)
    assert questions.first(FIND, id="1") is None
    with engine.begin() as tx:
        ADD.rows(tx, id="1", text="Hej", **ROW)
        assert questions.first(FIND, id="1") is None
    assert questions.first(FIND, id="1") == ("Hej",)
    with pytest.raises(OperationalError):
        questions.first(Statement(text("select nothing from nowhere")))
    assert questions.first(FIND, id="1") == ("Hej",)
    with engine.connect() as other:
        assert other.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").first() == (0, 0, 0)
    questions.close()
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_literal_sql_runs_where_there_is_no_transaction(engine: Engine) -> None:
    with engine.connect() as connection:
        assert execute(connection, "select 1") == [(1,)]
        assert Statement(text("select 2")).rows(connection) == [(2,)]
