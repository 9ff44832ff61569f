/* Knows which comments the closed path or an erasure has shut out, and keeps their words from everything that is sent or kept. */

import { storage } from "./browser.js";
import { shut } from "./deliver.js";
import { sha1, utf8 } from "./encoding.js";
import { known as setup } from "./setup.js";
import * as spool from "./spool.js";

/** @typedef {{platform: string, comment_id: string}} Shut the comment's number, which the closed path's note keeps too */

/** So many comments are remembered; the oldest is forgotten first. */
const MANY = 500;

/** The helper's namespace of record ids (RFC 9562, UUIDv5). */
const NAMESPACE = "6e0d1f3e3f7d5b5c9a540c6b3f2f9b10";

/** Before the closed path's note leaves: nothing of the comment stays or leaves any more.
 * @param {any} incident @returns {Promise<any>} the incident, naming every capture of the comment that this browser had */
export async function byIncident(incident) {
  const { platform, comment_id } = incident;
  if (comment_id !== null) await remember({ platform, comment_id });
  const named = new Set(incident.captures ?? []);
  named.forEach((id) => shut(id));
  const same = (/** @type {any} */ one) => named.has(one.capture_id) || (comment_id !== null && one.platform === platform && one.comment.id === comment_id);
  const gone = await throwAway(async (capture) => same(capture));
  return { ...incident, captures: [...new Set([...named, ...gone])].slice(0, 50) };
}

/** @returns {Promise<Shut[]>} what the closed path has shut in this browser */
export async function known() {
  return (await storage.get("shut")) ?? [];
}

/** @param {Shut} one */
async function remember(one) {
  const others = (await known()).filter((each) => each.platform !== one.platform || each.comment_id !== one.comment_id);
  await storage.set("shut", [...others, one].slice(-MANY));
}

/** @param {any} capture @returns {Promise<boolean>} true when nothing of the comment may be kept */
export async function isShut({ platform, comment }) {
  return (await known()).some((one) => one.platform === platform && one.comment_id === comment.id);
}

/** @param {any} capture @returns {Promise<any>} the same object, or one that quotes no comment that is shut or erased */
export async function withoutShut(capture) {
  const gone = new Set(await all(capture.context.answers, (answer) => quoted(capture, answer)));
  if (!gone.size) return capture;
  const answers = capture.context.answers.filter((/** @type {any} */ one) => !gone.has(one));
  const missing = [...new Set([...capture.completeness.missing, "context.answers"])];
  return { ...capture, context: { ...capture.context, answers }, completeness: { state: "partial", missing } };
}

/** @param {any} capture @param {any} comment one that it answers */
async function quoted({ platform, account_id }, comment) {
  if (await isShut({ platform, comment })) return true;
  const erased = (await setup())?.erased ?? [];
  return erased.includes(await recordId({ capture_id: "", platform, account_id, comment }));
}

/** @param {any[]} list @param {(one: any) => Promise<boolean>} meant @returns {Promise<any[]>} those that are meant */
async function all(list, meant) {
  const found = await Promise.all(list.map(meant));
  return list.filter((_, at) => found[at]);
}

/** What the helper says is erased. @param {string[]} records */
export async function byRecords(records) {
  if (!records.length) return;
  await throwAway(async (capture) => records.includes(await recordId(capture)));
}

/** Those that only quote a shut comment stay, without the quotation: they are about somebody else's words.
 * @param {(capture: any) => Promise<boolean>} meant @returns {Promise<string[]>} the captures that are gone */
async function throwAway(meant) {
  const waiting = await spool.waiting();
  const gone = [];
  for (const parcel of waiting.filter((one) => one.type === "capture")) {
    const capture = JSON.parse(new TextDecoder().decode(parcel.body));
    if (!(await meant(capture))) {
      await strip(parcel, capture);
      continue;
    }
    gone.push(parcel.id);
    shut(parcel.id);
    for (const about of waiting.filter((one) => one.id === parcel.id || one.path.startsWith(`${parcel.path}/`))) await spool.forget(about.id);
  }
  return gone;
}

/** @param {spool.Parcel} parcel @param {any} capture what it carries */
async function strip(parcel, capture) {
  const bare = await withoutShut(capture);
  if (bare !== capture) await spool.keep({ ...parcel, body: utf8(JSON.stringify(bare)), stripped: true });
}

/** @param {any} capture @returns {Promise<string>} the record's id, as the helper makes it */
export async function recordId({ capture_id, platform, account_id, comment }) {
  const name = comment.id === null ? capture_id : [platform, account_id ?? "", comment.id].join("\0");
  const space = Uint8Array.from(NAMESPACE.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const digest = (await sha1(space, utf8(name))).slice(0, 16);
  digest[6] = (digest[6] & 0x0f) | 0x50;
  digest[8] = (digest[8] & 0x3f) | 0x80;
  const text = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}
