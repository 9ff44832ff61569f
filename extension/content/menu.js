/* Ties a menu, which often lies at the end of the page, to the comment whose button opened it. */

bevara.menu = (() => {
  const FRESH = 5 * 60 * 1000;
  /** @type {{comment: CommentAt, button: Element, at: number, left: Element[]|null}|null} */
  let armed = null;

  /** @param {Element} element @returns {Element|null} the menu button that an element lies in */
  function button(element) {
    for (const source of bevara.pack.menu.button) {
      const found = element.closest(source.selector ?? "[aria-haspopup=menu]");
      if (found && bevara.sources.fits(found, { ...source, visible: false })) return found;
    }
    return null;
  }

  /** Remembers whose menu is about to open; another thing's menu button forgets it.
   * @param {Element} element the menu button @returns {CommentAt|null} */
  function arm(element) {
    const comment = bevara.finder.of(element);
    if (comment && armed?.button === element && armed.comment.ids.comment === comment.ids.comment &&
      Date.now() - armed.at < 1000) return armed.comment;
    if (comment) comment.whose = bevara.owner.of(comment);
    armed = comment ? { comment, button: element, at: Date.now(), left: null } : null;
    return comment;
  }

  /** Counts a menu that does not come, or in which no item is known. */
  function look() {
    const { menu, item, harmless } = bevara.pack.menu;
    const open = [...document.querySelectorAll(menu.join(","))].filter((one) => bevara.sources.seen(one));
    if (!open.length) return bevara.health.count("menus_missing");
    const tables = [harmless, ...bevara.pack.actions.map((/** @type {Action} */ action) => action.labels)];
    const items = open.flatMap((one) => [...one.querySelectorAll(item.join(","))]);
    if (items.length && !items.some((one) => tables.some((table) => bevara.labels.match(table, one)))) bevara.health.count("menus_unknown");
  }

  /** @param {Element} menu @returns {Element|null} the button that says it controls this menu */
  function controller(menu) {
    if (menu.id) {
      const id = CSS.escape(menu.id);
      const found = document.querySelector(`[aria-controls~="${id}"],[aria-owns~="${id}"]`);
      if (found) return found;
    }
    const named = menu.getAttribute("aria-labelledby")?.split(/\s+/)[0];
    return named ? document.getElementById(named) : null;
  }

  /** @param {Element} menu @returns {CommentAt|null} the comment that the menu acts on */
  function tie(menu) {
    const inside = bevara.finder.of(menu);
    if (inside) return inside;
    const owner = controller(menu);
    if (owner && owner !== armed?.button) {
      const found = bevara.finder.of(owner);
      if (found || button(owner) === owner) return found;
    }
    if (!armed || Date.now() - armed.at > FRESH || (armed.left && !armed.left.includes(menu))) return null;
    return armed.comment;
  }

  /** A press elsewhere: only menus that are open now may still belong to the comment. */
  function leave() {
    if (!armed || armed.left) return;
    const open = [...document.querySelectorAll(bevara.pack.menu.menu.join(","))].filter((one) => bevara.sources.seen(one));
    if (open.length) armed.left = open;
    else armed = null;
  }

  /** @param {Element} element @returns {{menu: Element, item: Element}|null} */
  function item(element) {
    const menu = element.closest(bevara.pack.menu.menu.join(","));
    if (!menu) return null;
    const found = element.closest(bevara.pack.menu.item.join(","));
    return found && found !== menu && menu.contains(found) ? { menu, item: found } : null;
  }

  /** @returns {CommentAt|null} the comment whose menu was used last */
  function last() {
    return armed && Date.now() - armed.at < 60000 ? armed.comment : null;
  }

  return { button, arm, tie, item, last, leave, look };
})();
