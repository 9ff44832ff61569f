/* One held action, from the press to its end: save first, then do it again, or stay held and say why. */

bevara.hold = (() => {
  const PATIENCE = 8000;
  const EARLY_HIDE = 5000;
  /** @type {any} */
  let current = null;
  /** @type {Map<string, number>} one more press lets through, until the time given */
  const passes = new Map();
  /** @type {Map<string, any>} what this tab has already answered for, by comment id */
  const handled = new Map();

  /** @param {any} found @param {any} done */
  function fresh(found, done) {
    const trigger = !done.trusted ? "page" : done.key || done.type === "submit" ? "keyboard" : "mouse";
    const { kind, reversible } = found.action;
    return {
      capture_id: crypto.randomUUID(), found, done, comment: found.comment, trigger, kind, reversible,
      action: { kind, label: found.label, reversible, trigger }, secrecy: bevara.dialog.pending()?.secrecy ?? false,
      frozen: null, over: false, waiting: true, account: null, retries: 0,
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

  /** @param {any} held */
  async function save(held) {
    if (bevara.wire.orphaned()) return bevara.choices.reload(held);
    held.waiting = true;
    held.started = Date.now();
    bevara.panel.show(bevara.views.saving(held));
    try {
      held.frozen ??= await freeze(held);
      if (held.over) return;
      settle(held, await bevara.wire.send({ type: "capture.save", ...held.frozen }, left(held)));
    } catch (error) {
      settle(held, { ok: false, code: String(/** @type {Error} */ (error).message ?? error), spooled: await spooled(held) });
    }
  }

  /** How long the press may still wait; what came before the sending counts too. @param {any} held */
  function left(held) {
    return Math.max(1500, (held.reversible ? EARLY_HIDE : PATIENCE) - (Date.now() - held.started));
  }

  /** Whether the browser itself keeps the capture of a reversible action. @param {any} held @returns {Promise<boolean>} */
  async function spooled(held) {
    if (!held.reversible || !held.frozen || bevara.wire.orphaned()) return false;
    const answer = await bevara.wire.send({ type: "capture.state", capture_id: held.capture_id }, 500).catch(() => null);
    return answer?.spooled === true;
  }

  /** @param {any} held */
  async function freeze(held) {
    if (bevara.memory.isShut(held.comment.ids.comment)) throw new Error("shut");
    const remembered = bevara.memory.get(held.comment.ids.comment);
    const shot = await Promise.race([bevara.picture.best(held.comment, remembered?.shot ?? null), late()]);
    const mode = held.kind === "hide" ? "hide" : "delete";
    return bevara.capture.build({
      comment: held.comment, action: held.action, mode, seen: remembered?.seen ?? null, shot,
      account: held.account, secrecy: held.secrecy, capture_id: held.capture_id,
    });
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
    if (matches) return release(held, answer.receipt);
    if (mayHideEarly(held, answer)) return hideEarly(held);
    if (answer?.code === "reload" || answer?.code === "orphaned") return bevara.choices.reload(held);
    bevara.choices.failed(held, answer ?? { code: "no_answer" });
  }

  /** @param {any} held */
  function abandoned(held) {
    bevara.wire.tell({ type: "capture.outcome", capture_id: held.capture_id, observed: "aborted" });
  }

  /** @param {any} held @param {any} answer */
  function mayHideEarly(held, answer) {
    return held.reversible && answer?.spooled === true && !bevara.setup?.profile?.forbid_early_hide;
  }

  /** @param {any} held */
  function hideEarly(held) {
    bevara.choices.incident(held, "early_hide", null, null);
    held.early = true;
    again(held);
  }

  /** @param {any} held @param {any} receipt */
  function release(held, receipt) {
    held.receipt = receipt;
    bevara.health.count("saved");
    again(held);
  }

  /** True when the same press would still mean the same comment. @param {any} held */
  function unchanged(held) {
    const { control, where } = held.found;
    if (!control.isConnected || !held.done.target.isConnected) return false;
    const { comment } = held;
    if (where !== "dialog" && comment.node.contains(control) && !bevara.finder.same(comment)) return false;
    const now = bevara.finder.again(comment);
    if (now === null) return where === "dialog" || where === "menu";
    const text = held.frozen ? bevara.parts.text(now.node)?.value ?? null : null;
    const saved = held.frozen?.capture.comment;
    return !saved || saved.text === text || saved.truncated !== (bevara.parts.more(now.node) !== null);
  }

  /** Does the held action, or asks for one more press when the page has changed under it. @param {any} held */
  function again(held) {
    if (held.comment.ids.comment) handled.set(held.comment.ids.comment, { capture_id: held.capture_id, at: Date.now() });
    if (!unchanged(held)) return bevara.choices.oncemore(held);
    current = null;
    bevara.replay.run(held.done, held.found.control);
    bevara.choices.done(held);
  }

  /** @param {any} held stops a held action for good; what was saved by then stays, nothing else does */
  function cancel(held) {
    held.over = true;
    if (current === held) current = null;
    bevara.wire.send({ type: "capture.cancel", capture_id: held.capture_id }).catch(() => undefined);
  }

  /** @param {string|null} id */
  function allow(id, ms = 30000) {
    if (id) passes.set(id, Date.now() + ms);
  }

  /** @param {string|null} id @param {boolean} spend true for the event that completes the press */
  function passed(id, spend) {
    const until = id ? passes.get(id) ?? 0 : 0;
    if (!id || until < Date.now()) return false;
    if (spend) passes.set(id, Math.min(until, Date.now() + 700));
    return true;
  }

  return {
    begin, save, again, cancel, allow, passed, handled, drop: () => { current = null; },
    current: () => current, busy: () => current !== null,
  };
})();
