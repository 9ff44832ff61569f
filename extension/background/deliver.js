/* Brings parcels to the helper, and takes a receipt only when it is for exactly these bytes. */

import { storage } from "./browser.js";
import { demand, isBehind } from "./checkpoints.js";
import { hex, sha256 } from "./encoding.js";
import { call, hello, HelperError, putBlob } from "./helper.js";
import * as spool from "./spool.js";

/** Refusals of one parcel that trying again does not change. */
const LASTING = new Set(["invalid", "conflict", "too_large", "not_found"]);
/** The comment is erased, or its capture was taken back: nothing of it may stay here. */
export const GONE = new Set(["erased", "cancelled"]);
/** Refusals of one parcel that say nothing about the next. */
const OWN = new Set([...LASTING, ...GONE, "missing_blobs", "hash_mismatch", "unsupported_media_type", "internal"]);
const PAUSES = [5000, 15000];

/** @type {Map<string, number>} parcels that may no longer be cancelled, and how many times each is on its way */
const leaving = new Map();
/** @type {Set<string>} parcels that may no longer leave */
const cancelled = new Set();
/** @type {Promise<void>|null} */
let draining = null;
let asked = false;
let failures = 0;

/** Stops a parcel from leaving; false when it already does. @param {string} id */
export function stop(id) {
  if (leaving.has(id)) return false;
  cancelled.add(id);
  return true;
}

/** Lets a parcel never leave again; what is on its way is the helper's to refuse. @param {string} id */
export const shut = (id) => cancelled.add(id);

/** @param {string} id */
export const isStopped = (id) => cancelled.has(id);

/** @param {spool.Parcel} parcel @param {Promise<any>} [greeted] the helper's hello, when it is already asked for
 * @returns {Promise<any>} the helper's answer; a receipt for a capture */
export async function deliver(parcel, greeted = hello(parcel.practice)) {
  await greeted;
  for (const { name, bytes, media_type } of parcel.blobs) {
    if (isStopped(parcel.id)) throw new HelperError("cancelled");
    await putBlob(parcel.practice, name, bytes, media_type);
  }
  if (isStopped(parcel.id)) throw new HelperError("cancelled");
  leaving.set(parcel.id, (leaving.get(parcel.id) ?? 0) + 1);
  try {
    const answer = await call({ practice: parcel.practice, method: "PUT", path: parcel.path, body: parcel.body });
    if (parcel.type === "capture") await checkReceipt(answer, parcel);
    // Not waited for: nothing that reads the spool after this sees it, and what a dying worker leaves is sent again.
    spool.forget(parcel.id).catch(() => undefined);
    return answer;
  } finally {
    arrived(parcel.id);
  }
}

/** @param {string} id */
function arrived(id) {
  const left = (leaving.get(id) ?? 1) - 1;
  if (left) leaving.set(id, left);
  else leaving.delete(id);
}

/** @param {any} receipt @param {spool.Parcel} parcel */
async function checkReceipt(receipt, parcel) {
  const digest = hex(await sha256(parcel.body));
  if (receipt.capture_id !== parcel.id || receipt.sha256 !== digest || receipt.durable !== true) throw new HelperError("impostor");
  await demand(parcel.practice, receipt);
}

/** Delivers everything that waits, what comes meanwhile too; stops at the first sign that the helper cannot take more, and soon tries again. */
export function drain() {
  asked = true;
  draining ??= rounds();
  return draining;
}

/** Nothing is awaited between the last look at `asked` and the end, so that no call falls between. */
async function rounds() {
  try {
    while (asked) {
      asked = false;
      await run();
      for (const practice of [false, true]) if (!asked) await catchUp(practice);
    }
  } finally {
    draining = null;
  }
}

/** Has the helper show that the ledger its receipts named continues the one before. @param {boolean} practice */
async function catchUp(practice) {
  if (await isBehind(practice)) await hello(practice).catch(() => undefined);
}

async function run() {
  if (!(await storage.get("helper"))) return;
  await spool.gather();
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
    if (code !== null && !OWN.has(code)) return false;
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
    const there = code === "conflict" && (parcel.stripped || parcel.type === "note");
    if (there || GONE.has(code) || isStopped(parcel.id)) await spool.forget(parcel.id);
    else if (LASTING.has(code)) await spool.keep({ ...parcel, refused: code });
    return code;
  }
}

/** The minute's alarm tries anyway; a worker that lives tries sooner. */
export function tryAgain() {
  const pause = PAUSES[failures++];
  if (pause) setTimeout(() => drain().catch(() => undefined), pause);
}
