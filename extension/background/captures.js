/* Saves a capture: frozen to bytes once, spooled durably, delivered, acknowledged. */

import { storage } from "./browser.js";
import { causeOf } from "./causes.js";
import { deliver, drain, GONE, isStopped, stop, tryAgain } from "./deliver.js";
import { fromBase64, utf8 } from "./encoding.js";
import { hello, HelperError } from "./helper.js";
import { isPractice } from "./setup.js";
import { isShut, withoutShut } from "./shut_out.js";
import * as spool from "./spool.js";

/** @typedef {{sha256: string, media_type?: string, base64: string}} Blob */

/** Characters of a comment that the contract takes (capture-1.json, comment.text). */
const LONGEST = 1000000;

/** @param {any} capture */
function tooLong({ comment }) {
  return (comment?.text?.length ?? 0) > LONGEST && Array.from(comment.text).length > LONGEST;
}

/** Hellos that were asked for as a click was held, each for one capture. @type {Map<boolean, {answer: Promise<any>, at: number}>} */
const greetings = new Map();
/** Milliseconds for which a hello counts: the page reads and pictures the comment meanwhile. */
const FRESH = 3000;

/** Asks who answers while the page still makes the capture ready. @param {{account_id: string|null}} message */
export async function greet({ account_id }) {
  const practice = await isPractice(account_id);
  const answer = hello(practice);
  answer.catch(() => undefined);
  greetings.set(practice, { answer, at: Date.now() });
  return {};
}

/** @param {boolean} practice @returns {Promise<any>} */
function greeting(practice) {
  const asked = greetings.get(practice);
  greetings.delete(practice);
  const answer = asked && Date.now() - asked.at < FRESH ? asked.answer : hello(practice);
  answer.catch(() => undefined);
  return answer;
}

/** @param {{capture: any, blobs: Blob[]}} message */
export async function save({ capture, blobs }) {
  let spooled = false;
  try {
    if (await isShut(capture)) throw new HelperError("shut");
    const practice = await isPractice(capture.account_id);
    const greeted = greeting(practice);
    const parcel = await spool.keepFirst(await freeze(capture, blobs ?? [], practice));
    if (isStopped(parcel.id)) await spool.forget(parcel.id);
    else spooled = true;
    if (tooLong(capture)) throw new HelperError("too_large");
    const receipt = await deliver(parcel, parcel.practice === practice ? greeted : undefined);
    remember(capture).catch(() => undefined);
    drain().catch(() => undefined);
    return { ok: true, receipt };
  } catch (error) {
    if (error instanceof HelperError && GONE.has(error.code)) {
      await spool.forget(capture.capture_id);
      spooled = false;
    }
    if (spooled) tryAgain();
    return { ok: false, spooled, ...(await fault(error, spooled)) };
  }
}

/** @param {any} capture @param {Blob[]} blobs @param {boolean} practice @returns {Promise<spool.Parcel>} */
async function freeze(capture, blobs, practice) {
  const id = capture.capture_id;
  return {
    id, practice, path: `captures/${id}`, type: "capture", at: Date.now(),
    body: utf8(JSON.stringify(await withoutShut(capture))),
    blobs: blobs.map((blob) => ({ name: blob.sha256, media_type: blob.media_type, bytes: fromBase64(blob.base64) })),
  };
}

/** @param {unknown} error @param {boolean} spooled */
async function fault(error, spooled) {
  if (!(error instanceof HelperError)) return { code: spooled ? "internal" : "spool_failed", said: null, detail: null, next: null };
  return { ...(await causeOf(error)), detail: error.problem.detail ?? null, next: error.problem.next ?? null };
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

/** Keeps something said about a capture or a page, and only then answers; it leaves as soon as the helper takes it.
 * @param {string} path @param {any} body @param {boolean} practice
 * @param {string} [id] the same when the same is said again; the path, where that is never said twice */
export async function note(path, body, practice, id = path) {
  await spool.keepNote({ id, practice, path, text: JSON.stringify(body) });
  drain().catch(() => undefined);
  return { ok: true, spooled: true };
}

/** @param {string} id @returns {Promise<{spooled: boolean}>} whether a note still waits after all has been tried */
export async function noteState(id) {
  await drain();
  return { spooled: Boolean(await spool.find(id)) };
}
