/* The named functions that a pack may ask for: text in, value out, null when it is not of that kind. */

bevara.decoders = (() => {
  /** @param {string} value */
  function base64Pair(value) {
    try {
      const text = atob(value.replace(/-/g, "+").replace(/_/g, "/"));
      const pair = text.startsWith("comment:") ? text.slice(8).split("_") : [];
      return pair.length === 2 ? pair : null;
    } catch {
      return null;
    }
  }

  /** @param {string} value */
  function asUrl(value) {
    try {
      const url = new URL(value, location.href);
      return url.protocol === "https:" || url.protocol === "http:" ? url : null;
    } catch {
      return null;
    }
  }

  /** The owner that a profile or page link names; `vanity` is compared with the register.
   * @param {string} value @returns {Owner|null} */
  function ownerOfLink(value) {
    const url = asUrl(value);
    if (!url) return null;
    const parts = url.pathname.split("/").filter(Boolean);
    const id = url.searchParams.get("id") ?? trailingId(parts);
    const vanity = id ? null : parts[0] ?? null;
    if (!id && !vanity) return null;
    return { id, vanity, name: null, url: url.origin + url.pathname + (id && url.search ? `?id=${id}` : "") };
  }

  /** @param {string[]} parts */
  function trailingId(parts) {
    const long = ["p", "people", "pages", "pg", "profile"].includes(parts[0] ?? "");
    const match = long ? /(\d{5,})$/.exec(parts[parts.length - 1] ?? "") : /^(\d{5,})$/.exec(parts[0] ?? "");
    return match ? match[1] : null;
  }

  /** A link that leaves the platform through its redirect page. @param {string} value */
  function outgoing(value) {
    const url = asUrl(value);
    const inner = url && /(^|\.)l\.facebook\.com$|\/l\.php$/.test(url.hostname + url.pathname.replace(/\/$/, ""))
      ? url.searchParams.get("u") : null;
    return inner ?? url?.href ?? null;
  }

  /** @param {number} ms */
  function date(ms) {
    return Number.isFinite(ms) && ms > 0 ? new Date(ms).toISOString() : null;
  }

  /** A whole number as it is written for people; "1,2 tn" is none. @param {string} value */
  function count(value) {
    const found = /(?:^|[^\d.,])(\d{1,3}(?:[\s\u00a0.,]\d{3})+|\d+)(?![\d.,]|[\s\u00a0]*(?:tn|k|t|m)\b)/i.exec(value);
    return found ? Number(found[1].replace(/\D/g, "")) : null;
  }

  /** @type {Record<string, (value: string) => any>} */
  const table = {
    text: (value) => value.trim() || null,
    shown_text: (value) => value.trim() || null,
    first_line: (value) => value.trim().split("\n")[0]?.trim() || null,
    url: (value) => asUrl(value)?.href ?? null,
    digits: (value) => (/^\d+$/.test(value.trim()) ? value.trim() : null),
    last_path_part: (value) => asUrl(value)?.pathname.split("/").filter(Boolean).pop() ?? null,
    facebook_base64: (value) => (/^\d+$/.test(value) ? value : base64Pair(value)?.[1] ?? null),
    facebook_base64_post: (value) => base64Pair(value)?.[0] ?? null,
    facebook_owner: (value) => bevara.facebook_links.owner(value),
    facebook_profile: (value) => bevara.facebook_links.profile(value),
    facebook_person: (value) => bevara.facebook_links.person(value),
    page_owner: ownerOfLink,
    facebook_link: outgoing,
    count,
    iso: (value) => date(Date.parse(value)),
    epoch_seconds: (value) => date(Number(value) * 1000),
    epoch_ms: (value) => date(Number(value)),
  };

  /** @param {string|undefined} name @param {string|null|undefined} value */
  function decode(name, value) {
    if (value === null || value === undefined) return null;
    return (table[name ?? "text"] ?? (() => null))(value);
  }

  return { decode, asUrl, names: Object.keys(table) };
})();
