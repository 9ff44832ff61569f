/* What the badge says for each tab: one word and one sentence. */

import { badge, tabsOn, tellTab } from "./browser.js";
import { isGuarded, patterns } from "./registration.js";

const STATES = {
  armed: { text: "På", color: "#175c3b", title: "På. Det du tar bort sparas först." },
  degraded: { text: "?", color: "#744700", title: "Osäkert. Spara själv innan du tar bort." },
  blind: { text: "Av", color: "#95231a", title: "Av. Bevara känner inte igen sidan." },
  resting: { text: "", color: "#4a5856", title: "Vilar. Det här är inte ett av kommunens konton." },
  reload: { text: "↻", color: "#744700", title: "Ladda om sidan. Bevara har uppdaterats eller startats om." },
};

/** @typedef {keyof typeof STATES} State */

/** @param {number} id @param {State} state */
export async function say(id, state) {
  const { text, color, title } = STATES[state] ?? STATES.resting;
  await badge(id, text, color, title);
}

/** Asks the tab itself. @param {any} tab @returns {Promise<{state: State, account_id: string|null, sentence: string}>} */
export async function stateOf(tab) {
  const guarded = await isGuarded(tab?.url);
  const live = guarded ? await tellTab(tab.id, { type: "page.status" }, { frameId: 0 }) : null;
  const state = /** @type {State} */ (live?.state in STATES ? live.state : guarded ? "reload" : "resting");
  return { state, account_id: live?.account?.id ?? live?.account_id ?? null, sentence: STATES[state].title };
}

/** Asks every tab that should be guarded whether its script lives. */
export async function checkAlive() {
  for (const tab of await tabsOn([...(await patterns()).values()].flat())) {
    if (tab.discarded || tab.status !== "complete") continue;
    await say(tab.id, (await stateOf(tab)).state);
  }
}

/** Tells every guarded tab that accounts or names changed. */
export async function tellAll() {
  for (const tab of await tabsOn([...(await patterns()).values()].flat())) await tellTab(tab.id, { type: "setup.changed" });
}
