"""Ten thousand changes in the register, each found by verify."""

from __future__ import annotations

import random
import sqlite3
import string
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from bevara.accounts import register
from bevara.identity import users
from bevara.kernel import blobs
from bevara.kernel.keys import keyid
from bevara.kernel.store import Store
from bevara.upkeep import backup
from bevara.upkeep.verify import Report, verify, verify_state
from tests.client import Bevara, running
from tests.factories import PNG, attachment, blob_name, capture, encoded, incident, new_id, picture
from tests.proving import reason

LARGE = PNG + bytes(range(256)) * 300
TRUTH = {"complete", "possible_secrecy", "left_out"}
"""Columns that say yes or no, whatever number is there but 0."""
UNWATCHED = {"unindexed", "alembic_version"}
FRESH: list[sqlite3.Connection] = []
ENGINE = create_engine("sqlite://", creator=FRESH.pop, poolclass=NullPool)


@dataclass(frozen=True)
class Base:
    """A register with something in every table, as the bytes of its database."""

    store: Store
    image: bytes
    tables: dict[str, list[str]]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    folder = tmp_path_factory.mktemp("tampering")
    with running(folder / "data") as bevara:
        fill(bevara)
        store = bevara.rooms.real_store
        backup.snapshot(store.folder / "bevara.sqlite", folder / "copy.sqlite")
        with closing(sqlite3.connect(folder / "copy.sqlite")) as copy:
            image = copy.serialize()
            names = [row[0] for row in copy.execute(
                "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")]
            tables = {name: [row[1] for row in copy.execute(f"pragma table_info({name})")]
                      for name in names if name not in UNWATCHED
                      and copy.execute(f"select 1 from {name}").fetchone()}
        yield Base(store, image, tables)


def fill(bevara: Bevara) -> None:
    store = bevara.rooms.real_store
    first, second = bevara.browser(), bevara.browser()
    account = register.add(store, "https://www.facebook.com/storkoping", "Storköpings kommun")
    register.learn_identifiers(store, account, encoded(
        {"identifiers": [{"kind": "page_id", "value": "1234567890"}]}), "device")
    document = capture("Ett", comment={"id": "1", "attachments": [attachment(LARGE)]},
                       picture=picture(PNG), account_id=account)
    assert first.save(document, LARGE, PNG).status_code == 201
    assert second.save(capture("Två", comment={"id": "2"})).status_code == 201
    assert second.save(capture("Igen", comment={"id": "1"}, account_id=account)).status_code == 201
    assert first.observed(document["capture_id"], "removed").status_code == 201
    first.put(f"captures/{document['capture_id']}/reason", reason())
    said = incident()
    first.put(f"incidents/{said['id']}", said)
    bevara.desk().post(f"/webblasare/{keyid(second.public)}/aterkalla")
    anna, bo = (users.add(store, name, ["registrator"], "bevara user") for name in ("Anna Berg", "Bo Ek"))
    users.set_password(store, anna, "$argon2id$kept", "Anna Berg")
    users.change_roles(store, anna, ["moderator", "registrator"], "bevara user")
    users.close(store, bo, "Anna Berg")


@contextmanager
def opened(base: Base) -> Iterator[tuple[sqlite3.Connection, Connection]]:
    """Give a fresh copy of the database in memory, bare and as the checks read it.

    Every copy has the same engine: compiling the same questions anew for each is half the time.
    """
    raw = sqlite3.connect(":memory:", check_same_thread=False)
    raw.deserialize(base.image)
    FRESH.append(raw)
    try:
        with ENGINE.connect() as connection:
            yield raw, connection
    finally:
        raw.close()


def checked(base: Base, connection: Connection) -> Report:
    return verify_state(base.store, connection)


def flip(value: Any, chance: random.Random) -> Any:
    """Return the value with one bit changed, or something where nothing was."""
    if value is None:
        return "x"
    if isinstance(value, int):
        return value ^ 1 << chance.randrange(8)
    if isinstance(value, bytes):
        if not value:
            return b"x"
        data = bytearray(value)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        return bytes(data)
    at = chance.randrange(len(value)) if value else 0
    other = chance.choice(string.ascii_letters.replace(value[at:at + 1] or "-", ""))
    return value[:at] + other + value[at + 1:]


def a_row(raw: sqlite3.Connection, table: str, chance: random.Random) -> tuple[Any, ...]:
    return chance.choice(raw.execute(f"select * from {table}").fetchall())


def where(columns: list[str]) -> str:
    return " and ".join(f"{name} is ?" for name in columns)


def change_a_bit(raw: sqlite3.Connection, base: Base, table: str, chance: random.Random) -> bool:
    columns, row = base.tables[table], a_row(raw, table, chance)
    at = chance.randrange(len(columns))
    fresh = 1 - row[at] if columns[at] in TRUTH else flip(row[at], chance)
    raw.execute(f"update {table} set {columns[at]} = ? where {where(columns)}",
                (fresh, *row))
    return True


def remove(raw: sqlite3.Connection, base: Base, table: str, chance: random.Random) -> bool:
    row = a_row(raw, table, chance)
    raw.execute(f"delete from {table} where {where(base.tables[table])}", row)
    return True


def swap(raw: sqlite3.Connection, base: Base, table: str, chance: random.Random) -> bool:
    """Let two rows change places in one column."""
    columns, one, two = base.tables[table], a_row(raw, table, chance), a_row(raw, table, chance)
    at = chance.randrange(len(columns))
    if one[at] == two[at] or at == 0:
        return False
    change = f"update {table} set {columns[at]} = ? where {where(columns)}"
    raw.execute(change, (two[at], *one))
    raw.execute(change, (one[at], *two))
    return True


def change_places(raw: sqlite3.Connection, base: Base, table: str, chance: random.Random) -> bool:
    """Let two rows change places whole: each keeps its content and takes the other's key."""
    columns, one, two = base.tables[table], a_row(raw, table, chance), a_row(raw, table, chance)
    if one[0] == two[0] or one[1:] == two[1:]:
        return False
    for row in (one, two):
        raw.execute(f"delete from {table} where {where(columns)}", row)
    for row in ((one[0], *two[1:]), (two[0], *one[1:])):
        raw.execute(f"insert into {table} values ({','.join('?' * len(row))})", row)
    return True


def add(raw: sqlite3.Connection, base: Base, table: str, chance: random.Random) -> bool:
    """Add a row like another, under a key of its own."""
    row = list(a_row(raw, table, chance))
    row[0] = row[0] + 1000 if isinstance(row[0], int) else new_id() if len(row[0]) == 36 else (
        row[0][:-4] + "0bad")
    raw.execute(f"insert into {table} values ({','.join('?' * len(row))})", row)
    return True


CHANGES = (change_a_bit, change_a_bit, change_a_bit, remove, swap, change_places, add)


def test_the_base_is_whole_and_has_something_in_every_table(base: Base) -> None:
    assert {"documents", "ledger_entries", "ledger_nodes", "blobs", "records", "captures",
            "devices", "accounts", "identifiers", "meta", "users"} <= base.tables.keys()
    with opened(base) as (_, connection):
        assert checked(base, connection).findings == []


def test_every_change_of_a_row_is_found(base: Base, tries: Callable[[int, int], int]) -> None:
    made, seed = 0, 0
    wanted, unfound = tries(300, 10_000), []
    while made < wanted:
        seed += 1
        chance = random.Random(seed)
        change, table = chance.choice(CHANGES), chance.choice(sorted(base.tables))
        with opened(base) as (raw, connection):
            try:
                done = change(raw, base, table, chance)
            except sqlite3.IntegrityError:
                continue
            if not done:
                continue
            made += 1
            if checked(base, connection).ok:
                unfound.append((seed, change.__name__, table))
    assert not unfound, unfound


def test_every_change_of_a_picture_file_is_found(
    base: Base, tries: Callable[[int, int], int]
) -> None:
    path, chance = blobs.path_of(base.store.folder, blob_name(LARGE)), random.Random(7)
    good = path.read_bytes()
    for number in range(tries(10, 500)):
        data = flip(good, chance) if number % 3 else good[:chance.randrange(len(good))]
        path.write_bytes(data)
        assert not verify(base.store).ok
    path.unlink()
    assert not verify(base.store).ok
    path.write_bytes(good)
    assert verify(base.store).ok


@pytest.mark.parametrize("old,new", [('"kind":"page_id"', '"kjnd":"page_id"'),
                                     ('"identifiers":[', '"identifiers":"["+[')])
def test_an_entry_that_lost_a_name_inside_is_found_and_stops_nothing(
    base: Base, old: str, new: str
) -> None:
    with opened(base) as (raw, connection):
        raw.execute("update ledger_entries set entry = replace(entry, ?, ?)", (old, new))
        raw.commit()
        assert not checked(base, connection).ok
