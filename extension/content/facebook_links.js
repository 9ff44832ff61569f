/* What Facebook's addresses say: whose page or group, which person. Text in, value out, null when it says nothing. */

bevara.facebook_links = (() => {
  /** First parts of a path that name a place on Facebook and nobody's page. */
  const places = new Set(["photo", "photos", "photo.php", "reel", "reels", "watch", "video", "videos", "video.php", "hashtag",
    "stories", "events", "marketplace", "share", "sharer", "l.php", "login", "help", "plugins", "notifications", "search",
    "media", "gaming", "messages", "dialog", "privacy", "policies", "business", "ufi", "comment", "home.php", "saved", "memories"]);
  const withId = new Set(["profile.php", "permalink.php", "story.php"]);
  const long = new Set(["p", "people", "pages", "pg", "profile"]);

  /** @param {string} value */
  function onFacebook(value) {
    const url = bevara.decoders.asUrl(value);
    const host = url?.hostname ?? "";
    return /(^|\.)facebook\.com$/.test(host) || host === location.hostname ? url : null;
  }

  /** A group answers to both kinds of identifier, so that no page can be mistaken for it.
   * @param {URL} url @param {string} group @returns {Owner} */
  function ofGroup(url, group) {
    const name = `groups/${group.toLowerCase()}`;
    return { id: name, vanity: name, name: null, url: `${url.origin}/${name}` };
  }

  /** @param {URL} url @param {string} id @param {string} path @returns {Owner} */
  function byId(url, id, path) {
    return { id, vanity: null, name: null, url: url.origin + path };
  }

  /** The owner of the page or group that an address lies under.
   * @param {string} value @returns {Owner|null} */
  function owner(value) {
    const url = onFacebook(value);
    const [head = "", second = "", ...rest] = (url?.pathname ?? "").split("/").filter(Boolean);
    if (!url || !head) return null;
    const set = /^gm?\.(\d+)$/.exec(url.searchParams.get("set") ?? "");
    if (set) return ofGroup(url, set[1]);
    if (head === "groups") return second ? ofGroup(url, second) : null;
    const id = url.searchParams.get("id") ?? "";
    if (withId.has(head)) return /^\d+$/.test(id) ? byId(url, id, `/profile.php?id=${id}`) : null;
    if (long.has(head)) return ofLongName(url, head, [second, ...rest]);
    if (places.has(head)) return null;
    if (/^\d{5,}$/.test(head)) return byId(url, head, `/${head}`);
    return { id: /-(\d{9,})$/.exec(head)?.[1] ?? null, vanity: spelled(head), name: null, url: `${url.origin}/${head}` };
  }

  /** @param {string} part of a path @returns {string} as people spell it */
  function spelled(part) {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  }

  /** @param {URL} url @param {string} head @param {string[]} parts `/p/Name-123/`, `/pages/Name/123`, `/pg/name` */
  function ofLongName(url, head, parts) {
    const names = parts.filter(Boolean);
    const id = head === "pages" ? /^(\d{5,})$/.exec(names[1] ?? "") ?? /^(\d{5,})$/.exec(names[2] ?? "")
      : /(\d{5,})$/.exec(head === "people" ? names[1] ?? "" : names[0] ?? "");
    if (id) return byId(url, id[1], `/${[head, ...names].join("/")}`);
    return names[0] ? { id: null, vanity: names[0], name: null, url: `${url.origin}/${names[0]}` } : null;
  }

  /** The person's own address behind a link that also carries the comment's id.
   * @param {string} value @returns {string|null} */
  function profile(value) {
    const url = onFacebook(value);
    if (!url) return null;
    const id = url.searchParams.get("id");
    return url.origin + url.pathname + (url.pathname === "/profile.php" && id ? `?id=${id}` : "");
  }

  /** The person's number where the address has one. @param {string} value @returns {string|null} */
  function person(value) {
    const url = onFacebook(value);
    const inGroup = /^\/groups\/[^/]+\/user\/(\d+)/.exec(url?.pathname ?? "");
    const id = url?.pathname === "/profile.php" ? url.searchParams.get("id") : null;
    return inGroup ? inGroup[1] : id ?? (/^\/people\/[^/]+\/(\d+)/.exec(url?.pathname ?? "")?.[1] ?? null);
  }

  return { owner, profile, person };
})();
