/* What a person has marked on a page. Runs in the page once, on request, and leaves nothing there. */

/** Sent to the page as source, so that it may use nothing from outside itself.
 * @returns {any} null when nothing is marked */
export function readSelection() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);

  /** @param {Node} node */
  function block(node) {
    let found = node.parentElement;
    while (found && /^(inline|contents)/.test(getComputedStyle(found).display)) found = found.parentElement;
    return found;
  }

  /** @param {Node} node what the page shows of it, within the marking */
  function shown(node) {
    if (node instanceof HTMLBRElement) return "\n";
    if (node instanceof HTMLImageElement) return node.alt;
    const from = node === range.startContainer ? range.startOffset : 0;
    const to = node === range.endContainer ? range.endOffset : undefined;
    const text = (node.nodeValue ?? "").slice(from, to);
    const kept = node.parentElement && getComputedStyle(node.parentElement).whiteSpace.startsWith("pre");
    return kept ? text : text.replace(/[ \t\n\r]+/g, " ");
  }

  /** @returns {string} */
  function text() {
    const root = range.commonAncestorContainer;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    let out = "";
    let last = null;
    for (let node = /** @type {Node|null} */ (root); node; node = walker.nextNode()) {
      const told = node.nodeType === Node.TEXT_NODE || node instanceof HTMLBRElement || node instanceof HTMLImageElement;
      const parent = node.parentElement;
      if (!told || !range.intersectsNode(node) || !parent?.getClientRects().length || /^(SCRIPT|STYLE|NOSCRIPT|TEXTAREA)$/.test(parent.tagName)) continue;
      const here = block(node);
      if (last && here !== last) out += "\n";
      last = here;
      out += shown(node);
    }
    return out.replace(/ *\n[ \n]*/g, "\n").trim();
  }

  const { x, y, width, height } = range.getBoundingClientRect();
  return {
    text: text(), rect: { x, y, width, height }, top: window === window.top, url: location.href,
    language: document.documentElement.lang || null, viewport: { width: innerWidth, height: innerHeight }, zoom: devicePixelRatio,
    browser: navigator.userAgent.slice(0, 300),
  };
}
