/* The panel at the lower right: a closed shadow root that acts on trusted events only and keeps them from the page. */

bevara.panel = (() => {
  const FADE = 10000;
  /** @type {HTMLElement|null} */
  let host = null;
  /** @type {ShadowRoot|null} */
  let root = null;
  /** @type {any} */
  let view = null;
  /** @type {Map<Element, () => void>} */
  let actions = new Map();
  /** @type {HTMLElement|null} */
  let heard = null;
  /** @type {ReturnType<typeof setInterval>|undefined} */
  let timer;
  let away = 0;
  /** Where the panel lies: lower right unless the page's dialog is there. */
  let corner = "auto 16px 16px auto";

  /** @param {string} tag @param {Record<string, string>} [attributes] @param {(Node|string)[]} [children] @returns {HTMLElement} */
  function make(tag, attributes = {}, children = []) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  /** @returns {ShadowRoot} */
  function ready() {
    if (!root || !host) {
      host = make("bevara-panel");
      root = host.attachShadow({ mode: "closed" });
      heard = make("div", { class: "heard", role: "status" });
      bevara.dress(root);
      root.append(heard);
    }
    if (!host.isConnected) document.documentElement.append(host);
    return root;
  }

  /** @param {any} one @param {string} [key] */
  function control(one, key) {
    /** @type {Record<string, string>} */
    const attributes = { type: "button", class: one.look ?? "" };
    if (one.pressed !== undefined) attributes["aria-pressed"] = String(one.pressed);
    if (key) attributes["aria-keyshortcuts"] = key;
    const element = make("button", attributes, key ? [make("kbd", { "aria-hidden": "true" }, [key]), one.label] : [one.label]);
    actions.set(element, one.run);
    return element;
  }

  function choiceList() {
    return make("fieldset", {}, view.choices.map((/** @type {[string, string]} */ [value, label]) =>
      make("label", {}, [make("input", { type: "radio", name: "choice", value }), label])));
  }

  /** @returns {HTMLElement[]} */
  function content() {
    const out = [make("h2", { id: "title" }, [view.title])];
    if (view.text) out.push(make("p", {}, [view.text]));
    if (view.warning) out.push(make("p", { class: "secret" }, [make("strong", {}, [view.warning.title]), ` ${view.warning.text}`]));
    if (view.busy) out.push(make("div", { class: "track" }));
    if (view.question) out.push(make("p", { class: "soft" }, [view.question]));
    if (view.reasons) out.push(make("div", { class: "reasons", role: "group", "aria-label": view.question },
      view.reasons.map((/** @type {any} */ one, /** @type {number} */ at) => control(one, String(at + 1)))));
    if (view.choices) out.push(choiceList());
    if (view.note) out.push(make("textarea", { "aria-label": view.text, maxlength: "4000" }));
    for (const group of [view.buttons, view.links]) {
      if (group?.length) out.push(make("div", { class: "row" }, group.map((/** @type {any} */ one) => control(one))));
    }
    return out;
  }

  /** @param {any} next what to show @param {boolean} [keep] true keeps the keyboard's place */
  function show(next, keep = false) {
    const shadow = ready();
    const at = keep ? [...actions.keys()].indexOf(/** @type {Element} */ (shadow.activeElement)) : -1;
    view = next;
    actions = new Map();
    shadow.querySelector(".box")?.remove();
    const box = make(view.modal ? "dialog" : "div", {
      class: `box ${view.tone}`, "aria-labelledby": "title", role: view.modal ? "alertdialog" : "region", tabindex: "-1",
    }, content());
    box.style.inset = corner;
    shadow.append(box);
    raise(box);
    if (at >= 0 && view.held) /** @type {HTMLElement} */ ([...actions.keys()][at] ?? [...actions.keys()][0] ?? box).focus();
    if (heard) heard.textContent = spoken();
    fade();
  }

  /** @returns {string} what a screen reader says when the panel changes */
  function spoken() {
    const { title, text, warning, question, modal } = view;
    return [title, text, warning?.title, warning?.text, question, actions.size && !modal ? bevara.say("f6") : ""].filter(Boolean).join(" ");
  }

  /** Above the page's own dialogs. @param {HTMLElement} box */
  function raise(box) {
    if (box instanceof HTMLDialogElement) return box.showModal();
    box.setAttribute("popover", "manual");
    box.showPopover?.();
  }

  function fade() {
    clearInterval(timer);
    away = 0;
    if (!view?.fades) return;
    const limit = view.quick ? FADE / 2 : FADE;
    timer = setInterval(() => {
      away = inside() ? 0 : away + 500;
      if (away >= limit) close();
    }, 500);
  }

  /** @returns {boolean} true while the pointer or the focus is on the panel */
  function inside() {
    return Boolean(root?.querySelector(".box:hover") || (root?.activeElement && document.hasFocus()));
  }

  function close() {
    clearInterval(timer);
    view = null;
    corner = "auto 16px 16px auto";
    actions = new Map();
    root?.querySelector(".box")?.remove();
    if (heard) heard.textContent = "";
    host?.remove();
  }

  /** @param {DOMRect} a @param {DOMRect} b */
  function meet(a, b) {
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  }

  /** Moves the panel to a corner where it does not lie over the page's dialog. @param {DOMRect} other */
  function avoid(other) {
    const box = /** @type {HTMLElement|null} */ (root?.querySelector(".box") ?? null);
    if (!box || !meet(box.getBoundingClientRect(), other)) return;
    for (const inset of ["auto 16px 16px auto", "16px 16px auto auto", "auto auto 16px 16px", "16px auto auto 16px"]) {
      box.style.inset = corner = inset;
      if (!meet(box.getBoundingClientRect(), other)) return;
    }
    box.style.inset = corner = "auto 16px 16px auto";
  }

  /** Takes the keyboard to the panel. @returns {boolean} false when there is none */
  function focus() {
    const first = /** @type {HTMLElement|null} */ (root?.querySelector(".box button") ?? null);
    if (!host?.isConnected || !first) return false;
    first.focus();
    return true;
  }

  /** Shows the panel again when the page has thrown it away. */
  function revive() {
    if (view && !host?.isConnected) show(view);
  }

  /** Hides the panel for a picture. @returns {(() => void)|null} what shows it again, null when there is no panel */
  function aside() {
    const box = /** @type {HTMLElement|null} */ (root?.querySelector(".box") ?? null);
    if (!host?.isConnected || !box) return null;
    box.style.visibility = "hidden";
    return () => box.style.removeProperty("visibility");
  }

  /** @param {any} next changes a panel that is still open */
  function update(next) {
    if (view) show(next, true);
  }

  /** Takes an event on the panel away from the page. @param {Event} event @returns {boolean} true when it was ours */
  function handle(event) {
    if (!host || event.target !== host) return false;
    event.stopImmediatePropagation();
    if (!event.isTrusted || !view) return true;
    if (event instanceof KeyboardEvent && event.type === "keydown") keyed(event);
    else if (event.type === "click") pressed(/** @type {MouseEvent} */ (event));
    return true;
  }

  /** @param {MouseEvent} event */
  function pressed(event) {
    const byPointer = event.detail > 0 || event.clientX > 0 || event.clientY > 0;
    const at = byPointer ? root?.elementFromPoint(event.clientX, event.clientY) : root?.activeElement;
    const chosen = at?.closest("button") ?? root?.activeElement?.closest("button");
    if (chosen) actions.get(chosen)?.();
  }

  /** @param {KeyboardEvent} event */
  function keyed(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      return view.escape?.();
    }
    const typing = root?.activeElement?.matches("textarea,input");
    if (view.reasons && !typing && /^[1-8]$/.test(event.key)) view.reasons[Number(event.key) - 1]?.run();
  }

  return {
    show: (/** @type {any} */ next) => show(next), update, focus, revive, avoid, close, aside, handle, kind: () => view?.kind ?? null,
    shows: (/** @type {any} */ held) => view?.held === held,
    chosen: () => /** @type {HTMLInputElement|null} */ (root?.querySelector("input:checked") ?? null)?.value ?? null,
    note: () => root?.querySelector("textarea")?.value ?? "", isHost: (/** @type {any} */ node) => node === host && host !== null,
  };
})();
