/* A picture of one comment, taken by the worker; id and place are read before and after. */

bevara.picture = (() => {
  /** @param {Uint8Array<ArrayBuffer>} bytes @param {string} media_type @param {string} [base64] the bytes, when that is known
   * @returns {Promise<Blob64>} */
  async function blobOf(bytes, media_type, base64 = inBase64(bytes)) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return { sha256: `sha256:${hex}`, media_type: media_type.split(";")[0], base64 };
  }

  /** @param {Uint8Array<ArrayBuffer>} bytes */
  function inBase64(bytes) {
    let binary = "";
    for (let at = 0; at < bytes.length; at += 32768) binary += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(binary);
  }

  /** @param {string} base64 */
  function outOfBase64(base64) {
    const binary = atob(base64), bytes = new Uint8Array(binary.length);
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = binary.charCodeAt(at);
    return bytes;
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

  /** Looks at the place in every frame that is drawn, since what moves away may be back when the picture is there.
   * @param {Element} node @param {Rect} before @returns {() => boolean} ends it and tells whether the node has stood still */
  function standing(node, before) {
    let still = true;
    let frame = requestAnimationFrame(function look() {
      still &&= !moved(before, place(node));
      frame = requestAnimationFrame(look);
    });
    return () => {
      cancelAnimationFrame(frame);
      return still && !moved(before, place(node));
    };
  }

  /** @param {CommentAt} comment @param {Rect} before @param {Rect} shown @param {boolean} under covered from the start
   * @param {Element[]} lifted */
  function marks(comment, before, shown, under, lifted) {
    const list = [];
    if (shown.height < before.height - 1 || shown.width < before.width - 1) list.push("cut");
    if (under) list.push("covered");
    else if (covered(comment, shown, lifted)) list.push("maybe_covered");
    return list;
  }

  /** Where this document lies in the window, through frames of the same site; null when that cannot be told.
   * @returns {{x: number, y: number, clip: Rect}|null} */
  function framed() {
    let x = 0, y = 0, clip = { x: 0, y: 0, width: innerWidth, height: innerHeight };
    try {
      for (let inner = /** @type {Window} */ (window); inner !== inner.top; inner = inner.parent) {
        const frame = /** @type {Element} */ (inner.frameElement);
        const box = frame.getBoundingClientRect(), left = box.x + frame.clientLeft, top = box.y + frame.clientTop;
        const middle = frame.ownerDocument.elementFromPoint(left + frame.clientWidth / 2, top + frame.clientHeight / 2);
        if (middle !== frame) return null;
        const outer = /** @type {Window} */ (inner.parent);
        const seen = within({ ...clip, x: clip.x + left, y: clip.y + top }, { x: 0, y: 0, width: outer.innerWidth, height: outer.innerHeight });
        x += left; y += top; clip = seen;
      }
    } catch {
      return null;
    }
    return { x, y, clip };
  }

  /** @param {Rect} rect @param {Rect} limit @returns {Rect} the part of it inside the limit */
  function within(rect, limit) {
    const x = Math.max(limit.x, rect.x), y = Math.max(limit.y, rect.y);
    return { x, y, width: Math.max(0, Math.min(limit.x + limit.width, rect.x + rect.width) - x),
      height: Math.max(0, Math.min(limit.y + limit.height, rect.y + rect.height) - y) };
  }

  /** @param {CommentAt} comment @param {boolean} [clear] true takes away what lies over the comment meanwhile
   * @returns {Promise<{picture: any, blob: Blob64}|{reason: string}>} */
  async function take(comment, clear = false) {
    const before = place(comment.node);
    const shown = visible(before);
    if (!shown) return { reason: "outside_window" };
    const frame = framed();
    if (!frame || !whole(shown, frame)) return { reason: "inside_frame" };
    const cover = neighbours(comment, shown);
    const { lifted, restore } = clear ? lift(comment, shown) : { lifted: [], restore: () => undefined };
    const under = covered(comment, shown, lifted);
    const stood = standing(comment.node, before);
    const answer = await unseen(() => ask(shifted(shown, frame), cover.map((one) => shifted(one, frame))), clear).finally(restore);
    const still = stood();
    if (!answer?.ok) return { reason: answer?.reason ?? "no_answer" };
    if (!still || !bevara.finder.same(comment)) return { reason: "moved" };
    return finish(answer, cover.length, marks(comment, before, shown, under, lifted));
  }

  /** @param {Rect} rect @param {{x: number, y: number}} by @returns {Rect} */
  function shifted(rect, { x, y }) {
    return { ...rect, x: rect.x + x, y: rect.y + y };
  }

  /** @param {Rect} rect @param {{x: number, y: number, clip: Rect}} frame true when all of it shows in the window */
  function whole(rect, frame) {
    const there = shifted(rect, frame), seen = within(there, frame.clip);
    return seen.width > there.width - 1 && seen.height > there.height - 1;
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
    return "picture" in again || !shot?.picture ? again : shot;
  }

  /** @param {Rect} rect @param {Rect[]} cover */
  async function ask(rect, cover) {
    const { innerWidth: width, innerHeight: height } = /** @type {Window} */ (window.top);
    const viewport = { width, height };
    const message = { type: "shot.take", rect, cover, dpr: devicePixelRatio, viewport };
    return bevara.wire.send(message, 4000).catch(() => null);
  }

  /** @param {any} answer @param {number} covered_count @param {string[]} seen */
  async function finish(answer, covered_count, seen) {
    const base64 = answer.data_url.slice(answer.data_url.indexOf(",") + 1);
    const blob = await blobOf(outOfBase64(base64), answer.media_type, base64);
    const { width, height, scale, taken_at } = answer;
    const marks_seen = [...new Set([...seen, ...(answer.marks ?? [])])];
    const picture = { blob: blob.sha256, media_type: blob.media_type, width, height, scale, covered: covered_count,
      taken_at, marks: marks_seen };
    return { picture, blob };
  }

  return { take, best, blobOf };
})();
