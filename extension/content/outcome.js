/* Watches what became of a comment after the gate opened. */

bevara.outcome = (() => {
  /** @param {CommentAt} comment */
  function gone(comment) {
    if (comment.post) return !comment.node.isConnected || another(comment);
    if (comment.ids.comment) return bevara.finder.byId(comment.ids.comment) === null;
    return !comment.node.isConnected;
  }

  /** @param {CommentAt} post @returns {boolean} true when the place shows a post that is known to be another */
  function another({ node, ids }) {
    const now = bevara.post.at(node).ids.post;
    return Boolean(ids.post && now) && now !== ids.post;
  }

  /** @param {CommentAt} comment */
  function hidden(comment) {
    const now = bevara.finder.again(comment);
    return now !== null && (bevara.pack.parts.hidden ?? []).length > 0 && bevara.parts.part(now.node, "hidden") !== null;
  }

  /** @param {CommentAt} comment @param {string} kind */
  function read(comment, kind) {
    if (gone(comment)) return kind === "hide" ? "hidden" : "removed";
    return kind === "hide" && hidden(comment) ? "hidden" : null;
  }

  /** @param {number} ms */
  function wait(ms) {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** @param {CommentAt} comment @param {string} kind @param {number} [ms] how long to look
   * @returns {Promise<string>} removed, hidden or still_visible; seen twice, so that a redrawing page is not believed */
  async function watch(comment, kind, ms = 2500) {
    const end = Date.now() + ms;
    let before = null;
    while (Date.now() < end) {
      await wait(200);
      const now = read(comment, kind);
      if (now && now === before) return now;
      before = now;
    }
    return "still_visible";
  }

  return { watch };
})();
