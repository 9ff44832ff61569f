/* Builds capture/1 from what is shown now and what was remembered of the same comment. */

bevara.capture = (() => {
  /** @param {any} comment the part of the document @param {any} picture @param {any} context */
  function completeness(comment, picture, context) {
    const missing = [];
    if (!comment.id) missing.push("comment.id");
    if (!comment.text && !comment.attachments.length) missing.push("comment.text");
    if (comment.truncated) missing.push("comment.text.rest");
    if (!comment.author.name) missing.push("comment.author.name");
    if (!comment.author.url) missing.push("comment.author.url");
    if (!comment.permalink) missing.push("comment.permalink");
    if (!comment.time_shown) missing.push("comment.time");
    if (!picture) missing.push("picture");
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
    if (!now) return null;
    const ownership = bevara.owner.of(now);
    return {
      comment: bevara.parts.read(now), at: new Date().toISOString(), ownership,
      beside: bevara.beside.of(now),
      context: { post: bevara.parts.post(now, ownership.owner), answers: bevara.parts.answers(now) },
    };
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
   * @returns {Promise<{capture: any, blobs: Blob64[]}>} */
  async function build(wanted) {
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
    return {
      schema: "capture/1", capture_id: wanted.capture_id, captured_at: new Date().toISOString(),
      first_seen_at: wanted.seen?.at ?? view.at, mode: wanted.mode, platform: bevara.pack.id,
      pack: { id: bevara.pack.id, version: bevara.pack.version },
      account_id: wanted.account?.id ?? view.ownership.account?.id ?? null, action: wanted.action, comment,
      beside: view.beside ?? [], context: view.context, picture,
      no_picture_reason: picture ? null : wanted.shot?.reason ?? "not_tried",
      completeness: completeness(comment, picture, view.context), page: page(), software: software(),
      moderator: { name: bevara.setup?.moderator?.name ?? bevara.setup?.moderator ?? null },
      possible_secrecy: wanted.secrecy,
    };
  }

  return { build, look, better };
})();
