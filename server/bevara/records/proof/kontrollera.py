"""Kontrollerar ett bevis från Bevara. Checks a proof from Bevara. EUPL-1.2.

    python -I kontrollera.py bevis.zip --key NYCKEL

Needs Python 3.8 or later and nothing else; reads the bundle (a ZIP or an unpacked folder) and
changes nothing. The key must come from outside the bundle: the public body's own word, an old
receipt, a delivery. Exit code 0: all that is checked here holds under that key; 1: something does
not; 3: it holds together, but no key was given.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

MANIFEST, SIGNATURE, PROOF = "manifest.txt", "manifest.sig", "proof.json"
LIMIT = 1 << 30
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september",
          "oktober", "november", "december")
ENGLISH = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")


Point = Tuple[int, int, int, int]
Line = Tuple[str, str]


# Ed25519, RFC 8032 section 5.1 and 6: verifying only, so nothing here is secret.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def point_add(one: Point, two: Point) -> Point:
    """Add two points in extended coordinates (X, Y, Z, T)."""
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def point_multiply(number: int, point: Point) -> Point:
    """Return `number` times the point."""
    total: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = point_add(total, point)
        point, number = point_add(point, point), number >> 1
    return total


def recover_x(y: int, sign: int) -> Optional[int]:
    """Return the x of a point on the curve, or None."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def decode_point(data: bytes) -> Optional[Point]:
    """Return the point of 32 bytes, or None."""
    number = int.from_bytes(data, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def encode_point(point: Point) -> bytes:
    """Return the 32 bytes of a point."""
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0) or 0
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether `signature` (64 bytes) of `message` is by the key `public` (32 bytes)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    point, s = decode_point(public), int.from_bytes(signature[32:], "little")
    if point is None or s >= L:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    factor = int.from_bytes(digest, "little") % L
    minus = (P - point[0], point[1], 1, P - point[3])
    return encode_point(point_add(point_multiply(s, BASE), point_multiply(factor, minus))) == (
        signature[:32])


def leads_to(leaf: bytes, index: int, size: int, path: List[bytes], root: bytes) -> bool:
    """Tell whether the audit path leads from the leaf's hash to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, value = index, size - 1, leaf
    for step in path:
        if last == 0 or len(step) != 32:
            return False
        if here & 1 or here == last:
            value = hashlib.sha256(b"\x01" + step + value).digest()
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            value = hashlib.sha256(b"\x01" + value + step).digest()
        here, last = here >> 1, last >> 1
    return last == 0 and value == root


def read_key(text: str) -> bytes:
    """Return the key in a text, or in the file that the text names."""
    if len(text) < 200 and "\n" not in text and Path(text).is_file():
        text = Path(text).read_text(encoding="utf-8")
    return decode_key(text)


def decode_key(text: str) -> bytes:
    """Return 32 bytes from a vkey (name+id+base64), base64, hex or PEM; raise `ValueError`."""
    text = "".join(line.strip() for line in text.splitlines() if not line.startswith("-----"))
    if re.fullmatch("[0-9a-fA-F]{64}", text):
        return bytes.fromhex(text)
    data = base64.b64decode(re.sub(r"^[^+]+\+[0-9a-f]{8}\+", "", text), validate=True)
    for start in (b"", b"\x01", bytes.fromhex("302a300506032b6570032100")):
        if data.startswith(start) and len(data) == len(start) + 32:
            return data[len(start):]
    raise ValueError("not an Ed25519 key")


def read_bundle(path: Path) -> Dict[str, bytes]:
    """Return the bundle's files by name; raise `ValueError` for an odd one."""
    if path.is_dir():
        found = [item for item in path.rglob("*") if not item.is_dir()]
        if any(item.is_symlink() or item.stat().st_size > LIMIT for item in found):
            raise ValueError("a link or a giant file")
        return {item.relative_to(path).as_posix(): item.read_bytes() for item in found}
    with zipfile.ZipFile(path) as archive:
        items = archive.infolist()
        if len({item.filename for item in items}) != len(items):
            raise ValueError("a name occurs twice")
        if sum(item.file_size for item in items) > LIMIT:
            raise ValueError("larger than 1 GB")
        return {item.filename: archive.read(item) for item in items}


def clock_times(moment: datetime) -> Line:
    """Return a moment in Swedish time (EU summer time), Swedish and English."""
    def last_sunday(month: int) -> datetime:
        day = datetime(moment.year, month, 31, 1, tzinfo=timezone.utc)
        return day - timedelta(days=(day.weekday() + 1) % 7)
    summer = last_sunday(3) <= moment < last_sunday(10)
    there = moment + timedelta(hours=2 if summer else 1)
    day, clock = (there.day, there.month - 1, there.year), (there.hour, there.minute)
    return ("%d %s %d kl. %02d.%02d" % (day[0], MONTHS[day[1]], day[2], *clock),
            "%d %s %d, %02d:%02d Swedish time" % (day[0], ENGLISH[day[1]], day[2], *clock))


def read_time(text: str) -> datetime:
    """Return a moment from RFC 3339 (Z) or from ASN.1's YYYYMMDDHHMMSS[.f]Z."""
    digits = re.sub("[^0-9]", "", text.partition(".")[0])
    return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc)


class Check:
    """One checking: what held, what did not, and what was left."""

    def __init__(self, files: Dict[str, bytes], key: Optional[bytes]) -> None:
        self.files, self.given = files, key is not None
        self.wrong: List[Line] = []
        self.held: List[Line] = []
        self.openssl: List[str] = []
        self.stamped: List[datetime] = []
        self.heads: List[Tuple[int, bytes]] = []
        self.since = ("okänd tid", "an unknown time")
        self.proof = self._json(PROOF)
        self.key = key or self._own_key()

    def run(self) -> None:
        """Check everything; what is missing or of the wrong form is a finding too."""
        for part in (self.manifest, self.checkpoints, self.documents, self.pictures):
            try:
                part()
            except UNREADABLE as error:
                self.fail("%s kan inte läsas (%s)", "%s cannot be read (%s)", part.__name__, error)

    def fail(self, swedish: str, english: str, *values: object) -> None:
        self.wrong.append((swedish % values, english % values))

    def good(self, swedish: str, english: str, *values: object) -> None:
        self.held.append((swedish % values, english % values))

    def _json(self, name: str) -> Dict[str, Any]:
        try:
            found = json.loads(self.files[name].decode("utf-8"))
            return found if isinstance(found, dict) else {}
        except UNREADABLE:
            return {}

    def _own_key(self) -> bytes:
        try:
            return decode_key(str(self.proof["key"]))
        except (KeyError, ValueError):
            return b""

    def manifest(self) -> None:
        """Every file is listed with its hash, none is missing, none is extra, all under a key."""
        lines = self.files[MANIFEST].decode("utf-8").splitlines()
        pairs = [line.split("  ", 1) for line in lines]
        listed = {name: digest for digest, name in pairs}
        there = set(self.files) - {MANIFEST, SIGNATURE}
        bad = sorted(name for name in there | set(listed) if name not in self.files or
                     listed.get(name) != hashlib.sha256(self.files[name]).hexdigest())
        for name in bad:
            self.fail("%s är ändrad, saknas eller hör inte hit",
                      "%s is changed, missing or does not belong here", name)
        if len(lines) != len(listed) or self.files[MANIFEST] != ("\n".join(lines) + "\n").encode():
            self.fail("listan över filer är ändrad", "the list of files is changed")
        if not is_signed(self.key, self.files[SIGNATURE], self.files[MANIFEST]):
            self.fail("listan över filer är inte undertecknad med nyckeln",
                      "the list of files is not signed by the key")
        elif not bad:
            self.good("%d filer är de som listades och undertecknades",
                      "%d files are those that were listed and signed", len(listed))
        self.openssl.append("openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in %s "
                            "-sigfile %s" % (MANIFEST, SIGNATURE))

    def checkpoints(self) -> None:
        """The log's signed states; all but the first may be an earlier log's, by its key."""
        for number, item in enumerate(self.proof["checkpoints"]):
            text = self.files[item["file"]].decode("utf-8")
            origin, size, root, signed = self._note(text)
            self.heads.append((size, root))
            if number == 0 and (origin != self.proof["log"] or not signed):
                self.fail("kontrollpunkten är inte undertecknad med nyckeln",
                          "the checkpoint is not signed by the key")
            for stamp in item["stamps"]:
                self._stamp(item["file"], stamp["file"])
        if not self.heads:
            raise ValueError("no checkpoint")

    def _note(self, text: str) -> Tuple[str, int, bytes, bool]:
        body, _, tail = text.partition("\n\n")
        origin, size, root = body.split("\n")
        dash, name, blob = tail[:-1].split(" ")
        if (dash, name, tail[-1:]) != ("\u2014", origin, "\n") or not re.fullmatch("[0-9]+", size):
            raise ValueError("not a checkpoint")
        data = base64.b64decode(blob, validate=True)
        mark = hashlib.sha256(origin.encode() + b"\n\x01" + self.key).digest()[:4]
        signed = data[:4] == mark and is_signed(self.key, data[4:], (body + "\n").encode())
        return origin, int(size), base64.b64decode(root, validate=True), signed

    def _stamp(self, checkpoint: str, name: str) -> None:
        """Compare what the stamp is for; its signature is left to openssl (RFC 3161, RFC 5652)."""
        found = re.search(
            rb"\x30.\x30.\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01(?:\x05\x00)?\x04\x20(.{32})"
            rb"\x02.{2,40}?\x18[\x0f-\x17](2[0-9]{13}(?:\.[0-9]+)?Z)", self.files[name], re.DOTALL)
        if not found or found.group(1) != hashlib.sha256(self.files[checkpoint]).digest():
            self.fail("stämpeln %s gäller något annat", "the stamp %s is for something else", name)
            return
        moment = read_time(found.group(2).decode())
        self.stamped.append(moment)
        said = clock_times(moment)
        self.held.append(("stämpeln %s gäller kontrollpunkten och säger %s" % (name, said[0]),
                          "the stamp %s is for the checkpoint and says %s" % (name, said[1])))
        self.openssl.append("openssl ts -verify -attime %d -data %s -in %s -CAfile ROT.pem" % (
            moment.timestamp(), checkpoint, name))

    def documents(self) -> None:
        """Each document is the one that its entry in the log names, and the entry is in the log."""
        if not self.proof["documents"]:
            raise ValueError("no document")
        saved = []
        for item in self.proof["documents"]:
            said = json.loads(item["entry"])
            digest = hashlib.sha256(self.files[item["file"]]).hexdigest()
            if (said["kind"], said["id"], said["sha256"]) != (item["kind"], item["id"], digest):
                self.fail("%s är en annan än den i loggen", "%s is not the one in the log",
                          item["file"])
            self._in_log(item)
            if item["kind"] == "capture":
                saved.append(read_time(said["at"]))
        self.since = clock_times(max(saved))
        self.good("%d dokument är de som loggen tog emot", "%d documents are those the log took in",
                  len(self.proof["documents"]))

    def _in_log(self, item: Dict[str, Any]) -> None:
        sealed = base64.b64decode(item["salt"], validate=True) + item["entry"].encode()
        leaf = hashlib.sha256(b"\x00" + hashlib.sha256(sealed).digest()).digest()
        paths = [path and [base64.b64decode(step, validate=True) for step in path]
                 for path in item["paths"]]
        for (size, root), path in zip(self.heads, paths):
            if size > item["index"] and (
                    path is None or not leads_to(leaf, item["index"], size, path, root)):
                self.fail("%s finns inte i loggen", "%s is not in the log", item["file"])
        if len(paths) != len(self.heads) or self.heads[0][0] <= item["index"]:
            raise ValueError(item["file"])

    def pictures(self) -> None:
        """Each picture has the hash that its name and the saved comment give it."""
        wanted: "set[str]" = set()
        screens: "set[str]" = set()
        for item in self.proof["documents"]:
            if item["kind"] == "capture":
                capture = json.loads(self.files[item["file"]].decode("utf-8"))
                shown = capture["comment"]["attachments"] + [capture["picture"] or {}]
                wanted |= {one["blob"] for one in shown if one.get("blob")}
                screens |= {one["blob"] for one in [capture.get("screen") or {}] if one}
        there = {"sha256:" + hashlib.sha256(data).hexdigest()
                 for name, data in self.files.items() if name.startswith("files/")}
        if there - screens != wanted - screens:
            self.fail("bilderna är andra än de som kommentaren nämner",
                      "the pictures are not those that the comment names")
        elif there:
            self.good("%d bilder är de som sparades", "%d pictures are those saved", len(there))


def report(check: Check) -> Tuple[List[str], int]:
    """Return the answer, Swedish and English, and the exit code."""
    if check.wrong:
        head = ("FEL. Något i beviset är ändrat eller saknas.",
                "WRONG. Something in the proof is changed or missing.")
    elif check.given:
        head = ("Oförändrad sedan %s." % check.since[0], "Unchanged since %s." % check.since[1])
    else:
        head = ("Beviset hänger ihop, men nyckeln är inte bekräftad. Ange den med --key.",
                "The proof holds together, but the key is not confirmed. Give it with --key.")
    code = 1 if check.wrong else 0 if check.given else 3
    return [line for side in (0, 1) for line in _side(check, head, side)] + _openssl(check), code


def _side(check: Check, head: Line, side: int) -> List[str]:
    wrong, title = ("fel", "wrong")[side], ("Inte kontrollerat här:", "Not checked here:")[side]
    lines = [head[side]]
    lines += ["  %-5s %s." % (wrong, one[side]) for one in check.wrong]
    lines += ["  ok    %s." % one[side] for one in check.held]
    return lines + [title] + ["  - " + one[side] for one in left(check)] + [""]


def left(check: Check) -> List[Line]:
    """Return what this checking cannot say."""
    lines = [
        ("Att tiden stämmer: den kommer från klockan på datorn där Bevara kör.",
         "That the time is right: it comes from the clock of the computer that runs Bevara."),
        ("Att den som har Bevaras nyckel inte har gjort om loggen före kontrollpunkten. En äldre "
         "kvittens eller kontrollpunkt utifrån avgör det: bevara verify --anchor FIL.",
         "That whoever holds Bevara's key did not rebuild the log before the checkpoint. An older "
         "receipt or checkpoint from outside settles that: bevara verify --anchor FILE."),
        ("Att webbsidan visade det som sparades: det såg bara webbläsaren.",
         "That the web page showed what was saved: only the browser saw it."),
    ]
    if not check.given:
        lines.insert(0, ("Vems nyckel det är: den i beviset kan vem som helst ha lagt dit.",
                         "Whose key it is: anyone may have put the one in the proof there."))
    if check.stamped:
        lines.append(("Tidsstämpelns underskrift: kör raden med openssl ts.",
                      "The signature of the time stamp: run the line with openssl ts."))
    else:
        lines.append(("Någon oberoende tid: beviset har ingen tidsstämpel.",
                      "Any independent time: the proof has no time stamp."))
    return lines


def _openssl(check: Check) -> List[str]:
    lines = ["Med openssl, i det uppackade beviset / with openssl, in the unpacked bundle:"]
    return lines + ["  " + line for line in check.openssl] + [
        "  (key.pem: nyckeln utifrån, inte den i beviset / the key from outside, not the bundle's;",
        "   ROT.pem: tidsstämplarens rotcertifikat / the stamping authority's root certificate)"]


def main(arguments: List[str]) -> int:
    """Check a bundle and print what was found; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("bundle", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--key", help="nyckeln utifrån / the key from outside")
    options = parser.parse_args(arguments)
    try:
        key = read_key(options.key) if options.key is not None else None
    except (ValueError, OSError):
        print("Nyckeln går inte att läsa / the key cannot be read: %s" % options.key)
        return 1
    try:
        files = read_bundle(options.bundle)
    except (ValueError, OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
        print("Beviset går inte att läsa / the proof cannot be read: %s" % error)
        return 1
    check = Check(files, key)
    check.run()
    lines, code = report(check)
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:]))
