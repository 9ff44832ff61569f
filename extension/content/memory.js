/* What is remembered of comments that a moderator has turned to: in this tab's memory only, never sent by itself. */

bevara.memory = (() => {
  const KEEP = 50;
  const KEEP_GLANCES = 200;
  /** @type {Map<string, {seen: any, comment: CommentAt, shot: null, size: number}>} what our comments last showed */
  const glances = new Map();
  /** @type {Map<string, {seen: any, comment: CommentAt, shot: Promise<any>|null}>} */
  const entries = new Map();
  /** @type {Set<string>} ids that the closed path has shut, in this tab or another; the only place on a page that knows */
  const shut = new Set();

  /** @param {CommentAt} comment @param {any} seen @param {Promise<any>|null} shot */
  function put(comment, seen, shot) {
    const id = comment.ids.comment;
    if (!id || shut.has(id)) return;
    entries.delete(id);
    entries.set(id, { seen, comment, shot });
    const oldest = entries.keys().next().value;
    if (entries.size > KEEP && oldest) entries.delete(oldest);
  }

  /** Takes text and picture of one of our comments. @param {CommentAt} comment */
  function note(comment) {
    const id = comment.ids.comment;
    if (!id || shut.has(id)) return;
    const before = entries.get(id);
    if (before && Date.now() - Date.parse(before.seen?.at ?? 0) < 1000) return;
    put(comment, bevara.capture.look(comment), bevara.picture.take(comment));
  }

  /** Remembers what one of our comments shows, for the watchdog: a page may take it away before it is asked for.
   * @param {CommentAt} comment @returns {boolean} true when there was something new to read */
  function glance(comment) {
    const id = comment.ids.comment;
    const size = comment.node.textContent?.length ?? 0;
    if (!id || shut.has(id) || glances.get(id)?.size === size) return false;
    glances.delete(id);
    glances.set(id, { seen: bevara.capture.look(comment), comment, shot: null, size });
    const oldest = glances.keys().next().value;
    if (glances.size > KEEP_GLANCES && oldest) glances.delete(oldest);
    return true;
  }

  /** @param {string|null} id what was remembered on purpose, or else at a glance */
  function recall(id) {
    return get(id) ?? (id ? glances.get(id) ?? null : null);
  }

  /** Unfolds a cut text before the menu opens, so that the whole of it can be remembered.
   * @param {CommentAt} comment */
  function unfold(comment) {
    if (isShut(comment.ids.comment)) return;
    const more = bevara.parts.more(comment.node);
    if (more) bevara.replay.quietly(() => more.click());
  }

  /** @param {string|null} id */
  function get(id) {
    return id ? entries.get(id) ?? null : null;
  }

  /** Forgets a comment, also where others quote it, and never takes it up again. @param {string|null} id */
  function shutOut(id) {
    if (!id || shut.has(id)) return;
    entries.delete(id);
    glances.delete(id);
    shut.add(id);
    for (const { seen } of [...entries.values(), ...glances.values()]) if (seen) seen.context = unquoted(seen.context);
  }

  /** @param {{answers: any[]}} context @returns {any} the same without the comments that are shut */
  function unquoted(context) {
    return { ...context, answers: context.answers.filter((/** @type {any} */ one) => !isShut(one.id)) };
  }

  /** True while something that is shut stands on the page, where a picture of more than one comment would show it. */
  function shutInSight() {
    return shut.size > 0 && bevara.finder.all().some((/** @type {CommentAt} */ one) => isShut(one.ids.comment));
  }

  /** @param {string|null} id */
  function isShut(id) {
    return id !== null && shut.has(id);
  }

  return { note, glance, recall, unfold, get, shutOut, isShut, unquoted, shutInSight, clear: () => { entries.clear(); glances.clear(); } };
})();
