"""Tables that a spreadsheet opens, none of whose cells it calculates."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence

WIDE = {0xFF1D: "=", 0xFF0B: "+", 0xFF0D: "-", 0xFF20: "@"}
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a CSV that Excel in Swedish opens: UTF-8 with BOM, semicolons, every cell quoted."""
    return begun(heads) + as_lines(rows)


def begun(heads: Iterable[str]) -> bytes:
    """Return the first line of such a CSV, for one that is written as it comes."""
    return codecs.BOM_UTF8 + as_lines([heads])


def as_lines(rows: Iterable[Iterable[str]]) -> bytes:
    """Return more lines of it."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(
        [harmless(cell) for cell in cells] for cells in rows)
    return out.getvalue().encode()


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet reads as a formula (OWASP, CSV Injection).

    A cell that begins as a formula does, also after blanks, gets an apostrophe first.
    """
    one_line = " ".join(text.split())
    wide = one_line if one_line.isascii() else one_line.translate(WIDE)
    return f"'{one_line}" if wide.startswith(STARTS_FORMULA) else one_line
