/* Content scripts for the registered accounts' hosts and the practice page, and for nothing else. */

import { ownJson, register, registered } from "./browser.js";
import { addresses } from "./packs.js";
import { setting } from "./settings.js";
import { known } from "./setup.js";

/** @returns {Promise<Map<string, string[]>>} match patterns by pack */
export async function patterns() {
  const setup = await known();
  const found = new Map();
  if (!setup) return found;
  for (const pack of setup.packs) {
    const ours = pack.id === "practice" || setup.accounts.some((/** @type {any} */ account) => account.platform === pack.id);
    const matches = ours ? await allowed(addresses(pack)) : [];
    if (matches.length) found.set(pack.id, matches);
  }
  return found;
}

/** The addresses that IT lets Bevara guard; the practice page is always among them. @param {string[]} matches */
async function allowed(matches) {
  const only = await setting("hosts");
  return only ? matches.filter((one) => one === "http://localhost/*" || only.includes(new URL(one.slice(0, -1)).hostname)) : matches;
}

/** @param {string|undefined} url @returns {Promise<boolean>} whether a page at this address should have a living script */
export async function isGuarded(url) {
  if (!url) return false;
  const { protocol, hostname } = new URL(url);
  return [...(await patterns()).values()].flat().includes(`${protocol}//${hostname}/*`);
}

/** Makes the registered scripts what they should be; harmless when they are. */
export async function check() {
  const files = (await ownJson("content/order.json")).map((/** @type {string} */ name) => `content/${name}`);
  const wanted = [...(await patterns())].map(([pack, matches]) => ({
    id: `pack-${pack}`, js: files, matches, runAt: "document_start", allFrames: true, persistAcrossSessions: true,
  }));
  const old = await registered();
  if (same(old, wanted)) return false;
  await register(wanted, old.map((one) => one.id));
  return true;
}

/** @param {any[]} old @param {any[]} wanted */
function same(old, wanted) {
  const view = (/** @type {any[]} */ list) => JSON.stringify(list.map(({ id, js, matches }) => [id, js, [...matches].sort()]).sort());
  return view(old) === view(wanted);
}
