/* Replaces addresses part by part: the platform's own hosts and words stay, all else is replaced. */

/** @param {{hosts: string[], token: (value: string) => string, common: (name: string) => boolean}} tools */
bevara_record.addresses = ({ hosts, token, common }) => {
  /** @param {string} text */
  function decoded(text) {
    try {
      return decodeURIComponent(text.replace(/\+/g, "%20"));
    } catch {
      return text;
    }
  }

  /** @param {string} text */
  function encoded(text) {
    return encodeURIComponent(text).replace(/%40/g, "@").replace(/%3A/g, ":").replace(/%2C/g, ",");
  }

  /** @param {string} name @returns {string} */
  function host(name) {
    const own = hosts.find((one) => name === one || name.endsWith(`.${one.replace(/^www\./, "")}`));
    const before = own ? name.slice(0, -own.replace(/^www\./, "").length) : "";
    if (own && (name === own || common(before))) return name;
    return `${name.split(".").slice(0, -1).map((part) => token(part).toLowerCase()).join(".") || "qwx"}.invalid`;
  }

  /** One `name=value`. What has an unknown name is left out. @param {string} pair @returns {string|null} */
  function pair(pair) {
    const cut = pair.indexOf("=");
    const name = decoded(cut < 0 ? pair : pair.slice(0, cut));
    if (!name || !common(name) || /\d/.test(name)) return null;
    if (cut < 0) return encoded(name);
    const value = decoded(pair.slice(cut + 1));
    return `${encoded(name)}=${encoded(/^https?:/.test(value) ? url(value) : token(value))}`;
  }

  /** Pages write a second question mark where `&` should stand; it stays. @param {string} search @returns {string} */
  function query(search) {
    const parts = search.slice(1).split(/([?&])/);
    let out = "";
    for (let at = 0; at < parts.length; at += 2) {
      const made = pair(parts[at]);
      if (made !== null) out += `${out ? parts[at - 1] : "?"}${made}`;
    }
    return out;
  }

  /** @param {string} value @returns {string} `#` where it leads to no page */
  function url(value) {
    const text = value.trim();
    /** @type {URL} */
    let parsed;
    try {
      parsed = new URL(text, location.href);
    } catch {
      return "#";
    }
    if (!/^https?:$/.test(parsed.protocol)) return "#";
    const hash = parsed.hash ? `#${encoded(token(decoded(parsed.hash.slice(1))))}` : "";
    if (!text || text.startsWith("#")) return hash || "#";
    const whole = /^([a-z][a-z0-9+.-]*:|\/\/)/i.test(text) ? `${parsed.protocol}//${host(parsed.hostname)}` : "";
    const path = text.startsWith("?") ? "" : parsed.pathname.split("/").map((part) => part && encoded(token(decoded(part)))).join("/");
    return `${whole}${path}${query(parsed.search)}${hash}`;
  }

  return { host, url };
};
