/* Holds the helper to its ledger: what it once signed must still be the beginning of what it signs now (RFC 9162). */

import { storage } from "./browser.js";
import { fromBase64, join, sha256, toBase64, utf8 } from "./encoding.js";

/** @typedef {{origin: string, size: number, root: Uint8Array<ArrayBuffer>}} Checkpoint */

/** @param {boolean} practice */
const nameOf = (practice) => (practice ? "checkpoint_practice" : "checkpoint");

/** @param {boolean} practice */
const leastOf = (practice) => (practice ? "receipt_practice" : "receipt");

/** @param {boolean} practice @returns {Promise<string|null>} the last checkpoint that was shown to continue all before it */
export async function last(practice) {
  return (await storage.get(nameOf(practice))) ?? null;
}

/** @typedef {{size: number, root: string}} Least the largest tree that a receipt has named; its root in base64 */

/** @param {boolean} practice @returns {Promise<Least|null>} */
export async function least(practice) {
  return (await storage.get(leastOf(practice))) ?? null;
}

/** Of two that come at once the larger stays, whichever comes last. */
let remembering = Promise.resolve();

/** @param {() => Promise<void>} job */
function inTurn(job) {
  remembering = remembering.catch(() => undefined).then(job);
  return remembering;
}

/** @param {boolean} practice @param {string} text a checkpoint that continues the last one */
export function remember(practice, text) {
  return inTurn(async () => {
    const known = await last(practice);
    if (known === null || sizeOf(known) <= sizeOf(text)) await storage.set(nameOf(practice), text);
  });
}

/** Nothing smaller than what a receipt has named may be shown after it. @param {boolean} practice @param {any} receipt */
export function demand(practice, { tree_size, root }) {
  return inTurn(async () => {
    const known = await least(practice);
    if (known === null || known.size < tree_size) await storage.set(leastOf(practice), { size: tree_size, root });
  });
}

/** @param {boolean} practice @returns {Promise<boolean>} true when a receipt names a larger tree than was shown to continue the last one */
export async function isBehind(practice) {
  const [floor, known] = [await least(practice), await last(practice)];
  return floor !== null && (known === null || sizeOf(known) < floor.size);
}

/** @param {string} text a checkpoint that was read before */
const sizeOf = (text) => Number(text.split("\n")[1]);

/** Forgets both ledgers: a new pairing begins anew. */
export async function forget() {
  for (const practice of [true, false]) {
    await storage.set(nameOf(practice), null);
    await storage.set(leastOf(practice), null);
  }
}

/** True when `now` is signed by `helper`, continues `before` and is no smaller than `floor`.
 * @param {string|null} before @param {Least|null} floor @param {string} now @param {string[]|null} proof base64 @param {Uint8Array<ArrayBuffer>} helper */
export async function continues(before, floor, now, proof, helper) {
  try {
    const next = await read(now, helper);
    if (floor && (next.size < floor.size || (next.size === floor.size && toBase64(next.root) !== floor.root))) return false;
    if (before === null) return true;
    const old = await read(before, helper);
    return old.origin === next.origin && await consistent(old, next, (proof ?? []).map(fromBase64));
  } catch {
    return false;
  }
}

/** Reads a C2SP signed note. @param {string} text @param {Uint8Array<ArrayBuffer>} helper @returns {Promise<Checkpoint>} */
async function read(text, helper) {
  const cut = text.indexOf("\n\n");
  const [origin, size, root] = text.slice(0, cut).split("\n");
  const signed = /^\u2014 (\S+) ([A-Za-z0-9+/=]+)\n$/.exec(text.slice(cut + 2));
  if (!signed || signed[1] !== origin || !/^\d{1,15}$/.test(size)) throw new Error("not a checkpoint");
  const blob = fromBase64(signed[2]);
  const key = await crypto.subtle.importKey("raw", helper, { name: "Ed25519" }, false, ["verify"]);
  const name = (await sha256(join(utf8(`${origin}\n`), new Uint8Array([1]), helper))).slice(0, 4);
  const ours = toBase64(name) === toBase64(blob.slice(0, 4));
  if (!ours || !(await crypto.subtle.verify("Ed25519", key, blob.slice(4), utf8(text.slice(0, cut + 1))))) throw new Error("not signed");
  return { origin, size: Number(size), root: fromBase64(root) };
}

/** @param {Uint8Array} left @param {Uint8Array} right */
function nodeHash(left, right) {
  return sha256(join(new Uint8Array([1]), left, right));
}

/** @param {Uint8Array} a @param {Uint8Array} b */
function same(a, b) {
  return toBase64(a) === toBase64(b);
}

/** @param {Checkpoint} old @param {Checkpoint} next @param {Uint8Array<ArrayBuffer>[]} proof */
async function consistent(old, next, proof) {
  if (old.size === next.size) return proof.length === 0 && same(old.root, next.root);
  if (old.size === 0) return proof.length === 0;
  if (old.size > next.size || proof.length === 0) return false;
  const whole = Number.isInteger(Math.log2(old.size));
  return climb(whole ? [old.root, ...proof] : proof, old, next);
}

/** @param {Uint8Array<ArrayBuffer>[]} steps @param {Checkpoint} old @param {Checkpoint} next */
async function climb(steps, old, next) {
  let here = old.size - 1, end = next.size - 1;
  const up = () => { here = Math.floor(here / 2); end = Math.floor(end / 2); };
  while (here % 2) up();
  let [first, second] = [steps[0], steps[0]];
  for (const step of steps.slice(1)) {
    if (end === 0) return false;
    if (here % 2 || here === end) {
      [first, second] = [await nodeHash(step, first), await nodeHash(step, second)];
      while (here % 2 === 0 && here) up();
    } else {
      second = await nodeHash(second, step);
    }
    up();
  }
  return end === 0 && same(first, old.root) && same(second, next.root);
}
