/* HTTP message signatures (RFC 9421): sign a request, check an answer. */

import { fromBase64, hex, sha256, toBase64, utf8 } from "./encoding.js";
import { deviceKey } from "./keys.js";

const REQUEST = '("@method" "@authority" "@path" "@query" "content-type" "content-digest")';
const ANSWER = [
  '("@status" "content-type" "content-digest" "signature";req;key="bevara")',
  '("@status" "content-type" "content-digest" "signature";key="bevara";req)',
];


/** @param {Uint8Array<ArrayBuffer>} bytes */
async function digestOf(bytes) {
  return `sha-256=:${toBase64(await sha256(bytes))}:`;
}

/** @param {string[][]} lines @param {string} params */
function base(lines, params) {
  return utf8(lines.map(([name, value]) => `${name}: ${value}\n`).join("") + `"@signature-params": ${params}`);
}

function now() {
  return Math.floor(Date.now() / 1000);
}

/** @param {string} method @param {URL} url @param {string} type @param {Uint8Array<ArrayBuffer>} body */
export async function signRequest(method, url, type, body) {
  const { pair, keyid } = await deviceKey();
  const digest = await digestOf(body);
  const nonce = hex(crypto.getRandomValues(new Uint8Array(16)));
  const params = `${REQUEST};created=${now()};keyid="${keyid}";nonce="${nonce}";alg="ed25519";tag="bevara-1"`;
  const lines = [
    ['"@method"', method], ['"@authority"', url.host], ['"@path"', url.pathname], ['"@query"', url.search || "?"],
    ['"content-type"', type], ['"content-digest"', digest],
  ];
  const signature = `:${toBase64(await crypto.subtle.sign("Ed25519", pair.privateKey, base(lines, params)))}:`;
  const headers = { "Content-Type": type, "Content-Digest": digest, "Signature-Input": `bevara=${params}`, Signature: `bevara=${signature}` };
  return { headers, signature };
}

/** Seconds that this clock is ahead of the helper's when `helper` signed exactly this answer to exactly this request, else null.
 * An old answer cannot pass: it is bound to the request, and that to its nonce.
 * @param {{status: number, headers: Headers}} response @param {Uint8Array<ArrayBuffer>} body @param {string} asked
 * @param {Uint8Array<ArrayBuffer>} helper raw public key */
export async function verifyAnswer(response, body, asked, helper) {
  const params = (response.headers.get("Signature-Input") ?? "").replace(/^bevara=/, "");
  const components = ANSWER.find((one) => params.startsWith(one));
  const rest = components && /^;created=(\d+);keyid="([0-9a-f]{64})";alg="ed25519";tag="bevara-1"$/.exec(params.slice(components.length));
  const value = /^bevara=:([A-Za-z0-9+/=]+):$/.exec(response.headers.get("Signature") ?? "");
  const digest = await digestOf(body);
  if (!components || !rest || !value || response.headers.get("Content-Digest") !== digest) return null;
  if (rest[2] !== hex(await sha256(helper))) return null;
  const ahead = now() - Number(rest[1]);
  const name = components.slice(components.indexOf('"signature"'), -1);
  const lines = [
    ['"@status"', String(response.status)], ['"content-type"', response.headers.get("Content-Type") ?? ""],
    ['"content-digest"', digest], [name, asked],
  ];
  const key = await crypto.subtle.importKey("raw", helper, { name: "Ed25519" }, false, ["verify"]);
  return (await crypto.subtle.verify("Ed25519", key, fromBase64(value[1]), base(lines, params))) ? ahead : null;
}
