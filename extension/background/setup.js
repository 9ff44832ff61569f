/* What the helper has told this browser: accounts, packs, profile. Kept, so that a page can be guarded at once. */

import { ownJson, storage } from "./browser.js";
import { call, HelperError, helperKey, origin } from "./helper.js";
import { choose } from "./packs.js";

/** @returns {Promise<any>} the last setup, or null */
export async function known() {
  return (await storage.get("setup")) ?? null;
}

/** Fetches the setup; returns whether it changed. */
export async function refresh() {
  if (!(await storage.get("helper"))) return false;
  const before = JSON.stringify(await known());
  const { packs, ...rest } = await call({ practice: false, method: "GET", path: "setup" });
  const now = { ...rest, packs: await choose(packs, await helperKey()) };
  await storage.set("setup", now);
  return before !== JSON.stringify(now);
}

/** What a page needs to know. */
export async function forPage() {
  const setup = await known();
  const { categories } = await ownJson("packs/categories.json");
  const moderators = (await storage.get("moderators")) ?? [];
  const moderator = (await storage.get("moderator")) ?? (moderators.length === 1 ? moderators[0] : null);
  return {
    paired: Boolean(setup), accounts: setup?.accounts ?? [], packs: setup?.packs ?? [],
    profile: setup?.profile ?? null, practice_origin: await origin(true), practice_account: setup?.practice.account ?? null,
    moderator, moderators, categories, possible: true,
  };
}

/** @param {string|null} account_id @returns {Promise<boolean>} true for the practice page's account */
export async function isPractice(account_id) {
  const setup = await known();
  if (!setup) throw new HelperError("not_paired");
  return account_id !== null && setup.practice.account.id === account_id;
}
