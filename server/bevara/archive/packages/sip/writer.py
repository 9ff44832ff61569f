"""Write a SIP as it comes: files go straight into the ZIP, what is said of them waits on disk."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bevara.archive.packages.parts import File, Header, Item, held
from bevara.archive.packages.sip import erms, mets, premis, readme
from bevara.archive.packages.sip.layout import (
    DOCUMENTATION,
    ERMS,
    METS,
    PREMIS,
    REPRESENTATIONS,
    SCHEMAS,
    XML_TYPE,
    check_header,
    data_path,
    schemas,
)
from bevara.archive.packages.sip.versions import V2_1_0, Version
from bevara.archive.packages.sip.xml import Xml
from bevara.archive.packages.spool import Spool, spools
from bevara.archive.packages.zipped import ZipWriter, zip_writer
from bevara.errors import NotPacked


def write(path: Path, header: Header, items: Iterable[Item], version: Version = V2_1_0) -> None:
    """Write the package to `path`, which must not exist; `items` is read once, one at a time.

    No two items have the same id.
    The same input gives the same bytes. On an error `path` is left as far as it came. Memory grows
    with the number of different people in the events, and with nothing else.
    """
    check_header(header)
    with (spools(path, METS, "premis.xml", "events.xml", "erms.xml") as aside,
          zip_writer(path) as target):
        _Package(header, version, target, *aside).write(items)


class _Package:
    def __init__(
        self, header: Header, version: Version, target: ZipWriter, files: Spool, entities: Spool,
        events: Spool, records: Spool,
    ) -> None:
        self._header, self._version, self._target = header, version, target
        self._files, self._entities = files, entities
        self._events, self._records = events, records
        self._agents: set[str] = set()
        self._items, self._count = 0, 0

    def write(self, items: Iterable[Item]) -> None:
        _say(self._files, mets.representation_start(self._header, self._version))
        _say(self._entities, premis.start(self._header))
        _say(self._records, erms.start(self._header))
        for item in items:
            self._item(item)
        if not self._items:
            raise NotPacked("Det finns inget att packa.")
        self._end()

    def _item(self, item: Item) -> None:
        if len({file.name for file in item.files}) != len(item.files):
            raise NotPacked(f"{item.reference or item.id} har två filer med samma namn.")
        for file in item.files:
            path = data_path(item, file)
            self._target.add(f"{self._header.id}/{REPRESENTATIONS}/{path}", file)
            _say(self._files, mets.file_element(path, file, self._header.created))
        _say(self._entities, premis.entity(self._header, item))
        _say(self._events, premis.events(self._header, item))
        _say(self._records, erms.record(item))
        self._agents |= {event.agent for event in item.events if event.agent}
        self._items, self._count = self._items + 1, self._count + len(item.files)

    def _end(self) -> None:
        """Write what is said of the files, and last the METS that names everything."""
        _say(self._files, mets.representation_end())
        for chunk in self._events.file(XML_TYPE).chunks():
            self._entities.write(chunk)
        _say(self._entities, Xml(premis.agents(self._agents, self._header.version) + premis.END))
        _say(self._records, erms.END)
        documentation = readme.documentation(
            self._header, self._version, self._items, self._count)
        described = self._records.file(XML_TYPE)
        preserved = self._entities.file(XML_TYPE)
        representation = self._files.file(XML_TYPE)
        laid = schemas()
        root = mets.package(self._header, self._version, described, preserved, representation,
                            documentation, laid)
        for file in documentation:
            self._add(f"{DOCUMENTATION}/{file.name}", file)
        for file in laid:
            self._add(f"{SCHEMAS}/{file.name}", file)
        self._add(f"{REPRESENTATIONS}/{METS}", representation)
        self._add(ERMS, described)
        self._add(PREMIS, preserved)
        self._add(METS, held(METS, XML_TYPE, root.encode()))

    def _add(self, path: str, file: File) -> None:
        self._target.add(f"{self._header.id}/{path}", file)


def _say(spool: Spool, said: Xml) -> None:
    spool.write(said.encode() + b"\n")
