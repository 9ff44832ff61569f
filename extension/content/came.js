/* Whether the menu came that a press should open, and was understood. A doubt is about one comment, and ends when its menu
 * is understood after all. */

bevara.came = (() => {
  const PATIENCE = 900;
  const LATE = 10000;
  /** @type {{id: string, at: number, before: Element[], seen: boolean, known: boolean}|null} the press that should open a menu */
  let waiting = null;
  /** @type {Map<string, "missing"|"unknown">} by comment id */
  const doubts = new Map();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;

  /** @returns {Element[]} */
  function open() {
    return [...document.querySelectorAll(bevara.pack.menu.menu.join(","))].filter((one) => bevara.sources.seen(one));
  }

  /** @param {Element[]} menus */
  function items(menus) {
    return menus.flatMap((one) => [...one.querySelectorAll(bevara.pack.menu.item.join(","))]);
  }

  /** @param {Element[]} menus */
  function understood(menus) {
    const tables = [bevara.pack.menu.harmless, ...bevara.pack.actions.map((/** @type {Action} */ action) => action.labels)];
    return items(menus).some((one) => tables.some((table) => bevara.labels.match(table, one)));
  }

  /** A menu button was pressed all the way. The press that closes its menu is followed by none.
   * @param {string|null} id the comment's @param {boolean} closes true when it is the button that was pressed last */
  function expect(id, closes) {
    const before = open();
    drop();
    if (!id || (closes && before.length)) return;
    waiting = { id, at: Date.now(), before, seen: false, known: false };
    timer = setTimeout(judge, PATIENCE);
  }

  /** Looks while a menu is waited for: whoever closes it at once has still seen it. */
  function glance() {
    if (!waiting || waiting.known) return;
    if (Date.now() - waiting.at > LATE) return drop();
    const { before } = waiting;
    const fresh = open().filter((one) => !before.includes(one));
    if (!fresh.length) return;
    waiting.seen = true;
    waiting.known = understood(fresh);
    if (waiting.known && doubts.delete(waiting.id)) tell();
  }

  function judge() {
    glance();
    if (!waiting || waiting.known) return;
    const menus = open();
    if (menus.length && understood(menus)) doubts.delete(waiting.id);
    else if (items(menus).length) doubts.set(waiting.id, "unknown");
    else if (!menus.length && !waiting.seen) doubts.set(waiting.id, "missing");
    tell();
  }

  function tell() {
    const all = [...doubts.values()];
    bevara.health.note("menus_missing", all.filter((one) => one === "missing").length);
    bevara.health.note("menus_unknown", all.filter((one) => one === "unknown").length);
  }

  /** Waits no longer: an item was pressed, or Escape. */
  function drop() {
    clearTimeout(timer);
    waiting = null;
  }

  return { expect, glance, judge, drop };
})();
