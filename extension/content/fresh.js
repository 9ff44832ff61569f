/* Knows what the page has drawn since a moment: a menu or a dialog that no pack describes is at least new. */

bevara.fresh = (() => {
  /** @type {WeakMap<Node, number>} when the page put a node in */
  const born = new WeakMap();
  /** @type {MutationObserver|null} */
  let observer = null;

  /** @param {MutationRecord[]} records */
  function note(records) {
    const now = Date.now();
    for (const { addedNodes } of records) addedNodes.forEach((node) => born.set(node, now));
    bevara.came.glance();
    bevara.dialog.glance();
  }

  /** Starts to look, at the first press that could open something. */
  function watch() {
    if (observer) return;
    observer = new MutationObserver(note);
    observer.observe(document, { childList: true, subtree: true });
    bevara.stop.signal.addEventListener("abort", () => observer?.disconnect());
  }

  /** The outermost part around an element that the page drew from `since` until `within` ms later, or null.
   * @param {Element} element @param {number} since @param {number} within @returns {Element|null} */
  function part(element, since, within) {
    note(observer?.takeRecords() ?? []);
    let found = null;
    for (let node = /** @type {Element|null} */ (element); node; node = node.parentElement) {
      const at = born.get(node) ?? 0;
      if (at >= since && at <= since + within) found = node;
    }
    return found;
  }

  return { watch, part };
})();
