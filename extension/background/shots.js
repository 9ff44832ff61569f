/* Pictures of the visible tab, cropped here so that nothing else of the page leaves the browser. */

import { screenshot, tab } from "./browser.js";
import { fromBase64 } from "./encoding.js";
import { setting } from "./settings.js";

const APART = 550;
const PATIENCE = 1200;
/** @type {Promise<unknown>} */
let queue = Promise.resolve();
let last = 0;

/** @param {any} request @param {any} sender */
export function take(request, sender) {
  const asked = Date.now();
  const next = queue.then(async () => ((await setting("pictures")) === false ? { ok: false, reason: "policy" } : shoot(request, sender, asked))).catch(() => ({ ok: false, reason: "shot_failed" }));
  queue = next;
  return next;
}

/** @param {any} request @param {any} sender @param {number} asked */
async function shoot(request, sender, asked) {
  const pause = Math.max(0, last + APART - Date.now());
  if (Date.now() + pause - asked > PATIENCE) return { ok: false, reason: "too_many_pictures" };
  await new Promise((resolve) => setTimeout(resolve, pause));
  const before = await tab(sender.tab.id);
  if (!before?.active) return { ok: false, reason: "tab_not_visible" };
  last = Date.now();
  const taken_at = new Date(last).toISOString();
  const url = await screenshot(before.windowId);
  const after = await tab(sender.tab.id);
  if (!after?.active || after.windowId !== before.windowId || after.url !== before.url) return { ok: false, reason: "tab_changed" };
  const shown = new Blob([fromBase64(url.slice(url.indexOf(",") + 1))], { type: "image/png" });
  return crop(await createImageBitmap(shown), request, taken_at);
}

/** @param {ImageBitmap} image @param {any} request @param {string} taken_at */
async function crop(image, { rect, cover, viewport }, taken_at) {
  const scale = image.width / viewport.width;
  const width = Math.max(1, Math.round(rect.width * scale)), height = Math.max(1, Math.round(rect.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.drawImage(image, -Math.round(rect.x * scale), -Math.round(rect.y * scale));
  context.fillStyle = "#9aa5a2";
  for (const other of cover) {
    context.fillRect((other.x - rect.x) * scale, (other.y - rect.y) * scale, other.width * scale, other.height * scale);
  }
  image.close();
  const bytes = await canvas.convertToBlob({ type: "image/png" });
  return { ok: true, data_url: await dataUrl(bytes), media_type: "image/png", width, height, scale, taken_at };
}

/** @param {Blob} blob @returns {Promise<string>} */
function dataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
