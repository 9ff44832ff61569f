"""What tests of what goes wrong share."""

from __future__ import annotations

import pytest

from bevara.diary.delivery import copies


@pytest.fixture
def quick_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the reading copies of deliveries at once, where they are not what is killed."""
    monkeypatch.setattr(copies, "pressed", lambda papers, _wait: [b"%PDF-"] * len(papers))
