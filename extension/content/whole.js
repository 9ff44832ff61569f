/* An action that takes more than one comment away: everything is saved first, one receipt each, or nothing is done. */

/** @typedef {{capture_id: string, comment: CommentAt, seen: any, shown: string|null, made: any, receipt: any, spooled: boolean}} Parcel
 * one capture on its way: `shown` is what the comment said as it was frozen, null when it could no longer be asked */

bevara.whole = (() => {
  const PICTURES = 6;
  const PICTURE_TIME = 4000;
  const MORE_TIME = 4000;
  const ROUNDS = 5;
  const KEPT = 60000;
  const say = bevara.say;
  /** @type {{held: any, at: number}|null} what was saved last, for a press that has to be made once more */
  let last = null;

  /** @param {any} held */
  function covers(held) {
    const { removes } = held.found.action;
    return removes === "post" || removes === "author";
  }

  /** @param {any} held @returns {Element} */
  function postOf(held) {
    if (held.comment.post) return held.comment.node;
    return bevara.owner.container(bevara.finder.again(held.comment) ?? held.comment) ?? document.documentElement;
  }

  /** What stands under the post. @param {any} held @returns {CommentAt[]} */
  function standing(held) {
    return bevara.post.comments(postOf(held), held.comment.ids.post);
  }

  /** Who wrote the pressed comment, read while it shows. @param {any} held */
  function author(held) {
    const now = bevara.finder.again(held.comment);
    held.by ??= now ? bevara.parts.author(now.node) : bevara.memory.get(held.comment.ids.comment)?.seen?.comment.author;
    if (!held.by) throw new Error("comment_gone");
    return held.by.id ?? held.by.url ?? held.by.name;
  }

  /** @param {CommentAt} comment */
  function isShut(comment) {
    return bevara.memory.isShut(comment.ids.comment);
  }

  /** What goes with the action, the pressed thing first. @param {any} held @returns {CommentAt[]} */
  function parts(held) {
    const all = standing(held).filter((one) => !isShut(one));
    if (held.comment.post) return [held.comment, ...all];
    const by = author(held);
    const same = (/** @type {any} */ other) => by === (other.id ?? other.url ?? other.name);
    const others = all.filter((one) => one.ids.comment !== held.comment.ids.comment && same(bevara.parts.author(one.node)));
    return [...(isShut(held.comment) ? [] : [held.comment]), ...others];
  }

  /** How many comments stand there or are frozen, how many there are, and whether more can be brought. @param {any} held */
  function count(held) {
    const frozen = (held.parcels ?? []).filter((/** @type {Parcel} */ one) => one.made && !one.comment.post);
    const ids = [...standing(held), ...frozen.map((/** @type {Parcel} */ one) => one.comment)].map((one) => one.ids.comment);
    const node = postOf(held);
    return { shown: new Set(ids).size, total: bevara.post.total(node), more: bevara.post.more(node) };
  }

  /** @param {any} held true when the page has more than it shows, and nobody has said to go on without */
  function lacks(held) {
    const { shown, total, more } = count(held);
    return !held.incomplete && (total === null ? more !== null : total > shown);
  }

  /** What a comment says now. @param {CommentAt} comment @returns {string|null} null when it is gone */
  function shown(comment) {
    const now = bevara.finder.again(comment);
    if (!now) return null;
    if (now.post) return JSON.stringify([bevara.parts.post(now, null)?.text ?? null]);
    return JSON.stringify([bevara.parts.text(now.node)?.value ?? null, bevara.parts.more(now.node) !== null]);
  }

  /** @param {any} held @returns {CommentAt[]} what is not saved yet, or says something else than what was */
  function news(held) {
    return parts(held).filter((comment) => {
      const same = (/** @type {Parcel} */ one) => (comment.post ? one.comment.post : one.comment.ids.comment === comment.ids.comment);
      const before = held.parcels.filter(same).at(-1);
      if (!before?.made) return !before;
      const now = shown(comment);
      return now !== null && now !== before.shown;
    });
  }

  /** Reads all that is new at once, so that none can be gone before its turn.
   * @param {any} held @returns {boolean} true when something has no receipt yet */
  function gather(held) {
    for (const comment of news(held)) {
      const seen = remembered(comment);
      const capture_id = held.parcels.length ? crypto.randomUUID() : held.capture_id;
      held.parcels.push({ capture_id, comment, seen, shown: null, made: null, receipt: null, spooled: false });
    }
    return held.parcels.some((/** @type {Parcel} */ one) => !one.receipt);
  }

  /** @param {CommentAt} comment */
  function remembered(comment) {
    const before = bevara.memory.get(comment.ids.comment)?.seen ?? null;
    const seen = bevara.capture.better(bevara.capture.look(comment), before);
    return before ? { ...seen, at: before.at } : seen;
  }

  /** Saves what stands there and looks again, until nothing has come or changed meanwhile. @param {any} held */
  async function save(held) {
    held.waiting = true;
    resume(held);
    try {
      for (let round = 0; !held.over; round += 1) {
        if (lacks(held)) return ask(held);
        if (!gather(held)) return release(held);
        if (round === ROUNDS) throw new Error("changing");
        await freeze(held);
        await send(held);
      }
    } catch (error) {
      held.waiting = false;
      await look(held);
      const { message, cause } = /** @type {Error} */ (error);
      if (!held.over) failed(held, { code: String(message ?? error), said: /** @type {string|undefined} */ (cause) });
    }
  }

  /** Whether the browser keeps what was on its way as it failed. @param {any} held */
  async function look(held) {
    const late = held.parcels.find((/** @type {Parcel} */ one) => one.capture_id === held.sending && !one.receipt);
    if (late && !late.spooled) late.spooled = await bevara.hold.spooled(late.capture_id);
  }

  /** Takes up what the same press has saved already. @param {any} held */
  function resume(held) {
    if (held.parcels) return;
    const before = last && Date.now() - last.at < KEPT ? last.held : null;
    const same = before?.kind === held.kind && before?.comment.ids.comment === held.comment.ids.comment && Boolean(before?.comment.post) === Boolean(held.comment.post);
    held.parcels = same ? before.parcels : [];
    held.capture_id = held.parcels[0]?.capture_id ?? held.capture_id;
  }

  /** @param {any} held takes text of all, and pictures of what is in view while there is time */
  async function freeze(held) {
    const end = Date.now() + PICTURE_TIME;
    held.pictures ??= 0;
    for (const parcel of held.parcels) {
      if (parcel.made || held.over) continue;
      progress(held);
      /** @type {any} */
      let shot = { reason: "many_at_once" };
      if (held.pictures < PICTURES && Date.now() < end) {
        shot = await bevara.picture.take(parcel.comment, true);
        held.pictures += shot.picture ? 1 : 0;
      }
      parcel.made = await build(held, parcel, shot);
    }
    const made = held.parcels.filter((/** @type {Parcel} */ one) => one.made);
    held.lost = (held.lost ?? 0) + held.parcels.length - made.length;
    held.parcels = made;
  }

  /** @param {any} held @param {Parcel} parcel @param {any} shot @returns {Promise<any>} null for what is gone and was never read */
  async function build(held, parcel, shot) {
    parcel.shown = shown(parcel.comment);
    try {
      return await bevara.capture.build({
        comment: parcel.comment, action: held.action, mode: "delete", seen: parcel.seen, shot,
        account: held.account, secrecy: held.secrecy, capture_id: parcel.capture_id,
      });
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      if (message === "shut" || (message === "comment_gone" && parcel !== held.parcels[0])) return null;
      throw error;
    }
  }

  /** Writes down what else goes with it, once: what was sent is not changed. @param {any} held @param {Parcel} parcel */
  function seal(held, parcel) {
    const { capture } = parcel.made;
    if (capture.whole) return;
    const { shown: there, total } = count(held);
    const left = standing(held).filter(isShut).length;
    const reason = held.incomplete ?? (held.lost ? "vanished" : left ? "shut_out" : null);
    capture.whole = { subject: held.found.action.removes, first: held.parcels[0].capture_id, shown: there - left, expected: total, reason };
    if (reason && parcel === held.parcels[0]) {
      capture.completeness = { state: "partial", missing: [...capture.completeness.missing, "comments.rest"] };
    }
  }

  /** @param {any} held */
  async function send(held) {
    for (const parcel of held.parcels) {
      if (held.over) return;
      if (parcel.receipt) continue;
      seal(held, parcel);
      progress(held);
      held.sending = parcel.capture_id;
      const answer = await bevara.wire.send({ type: "capture.save", ...parcel.made });
      parcel.spooled = answer?.spooled === true;
      if (!answer?.ok || answer.receipt?.capture_id !== parcel.capture_id) throw new Error(answer?.code ?? "no_answer", { cause: answer?.said });
      parcel.receipt = answer.receipt;
    }
  }

  /** @param {any} held */
  function progress(held) {
    const done = held.parcels.filter((/** @type {any} */ one) => one.receipt).length;
    bevara.panel.show(bevara.wholeViews.saving(held, done, held.parcels.length));
  }

  /** @param {any} held */
  function release(held) {
    held.waiting = false;
    held.receipt = held.parcels[0]?.receipt ?? null;
    last = { held, at: Date.now() };
    for (const { comment, capture_id } of held.parcels) {
      if (comment.ids.comment) bevara.hold.handled.set(comment.ids.comment, { capture_id, at: Date.now() });
    }
    bevara.health.count("saved");
    bevara.hold.again(held);
  }

  /** True while everything that would go is saved as it stands. @param {any} held */
  function stands(held) {
    return !lacks(held) && news(held).length === 0;
  }

  /** @param {any} held more comments exist than stand on the page */
  function ask(held) {
    const { shown, total, more } = count(held);
    bevara.panel.show(bevara.wholeViews.ask(shown, total, {
      more: more ? () => bring(held) : null, anyway: () => anyway(held), cancel: () => bevara.choices.stop(held),
    }));
  }

  /** @param {any} held */
  function anyway(held) {
    bevara.panel.show(bevara.wholeViews.anyway({
      go: (/** @type {string} */ reason) => { held.incomplete = reason; save(held); }, back: () => ask(held),
    }));
  }

  /** Presses the page's own control until all stand there or no more come. @param {any} held */
  async function bring(held) {
    for (let control = bevara.post.more(postOf(held)); control && !held.over; control = bevara.post.more(postOf(held))) {
      const before = count(held);
      bevara.panel.show(bevara.wholeViews.bringing(before.shown, before.total));
      bevara.replay.quietly(() => control?.click());
      if (!(await grown(held, before.shown))) break;
    }
    if (!held.over) save(held);
  }

  /** @param {any} held @param {number} before @returns {Promise<boolean>} */
  async function grown(held, before) {
    for (let waited = 0; waited < MORE_TIME; waited += 100) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (count(held).shown > before) return true;
    }
    return false;
  }

  /** @param {any} held @param {{code: string, said?: string|null}} answer */
  function failed(held, answer) {
    const view = bevara.views.failed(held, answer, {
      retry: () => save(held), hide: null, override: () => bevara.choices.override(held, () => failed(held, answer)),
      closed: null, cancel: () => bevara.choices.stop(held),
    });
    bevara.panel.show({ ...view, title: say(held.comment.post ? "whole_failed_post" : "failed_title"), text: view.text.replace(say("failed_text"), say("whole_failed")) });
  }

  /** Nothing is done: what was saved stays saved and is told to stand there still. @param {any} held */
  function cancel(held) {
    for (const parcel of held.parcels ?? []) {
      if (parcel.receipt) bevara.wire.note({ type: "capture.outcome", capture_id: parcel.capture_id, observed: "aborted" });
    }
    return held.sending ?? held.capture_id;
  }

  /** @param {any} held @param {string} observed what became of the pressed thing */
  function report(held, observed) {
    for (const { capture_id, comment, receipt, spooled } of held.parcels) {
      const gone = held.comment.post ? observed : comment.ids.comment === held.comment.ids.comment || bevara.finder.again(comment) ? observed : "removed";
      const told = !receipt && gone === "removed" ? "overridden" : gone;
      if (receipt || (held.overridden && spooled)) bevara.wire.note({ type: "capture.outcome", capture_id, observed: told });
    }
  }

  return { covers, save, stands, cancel, report };
})();
