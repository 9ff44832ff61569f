/* Finds comments: upwards from ids in links. A node is a place, never an identity: ids are read anew each time. */

bevara.finder = (() => {
  /** The elements of a comment's own, not of comments nested in it.
   * @param {Element} node @param {string} selector @returns {Element[]} */
  function own(node, selector) {
    const container = bevara.pack.comment.container;
    return [...node.querySelectorAll(selector)].filter((element) => {
      const nearest = element.matches(container) ? element.parentElement : element;
      return nearest?.closest(container) === node;
    });
  }

  /** Links of a comment that speak about itself; a link inside the written text may point at another comment.
   * @param {Element} node */
  function idLinks(node) {
    const { comment, parts } = bevara.pack;
    if (comment.strategy === "container_attribute") return [node];
    const texts = parts.text.flatMap((/** @type {Source} */ source) => (source.selector ? own(node, source.selector) : []));
    return own(node, comment.link).filter((link) => !texts.some((/** @type {Element} */ text) => text !== link && text.contains(link)));
  }

  /** @param {Element} node @returns {Ids} */
  function ids(node) {
    const links = idLinks(node);
    const { comment, parent, post } = bevara.pack.comment.ids;
    /** @param {Source[]|undefined} list */
    const read = (list) => bevara.sources.first(list, () => links)?.value ?? null;
    const own_id = read(comment);
    const parent_id = read(parent);
    return { comment: own_id, parent: parent_id === own_id ? null : parent_id, post: read(post) };
  }

  /** @param {Element} node @returns {CommentAt|null} */
  function at(node) {
    const { comment } = bevara.pack;
    if (!node.matches(comment.container) || (comment.not && node.matches(comment.not))) return null;
    const found = ids(node);
    return found.comment ? { node, ids: found } : null;
  }

  /** The comment that an element lies in. @param {Element|null} element @returns {CommentAt|null} */
  function of(element) {
    for (let node = element; node; node = above(node)) {
      const found = at(node);
      if (found) return found;
    }
    return null;
  }

  /** @param {Element} node @returns {Element|null} */
  function above(node) {
    const root = node.getRootNode();
    return node.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
  }

  /** Every comment under a root, or as many as asked for. @param {ParentNode} [root] @param {number} [most] @returns {CommentAt[]} */
  function all(root = document, most = Infinity) {
    const found = [];
    for (const node of root.querySelectorAll(bevara.pack.comment.container)) {
      /** @type {CommentAt|null} */
      const comment = found.length < most ? at(node) : null;
      if (comment) found.push(comment);
    }
    return found;
  }

  /** @param {string|null} id @returns {CommentAt|null} the comment with that id, where it is now */
  function byId(id) {
    return id ? all().find((comment) => comment.ids.comment === id) ?? null : null;
  }

  /** True when the place still shows the same comment. @param {CommentAt} comment */
  function same(comment) {
    if (comment.post) return comment.node.isConnected && (!comment.ids.post || bevara.post.at(comment.node).ids.post === comment.ids.post);
    return comment.node.isConnected && at(comment.node)?.ids.comment === comment.ids.comment;
  }

  /** The comment again, wherever the page has put it. @param {CommentAt} comment */
  function again(comment) {
    if (comment.post) return same(comment) ? comment : null;
    return same(comment) ? at(comment.node) : byId(comment.ids.comment);
  }

  return { own, ids, at, of, all, byId, same, again };
})();
