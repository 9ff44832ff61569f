/* Brings parcels to the helper, and takes a receipt only when it is for exactly these bytes. */

import { storage } from "./browser.js";
import { hex, sha256 } from "./encoding.js";
import { call, hello, HelperError, putBlob } from "./helper.js";
import * as spool from "./spool.js";

const LASTING = new Set(["invalid", "conflict", "too_large", "unsupported_contract", "not_found"]);
/** @type {Set<string>} parcels that may no longer be cancelled */
export const leaving = new Set();
/** @type {Promise<void>|null} */
let draining = null;

/** @param {spool.Parcel} parcel @returns {Promise<any>} the helper's answer; a receipt for a capture */
export async function deliver(parcel) {
  await hello(parcel.practice);
  if (!(await spool.find(parcel.id))) throw new HelperError("cancelled");
  for (const { name, bytes } of parcel.blobs) await putBlob(parcel.practice, name, bytes);
  if (!(await spool.find(parcel.id))) throw new HelperError("cancelled");
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

/** Delivers everything that waits; stops at the first sign that the helper cannot take more. */
export function drain() {
  draining ??= run().finally(() => { draining = null; });
  return draining;
}

async function run() {
  if (!(await storage.get("helper"))) return;
  for (const parcel of await spool.waiting()) {
    if (parcel.refused || leaving.has(parcel.id)) continue;
    try {
      await deliver(parcel);
    } catch (error) {
      const code = error instanceof HelperError ? error.code : "internal";
      if (code === "cancelled") continue;
      if (!LASTING.has(code)) return;
      await spool.keep({ ...parcel, refused: code });
    }
  }
}
