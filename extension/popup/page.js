/* What the extension's own pages share: asking the worker, and the texts in the chosen language. */

const api = globalThis.browser ?? globalThis.chrome;

/** @template {Element} T @param {string} selector @returns {T} */
export const find = (selector) => /** @type {any} */ (document.querySelector(selector));

/** @param {any} message @returns {Promise<any>} */
export const ask = (message) => api.runtime.sendMessage(message);

/** Asks the person that the extension may speak with a host; at once where it may. @param {string} pattern @returns {Promise<boolean>} */
export const allow = (pattern) => api.permissions.request({ origins: [pattern] });

/** Why the helper says no when it is not the one that this browser was paired with, or no longer knows it. */
export const PAIR_AGAIN = new Set(["impostor", "unknown_device", "revoked_device"]);

const { language, texts } = await ask({ type: "texts.get" });

/** @param {string} name @param {...(string|number)} fills @returns {string} */
export function say(name, ...fills) {
  return String(texts[name] ?? name).replace(/\$(\d)/g, (_, at) => String(fills[Number(at) - 1] ?? ""));
}

/** Writes every text that the page names with `data-text`. */
export function speak() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = say(/** @type {HTMLElement} */ (element).dataset.text ?? "");
}
