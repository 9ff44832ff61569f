/* Asks the helper for a picture of the window or the screen, when that is switched on at the desk. Its number is the capture's. */

import { place, tab, zoom } from "./browser.js";
import { call, HelperError } from "./helper.js";
import { isPractice, known } from "./setup.js";
import { utf8 } from "./encoding.js";

/** Longer than this nobody waits; the capture goes without. */
const PATIENCE = 2500;

/** @returns {Promise<boolean>} */
export async function isOn() {
  return ((await known())?.screen ?? "off") !== "off";
}

/** @param {{capture_id: string, account_id: string|null, dpr: number}} message @param {any} sender
 * @returns {Promise<{screen: any, reason: string|null}>} */
export async function take({ capture_id, account_id, dpr }, sender) {
  if (!(await isOn())) return { screen: null, reason: "off" };
  const practice = await isPractice(account_id);
  const late = new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE));
  const taken = await Promise.race([late, ask(capture_id, practice, dpr, sender)]).catch(why);
  if (taken) return taken;
  await forget(capture_id, practice);
  return { screen: null, reason: "too_slow" };
}

/** @param {string} id @param {boolean} practice @param {number} dpr @param {any} sender */
async function ask(id, practice, dpr, sender) {
  const shown = await tab(sender.tab.id);
  if (!shown?.active) return { screen: null, reason: "tab_not_visible" };
  const { left, top, width, height } = await place(shown.windowId);
  const window = { left, top, width, height, scale: dpr / (await zoom(shown.id)) };
  const answer = await call({ practice, method: "PUT", path: `screens/${id}`, body: utf8(JSON.stringify({ capture_id: id, window })) });
  return { screen: answer.screen, reason: answer.reason };
}

/** @param {unknown} error */
function why(error) {
  return { screen: null, reason: error instanceof HelperError ? error.code : "internal" };
}

/** Lets the helper forget a picture that no capture will name; it does so by itself in ten minutes.
 * @param {string} id @param {boolean} practice */
export async function forget(id, practice) {
  await call({ practice, method: "DELETE", path: `screens/${id}` }).catch(() => undefined);
}
