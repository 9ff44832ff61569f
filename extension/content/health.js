/* Tells whether this page is understood: armed, degraded, blind or resting. Counts only what is ours. */

bevara.health = (() => {
  const GLANCES = 12;
  const SAMPLE = 30;
  /** @type {Record<string, number>} */
  const counters = { held: 0, saved: 0, unseen: 0, faults: 0, comments: 0, links: 0, menus_missing: 0, menus_unknown: 0, dialogs_missing: 0, unknown_items: 0 };
  let state = "resting";
  /** @type {Account|null} */
  let account = null;
  let told = "";
  let pause = 700;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;

  /** @param {string} name */
  function count(name) {
    counters[name] += 1;
    soon();
  }

  /** @param {unknown} error */
  function fault(error) {
    count("faults");
    console.warn("Bevara", error);
  }

  /** Links with ids that no comment was found around, on our posts. */
  function lost() {
    const links = [...document.querySelectorAll(bevara.pack.comment.link)].slice(0, SAMPLE);
    return links.filter((link) => !bevara.finder.of(link) && ourPost(link)).length;
  }

  /** @param {Element} element */
  function ourPost(element) {
    return bevara.owner.of({ node: element, ids: { comment: null, parent: null, post: null } }).state === "ours";
  }

  /** @param {CommentAt} comment */
  function whole(comment) {
    const { node } = comment;
    const text = bevara.parts.text(node) || bevara.attachments.of(node).length;
    return Boolean(text && bevara.parts.part(node, "author_name"));
  }

  /** @param {CommentAt[]} ours @param {number} unseen */
  function judge(ours, unseen) {
    const { min_recognised, min_parts } = bevara.pack.health;
    const signs = (bevara.pack.health.signs_of_comments ?? []).join(",");
    const recognised = ours.length + unseen ? ours.length / (ours.length + unseen) : 1;
    if (!ours.length) {
      const expected = signs ? [...document.querySelectorAll(signs)].some((element) => ourPost(element)) : false;
      return unseen || expected ? "blind" : ourPage() ? "armed" : "resting";
    }
    const complete = ours.filter(whole).length / ours.length;
    return recognised < min_recognised || complete < min_parts || troubled() ? "degraded" : "armed";
  }

  /** What has happened on this page that a page which is understood does not do. */
  function troubled() {
    return counters.faults > 0 || counters.unseen > 0 || counters.menus_unknown > 0 || counters.menus_missing > 1 || counters.dialogs_missing > 1;
  }

  function ourPage() {
    const posts = bevara.pack.post.container.length ? [...document.querySelectorAll(bevara.pack.post.container.join(","))] : [];
    return posts.slice(0, 10).some((post) => ourPost(post.firstElementChild ?? post));
  }

  function check() {
    if (!bevara.pack || bevara.wire.orphaned()) return;
    const found = bevara.finder.all(document, SAMPLE).map((/** @type {CommentAt} */ comment) => ({ comment, whose: bevara.owner.of(comment) }));
    const ours = found.filter((/** @type {any} */ one) => one.whose.state === "ours");
    account = ours.find((/** @type {any} */ one) => one.whose.account)?.whose.account ?? null;
    counters.comments = ours.length;
    counters.links = lost();
    state = judge(ours.map((/** @type {any} */ one) => one.comment), counters.links);
    report();
    remember(ours.map((/** @type {any} */ one) => one.comment));
  }

  /** A few at a time, so that a long thread does not stop the page. @param {CommentAt[]} ours */
  function remember(ours) {
    let read = 0;
    for (const comment of ours) {
      if (bevara.memory.glance(comment)) read += 1;
      if (read >= GLANCES) return void setTimeout(soon, 0);
    }
  }

  function report() {
    const now = JSON.stringify([state, account?.id, counters.comments, counters.saved]);
    if (now === told) return;
    told = now;
    bevara.wire.tell({ type: "page.state", state, account_id: account?.id ?? null, counters });
  }

  /** Looks again when the page has come to rest. */
  function soon() {
    timer ??= setTimeout(() => {
      timer = undefined;
      const started = performance.now();
      try {
        check();
      } catch (error) {
        fault(error);
      }
      pause = Math.min(5000, Math.max(700, 30 * (performance.now() - started)));
    }, pause);
  }

  function start() {
    const observer = new MutationObserver(soon);
    observer.observe(document, { childList: true, subtree: true });
    bevara.stop.signal.addEventListener("abort", () => observer.disconnect());
    soon();
  }

  return { start, soon, count, fault, status: () => ({ state, account, account_id: account?.id ?? null, counts: { ...counters } }) };
})();
