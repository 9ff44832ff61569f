/* What must not pass unseen. An override and the closed path wait until it is kept that they were chosen. */

bevara.incident = (() => {
  /** @param {any} held @param {string} kind
   * @param {{reason?: string|null, note?: string|null, bare?: boolean, captures?: string[]}} [more] `bare` for the closed path,
   * with what was sent of the comment in `captures` */
  function entry(held, kind, { reason = null, note = null, bare = false, captures } = {}) {
    const { comment } = held;
    const shown = bevara.finder.again(comment);
    const saved = held.frozen?.capture.comment;
    const author = shown ? bevara.parts.author(shown.node).url : saved?.author.url ?? null;
    const permalink = shown ? bevara.parts.part(shown.node, "permalink")?.value ?? null : saved?.permalink ?? null;
    const moderator = bevara.setup?.moderator?.name ?? bevara.setup?.moderator ?? null;
    return {
      schema: "incident/1", id: crypto.randomUUID(), kind, at: new Date().toISOString(), platform: bevara.pack.id,
      account_id: held.account?.id ?? null, moderator, permalink: permalink && bevara.fragment.cleanUrl(permalink),
      comment_id: comment.ids.comment, author_url: bare || kind === "override" ? author : null, reason, note, counters: {},
      ...(captures ? { captures } : {}),
    };
  }

  /** @param {any} incident @returns {Promise<boolean>} whether it is kept where a crash does not reach it */
  async function put(incident) {
    const answer = await bevara.wire.send({ type: "incident.put", incident }).catch(() => null);
    return answer?.ok === true;
  }

  /** Goes on once the incident is kept. When it cannot be, that is said, and only a press that knows it goes on.
   * @param {any} incident the same at each try @param {{go: (kept: boolean) => void, back: () => void}} on
   * @param {string} [text] what it means that nothing is noted; then there is nothing to go on with */
  async function first(incident, on, text) {
    bevara.panel.show(bevara.views.noting());
    if (await put(incident)) return on.go(true);
    bevara.panel.show(bevara.views.unnoted({ retry: () => first(incident, on, text), go: text ? null : () => on.go(false), back: on.back }, text));
  }

  return { entry, put, first };
})();
