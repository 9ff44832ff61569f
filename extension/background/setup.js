/* What the helper has told this browser: accounts, packs, profile. Kept, so that a page can be guarded at once. */

import { ownJson, storage } from "./browser.js";
import { call, HelperError, helperKey, origin } from "./helper.js";
import { choose } from "./packs.js";
import { isLocked, setting } from "./settings.js";
import { language, texts } from "./texts.js";

/** @returns {Promise<any>} the last setup, or null */
export async function known() {
  return (await storage.get("setup")) ?? null;
}

/** How many saved comments lack a reason, as the helper last said. @returns {Promise<{number: number, late: number}>} */
export async function withoutReason() {
  return (await storage.get("without_reason")) ?? { number: 0, late: 0 };
}

/** Fetches the setup; returns whether it changed. What waits for a reason changes nothing on a page. */
export async function refresh() {
  if (!(await storage.get("helper"))) return false;
  const before = JSON.stringify(await known());
  const { packs, without_reason, ...rest } = await call({ practice: false, method: "GET", path: "setup" });
  const now = { ...rest, ...(await choose(packs, await helperKey(), rest.accounts)) };
  await storage.set("setup", now);
  await storage.set("without_reason", without_reason ?? null);
  return before !== JSON.stringify(now);
}

/** The body's guideline, with what IT has decided. @param {any} setup */
async function profile(setup) {
  const allowed = await setting("allow_early_hide");
  return setup?.profile ? { ...setup.profile, forbid_early_hide: allowed === undefined ? setup.profile.forbid_early_hide : !allowed } : null;
}

/** @param {string[]} moderators @returns {Promise<string|null>} who sits here, when that is known */
async function who(moderators) {
  const chosen = await storage.get("moderator");
  if (moderators.includes(chosen)) return chosen;
  return moderators.length === 1 ? moderators[0] : null;
}

/** @param {any} setup @returns {Promise<string[]>} IT's names alone, or the desk's and this browser's together */
async function names(setup) {
  const here = (await setting("moderators")) ?? [];
  return (await isLocked("moderators")) ? here : [...new Set([...(setup?.moderators ?? []), ...here])];
}

/** What a page needs to know. */
export async function forPage() {
  const setup = await known();
  const { categories } = await ownJson("packs/categories.json");
  const moderators = await names(setup);
  return {
    paired: Boolean(setup), accounts: setup?.accounts ?? [], packs: setup?.packs ?? [], refused: setup?.refused ?? [],
    profile: await profile(setup), screen: setup?.screen ?? "off", practice_origin: await origin(true), practice_account: setup?.practice.account ?? null,
    moderator: await who(moderators), moderators, categories, language: await language(), texts: await texts(),
  };
}

/** @param {string|null} account_id @returns {Promise<boolean>} true for the practice page's account */
export async function isPractice(account_id) {
  const setup = await known();
  if (!setup) throw new HelperError("not_paired");
  return account_id !== null && setup.practice.account.id === account_id;
}
