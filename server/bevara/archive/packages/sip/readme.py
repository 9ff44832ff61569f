"""The delivery's description, for someone who has the package and nothing else."""

from __future__ import annotations

from bevara.archive.packages.parts import File, Header, held
from bevara.archive.packages.sip.layout import (
    DOCUMENTATION,
    ERMS,
    METS,
    PREMIS,
    REPRESENTATIONS,
    SCHEMAS,
    TEXT_TYPE,
)
from bevara.archive.packages.sip.versions import Version
from bevara.kernel.text import storable

DESCRIPTION, CHECKPOINT = "leveransbeskrivning.txt", "kontrollpunkt.txt"
KINDS = {"NEW": "Leverans", "TEST": "Provleverans", "REPLACEMENT": "Rättad leverans"}
WHOLE = """\
{kind} av sparade kommentarer i sociala medier

Paket: {id}
Gjort: {created} av Bevara {version}
Arkivbildare: {creator}
Levererat av: {submitter}
{more}Antal handlingar: {items}
Antal filer som hör till dem: {files}

Så läser du paketet
Paketet är en ZIP-fil utan lösenord. Inget särskilt program behövs. Formatet är FGS Paketstruktur
2.0, det vill säga E-ARK CSIP och SIP {sip}.

{representation}/data/
  En mapp för varje handling. I en kommentars mapp kan finnas: handling.pdf (läsexemplar),
  skarmdump.png (bilden av kommentaren), meddelande.txt (texten, tecken för tecken),
  meddelande.json (uppgifterna som de sparades), kod.html (sidans egen kod utan det som kan köras
  eller hämtas) och bevis.zip (bevis som kan kontrolleras utan Bevara). Saknas en fil fanns den inte
  när kommentaren sparades, eller gick inte att göra. Förteckningen över konton, om den är med, är
  en egen handling med forteckning.csv, forteckning.html och dokumentation.csv.
{erms}
  Varje handling som post enligt CITS ERMS (FGS Ärendehantering 2.0): rubrik, avsändare, datum,
  diarienummer, sekretessmarkering, bevaras eller gallras, och vilka filer som hör till den.
{premis}
  Vad som har hänt med varje kommentar (PREMIS 3): när den sparades, kvitterades, togs bort eller
  doldes, skäl, bedömning, registrering, och att den packades.
{mets} och {representation}/{mets}
  Alla filer i paketet, med storlek och kontrollsumma (SHA-256). Varje fil står i en av dem.
{schemas}/
  De XML-scheman som filerna följer. mets.xsd hänvisar till xlink.xsd i samma mapp i stället för på
  nätet; i övrigt är de oförändrade. ERMS_v3.xsd är version 3.0.0. Posterna är skrivna så att också
  2.1.2 ska godta dem, men är inte prövade mot det schemat.
{documentation}/{checkpoint}
  Händelseloggens läge när paketet gjordes, undertecknat (C2SP checkpoint). Med det kan den som har
  ett bevis kontrollera att en kommentar är oförändrad sedan dess.

Tecken som XML inte kan bära är i XML-filerna utbytta mot U+FFFD, med en anmärkning på posten.
Kommentarens egna filer har dem kvar.
En sekretessmarkering är en varning. Frågan prövas på nytt varje gång någon begär ut handlingen.

Händelseloggens läge när paketet gjordes:

{state}"""


def documentation(header: Header, version: Version, items: int, files: int) -> list[File]:
    """Return the documentation: the description, and the checkpoint by itself."""
    text = WHOLE.format(
        kind=KINDS[header.status.value], id=header.id, created=header.created,
        version=header.version, creator=_named(header.creator.name, header.creator.code),
        submitter=_named(header.submitter.name, header.submitter.code), more=_more(header),
        items=items, files=files, sip=version.number, representation=REPRESENTATIONS, erms=ERMS,
        premis=PREMIS, mets=METS, schemas=SCHEMAS, documentation=DOCUMENTATION,
        checkpoint=CHECKPOINT, state=header.checkpoint)
    return [held(DESCRIPTION, TEXT_TYPE, storable(text).encode()),
            held(CHECKPOINT, TEXT_TYPE, storable(header.checkpoint).encode())]


def _named(name: str, code: str) -> str:
    return f"{name} ({code})" if code else name


def _more(header: Header) -> str:
    said = {"Leveransöverenskommelse": header.agreement, "Referenskod": header.reference_code,
            "Kontakt": header.contact, "Tas emot av": header.preservation.name,
            "Ersätter paket": header.replaces}
    return "".join(f"{name}: {value}\n" for name, value in said.items() if value)
