/* Bytes and text. */

const text_encoder = new TextEncoder();

/** @param {string} text */
export function utf8(text) {
  return text_encoder.encode(text);
}

/** @param {Uint8Array|ArrayBuffer} bytes */
export function toBase64(bytes) {
  const all = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  let binary = "";
  for (let at = 0; at < all.length; at += 32768) binary += String.fromCharCode(...all.subarray(at, at + 32768));
  return btoa(binary);
}

/** @param {string} text */
export function fromBase64(text) {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** @param {Uint8Array|ArrayBuffer} bytes */
export function hex(bytes) {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** @param {...Uint8Array} parts @returns {Uint8Array<ArrayBuffer>} */
export function join(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
