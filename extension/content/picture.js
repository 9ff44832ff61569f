/* A picture of one comment, taken by the worker; id and place are read before and after. */

bevara.picture = (() => {
  /** @param {Uint8Array<ArrayBuffer>} bytes @param {string} media_type @returns {Promise<Blob64>} */
  async function blobOf(bytes, media_type) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    let binary = "";
    for (let at = 0; at < bytes.length; at += 32768) binary += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return { sha256: `sha256:${hex}`, media_type: media_type.split(";")[0], base64: btoa(binary) };
  }

  /** @param {Element} node @returns {Rect} */
  function place(node) {
    const { x, y, width, height } = node.getBoundingClientRect();
    return { x, y, width, height };
  }

  /** @param {Rect} a @param {Rect} b */
  function overlap(a, b) {
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
  }

  /** Other people's comments that lie inside the picture. @param {CommentAt} comment @param {Rect} rect */
  function neighbours(comment, rect) {
    return [...document.querySelectorAll(bevara.pack.comment.container)]
      .filter((node) => node !== comment.node && !node.contains(comment.node) && bevara.finder.at(node))
      .map(place).filter((other) => other.width > 0 && overlap(other, rect));
  }

  /** @param {Rect} rect @returns {Rect|null} the part inside the window */
  function visible(rect) {
    const x = Math.max(0, rect.x), y = Math.max(0, rect.y);
    const width = Math.min(innerWidth, rect.x + rect.width) - x;
    const height = Math.min(innerHeight, rect.y + rect.height) - y;
    return width > 8 && height > 8 ? { x, y, width, height } : null;
  }

  /** @param {CommentAt} comment @param {Rect} rect true when something else of the page lies over the comment */
  function covered(comment, rect) {
    const points = [[0.5, 0.5], [0.2, 0.3], [0.8, 0.3], [0.2, 0.7], [0.8, 0.7]];
    return points.some(([x, y]) => {
      const top = document.elementFromPoint(rect.x + rect.width * x, rect.y + rect.height * y);
      return top !== null && !/^bevara-/i.test(top.tagName) && !comment.node.contains(top) && !top.contains(comment.node);
    });
  }

  /** @param {Rect} a @param {Rect} b */
  function moved(a, b) {
    return Math.abs(a.x - b.x) > 1 || Math.abs(a.y - b.y) > 1 || Math.abs(a.height - b.height) > 1;
  }

  /** @param {CommentAt} comment @param {Rect} before @param {Rect} shown @param {boolean} under covered from the start */
  function marks(comment, before, shown, under) {
    const list = [];
    if (!bevara.finder.same(comment)) list.push("other_comment");
    if (moved(before, place(comment.node))) list.push("moved");
    if (shown.height < before.height - 1 || shown.width < before.width - 1) list.push("cut");
    if (under) list.push("covered");
    else if (covered(comment, shown)) list.push("maybe_covered");
    return list;
  }

  /** @param {CommentAt} comment @returns {Promise<{picture: any, blob: Blob64}|{reason: string}>} */
  async function take(comment) {
    const before = place(comment.node);
    const shown = visible(before);
    if (!shown) return { reason: "outside_window" };
    if (window !== window.top) return { reason: "inside_frame" };
    const cover = neighbours(comment, shown);
    const under = covered(comment, shown);
    const answer = await unseen(() => ask(shown, cover));
    if (!answer?.ok) return { reason: answer?.reason ?? "no_answer" };
    const seen = marks(comment, before, shown, under);
    if (seen.includes("other_comment") || seen.includes("moved")) return { reason: "moved" };
    return finish(answer, cover.length, seen);
  }

  /** Keeps what is ours out of the picture. @param {() => Promise<any>} work */
  async function unseen(work) {
    const button = bevara.saveButton.hide();
    const restore = bevara.panel.aside();
    if (restore || button) await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    try {
      return await work();
    } finally {
      restore?.();
    }
  }

  /** The remembered picture, or a new one when something lay over the comment and no longer does.
   * @param {CommentAt} comment @param {Promise<any>|null} remembered */
  async function best(comment, remembered) {
    const shot = remembered ? await remembered : null;
    if (shot?.picture && !shot.picture.marks.some((/** @type {string} */ mark) => mark.endsWith("covered"))) return shot;
    const now = bevara.finder.again(comment);
    const rect = now && visible(place(now.node));
    if (!now || !rect || (shot && covered(now, rect))) return shot ?? { reason: "comment_gone" };
    const again = await take(now);
    return "picture" in again ? again : shot ?? again;
  }

  /** @param {Rect} rect @param {Rect[]} cover */
  async function ask(rect, cover) {
    const viewport = { width: innerWidth, height: innerHeight };
    const message = { type: "shot.take", rect, cover, dpr: devicePixelRatio, viewport };
    return bevara.wire.send(message, 4000).catch(() => null);
  }

  /** @param {any} answer @param {number} covered_count @param {string[]} seen */
  async function finish(answer, covered_count, seen) {
    const binary = atob(answer.data_url.slice(answer.data_url.indexOf(",") + 1));
    const blob = await blobOf(Uint8Array.from(binary, (char) => char.charCodeAt(0)), answer.media_type);
    const { width, height, scale, taken_at } = answer;
    const marks_seen = [...new Set([...seen, ...(answer.marks ?? [])])];
    const picture = { blob: blob.sha256, media_type: blob.media_type, width, height, scale, covered: covered_count,
      taken_at, marks: marks_seen };
    return { picture, blob };
  }

  return { take, best, blobOf };
})();
