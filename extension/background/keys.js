/* This browser's own key: made here, never leaves, cannot be read out. */

import * as database from "./database.js";
import { hex, sha256, toBase64 } from "./encoding.js";

/** @typedef {{pair: CryptoKeyPair, raw: Uint8Array<ArrayBuffer>, base64: string, keyid: string}} DeviceKey */

/** @type {Promise<DeviceKey>|null} */
let loading = null;

/** @returns {Promise<DeviceKey>} */
export function deviceKey() {
  loading ??= load();
  return loading;
}

async function load() {
  let pair = await database.get("keys", "device");
  if (!pair) {
    pair = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
    await database.put("keys", "device", pair);
  }
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { pair, raw, base64: toBase64(raw), keyid: hex(await sha256(raw)) };
}
