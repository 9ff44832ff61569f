/* Does again what the moderator did, on the same element, after the receipt. Its own events pass the gate. */

bevara.replay = (() => {
  let releasing = false;

  /** Runs `work` so that the gate lets its events through. @param {() => void} work */
  function quietly(work) {
    releasing = true;
    try {
      work();
    } finally {
      releasing = false;
    }
  }

  /** What is needed to do an event again. @param {Event} event @param {Element} target */
  function record(event, target) {
    const mouse = event instanceof MouseEvent ? event : null;
    const key = event instanceof KeyboardEvent ? event : null;
    return {
      target, type: event.type, trusted: event.isTrusted,
      key: key && { key: key.key, code: key.code, keyCode: key.keyCode, shiftKey: key.shiftKey, ctrlKey: key.ctrlKey, altKey: key.altKey },
      point: { clientX: mouse?.clientX ?? 0, clientY: mouse?.clientY ?? 0, screenX: mouse?.screenX ?? 0, screenY: mouse?.screenY ?? 0 },
      pointer: event instanceof PointerEvent ? event.pointerType || "mouse" : "mouse",
      submitter: event instanceof SubmitEvent ? event.submitter : null,
    };
  }

  /** @param {any} done */
  function pointerEvents(done) {
    const base = { bubbles: true, cancelable: true, composed: true, detail: 1, button: 0, ...done.point };
    const pointer = { ...base, pointerId: 1, isPrimary: true, pointerType: done.pointer };
    const { target } = done;
    target.dispatchEvent(new PointerEvent("pointerdown", { ...pointer, buttons: 1 }));
    const calm = target.dispatchEvent(new MouseEvent("mousedown", { ...base, buttons: 1 }));
    if (calm) target.closest("button,a[href],[tabindex],input")?.focus?.({ preventScroll: true });
    target.dispatchEvent(new PointerEvent("pointerup", pointer));
    target.dispatchEvent(new MouseEvent("mouseup", base));
    if (target.isConnected) target.dispatchEvent(new PointerEvent("click", pointer));
  }

  /** @param {any} done @param {Element} control */
  function keyEvents(done, control) {
    const init = { bubbles: true, cancelable: true, composed: true, ...done.key };
    const free = done.target.dispatchEvent(new KeyboardEvent("keydown", init));
    const lifted = done.target.dispatchEvent(new KeyboardEvent("keyup", init));
    if (!free || !lifted || !control.isConnected || !(done.key.key === "Enter" || done.key.key === " ")) return;
    if (control.matches("button,a[href],summary,input[type=button],input[type=submit]")) /** @type {HTMLElement} */ (control).click();
    else if (control instanceof HTMLInputElement) sendForm(control.form);
  }

  /** What Enter in a field does. @param {HTMLFormElement|null} form */
  function sendForm(form) {
    const button = /** @type {HTMLElement|null} */ (form?.querySelector("button:not([type=button],[type=reset]),input[type=submit]") ?? null);
    if (button) button.click();
    else form?.requestSubmit();
  }

  /** @param {any} done */
  function submitAgain(done) {
    const form = /** @type {HTMLFormElement} */ (done.target.closest("form"));
    form.requestSubmit(done.submitter ?? undefined);
  }

  /** @param {any} done what `record` gave @param {Element} control */
  function run(done, control) {
    quietly(() => {
      if (done.type === "submit") submitAgain(done);
      else if (done.key) keyEvents(done, control);
      else pointerEvents(done);
    });
  }

  return { run, record, quietly, releasing: () => releasing };
})();
