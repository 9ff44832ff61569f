/* What has been promised to the helper and not yet acknowledged. Durable: it survives a killed browser. */

import { storage } from "./browser.js";
import * as database from "./database.js";
import { utf8 } from "./encoding.js";

/** Where a note lies that the database would not take. */
const SPARE = "note:";
const PATIENCE = 3000;

/** @typedef {{id: string, practice: boolean, path: string, body: Uint8Array<ArrayBuffer>, type: "capture"|"note",
 *   blobs: {name: string, media_type?: string, bytes: Uint8Array<ArrayBuffer>}[], at: number, refused?: string, stripped?: boolean}} Parcel
 * `stripped` when something was taken out of it after it was first kept */

/** @param {Parcel} parcel */
export const keep = (parcel) => database.put("spool", parcel.id, parcel);
/** Keeps a parcel unless one of its name is kept. @param {Parcel} parcel @returns {Promise<Parcel>} the one that is kept */
export const keepFirst = (parcel) => database.add("spool", parcel.id, parcel);
/** @param {string} id */
export const forget = (id) => database.remove("spool", id);
/** @param {string} id @returns {Promise<Parcel|undefined>} */
export const find = (id) => database.get("spool", id);

/** Keeps a note in the spool, or in the browser's plain storage when the database fails or does not answer.
 * @param {{id: string, practice: boolean, path: string, text: string}} note raises when neither takes it */
export async function keepNote(note) {
  const said = { ...note, at: Date.now() };
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("timeout")), PATIENCE));
  try {
    await Promise.race([keep(parcel(said)), late]);
  } catch {
    await storage.set(`${SPARE}${note.id}`, said);
  }
}

/** Takes into the spool what lies beside it. */
export async function gather() {
  for (const [key, said] of await storage.under(SPARE)) {
    await keep(parcel(said));
    await storage.remove(key);
  }
}

/** @param {any} said @returns {Parcel} */
function parcel({ text, ...rest }) {
  return { ...rest, type: "note", body: utf8(text), blobs: [] };
}

/** @returns {Promise<Parcel[]>} oldest first; captures before what is said about them */
export async function waiting() {
  const all = /** @type {Parcel[]} */ (await database.all("spool"));
  return all.sort((a, b) => a.at - b.at || (a.type === "capture" ? -1 : 1));
}
