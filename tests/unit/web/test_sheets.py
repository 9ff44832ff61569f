"""A table for a spreadsheet keeps its words, and none of its cells is calculated."""

import csv
import io

from bevara.web import sheets


def test_a_cell_keeps_its_words_and_never_starts_a_formula() -> None:
    for start in "=+-@\uff1d\uff0b\uff0d\uff20":
        assert sheets.harmless(f"{start}1") == f"'{start}1"
    assert sheets.harmless("\r\n=1") == "'=1" and sheets.harmless("Kommentar = 1") == "Kommentar = 1"


def test_every_cell_of_a_table_is_harmless_and_one_row_is_one_line() -> None:
    data = sheets.as_csv(["Namn", "Konto"], [["=1", "a;b"], ["rad\nett", "Å"]])
    assert data.startswith(b"\xef\xbb\xbf") and data.count(b"\r\n") == 3
    read = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    assert list(read) == [["Namn", "Konto"], ["'=1", "a;b"], ["rad ett", "Å"]]
