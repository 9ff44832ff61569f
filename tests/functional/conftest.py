"""A Bevara of its own for each test, and who speaks with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client import Bevara, Desk, Device, running


@pytest.fixture
def bevara(tmp_path: Path) -> Iterator[Bevara]:
    with running(tmp_path / "data") as bevara:
        yield bevara


@pytest.fixture
def browser(bevara: Bevara) -> Device:
    return bevara.browser()


@pytest.fixture
def desk(bevara: Bevara) -> Desk:
    return bevara.desk()
