/* A hidden comment that is shown again: not held, but told to Bevara, so that its record says so. */

bevara.restored = (() => {
  const PATIENCE = 5000;

  /** @param {CommentAt} comment */
  function hidden(comment) {
    const now = bevara.finder.again(comment);
    return !now || bevara.parts.part(now.node, "hidden") !== null;
  }

  /** Looks until the comment is seen to be shown. @param {CommentAt} comment @param {Ownership} whose */
  async function watch(comment, whose) {
    const { comment: comment_id } = comment.ids;
    const account = whose.account ?? bevara.owner.practice();
    if (!comment_id || bevara.memory.isShut(comment_id) || whose.state !== "ours" || !(bevara.pack.parts.hidden ?? []).length) return;
    for (let waited = 0; waited < PATIENCE; waited += 200) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (!hidden(comment)) return bevara.wire.note({ type: "comment.restored", platform: bevara.pack.id, account_id: account?.id ?? null, comment_id });
    }
  }

  return { watch };
})();
