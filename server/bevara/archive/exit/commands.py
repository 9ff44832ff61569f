"""`bevara export --all` and `bevara import`."""

from __future__ import annotations

import getpass
import json
import os
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

from bevara.archive.exit import bring, export
from bevara.config import Config
from bevara.errors import Invalid
from bevara.kernel.clock import Clock
from bevara.kernel.keys import write_private

PHRASE, SHORTEST = "BEVARA_EXPORT_PASSPHRASE_FILE", 12
WARNING = ("Exporten innehåller personuppgifter och kan innehålla sekretess. Lämna den inte vidare "
           "utan att pröva den.")


def export_arguments(parser: ArgumentParser) -> None:
    """Declare what `export` takes."""
    parser.add_argument("folder", metavar="MAPP", type=Path, help="en mapp som inte finns än")
    parser.add_argument("--all", action="store_true", required=True,
                        help="allt som är sparat: kommentarer, bilder, beslut, logg")
    parser.add_argument("--with-key", metavar="FIL", type=Path,
                        help="skriv också Bevaras privata nyckel, krypterad med en lösenfras")


def export_all(options: Namespace) -> int:
    """Write everything, also beside a running Bevara."""
    data_dir = Config.from_env().data_dir
    if options.with_key:
        phrase = _phrase()
        if options.with_key.absolute().is_relative_to(options.folder.absolute()):
            raise Invalid("--with-key", "Nyckeln får inte ligga i exporten.",
                          "Ange en fil någon annanstans.")
    made = export.export(data_dir, options.folder, Clock())
    if options.with_key:
        _write_key(data_dir, options.with_key, phrase)
    _say(options, asdict(made), "\n".join([
        f"Exporten är klar: {made.folder}",
        f"Kommentarer: {made.comments}, dokument: {made.documents}, bilder: {made.pictures}, "
        f"poster i loggen: {made.entries}",
        f"Loggens rot: {made.root}", WARNING, "LAS-MIG.txt säger vad varje fil är."]))
    return 0


def import_arguments(parser: ArgumentParser) -> None:
    """Declare what `import` takes."""
    parser.add_argument("folder", metavar="MAPP", type=Path, help="mappen med exporten")


def import_all(options: Namespace) -> int:
    """Import an export into the empty data folder; the exit code is 1 when `verify` finds a fault.
    """
    found = bring.bring(options.folder, Config.from_env().data_dir, Clock())
    _say(options, {"ok": found.report.ok, **asdict(found)}, "\n".join([
        f"Importen är klar. Loggen {found.origin} är avslutad med {found.size} poster.",
        f"Loggens rot: {found.root}", *found.report.findings,
        f"Webbläsare som ska kopplas på nytt: {found.browsers}. Användare väljer nya lösenord, och "
        "inställningarna väljs på nytt.", "ok" if found.report.ok else "FEL"]))
    return 0 if found.report.ok else 1


def _phrase() -> bytes:
    named = os.environ.get(PHRASE)
    try:
        found = Path(named).read_text(encoding="utf-8").strip() if named else getpass.getpass(
            "Lösenfras för nyckeln: ")
    except (OSError, ValueError, EOFError):
        found = ""
    if len(found) < SHORTEST:
        raise Invalid(PHRASE, f"Lösenfrasen saknas eller är kortare än {SHORTEST} tecken.",
                      f"Skriv en längre, eller ange en fil med {PHRASE}.")
    return found.encode()


def _write_key(data_dir: Path, target: Path, phrase: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes((data_dir / "helper.key").read_bytes())
    try:
        write_private(target, key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(phrase)))
    except OSError as error:
        raise Invalid("--with-key", f"Det går inte att skriva {target} ({error.strerror}).",
                      "Ange en annan fil.") from None


def _say(options: Namespace, said: dict[str, object], text: str) -> None:
    print(json.dumps(said, ensure_ascii=False) if options.json else text)
