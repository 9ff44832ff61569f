/* What has been promised to the helper and not yet acknowledged. Durable: it survives a killed browser. */

import * as database from "./database.js";

/** @typedef {{id: string, practice: boolean, path: string, body: Uint8Array<ArrayBuffer>, type: "capture"|"note",
 *   blobs: {name: string, media_type?: string, bytes: Uint8Array<ArrayBuffer>}[], at: number, refused?: string}} Parcel */

/** @param {Parcel} parcel */
export const keep = (parcel) => database.put("spool", parcel.id, parcel);
/** @param {string} id */
export const forget = (id) => database.remove("spool", id);
/** @param {string} id @returns {Promise<Parcel|undefined>} */
export const find = (id) => database.get("spool", id);

/** @returns {Promise<Parcel[]>} oldest first; captures before what is said about them */
export async function waiting() {
  const all = /** @type {Parcel[]} */ (await database.all("spool"));
  return all.sort((a, b) => a.at - b.at || (a.type === "capture" ? -1 : 1));
}
