/* The comment's markup without anything that runs, identifies the session or belongs to others. */

bevara.fragment = (() => {
  const dropped = "script,style,link,meta,template,noscript,iframe,object,embed,input,textarea,select,form,svg,canvas";
  const kept = new Set(["href", "src", "alt", "title", "lang", "dir", "role", "aria-label", "datetime", "class", "id"]);
  const LIMIT = 200000;
  const spent = /^(__cft__|__tn__|__xts__|fb_dtsg|jazoest|lsd|csrf|token|access_token|eav|paipv|oh|_nc_sid)/i;

  /** @param {string} value */
  function cleanUrl(value) {
    const url = bevara.decoders.asUrl(value);
    if (!url) return null;
    /** @type {string[]} forEach, since Firefox gives content scripts iterators that cannot be iterated */
    const keys = [];
    url.searchParams.forEach((/** @type {string} */ _, /** @type {string} */ key) => keys.push(key));
    for (const key of keys) if (spent.test(key)) url.searchParams.delete(key);
    return url.href;
  }

  /** @param {Element} element */
  function cleanAttributes(element) {
    for (const { name, value } of [...element.attributes]) {
      if (!kept.has(name)) element.removeAttribute(name);
      else if (name === "href" || name === "src") replaceUrl(element, name, value);
    }
  }

  /** @param {Element} element @param {string} name @param {string} value */
  function replaceUrl(element, name, value) {
    const url = cleanUrl(value);
    if (url) element.setAttribute(name, url);
    else element.removeAttribute(name);
  }

  /** @param {Element} node @returns {string|null} */
  function of(node) {
    const inert = document.implementation.createHTMLDocument("");
    const copy = /** @type {Element} */ (inert.importNode(node, true));
    copy.querySelectorAll(bevara.pack.comment.container).forEach((nested) => nested.remove());
    copy.querySelectorAll(dropped).forEach((element) => element.remove());
    [copy, ...copy.querySelectorAll("*")].forEach(cleanAttributes);
    const html = copy.outerHTML;
    return html.length > LIMIT ? null : html;
  }

  return { of, cleanUrl };
})();
