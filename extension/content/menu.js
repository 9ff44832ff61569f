/* Ties a menu, which often lies at the end of the page, to the comment whose button opened it. */

bevara.menu = (() => {
  const FRESH = 5 * 60 * 1000;
  const OPENS = 2000;
  const controls = "button,a[href],input,summary,li,[role],[tabindex]";
  /** @type {{comment: CommentAt, button: Element, at: number, left: Element[]|null, sure: boolean}|null} `sure` when the
   * pack knows the button; any other press in a comment may open a menu too */
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
   * @param {Element} element the menu button, or something in a comment that may be one @returns {CommentAt|null} */
  function arm(element, sure = true) {
    const comment = bevara.finder.of(element) ?? (sure ? bevara.post.of(element) : null);
    bevara.fresh.watch();
    if (!sure && armed?.sure && comment?.node === armed.comment.node) return comment;
    if (comment && armed?.button === element && armed.comment.ids.comment === comment.ids.comment &&
      Date.now() - armed.at < 1000) return armed.comment;
    if (comment) comment.whose = bevara.owner.of(comment);
    if (comment?.post && comment.whose?.state !== "ours") return (armed = null);
    armed = comment ? { comment, button: element, at: Date.now(), left: null, sure } : null;
    return comment;
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
      if (found || button(owner) === owner) return found ?? bevara.post.of(owner);
    }
    return armed?.left && !armed.left.includes(menu) ? null : mayBelongTo();
  }

  /** A press elsewhere: only menus that are open now may still belong to the comment. */
  function leave() {
    if (!armed || armed.left) return;
    const open = [...document.querySelectorAll(bevara.pack.menu.menu.join(","))].filter((one) => bevara.sources.seen(one));
    if (open.length) armed.left = open;
    else armed = null;
  }

  /** @param {Element} element @returns {{menu: Element, item: Element, known: boolean}|null} `known` when the pack knows
   * the menu; else it is only what came when a comment's button was pressed */
  function item(element) {
    const menu = element.closest(bevara.pack.menu.menu.join(","));
    const opened = menu ?? unnamed(element);
    if (!opened || element === opened) return null;
    const found = element.closest(bevara.pack.menu.item.join(","));
    const inside = found && found !== opened && opened.contains(found) ? found : control(element, opened);
    return { menu: opened, item: inside, known: menu !== null };
  }

  /** @param {Element} element @param {Element} root @returns {Element} */
  function control(element, root) {
    const found = element.closest(controls);
    return found && found !== root && root.contains(found) ? found : element;
  }

  /** What the page drew right after the press, and that holds no comment. @param {Element} element @returns {Element|null} */
  function unnamed(element) {
    if (!armed || armed.left || element.closest(bevara.pack.dialog.container.join(","))?.contains(armed.comment.node) === false) return null;
    const part = bevara.fresh.part(element, armed.at, OPENS);
    return part && !part.contains(armed.comment.node) && !bevara.finder.all(part, 1).length && !isComment(part) ? part : null;
  }

  /** @param {Element} part */
  function isComment(part) {
    const comment = bevara.finder.of(part);
    return comment !== null && comment.node !== armed?.comment.node;
  }

  /** @returns {CommentAt|null} the comment whose menu was used last */
  function last() {
    return armed && Date.now() - armed.at < 60000 ? armed.comment : null;
  }

  /** @returns {CommentAt|null} the comment that an open menu may still act on */
  function mayBelongTo() {
    return armed && Date.now() - armed.at <= FRESH ? armed.comment : null;
  }

  return { button, arm, tie, item, last, leave, mayBelongTo, sure: () => armed?.sure ?? false };
})();
