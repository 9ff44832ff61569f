/* Answers the worker when a deletion went out on the network, and saves late what can still be saved. */

bevara.watchdog = (() => {
  const RECENT = 10 * 60 * 1000;

  /** A comment hidden before it was saved is not known to be deleted. @param {string} id @param {string} kind */
  function known(id, kind) {
    const before = bevara.hold.handled.get(id);
    const answered = before && Date.now() - before.at < RECENT && !(before.early && kind !== "hide");
    return bevara.memory.isShut(id) || answered || bevara.hold.current()?.comment.ids.comment === id ||
      bevara.hold.passed(id, false, { kind });
  }

  /** @param {any} comment @param {string} kind @param {any} remembered @param {Ownership} whose */
  async function lateCapture(comment, kind, remembered, whose) {
    const shot = remembered?.shot ? await remembered.shot : { reason: "too_late" };
    const action = { kind, label: null, reversible: kind === "hide", trigger: "watchdog" };
    return bevara.capture.build({ comment, action, mode: "late", seen: remembered?.seen ?? null, shot, account: whose.account,
      secrecy: false, capture_id: crypto.randomUUID() });
  }

  /** @param {any} message @returns {Promise<any>} */
  async function seen(message) {
    const none = { capture: null, blobs: [] };
    if (!bevara.pack || bevara.pack.id !== message.pack_id) return { ours: null, known: false, ...none };
    if (known(message.comment_id, message.action)) return { ours: true, known: true, ...none };
    const remembered = bevara.memory.recall(message.comment_id);
    const comment = bevara.finder.byId(message.comment_id) ?? remembered?.comment ?? null;
    const whose = remembered?.seen?.ownership ?? (comment ? bevara.owner.of(comment) : null);
    if (!comment || !whose) return { ours: null, known: false, ...none };
    if (whose.state !== "ours") return { ours: whose.state === "unknown" ? null : false, known: false, ...none };
    bevara.health.count("unseen");
    const made = await lateCapture(comment, message.action, remembered, whose).catch(() => none);
    return { ours: true, known: false, ...made };
  }

  /** An item that should have opened a dialog did not: the comment may be gone already. @param {any} pending */
  async function actedAtOnce(pending) {
    const id = pending?.comment.ids.comment;
    const remembered = bevara.memory.get(id);
    if (!id || !remembered || known(id, pending.action.kind) || bevara.finder.byId(id)) return;
    const whose = remembered.seen?.ownership;
    if (whose?.state !== "ours") return;
    const made = await lateCapture(remembered.comment, pending.action.kind, remembered, whose);
    const held = { comment: pending.comment, account: whose.account };
    bevara.incident.put(bevara.incident.entry(held, "unseen_deletion", { reason: "no_dialog" }));
    bevara.hold.handled.set(id, { capture_id: made.capture.capture_id, at: Date.now() });
    bevara.wire.tell({ type: "capture.save", ...made });
  }

  return { seen, actedAtOnce };
})();
