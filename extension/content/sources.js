/* Reads one value from a place on the page by the ordered sources of a pack. */

bevara.sources = (() => {
  const block = new Set(["block", "flex", "grid", "list-item", "table", "table-row", "flow-root"]);

  /** @param {Element} element */
  function seen(element) {
    return !element.closest("[aria-hidden=true]") &&
      (!(element instanceof HTMLElement) || element.getClientRects().length > 0);
  }

  /** @param {Node} node @returns {string} its characters, with white space as the page shows it */
  function flow(node) {
    const kept = node.parentElement && getComputedStyle(node.parentElement).whiteSpace.startsWith("pre");
    return kept ? node.nodeValue ?? "" : (node.nodeValue ?? "").replace(/[ \t\n\r]+/g, " ");
  }

  /** @param {Node} node @param {string[]} out @param {Element|null} skip */
  function walk(node, out, skip) {
    if (node === skip) return;
    if (node.nodeType === Node.TEXT_NODE) out.push(flow(node));
    if (!(node instanceof Element) || /^(SCRIPT|STYLE|TEMPLATE|NOSCRIPT|svg)$/.test(node.tagName)) return;
    if (node.tagName === "IMG") out.push(node.getAttribute("alt") ?? "");
    if (node.tagName === "BR") return void out.push("\n");
    const style = getComputedStyle(node);
    if (style.display === "none" || style.visibility === "hidden") return;
    const apart = block.has(style.display);
    if (apart) out.push("\u0000");
    node.childNodes.forEach((child) => walk(child, out, skip));
    if (apart) out.push("\u0000");
  }

  /** Text as a person sees it: emoji pictures as characters, breaks where lines break. @param {Element} element
   * @param {Element|null} [skip] a control that is not part of the text */
  function shownText(element, skip = null) {
    /** @type {string[]} */
    const out = [];
    walk(element, out, skip);
    const joined = out.join("").replace(/ *\u0000[ \u0000]*/g, "\u0000").replace(/\n\u0000/g, "\n");
    return joined.replace(/\u0000/g, "\n").replace(/ *\n */g, "\n").trim();
  }

  /** @param {Element} element @param {Source} source */
  function raw(element, source) {
    if (source.query || source.path_after) return fromUrl(element, source);
    if (source.attr) return element.getAttribute(source.attr);
    return shownText(element);
  }

  /** @param {Element} element @param {Source} source */
  function fromUrl(element, source) {
    const url = bevara.decoders.asUrl(element.getAttribute(source.attr ?? "href") ?? "");
    if (!url) return null;
    if (source.query) return url.searchParams.get(source.query);
    const parts = url.pathname.split("/").filter(Boolean);
    const at = parts.indexOf(source.path_after ?? "");
    return at < 0 ? null : parts[at + 1] ?? null;
  }

  /** @param {Element} element @param {Source} source */
  function fits(element, source) {
    if (source.visible && !seen(element)) return false;
    if (source.needs && !(element.getAttribute("href") ?? "").includes(source.needs)) return false;
    return !source.labels || bevara.labels.match(source.labels, element);
  }

  /** @param {Element} element @param {Source} source @returns {any} */
  function value(element, source) {
    return fits(element, source) ? bevara.decoders.decode(source.decode, raw(element, source)) : null;
  }

  /** True when the places say different things, so that none of them may speak for all.
   * @param {Element[]} elements @param {Source} source */
  function disagree(elements, source) {
    const values = elements.map((element) => value(element, source)).filter((one) => one !== null);
    return new Set(values.map((one) => JSON.stringify(one))).size > 1;
  }

  /** The first value that any source gives for any candidate; sources weigh more than places.
   * @param {Source[]|undefined} list @param {(source: Source) => Element[]} places
   * @returns {{value: any, element: Element, source: Source}|null} */
  function first(list, places) {
    for (const source of list ?? []) {
      if (source.unique && disagree(places(source), source)) continue;
      for (const element of places(source)) {
        const found = value(element, source);
        if (found !== null && found !== "") return { value: found, element, source };
      }
    }
    return null;
  }

  return { first, value, fits, shownText, seen };
})();
