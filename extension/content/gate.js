/* Listens before the page does and stops what must not happen until it is saved. */

bevara.gate = (() => {
  const pointer = ["pointerdown", "pointerup", "mousedown", "mouseup", "touchstart", "touchend", "click", "auxclick", "dblclick"];
  const others = ["keydown", "keypress", "keyup", "submit"];
  const seenOnly = ["focusin", "focusout", "input", "beforeinput", "change", "pointermove", "mousemove", "mouseover",
    "pointerover", "mouseout", "pointerout", "contextmenu", "selectstart", "wheel"];
  const fields = "input:not([type=button],[type=submit],[type=image]),textarea,select,[contenteditable]";
  /** @type {string|null} a key whose release is swallowed too */
  let swallowed = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let soon;
  /** @type {Element|null} the menu button that was pressed last */
  let pressed = null;
  /** @type {Element|null} the control that the pointer went down on */
  let down = null;

  /** @param {Event} event */
  function halt(event) {
    if (event.cancelable && !event.type.startsWith("touch")) event.preventDefault();
    event.stopImmediatePropagation();
  }

  /** @param {Event} event @returns {Element|null} the element that the page would act on */
  function target(event) {
    const node = event.composedPath()[0];
    const element = node instanceof Element ? node : node instanceof Node ? node.parentElement : null;
    if (!(event instanceof KeyboardEvent) || !element) return event.type === "submit" ? submitter(event) ?? element : element;
    const active = element.getAttribute("aria-activedescendant");
    return (active && document.getElementById(active)) || element;
  }

  /** @param {Event} event */
  function submitter(event) {
    return event instanceof SubmitEvent ? event.submitter : null;
  }

  /** @param {Event} event */
  function isPress(event) {
    if (event instanceof KeyboardEvent) return event.type === "keydown" && !event.repeat;
    return event.type === "click" || event.type === "auxclick" || event.type === "submit";
  }

  /** @param {KeyboardEvent} event */
  function activates(event) {
    if (event.isComposing) return false;
    return event.key === "Enter" || event.key === " " || (bevara.pack.keys ?? []).some((/** @type {KeyRule} */ one) => one.key === event.key);
  }

  /** @param {Event} event */
  function on(event) {
    if (bevara.replay.releasing()) return;
    if (bevara.panel.handle(event) || bevara.saveButton.handle(event)) return;
    if (!bevara.answered) return early(event);
    if (!bevara.pack) return;
    if (event instanceof KeyboardEvent && keyAside(event)) return;
    const element = target(event);
    if (!element) return;
    const found = bevara.classify.of(element, event) ?? formOf(event);
    if (found) act(found, event, element);
    else if (event.isTrusted && startsPress(event)) elsewhere(element);
  }

  /** Before anything is known of the page every press is stopped, and the moderator presses again. @param {Event} event */
  function early(event) {
    const element = target(event);
    const field = element?.closest(fields);
    const moving = event instanceof KeyboardEvent && /^(Tab|Escape|F\d+|Shift|Control|Alt|Meta)$/.test(event.key);
    if (event.type !== "submit" && (field || moving)) return;
    halt(event);
    if (event.isTrusted && isPress(event)) bevara.engine.pressedEarly();
  }

  /** @param {Element} element a press on something that is none of ours */
  function elsewhere(element) {
    if (!element.closest([...bevara.pack.menu.menu, ...bevara.pack.dialog.container].join(","))) bevara.menu.leave();
  }

  /** @param {KeyboardEvent} event @returns {boolean} true when a key needs no more looking at */
  function keyAside(event) {
    if (event.type !== "keydown" && swallowed === event.code) {
      halt(event);
      if (event.type === "keyup") swallowed = null;
      return true;
    }
    if (event.key === "F6" && event.type === "keydown" && event.isTrusted && bevara.panel.focus()) return halt(event), true;
    if (event.key === "Escape" && event.type === "keydown") {
      bevara.came.drop();
      setTimeout(escaped, 200);
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") armByKey(event);
    return !activates(event);
  }

  function escaped() {
    if (bevara.dialog.pending() && bevara.hold.busy() && !bevara.dialog.open()) bevara.dialog.over("cancelled");
  }

  /** @param {KeyboardEvent} event arrows open menus too */
  function armByKey(event) {
    const element = event.type === "keydown" ? target(event) : null;
    const button = element && bevara.menu.button(element);
    if (button) arm(button, false);
  }

  /** A form sent without a button, inside the dialog that we follow. @param {Event} event */
  function formOf(event) {
    const pending = event.type === "submit" ? bevara.dialog.pending() : null;
    const form = event.target;
    if (!pending || !(form instanceof Element) || !bevara.dialog.around(form)) return null;
    return { step: "final", where: "dialog", control: form, comment: pending.comment, action: pending.action, label: pending.label };
  }

  /** @param {any} found @param {Event} event @param {Element} element */
  function act(found, event, element) {
    if (found.step === "arm") return startsPress(event) ? arm(found.control, isPress(event)) : undefined;
    if (found.step === "perhaps") return perhaps(event, element);
    bevara.came.drop();
    const whose = bevara.owner.settled(found.comment);
    if (whose.state === "not_ours") return;
    if (found.unknown && isPress(event)) bevara.health.count("unknown_items");
    if (found.step === "cancel") return isPress(event) ? later(() => bevara.dialog.over("cancelled")) : undefined;
    if (found.step === "restore") return isPress(event) ? later(() => bevara.restored.watch(found.comment, whose)) : undefined;
    if (found.step === "step") return startsPress(event) ? step(found, whose) : undefined;
    if (bevara.hold.passed(found.comment.ids.comment, isPress(event), found.action)) return;
    final(found, event, element, whose);
  }

  /** A press in a comment on what no pack calls a menu button: one may open all the same. @param {Event} event @param {Element} element */
  function perhaps(event, element) {
    if (!startsPress(event)) return;
    bevara.menu.arm(element, false);
    if (event.isTrusted) elsewhere(element);
  }

  /** @param {Event} event */
  function startsPress(event) {
    return event.type === "pointerdown" || event.type === "click" || event.type === "keydown" || event.type === "mousedown";
  }

  /** Runs after the page has had the event. @param {() => void} work */
  function later(work) {
    setTimeout(work, 0);
  }

  /** @param {Element} button @param {boolean} whole true for the event that completes the press: then a menu should come */
  function arm(button, whole) {
    const closes = pressed === button;
    const comment = bevara.menu.arm(button);
    if (comment?.whose?.state !== "ours" || comment.post) return;
    bevara.memory.note(comment);
    if (!whole) return;
    pressed = button;
    bevara.came.expect(comment.ids.comment, closes);
  }

  /** @param {any} found @param {Ownership} whose */
  function step(found, whose) {
    const started = bevara.dialog.pending();
    bevara.dialog.expect(found);
    if (bevara.dialog.pending() === started || whose.state !== "ours") return;
    if (!found.comment.post && !bevara.memory.get(found.comment.ids.comment)) bevara.memory.note(found.comment);
    if (!bevara.memory.isShut(found.comment.ids.comment)) bevara.panel.show(bevara.views.prepared(bevara.dialog.pending(), prepared()));
  }

  function prepared() {
    const again = () => {
      const pending = bevara.dialog.pending();
      if (pending) bevara.panel.show(bevara.views.prepared(pending, prepared()));
      else bevara.panel.close();
    };
    return {
      secrecy: () => { const pending = bevara.dialog.pending(); if (pending) pending.secrecy = !pending.secrecy; again(); },
      closed: () => { const pending = bevara.dialog.pending(); if (pending) bevara.choices.closedPath(pending.comment, null, again); },
      close: () => bevara.panel.close(),
    };
  }

  /** @param {any} found @param {Event} event @param {Element} element @param {Ownership} whose */
  function final(found, event, element, whose) {
    halt(event);
    if (event instanceof KeyboardEvent && event.type === "keydown") swallowed = event.code;
    const aside = event instanceof MouseEvent && event.button > 0;
    if (aside || event.type === "auxclick" || event.type === "dblclick" || (event instanceof KeyboardEvent && event.repeat)) return;
    const origin = event instanceof KeyboardEvent ? /** @type {Element} */ (event.composedPath()[0]) : element;
    const done = bevara.replay.record(event, event.type === "submit" ? /** @type {Element} */ (event.target) : origin);
    clearTimeout(soon);
    if (isPress(event)) return begin(found, done, whose);
    if (event.type === "pointerdown") down = found.control;
    if (event.type === "pointerdown" && whose.state === "ours") bevara.hold.expect(whose.account);
    const made = !event.isTrusted && /^(pointer|mouse)/.test(event.type);
    if (!made && found.where !== "menu" && down !== found.control) return;
    if (made || event.type === "pointerup") soon = setTimeout(() => begin(found, done, whose), 120);
  }

  /** @param {any} found @param {any} done @param {Ownership} whose */
  function begin(found, done, whose) {
    clearTimeout(soon);
    if (bevara.hold.busy()) {
      bevara.hold.after(found, done, whose);
      bevara.panel.revive();
    } else bevara.hold.begin(found, done, whose);
  }

  /** The page's dialog went away. @param {any} pending @param {string} how */
  function dialogEnded(pending, how) {
    const held = bevara.hold.current();
    if (held) {
      bevara.hold.cancel(held);
      return bevara.panel.close();
    }
    if (how === "no_dialog") bevara.watchdog.actedAtOnce(pending);
    if (bevara.panel.kind() === "prepared") bevara.panel.close();
  }

  /** @param {Event} event unfolds a cut text while the pointer or focus is on the menu button */
  function near(event) {
    const element = event.composedPath()[0];
    if (!bevara.pack || !(element instanceof Element)) return;
    const button = bevara.menu.button(element);
    const comment = button && bevara.finder.of(button);
    if (comment && bevara.owner.of(comment).state === "ours") bevara.memory.unfold(comment);
  }

  /** Looking must never decide: an error here stops no event and lets none through. */
  function glance() {
    try {
      bevara.came.glance();
      bevara.dialog.glance();
    } catch (error) {
      bevara.health.fault(error);
    }
  }

  /** @param {Event} event */
  function safely(event) {
    glance();
    try {
      if (!seenOnly.includes(event.type)) return on(event);
      if (bevara.panel.handle(event) || bevara.saveButton.handle(event)) return;
      if (event.type === "pointerover" || event.type === "focusin") near(event);
    } catch (error) {
      if (acts(event) && perhapsOurs(event)) stopUnread(event);
      bevara.health.fault(error);
    }
  }

  /** @param {Event} event true for what could make the page act: presses, and the keys that press */
  function acts(event) {
    if (!(event instanceof KeyboardEvent)) return pointer.includes(event.type) || event.type === "submit";
    return activates(event) && !(event.key === " " && writes(event.composedPath()[0]));
  }

  /** @param {EventTarget|undefined} element */
  function writes(element) {
    return element instanceof Element && element.closest(fields) !== null;
  }

  /** True when a press that could not be understood may be the one that takes a comment of ours away.
   * @param {Event} event */
  function perhapsOurs(event) {
    try {
      const pending = bevara.dialog.pending();
      const comment = pending?.comment ?? bevara.menu.mayBelongTo();
      if (!comment) return inlineOf(event);
      if (comment.whose?.state === "not_ours") return false;
      return !pending || !bevara.hold.passed(comment.ids.comment, isPress(event), pending.action);
    } catch {
      return true;
    }
  }

  /** @param {Event} event true for a control that acts without a menu, on a page that is not somebody else's */
  function inlineOf(event) {
    const element = target(event);
    const control = (bevara.pack.inline ?? []).map((/** @type {Inline} */ rule) => element?.closest(rule.selector)).find(Boolean);
    const comment = control && bevara.finder.of(control);
    return Boolean(comment) && bevara.owner.settled(comment).state !== "not_ours";
  }

  /** Fails closed: nothing happens, and the page is to be loaded anew. @param {Event} event */
  function stopUnread(event) {
    halt(event);
    clearTimeout(soon);
    if (event.isTrusted && isPress(event) && !bevara.hold.busy()) bevara.choices.reload("stopped");
  }

  function start() {
    const options = { capture: true, passive: false, signal: bevara.stop.signal };
    for (const type of [...pointer, ...others, ...seenOnly]) {
      window.addEventListener(type, safely, type === "wheel" ? { ...options, passive: true } : options);
    }
  }

  return { start, dialogEnded };
})();
