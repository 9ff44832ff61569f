/* What hangs on a comment: pictures, links, films; bytes only when the browser already has them. */

bevara.attachments = (() => {
  const MAX_BYTES = 8 * 1024 * 1024;

  /** @param {Element} element @param {Source} source */
  function tooSmall(element, source) {
    return element instanceof HTMLImageElement && source.min_size !== undefined &&
      Math.max(element.naturalWidth, element.clientWidth) < source.min_size;
  }

  /** @param {Element} element @param {Source} source */
  function describe(element, source) {
    const attr = source.attr ?? (element.hasAttribute("src") ? "src" : "href");
    const url = bevara.decoders.decode(source.decode ?? "url", element.getAttribute(attr));
    return {
      kind: source.kind ?? "picture", url: url ? bevara.fragment.cleanUrl(url) : null,
      alt: element.getAttribute("alt") ?? element.getAttribute("aria-label"),
      blob: null, media_type: null, source_url: url,
    };
  }

  /** @param {Element} node @returns {any[]} */
  function of(node) {
    /** @type {Map<string, any>} */
    const found = new Map();
    for (const source of bevara.pack.parts.attachments ?? []) {
      for (const element of bevara.finder.own(node, source.selector ?? "img")) {
        if (!bevara.sources.fits(element, source) || tooSmall(element, source)) continue;
        const item = describe(element, source);
        if (item.url && !found.has(item.url)) found.set(item.url, item);
      }
    }
    return [...found.values()].slice(0, 20);
  }

  /** @param {string} url @returns {Promise<Blob|null>} only what lies in the browser's cache already */
  async function cached(url) {
    try {
      const answer = await fetch(url, { cache: "only-if-cached", mode: "same-origin", signal: AbortSignal.timeout(800) });
      return answer.ok ? await answer.blob() : null;
    } catch {
      return fetchLoose(url);
    }
  }

  /** @param {string} url @returns {Promise<Blob|null>} */
  async function fetchLoose(url) {
    try {
      const answer = await fetch(url, { cache: "force-cache", credentials: "omit", signal: AbortSignal.timeout(1200) });
      return answer.ok ? await answer.blob() : null;
    } catch {
      return null;
    }
  }

  /** Adds bytes to pictures. @param {any[]} items @returns {Promise<Blob64[]>} the blobs named by the items */
  async function collect(items) {
    const blobs = await Promise.all(items.filter((item) => item.kind === "picture" || item.kind === "sticker").map(take));
    return /** @type {Blob64[]} */ (blobs.filter(Boolean));
  }

  /** What the helper would refuse is left on the page, so that it holds nothing else up.
   * @param {any} item @returns {Promise<Blob64|null>} */
  async function take(item) {
    const blob = await cached(item.source_url);
    if (!blob || blob.size > MAX_BYTES) return null;
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const media_type = bevara.pictureKind.of(bytes);
    if (!media_type) return null;
    const result = await bevara.picture.blobOf(bytes, media_type);
    item.blob = result.sha256;
    item.media_type = result.media_type;
    return result;
  }

  return { of, collect };
})();
