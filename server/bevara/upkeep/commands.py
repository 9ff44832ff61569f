"""The commands of this room: backup, restore and doctor, for people and for programs."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from bevara.config import Config
from bevara.errors import Invalid
from bevara.kernel.beside import reading
from bevara.kernel.clock import Clock
from bevara.upkeep import anchor, backup_status, places, receipts, settings
from bevara.upkeep import backup as making
from bevara.upkeep import doctor as examining
from bevara.upkeep import restore as restoring
from bevara.upkeep import verify as verifying
from bevara.web.dates import when


def verify_arguments(parser: ArgumentParser) -> None:
    """Declare what `verify` takes."""
    parser.add_argument("--anchor", metavar="FIL", type=Path,
                        help="kontrollpunkt, kvittens eller bevis som någon annan har sparat")


def verify(options: Namespace) -> int:
    """Read everything again, also beside a running Bevara; the exit code is 1 for a finding."""
    held = anchor.read(options.anchor) if options.anchor else None
    with reading(Config.from_env().data_dir, Clock()) as store:
        report = verifying.verify(store, held)
    _say(options, {"ok": report.ok, **asdict(report)}, "\n".join([
        f"Dokument: {report.documents}, bilder: {report.blobs}, poster i loggen: {report.entries}",
        "Övningen har ett eget lager och är inte med.",
        *report.findings,
        "Loggen jämfördes med det du angav." if held else f"{anchor.UNANCHORED} {anchor.HOW}",
        "ok" if report.ok else "FEL",
    ]))
    return 0 if report.ok else 1


def backup_arguments(parser: ArgumentParser) -> None:
    """Declare what `backup` takes."""
    parser.add_argument("--to", metavar="MAPP", type=Path,
                        help="mapp för just den här kopian (annars den som är vald)")


def backup(options: Namespace) -> int:
    """Make a second copy now; the exit code is 1 when there was none."""
    config, clock = Config.from_env(), Clock()
    if options.to:
        settings.check(config, options.to.absolute())
        places.forget(config.data_dir, options.to)
        made = making.make_all(config.data_dir, options.to.absolute(), settings.passphrase(config),
                               clock)
        _say(options, {"ok": True, "copy": str(made)}, f"Säkerhetskopian är klar: {made}")
        return 0
    status = backup_status.attempt(config, clock)
    if status.folder is None and status.problem is None:
        raise Invalid("backup_dir", "Ingen mapp är vald: allt ligger bara på den här datorn.",
                      "Ange en med --to eller BEVARA_BACKUP_DIR, eller på sidan Säkerhetskopia.")
    ok = status.problem is None
    _say(options, {"ok": ok, **asdict(status)},
         f"Säkerhetskopian är klar, i {status.folder}" if ok else str(status.problem))
    return 0 if ok else 1


def restore_arguments(parser: ArgumentParser) -> None:
    """Declare what `restore` takes."""
    parser.add_argument("folder", metavar="MAPP", type=Path, help="mappen med säkerhetskopior")
    parser.add_argument("--generation", metavar="KOPIA", help="en viss kopia (annars den nyaste)")
    parser.add_argument("--receipts", metavar="FIL", type=Path,
                        help="kvitton att jämföra med, ett per rad")


def restore(options: Namespace) -> int:
    """Restore a copy into the empty data folder; the exit code is 1 when something is missing."""
    config = Config.from_env()
    promised = receipts.read(options.receipts) if options.receipts else None
    done = restoring.restore(
        options.folder, config.data_dir, settings.passphrase(config), Clock(),
        generation=options.generation, promised=promised or [],
    )
    ok = done.report.ok and not done.missing and (done.practice is None or done.practice.ok)
    _say(options, {"ok": ok, **asdict(done)}, "\n".join(_told(done, promised is not None)))
    return 0 if ok else 1


def _told(done: restoring.Restored, compared: bool) -> list[str]:
    report = done.report
    return [
        f"Återställd från kopian {done.copy}, gjord {when(done.made_at)}.",
        f"{report.documents} dokument, {report.blobs} bilder och {report.entries} poster i loggen "
        f"är lästa. {'Allt stämmer.' if report.ok else 'Något stämmer inte:'}",
        *report.findings,
        *_practice(done), *_erased(done),
        *_lost(done, compared),
        "Bevara har en ny nyckel. Loggen fortsätter och hänvisar till den gamla.",
        f"Koppla webbläsarna igen på startsidan ({done.browsers} var kopplade).",
        "Välj säkerhetskopia på nytt: den gamla mappen får inga fler kopior.",
    ]


def _practice(done: restoring.Restored) -> list[str]:
    problem = [f"Övningens nyaste kopia är inte återställd: {done.practice_problem}"]
    if done.practice is None:
        return problem if done.practice_problem else []
    return [*(problem if done.practice_problem else []),
            f"Övningen är också återställd: {done.practice.documents} dokument.",
            *done.practice.findings]


def _erased(done: restoring.Restored) -> list[str]:
    if not done.erased:
        return []
    many = "1 kommentar" if done.erased == 1 else f"{done.erased} kommentarer"
    return [f"{many} som raderats efter att kopian gjordes är raderade ur den också."]


def _lost(done: restoring.Restored, compared: bool) -> list[str]:
    unknown = (f"Det som sparades efter {when(done.made_at)} finns inte i kopian: "
               f"kvitton med nummer (ledger_index) {done.tree_size} eller högre.")
    if not compared:
        return [unknown, "Har du kvitton kan de jämföras med --receipts."]
    if not done.missing:
        return ["Alla kvitton som du angav finns i kopian."]
    return [f"{len(done.missing)} kvitton saknas i kopian:", *done.missing, unknown]


def doctor(options: Namespace) -> int:
    """Say how this computer suits Bevara; the exit code is 1 when something is wrong."""
    lines = examining.examine(Config.from_env(), Clock())
    ok = all(line.state != examining.BAD for line in lines)
    _say(options, {"ok": ok, "lines": [asdict(line) for line in lines]}, "\n".join(
        f"{line.state:8}  {line.about}: {line.says} {line.next_step or ''}".rstrip()
        for line in lines))
    return 0 if ok else 1


def _say(options: Namespace, machine: dict[str, object], person: str) -> None:
    print(json.dumps(machine, ensure_ascii=False) if options.json else person)
