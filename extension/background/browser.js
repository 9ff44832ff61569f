/* The only background file that touches the browser's extension API. */

const api = globalThis.browser ?? globalThis.chrome;

/** What has been read of the extension's storage, until it changes: a held click reads some of it thirty times, and
 * each time asks another process. @type {Map<string, Promise<any>>} */
const known = new Map();
api.storage.onChanged.addListener((/** @type {object} */ changes, /** @type {string} */ area) => {
  if (area === "local") Object.keys(changes).forEach((key) => known.delete(key));
});

export const storage = {
  /** @param {string} key @returns {Promise<any>} shared with other callers, who change none of it */
  get(key) {
    const found = known.get(key) ?? read(key);
    known.set(key, found);
    return found;
  },
  /** @param {string} key @param {unknown} value */
  async set(key, value) {
    known.delete(key);
    try {
      await api.storage.local.set({ [key]: value });
    } finally {
      known.delete(key);
    }
  },
  /** @param {string} key */
  async remove(key) {
    known.delete(key);
    try {
      await api.storage.local.remove(key);
    } finally {
      known.delete(key);
    }
  },
  /** @param {string} start @returns {Promise<[string, any][]>} every key that begins so, and what is stored there */
  async under(start) {
    return Object.entries(await api.storage.local.get(null)).filter(([key]) => key.startsWith(start));
  },
};

/** @param {string} key @returns {Promise<any>} */
async function read(key) {
  try {
    return (await api.storage.local.get(key))[key];
  } catch (error) {
    known.delete(key);
    throw error;
  }
}

/** @param {(message: any, sender: any) => Promise<unknown>|undefined} handler */
export function onMessage(handler) {
  api.runtime.onMessage.addListener((/** @type {any} */ message, /** @type {any} */ sender, /** @type {(value: unknown) => void} */ answer) => {
    if (sender.id !== api.runtime.id) return undefined;
    const promise = handler(message, sender);
    if (!promise) return undefined;
    promise.then(answer, (error) => answer({ ok: false, code: "internal", detail: String(error?.message ?? error) }));
    return true;
  });
}

/** @param {number} tabId @param {unknown} message @param {{frameId?: number}} [options] @returns {Promise<any>} null when nobody answers */
export async function tellTab(tabId, message, options) {
  try {
    return await api.tabs.sendMessage(tabId, message, options ?? {});
  } catch {
    return null;
  }
}

/** @param {string[]} patterns @returns {Promise<any[]>} */
export async function tabsOn(patterns) {
  return patterns.length ? api.tabs.query({ url: patterns }) : [];
}

/** @param {number} id @returns {Promise<any>} */
export async function tab(id) {
  return api.tabs.get(id).catch(() => null);
}

/** @param {number} id of a tab */
export async function reload(id) {
  await api.tabs.reload(id);
}

/** @returns {Promise<any>} */
export async function currentTab() {
  return (await api.tabs.query({ active: true, lastFocusedWindow: true }))[0];
}

/** Runs a function in every frame of a tab, once. @param {number} tabId @param {() => any} job
 * @returns {Promise<any[]|null>} what each frame gave; null when the browser does not let us in */
export async function runInTab(tabId, job) {
  try {
    const frames = await api.scripting.executeScript({ target: { tabId, allFrames: true }, func: job });
    return frames.map((/** @type {any} */ one) => one.result);
  } catch {
    return null;
  }
}

/** Runs classic files in a tab's top frame, and then `run` of the name that they made, which is taken away again.
 * @param {number} tabId @param {string[]} files @param {string} name @param {any} argument
 * @returns {Promise<any>} what it gave; null when the browser does not let us in */
export async function runFilesInTab(tabId, files, name, argument) {
  try {
    await api.scripting.executeScript({ target: { tabId }, files });
    const func = (/** @type {string} */ made, /** @type {any} */ given) => {
      const world = /** @type {any} */ (globalThis);
      try {
        return world[made].run(given);
      } finally {
        world[made] = undefined;
      }
    };
    return (await api.scripting.executeScript({ target: { tabId }, func, args: [name, argument] }))[0].result;
  } catch {
    return null;
  }
}

/** @returns {Promise<Record<string, any>>} what IT has decided; the browser may take its time to tell it after a start */
export async function managed() {
  return (await api.storage.managed?.get(null).catch(() => ({}))) ?? {};
}

/** @param {() => void} handler called when IT changes its mind */
export function onPolicy(handler) {
  api.storage.onChanged.addListener((/** @type {any} */ _, /** @type {string} */ area) => { if (area === "managed") handler(); });
}

/** @param {number} windowId @returns {Promise<{left: number, top: number, width: number, height: number}>} in the browser's own units */
export function place(windowId) {
  return api.windows.get(windowId);
}

/** @param {number} tabId @returns {Promise<number>} */
export function zoom(tabId) {
  return api.tabs.getZoom(tabId);
}

/** @param {(tab: any) => void} handler sees each tab whose page has loaded, or has come back from the cache */
export function onLoaded(handler) {
  api.tabs.onUpdated.addListener((/** @type {number} */ _, /** @type {any} */ change, /** @type {any} */ tab) => {
    if (change.status === "complete") handler(tab);
  });
}

/** @param {number} windowId @returns {Promise<string>} a data URL of what the window shows */
export function screenshot(windowId) {
  return api.tabs.captureVisibleTab(windowId, { format: "png" });
}

/** @param {number|undefined} tabId every tab that has nothing of its own, when left out @param {string} text @param {string} color @param {string} title */
export async function badge(tabId, text, color, title) {
  try {
    await api.action.setBadgeText({ tabId, text });
    await api.action.setBadgeBackgroundColor({ tabId, color });
    await api.action.setTitle({ tabId, title });
  } catch {
    // The tab closed while the badge was set.
  }
}

/** @returns {Promise<any[]>} */
export function registered() {
  return api.scripting.getRegisteredContentScripts();
}

/** @param {any[]} wanted @param {string[]} old ids to take away first */
export async function register(wanted, old) {
  if (old.length) await api.scripting.unregisterContentScripts({ ids: old });
  if (wanted.length) await api.scripting.registerContentScripts(wanted);
}

/** @param {() => void} handler called each minute, and when browser or extension starts */
export function onBeat(handler) {
  api.alarms.create("beat", { periodInMinutes: 1 });
  api.alarms.onAlarm.addListener(handler);
  api.runtime.onInstalled.addListener(handler);
  api.runtime.onStartup.addListener(handler);
}

/** @param {string[]} urls @param {(details: any) => void} handler sees each request with its body, and can change none */
export function onRequest(urls, handler) {
  const filter = { urls, types: ["xmlhttprequest", "ping", "main_frame", "sub_frame"] };
  api.webRequest.onBeforeRequest.addListener(handler, filter, ["requestBody"]);
}

/** Keeps what is stored from pages' scripts, where the browser can. */
export function closeStorage() {
  api.storage.local.setAccessLevel?.({ accessLevel: "TRUSTED_CONTEXTS" }).catch(() => undefined);
}

export function version() {
  return api.runtime.getManifest().version;
}

/** Asks a page of the extension's own that nobody sees. Chromium makes one for the worker; in Firefox the worker's own
 * document holds it. @param {string} path @param {any} message @returns {Promise<any>} */
export async function hidden(path, message) {
  if (!api.offscreen) return framed(path, message);
  await api.offscreen.createDocument({ url: path, reasons: ["DOM_PARSER"], justification: "A new platform pack reads its own test pages." });
  try {
    return await api.runtime.sendMessage(message);
  } finally {
    await api.offscreen.closeDocument();
  }
}

/** @param {string} path @param {any} message @returns {Promise<any>} */
async function framed(path, message) {
  const frame = document.createElement("iframe");
  frame.src = api.runtime.getURL(path);
  await new Promise((done) => { frame.onload = done; document.body.append(frame); });
  try {
    const inside = /** @type {any} */ (frame.contentWindow);
    return inside.bevara.reading.run(message.pack, message.pages);
  } finally {
    frame.remove();
  }
}

/** @param {string} path @returns {Promise<any>} a JSON file of the extension's own */
export async function ownJson(path) {
  return (await fetch(api.runtime.getURL(path))).json();
}
