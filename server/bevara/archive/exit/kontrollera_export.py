"""Kontrollerar en export ur Bevara. Checks an export from Bevara. EUPL-1.2.

    python kontrollera_export.py MAPP --key NYCKEL

Needs Python 3.8 or later and kontrollera.py beside it; changes nothing. The key must come from
outside the export. Exit code 0: everything holds under that key; 1: something does not; 3: it
holds together, but no key was given.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import kontrollera  # noqa: E402

MANIFEST, SIGNATURE, LOG = "kontrollsummor-sha256.txt", "kontrollsummor.sig", "logg.json"
CHUNK = 1 << 20
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, OSError)


def main(arguments: list[str]) -> int:
    """Print what holds and what does not; return the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--key")
    options = parser.parse_args(arguments)
    try:
        given = kontrollera.read_key(options.key) if options.key else None
        wrong = list(problems(options.folder, given))
    except UNREADABLE as error:
        wrong = [f"går inte att läsa / cannot be read: {error}"]
        given = None
    for line in wrong[:100]:
        print("FEL / WRONG: " + line)
    if wrong:
        return 1
    print("Alla filer är oförändrade, och loggen leder till sin rot. / "
          "Every file is unchanged, and the log leads to its root.")
    if given is None:
        print("Ingen nyckel angavs: vem som helst kan ha gjort exporten. / "
              "No key was given: anybody may have made the export.")
    return 0 if given else 3


def problems(folder: Path, given: bytes | None) -> Iterator[str]:
    """Yield what is wrong."""
    log = json.loads((folder / LOG).read_text(encoding="utf-8"))
    own = base64.b64decode(log["public_key"])
    if given is not None and own != given:
        yield "exporten är gjord med en annan nyckel / made with another key"
    sums = read_sums(folder)
    yield from check_files(folder, sums)
    listed = digest(folder / MANIFEST)
    if not kontrollera.is_signed(own, (folder / SIGNATURE).read_bytes(), listed):
        yield "underskriften stämmer inte / the signature is wrong: " + SIGNATURE
    yield from check_log(folder, log, own)
    yield from check_documents(folder, sums)


def read_sums(folder: Path) -> dict[str, str]:
    """Return the checksum of every file by its name."""
    sums = {}
    for line in (folder / MANIFEST).read_text(encoding="utf-8").splitlines():
        found, between, name = line.partition("  ")
        if not between or name in sums:
            raise ValueError(MANIFEST)
        sums[name] = found
    return sums


def check_files(folder: Path, sums: dict[str, str]) -> Iterator[str]:
    """Yield the files that are missing, changed, or in no list."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*")
             if path.is_symlink() or not path.is_dir()}
    for name in sorted(there - set(sums) - {MANIFEST, SIGNATURE}):
        yield "finns inte i listan / not in the list: " + name
    for name, said in sums.items():
        path = folder / name
        if name not in there or path.is_symlink():
            yield "saknas / missing: " + name
        elif digest(path).hex() != said:
            yield "är ändrad / changed: " + name


def digest(path: Path) -> bytes:
    """Return a file's SHA-256."""
    made = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            made.update(chunk)
    return made.digest()


def entries(folder: Path) -> Iterator[tuple[int, str, bytes, bytes]]:
    """Yield index, text, salt and commitment of every entry."""
    with (folder / "tabeller" / "ledger_entries.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            said = json.loads(line)
            yield (said["idx"], said["entry"], base64.b64decode(said["salt"]),
                   base64.b64decode(said["commitment"]))


def check_log(folder: Path, log: dict[str, object], own: bytes) -> Iterator[str]:
    """Yield the entries that are not what they promise, and another root or signature."""
    peaks: list[tuple[int, bytes]] = []
    count = 0
    for index, text, salt, sealed in entries(folder):
        if index != count:
            yield f"post saknas / entry missing: {count}"
            return
        if text and hashlib.sha256(salt + text.encode()).digest() != sealed:
            yield f"posten är ändrad / entry changed: {index}"
        level, value = 0, hashlib.sha256(b"\x00" + sealed).digest()
        while peaks and peaks[-1][0] == level:
            value = hashlib.sha256(b"\x01" + peaks.pop()[1] + value).digest()
            level += 1
        peaks.append((level, value))
        count += 1
    value = peaks.pop()[1] if peaks else hashlib.sha256(b"").digest()
    while peaks:
        value = hashlib.sha256(b"\x01" + peaks.pop()[1] + value).digest()
    root = base64.b64encode(value).decode()
    if (count, root) != (log["size"], log["root"]):
        yield "loggen leder till en annan rot / the log leads to another root"
    yield from check_point(log, own, f"{log['origin']}\n{count}\n{root}\n")


def check_point(log: dict[str, object], own: bytes, wanted: str) -> Iterator[str]:
    """Yield what is wrong with the signed checkpoint."""
    body, _, tail = str(log["checkpoint"]).partition("\n\n")
    signature = base64.b64decode(tail.split(" ")[-1])
    if body + "\n" != wanted:
        yield "kontrollpunkten säger något annat / the checkpoint says something else"
    if not kontrollera.is_signed(own, signature[4:], wanted.encode()):
        yield "kontrollpunkten är inte undertecknad med nyckeln / not signed with the key"


def check_documents(folder: Path, sums: dict[str, str]) -> Iterator[str]:
    """Yield the documents that the log does not know like this."""
    told = {}
    for index, text, _, _ in entries(folder):
        said = json.loads(text) if text else {}
        if "sha256" in said:
            told[index] = said["sha256"]
    with (folder / "tabeller" / "documents.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["file"] and sums.get(row["file"]) != told.get(row["ledger_index"]):
                yield "loggen säger något annat / the log says something else: " + row["file"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
