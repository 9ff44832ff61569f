/* One setting: what IT decided by policy, or else what the person chose in this browser. */

import { managed, storage } from "./browser.js";

/** A shared Bevara's origin, exactly as browsers write it. @param {any} value @returns {boolean} */
export function isAddress(value) {
  return typeof value === "string" && URL.canParse(value) && value.startsWith("https://") && new URL(value).origin === value;
}

/** What a policy may say; anything else, and anything of another kind, is as if it were not said. @type {Record<string, (value: any) => boolean>} */
const POLICY = {
  port: (value) => Number.isInteger(value) && value >= 1024 && value <= 65535,
  address: (value) => isAddress(value),
  helper_key: (value) => typeof value === "string" && /^[A-Za-z0-9+/]{43}=$/.test(value),
  moderators: (value) => Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string" && name.trim() !== ""),
  allow_early_hide: (value) => typeof value === "boolean",
  pictures: (value) => typeof value === "boolean",
  hosts: (value) => Array.isArray(value) && value.every((host) => typeof host === "string"),
  pack_keys: (value) => Array.isArray(value),
  language: (value) => value === "sv" || value === "en",
};

/** The policy as it was last seen. It is kept, since the browser may take seconds to tell it after a start.
 * @returns {Promise<Record<string, any>>} */
export async function policy() {
  return (await storage.get("policy")) ?? {};
}

/** Reads the policy anew. @returns {Promise<boolean>} whether it changed */
export async function readPolicy() {
  const said = await managed();
  const now = Object.fromEntries(Object.entries(said).filter(([name, value]) => POLICY[name]?.(value)));
  const changed = JSON.stringify(now) !== JSON.stringify(await policy());
  if (changed) await storage.set("policy", now);
  return changed;
}

/** @param {string} name @returns {Promise<any>} undefined when nobody has said */
export async function setting(name) {
  const decided = await policy();
  return Object.hasOwn(decided, name) ? decided[name] : storage.get(name);
}

/** @param {string} name @returns {Promise<boolean>} true when only IT may change it */
export async function isLocked(name) {
  return Object.hasOwn(await policy(), name);
}
