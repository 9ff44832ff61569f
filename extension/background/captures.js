/* Saves a capture: frozen to bytes once, spooled durably, delivered, acknowledged. */

import { storage } from "./browser.js";
import { deliver, drain, isStopped, stop, tryAgain } from "./deliver.js";
import { fromBase64, utf8 } from "./encoding.js";
import { HelperError } from "./helper.js";
import { isPractice } from "./setup.js";
import * as spool from "./spool.js";

/** @typedef {{sha256: string, media_type?: string, base64: string}} Blob */

/** @param {{capture: any, blobs: Blob[]}} message */
export async function save({ capture, blobs }) {
  let spooled = false;
  try {
    const parcel = (await spool.find(capture.capture_id)) ?? (await freeze(capture, blobs ?? []));
    await spool.keep(parcel);
    if (isStopped(parcel.id)) await spool.forget(parcel.id);
    else spooled = true;
    const receipt = await deliver(parcel);
    await remember(capture);
    drain();
    return { ok: true, receipt };
  } catch (error) {
    if (spooled) tryAgain();
    return { ok: false, spooled, ...fault(error, spooled) };
  }
}

/** @param {any} capture @param {Blob[]} blobs @returns {Promise<spool.Parcel>} */
async function freeze(capture, blobs) {
  const id = capture.capture_id;
  return {
    id, practice: await isPractice(capture.account_id), path: `captures/${id}`, type: "capture", at: Date.now(),
    body: utf8(JSON.stringify(capture)),
    blobs: blobs.map((blob) => ({ name: blob.sha256, media_type: blob.media_type, bytes: fromBase64(blob.base64) })),
  };
}

/** @param {unknown} error @param {boolean} spooled */
function fault(error, spooled) {
  if (!(error instanceof HelperError)) return { code: spooled ? "internal" : "spool_failed", detail: null, next: null };
  return { code: error.code, detail: error.problem.detail ?? null, next: error.problem.next ?? null };
}

/** Takes back a capture that has not left; true when nothing of it remains. @param {string} id */
export async function cancel(id) {
  if (!stop(id)) return false;
  const about = (await spool.waiting()).filter((one) => one.id === id || one.path.startsWith(`captures/${id}/`));
  for (const parcel of about) await spool.forget(parcel.id);
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
