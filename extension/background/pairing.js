/* Pairs with the helper by a code that a person reads on its start page. */

import { storage } from "./browser.js";
import * as checkpoints from "./checkpoints.js";
import { fromBase64, hex, join, toBase64, utf8 } from "./encoding.js";
import { call, checkPin, hello, HelperError } from "./helper.js";
import { deviceKey } from "./keys.js";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** @param {string} typed @returns {string} twelve characters of Crockford's alphabet; throws bad_code */
export function normalise(typed) {
  const code = typed.toUpperCase().replace(/[\s-]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");
  if (code.length !== 12 || [...code].some((char) => !ALPHABET.includes(char))) throw new HelperError("bad_code");
  return code;
}

/** @param {string} code @param {Uint8Array<ArrayBuffer>} message */
async function hmac(code, message) {
  const key = await crypto.subtle.importKey("raw", utf8(code), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
}

/** @param {string} code @param {Uint8Array<ArrayBuffer>} helper */
async function checkGroup(code, helper) {
  const digest = await hmac(code, helper);
  const bits = ((digest[0] << 16) | (digest[1] << 8) | digest[2]) >> 4;
  return [15, 10, 5, 0].map((shift) => ALPHABET[(bits >> shift) & 31]).join("");
}

/** @param {string} typed @param {string} label */
export async function pair(typed, label) {
  const code = normalise(typed);
  const secret = code.slice(0, 8);
  const answer = await hello(false, (json) => fromBase64(json?.helper_key ?? ""));
  await checkPin(answer.helper_key);
  const helper = fromBase64(answer.helper_key);
  if ((await checkGroup(secret, helper)) !== code.slice(8)) throw new HelperError("code_not_this_helper");
  const device = await deviceKey();
  const nonce = hex(crypto.getRandomValues(new Uint8Array(16)));
  const proof = toBase64(await hmac(secret, join(helper, device.raw, utf8(nonce))));
  const body = utf8(JSON.stringify({ device_key: device.base64, label, nonce, proof }));
  await call({ practice: false, method: "POST", path: "pairing", body, key: () => helper });
  await storage.set("helper", { key: answer.helper_key, instance: answer.instance });
  await storage.set("heartbeat", null);
  await checkpoints.forget();
}
