"""The command line: `bevara serve`, `open`, `pair`, `verify`, `backup`, `restore`, `doctor`..."""

from __future__ import annotations

import argparse
import logging
import pkgutil
import socket
import sys
from typing import TYPE_CHECKING

from bevara import __version__
from bevara.arguments import Parser
from bevara.config import Config
from bevara.errors import BevaraError, Busy

if TYPE_CHECKING:
    from flask import Flask


def main(argv: list[str] | None = None) -> int:
    """Run a command; return its exit code. Errors are sentences, not traces.

    Only what the command needs is imported: `bevara open` answers in a moment.
    """
    asked = sys.argv[1:] if argv is None else argv
    parser = Parser(prog="bevara", description="Inget kvitto, ingen radering.")
    parser.add_argument("--version", action="version", version=__version__, help="visa versionen")
    subparsers = parser.add_subparsers(dest="command", required=True, title="Kommandon",
                                       metavar="KOMMANDO")
    for name, (help_text, _) in COMMANDS.items():
        sub = subparsers.add_parser(name, help=help_text, description=f"{help_text.capitalize()}.")
        if name in MACHINE_READABLE:
            sub.add_argument("--json", action="store_true", help="skriv ett JSON-objekt")
        if name in ARGUMENTS and name in asked:
            pkgutil.resolve_name(ARGUMENTS[name])(sub)
    options = parser.parse_args(asked)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        code: int = pkgutil.resolve_name(COMMANDS[options.command][1])(options)
        return code
    except BevaraError as error:
        print(error.detail, error.next_step or "", file=sys.stderr)
        return 1


def serve(_options: argparse.Namespace) -> int:
    """Start Bevara and print where its start page is; on one computer a one-time address."""
    from bevara.app import create_app
    from bevara.archive.delivery.schedule import ArchiveSchedule
    from bevara.archive.delivery.wired import wired
    from bevara.diary.delivery.tasks import Jobs
    from bevara.records.indexing import Indexing
    from bevara.upkeep.backup_schedule import BackupSchedule
    from bevara.upkeep.stamp_schedule import StampSchedule

    config = Config.from_env()
    listeners = [] if config.shared else _listen(config.port)
    app = create_app(config)
    rooms = app.extensions["bevara"]
    copying = BackupSchedule(config, rooms.real_store, rooms.practice_store)
    copying.start()
    stamping = StampSchedule(config, rooms.real_store)
    stamping.start()
    jobs = Jobs(config, rooms.real_store)
    jobs.start()
    indexing = Indexing(rooms.real_store, rooms.practice_store)
    indexing.start()
    archiving = ArchiveSchedule(wired(config, rooms.real_store), rooms.real_store,
                                rooms.practice_store)
    archiving.start()
    try:
        _run(app, config, listeners)
    finally:
        copying.stop()
        stamping.stop()
        jobs.stop()
        indexing.stop()
        archiving.stop()
        rooms.close()
    return 0


def _run(app: Flask, config: Config, listeners: list[socket.socket]) -> None:
    """Answer until the process is told to end."""
    from bevara.identity.views import start_address
    from bevara.web.listener import listen

    if config.shared:
        _run_shared(app, config)
        return
    print("Bevara är igång. Öppna startsidan (adressen gäller en gång):", flush=True)
    print(start_address(app.extensions["bevara"]), flush=True)
    listen(app, listeners).run()


def _run_shared(app: Flask, config: Config) -> None:
    from bevara.identity import users
    from bevara.web import hosts
    from bevara.web.secure_listener import listen_securely

    rooms, server = app.extensions["bevara"], listen_securely(app, config)
    print("Bevara är igång, gemensam för alla som loggar in:", flush=True)
    print(hosts.desk_address(rooms.instance, config) + "/", flush=True)
    if not users.everyone(rooms.real_store):
        print("Ingen användare finns än. Lägg till den första i ett annat fönster:\n"
              'bevara user add "För- och efternamn" --role administratör', flush=True)
    try:
        server.serve()
    finally:
        server.stop()


def demo(options: argparse.Namespace) -> int:
    """Run the main job unattended in a real browser."""
    from bevara.demo import job

    return job.main(as_json=options.json)


def _listen(port: int) -> list[socket.socket]:
    """Take both loopback families, so that no other program can be `localhost` on this port.

    They listen at once: the address that is printed next must already answer.
    """
    listeners = [_bind(socket.AF_INET, "127.0.0.1", port)]
    if _has_ipv6():
        listeners.append(_bind(socket.AF_INET6, "::1", port))
    return listeners


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
            return True
    except OSError:
        return False


def _bind(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    listener = socket.socket(family)
    if sys.platform != "win32":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    else:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    try:
        listener.bind((address, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise Busy(
            f"Porten {port} används redan.",
            next_step="Är Bevara redan igång? Kör bevara open. Annars: stäng det andra "
            "programmet, eller be IT välja en annan port med BEVARA_PORT.",
        ) from None
    return listener


BACKLOG = 1024
MACHINE_READABLE = {"verify", "proof", "backup", "restore", "doctor", "demo", "sync", "package",
                    "export", "import"}
ARGUMENTS = {
    "verify": "bevara.upkeep.commands:verify_arguments",
    "proof": "bevara.records.proof.commands:arguments",
    "backup": "bevara.upkeep.commands:backup_arguments",
    "restore": "bevara.upkeep.commands:restore_arguments",
    "packs": "bevara.platforms.commands:arguments",
    "user": "bevara.identity.commands:user_arguments",
    "package": "bevara.archive.commands:package_arguments",
    "export": "bevara.archive.exit.commands:export_arguments",
    "import": "bevara.archive.exit.commands:import_arguments",
}
COMMANDS = {
    "serve": ("starta Bevara", "bevara.cli:serve"),
    "open": ("skriv en ny adress till startsidan", "bevara.identity.commands:open_desk"),
    "pair": ("skriv en ny kopplingskod", "bevara.identity.commands:pair"),
    "user": ("lägg till en användare, eller skriv en ny adress för lösenordet",
             "bevara.identity.commands:user"),
    "verify": ("läs och kontrollera allt som är sparat", "bevara.upkeep.commands:verify"),
    "proof": ("skriv ett bevis som vem som helst kan kontrollera",
              "bevara.records.proof.commands:proof"),
    "backup": ("gör en säkerhetskopia nu", "bevara.upkeep.commands:backup"),
    "restore": ("återställ en säkerhetskopia till en tom mapp", "bevara.upkeep.commands:restore"),
    "doctor": ("visa om datorn passar, och vad som behöver åtgärdas",
               "bevara.upkeep.commands:doctor"),
    "sync": ("leverera det som väntar till arkivet, och säg hur det gick",
             "bevara.archive.commands:sync"),
    "package": ("kontrollera ett leveranspaket", "bevara.archive.commands:package"),
    "export": ("skriv allt som är sparat i öppna format",
               "bevara.archive.exit.commands:export_all"),
    "import": ("läs in en export i en tom mapp", "bevara.archive.exit.commands:import_all"),
    "packs": ("visa, kontrollera och underteckna stöd för plattformar",
              "bevara.platforms.commands:run"),
    "demo": ("visa hela huvudjobbet i en riktig webbläsare", "bevara.cli:demo"),
}
"""What each command is called in the list, and the function that runs it."""
