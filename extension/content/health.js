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

  /** @param {string} name @param {number} number what is counted anew each time */
  function note(name, number) {
    if (counters[name] === number) return;
    counters[name] = number;
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

  /** @param {Element} element @returns {"ours"|"not_ours"|"unknown"} */
  function whosePost(element) {
    return bevara.owner.of({ node: element, ids: { comment: null, parent: null, post: null } }).state;
  }

  /** @param {Element} element */
  function ourPost(element) {
    return whosePost(element) === "ours";
  }

  /** What looks like comments and was not understood as any, on our posts and where nobody can tell whose they are. A box
   * to write in is a sign only there: on our posts it stands beside comments that are understood.
   * @returns {{ours: number, unknown: number}} */
  function alike() {
    const found = { ours: 0, unknown: 0, not_ours: 0 };
    const { looks_like_comments = [], signs_of_comments = [] } = bevara.pack.health;
    const selectors = looks_like_comments.join(",");
    for (const element of selectors ? [...document.querySelectorAll(selectors)].slice(0, SAMPLE) : []) {
      const lost = !bevara.finder.of(element) && !bevara.finder.all(element, 1).length;
      const whose = lost ? whosePost(element) : "not_ours";
      const box = whose === "ours" && signs_of_comments.length > 0 && element.matches(signs_of_comments.join(","));
      if (!box) found[whose] += 1;
    }
    return found;
  }

  /** Comments that say the same id cannot be told apart; comments of which none has a menu are not understood.
   * @param {CommentAt[]} ours */
  function doubtful(ours) {
    const buttons = bevara.pack.menu.button.map((/** @type {Source} */ source) => source.selector).join(",");
    const menus = !buttons || ours.some(({ node }) => node.querySelector(buttons));
    return !menus || new Set(ours.map(({ ids }) => ids.comment)).size < ours.length;
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
    const { ours: missed, unknown } = alike();
    unseen += missed;
    const recognised = ours.length + unseen ? ours.length / (ours.length + unseen) : 1;
    if (!ours.length) {
      const expected = signs ? [...document.querySelectorAll(signs)].some((element) => ourPost(element)) : false;
      const somewhere = unseen || expected || unknown || (signs && ourAddress() && document.querySelector(signs));
      return somewhere ? "blind" : ourPage() ? "armed" : "resting";
    }
    const complete = ours.filter(whole).length / ours.length;
    return recognised < min_recognised || complete < min_parts || doubtful(ours) || troubled() ? "degraded" : "armed";
  }

  /** What has happened on this page that a page which is understood does not do. */
  function troubled() {
    return refused() || counters.faults > 0 || counters.unseen > 0 || counters.menus_unknown > 0 || counters.menus_missing > 0 || counters.dialogs_missing > 0;
  }

  /** True when somebody brought a newer pack for this platform that could not be taken. An old one left lying is no news. */
  function refused() {
    return (bevara.setup?.refused ?? []).some((/** @type {any} */ one) => one.id === bevara.pack.id && one.why !== "older");
  }

  /** True when the address bar itself names one of our pages; a hint for the badge, never a reason to read. */
  function ourAddress() {
    return bevara.owner.ofAddress(location.href).state === "ours";
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

  /** Says it anew: the badge is forgotten when a page leaves and comes back. */
  function again() {
    told = "";
    soon();
  }

  function report() {
    if (/** @type {any} */ (document).prerendering) return;
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

  /** Looks at once. @returns {string} the state */
  function now() {
    check();
    return state;
  }

  return { start, soon, again, now, count, note, fault, status: () => ({ state, account, account_id: account?.id ?? null, counts: { ...counters },
    pack: bevara.pack && { id: bevara.pack.id, version: bevara.pack.version } }) };
})();
