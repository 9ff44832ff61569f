"""What the E-ARK foundation's validator says of the packages, offline and in its own environment.

It compares no checksums and looks only at the package's own METS, so that most of what is done to a
package is left to our check; and it knows 2.1.0, not 2.2.0.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bevara.archive.packages.parts import Agent, Header, Status
from tests.unit.archive.package_parts import HEADER, item, items
from tests.unit.archive.packages.sip.eark import ALLOWED, errors, reports, rules
from tests.unit.archive.packages.sip.made import changed, package
from tests.unit.archive.packages.sip.mutations import MUTATIONS

SEEN = ("the METS is gone", "the METS is cut", "the software is gone", "the software has no version",
        "no header", "it says it is nothing known", "it says no type", "another profile",
        "no structure", "no pointer to the representation")
"""What the validator finds, of all that our check does."""


def test_every_kind_of_package_passes(tmp_path: Path) -> None:
    headers: list[Header] = [
        *(replace(HEADER, status=status, replaces=HEADER.id) for status in Status),
        replace(HEADER, contact="", preservation=Agent(""), agreement="", reference_code="")]
    made = [package(tmp_path, [item(1, possible_secrecy=True), *items(3)], header, name=f"{number}.zip")
            for number, header in enumerate(headers)]
    found = reports(tmp_path, *made)
    assert [errors(*pair) for pair in zip(made, found, strict=True)] == [[]] * len(made)
    assert [one["structure"]["status"] for one in found] == ["WellFormed"] * len(made)
    assert all(one["metadata"]["schema_results"]["status"] == "VALID" for one in found)
    assert set().union(*(rules(one) for one in found)) == set(ALLOWED), "an allowance nobody needs"


def test_what_is_done_to_the_mets_is_seen(tmp_path: Path) -> None:
    made = package(tmp_path)
    spoilt = [changed(made, MUTATIONS[name]).rename(tmp_path / f"{number}.zip")
              for number, name in enumerate(SEEN)]
    found = zip(SEEN, spoilt, reports(tmp_path, *spoilt), strict=True)
    assert [name for name, path, report in found if not errors(path, report)] == []
