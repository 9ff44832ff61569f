/* What pages, popup and options may ask for. */

import { currentTab, storage, tab as tabById, version } from "./browser.js";
import { cancel, note, save } from "./captures.js";
import { hello, HelperError, origin, port } from "./helper.js";
import { pair } from "./pairing.js";
import { check } from "./registration.js";
import * as setup from "./setup.js";
import { take } from "./shots.js";
import * as spool from "./spool.js";
import { checkAlive, say, stateOf, tellAll } from "./tabs.js";

/** @param {any} message @param {any} sender */
async function practiceOf(message, sender) {
  return message.practice ?? (sender.url ?? "").startsWith(`${await origin(true)}/`);
}

/** @type {Record<string, (message: any, sender: any) => Promise<unknown>>} from content scripts */
const FROM_PAGES = {
  "page.hello": () => setup.forPage(),
  "page.state": async (message, sender) => {
    if (sender.frameId === 0) await say(sender.tab.id, message.state);
    return {};
  },
  "shot.take": (message, sender) => take(message, sender),
  "capture.save": (message) => save(message),
  "capture.cancel": async (message) => ({ cancelled: await cancel(message.capture_id) }),
  "capture.state": async (message) => ({ spooled: Boolean(await spool.find(message.capture_id)) }),
  "capture.outcome": async (message, sender) => {
    const path = `captures/${message.capture_id}/outcomes/${crypto.randomUUID()}`;
    return note(path, { observed: message.observed, at: new Date().toISOString() }, await practiceOf(message, sender));
  },
  "capture.reason": async (message, sender) => {
    const { category, possible_secrecy } = message;
    const body = { category, possible_secrecy, moderator: await moderator(), at: new Date().toISOString() };
    return note(`captures/${message.capture_id}/reason`, body, await practiceOf(message, sender));
  },
  "incident.put": async (message, sender) =>
    note(`incidents/${message.incident.id}`, { ...message.incident, moderator: message.incident.moderator ?? (await moderator()) }, await practiceOf(message, sender)),
  "account.question": async ({ platform, owner, answer }, sender) => {
    const body = { platform, owner, answer, at: new Date().toISOString(), moderator: await moderator() };
    return note(`account-questions/${crypto.randomUUID()}`, body, await practiceOf({}, sender));
  },
  "account.identifiers": async ({ account_id, identifiers }, sender) =>
    note(`accounts/${account_id}/identifiers`, { identifiers }, await practiceOf({}, sender)),
};

/** @type {Record<string, (message: any) => Promise<unknown>>} from the extension's own pages */
const FROM_OWN = {
  "pair.start": async ({ code, label }) => {
    try {
      await pair(code, label);
      await update();
      return { ok: true };
    } catch (error) {
      return { ok: false, code: error instanceof HelperError ? error.code : "internal" };
    }
  },
  "helper.check": async () => {
    try {
      const { version: helper } = await hello(false);
      return { ok: true, helper };
    } catch (error) {
      return { ok: false, code: error instanceof HelperError ? error.code : "internal" };
    }
  },
  "status.get": async ({ tab_id }) => {
    const tab = tab_id ? await tabById(tab_id) : await currentTab();
    const waiting = await spool.waiting();
    const page = await setup.forPage();
    const state = await stateOf(tab);
    return {
      ...state, tab_id: tab?.id ?? null, paired: page.paired, moderator: page.moderator, moderators: page.moderators, recent: (await storage.get("recent")) ?? [],
      waiting: waiting.filter((one) => one.type === "capture").length, refused: waiting.filter((one) => one.refused).length,
      account: [...page.accounts, page.practice_account].find((one) => one?.id === state.account_id)?.name ?? null,
      desk: (await storage.get("helper")) ? `http://${(await storage.get("helper")).instance}.localhost:${await port()}/` : null,
      port: await port(), version: version(),
    };
  },
  "moderator.set": async ({ name }) => {
    await storage.set("moderator", name);
    await tellAll();
    return { ok: true };
  },
  "moderators.set": async ({ names }) => {
    await storage.set("moderators", names);
    if (!names.includes(await storage.get("moderator"))) await storage.set("moderator", null);
    await tellAll();
    return { ok: true };
  },
  "port.set": async ({ port: number }) => {
    await storage.set("port", number);
    return { ok: true };
  },
};

/** @returns {Promise<string|null>} */
async function moderator() {
  return (await setup.forPage()).moderator;
}

/** Fetches the setup and makes scripts and tabs follow it. */
export async function update() {
  try {
    if (await setup.refresh()) await tellAll();
  } catch (error) {
    if (!(error instanceof HelperError)) throw error;
  }
  await check();
  await checkAlive();
}

/** @param {any} message @param {any} sender @returns {Promise<unknown>|undefined} */
export function answer(message, sender) {
  const own = sender.tab === undefined || sender.url?.startsWith(new URL("/", import.meta.url).href);
  const known = own ? { ...FROM_PAGES, ...FROM_OWN } : FROM_PAGES;
  return Object.hasOwn(known, message?.type) ? known[message.type](message, sender) : undefined;
}
