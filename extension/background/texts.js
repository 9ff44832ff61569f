/* What is said to a person. Swedish unless someone chose otherwise: the browser's own language says little about a municipality. */

import { ownJson } from "./browser.js";
import { setting } from "./settings.js";

export const LANGUAGES = ["sv", "en"];

/** @type {Map<string, Promise<Record<string, string>>>} */
const loaded = new Map();

/** @returns {Promise<string>} */
export async function language() {
  const chosen = await setting("language");
  return LANGUAGES.includes(chosen) ? chosen : LANGUAGES[0];
}

/** @returns {Promise<Record<string, string>>} every text by its name */
export async function texts() {
  const wanted = await language();
  const found = loaded.get(wanted) ?? read(wanted);
  loaded.set(wanted, found);
  return found;
}

/** @param {string} name of a language */
async function read(name) {
  const messages = await ownJson(`_locales/${name}/messages.json`);
  return Object.fromEntries(Object.entries(messages).map(([key, { message }]) => [key, message]));
}
