/* A post of the account's own, as something that can be deleted with everything under it. */

bevara.post = (() => {
  /** @param {Element} node @returns {CommentAt} a post in a comment's clothes: its id stands where a comment's would */
  function at(node) {
    const bare = { node, ids: { comment: null, parent: null, post: null }, post: true };
    const inside = bevara.finder.all(node, 1)[0];
    const id = inside?.ids.post ?? bevara.parts.post(bare, null)?.id ?? null;
    return { node, ids: { comment: id, parent: null, post: id }, post: true };
  }

  /** The post that an element lies in, when it lies in none of the comments. @param {Element} element @returns {CommentAt|null} */
  function of(element) {
    if (!bevara.pack.actions.some((/** @type {Action} */ action) => action.removes === "post")) return null;
    const selector = bevara.pack.post.container.join(",");
    for (let node = element.parentElement; node && selector; node = node.parentElement) {
      if (node.matches(selector) && !bevara.finder.at(node)) return at(node);
    }
    return null;
  }

  /** The comments that stand under a post, in the page's order. @param {Element} node @param {string|null} id of the post */
  function comments(node, id) {
    return bevara.finder.all(node).filter((/** @type {CommentAt} */ one) => !id || !one.ids.post || one.ids.post === id);
  }

  /** @param {Element} node @param {Source[]|undefined} list */
  function own(node, list) {
    return bevara.sources.first(list, (/** @type {Source} */ source) => bevara.owner.places(node, source));
  }

  /** How many comments the page says that the post has. @param {Element} node @returns {number|null} null when it does not say */
  function total(node) {
    return own(node, bevara.pack.post.count)?.value ?? null;
  }

  /** The control that brings more comments. @param {Element} node @returns {HTMLElement|null} */
  function more(node) {
    const found = own(node, bevara.pack.post.more)?.element;
    return found instanceof HTMLElement && bevara.sources.seen(found) ? found : null;
  }

  return { at, of, comments, total, more };
})();
