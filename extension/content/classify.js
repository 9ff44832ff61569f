/* Says what a press on an element would do to a comment: arm, step, final, cancel, or nothing of ours to know. */

bevara.classify = (() => {
  /** Enter in a field of the dialog sends its form. @param {Element} element @param {Event} event */
  function field(element, event) {
    const enter = event instanceof KeyboardEvent && event.key === "Enter";
    return enter && element.matches("input:not([type=button],[type=submit],[type=reset],[type=checkbox],[type=radio])") ? element : null;
  }

  /** @param {Element} element @param {Event} event @returns {any} */
  function inDialog(element, event) {
    const pending = bevara.dialog.pending();
    const box = bevara.dialog.around(element);
    const control = box && (bevara.dialog.button(element) ?? (pending && (field(element, event) ?? bevara.dialog.unnamed(element, box))));
    if (!box || !control || !box.contains(control)) return pending && !box ? loose(element, pending) : null;
    if (!pending) return unexpected(control);
    if (bevara.labels.match(bevara.pack.dialog.cancel, control)) return { step: "cancel", control, comment: pending.comment };
    return { step: "final", where: "dialog", control, comment: pending.comment, action: pending.action, label: pending.label };
  }

  /** A confirming button whose surroundings are not known as a dialog: held when it carries an action's name, or when it
   * came after the item was pressed and is no way out. @param {Element} element @param {any} pending */
  function loose(element, pending) {
    const fresh = bevara.fresh.part(element, pending.at, 10000);
    const control = bevara.dialog.button(element) ?? (fresh && bevara.dialog.unnamed(element, fresh));
    const named = control && !bevara.menu.item(element)?.known && !bevara.finder.of(element);
    if (!control || !named || (fresh && bevara.finder.all(fresh, 1).length)) return null;
    if (!actionOf(control) && (!fresh || bevara.labels.match(bevara.pack.dialog.cancel, control))) return null;
    return { step: "final", where: "dialog", control, comment: pending.comment, action: pending.action, label: pending.label };
  }

  /** A dialog whose item was not seen: held when its button carries an action's name. @param {Element} control */
  function unexpected(control) {
    const comment = bevara.menu.last();
    const action = actionOf(control);
    return comment && action ? final(control, comment, action, "dialog") : null;
  }

  /** @param {Element} control @param {CommentAt} [comment] what the action is on @returns {Action|null} */
  function actionOf(control, comment) {
    const fits = (/** @type {Action} */ action) => !comment || (action.removes === "post") === Boolean(comment.post);
    return bevara.pack.actions.find((/** @type {Action} */ action) => fits(action) && bevara.labels.match(action.labels, control)) ?? null;
  }

  /** @param {Element} control @param {CommentAt} comment @param {any} action @param {string} where */
  function final(control, comment, action, where) {
    return { step: "final", where, control, comment, action, label: bevara.labels.shown(control) };
  }

  /** @param {Element} element */
  function inMenu(element) {
    const found = bevara.menu.item(element);
    const comment = found && bevara.menu.tie(found.menu);
    if (!found || !comment) return null;
    const control = found.item;
    if (bevara.labels.match(bevara.pack.menu.restore, control)) return { step: "restore", control, comment };
    const action = actionOf(control, comment);
    if (!action && comment.post) return null;
    if (action?.dialog) return { ...final(control, comment, action, "menu"), step: "step" };
    if (action) return final(control, comment, action, "menu");
    if (bevara.labels.match(bevara.pack.menu.harmless, control) || (!found.known && !bevara.menu.sure())) return null;
    return { ...final(control, comment, { kind: "other", reversible: false, dialog: false }, "menu"), unknown: true };
  }

  /** @param {Element} element */
  function inline(element) {
    for (const rule of bevara.pack.inline ?? []) {
      const control = element.closest(rule.selector);
      const comment = control && bevara.finder.of(control);
      if (!control || !comment || (rule.labels && !bevara.labels.match(rule.labels, control))) continue;
      const { kind, reversible = kind === "hide", dialog = false } = rule;
      const found = final(control, comment, { kind, reversible, dialog }, "inline");
      return dialog ? { ...found, step: "step" } : found;
    }
    return null;
  }

  /** @param {KeyboardEvent} event @param {Element} element */
  function byKey(event, element) {
    const editing = element.closest("input,textarea,select,[contenteditable='true'],[contenteditable='']");
    const rule = editing ? null : (bevara.pack.keys ?? []).find((/** @type {KeyRule} */ one) => one.key === event.key &&
      Boolean(one.shift) === event.shiftKey && Boolean(one.ctrl) === event.ctrlKey && Boolean(one.alt) === event.altKey);
    const comment = rule && bevara.finder.of(element);
    if (!rule || !comment) return null;
    const { kind, reversible = kind === "hide", dialog = false } = rule;
    return { ...final(element, comment, { kind, reversible, dialog }, "key"), step: dialog ? "step" : "final" };
  }

  /** @param {Element} element @param {Event} event @returns {any} */
  function of(element, event) {
    const shortcut = event.type === "keydown" ? byKey(/** @type {KeyboardEvent} */ (event), element) : null;
    if (shortcut) return shortcut;
    const found = inDialog(element, event) ?? inMenu(element) ?? inline(element);
    if (found) return found;
    const button = bevara.menu.button(element);
    if (button) return { step: "arm", control: button, comment: null };
    return bevara.finder.of(element) ? { step: "perhaps", control: element, comment: null } : null;
  }

  return { of };
})();
