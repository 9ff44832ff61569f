"""The forms that a body can choose, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from bevara.archive.agreement import BAG, PLAIN, SIP
from bevara.archive.packages import bag, plain
from bevara.archive.packages.parts import Header, Item
from bevara.archive.packages.sip import writer as sip

Write = Callable[[Path, Header, Iterable[Item]], None]
WRITERS: Mapping[str, Write] = {SIP: sip.write, BAG: bag.write, PLAIN: plain.write}
