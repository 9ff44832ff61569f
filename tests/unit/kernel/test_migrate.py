"""A store is brought to this version at its start, and a start with nothing to bring is quick."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory

from bevara.errors import NewerStore
from bevara.kernel import migrate
from bevara.kernel.keys import Keys
from bevara.kernel.store import Store

ROOT = Path(__file__).parents[3]


def test_the_last_migration_is_the_one_that_a_start_looks_for() -> None:
    config = AlembicConfig()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    assert ScriptDirectory.from_config(config).get_heads() == [migrate.HEAD]


def test_a_store_of_a_newer_version_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "register", Keys(tmp_path))
    with store.engine.begin() as tx:
        tx.exec_driver_sql("update alembic_version set version_num = '9999'")
    store.close()
    with pytest.raises(NewerStore, match="nyare Bevara"):
        Store(tmp_path / "register", Keys(tmp_path))


def test_a_start_that_has_nothing_to_migrate_imports_nothing_slow(tmp_path: Path) -> None:
    Store(tmp_path / "register", Keys(tmp_path)).close()
    Store(tmp_path / "practice", Keys(tmp_path)).close()
    asked = ("import sys; from pathlib import Path; from bevara import app, cli; "
             "from bevara.config import Config; made = app.create_app(Config(Path(sys.argv[1]), 47470)); "
             "made.extensions['bevara'].close(); print(*sys.modules)")
    said = subprocess.run([sys.executable, "-c", asked, str(tmp_path)], capture_output=True, text=True,
                          check=True, env={**os.environ, "PYTHONPATH": str(ROOT / "server")})
    slow = {"alembic", "jsonschema", "tldextract", "requests", "playwright", "numpy", "mss"}
    assert slow & set(said.stdout.split()) == set()
