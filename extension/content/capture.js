/* Builds capture/1 from what is shown now and what was remembered of the same comment. */

bevara.capture = (() => {
  /** @param {any} comment the part of the document @param {any} picture @param {any} context @param {{screen: any}|null} screen null when none was asked for */
  function completeness(comment, picture, context, screen) {
    const missing = [];
    if (!comment.id) missing.push("comment.id");
    if (!comment.text && !comment.attachments.length) missing.push("comment.text");
    if (comment.truncated) missing.push("comment.text.rest");
    if (!comment.author.name) missing.push("comment.author.name");
    if (!comment.author.url) missing.push("comment.author.url");
    if (!comment.permalink) missing.push("comment.permalink");
    if (!comment.time_shown) missing.push("comment.time");
    if (!picture) missing.push("picture");
    else if (picture.marks.some((/** @type {string} */ mark) => mark === "cut" || mark === "covered")) missing.push("picture.rest");
    if (screen && !screen.screen) missing.push("screen");
    if (!context.post?.text) missing.push("context.post.text");
    if (comment.parent_id && !context.answers.length) missing.push("context.answers");
    if (comment.attachments.some((/** @type {any} */ item) => item.kind === "picture" && !item.blob)) missing.push("attachments.bytes");
    return { state: missing.length ? "partial" : "complete", missing };
  }

  function page() {
    return {
      url: bevara.fragment.cleanUrl(location.href) ?? location.origin, language: document.documentElement.lang || null,
      viewport: { width: innerWidth, height: innerHeight }, zoom: devicePixelRatio,
    };
  }

  function software() {
    return { extension: bevara.wire.version(), browser: navigator.userAgent.slice(0, 300) };
  }

  /** What the moderator sees now; `null` when the place shows another comment. @param {CommentAt} comment */
  function look(comment) {
    const now = bevara.finder.again(comment);
    if (!now || bevara.memory.isShut(now.ids.comment)) return null;
    const ownership = bevara.owner.of(now);
    if (now.post) return lookAtPost(now, ownership);
    return {
      comment: bevara.parts.read(now), at: new Date().toISOString(), ownership,
      beside: bevara.beside.of(now),
      context: bevara.memory.unquoted({ post: bevara.parts.post(now, ownership.owner), answers: bevara.parts.answers(now) }),
    };
  }

  /** A post of our own, in the form of a comment. @param {CommentAt} post @param {Ownership} ownership */
  function lookAtPost(post, ownership) {
    const shown = bevara.parts.post(post, ownership.owner);
    const { name = null, url = null, id = null } = ownership.owner ?? {};
    const comment = {
      id: post.ids.comment, parent_id: null, post_id: null, permalink: shown?.permalink ?? null, author: { name, url, id },
      text: shown?.text ?? null, truncated: false, time_shown: null, time_exact: null, time_precision: "unknown", edited: false,
      language: null, attachments: bevara.attachments.of(post.node), fragment: bevara.fragment.of(post.node),
    };
    return { comment, at: new Date().toISOString(), ownership, beside: [], context: { post: shown, answers: [] } };
  }

  /** @param {any} fresh @param {any} held @returns {any} what says most about the same comment */
  function better(fresh, held) {
    if (!fresh) return held;
    if (!held || held.comment.id !== fresh.comment.id) return fresh;
    const cut = fresh.comment.truncated && !held.comment.truncated;
    return cut || (!fresh.comment.text && held.comment.text) ? held : fresh;
  }

  /** @param {{comment: CommentAt, action: any, mode: string, seen: any, shot: any, account: Account|null,
   *   secrecy: boolean, capture_id: string}} wanted
   * @returns {Promise<{capture: any, blobs: Blob64[]}>} raises `shut` for a comment that the closed path has shut */
  async function build(wanted) {
    if (bevara.memory.isShut(wanted.comment.ids.comment)) throw new Error("shut");
    const view = better(look(wanted.comment), wanted.seen);
    if (!view) throw new Error("comment_gone");
    const blobs = await bevara.attachments.collect(view.comment.attachments);
    const { picture, blob } = wanted.shot ?? {};
    if (blob) blobs.push(blob);
    return { capture: document_of(wanted, view, picture ?? null), blobs };
  }

  /** @param {any} wanted @param {any} view @param {any} picture */
  function document_of(wanted, view, picture) {
    const attachments = view.comment.attachments.map((/** @type {any} */ { source_url, ...item }) => item);
    const comment = { ...view.comment, attachments };
    const context = bevara.memory.unquoted(view.context);
    return {
      schema: "capture/1", capture_id: wanted.capture_id, captured_at: new Date().toISOString(),
      first_seen_at: wanted.seen?.at ?? view.at, mode: wanted.mode, platform: bevara.pack.id,
      pack: { id: bevara.pack.id, version: bevara.pack.version },
      account_id: wanted.account?.id ?? view.ownership.account?.id ?? null, action: wanted.action, comment,
      beside: view.beside ?? [], context, picture,
      no_picture_reason: picture ? null : wanted.shot?.reason ?? "not_tried",
      screen: wanted.screen?.screen ?? null, no_screen_reason: wanted.screen ? wanted.screen.reason : "off",
      completeness: completeness(comment, picture, context, wanted.screen ?? null), page: page(), software: software(),
      moderator: { name: bevara.setup?.moderator?.name ?? bevara.setup?.moderator ?? null },
      possible_secrecy: wanted.secrecy,
    };
  }

  return { build, look, better };
})();
