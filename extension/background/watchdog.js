/* Sees a platform's own deletion requests, and saves late what slipped past the gate.
 * Nothing about any other request is kept, counted or logged. */

import { onRequest, tellTab } from "./browser.js";
import { note, save } from "./captures.js";
import { join } from "./encoding.js";
import { everyAddress, hosts } from "./packs.js";
import { known } from "./setup.js";

export function watch() {
  onRequest(everyAddress(), (details) => { see(details).catch(() => undefined); });
}

/** @param {any} details */
async function see(details) {
  if (details.method !== "POST" || details.tabId < 0) return;
  const setup = await known();
  const url = new URL(details.url);
  const pack = setup?.packs.find((/** @type {any} */ one) => hosts(one).includes(url.hostname));
  const rule = pack?.network?.find((/** @type {any} */ one) => one.path === url.pathname && one.method === details.method);
  if (!rule) return;
  const form = formOf(details);
  const action = actionOf(rule, form);
  const comment_id = action && commentOf(rule, form);
  if (!action) return;
  await seen(details.tabId, pack, action, comment_id ?? null);
}

/** @param {any} details @returns {Record<string, string>} */
function formOf({ requestBody }) {
  if (requestBody?.formData) return Object.fromEntries(Object.entries(requestBody.formData).map(([name, values]) => [name, /** @type {any} */ (values)[0]]));
  const parts = (requestBody?.raw ?? []).filter((/** @type {any} */ part) => part.bytes).map((/** @type {any} */ part) => new Uint8Array(part.bytes));
  return Object.fromEntries(new URLSearchParams(new TextDecoder().decode(join(...parts))));
}

/** @param {any} rule @param {Record<string, string>} form @returns {string|null} */
function actionOf(rule, form) {
  const name = rule.name_from.map((/** @type {any} */ source) => (source.form ? form[source.form] : undefined)).find(Boolean);
  if (!name) return null;
  for (const [action, names] of Object.entries(rule.names)) if (/** @type {string[]} */ (names).includes(name)) return action;
  const lower = name.toLowerCase();
  if ((rule.harmless_words ?? []).some((/** @type {string} */ word) => lower.includes(word))) return null;
  const words = rule.name_words ?? [];
  return words.length && words.every((/** @type {string[]} */ group) => group.some((word) => lower.includes(word))) ? "other" : null;
}

/** @param {any} rule @param {Record<string, string>} form @returns {string|null} */
function commentOf(rule, form) {
  for (const source of rule.comment_id) {
    const value = source.form ? form[source.form] : fromJson(form[source.form_json], source.path);
    const found = decode(Array.isArray(value) ? value[0] : value, source.decode);
    if (found) return found;
  }
  return null;
}

/** @param {string|undefined} text @param {string[]} path */
function fromJson(text, path) {
  try {
    return path.reduce((/** @type {any} */ value, step) => value?.[step], JSON.parse(text ?? "null"));
  } catch {
    return null;
  }
}

/** @param {unknown} value @param {string|undefined} decoder @returns {string|null} */
function decode(value, decoder) {
  if (typeof value !== "string" || !value) return null;
  if (decoder !== "facebook_base64" || /^\d+$/.test(value)) return value;
  try {
    return atob(value).split("_")[1] ?? null;
  } catch {
    return null;
  }
}

/** @param {number} tabId @param {any} pack @param {string} action @param {string|null} comment_id */
async function seen(tabId, pack, action, comment_id) {
  const at = new Date().toISOString();
  const answer = await tellTab(tabId, { type: "watchdog.seen", pack_id: pack.id, action, comment_id, at });
  if (answer?.ours !== true || answer.known) return;
  if (answer.capture) {
    await save({ capture: answer.capture, blobs: answer.blobs ?? [] });
    return;
  }
  const id = crypto.randomUUID();
  const incident = {
    schema: "incident/1", id, kind: "unseen_deletion", at, platform: pack.id, account_id: answer.account_id ?? null,
    moderator: null, permalink: null, comment_id, author_url: null, reason: null, note: null, counters: {},
  };
  await note(`incidents/${id}`, incident, pack.id === "practice");
}
