/* What the moderator may choose while something is held, and what is said afterwards. */

bevara.choices = (() => {
  /** @param {any} held @param {Ownership} whose */
  function askWhose(held, whose) {
    const ask = (/** @type {string} */ answer) => bevara.wire.note({
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
      go: (/** @type {string} */ reason) => bevara.incident.first(bevara.incident.entry(held, "override", { reason }), {
        go: () => {
          if (held.over) return;
          held.overridden = true;
          bevara.hold.again(held);
        },
        back,
      }),
      back,
    }));
  }

  /** Shuts a comment out of Bevara: nothing of its content is kept anywhere.
   * @param {CommentAt} comment @param {any} held what was to be saved, if anything was; with `done` when a press is held too
   * @param {() => void} back */
  function closedPath(comment, held, back) {
    bevara.panel.show(bevara.views.closed({
      go: () => {
        const about = held ?? { comment, account: bevara.owner.of(comment).account };
        const incident = bevara.incident.entry(about, "closed_path", { bare: true, captures: held ? [held.capture_id] : [] });
        bevara.memory.shutOut(comment.ids.comment);
        bevara.incident.first(incident, { go: () => closedNoted(comment, held), back });
        if (held) takeBack(held.capture_id);
      },
      back,
    }));
  }

  /** @param {CommentAt} comment @param {any} held */
  function closedNoted(comment, held) {
    if (held?.over) return;
    if (held?.done) finishClosed(held);
    else bevara.hold.allow(comment.ids.comment, null, 5 * 60 * 1000);
    bevara.panel.show(bevara.views.closedDone(Boolean(held?.done)));
  }

  /** The same after the comment was saved: nobody reads it any more, and nothing is done again. @param {any} held */
  function closedLate(held) {
    bevara.panel.show(bevara.views.closed({
      late: true,
      go: () => {
        const incident = bevara.incident.entry(held, "closed_path", { bare: true, captures: [held.capture_id] });
        bevara.memory.shutOut(held.comment.ids.comment);
        held.frozen = null;
        bevara.incident.first(incident, { go: () => lateNoted(incident.id), back: () => bevara.panel.close() }, bevara.say("unnoted_late"));
      },
      back: () => bevara.panel.show(bevara.views.saved(held, held.observed, asking(held))),
    }));
  }

  /** @param {string} id of the incident */
  async function lateNoted(id) {
    const state = await bevara.wire.send({ type: "incident.state", id }).catch(() => null);
    bevara.panel.show(bevara.views.closedDone(true, state?.spooled === false ? "closed_late_done" : "closed_late_waits"));
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
    bevara.hold.allow(held.comment.ids.comment, held.found.action);
    if (held.found.control.isConnected) bevara.replay.run(held.done, held.found.control);
  }

  /** The extension was replaced under the page, does not answer or does not understand: only a new page helps.
   * @param {"replaced"|"silent"|"stopped"} why @param {any} [held] what was pressed, when that is known */
  function reload(why, held = null) {
    bevara.panel.show(bevara.views.reload(why, {
      reload: () => location.reload(), cancel: () => (held ? stop(held) : bevara.panel.close()),
    }));
  }

  /** @param {any} held the page drew itself anew: saved, one more press */
  function oncemore(held) {
    bevara.hold.drop();
    const still = () => held.overridden || bevara.hold.stands(held);
    const changed = !still();
    if (!changed) bevara.hold.allow(held.comment.ids.comment, held.found.action, undefined, still);
    bevara.panel.show(bevara.views.oncemore(held, changed));
  }

  /** @param {any} held looks at what happened and asks why */
  async function done(held) {
    bevara.panel.show(bevara.views.saved(held, "waiting", asking(held)));
    const observed = await bevara.outcome.watch(held.comment, held.kind);
    report(held, observed);
    if (observed === "still_visible") stayed(held);
    if (bevara.hold.busy() || !bevara.panel.shows(held)) return;
    if (observed === "still_visible" && held.found.control.isConnected && bevara.sources.seen(held.found.control)) {
      return oncemore(held);
    }
    bevara.panel.update(held.overridden ? bevara.views.afterOverride(held, remember(held)) : bevara.views.saved(held, observed, asking(held)));
  }

  /** Of an override only what the browser itself kept will come to Bevara; without that, the incident alone says what happened.
   * @param {any} held @param {string} observed */
  function report(held, observed) {
    if (held.parcels) return bevara.whole.report(held, observed);
    const told = held.overridden && observed === "removed" ? "overridden" : observed;
    const comes = held.receipt || held.early || (held.overridden && held.spooled);
    if (comes) bevara.wire.note({ type: "capture.outcome", capture_id: held.capture_id, observed: told });
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
    const close = () => bevara.panel.close();
    return (/** @type {string} */ text) => {
      const note = text.trim().slice(0, 4000);
      if (!note) return close();
      bevara.incident.first(bevara.incident.entry(held, "override", { reason: "memory", note }), { go: close, back: close });
    };
  }

  /** What the panel may do about the reason. @param {any} held */
  function asking(held) {
    const ids = () => held.parcels?.map((/** @type {any} */ one) => one.capture_id) ?? [held.capture_id];
    const put = () => ids().forEach((/** @type {string} */ capture_id) => bevara.wire.note({
      type: "capture.reason", capture_id, category: held.category ?? null, possible_secrecy: held.secrecy,
    }));
    return {
      reason: (/** @type {string} */ id) => { held.category = id; put(); bevara.panel.update(bevara.views.thanks(held)); },
      secrecy: () => { if (held.secrecy) return; held.secrecy = true; put(); bevara.panel.update(bevara.views.saved(held, held.observed, asking(held))); },
      closed: () => closedLate(held),
      later: () => bevara.panel.close(),
    };
  }

  return { askWhose, failed, override, stop, closedPath, reload, oncemore, done, asking, takeBack };
})();
