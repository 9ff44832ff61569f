"""The forms that a body can choose, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from bevara.archive.packages import bag, plain
from bevara.archive.packages.parts import Header, Item

Write = Callable[[Path, Header, Iterable[Item]], None]
WRITERS: Mapping[str, Write] = {"bag": bag.write, "zip": plain.write}
