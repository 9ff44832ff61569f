"""Memory does not grow with the number of comments, in any form."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PEAK = """
import resource, sys
from pathlib import Path
from bevara.archive.packages.forms import WRITERS
from tests.unit.archive.package_parts import HEADER, items
WRITERS[sys.argv[1]](Path(sys.argv[2]), HEADER, items(int(sys.argv[3])))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(form: str, path: Path, count: int) -> int:
    """Return the peak of a process of its own that packs so many comments, in kilobytes."""
    done = subprocess.run([sys.executable, "-c", PEAK, form, str(path), str(count)], check=True,
                          capture_output=True, text=True)
    path.unlink()
    return int(done.stdout)


@pytest.mark.skipif(sys.platform == "win32", reason="resource is POSIX's")
@pytest.mark.parametrize("form", ["bag", "zip"])
def test_a_hundred_times_as_many_take_no_more(
    tmp_path: Path, form: str, tries: Callable[[int, int], int]
) -> None:
    many = tries(4000, 100_000)
    assert peak(form, tmp_path / "a.zip", many) <= 1.2 * peak(form, tmp_path / "b.zip", 1000)
