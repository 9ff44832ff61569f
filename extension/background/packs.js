/* What is known of each platform. The extension ships every pack; the helper may bring a newer one. */

import { ownJson } from "./browser.js";
import { fromBase64, utf8 } from "./encoding.js";

/** @typedef {{id: string, version: number, hosts: string[], watch_only?: {host: string}[], network?: any[]}} Pack */

/** The shipped packs and their addresses. Written out: listeners are added before anything can be read, and a worker
 * that imports JSON modules does not start a second time (Chromium 156). */
const SHIPPED = {
  practice: ["http://localhost/*"],
  facebook: ["https://www.facebook.com/*", "https://web.facebook.com/*", "https://business.facebook.com/*"],
};

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

/** The packs to use: the shipped ones, each replaced by the helper's when that is newer, signed and opens no new host.
 * @param {{pack: Pack, signature: string}[]} offered @param {Uint8Array<ArrayBuffer>} helper raw key @returns {Promise<Pack[]>} */
export async function choose(offered, helper) {
  return Promise.all(Object.keys(SHIPPED).map(async (name) => {
    const own = /** @type {Pack} */ (await ownJson(`packs/${name}.json`));
    const other = offered.find((one) => one.pack.id === own.id);
    return other && (await better(own, other, helper)) ? other.pack : own;
  }));
}

/** @param {Pack} own @param {{pack: Pack, signature: string}} other @param {Uint8Array<ArrayBuffer>} helper */
async function better(own, { pack, signature }, helper) {
  if (!(pack.version > own.version) || hosts(pack).some((host) => !hosts(own).includes(host))) return false;
  try {
    const key = await crypto.subtle.importKey("raw", helper, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, fromBase64(signature), utf8(JSON.stringify(sorted(pack))));
  } catch {
    return false;
  }
}

/** The same value with the keys of every object in order. @param {any} value @returns {any} */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]));
}
