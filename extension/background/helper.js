/* Speaks with the helper on this computer. An answer that the helper did not sign is no answer. */

import { storage } from "./browser.js";
import * as checkpoints from "./checkpoints.js";
import { fromBase64, hex, utf8 } from "./encoding.js";
import { signRequest, verifyAnswer } from "./signatures.js";

export const CONTRACT = { major: 1, minor: 0 };
const DEFAULT_PORT = 47470;
const TIMEOUT = 6000;

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
  return (await storage.get("port")) ?? DEFAULT_PORT;
}

/** @param {boolean} practice @returns {Promise<string>} */
export async function origin(practice) {
  return `http://${practice ? "localhost" : "127.0.0.1"}:${await port()}`;
}

/** @returns {Promise<Uint8Array<ArrayBuffer>>} the paired helper's raw key */
export async function helperKey() {
  const known = await storage.get("helper");
  if (!known) throw new HelperError("not_paired");
  return fromBase64(known.key);
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
  if (!(await signedBy(() => expected ?? key?.(json), response, bytes, signature))) throw new HelperError("impostor");
  if (!response.ok) throw new HelperError(json?.code ?? "internal", json);
  return json;
}

/** False too for an answer that cannot be read. @param {() => Uint8Array<ArrayBuffer>|undefined} signer @param {Response} response
 * @param {Uint8Array<ArrayBuffer>} bytes @param {string} asked */
async function signedBy(signer, response, bytes, asked) {
  try {
    const key = signer();
    return Boolean(key) && await verifyAnswer(response, bytes, asked, /** @type {Uint8Array<ArrayBuffer>} */ (key));
  } catch {
    return false;
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
  const body = utf8(JSON.stringify({ nonce, last_checkpoint, contract: CONTRACT }));
  const json = await call({ practice, method: "POST", path: "hello", body, key }).catch(sameLedger);
  if (json.nonce !== nonce) throw new HelperError("impostor");
  if (!json.contract.accepts.includes(CONTRACT.major)) throw new HelperError("unsupported_contract");
  if (!key) await follow(practice, last_checkpoint, json);
  return json;
}

/** @param {unknown} error @returns {never} */
function sameLedger(error) {
  const elsewhere = error instanceof HelperError && error.code === "conflict" && error.problem.field === "/last_checkpoint";
  throw elsewhere ? new HelperError("ledger_changed", error.problem) : error;
}

/** Takes the helper's checkpoint when it continues the last one. @param {boolean} practice @param {string|null} before @param {any} json */
async function follow(practice, before, json) {
  const whole = await checkpoints.continues(before, json.checkpoint, json.consistency, await helperKey());
  if (!whole) throw new HelperError("ledger_changed", { detail: "Bevaras logg är en annan än den webbläsaren minns." });
  await checkpoints.remember(practice, json.checkpoint);
}

/** @param {boolean} practice @param {string} name `sha256:…` @param {Uint8Array<ArrayBuffer>} bytes @param {string} [type] */
export function putBlob(practice, name, bytes, type = "application/octet-stream") {
  return call({ practice, method: "PUT", path: `blobs/${name}`, type, body: bytes });
}
