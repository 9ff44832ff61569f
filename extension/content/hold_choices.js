/* What the moderator may choose while something is held, and what is said afterwards. */

bevara.choices = (() => {
  /** @param {any} held @param {string} kind @param {string|null} reason @param {string|null} note @param {boolean} [bare] */
  function incident(held, kind, reason, note, bare = false) {
    const { comment } = held;
    const shown = bevara.finder.again(comment);
    const author = shown ? bevara.parts.author(shown.node).url : null;
    const permalink = shown ? bevara.parts.part(shown.node, "permalink")?.value ?? null : null;
    const moderator = bevara.setup?.moderator?.name ?? bevara.setup?.moderator ?? null;
    const entry = {
      schema: "incident/1", id: crypto.randomUUID(), kind, at: new Date().toISOString(), platform: bevara.pack.id,
      account_id: held.account?.id ?? null, moderator, permalink: permalink && bevara.fragment.cleanUrl(permalink),
      comment_id: comment.ids.comment, author_url: bare || kind === "override" ? author : null, reason, note, counters: {},
    };
    return bevara.wire.send({ type: "incident.put", incident: entry }).catch(() => ({ ok: false }));
  }

  /** @param {any} held @param {Ownership} whose */
  function askWhose(held, whose) {
    const ask = (/** @type {string} */ answer) => bevara.wire.tell({
      type: "account.question", platform: bevara.pack.id, answer,
      owner: { id: whose.owner?.id ?? null, name: whose.owner?.name ?? null, url: whose.owner?.url ?? null },
    });
    bevara.panel.show(bevara.views.whose(whose.owner, {
      ours: () => { ask("ours"); bevara.owner.remember(whose.owner, "ours"); bevara.hold.save(held); },
      not_ours: () => { ask("not_ours"); bevara.owner.remember(whose.owner, "not_ours"); letThrough(held); },
      later: () => { ask("later"); letThrough(held); },
      cancel: () => stop(held),
    }));
  }

  /** Lets an action that is not ours through; nothing of it was read. @param {any} held */
  function letThrough(held) {
    bevara.panel.close();
    bevara.hold.drop();
    bevara.replay.run(held.done, held.found.control);
  }

  /** @param {any} held */
  function stop(held) {
    bevara.hold.cancel(held);
    bevara.panel.close();
  }

  /** @param {any} held @param {{code: string, detail?: string}} answer */
  function failed(held, answer) {
    bevara.panel.show(bevara.views.failed(held, answer, {
      retry: () => { held.retries += 1; bevara.hold.save(held); },
      hide: canHide(held) ? () => { stop(held); bevara.panel.show(bevara.views.hideFirst()); } : null,
      override: () => override(held, () => failed(held, answer)),
      closed: () => closedPath(held.comment, held, () => failed(held, answer)),
      cancel: () => stop(held),
    }));
  }

  /** @param {any} held */
  function canHide(held) {
    return held.kind !== "hide" && bevara.pack.actions.some((/** @type {Action} */ action) => action.kind === "hide");
  }

  /** @param {any} held @param {() => void} back */
  function override(held, back) {
    bevara.panel.show(bevara.views.override(held, {
      go: async (/** @type {string} */ reason) => {
        await incident(held, "override", reason, null);
        held.overridden = true;
        bevara.hold.again(held);
      },
      back,
    }));
  }

  /** Shuts a comment out of Bevara: nothing of its content is kept anywhere.
   * @param {CommentAt} comment @param {any} held the held action, if the press has come @param {() => void} back */
  function closedPath(comment, held, back) {
    bevara.panel.show(bevara.views.closed({
      go: async () => {
        const whose = bevara.owner.of(comment);
        const noted = incident(held ?? { comment, account: whose.account }, "closed_path", null, null, true);
        bevara.memory.shutOut(comment.ids.comment);
        if (held) takeBack(held.capture_id);
        await noted;
        if (held) finishClosed(held);
        else bevara.hold.allow(comment.ids.comment, 5 * 60 * 1000);
        bevara.panel.show(bevara.views.closedDone(Boolean(held)));
      },
      back,
    }));
  }

  /** Takes a capture back, again and again while it may be on its way. @param {string} capture_id */
  async function takeBack(capture_id) {
    for (let tries = 0; tries < 10; tries += 1) {
      const answer = await bevara.wire.send({ type: "capture.cancel", capture_id }).catch(() => null);
      if (answer?.cancelled !== false) return;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  /** @param {any} held */
  function finishClosed(held) {
    held.over = true;
    held.frozen = null;
    bevara.hold.drop();
    bevara.hold.allow(held.comment.ids.comment);
    if (held.found.control.isConnected) bevara.replay.run(held.done, held.found.control);
  }

  /** The extension was replaced under the page: held, and only a new page helps. @param {any} held */
  function reload(held) {
    bevara.panel.show(bevara.views.reload({ reload: () => location.reload(), cancel: () => stop(held) }));
  }

  /** @param {any} held the page drew itself anew: saved, one more press */
  function oncemore(held) {
    bevara.hold.drop();
    const changed = held.frozen && bevara.finder.again(held.comment) &&
      bevara.parts.text(bevara.finder.again(held.comment).node)?.value !== held.frozen.capture.comment.text;
    if (!changed) bevara.hold.allow(held.comment.ids.comment);
    bevara.panel.show(bevara.views.oncemore(held, Boolean(changed)));
  }

  /** @param {any} held looks at what happened and asks why */
  async function done(held) {
    bevara.panel.show(bevara.views.saved(held, "waiting", asking(held)));
    const observed = await bevara.outcome.watch(held.comment, held.kind);
    const told = held.overridden && observed === "removed" ? "overridden" : observed;
    report(held, told);
    if (observed === "still_visible") stayed(held);
    if (bevara.hold.busy() || !bevara.panel.shows(held)) return;
    if (observed === "still_visible" && held.found.control.isConnected && bevara.sources.seen(held.found.control)) {
      return oncemore(held);
    }
    bevara.panel.update(held.overridden ? bevara.views.afterOverride(held, remember(held)) : bevara.views.saved(held, observed, asking(held)));
  }

  /** @param {any} held @param {string} observed */
  function report(held, observed) {
    if (held.receipt || held.early) bevara.wire.tell({ type: "capture.outcome", capture_id: held.capture_id, observed });
  }

  /** Goes on looking for a minute, since a page may take its time or ask once more. @param {any} held */
  async function stayed(held) {
    const observed = await bevara.outcome.watch(held.comment, held.kind, 60000);
    if (observed === "still_visible") return;
    report(held, observed);
    if (bevara.panel.shows(held) && bevara.panel.kind() === "saved") bevara.panel.update(bevara.views.saved(held, observed, asking(held)));
  }

  /** @param {any} held */
  function remember(held) {
    return (/** @type {string} */ note) => {
      if (note.trim()) incident(held, "override", "memory", note.trim().slice(0, 4000));
      bevara.panel.close();
    };
  }

  /** What the panel may do about the reason. @param {any} held */
  function asking(held) {
    const put = () => bevara.wire.tell({
      type: "capture.reason", capture_id: held.capture_id, category: held.category ?? null, possible_secrecy: held.secrecy,
    });
    return {
      reason: (/** @type {string} */ id) => { held.category = id; put(); bevara.panel.update(bevara.views.thanks(held)); },
      secrecy: () => { held.secrecy = !held.secrecy; put(); bevara.panel.update(bevara.views.saved(held, held.observed, asking(held))); },
      later: () => bevara.panel.close(),
    };
  }

  return { incident, askWhose, failed, closedPath, reload, oncemore, done, asking };
})();
