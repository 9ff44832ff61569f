/* The only background file that touches the browser's extension API. */

const api = globalThis.browser ?? globalThis.chrome;

export const storage = {
  /** @param {string} key @returns {Promise<any>} */
  async get(key) {
    return (await api.storage.local.get(key))[key];
  },
  /** @param {string} key @param {unknown} value */
  async set(key, value) {
    await api.storage.local.set({ [key]: value });
  },
};

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

/** @returns {Promise<any>} */
export async function currentTab() {
  return (await api.tabs.query({ active: true, lastFocusedWindow: true }))[0];
}

/** @param {number} windowId @returns {Promise<string>} a data URL of what the window shows */
export function screenshot(windowId) {
  return api.tabs.captureVisibleTab(windowId, { format: "png" });
}

/** @param {number} tabId @param {string} text @param {string} color @param {string} title */
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

/** @param {string} path @returns {Promise<any>} a JSON file of the extension's own */
export async function ownJson(path) {
  return (await fetch(api.runtime.getURL(path))).json();
}
