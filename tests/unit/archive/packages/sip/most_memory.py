"""Run in a process of its own: write a package of so many comments, and print the memory it took."""

import sys
from pathlib import Path

from bevara.archive.packages.sip.writer import write
from tests.unit.archive.package_parts import HEADER, items

write(Path(sys.argv[2]), HEADER, items(int(sys.argv[1])))
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
