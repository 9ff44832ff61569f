/* What the badge says for each tab: one word and one sentence. */

import { badge, tabsOn, tellTab } from "./browser.js";
import { check, isGuarded, patterns } from "./registration.js";
import { known } from "./setup.js";
import { texts } from "./texts.js";

const STATES = {
  armed: { text: "badge_armed", color: "#175c3b" },
  degraded: { text: "?", color: "#744700" },
  blind: { text: "badge_blind", color: "#95231a" },
  resting: { text: "", color: "#4a5856" },
  reload: { text: "↻", color: "#744700" },
};

/** @typedef {keyof typeof STATES} State */

/** @param {number} id @param {State} state */
export async function say(id, state) {
  const words = await texts();
  const { text, color } = STATES[state] ?? STATES.resting;
  await badge(id, words[text] ?? text, color, words[state] ?? words.resting);
}

/** What stands where no page has said anything: *Av* and what to do, until the browser is paired. */
async function sayPaired() {
  const words = await texts();
  if (await known()) await badge(undefined, "", STATES.resting.color, words.name);
  else await badge(undefined, words.badge_blind, STATES.blind.color, words.unpaired);
}

/** Asks the tab itself. @param {any} tab @returns {Promise<{state: State, account_id: string|null, sentence: string}>} */
export async function stateOf(tab) {
  const guarded = await isGuarded(tab?.url);
  const live = guarded ? await tellTab(tab.id, { type: "page.status" }, { frameId: 0 }) : null;
  const state = /** @type {State} */ (live?.state in STATES ? live.state : guarded ? "reload" : "resting");
  return { state, account_id: live?.account?.id ?? live?.account_id ?? null, sentence: (await texts())[state] };
}

/** Asks every tab that should be guarded whether its script lives. */
export async function checkAlive() {
  await sayPaired();
  for (const tab of await tabsOn([...(await patterns()).values()].flat())) {
    if (tab.discarded || tab.status !== "complete") continue;
    await say(tab.id, (await stateOf(tab)).state);
  }
}

/** A page has loaded. One that should have a living script and has none says so at once. @param {any} tab */
export async function loaded(tab) {
  if (!(await isGuarded(tab.url)) || (await stateOf(tab)).state !== "reload") return;
  await check();
  await say(tab.id, "reload");
}

/** Tells every guarded tab that accounts or names changed. */
export async function tellAll() {
  for (const tab of await tabsOn([...(await patterns()).values()].flat())) await tellTab(tab.id, { type: "setup.changed" });
}
