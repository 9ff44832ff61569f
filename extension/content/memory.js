/* What is remembered of comments that a moderator has turned to: in this tab's memory only, never sent by itself. */

bevara.memory = (() => {
  const KEEP = 50;
  /** @type {Map<string, {seen: any, comment: CommentAt, shot: Promise<any>|null}>} */
  const entries = new Map();
  /** @type {Set<string>} ids that the closed path has shut */
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

  /** Forgets a comment and never takes it up again in this tab. @param {string|null} id */
  function shutOut(id) {
    if (!id) return;
    entries.delete(id);
    shut.add(id);
  }

  /** @param {string|null} id */
  function isShut(id) {
    return id !== null && shut.has(id);
  }

  return { note, unfold, get, shutOut, isShut, clear: () => entries.clear() };
})();
