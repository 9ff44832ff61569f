/* What pages, popup and options may ask for. */

import { currentTab, reload, storage, tab as tabById, version } from "./browser.js";
import { cancel, greet, note, noteState, save } from "./captures.js";
import { causeOf } from "./causes.js";
import { keep, look } from "./manual.js";
import { address, desk, hello, HelperError, origin, port } from "./helper.js";
import { beat as heartbeat } from "./heartbeat.js";
import { pair } from "./pairing.js";
import { record } from "./recorder.js";
import { check } from "./registration.js";
import * as screens from "./screens.js";
import { isAddress, isLocked, policy, setting } from "./settings.js";
import * as setup from "./setup.js";
import { take } from "./shots.js";
import { byIncident, byRecords, known as shut } from "./shut_out.js";
import * as spool from "./spool.js";
import { language, LANGUAGES, texts } from "./texts.js";
import { checkAlive, say, stateOf, tellAll } from "./tabs.js";

/** @param {any} message @param {any} sender */
async function practiceOf(message, sender) {
  return message.practice ?? (sender.url ?? "").startsWith(`${await origin(true)}/`);
}

/** From content scripts. What is said of a capture or a page carries `id` and `at` from there, so that a message that the
 * browser sends again says the same.
 * @type {Record<string, (message: any, sender: any) => Promise<unknown>>} */
const FROM_PAGES = {
  "page.hello": async () => ({ ...(await setup.forPage()), shut: await shut() }),
  "page.state": async (message, sender) => {
    if (sender.frameId === 0) await say(sender.tab.id, message.state);
    return {};
  },
  "shot.take": (message, sender) => take(message, sender),
  "screen.take": (message, sender) => screens.take(message, sender),
  "capture.begin": (message) => greet(message),
  "capture.save": (message) => save(message),
  "capture.cancel": async (message, sender) => {
    const cancelled = await cancel(message.capture_id);
    if (cancelled && (await screens.isOn())) await screens.forget(message.capture_id, await practiceOf(message, sender));
    return { cancelled };
  },
  "capture.state": async (message) => ({ spooled: Boolean(await spool.find(message.capture_id)) }),
  "capture.outcome": async ({ capture_id, id, at, observed, practice }, sender) =>
    note(`captures/${capture_id}/outcomes/${id}`, { observed, at }, await practiceOf({ practice }, sender)),
  "comment.restored": async ({ id, at, platform, account_id, comment_id }, sender) =>
    note(`outcomes/${id}`, { platform, account_id, comment_id, observed: "restored", at }, await practiceOf({}, sender)),
  "capture.reason": async ({ capture_id, id, at, category, possible_secrecy, practice }, sender) => {
    const body = { category, possible_secrecy, moderator: await moderator(), at };
    const path = `captures/${capture_id}/reason`;
    return note(path, body, await practiceOf({ practice }, sender), `${path}#${id}`);
  },
  "incident.put": async (message, sender) => {
    const closed = message.incident.kind === "closed_path";
    const incident = closed ? await byIncident(message.incident) : message.incident;
    if (closed) tellAll().catch(() => undefined);
    return note(`incidents/${incident.id}`, { ...incident, moderator: incident.moderator ?? (await moderator()) }, await practiceOf(message, sender));
  },
  "incident.state": (message) => noteState(`incidents/${message.id}`),
  "account.question": async ({ id, at, platform, owner, answer }, sender) => {
    const body = { platform, owner, answer, at, moderator: await moderator() };
    return note(`account-questions/${id}`, body, await practiceOf({}, sender));
  },
  "account.identifiers": async ({ account_id, identifiers }, sender) =>
    note(`accounts/${account_id}/identifiers`, { identifiers }, await practiceOf({}, sender), crypto.randomUUID()),
};

/** @type {Record<string, (message: any) => Promise<unknown>>} from the extension's own pages */
const FROM_OWN = {
  "pair.start": async ({ code, label }) => {
    try {
      await pair(code, label);
      await update();
      heartbeat().catch(() => undefined);
      return { ok: true };
    } catch (error) {
      return { ok: false, ...(await causeOf(error)) };
    }
  },
  "helper.check": async () => {
    try {
      const { version: helper } = await hello(false);
      return { ok: true, helper };
    } catch (error) {
      return { ok: false, ...(await causeOf(error)) };
    }
  },
  "status.get": async ({ tab_id }) => {
    const tab = tab_id ? await tabById(tab_id) : await currentTab();
    const waiting = await spool.waiting();
    const page = await setup.forPage();
    const state = await stateOf(tab);
    return {
      ...state, tab_id: tab?.id ?? null, paired: page.paired, moderator: page.moderator, moderators: page.moderators, names_here: (await setting("moderators")) ?? [], recent: (await storage.get("recent")) ?? [],
      waiting: waiting.filter((one) => one.type === "capture").length, refused: waiting.filter((one) => one.refused).length,
      account: [...page.accounts, page.practice_account].find((one) => one?.id === state.account_id)?.name ?? null,
      account_page: page.accounts.some((/** @type {any} */ one) => one.id === state.account_id) ? `konton/${state.account_id}#dokumentation` : null,
      desk: await desk(),
      refused_packs: page.refused.filter((/** @type {any} */ one) => one.why !== "older"),
      without_reason: await setup.withoutReason(), port: await port(), address: await address(), version: version(), locked: Object.keys(await policy()),
    };
  },
  "texts.get": async () => ({ language: await language(), texts: await texts() }),
  "tab.reload": async ({ tab_id }) => {
    await reload(tab_id);
    return { ok: true };
  },
  "language.set": async ({ language: name }) => {
    const answer = await choose("language", LANGUAGES.includes(name) ? name : undefined);
    await checkAlive();
    return answer;
  },
  "manual.look": async ({ tab_id }) => look(tab_id),
  "manual.save": async (message) => keep(message),
  "page.record": async ({ tab_id }) => record(tab_id),
  "moderator.set": async ({ name }) => {
    await storage.set("moderator", name);
    await tellAll();
    return { ok: true };
  },
  "moderators.set": async ({ names }) => choose("moderators", names),
  "address.set": async ({ address: chosen }) => (chosen === null || isAddress(chosen) ? choose("address", chosen) : { ok: false, code: "invalid" }),
  "port.set": async ({ port: number }) => choose("port", number),
};

/** What the person chooses, where IT has not decided. @param {string} name @param {unknown} value */
async function choose(name, value) {
  if (await isLocked(name)) return { ok: false, code: "locked" };
  await storage.set(name, value);
  await tellAll();
  return { ok: true };
}

/** @returns {Promise<string|null>} */
async function moderator() {
  return (await setup.forPage()).moderator;
}

/** Fetches the setup and makes scripts and tabs follow it. */
export async function update() {
  try {
    if (await setup.refresh()) await tellAll();
    await byRecords((await setup.known())?.erased ?? []);
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
