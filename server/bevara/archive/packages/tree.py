"""What a package without an archive's schemas holds: a folder for each comment, and lists of them.

Everything opens with what every computer has: a browser, a spreadsheet, a text editor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from markupsafe import Markup, escape

from bevara.archive.packages.parts import EXITS, Event, File, Header, Item, held
from bevara.archive.packages.spool import Spool, spools
from bevara.diary.proposal import DIRECTIONS, RETENTIONS
from bevara.web import sheets

ITEMS, LIST, EVENTS, PAGE, README = (
    "handlingar", "handlingar.csv", "handelser.csv", "index.html", "LAS-MIG.txt")
HEADS = ("Mapp", "Referens", "Diarienummer", "Inkommen", "Rubrik", "Avsändare i diariet",
         "Avsändare på sidan", "Handlingstyp", "Klassificering", "Riktning", "Beslut", "Konto",
         "Plattform", "Adress", "Publicerad", "Sparad", "Sekretess", "Bevaras eller gallras",
         "Filer")
EVENT_HEADS = ("Mapp", "Tid", "Händelse", "Uppgift", "Av")
NAMES = {"captured": "Sparad av tillägget", "receipt": "Kvittens", "removed": "Borta från sidan",
         "hidden": "Dold på sidan", "outcome": "Sett på sidan", "reason": "Skäl",
         "assessed": "Bedömd", "secrecy": "Sekretess", "decided": "Beslut",
         "registered": "Registrerad", "packed": "Packad"}
ABOUT = """\
Leveranspaket {id} ur Bevara {version}

Arkivbildare: {creator}
Levererat av: {submitter}
Packat: {created}
{agreement}
Varje sparad kommentar har en mapp under handlingar/:
  handling.pdf       läsexemplar, PDF/A-2a
  meddelande.txt     texten, tecken för tecken (UTF-8)
  meddelande.json    uppgifterna som de sparades
  skarmdump.*        bilden av kommentaren
  bilaga-*           bilder som hörde till den
  kod.html           sidans egen kod, utan det som kan köras eller hämtas
  bevis.zip          bevis som kan kontrolleras utan Bevara; hur står i README.txt i den
En fil som inte finns fanns inte när kommentaren sparades, eller gick inte att göra.

Förteckningen över konton, om den är med, är en egen handling med forteckning.csv, forteckning.html
och dokumentation.csv.

handlingar.csv är en rad för varje handling, handelser.csv en rad för varje händelse. Båda är UTF-8
med semikolon. index.html är samma lista med länkar, och öppnas i en webbläsare.

{sums}

Loggens läge när paketet gjordes (undertecknat, C2SP checkpoint):

{checkpoint}"""
START = Markup("""<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><title>{0}</title>
<style>body{{font:1rem/1.5 sans-serif;margin:2rem}}td,th{{text-align:left;vertical-align:top;\
padding:.25rem 1rem .25rem 0;border-bottom:1px solid #ccc}}</style></head><body>
<h1>{0}</h1><p>{1}</p><table><thead><tr><th>Inkommen</th><th>Rubrik</th><th>Diarienummer</th>\
<th>Filer</th></tr></thead><tbody>
""")
END = "</tbody></table></body></html>\n"
Add = Callable[[str, File], None]


def write(path: Path, header: Header, items: Iterable[Item], add: Add, sums: str) -> None:
    """Add every file of the tree; `sums` says in Swedish how they are checked.

    `path` is the package, beside which there must be room for the lists.
    """
    with _lists(path, header) as (listed, told, page):
        for item in items:
            for file in item.files:
                add(f"{ITEMS}/{item.id}/{file.name}", file)
            listed.write(sheets.as_lines([_row(item)]))
            told.write(sheets.as_lines(
                (item.id, event.at, NAMES[event.kind], event.detail, event.agent)
                for event in (*item.events, Event("packed", header.created, header.id))))
            page.write(_shown(item))
        page.write(END.encode())
        add(LIST, listed.file("text/csv"))
        add(EVENTS, told.file("text/csv"))
        add(PAGE, page.file("text/html"))
    add(README, held(README, "text/plain", about(header, sums).encode()))


def about(header: Header, sums: str) -> str:
    """Return the text that says what the package is."""
    said = [("Överenskommelse", header.agreement), ("Referenskod", header.reference_code),
            ("Ersätter paket", header.replaces),
            ("Provleverans", "ja, arkivera den inte" if header.status == "TEST" else "")]
    agreement = "".join(f"{name}: {value}\n" for name, value in said if value)
    return ABOUT.format(
        id=header.id, version=header.version, creator=header.creator.name,
        submitter=header.submitter.name, created=header.created, agreement=agreement, sums=sums,
        checkpoint=header.checkpoint)


@contextmanager
def _lists(path: Path, header: Header) -> Iterator[tuple[Spool, Spool, Spool]]:
    with spools(path, LIST, EVENTS, PAGE) as (listed, told, page):
        listed.write(sheets.begun(HEADS))
        told.write(sheets.begun(EVENT_HEADS))
        title = "Provleverans" if header.status == "TEST" else "Leveranspaket"
        page.write(START.format(f"{title} {header.id}", header.creator.name).encode())
        yield listed, told, page


def _row(item: Item) -> tuple[str, ...]:
    return (f"{ITEMS}/{item.id}", item.reference, item.number, item.received_on, item.title,
            item.sender, item.author, item.document_type, item.classification,
            DIRECTIONS.get(item.direction, item.direction), EXITS.get(item.exit, ""), item.account,
            item.platform, item.address, item.published, item.captured, _secrecy(item),
            RETENTIONS.get(item.retention, item.retention), str(len(item.files)))


def _secrecy(item: Item) -> str:
    if item.provision:
        return ", ".join(filter(None, [item.provision, item.provision_on, item.provision_by]))
    return "Kan innehålla sekretess" if item.possible_secrecy else ""


def _shown(item: Item) -> bytes:
    links = " ".join(
        f'<a href="{ITEMS}/{escape(item.id)}/{escape(file.name)}">{escape(file.name)}</a>'
        for file in item.files)
    title = f"{item.title} ({_secrecy(item)})" if _secrecy(item) else item.title
    cells = (escape(item.received_on), escape(title), escape(item.number), links)
    return f"<tr><td>{'</td><td>'.join(cells)}</td></tr>\n".encode()
