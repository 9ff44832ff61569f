/* Reads what a comment and its surroundings show. Nothing here is called before the owner is known to be ours. */

bevara.parts = (() => {
  /** @param {Element} node @param {string} name */
  function part(node, name) {
    return bevara.sources.first(bevara.pack.parts[name], (/** @type {Source} */ source) =>
      (source.selector ? bevara.finder.own(node, source.selector) : [node]));
  }

  /** @param {Element} node */
  function author(node) {
    const url = part(node, "author_url")?.value ?? null;
    const owner = url ? bevara.decoders.decode("page_owner", url) : null;
    return {
      name: part(node, "author_name")?.value ?? null,
      url: url ? bevara.fragment.cleanUrl(url) : null,
      id: part(node, "author_id")?.value ?? owner?.id ?? null,
    };
  }

  /** The written text in reading order; several blocks are lines of one text. @param {Element} node */
  function text(node) {
    for (const source of bevara.pack.parts.text) {
      const found = source.selector ? bevara.finder.own(node, source.selector) : [node];
      const outer = found.filter((/** @type {Element} */ element) => bevara.sources.fits(element, source) &&
        !found.some((/** @type {Element} */ other) => other !== element && other.contains(element)));
      const lines = outer.map((/** @type {Element} */ element) => bevara.sources.shownText(element, more(node))).filter(Boolean);
      if (lines.length) return { value: lines.join("\n"), element: outer[0] };
    }
    return null;
  }

  /** @param {Element} node */
  function time(node) {
    const found = part(node, "time");
    if (!found) return { shown: null, exact: null, precision: "unknown" };
    const exact = /^(iso|epoch_seconds|epoch_ms)$/.test(found.source.decode ?? "");
    const shown = bevara.sources.shownText(found.element) || found.element.getAttribute("aria-label");
    return { shown: shown ?? null, exact: exact ? found.value : null, precision: exact ? "exact" : precision(shown) };
  }

  /** @param {string|null} shown */
  function precision(shown) {
    if (!shown) return "unknown";
    if (/\d{1,2}[:.]\d{2}/.test(shown)) return "minute";
    if (/\b(19|20)\d\d\b|\d{1,2} (jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)/i.test(shown)) return "day";
    return "relative";
  }

  /** The control that unfolds the rest of a cut text. @param {Element} node @returns {HTMLElement|null} */
  function more(node) {
    for (const source of bevara.pack.parts.more ?? []) {
      const found = bevara.finder.own(node, source.selector ?? "[role=button]")
        .find((/** @type {Element} */ element) => bevara.sources.fits(element, source));
      if (found instanceof HTMLElement) return found;
    }
    return null;
  }

  /** @param {CommentAt} comment @returns {any} the comment as capture/1 wants it, with `source_url` on attachments */
  function read(comment) {
    const { node, ids } = comment;
    const written = text(node);
    const when = time(node);
    return {
      id: ids.comment, parent_id: ids.parent, post_id: ids.post,
      permalink: clean(part(node, "permalink")?.value), author: author(node),
      text: written?.value ?? null, truncated: more(node) !== null,
      time_shown: when.shown, time_exact: when.exact, time_precision: when.precision,
      edited: part(node, "edited") !== null,
      language: written?.element.closest("[lang]")?.getAttribute("lang") || null,
      attachments: bevara.attachments.of(node), fragment: bevara.fragment.of(node),
    };
  }

  /** @param {string|null|undefined} url */
  function clean(url) {
    return url ? bevara.fragment.cleanUrl(url) : null;
  }

  /** @param {CommentAt} comment @returns {any[]} the comment that this one answers, when the page shows it */
  function answers(comment) {
    const found = bevara.finder.byId(comment.ids.parent);
    if (!found) return [];
    const { node } = found;
    return [{ id: found.ids.comment, author: author(node), text: text(node)?.value ?? null, time_shown: time(node).shown }];
  }

  /** @param {CommentAt} comment @param {Owner|null} owner */
  function post(comment, owner) {
    const container = bevara.owner.container(comment);
    if (!container) return null;
    /** @param {Source[]|undefined} list */
    const read_one = (list) => bevara.sources.first(list, (/** @type {Source} */ source) => bevara.owner.places(container, source));
    const link = read_one(bevara.pack.post.permalink)?.value;
    return {
      id: comment.ids.post ?? read_one(bevara.pack.post.id)?.value ?? null,
      owner: { name: owner?.name ?? null, url: owner?.url ?? null, id: owner?.id ?? null },
      text: read_one(bevara.pack.post.text)?.value ?? null, permalink: clean(link),
    };
  }

  return { read, text, answers, post, more, part, author };
})();
