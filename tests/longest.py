"""Which files of tests take longest: two workers end together when the long ones begin first.

pytest-xdist gives files with many tests first, which leaves one worker alone at the end with a file
of few long ones.
"""

from __future__ import annotations

FIRST = (
    "browser/test_desk_pages.py",
    "browser/test_walk.py",
    "unit/upkeep/test_before_restore.py",
    "unit/upkeep/test_new_passphrase.py",
    "unit/upkeep/test_erasure.py",
    "functional/test_second_copy.py",
    "functional/test_fuzz.py",
)
"""Longest first. A file that is not named comes after them, in its usual place."""


def place(nodeid: str) -> int:
    """Return where a test's file stands among the longest."""
    file = nodeid.partition("::")[0].removeprefix("tests/")
    return FIRST.index(file) if file in FIRST else len(FIRST)
