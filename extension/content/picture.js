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

  /** What of the page lies over the comment. @param {CommentAt} comment @param {Rect} rect @param {Element[]} [lifted] what is see-through
   * @returns {Element[]} */
  function above(comment, rect, lifted = []) {
    const points = [[0.5, 0.5], [0.2, 0.3], [0.8, 0.3], [0.2, 0.7], [0.8, 0.7], [0.95, 0.9]];
    const tops = points.map(([x, y]) => document.elementsFromPoint(rect.x + rect.width * x, rect.y + rect.height * y)
      .find((element) => !/^bevara-/i.test(element.tagName) && !lifted.some((one) => one.contains(element))));
    return /** @type {Element[]} */ (tops.filter((top) => top && !comment.node.contains(top) && !top.contains(comment.node)));
  }

  /** @param {CommentAt} comment @param {Rect} rect @param {Element[]} [lifted] */
  function covered(comment, rect, lifted = []) {
    return above(comment, rect, lifted).length > 0;
  }

  /** Makes menus and dialogs over the comment see-through for a moment.
   * @param {CommentAt} comment @param {Rect} rect @returns {{lifted: Element[], restore: () => void}} */
  function lift(comment, rect) {
    /** @type {HTMLElement[]} */
    const lifted = [];
    for (let round = 0; round < 4; round += 1) {
      for (const element of above(comment, rect, lifted)) {
        const whole = outermost(element, comment);
        if (whole instanceof HTMLElement && !lifted.includes(whole)) lifted.push(whole);
      }
    }
    const before = lifted.map((element) => [element.style.getPropertyValue("opacity"), element.style.getPropertyPriority("opacity")]);
    lifted.forEach((element) => element.style.setProperty("opacity", "0", "important"));
    return { lifted, restore: () => lifted.forEach((element, at) => element.style.setProperty("opacity", before[at][0], before[at][1])) };
  }

  /** The largest part of the page around an element that the comment is not in. @param {Element} element @param {CommentAt} comment */
  function outermost(element, comment) {
    let found = element;
    while (found.parentElement && !found.parentElement.contains(comment.node)) found = found.parentElement;
    return found;
  }

  /** @param {Rect} a @param {Rect} b */
  function moved(a, b) {
    return Math.abs(a.x - b.x) > 1 || Math.abs(a.y - b.y) > 1 || Math.abs(a.height - b.height) > 1;
  }

  /** @param {CommentAt} comment @param {Rect} before @param {Rect} shown @param {boolean} under covered from the start
   * @param {Element[]} lifted */
  function marks(comment, before, shown, under, lifted) {
    const list = [];
    if (!bevara.finder.same(comment)) list.push("other_comment");
    if (moved(before, place(comment.node))) list.push("moved");
    if (shown.height < before.height - 1 || shown.width < before.width - 1) list.push("cut");
    if (under) list.push("covered");
    else if (covered(comment, shown, lifted)) list.push("maybe_covered");
    return list;
  }

  /** @param {CommentAt} comment @param {boolean} [clear] true takes away what lies over the comment meanwhile
   * @returns {Promise<{picture: any, blob: Blob64}|{reason: string}>} */
  async function take(comment, clear = false) {
    const before = place(comment.node);
    const shown = visible(before);
    if (!shown) return { reason: "outside_window" };
    if (window !== window.top) return { reason: "inside_frame" };
    const cover = neighbours(comment, shown);
    const { lifted, restore } = clear ? lift(comment, shown) : { lifted: [], restore: () => undefined };
    const under = covered(comment, shown, lifted);
    const answer = await unseen(() => ask(shown, cover), clear).finally(restore);
    if (!answer?.ok) return { reason: answer?.reason ?? "no_answer" };
    const seen = marks(comment, before, shown, under, lifted);
    if (seen.includes("other_comment") || seen.includes("moved")) return { reason: "moved" };
    return finish(answer, cover.length, seen);
  }

  /** Keeps what is ours out of the picture. @param {() => Promise<any>} work @param {boolean} changed the page too */
  async function unseen(work, changed) {
    const button = bevara.saveButton.hide();
    const restore = bevara.panel.aside();
    if (restore || button || changed) await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
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
    if (!now) return shot ?? { reason: "comment_gone" };
    const again = await take(now, true);
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
