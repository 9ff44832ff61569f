"""`bevara packs`: list what is known of each platform, sign a newer pack, check packs."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bevara import contract
from bevara.config import Config
from bevara.errors import Invalid
from bevara.platforms import check, packs, sign

STEPS = {None: "släpps igenom", "final": "hålls", "step": "leder till en fråga, som hålls"}
"""What a press would be, by the content scripts' own word for it."""


def arguments(parser: ArgumentParser) -> None:
    """Declare `list`, `check`, `sign` and `key`."""
    actions = parser.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help="visa vilka stöd som finns och vad som är fel")
    listing.add_argument("--json", action="store_true", help="skriv ett JSON-objekt")
    checking = actions.add_parser("check", help="läs lagrade och inspelade sidor med alla stöd")
    checking.add_argument("files", metavar="FILE", type=Path, nargs="*",
                          help="inspelade sidor, eller mappar med sådana")
    checking.add_argument("--json", action="store_true", help="skriv ett JSON-objekt")
    signing = actions.add_parser("sign", help="underteckna ett stöd")
    signing.add_argument("file", metavar="FIL", type=Path)
    signing.add_argument("--key", metavar="NYCKELFIL", type=Path,
                         help="organisationens nyckel (annars den här datorns)")
    making = actions.add_parser("key", help="skapa en nyckel att underteckna med")
    making.add_argument("file", metavar="NYCKELFIL", type=Path)


def run(options: Namespace) -> int:
    """Run one of the actions; return its exit code."""
    actions = {"list": show, "check": check_pages, "sign": sign_file, "key": new_key}
    return actions[options.action](options)


def show(options: Namespace) -> int:
    """List shipped and dropped packs; the exit code is 1 when a dropped one cannot be used."""
    config = Config.from_env()
    shipped = {pack["id"]: pack["version"] for pack in contract.packs()}
    found = packs.dropped(config.data_dir)
    problems = {one.path: _problem(one, shipped) for one in found}
    if options.json:
        print(json.dumps({
            "ok": not any(problems.values()), "folder": str(packs.folder(config.data_dir)),
            "shipped": [_row(pack) for pack in contract.packs()],
            "dropped": [{"file": one.path.name, **_row(one.pack or {}), "signer": one.signer,
                         "problem": problems[one.path]} for one in found],
        }, ensure_ascii=False))
        return 1 if any(problems.values()) else 0
    for pack in contract.packs():
        print(f"{pack['name']['sv']}, version {pack['version']} (följer med Bevara)")
    for one in found:
        said = problems[one.path] or f"undertecknat av {(one.signer or '')[:16]}"
        print(f"{one.path.name}: version {(one.pack or {}).get('version', '?')}, {said}")
    print(f"Nya stöd läggs i {packs.folder(config.data_dir)}. "
          "Webbläsaren avgör om de tas emot, och visar varför inte.")
    return 1 if any(problems.values()) else 0


def _row(pack: dict[str, Any]) -> dict[str, Any]:
    return {"id": pack.get("id"), "version": pack.get("version"), "proven": pack.get("proven")}


def _problem(one: packs.Dropped, shipped: dict[str, int]) -> str | None:
    if one.problem or one.pack is None:
        return one.problem
    known = shipped.get(one.pack["id"])
    if known is None:
        return "Plattformen är okänd för den här versionen."
    if one.pack["version"] <= known:
        return f"Inte nyare än version {known}, som följer med Bevara."
    return None


def check_pages(options: Namespace) -> int:
    """Read pages with all packs; the exit code is 1 when one is not read as expected."""
    data_dir = Config.from_env().data_dir
    usual = [check.folder(data_dir)] if check.folder(data_dir).is_dir() else []
    results = check.run(check.known(data_dir), check.collect([*usual, *options.files]))
    wrong = [one for one in results if one.wrong]
    if options.json:
        print(json.dumps({"ok": not wrong, "results": [asdict(one) for one in results]},
                         ensure_ascii=False))
        return 1 if wrong else 0
    for one in results:
        print("\n".join(_told(one)))
    unknown = [one for one in results if one.found]
    print(f"{len(results) - len(wrong) - len(unknown)} rätt, {len(wrong)} fel, "
          f"{len(unknown)} utan facit")
    return 1 if wrong else 0


def _told(one: check.Result) -> list[str]:
    if one.found is None:
        return [f"{one.pack}: {one.page}: {'FEL, ' + one.wrong if one.wrong else 'rätt'}"]
    comments, presses = one.found["comments"], one.found["presses"]
    owners = sorted({row["owner"] or "okänd" for row in comments})
    return [
        f"{one.pack}: {one.page}: inget facit, {len(comments)} kommentarer hittades",
        *([f"  sidans ägare: {', '.join(owners)}"] if owners else []),
        *(f"  {row['id']} {row['author']}: {(row['text'] or '')[:60]!r}" for row in comments),
        *(f"  {press['label']}: {STEPS[press['step']]}" for press in presses),
        f"  Stämmer det? Spara found från --json som {Path(one.page).stem}.expected.json bredvid.",
    ]


def sign_file(options: Namespace) -> int:
    """Write FILE.signed.json beside FILE."""
    pack = packs.read(options.file)
    config = Config.from_env()
    key = sign.load_key(options.key or config.data_dir / "helper.key")
    signed = sign.sign(pack, key)
    path = options.file.with_suffix(".signed.json")
    try:
        path.write_text(json.dumps(signed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise Invalid("file", f"{path} går inte att skriva: {error.strerror}.") from None
    print(f"Undertecknat: {path}")
    print(f"Nyckel: {sign.public(key)}")
    print(f"Lägg filen i {packs.folder(config.data_dir)}.")
    return 0


def new_key(options: Namespace) -> int:
    """Make a key and print its public half."""
    key = sign.make_key(options.file)
    print(f"Nyckeln ligger i {options.file}. Förvara den där bara IT når den.")
    print(f"Lägg till i policyn för tillägget, under pack_keys: {sign.public(key)}")
    return 0
