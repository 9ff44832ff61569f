/* What the badge says for each tab: one word and one sentence. */

import { badge, onTabGone, tabsOn, tellTab } from "./browser.js";
import { patterns } from "./registration.js";

const STATES = {
  armed: { text: "På", color: "#175c3b", title: "På. Det du tar bort sparas först." },
  degraded: { text: "?", color: "#744700", title: "Osäkert. Spara själv innan du tar bort." },
  blind: { text: "Av", color: "#95231a", title: "Av. Bevara känner inte igen sidan." },
  resting: { text: "", color: "#4a5856", title: "Vilar. Det här är inte ett av kommunens konton." },
  reload: { text: "↻", color: "#744700", title: "Ladda om sidan. Bevara har uppdaterats eller startats om." },
};

/** @typedef {keyof typeof STATES} State */

/** @type {Map<number, {state: State, account_id: string|null}>} */
const tabs = new Map();

/** @param {number} id @param {State} state @param {string|null} account_id */
export async function say(id, state, account_id = null) {
  const { text, color, title } = STATES[state] ?? STATES.resting;
  tabs.set(id, { state, account_id });
  await badge(id, text, color, title);
}

/** @param {number} id */
export function stateOf(id) {
  const now = tabs.get(id) ?? { state: /** @type {State} */ ("resting"), account_id: null };
  return { ...now, sentence: STATES[now.state].title };
}

/** Asks every tab that should be guarded whether its script lives. */
export async function checkAlive() {
  for (const tab of await tabsOn([...(await patterns()).values()].flat())) {
    const answer = await tellTab(tab.id, { type: "page.status" });
    if (!answer) await say(tab.id, "reload");
    else await say(tab.id, answer.state, answer.account_id ?? null);
  }
}

/** Tells every guarded tab that accounts or names changed. */
export async function tellAll() {
  for (const tab of await tabsOn([...(await patterns()).values()].flat())) await tellTab(tab.id, { type: "setup.changed" });
}

onTabGone((id) => tabs.delete(id));
