/* What the page's own data says about a comment. It stands beside what was shown, with its source, never in its place. */

bevara.beside = (() => {
  const SCRIPTS = 60;
  const LENGTH = 3000000;
  const DEPTH = 60;

  /** @param {any} value @param {string} id @returns {boolean} */
  function about(value, id) {
    if (value.legacy_fbid === id) return true;
    return typeof value.id === "string" && value.body && bevara.decoders.decode("facebook_base64", value.id) === id;
  }

  /** The first object in the page's data that is about the comment.
   * @param {any} value @param {string} id @param {number} [depth] @returns {any} */
  function find(value, id, depth = 0) {
    if (!value || typeof value !== "object" || depth > DEPTH) return null;
    if (!Array.isArray(value) && value.author && about(value, id)) return value;
    for (const one of Object.values(value)) {
      const found = find(one, id, depth + 1);
      if (found) return found;
    }
    return null;
  }

  /** @param {string} id */
  function object(id) {
    const scripts = [...document.querySelectorAll("script[type='application/json']")].slice(0, SCRIPTS);
    for (const script of scripts) {
      const text = script.textContent ?? "";
      if (text.length > LENGTH || !text.includes(id)) continue;
      const found = find(parsed(text), id);
      if (found) return found;
    }
    return null;
  }

  /** @param {string} text */
  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  /** @param {string|null} id @returns {{field: string, value: string, source: "page_json"}[]} */
  function facebook(id) {
    const found = id ? object(id) : null;
    const created = Number(found?.created_time);
    const fields = {
      "author.id": found?.author?.id, "author.url": found?.author?.url, "author.name": found?.author?.name,
      text: found?.body?.text, time_exact: created > 0 ? new Date(created * 1000).toISOString() : null,
    };
    return Object.entries(fields).filter(([, value]) => typeof value === "string" && value.length < 100000)
      .map(([field, value]) => ({ field, value, source: "page_json" }));
  }

  /** @param {CommentAt} comment */
  function of(comment) {
    const asked = (bevara.pack.beside ?? []).some((/** @type {{strategy: string}} */ one) => one.strategy === "facebook_page_json");
    return asked ? facebook(comment.ids.comment) : [];
  }

  return { of };
})();
