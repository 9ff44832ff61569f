/* Saves a capture: frozen to bytes once, spooled durably, delivered, acknowledged. */

import { storage } from "./browser.js";
import { deliver, drain, leaving } from "./deliver.js";
import { fromBase64, utf8 } from "./encoding.js";
import { HelperError } from "./helper.js";
import { isPractice } from "./setup.js";
import * as spool from "./spool.js";

/** @param {{capture: any, blobs: {sha256: string, base64: string}[]}} message */
export async function save({ capture, blobs }) {
  let spooled = false;
  try {
    const id = capture.capture_id;
    const parcel = (await spool.find(id)) ?? {
      id, practice: await isPractice(capture.account_id), path: `captures/${id}`, type: /** @type {const} */ ("capture"), at: Date.now(),
      body: utf8(JSON.stringify(capture)), blobs: (blobs ?? []).map((blob) => ({ name: blob.sha256, bytes: fromBase64(blob.base64) })),
    };
    await spool.keep(parcel);
    spooled = true;
    const receipt = await deliver(parcel);
    await remember(capture);
    drain();
    return { ok: true, receipt };
  } catch (error) {
    const { code, problem } = error instanceof HelperError ? error : { code: spooled ? "internal" : "spool_failed", problem: {} };
    return { ok: false, code, spooled, detail: problem.detail ?? null, next: problem.next ?? null };
  }
}

/** Takes back a capture that has not left; true when nothing of it remains. @param {string} id */
export async function cancel(id) {
  if (leaving.has(id)) return false;
  await spool.forget(id);
  return true;
}

/** @param {any} capture keeps time and kind of the last three, never content */
async function remember(capture) {
  const recent = (await storage.get("recent")) ?? [];
  await storage.set("recent", [{ at: capture.captured_at, kind: capture.action.kind }, ...recent].slice(0, 3));
}

/** Spools something said about a capture or a page, and sends it as soon as the helper takes it.
 * @param {string} path @param {any} body @param {boolean} practice */
export async function note(path, body, practice) {
  const id = `${path}#${crypto.randomUUID()}`;
  await spool.keep({ id, practice, path, type: "note", at: Date.now(), body: utf8(JSON.stringify(body)), blobs: [] });
  await drain();
  return { ok: true, spooled: Boolean(await spool.find(id)) };
}
