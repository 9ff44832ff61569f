"""Ways to spoil a package that some judge must see."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from tests.unit.archive.package_parts import item
from tests.unit.archive.packages.sip.made import ERMS, METS, PREMIS, REP_METS, ROOT

Files = dict[str, bytes]
TEXT = f"{ROOT}representations/rep1/data/{item().id}/meddelande.txt"


def _flipped(files: Files) -> None:
    files[TEXT] = bytes([files[TEXT][0] ^ 1]) + files[TEXT][1:]


def _longer(files: Files) -> None:
    files[TEXT] += b"!"


def _moved(files: Files) -> None:
    files[TEXT.replace("meddelande", "annat")] = files.pop(TEXT)


def _sub(name: str, old: str, new: str) -> Callable[[Files], None]:
    """Return what changes a file's text, and says its new checksum in the METS that names it."""

    def change(files: Files) -> None:
        before = files[name]
        files[name] = re.sub(old, new, before.decode(), count=1, flags=re.DOTALL).encode()
        assert files[name] != before, old
        _said_anew(files, before, files[name])

    return change


def _said_anew(files: Files, before: bytes, after: bytes) -> None:
    pairs = [(hashlib.sha256(data).hexdigest(), str(len(data))) for data in (before, after)]
    for mets in (METS, REP_METS):
        old = files[mets]
        files[mets] = re.sub(rf'SIZE="{pairs[0][1]}"([^>]*)CHECKSUM="{pairs[0][0]}"',
                             rf'SIZE="{pairs[1][1]}"\1CHECKSUM="{pairs[1][0]}"', old.decode()).encode()
        if files[mets] != old and mets == REP_METS:
            _said_anew(files, old, files[mets])


AGENT = r'<mets:agent ROLE="{}" TYPE="{}"[^>]*>.*?</mets:agent>'
MUTATIONS: dict[str, Callable[[Files], object]] = {
    "a byte is flipped": _flipped, "a file is longer": _longer, "a file has another name": _moved,
    "a file is gone": lambda files: files.pop(TEXT),
    "the description is gone": lambda files: files.pop(f"{ROOT}documentation/leveransbeskrivning.txt"),
    "a schema is gone": lambda files: files.pop(f"{ROOT}schemas/mets.xsd"),
    "a file is too many": lambda files: files.update({f"{ROOT}extra.txt": b"x"}),
    "a file is too many among the data": lambda files: files.update({TEXT + ".bak": b"x"}),
    "a file lies beside the package": lambda files: files.update({"other/a.txt": b"x"}),
    "the METS is gone": lambda files: files.pop(METS),
    "the representation's METS is gone": lambda files: files.pop(REP_METS),
    "the METS is cut": lambda files: files.update({METS: files[METS][:-9]}),
    "the representation's METS is changed": lambda files: files.update({
        REP_METS: files[REP_METS].replace(b"Sparade", b"Sparadt")}),
    "a file stands twice in METS": _sub(REP_METS, r"(<mets:file .*?</mets:file>)", r"\1\1"),
    "the archival creator is gone": _sub(METS, AGENT.format("ARCHIVIST", "ORGANIZATION"), ""),
    "the submitter is gone": _sub(METS, AGENT.format("CREATOR", "ORGANIZATION"), ""),
    "the software is gone": _sub(METS, AGENT.format("CREATOR", "OTHER"), ""),
    "the software has no version": _sub(METS, r"<mets:note csip:NOTETYPE=.SOFTWARE VERSION.*?</mets:note>", ""),
    "no header": _sub(METS, r"<mets:metsHdr.*?</mets:metsHdr>", ""),
    "it says it is an AIP": _sub(METS, 'PACKAGETYPE="SIP"', 'PACKAGETYPE="AIP"'),
    "it says it is nothing known": _sub(METS, 'PACKAGETYPE="SIP"', 'PACKAGETYPE="ZIP"'),
    "it says no type": _sub(METS, ' csip:OAISPACKAGETYPE="SIP"', ""),
    "another name in METS": _sub(METS, 'OBJID="6', 'OBJID="7'),
    "another profile": _sub(METS, "E-ARK-SIP.xml", "E-ARK-DIP.xml"),
    "another status": _sub(METS, 'RECORDSTATUS="TEST"', 'RECORDSTATUS="OK"'),
    "no structure": _sub(METS, "<mets:structMap.*</mets:structMap>", ""),
    "no pointer to the representation": _sub(METS, "<mets:mptr[^>]*/>", ""),
    "a weaker checksum": _sub(REP_METS, 'CHECKSUMTYPE="SHA-256"', 'CHECKSUMTYPE="MD5"'),
    "a path out of the package": _sub(REP_METS, 'href="data/', 'href="../../../data/'),
    "PREMIS is not valid": _sub(PREMIS, "premis:eventType>", "premis:kind>"),
    "an event of nobody's": _sub(PREMIS, "(<premis:linkingObjectIdentifierValue>).", r"\1x"),
    "an agent is gone": _sub(PREMIS, "<premis:agent>.*?</premis:agent>", ""),
    "ERMS is not valid": _sub(ERMS, "<objectId>", "<objectid>"),
    "ERMS in another order": _sub(ERMS, "(<title>Kommentar.*?</title>)(<disposal.*?</disposal>)", r"\2\1"),
    "a record names a file that is not there": _sub(ERMS, 'meddelande.txt"/>', 'borta.txt"/>'),
    "a document type that expands": _sub(
        ERMS, r"\?>", '?><!DOCTYPE erms [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'),
}
