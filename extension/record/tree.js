/* Writes the structure of this page as a page of its own, with everything personal replaced. Runs in the page once, when
 * a person asks for it, changes nothing there and sends nothing; what stood on the page never leaves the tab. */

bevara_record.run = (/** @type {any} */ known) => {
  const replace = bevara_record.replacer(known);
  const attributes = bevara_record.attributes(replace);
  const VOID = /^(area|br|col|embed|hr|img|input|source|track|wbr)$/;
  const LEFT_OUT = /^(script|style|link|meta|noscript|template|object|embed|base|head|title|param|frame|frameset|applet)$/;
  const SVG = /^(svg|g|image|use|text|a)$/;
  const BLOCKS = /^(address|article|aside|blockquote|body|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hgroup|hr|html|main|menu|nav|ol|p|pre|search|section|summary|ul)$/;
  const counts = { elements: 0, roots: 0 };

  /** @param {string} text */
  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

  /** @param {Element} element @returns {string|null} the tag to write */
  function tag(element) {
    const name = element.localName;
    if (LEFT_OUT.test(name)) return null;
    if (element.namespaceURI === "http://www.w3.org/2000/svg") return SVG.test(name) ? name : null;
    if (element.namespaceURI !== "http://www.w3.org/1999/xhtml") return "span";
    if (/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(name)) return replace.common(name) ? name : `x-${replace.token(name).replace(/[^a-z0-9-]/gi, "").toLowerCase()}`;
    return element instanceof HTMLUnknownElement || !/^[a-z][a-z0-9]*$/.test(name) ? "span" : name;
  }

  /** How it is shown, where its name does not say so: reading depends on it. @param {Element} element @param {string} name */
  function shown(element, name) {
    const { display, visibility, whiteSpace, textAlign } = getComputedStyle(element);
    const usual = BLOCKS.test(name) ? "block" : name === "li" ? "list-item" : "inline";
    const above = element.parentElement && getComputedStyle(element.parentElement);
    const out = [];
    if (/^(block|inline|flex|grid|list-item|table|none|contents|flow-root|inline-block|inline-flex|table-row|table-cell)$/.test(display) && display !== usual) out.push(`display:${display}`);
    if (visibility === "hidden" && above?.visibility !== "hidden") out.push("visibility:hidden");
    if (whiteSpace.startsWith("pre") && above?.whiteSpace !== whiteSpace) out.push("white-space:pre-wrap");
    if (element.getAttribute("style")?.includes("text-align")) out.push(`text-align:${/^(start|end|left|right|center|justify)$/.test(textAlign) ? textAlign : "start"}`);
    return out.join(";");
  }

  /** @param {Element} element */
  function size(element) {
    if (!/^(img|image|video)$/.test(element.localName)) return "";
    const { width, height } = element.getBoundingClientRect();
    return width ? ` width="${Math.round(width)}" height="${Math.round(height)}"` : "";
  }

  /** @param {Element} element @param {string} name */
  function start(element, name) {
    /** @type {[string, string][]} */
    const list = attributes(element);
    const style = shown(element, name);
    if (style) list.push(["style", style]);
    const seen = new Set();
    const kept = list.filter(([key]) => !seen.has(key) && seen.add(key));
    return `<${name}${kept.map(([key, value]) => ` ${key}="${escaped(value)}"`).join("")}${size(element)}>`;
  }

  /** @param {Node} node @param {string[]} out */
  function write(node, out) {
    if (node.nodeType === Node.TEXT_NODE) return void out.push(escaped(replace.text(node.nodeValue ?? "")));
    if (!(node instanceof Element)) return;
    const name = tag(node);
    if (!name) return;
    counts.elements += 1;
    out.push(start(node, name));
    if (VOID.test(name)) return;
    if (node.shadowRoot) shadow(node.shadowRoot, out);
    if (name !== "iframe") node.childNodes.forEach((child) => write(child, out));
    out.push(`</${name}>`);
  }

  /** @param {ShadowRoot} root @param {string[]} out */
  function shadow(root, out) {
    counts.roots += 1;
    out.push(`<template shadowrootmode="open">`);
    root.childNodes.forEach((child) => write(child, out));
    out.push("</template>");
  }

  const root = document.documentElement;
  /** @type {string[]} */
  const out = [];
  for (const child of root.children) write(child, out);
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const head = `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="bevara-page" content="1 ${replace.host(location.hostname)} ${known.version}"><title>Bevara</title>`;
  return { html: `<!doctype html>\n${start(root, "html")}<head>${head}</head>${out.join("")}</html>\n`, host: replace.host(location.hostname), ...counts };
};
