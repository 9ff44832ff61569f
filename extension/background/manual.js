/* Saves what a person has marked, on any page: text, a picture of the marking, the address, and whose account took part. */

import { runInTab, tab as tabById, version } from "./browser.js";
import { note, save } from "./captures.js";
import { fromBase64, hex, sha256 } from "./encoding.js";
import { origin } from "./helper.js";
import { hosts } from "./packs.js";
import { readSelection } from "./selection.js";
import { forPage, isPractice } from "./setup.js";
import { take } from "./shots.js";

const LIMIT = 200000;
const AROUND = 8;

/** What is marked in a tab, and which accounts may have taken part. @param {number} tab_id */
export async function look(tab_id) {
  const tab = await tabById(tab_id);
  if (!/^https?:/.test(tab?.url ?? "")) return { ok: false, code: "unreadable" };
  const found = await runInTab(tab_id, readSelection);
  if (found === null) return { ok: false, code: "unreadable" };
  const seen = found.find((one) => one?.text);
  if (!seen) return { ok: false, code: "nothing_marked" };
  return { ok: true, seen, accounts: await accountsFor(tab.url) };
}

/** The practice account on the practice page, all the others elsewhere. @param {string} url */
async function accountsFor(url) {
  const page = await forPage();
  const practising = url.startsWith(`${await origin(true)}/`);
  const all = practising ? [page.practice_account] : page.accounts;
  return all.filter(Boolean).map((/** @type {any} */ { id, name }) => ({ id, name }));
}

/** @param {{tab_id: number, text: string, author: string, account_id: string, secrecy: boolean, category: string|null}} wanted
 * @returns {Promise<any>} what `save` answers; `changed` when something else is marked by now */
export async function keep(wanted) {
  const now = await look(wanted.tab_id);
  if (!now.ok) return now;
  if (now.seen.text !== wanted.text) return { ok: false, code: "changed" };
  if (!now.accounts.some((/** @type {any} */ one) => one.id === wanted.account_id)) return { ok: false, code: "no_account" };
  const shot = await picture(wanted.tab_id, now.seen);
  const capture = await document_of(wanted, now.seen, shot);
  const answer = await save({ capture, blobs: shot.blob ? [shot.blob] : [] });
  if (answer.ok && wanted.category) await reason(capture, wanted.category);
  return answer;
}

/** @param {number} tab_id @param {any} seen @returns {Promise<{picture: any, blob: any, reason: string|null}>} */
async function picture(tab_id, { rect, viewport, top }) {
  const none = (/** @type {string} */ reason) => ({ picture: null, blob: null, reason });
  if (!top) return none("inside_frame");
  const x = Math.max(0, rect.x - AROUND), y = Math.max(0, rect.y - AROUND);
  const width = Math.min(viewport.width, rect.x + rect.width + AROUND) - x;
  const height = Math.min(viewport.height, rect.y + rect.height + AROUND) - y;
  if (width < 8 || height < 8) return none("outside_window");
  /** @type {any} */
  const shot = await take({ rect: { x, y, width, height }, cover: [], viewport }, { tab: { id: tab_id } });
  if (!shot.ok) return none(shot.reason);
  const base64 = shot.data_url.slice(shot.data_url.indexOf(",") + 1);
  const bytes = fromBase64(base64);
  const blob = { sha256: `sha256:${hex(await sha256(bytes))}`, media_type: shot.media_type, base64 };
  const marks = rect.y < 0 || rect.y + rect.height > viewport.height ? ["cut"] : [];
  return { blob, reason: null, picture: { blob: blob.sha256, media_type: shot.media_type, width: shot.width, height: shot.height, scale: shot.scale,
    covered: 0, taken_at: shot.taken_at, marks } };
}

/** @param {any} wanted @param {any} seen @param {any} shot */
async function document_of({ author, account_id, secrecy }, seen, shot) {
  const { moderator, packs } = await forPage();
  const pack = packs.find((/** @type {any} */ one) => hosts(one).includes(new URL(seen.url).hostname));
  const at = new Date().toISOString();
  const name = author.trim().slice(0, 500) || null;
  const missing = ["comment.id", ...(name ? [] : ["comment.author.name"]), "comment.author.url", "comment.permalink", "comment.time",
    ...(shot.picture ? [] : ["picture"]), ...(seen.text.length > LIMIT ? ["comment.text.rest"] : [])];
  return {
    schema: "capture/1", capture_id: crypto.randomUUID(), captured_at: at, first_seen_at: at, mode: "manual",
    platform: pack?.id ?? "other", pack: { id: pack?.id ?? "none", version: pack?.version ?? 1 }, account_id,
    action: { kind: "none", label: null, reversible: true, trigger: "button" },
    comment: {
      id: null, parent_id: null, post_id: null, permalink: null, author: { name, url: null, id: null }, text: seen.text.slice(0, LIMIT),
      truncated: seen.text.length > LIMIT, time_shown: null, time_exact: null, time_precision: "unknown", edited: false, language: null,
      attachments: [], fragment: null,
    },
    beside: [], context: { post: null, answers: [] }, picture: shot.picture, no_picture_reason: shot.reason,
    completeness: { state: "partial", missing },
    page: { url: plainAddress(seen.url), language: seen.language, viewport: seen.viewport, zoom: seen.zoom },
    software: { extension: version(), browser: seen.browser }, moderator: { name: moderator }, possible_secrecy: secrecy,
  };
}

/** The address without what follows a visitor about: names that begin with `_`, and long values. @param {string} text */
function plainAddress(text) {
  const url = new URL(text);
  for (const [name, value] of [...url.searchParams]) if (name.startsWith("_") || value.length > 100) url.searchParams.delete(name);
  return url.href.slice(0, 8000);
}

/** @param {any} capture @param {string} category */
async function reason({ capture_id, account_id, possible_secrecy, moderator }, category) {
  const body = { category, possible_secrecy, moderator: moderator.name, at: new Date().toISOString() };
  await note(`captures/${capture_id}/reason`, body, await isPractice(account_id), `captures/${capture_id}/reason#${crypto.randomUUID()}`);
}
