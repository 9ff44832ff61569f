/* What a control is called, and whether a label table knows that name. */

bevara.labels = (() => {
  /** @param {string} text */
  function plain(text) {
    return text.normalize("NFC").replace(/\s+/g, " ").trim().replace(/(…|\.\.\.)$/, "").trim().toLowerCase();
  }

  /** @param {Element} element */
  function referenced(element) {
    const ids = (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
    return ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  }

  /** The names a person may read on a control, most telling first. @param {Element} element */
  function names(element) {
    const text = element instanceof HTMLElement ? element.innerText ?? "" : element.textContent ?? "";
    const value = element instanceof HTMLInputElement ? element.value : "";
    const all = [element.getAttribute("aria-label") ?? "", referenced(element), value, text,
      text.split("\n").find((line) => line.trim()) ?? "", element.getAttribute("title") ?? ""];
    return all.map((name) => name.trim()).filter(Boolean);
  }

  /** @param {Element} element @returns {string|null} the name as shown */
  function shown(element) {
    return names(element)[0]?.split("\n")[0]?.slice(0, 120) ?? null;
  }

  /** A known label that ends in " *" leaves room for a name. @param {string} name @param {string} known */
  function begins(name, known) {
    return known.endsWith(" *") && name.startsWith(known.slice(0, -1));
  }

  /** @param {Labels|undefined} labels @param {Element} element */
  function match(labels, element) {
    const known = Object.values(labels ?? {}).flat().map(plain);
    return names(element).map(plain).some((name) => known.some((one) => name === one || begins(name, one)));
  }

  return { names, shown, match, plain };
})();
