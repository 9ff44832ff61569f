/* Tells the helper now and then that this browser lives, and how its guarded pages stand. Counts only. */

import { storage, tabsOn, version } from "./browser.js";
import { utf8 } from "./encoding.js";
import { call } from "./helper.js";
import { patterns } from "./registration.js";
import * as spool from "./spool.js";
import { stateOf } from "./tabs.js";

const APART = 10 * 60 * 1000;

/** Sends a heartbeat when something changed, or when the last one is ten minutes old. */
export async function beat() {
  if (!(await storage.get("helper"))) return;
  const body = await counts();
  const told = JSON.stringify(body);
  const before = await storage.get("heartbeat");
  if (before?.told === told && Date.now() - before.at < APART && Date.now() >= before.at) return;
  await call({ practice: false, method: "PUT", path: "heartbeat", body: utf8(JSON.stringify({ at: new Date().toISOString(), ...body })) });
  await storage.set("heartbeat", { told, at: Date.now() });
}

async function counts() {
  /** @type {Record<string, number>} */
  const pages = { armed: 0, degraded: 0, blind: 0, resting: 0, reload: 0 };
  for (const tab of await tabsOn([...(await patterns()).values()].flat())) {
    if (!tab.discarded && tab.status === "complete") pages[(await stateOf(tab)).state] += 1;
  }
  const waiting = await spool.waiting();
  const captures = waiting.filter((one) => one.type === "capture").length;
  return { version: version(), browser: browser(), pages, waiting: captures, refused: waiting.filter((one) => one.refused).length };
}

/** @returns {string} name and main version, no more */
function browser() {
  const found = /(Edg|Firefox|Chrome)\/(\d+)/.exec(navigator.userAgent.replace(/Chrome\/\d+(?=.*Edg\/)/, ""));
  return found ? `${found[1] === "Edg" ? "Edge" : found[1]} ${found[2]}` : "?";
}
