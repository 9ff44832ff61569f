/* What is known of each platform. The extension ships every pack; the helper may bring a newer one, which is taken
 * only when somebody trusted has signed it and it holds at least as much as the shipped one. */

import { managed, ownJson, storage } from "./browser.js";
import { canonical, fromBase64, utf8 } from "./encoding.js";
import { weaker } from "./pack_rules.js";
import { broken } from "./pack_schema.js";
import { tryOut } from "./pack_trial.js";

/** @typedef {{id: string, version: number, name: Record<string, string>, hosts: string[], watch_only?: {host: string}[], network?: any[], expected?: any[]}} Pack
 * @typedef {{pack: Pack, signature: string}} Offer
 * @typedef {{id: string, version: number, why: string, what: string|null}} Refusal `why` is unsigned, signature, schema, older,
 *   changed (the same number, other content), hosts, weaker, expected or unknown; `what` names the part, label or page at fault */

/** The shipped packs and their addresses. Written out: listeners are added before anything can be read, and a worker
 * that imports JSON modules does not start a second time (Chromium 156). */
const SHIPPED = {
  practice: ["http://localhost/*"],
  facebook: ["https://www.facebook.com/*", "https://web.facebook.com/*", "https://business.facebook.com/*"],
};

/** @returns {string[]} names of the shipped packs */
export function shipped() {
  return Object.keys(SHIPPED);
}

/** What a signature of a pack covers before the pack itself, so that it can be no signature of anything else. */
const PURPOSE = "bevara-pack-1\n";

/** Every host of a pack, those that are only watched too. @param {Pack} pack @returns {string[]} */
export function hosts(pack) {
  return [...pack.hosts, ...(pack.watch_only ?? []).map((one) => one.host)];
}

/** @param {Pack} pack @returns {string[]} match patterns */
export function addresses(pack) {
  return pack.id === "practice" ? ["http://localhost/*"] : hosts(pack).map((host) => `https://${host}/*`);
}

/** @returns {string[]} match patterns of everything that could ever be watched */
export function everyAddress() {
  return Object.values(SHIPPED).flat();
}

/** Whose signatures count: the publisher's, and the keys of the policy; without such a policy the paired helper's own
 * key, which could open the gate with a receipt anyway.
 * @param {Uint8Array<ArrayBuffer>} helper raw key @returns {Promise<Uint8Array<ArrayBuffer>[]>} */
async function trusted(helper) {
  const published = await ownJson("trial/keys.json");
  const local = (await managed()).pack_keys;
  return [...published.map(fromBase64), ...(local?.length ? local.map(fromBase64) : [helper])];
}

/** The packs to use and what was refused: the shipped ones, each replaced by the newest good one that was ever offered.
 * @param {Offer[]} offered @param {Uint8Array<ArrayBuffer>} helper raw key @param {{platform: string, identifiers: {kind: string, value: string}[]}[]} accounts
 * @returns {Promise<{packs: Pack[], refused: Refusal[]}>} */
export async function choose(offered, helper, accounts) {
  const keys = await trusted(helper);
  const good = { ...(await storage.get("packs.good")) };
  const packs = [];
  const refused = [];
  for (const name of shipped()) {
    const own = /** @type {Pack} */ (await ownJson(`packs/${name}.json`));
    const allowed = [...hosts(own), ...registered(accounts, name)];
    const kept = good[name] && !(await wrong(own, own, good[name], keys, allowed)) ? good[name] : null;
    let now = kept ?? { pack: own, signature: null };
    for (const offer of offered.filter(({ pack }) => pack?.id === name)) {
      if (same(offer, now)) continue;
      const why = await wrong(own, now.pack, offer, keys, allowed);
      if (why) refused.push({ id: name, version: Number(offer.pack.version) || 0, ...why });
      else now = offer;
    }
    if (now.signature) good[name] = now;
    else delete good[name];
    packs.push(now.pack);
  }
  await storage.set("packs.good", good);
  return { packs, refused: [...refused, ...strangers(offered)] };
}

/** Packs for platforms that this version does not know. @param {Offer[]} offered @returns {Refusal[]} */
function strangers(offered) {
  const others = offered.filter(({ pack }) => !Object.hasOwn(SHIPPED, String(pack?.id)));
  return others.map(({ pack }) => ({ id: String(pack?.id).slice(0, 40), version: Number(pack?.version) || 0, why: "unknown", what: null }));
}

/** The body's own hosts for a platform. @param {any[]} accounts @param {string} platform @returns {string[]} */
function registered(accounts, platform) {
  const ours = accounts.filter((account) => account.platform === platform);
  return ours.flatMap((account) => account.identifiers.filter((/** @type {any} */ one) => one.kind === "host").map((/** @type {any} */ one) => one.value));
}

/** @param {Offer} one @param {{pack: Pack, signature: string|null}} other */
function same(one, other) {
  return one.signature === other.signature || (one.pack.version === other.pack.version && canonical(one.pack) === canonical(other.pack));
}

/** Why an offer cannot be used, or null. @param {Pack} own the shipped pack @param {Pack} now the pack in use
 * @param {Offer} offer @param {Uint8Array<ArrayBuffer>[]} keys @param {string[]} allowed hosts
 * @returns {Promise<{why: string, what: string|null}|null>} */
async function wrong(own, now, { pack, signature }, keys, allowed) {
  if (!signature) return { why: "unsigned", what: null };
  if (!(await signedBy(keys, pack, signature))) return { why: "signature", what: null };
  const part = broken(pack, await ownJson("trial/platform-pack-1.json"));
  if (part !== null) return { why: "schema", what: part };
  if (pack.version < now.version || pack.version <= own.version) return { why: "older", what: String(now.version) };
  if (pack.version === now.version && canonical(pack) !== canonical(now)) return { why: "changed", what: String(now.version) };
  const host = hosts(pack).find((name) => !allowed.includes(name));
  if (host) return { why: "hosts", what: host };
  const less = weaker(own, pack);
  if (less) return { why: "weaker", what: less };
  const failed = await tryOut(pack, [...(own.expected ?? []), ...(pack.expected ?? [])]);
  return failed === null ? null : { why: "expected", what: failed };
}

/** @param {Uint8Array<ArrayBuffer>[]} keys @param {Pack} pack @param {string} signature @returns {Promise<boolean>} */
async function signedBy(keys, pack, signature) {
  for (const raw of keys) {
    try {
      const key = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
      if (await crypto.subtle.verify("Ed25519", key, fromBase64(signature), utf8(PURPOSE + canonical(pack)))) return true;
    } catch {
      continue;
    }
  }
  return false;
}
