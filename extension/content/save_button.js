/* One small Spara beside the comment that the pointer or the focus is on; it lies over the page, not in it. */

bevara.saveButton = (() => {
  /** @type {HTMLElement|null} */
  let host = null;
  /** @type {ShadowRoot|null} */
  let root = null;
  /** @type {HTMLElement|null} */
  let box = null;
  /** @type {CommentAt|null} */
  let near = null;
  /** @type {Element|null} where the pointer was last, so that most of its moves cost nothing */
  let around = null;

  function build() {
    host = document.createElement("bevara-save");
    root = host.attachShadow({ mode: "closed" });
    bevara.dress(root);
    box = document.createElement("div");
    box.className = "save";
    box.append(button(bevara.say("save"), bevara.say("save_label")), button("…", bevara.say("save_more")));
    root.append(box);
  }

  /** @param {string} text @param {string} label */
  function button(text, label) {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = text;
    element.setAttribute("aria-label", label);
    return element;
  }

  function place() {
    if (!near?.node.isConnected || !host || !box) return void hide();
    const rect = near.node.getBoundingClientRect();
    if (rect.bottom < 0 || rect.top > innerHeight) return void hide();
    if (!host.isConnected) document.documentElement.append(host);
    const { x, y } = spot(rect, box.offsetWidth, box.offsetHeight);
    box.style.insetBlockStart = `${y}px`;
    box.style.insetInlineStart = `${x}px`;
  }

  /** A place beside the comment that lies over none of the page's controls.
   * @param {DOMRect} rect @param {number} width @param {number} height */
  function spot(rect, width, height) {
    const right = Math.min(rect.right, document.documentElement.clientWidth) - width;
    const places = [
      { x: rect.right + 4, y: rect.top }, { x: right, y: rect.bottom - height }, { x: right, y: rect.top - height },
      { x: rect.left, y: rect.top - height }, { x: right, y: rect.bottom },
    ];
    return places.find((one) => clear(one.x, one.y, width, height)) ?? places[4];
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  function clear(x, y, width, height) {
    if (x < 0 || y < 0 || x + width > document.documentElement.clientWidth || y + height > innerHeight) return false;
    const points = [[0, 0], [width, 0], [0, height], [width, height], [width / 2, height / 2]];
    return points.every(([dx, dy]) => !document.elementsFromPoint(x + dx, y + dy)
      .some((element) => element !== host && element.matches("a,button,input,textarea,select,[role=button],[role=link],[role=menu],[tabindex]")));
  }

  /** @returns {boolean} true when it was there */
  function hide() {
    const there = host?.isConnected ?? false;
    near = null;
    around = null;
    host?.remove();
    return there;
  }

  /** Shows the button beside one of our comments. @param {Element} element */
  function follow(element) {
    const holder = element.closest(bevara.pack.comment.container);
    if (holder === around) return near ? place() : undefined;
    around = holder;
    const comment = bevara.finder.of(element);
    if (comment?.node === near?.node && near) return place();
    if (!comment || bevara.memory.isShut(comment.ids.comment) || bevara.owner.of(comment).state !== "ours") return void hide();
    if (!host) build();
    near = comment;
    place();
  }

  /** @param {Event} event @returns {boolean} */
  function handle(event) {
    if (host && event.target === host) {
      event.stopImmediatePropagation();
      if (event.isTrusted && event.type === "click") pressed(/** @type {MouseEvent} */ (event));
      return true;
    }
    const over = event.type === "pointerover" || event.type === "focusin";
    if (over && bevara.pack && event.target instanceof Element && !bevara.panel.isHost(event.target)) follow(event.target);
    return false;
  }

  /** @param {MouseEvent} event */
  function pressed(event) {
    const at = event.detail > 0 ? root?.elementFromPoint(event.clientX, event.clientY) : root?.activeElement;
    const comment = near && bevara.finder.again(near);
    if (!comment || !box || bevara.memory.isShut(comment.ids.comment)) return void hide();
    if (at === box.firstElementChild) save(comment, false);
    else choose(comment, false);
  }

  /** @param {CommentAt} comment @param {boolean} secret */
  function choose(comment, secret) {
    bevara.panel.show(bevara.views.choices({
      secret, save: () => save(comment, secret), secrecy: () => choose(comment, !secret), close: () => bevara.panel.close(),
      closed: () => bevara.choices.closedPath(comment, null, () => choose(comment, secret)),
    }));
  }

  /** Saves a comment that stays where it is. @param {CommentAt} comment @param {boolean} secrecy */
  function save(comment, secrecy) {
    hide();
    const action = { kind: "none", label: null, reversible: true, trigger: "button" };
    send({ capture_id: crypto.randomUUID(), kind: "none", comment, secrecy, action, account: bevara.owner.of(comment).account, frozen: null });
  }

  /** What is frozen is sent, and sent again, under one number. @param {any} held */
  async function send(held) {
    bevara.panel.show(bevara.views.saving(held));
    bevara.hold.expect(held.account);
    try {
      held.frozen ??= await freeze(held);
      const answer = await bevara.wire.send({ type: "capture.save", ...held.frozen });
      if (!answer?.ok || answer.receipt?.capture_id !== held.capture_id) throw new Error(answer?.code ?? "no_answer", { cause: answer?.said });
      bevara.panel.show(bevara.views.saved(held, "waiting", bevara.choices.asking(held)));
    } catch (error) {
      const { message, cause } = /** @type {Error} */ (error);
      failed(held, { code: String(message), said: /** @type {string|undefined} */ (cause) });
    }
  }

  /** @param {any} held */
  async function freeze(held) {
    if (bevara.memory.isShut(held.comment.ids.comment)) throw new Error("shut");
    const shot = await bevara.picture.take(held.comment);
    return bevara.capture.build({ ...held, mode: "save", seen: null, shot });
  }

  /** @param {any} held @param {{code: string, said?: string}} answer */
  function failed(held, answer) {
    bevara.panel.show(bevara.views.failed(held, answer, {
      retry: () => send(held), hide: null, override: null,
      closed: () => bevara.choices.closedPath(held.comment, held, () => failed(held, answer)),
      cancel: () => { bevara.choices.takeBack(held.capture_id); bevara.panel.close(); },
    }));
  }

  function start() {
    addEventListener("scroll", () => near && place(), { capture: true, passive: true, signal: bevara.stop.signal });
  }

  return { handle, hide, start };
})();
