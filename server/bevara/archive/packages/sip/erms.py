"""ERMS (CITS ERMS 2.1, FGS Ärendehantering 2.0): the comments as an archive's register reads them.

Bevara is not the diary and owns no cases: all records stand in one aggregation, and what is
registered refers to its diary number. What is written here is valid by 2.1.2 and by 3.0.0, whose
schema goes along: no attribute that one of them spells otherwise is used.
"""

from __future__ import annotations

import re
from datetime import datetime

from bevara.archive.packages.parts import EXITS, File, Header, Item
from bevara.archive.packages.sip.layout import REPRESENTATIONS, data_path
from bevara.archive.packages.sip.xml import DECLARATION, Xml, opened, some, tag, unfit
from bevara.diary.proposal import RETENTIONS

AGGREGATION = "Sparade kommentarer"
DIRECTIONS = {"received": "incoming", "sent": "outgoing"}
OTHER_DIRECTIONS = {"drawn_up": "upprättad"}
WARNING = ("Sekretessmarkering. Markeringen är en varning; frågan prövas på nytt varje gång någon "
           "begär ut handlingen.")
POSSIBLE = "Kan innehålla sekretess (preliminär bedömning, ingen bestämmelse angiven)."
REPLACED = "{} tecken som XML inte kan bära är utbytta mot U+FFFD. Filerna har dem som de sparades."
END = Xml("</aggregation></aggregations></erms>\n")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-](0\d|1[0-3]):\d\d)?", re.ASCII)


def start(header: Header) -> Xml:
    """Return the document up to the first record."""
    agency = tag("maintenanceAgency", some("otherAgencyCode", header.creator.code),
                 tag("agencyName", header.creator.name))
    made = tag("maintenanceEvent", tag("eventType", at={"value": "created"}),
               tag("eventDateTime", header.created),
               tag("agent", tag("name", f"Bevara {header.version}"), at={"agentType": "creator"}))
    control = tag("control", tag("identification", header.id, at={"identificationType": "UUID"}),
                  tag("maintenanceInformation", tag("maintenanceStatus", at={"value": "new"}),
                      agency, tag("maintenanceHistory", made)))
    root = opened("erms", {
        "xmlns": "https://DILCIS.eu/XML/ERMS",
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:schemaLocation": "https://DILCIS.eu/XML/ERMS ../../schemas/ERMS_v3.xsd"})
    aggregation = opened("aggregation", {
        "systemIdentifier": header.id, "aggregationType": "own_aggregation_definition",
        "otherAggregationType": AGGREGATION})
    return Xml(DECLARATION + root + "\n" + control + "\n<aggregations>" + aggregation
               + tag("objectId", header.id) + tag("title", AGGREGATION)
               + some("relation", header.replaces, {"relationType": "replaces"})
               + tag("agents", tag("agent", tag("name", header.creator.name),
                                   some("idNumber", header.creator.code),
                                   at={"agentType": "creator"})) + "\n")


def record(item: Item) -> Xml:
    """Return an item as a record; its elements stand in the schema's order."""
    return tag(
        "record", tag("objectId", item.reference or item.id),
        some("extraId", item.number, {"extraIdType": "diarienummer"}),
        some("classification", item.classification, {"classificationCode": item.classification}),
        some("title", item.title), some("relation", item.number, {"relationType": "reference"}),
        _restriction(item), _disposal(item), _direction(item), _agents(item),
        tag("description", _description(item)), _dates(item),
        _notes(item), _more(item),
        at={"systemIdentifier": item.id,
            **({"recordType": item.document_type} if item.document_type else {})})


def _description(item: Item) -> str:
    return (f"Kommentar på {item.platform}, {item.account}" if item.platform
            else item.document_type)


def _restriction(item: Item) -> Xml:
    """Return the secrecy marking (OSL 5 kap. 5 §), or that secrecy is possible."""
    if not item.provision and not item.possible_secrecy:
        return Xml()
    by = f" Gjord av {item.provision_by}." if item.provision_by else ""
    assessed = _date(item.provision_on, "confidentiality_assessed")
    return tag("restriction", tag("explanatoryText", WARNING + by if item.provision else POSSIBLE),
               tag("regulation", item.provision or "Ingen angiven"),
               tag("dates", assessed) if assessed else Xml(),
               at={"restrictionType": "confidential"})


def _disposal(item: Item) -> Xml:
    """Return whether it is kept or disposed of, counted from when it came; the schema wants a date.

    Disposal itself takes a decision, which no package carries.
    """
    begins = _date(item.received_on, "retention_period_start", "disposalDate") or _date(
        item.captured, "retention_period_start", "disposalDate")
    if not item.retention or not begins:
        return Xml()
    return tag("disposal", tag("disposalAction", RETENTIONS.get(item.retention, item.retention)),
               tag("dates", begins),
               at={"disposable": "true" if item.retention == "dispose" else "false"})


def _direction(item: Item) -> Xml:
    if not item.direction:
        return Xml()
    if item.direction in DIRECTIONS:
        return tag("direction", at={"directionDefinition": DIRECTIONS[item.direction]})
    other = OTHER_DIRECTIONS.get(item.direction, item.direction)
    return tag("direction", at={"directionDefinition": "other", "otherDirectionDefinition": other})


def _agents(item: Item) -> Xml:
    """Return the sender as the diary may show it, and the name that stood on the page."""
    found = [tag("agent", tag("name", name), tag("role", role), at={"agentType": kind})
             for name, role, kind in (
                 (item.sender, "Avsändare enligt diariet", "sender"),
                 (item.author, "Namn på sidan", "creator")) if name]
    return tag("agents", *found) if found else Xml()


def _dates(item: Item) -> Xml:
    found = [_date(item.published, "originated"), _date(item.received_on, "received"),
             _date(item.captured, "captured")]
    return tag("dates", *found) if any(found) else Xml()


def _date(said: str, kind: str, name: str = "date") -> Xml:
    """Return a day or a time as `xs:dateTime`, or nothing when it is neither."""
    if _DAY.fullmatch(said):
        said += "T00:00:00"
    return tag(name, said, at={"dateType": kind}) if _is_time(said) else Xml()


def _is_time(said: str) -> bool:
    try:
        return bool(_TIME.fullmatch(said) and datetime.fromisoformat(said))
    except ValueError:
        return False


def _notes(item: Item) -> Xml:
    count = unfit(item.title, item.sender, item.author, item.account, item.address,
                  item.document_type, item.published)
    return tag("notes", tag("note", REPLACED.format(count))) if count else Xml()


def _more(item: Item) -> Xml:
    """Return the item's files, and what ERMS has no element for."""
    said = {"plattform": item.platform, "konto": item.account, "adress": item.address,
            "publicerad": item.published, "beslut": EXITS.get(item.exit, item.exit),
            "bevaras eller gallras": RETENTIONS.get(item.retention, item.retention)}
    own = [tag("ownElement", tag("value", value), at={"name": name})
           for name, value in said.items() if value]
    return tag("additionalInformation", *(_appendix(item, file) for file in item.files),
               tag("ownElement", *own) if own else Xml())


def _appendix(item: Item, file: File) -> Xml:
    return tag("appendix", at={
        "name": file.name, "fileFormat": file.media_type,
        "path": f"file:///{REPRESENTATIONS}/{data_path(item, file)}"})
