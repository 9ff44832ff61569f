"""What differs between the versions of the package format.

2.1.0 is what FGS Paketstruktur 2.0 (RAFGS1V2.0, Riksarkivet 2023-03-30) names. 2.2.0 (DILCIS Board
2024-05-17) asks for the names of the archival creator, the submitter and the preservation agent
(SIP12, SIP18, SIP29); they are always written here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Version:
    """A version of E-ARK SIP: `profile` is the value of `mets/@PROFILE` (SIP2)."""

    number: str
    profile: str


V2_1_0 = Version("2.1.0", "https://earksip.dilcis.eu/profile/E-ARK-SIP.xml")
V2_2_0 = Version("2.2.0", "https://earksip.dilcis.eu/profile/E-ARK-SIP-v2-2-0.xml")
VERSIONS = {version.profile: version for version in (V2_1_0, V2_2_0)}
CONTENT = "citserms_v2_1"
"""`csip:CONTENTINFORMATIONTYPE`: CITS ERMS 2.1, which FGS Ärendehantering 2.0 is."""
