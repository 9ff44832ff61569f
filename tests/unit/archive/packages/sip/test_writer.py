"""A SIP is valid by every schema it names, whole, and the same for the same input."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bevara.archive.packages.parts import Event, Header, Status, held
from bevara.archive.packages.sip.check import problems
from bevara.archive.packages.sip.reading import FOLDER
from bevara.archive.packages.sip.versions import V2_1_0, V2_2_0, Version
from bevara.archive.packages.sip.writer import write
from bevara.errors import NotPacked
from tests.unit.archive.package_parts import HEADER, item, items
from tests.unit.archive.packages.sip.made import (
    ERMS,
    METS,
    PREMIS,
    REP_METS,
    ROOT,
    contents,
    package,
)

SPACES = {"m": "http://www.loc.gov/METS/", "p": "http://www.loc.gov/premis/v3",
          "e": "https://DILCIS.eu/XML/ERMS", "x": "http://www.w3.org/1999/xlink",
          "c": "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"}
SECRET = item(
    7, number="KS 2026/00123:7", possible_secrecy=True, provision="21 kap. 1 § OSL",
    provision_on="2026-11-24", provision_by="Kommunstyrelsen", direction="drawn_up",
    retention="dispose", exit="register")


def _texts(data: bytes, path: str) -> list[str]:
    found = etree.fromstring(data).xpath(path, namespaces=SPACES)
    assert isinstance(found, list)
    return [one.text or "" if isinstance(one, etree._Element) else str(one) for one in found]


@pytest.mark.parametrize(("name", "schema"), [
    (METS, "mets.xsd"), (REP_METS, "mets.xsd"), (PREMIS, "premis-v3-0.xsd"), (ERMS, "ERMS_v3.xsd")])
def test_what_is_written_is_valid_by_its_schema(tmp_path: Path, name: str, schema: str) -> None:
    files = contents(package(tmp_path, [item(1), SECRET, *items(1)]))
    etree.XMLSchema(file=str(FOLDER / schema)).assertValid(etree.fromstring(files[name]))


@pytest.mark.parametrize("version", [V2_1_0, V2_2_0])
def test_a_package_has_no_problems_and_says_its_version(tmp_path: Path, version: Version) -> None:
    made = package(tmp_path, [SECRET, *items(5)], version=version)
    assert problems(made) == []
    assert _texts(contents(made)[METS], "/m:mets/@PROFILE") == [version.profile]


def test_records_are_valid_by_the_schema_of_2_1_too(tmp_path: Path) -> None:
    """What 3.0.0 added or spells otherwise is taken out of its schema (read in ERMS_v2_1_2.xsd)."""
    schema = (FOLDER / "ERMS_v3.xsd").read_text()
    for pattern, instead in (
        (r'<xs:attribute name="classificationSchema\w+"[^>]*>.*?</xs:attribute>', ""),
        (r'<xs:enumeration value="contact_person"/>', ""),
        (r'value="digital"', 'value="digitial"'), (r'name="addressType"', 'name="adressType"'),
        (r'(<xs:element name="useDatePeriod".*?</xs:complexType>\s*</xs:element>)', ""),
        (r'(ref="classificationSchema" minOccurs="0") maxOccurs="unbounded"', r"\1"),
        (r'(<xs:element name="protectedIdentity".*?</xs:element>)\s*<xs:element name="notes".*?'
         r"</xs:complexType>\s*</xs:element>", r"\1"),
        (r'(ref="securityClass" minOccurs="0"/>)\s*<xs:element name="agent" .*?</xs:element>', r"\1"),
    ):
        schema, count = re.subn(pattern, instead, schema, flags=re.DOTALL)
        assert count, pattern
    before, start, record = schema.partition('<xs:complexType name="recordType">')
    record = record.replace('ref="classification" minOccurs="0" maxOccurs="unbounded"',
                            'ref="classification" minOccurs="0"', 1)
    judge = etree.XMLSchema(etree.fromstring((before + start + record).encode()))
    judge.assertValid(etree.fromstring(contents(package(tmp_path, [SECRET, *items(2)]))[ERMS]))


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (package(tmp_path, items(3), name=name) for name in ("1.zip", "2.zip"))
    assert first.read_bytes() == second.read_bytes()


def test_nothing_but_the_package_is_left_beside_it(tmp_path: Path) -> None:
    package(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["sip.zip"]


def test_files_lie_where_the_layout_says(tmp_path: Path) -> None:
    files = contents(package(tmp_path))
    data = {name for name in files if "/data/" in name}
    assert data == {f"{ROOT}representations/rep1/data/{item().id}/{file.name}" for file in item().files}
    assert {name.removeprefix(ROOT) for name in files if name not in data} == {
        "METS.xml", "representations/rep1/METS.xml", "metadata/descriptive/erms.xml",
        "metadata/preservation/premis.xml", "documentation/leveransbeskrivning.txt",
        "documentation/kontrollpunkt.txt",
        *(f"schemas/{path.name}" for path in FOLDER.glob("*.xsd"))}


def test_the_header_is_in_the_mets(tmp_path: Path) -> None:
    root = contents(package(tmp_path))[METS]
    assert _texts(root, "//m:metsHdr/@RECORDSTATUS") == ["TEST"]
    assert _texts(root, "//m:metsHdr/@c:OAISPACKAGETYPE") == ["SIP"]
    assert _texts(root, "/m:mets/@OBJID") == [HEADER.id]
    assert _texts(root, "//m:altRecordID[@TYPE='SUBMISSIONAGREEMENT']") == ["KS 2026/12"]
    assert _texts(root, "//m:altRecordID[@TYPE='REFERENCECODE']") == ["A1"]
    assert [tuple(_texts(root, f"//m:agent[{number}]/{path}")[0] for path in ("@ROLE", "@TYPE", "m:name"))
            for number in range(1, 6)] == [
        ("CREATOR", "OTHER", "Bevara"),
        ("ARCHIVIST", "ORGANIZATION", "Kommunstyrelsen i Storköping"),
        ("CREATOR", "ORGANIZATION", "Storköpings kommun"), ("CREATOR", "INDIVIDUAL", "Anna Berg"),
        ("PRESERVATION", "ORGANIZATION", "Stadsarkivet")]


@pytest.mark.parametrize("status", Status)
def test_every_status_is_said_and_a_correction_names_what_it_replaces(
    tmp_path: Path, status: Status
) -> None:
    other = "6f1c2d8e-0000-4000-8000-00000000000f" if status == Status.REPLACEMENT else ""
    made = package(tmp_path, header=replace(HEADER, status=status, replaces=other))
    assert problems(made) == []
    files = contents(made)
    assert _texts(files[METS], "//m:metsHdr/@RECORDSTATUS") == [status.value]
    assert _texts(files[ERMS], "//e:aggregation/e:relation") == [other] * bool(other)
    text = files[f"{ROOT}documentation/leveransbeskrivning.txt"].decode()
    assert (f"Ersätter paket: {other}" in text) == bool(other)


def test_every_event_is_told_in_order_with_who_did_it(tmp_path: Path) -> None:
    premis = contents(package(tmp_path))[PREMIS]
    assert _texts(premis, "//p:eventType") == [
        "capture", "digital signature generation", "information package creation"]
    assert _texts(premis, "//p:eventDetail")[:2] == ["Borttagen", "SHA-256 0a"]
    named = dict(zip(_texts(premis, "//p:agentIdentifierValue"), _texts(premis, "//p:agentName"),
                     strict=True))
    assert [named[one] for one in _texts(premis, "//p:linkingAgentIdentifierValue")] == [
        "Karin Öst", "Bevara", "Bevara"]


def test_secrecy_retention_direction_and_number_follow_along(tmp_path: Path) -> None:
    erms = contents(package(tmp_path, [SECRET]))[ERMS]
    assert _texts(erms, "//e:restriction/@restrictionType") == ["confidential"]
    assert _texts(erms, "//e:regulation") == ["21 kap. 1 § OSL"]
    assert _texts(erms, "//e:restriction//e:date") == ["2026-11-24T00:00:00"]
    assert "Kommunstyrelsen" in _texts(erms, "//e:explanatoryText")[0]
    assert _texts(erms, "//e:disposal/@disposable") == ["true"]
    assert _texts(erms, "//e:record/e:relation") == ["KS 2026/00123:7"]
    assert _texts(erms, "//e:direction/@otherDirectionDefinition") == ["upprättad"]


def test_what_is_not_known_is_left_out(tmp_path: Path) -> None:
    bare = item(1, reference="", title="", sender="", author="", account="", address="",
                document_type="", classification="", direction="", exit="", received_on="", published="",
                captured="", retention="", platform="", events=(), files=())
    made = package(tmp_path, [bare, item(2)])
    assert problems(made) == []
    assert _texts(contents(made)[ERMS], "//e:record[1]/e:objectId") == [bare.id]


@pytest.mark.parametrize("said", [
    "2026-02-31", "2026-02-01T25:00:00Z", "0000-01-01", "2026-11-22t10:00:00z", "2026-11-22T10:00:00+14:30",
    "2026-11-22T10:00:60Z", "igår kl. 10", "٢٠٢٦-١١-٢٢"])
def test_what_is_no_time_is_carried_as_text(tmp_path: Path, said: str) -> None:
    made = package(tmp_path, [item(published=said, received_on=said, captured=said, retention="dispose")])
    assert problems(made) == []
    erms = contents(made)[ERMS]
    own = dict(zip(_texts(erms, "//e:ownElement/@name"), _texts(erms, "//e:value"), strict=True))
    assert (own["publicerad"], own["bevaras eller gallras"]) == (said, "Gallras")


def test_possible_secrecy_without_a_provision_is_a_restriction(tmp_path: Path) -> None:
    erms = contents(package(tmp_path, [item(possible_secrecy=True)]))[ERMS]
    assert _texts(erms, "//e:regulation") == ["Ingen angiven"]


def test_the_description_says_how_to_read_it_and_carries_the_checkpoint(tmp_path: Path) -> None:
    files = contents(package(tmp_path, items(4)))
    text = files[f"{ROOT}documentation/leveransbeskrivning.txt"].decode()
    for said in ("Provleverans", HEADER.id, "Antal handlingar: 4", "Antal filer som hör till dem: 12",
                 "Kommunstyrelsen i Storköping (ORG:2120001234)", HEADER.checkpoint):
        assert said in text
    assert files[f"{ROOT}documentation/kontrollpunkt.txt"].decode() == HEADER.checkpoint


def test_characters_that_xml_cannot_carry_are_replaced_and_noted(tmp_path: Path) -> None:
    made = package(tmp_path, [item(author="Eva\x00 \ud83d", title="a\x0bb")])
    assert problems(made) == []
    erms = contents(made)[ERMS]
    assert _texts(erms, "//e:record/e:title") == ["a\ufffdb"]
    assert _texts(erms, "//e:record//e:agent[@agentType='creator']/e:name") == ["Eva\ufffd \ufffd"]
    assert _texts(erms, "//e:note")[0].startswith("3 tecken som XML inte kan bära")


def test_hostile_text_is_carried_as_it_is(tmp_path: Path, tries: Callable[[int, int], int]) -> None:
    fit = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1)

    @settings(max_examples=tries(25, 1000), deadline=None)
    @given(fit | st.sampled_from(["<a>&amp;]]>", '"\'\t\n\r', " ", "<!DOCTYPE x>"]), st.text())
    def attempt(said: str, anything: str) -> None:
        (tmp_path / "sip.zip").unlink(missing_ok=True)
        made = package(tmp_path, [item(title=said, author=anything, account=anything, platform=anything,
                                       published=anything, received_on=anything, number=anything,
                                       events=(Event("reason", "2026-11-23", anything, anything),))],
                       header=_said(anything))
        assert problems(made) == []
        assert _texts(contents(made)[ERMS], "//e:record/e:title") == [said]

    attempt()


def _said(text: str) -> Header:
    return replace(HEADER, contact=text, agreement=text, reference_code=text, checkpoint=text,
                   creator=replace(HEADER.creator, name=f"K{text}", code=text))


@pytest.mark.parametrize("name", ["../a", "a/b", "..", "", "å.txt", "a\\b", "a" * 121, "a b"])
def test_a_name_that_could_lead_astray_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotPacked, match="namn"):
        package(tmp_path, [item(files=(held(name, "text/plain", b"a"),))])


def test_two_files_with_one_name_are_refused(tmp_path: Path) -> None:
    twice = (held("a.txt", "text/plain", b"a"), held("a.txt", "text/plain", b"b"))
    with pytest.raises(NotPacked, match="två filer med samma namn"):
        package(tmp_path, [item(files=twice)])


def test_a_package_of_nothing_or_from_nobody_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotPacked, match="inget att packa"):
        package(tmp_path, [])
    with pytest.raises(NotPacked, match="saknar namn"):
        package(tmp_path, header=replace(HEADER, creator=replace(HEADER.creator, name="")), name="2.zip")


def test_an_error_on_the_way_is_raised_and_no_temporary_file_is_left(tmp_path: Path) -> None:
    wrong = replace(item().files[0], sha256="0" * 64)
    with pytest.raises(NotPacked, match="inte som när den sparades"):
        write(tmp_path / "sip.zip", HEADER, [item(1), item(2, files=(wrong,))])
    assert [path.name for path in tmp_path.iterdir()] == ["sip.zip"]
    assert not zipfile.is_zipfile(tmp_path / "sip.zip")
