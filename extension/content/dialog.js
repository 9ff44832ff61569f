/* Follows the dialog that a menu item opens, from the item to its confirming button or to its end. */

bevara.dialog = (() => {
  const GRACE = 2500;
  const PATIENCE = 60000;
  const buttons = "button,[role=button],[role=menuitem],input[type=submit],input[type=button],a[href]";
  /** @type {any} */
  let pending = null;
  /** @type {ReturnType<typeof setInterval>|undefined} */
  let timer;
  /** @type {WeakSet<Element>} windows that were open before the item was pressed */
  let before = new WeakSet();

  /** @param {Element} element @returns {boolean} true when an open dialog is only the post's own window */
  function holdsComment(element) {
    return pending !== null && element.contains(pending.comment.node);
  }

  /** @param {Element} element @returns {Element|null} the dialog that asks, around an element */
  function around(element) {
    const found = element.closest(bevara.pack.dialog.container.join(","));
    return found && !before.has(found) && !holdsComment(found) && !bevara.finder.of(element) ? found : null;
  }

  /** @param {Element} element @returns {Element|null} */
  function button(element) {
    return element.closest(bevara.pack.dialog.button?.join(",") ?? buttons);
  }

  /** What stands for a button in a box that has none. @param {Element} element @param {Element} box @returns {Element|null} */
  function unnamed(element, box) {
    if (element === box || box.querySelector(bevara.pack.dialog.button?.join(",") ?? buttons)) return null;
    const found = element.closest("[tabindex],[role],label");
    return found && found !== box && box.contains(found) ? found : element;
  }

  /** @returns {Element[]} */
  function shown() {
    const all = document.querySelectorAll(bevara.pack.dialog.container.join(","));
    return [...all].filter((element) => bevara.sources.seen(element));
  }

  /** @returns {Element|null} a dialog that is open now and is not the post's own window */
  function open() {
    return shown().find((element) => !before.has(element) && !holdsComment(element) && !bevara.finder.all(element).length) ?? null;
  }

  /** Starts following: the item was pressed and leads to a dialog. @param {any} found what was recognised */
  function expect(found) {
    if (pending && pending.comment.ids.comment === found.comment.ids.comment && Date.now() - pending.at < GRACE) return;
    before = new WeakSet(shown());
    pending = { ...found, at: Date.now(), seen: false, secrecy: false };
    clearInterval(timer);
    timer = setInterval(watch, 300);
  }

  /** Whoever closes the dialog at once has still seen it. */
  function glance() {
    if (pending && !pending.seen && open()) pending.seen = true;
  }

  function watch() {
    if (!pending) return;
    const there = open();
    if (there) {
      pending.seen = true;
      bevara.panel.avoid(there.getBoundingClientRect());
    } else if (bevara.hold.busy()) return;
    else if (pending.seen) over("cancelled");
    else if (Date.now() - pending.at > GRACE) undrawn();
  }

  /** No dialog was seen: either the item acted at once, or what it opened is not known as a dialog. */
  function undrawn() {
    if (!pending.missed) bevara.health.count("dialogs_missing");
    pending.missed = true;
    if (!bevara.finder.again(pending.comment)) over("no_dialog");
    else if (Date.now() - pending.at > PATIENCE) over("cancelled");
  }

  /** @param {string} how */
  function over(how) {
    const ended = pending;
    clear();
    bevara.gate.dialogEnded(ended, how);
  }

  function clear() {
    clearInterval(timer);
    pending = null;
    before = new WeakSet();
  }

  return { around, button, unnamed, expect, glance, open, over, pending: () => pending };
})();
