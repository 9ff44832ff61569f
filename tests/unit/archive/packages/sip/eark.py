"""eark-validator 1.1.3 as a judge, and the list of what it says of packages that are right."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.unit.archive.packages.sip.made import root_mets

ROOT = Path(__file__).parents[5]
PYTHON = ROOT / ".judges/eark-validator-1.1.3/bin/python"
ALLOWED = {
    "SIP14": "It asks for NOTETYPE without the prefix that the schema demands.",
    "CSIP12": "It asks of every creator what holds for the software, of which there must be one.",
    "CSIP13": "As CSIP12.",
    "CSIP16": "As CSIP12.",
    "CSIP63": "Its condition cannot hold when the attribute is absent, which it may be.",
    "CSIP103": "It asks for a division even where the METS of a representation is pointed at.",
}
"""The only errors that a package may have, with why each is the validator's own mistake."""
OF_AGENTS = ("CSIP12", "CSIP13", "CSIP16")
SPACES = {"m": "http://www.loc.gov/METS/"}
SOFTWARE = "//m:agent[@ROLE='CREATOR'][@TYPE='OTHER'][@OTHERTYPE='SOFTWARE'][m:name/text()][m:note/text()]"
_AGENT = re.compile(r"\[local-name\(\)='agent'[^\]]*\]\[(\d+)\]$")


@cache
def _python() -> Path | str:
    """Return the validator's Python, installed now if it can be, or why there is none."""
    made = subprocess.run(["sh", str(ROOT / "scripts/judges"), sys.executable], capture_output=True,
                          text=True, check=False, timeout=300)
    return PYTHON if made.returncode == 0 else f"eark-validator saknas: {made.stderr[-200:]}"


def reports(folder: Path, *packages: Path) -> list[dict[str, Any]]:
    """Return the validator's report on each package; skip the test when it is not to be had."""
    python = _python()
    if isinstance(python, str):
        pytest.skip(python)
    done = subprocess.run(
        [python, "-I", Path(__file__).with_name("eark_offline.py"), *packages], capture_output=True,
        text=True, check=True, timeout=300, env={"TMPDIR": str(folder)})
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(packages), done.stderr
    return found


def errors(package: Path, report: dict[str, Any]) -> list[str]:
    """Return what the validator holds against a package, without what `ALLOWED` explains."""
    if "failed" in report:
        return [report["failed"]]
    metadata = report["metadata"] or {"schema_results": {"messages": []},
                                      "schematron_results": {"messages": []}}
    told = [*report["structure"]["messages"], *metadata["schema_results"]["messages"],
            *metadata["schematron_results"]["messages"]]
    return [f"{one['rule_id']}: {one['message']}" for one in told
            if one["severity"] == "Error" and not _allowed(one, package)]


def rules(report: dict[str, Any]) -> set[str]:
    """Return the rules of all errors, the allowed ones too."""
    return {one["rule_id"] for one in report["metadata"]["schematron_results"]["messages"]
            if one["severity"] == "Error"}


def _allowed(message: dict[str, str], package: Path) -> bool:
    """Tell whether an error is one that `ALLOWED` explains, by what the METS really says."""
    rule = message["rule_id"]
    if rule != "CSIP103" and rule not in OF_AGENTS:
        return rule in ALLOWED
    said = etree.fromstring(root_mets(package))
    if rule == "CSIP103":
        return bool(said.xpath("//m:mptr", namespaces=SPACES))
    place = _AGENT.search(message["location"])
    other = place and said.xpath(f"//m:agent[{place[1]}][@TYPE!='OTHER']", namespaces=SPACES)
    return bool(other and said.xpath(SOFTWARE, namespaces=SPACES))
