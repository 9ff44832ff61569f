"""What browsers sent is checked against its schema for as long as it is kept."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bevara import contract
from bevara.identity import heartbeats, names
from bevara.upkeep import check_schemas
from bevara.upkeep.verify import verify
from tests.client import Bevara, running
from tests.factories import NOW, capture, encoded, incident, new_id
from tests.proving import reason

QUESTION = {"platform": "facebook", "owner": {"id": "1", "name": "Sidan", "url": None},
            "answer": "ours", "at": NOW, "moderator": None}
BEAT = {"at": NOW, "version": "0.1.0", "browser": "Edge 140", "waiting": 0, "refused": 0,
        "pages": {"armed": 1, "degraded": 0, "blind": 0, "resting": 0, "reload": 0}}
BROKEN = {
    "capture": ("mode", "sudden"), "outcome": ("observed", "eaten"), "reason": ("at", "yesterday"),
    "incident": ("kind", "rumour"), "account_question": ("answer", "maybe"),
}


@pytest.fixture
def bevara(tmp_path: Path) -> Iterator[Bevara]:
    with running(tmp_path / "data") as bevara:
        browser = bevara.browser()
        document = capture(comment={"id": "7"})
        id_, said = document["capture_id"], incident()
        assert browser.save(document).status_code == 201
        assert browser.observed(id_, "removed").status_code == 201
        assert browser.put(f"captures/{id_}/reason", reason()).status_code == 201
        assert browser.put(f"incidents/{said['id']}", said).status_code == 201
        assert browser.put(f"account-questions/{new_id()}", QUESTION).status_code == 201
        assert browser.put("heartbeat", BEAT).status_code == 200
        names.add(bevara.rooms.real_store, "Sara Lind")
        yield bevara


def findings(bevara: Bevara) -> list[str]:
    return verify(bevara.rooms.real_store).findings


def change(bevara: Bevara, which: str, **fields: Any) -> None:
    """Change a document and all that is said of its hash, as whoever holds the computer can."""
    path = bevara.rooms.real_store.folder / "bevara.sqlite"
    with closing(sqlite3.connect(path)) as db, db:
        where, before = db.execute(
            "select ledger_index, body from documents where kind = ?", (which,)).fetchone()
        body = encoded({**json.loads(before), **fields})
        db.execute("update documents set body = ?, sha256 = ? where ledger_index = ?",
                   (body, hashlib.sha256(body).hexdigest(), where))


def test_every_kind_as_it_came_and_a_living_browser_are_no_finding(bevara: Bevara) -> None:
    assert findings(bevara) == []


@pytest.mark.parametrize("kind", BROKEN)
def test_a_document_that_breaks_its_schema_is_named_with_its_field(
    bevara: Bevara, kind: str
) -> None:
    field, value = BROKEN[kind]
    change(bevara, kind, **{field: value})
    assert [line for line in findings(bevara)
            if line.startswith(f"{kind} ") and f": /{field} " in line]


@pytest.mark.parametrize("kind", ["capture", "incident"])
def test_a_document_that_names_a_version_that_never_was_is_named(bevara: Bevara, kind: str) -> None:
    change(bevara, kind, schema=f"{kind}/9")
    assert [line for line in findings(bevara)
            if line.startswith(f"{kind} ") and "känner inte till" in line]


def test_an_outcome_of_a_comment_follows_its_own_schema(bevara: Bevara) -> None:
    change(bevara, "outcome", comment_id="7", platform="facebook", account_id=None)
    assert [line for line in findings(bevara) if ": /observed " in line]


def test_a_heartbeat_and_a_list_of_names_that_were_changed_are_named(bevara: Bevara) -> None:
    with bevara.rooms.real_store.engine.begin() as tx:
        tx.exec_driver_sql("update meta set value = replace(value, '\"armed\": 1', '\"armed\": -1')")
    assert [line for line in findings(bevara)
            if line.startswith(heartbeats.PREFIX) and "/pages/armed" in line]
    with bevara.rooms.real_store.engine.begin() as tx:
        tx.exec_driver_sql("update meta set value = replace(value, 'Sara', 'Vera')")
    assert "Namnen: loggen säger något annat." in findings(bevara)
    with bevara.rooms.real_store.engine.begin() as tx:
        tx.exec_driver_sql("insert into meta values ('heartbeat/nobody', '{}')")
    assert "Loggen: namnet är ett annat." in findings(bevara)


def test_what_the_contract_calls_a_document_is_checked_by_a_schema_that_is_there() -> None:
    used = {*check_schemas.KINDS.values(), check_schemas.OF_A_COMMENT,
            *(one for found in check_schemas.NAMED.values() for one in found.values())}
    assert used <= set(contract.names("schema"))
