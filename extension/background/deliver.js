/* Brings parcels to the helper, and takes a receipt only when it is for exactly these bytes. */

import { storage } from "./browser.js";
import { hex, sha256 } from "./encoding.js";
import { call, hello, HelperError, putBlob } from "./helper.js";
import * as spool from "./spool.js";

/** Refusals of one parcel that trying again does not change. */
const LASTING = new Set(["invalid", "conflict", "too_large", "not_found"]);
/** Refusals of one parcel that say nothing about the next. */
const OWN = new Set([...LASTING, "missing_blobs", "hash_mismatch", "unsupported_media_type", "internal"]);
const PAUSES = [5000, 15000];

/** @type {Set<string>} parcels that may no longer be cancelled */
const leaving = new Set();
/** @type {Set<string>} parcels that may no longer leave */
const cancelled = new Set();
/** @type {Promise<void>|null} */
let draining = null;
let failures = 0;

/** Stops a parcel from leaving; false when it already does. @param {string} id */
export function stop(id) {
  if (leaving.has(id)) return false;
  cancelled.add(id);
  return true;
}

/** @param {string} id */
export const isStopped = (id) => cancelled.has(id);

/** @param {spool.Parcel} parcel @returns {Promise<any>} the helper's answer; a receipt for a capture */
export async function deliver(parcel) {
  await hello(parcel.practice);
  for (const { name, bytes, media_type } of parcel.blobs) {
    if (isStopped(parcel.id)) throw new HelperError("cancelled");
    await putBlob(parcel.practice, name, bytes, media_type);
  }
  if (isStopped(parcel.id)) throw new HelperError("cancelled");
  leaving.add(parcel.id);
  try {
    const answer = await call({ practice: parcel.practice, method: "PUT", path: parcel.path, body: parcel.body });
    if (parcel.type === "capture") await checkReceipt(answer, parcel);
    await spool.forget(parcel.id);
    return answer;
  } finally {
    leaving.delete(parcel.id);
  }
}

/** @param {any} receipt @param {spool.Parcel} parcel */
async function checkReceipt(receipt, parcel) {
  const digest = hex(await sha256(parcel.body));
  if (receipt.capture_id !== parcel.id || receipt.sha256 !== digest || receipt.durable !== true) throw new HelperError("impostor");
}

/** Delivers everything that waits; stops at the first sign that the helper cannot take more, and soon tries again. */
export function drain() {
  draining ??= run().finally(() => { draining = null; });
  return draining;
}

async function run() {
  if (!(await storage.get("helper"))) return;
  const all = (await spool.waiting()).filter((one) => !one.refused);
  const captures = all.filter((one) => one.type === "capture");
  if (!(await sendAll(captures))) return tryAgain();
  const staying = (await spool.waiting()).filter((one) => one.type === "capture").map((one) => `${one.path}/`);
  const notes = all.filter((one) => one.type === "note" && !staying.some((path) => one.path.startsWith(path)));
  if (!(await sendAll(notes))) return tryAgain();
  failures = 0;
}

/** What is said about a capture goes after it. @param {spool.Parcel[]} parcels @returns {Promise<boolean>} false when the helper takes no more */
async function sendAll(parcels) {
  for (const parcel of parcels.filter((one) => !leaving.has(one.id))) {
    const code = await attempt(parcel);
    if (code !== null && code !== "cancelled" && !OWN.has(code)) return false;
  }
  return true;
}

/** @param {spool.Parcel} parcel @returns {Promise<string|null>} why it stays, or null when it is delivered */
async function attempt(parcel) {
  try {
    await deliver(parcel);
    return null;
  } catch (error) {
    const code = error instanceof HelperError ? error.code : "internal";
    if (LASTING.has(code)) await spool.keep({ ...parcel, refused: code });
    return code;
  }
}

/** The minute's alarm tries anyway; a worker that lives tries sooner. */
export function tryAgain() {
  const pause = PAUSES[failures++];
  if (pause) setTimeout(drain, pause);
}
