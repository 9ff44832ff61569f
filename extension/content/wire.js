/* Everything said to the service worker; the only content file that touches the browser's extension API. */

bevara.wire = (() => {
  const api = /** @type {any} */ (globalThis).browser ?? /** @type {any} */ (globalThis).chrome;

  /** True when the extension was updated or removed under this page. */
  function orphaned() {
    return !api?.runtime?.id;
  }

  /** @param {number} ms @returns {Promise<never>} */
  function timeout(ms) {
    return new Promise((_, reject) => setTimeout(() => reject(new Error("timeout")), ms));
  }

  /** Sends one message and repeats it once when the worker died under it.
   * @param {Record<string, any>} message @param {number} [ms] @returns {Promise<any>} */
  async function send(message, ms = 8000) {
    if (orphaned()) throw new Error("orphaned");
    try {
      return await Promise.race([api.runtime.sendMessage(message), timeout(ms)]);
    } catch (error) {
      if (orphaned()) throw new Error("orphaned");
      if (String(error).includes("timeout")) throw error;
      return Promise.race([api.runtime.sendMessage(message), timeout(ms)]);
    }
  }

  /** Sends a message whose answer nobody waits for. @param {Record<string, any>} message */
  function tell(message) {
    send(message).catch(() => undefined);
  }

  /** Says something of a capture or a page, under a number and a time of its own: sent again, it is still said once.
   * @param {Record<string, any>} message */
  function note(message) {
    tell({ ...message, id: crypto.randomUUID(), at: new Date().toISOString() });
  }

  /** Calls `handler(message)` for each of the worker's messages; its promise is the answer.
   * @param {(message: any) => Promise<any>|undefined} handler */
  function listen(handler) {
    /** @type {(message: any, sender: any, answer: (value: any) => void) => boolean|undefined} */
    const listener = (message, sender, answer) => {
      if (sender.id !== api.runtime.id) return undefined;
      const promise = handler(message);
      if (!promise) return undefined;
      promise.then(answer, () => answer(null));
      return true;
    };
    api.runtime.onMessage.addListener(listener);
  }

  /** @returns {string} the extension's version */
  function version() {
    return api?.runtime?.getManifest?.().version ?? "0";
  }

  /** @param {string} name @returns {string|null} a text of _locales in the browser's language */
  function text(name) {
    return api?.i18n?.getMessage?.(name) || null;
  }

  return { send, tell, note, listen, orphaned, version, text };
})();
