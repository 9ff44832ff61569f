/* One held action, from the press to its end: save first, then do it again, or stay held and say why. */

bevara.hold = (() => {
  const PATIENCE = 8000;
  const EARLY_HIDE = 5000;
  /** @type {any} */
  let current = null;
  /** @type {[any, any, Ownership][]} presses on other comments that came while one was held */
  const queue = [];
  /** @type {Map<string, {until: number, action: {kind: string, removes?: string}|null, still: (() => boolean)|null}>} what one more press lets through */
  const passes = new Map();
  /** @type {Map<string, any>} what this tab has already answered for, by comment id */
  const handled = new Map();
  let expected = 0;

  /** @param {any} found @param {any} done */
  function fresh(found, done) {
    const trigger = !done.trusted ? "page" : done.key || done.type === "submit" ? "keyboard" : "mouse";
    const { kind, reversible } = found.action;
    return {
      capture_id: crypto.randomUUID(), found, done, comment: found.comment, trigger, kind, reversible,
      action: { kind, label: found.label, reversible, trigger }, secrecy: bevara.dialog.pending()?.secrecy ?? false,
      frozen: null, over: false, visible: bevara.sources.seen(found.control), waiting: true, account: null, retries: 0, spooled: false,
    };
  }

  /** Starts holding. The caller has already stopped the event. @param {any} found @param {any} done @param {Ownership} whose */
  function begin(found, done, whose) {
    current = fresh(found, done);
    current.account = whose.account ?? bevara.owner.practice();
    bevara.health.count("held");
    if (whose.state === "unknown") bevara.choices.askWhose(current, whose);
    else save(current);
  }

  /** Keeps a press on another comment until the one that is held has ended. @param {any} found @param {any} done @param {Ownership} whose */
  function after(found, done, whose) {
    const id = found.comment.ids.comment;
    const same = (/** @type {any} */ other) => other.comment.ids.comment === id;
    if (!same(current.found) && !queue.some(([one]) => same(one))) queue.push([found, done, whose]);
  }

  function free() {
    current = null;
    const next = queue.shift();
    if (next) setTimeout(() => (current ? after(...next) : begin(...next)), 0);
  }

  /** Has the worker ask who answers while the button is still down and the comment is read.
   * @param {Account|null} account */
  function expect(account) {
    if (Date.now() - expected < 2000) return;
    expected = Date.now();
    bevara.wire.tell({ type: "capture.begin", account_id: account?.id ?? null });
  }

  /** @param {any} held */
  async function save(held) {
    if (bevara.wire.orphaned()) return bevara.choices.reload("replaced", held);
    if (bevara.whole.covers(held)) return bevara.whole.save(held);
    held.waiting = true;
    held.started = Date.now();
    bevara.panel.show(bevara.views.saving(held));
    try {
      expect(held.account);
      held.frozen ??= await freeze(held);
      if (held.over) return;
      settle(held, await bevara.wire.send({ type: "capture.save", ...held.frozen }, left(held)));
    } catch (error) {
      const kept = held.frozen !== null && (await spooled(held.capture_id));
      settle(held, { ok: false, code: String(/** @type {Error} */ (error).message ?? error), spooled: kept });
    }
  }

  /** How long the press may still wait; what came before the sending counts too. @param {any} held */
  function left(held) {
    return Math.max(1500, (held.reversible ? EARLY_HIDE : PATIENCE) - (Date.now() - held.started));
  }

  /** Whether the browser itself keeps a capture. @param {string} capture_id @returns {Promise<boolean>} */
  async function spooled(capture_id) {
    if (bevara.wire.orphaned()) return false;
    const answer = await bevara.wire.send({ type: "capture.state", capture_id }, 500).catch(() => null);
    return answer?.spooled === true;
  }

  /** @param {any} held */
  async function freeze(held) {
    if (bevara.memory.isShut(held.comment.ids.comment)) throw new Error("shut");
    const remembered = bevara.memory.get(held.comment.ids.comment);
    const screen = screenOf(held);
    const shot = await Promise.race([bevara.picture.best(held.comment, remembered?.shot ?? null), late()]);
    const mode = held.kind === "hide" ? "hide" : "delete";
    return bevara.capture.build({
      comment: held.comment, action: held.action, mode, seen: remembered?.seen ?? null, shot, screen: await screen,
      account: held.account, secrecy: held.secrecy, capture_id: held.capture_id,
    });
  }

  /** The window or the screen as it is now, when that is switched on. @param {any} held @returns {Promise<any>} */
  async function screenOf(held) {
    if ((bevara.setup?.screen ?? "off") === "off") return null;
    if (bevara.memory.shutInSight()) return { screen: null, reason: "shut_in_sight" };
    const message = { type: "screen.take", capture_id: held.capture_id, account_id: held.account?.id ?? null, dpr: devicePixelRatio };
    return bevara.wire.send(message, 3000).catch(() => ({ screen: null, reason: "no_answer" }));
  }

  /** @returns {Promise<{reason: string}>} */
  function late() {
    return new Promise((resolve) => setTimeout(() => resolve({ reason: "too_slow" }), 2500));
  }

  /** @param {any} held @param {any} answer */
  function settle(held, answer) {
    const matches = answer?.ok && answer.receipt?.capture_id === held.capture_id;
    if (held.over) return void (matches && abandoned(held));
    held.waiting = false;
    held.spooled ||= answer?.spooled === true;
    if (matches) return release(held, answer.receipt);
    if (mayHideEarly(held, answer)) return hideEarly(held);
    if (answer?.code === "reload" || answer?.code === "orphaned") return bevara.choices.reload("replaced", held);
    bevara.choices.failed(held, answer ?? { code: "no_answer" });
  }

  /** @param {any} held */
  function abandoned(held) {
    bevara.wire.note({ type: "capture.outcome", capture_id: held.capture_id, observed: "aborted" });
  }

  /** @param {any} held @param {any} answer */
  function mayHideEarly(held, answer) {
    return held.reversible && answer?.spooled === true && !bevara.setup?.profile?.forbid_early_hide;
  }

  /** @param {any} held */
  function hideEarly(held) {
    bevara.incident.put(bevara.incident.entry(held, "early_hide"));
    held.early = true;
    again(held);
  }

  /** @param {any} held @param {any} receipt */
  function release(held, receipt) {
    held.receipt = receipt;
    bevara.health.count("saved");
    again(held);
  }

  /** True when the menu or dialog has come to belong to another comment meanwhile. @param {any} held */
  function lent(held) {
    const { control, where } = held.found;
    const menu = where === "menu" ? bevara.menu.item(control)?.menu : null;
    const now = where === "dialog" ? bevara.dialog.pending()?.comment : menu && bevara.menu.tie(menu);
    return Boolean(now) && now.ids.comment !== held.comment.ids.comment;
  }

  /** True when the same press would still mean the same comment. @param {any} held */
  function unchanged(held) {
    const { control, where } = held.found;
    if (!control.isConnected || !held.done.target.isConnected) return false;
    if ((held.visible && !bevara.sources.seen(control)) || lent(held)) return false;
    const { comment } = held;
    if (where !== "dialog" && comment.node.contains(control) && !bevara.finder.same(comment)) return false;
    if (bevara.finder.again(comment) === null) return where === "dialog" || where === "menu";
    return held.overridden || stands(held);
  }

  /** True when what is shown now is what was saved of it. @param {any} held */
  function stands(held) {
    if (bevara.whole.covers(held)) return bevara.whole.stands(held);
    const now = bevara.finder.again(held.comment);
    if (!now || !held.frozen) return true;
    const saved = held.frozen.capture.comment;
    return saved.text === (bevara.parts.text(now.node)?.value ?? null) || saved.truncated !== (bevara.parts.more(now.node) !== null);
  }

  /** Does the held action, or asks for one more press when the page has changed under it. @param {any} held */
  function again(held) {
    if (held.comment.ids.comment) handled.set(held.comment.ids.comment, { capture_id: held.capture_id, at: Date.now(), early: held.early ?? false });
    if (!unchanged(held)) return bevara.choices.oncemore(held);
    free();
    bevara.replay.run(held.done, held.found.control);
    bevara.choices.done(held);
  }

  /** @param {any} held stops a held action for good; what was saved by then stays, nothing else does */
  function cancel(held) {
    held.over = true;
    if (current === held) free();
    const capture_id = bevara.whole.covers(held) ? bevara.whole.cancel(held) : held.capture_id;
    bevara.wire.send({ type: "capture.cancel", capture_id }).catch(() => undefined);
  }

  /** Lets one more press through, for the same action only: what was saved for a hide opens no deletion.
   * @param {string|null} id @param {{kind: string, removes?: string}|null} action null for whatever is done to that comment alone
   * @param {(() => boolean)|null} [still] asked as the press comes: false when there is something to save after all */
  function allow(id, action, ms = 30000, still = null) {
    if (id) passes.set(id, { until: Date.now() + ms, action, still });
  }

  /** @param {string|null} id @param {boolean} spend true for the event that completes the press
   * @param {{kind: string, removes?: string}} action */
  function passed(id, spend, action) {
    const pass = id ? passes.get(id) : undefined;
    if (!pass || pass.until < Date.now() || !opens(pass.action, action)) return false;
    if (pass.still && !pass.still()) return !passes.delete(id ?? "");
    if (spend) Object.assign(pass, { until: Math.min(pass.until, Date.now() + 700), still: null });
    return true;
  }

  /** @param {{kind: string, removes?: string}|null} earned @param {{kind: string, removes?: string}} wanted */
  function opens(earned, wanted) {
    const reach = wanted.removes ?? "comment";
    return earned ? earned.kind === wanted.kind && (earned.removes ?? "comment") === reach : reach === "comment";
  }

  return {
    begin, expect, after, save, again, cancel, allow, passed, stands, spooled, handled, drop: free,
    current: () => current, busy: () => current !== null,
  };
})();
