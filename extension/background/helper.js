/* Speaks with the helper on this computer, or with the one that a municipality shares. An answer that the helper did not sign is no answer. */

import { storage } from "./browser.js";
import * as checkpoints from "./checkpoints.js";
import { fromBase64, hex, utf8 } from "./encoding.js";
import { setting } from "./settings.js";
import { signRequest, verifyAnswer } from "./signatures.js";

export const CONTRACT = { major: 1, minor: 0 };
const DEFAULT_PORT = 47470;
const TIMEOUT = 6000;
/** Seconds that the two clocks may differ, as the helper has it: on one computer, and shared. */
const WINDOW = 60;
const WINDOW_SHARED = 300;

/** Why the helper could not be used; `code` is one of the contract's, or helper_down, impostor, not_paired. */
export class HelperError extends Error {
  /** @param {string} code @param {any} [problem] */
  constructor(code, problem) {
    super(problem?.detail ?? code);
    this.code = code;
    this.problem = problem ?? {};
  }
}

/** @returns {Promise<number>} */
export async function port() {
  return (await setting("port")) ?? DEFAULT_PORT;
}

/** @returns {Promise<string|null>} the shared Bevara's https origin, or null where it is on this computer */
export async function address() {
  return (await setting("address")) ?? null;
}

/** @returns {Promise<string|null>} the paired Bevara's start page */
export async function desk() {
  const known = await storage.get("helper");
  return known ? `${(await address()) ?? `http://${known.instance}.localhost:${await port()}`}/` : null;
}

/** @param {boolean} practice practising is on this computer alone @returns {Promise<string>} */
export async function origin(practice) {
  const shared = practice ? null : await address();
  return shared ?? `http://${practice ? "localhost" : "127.0.0.1"}:${await port()}`;
}

/** @returns {Promise<Uint8Array<ArrayBuffer>>} the paired helper's raw key */
export async function helperKey() {
  const known = await storage.get("helper");
  if (!known) throw new HelperError("not_paired");
  await checkPin(known.key);
  return fromBase64(known.key);
}

/** A key that IT has decided is the only one. @param {string} key base64 */
export async function checkPin(key) {
  const pinned = await setting("helper_key");
  if (pinned && pinned !== key) throw new HelperError("impostor");
}

/** @param {string} method @param {URL} url @param {Record<string, string>} headers @param {Uint8Array<ArrayBuffer>} body */
async function ask(method, url, headers, body) {
  const sent = method === "GET" ? {} : { body };
  try {
    const response = await fetch(url, {
      method, headers, ...sent, cache: "no-store", credentials: "omit", redirect: "error", signal: AbortSignal.timeout(TIMEOUT),
    });
    return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
  } catch {
    throw new HelperError("helper_down");
  }
}

/** Makes one signed request and returns the checked answer.
 * @param {{practice: boolean, method: string, path: string, type?: string, body?: Uint8Array<ArrayBuffer>, key?: (json: any) => Uint8Array<ArrayBuffer>}} request
 * `key` picks the key from the answer itself and is used before the helper is known
 * @returns {Promise<any>} */
export async function call({ practice, method, path, type = "application/json", body = new Uint8Array(), key }) {
  const expected = key ? null : await helperKey();
  const url = new URL(`/api/v1/${path}`, await origin(practice));
  const { headers, signature } = await signRequest(method, url, type, body);
  const { response, bytes } = await ask(method, url, headers, body);
  const json = parse(bytes);
  const ahead = await aheadOf(() => expected ?? key?.(json), response, bytes, signature);
  if (ahead === null) throw new HelperError("impostor");
  if (Math.abs(ahead) > ((await address()) ? WINDOW_SHARED : WINDOW)) throw new HelperError("stale_signature", { ...json, ahead });
  if (!response.ok) throw new HelperError(json?.code ?? "internal", { ...json, ahead });
  return json;
}

/** Seconds that this clock is ahead of the signer's; null too for an answer that cannot be read. @param {() => Uint8Array<ArrayBuffer>|undefined} signer @param {Response} response
 * @param {Uint8Array<ArrayBuffer>} bytes @param {string} asked */
async function aheadOf(signer, response, bytes, asked) {
  try {
    const key = signer();
    return key ? await verifyAnswer(response, bytes, asked, key) : null;
  } catch {
    return null;
  }
}

/** @param {Uint8Array} bytes */
function parse(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

/** Asks who answers, before anything about a comment is sent.
 * @param {boolean} practice @param {(json: any) => Uint8Array<ArrayBuffer>} [key] */
export async function hello(practice, key) {
  const nonce = hex(crypto.getRandomValues(new Uint8Array(16)));
  const last_checkpoint = key ? null : await checkpoints.last(practice);
  const floor = key ? null : await checkpoints.least(practice);
  const body = utf8(JSON.stringify({ nonce, last_checkpoint, contract: CONTRACT }));
  const json = await call({ practice, method: "POST", path: "hello", body, key }).catch(sameLedger);
  if (json.nonce !== nonce) throw new HelperError("impostor");
  if (!json.contract.accepts.includes(CONTRACT.major)) throw new HelperError("unsupported_contract");
  if (!key) await follow(practice, last_checkpoint, floor, json);
  return json;
}

/** @param {unknown} error @returns {never} */
function sameLedger(error) {
  const elsewhere = error instanceof HelperError && error.code === "conflict" && error.problem.field === "/last_checkpoint";
  throw elsewhere ? new HelperError("ledger_changed", error.problem) : error;
}

/** Takes the helper's checkpoint when it continues all that was known as the question left.
 * @param {boolean} practice @param {string|null} before @param {checkpoints.Least|null} floor @param {any} json */
async function follow(practice, before, floor, json) {
  const whole = await checkpoints.continues(before, floor, json.checkpoint, json.consistency, await helperKey());
  if (!whole) throw new HelperError("ledger_changed");
  checkpoints.remember(practice, json.checkpoint).catch(() => undefined);
}

/** @param {boolean} practice @param {string} name `sha256:…` @param {Uint8Array<ArrayBuffer>} bytes @param {string} [type] */
export function putBlob(practice, name, bytes, type = "application/octet-stream") {
  return call({ practice, method: "PUT", path: `blobs/${name}`, type, body: bytes });
}
