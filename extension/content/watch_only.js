/* Hosts where Bevara cannot save: it says so on the page, and reports deletions on the body's own pages only. */

bevara.watchOnly = (() => {
  /** @type {any} */
  let rule = null;
  let platform = "";

  /** @param {any[]} packs */
  function find(packs) {
    const pack = packs.find((one) => (one.watch_only ?? []).some((/** @type {any} */ each) => each.host === location.hostname));
    platform = pack?.id ?? "";
    return pack?.watch_only.find((/** @type {any} */ each) => each.host === location.hostname) ?? null;
  }

  /** Whose page the tool is opened for, where its address says so.
   * @returns {{ours: boolean|null, account_id: string|null}} */
  function whose() {
    const asset = new URLSearchParams(location.search).get("asset_id");
    const ids = (/** @type {Account} */ account) => account.identifiers.filter(({ kind }) => kind === "page_id").map(({ value }) => value);
    const accounts = (bevara.setup?.accounts ?? []).filter((/** @type {Account} */ account) => account.platform === platform);
    const found = accounts.find((/** @type {Account} */ account) => asset !== null && ids(account).includes(asset));
    if (found) return { ours: true, account_id: found.id };
    const certain = asset !== null && accounts.length > 0 && accounts.every((/** @type {Account} */ account) => ids(account).length > 0);
    return { ours: certain ? false : null, account_id: null };
  }

  /** Shows the banner when this host is one that is only watched. @param {any[]} packs */
  function settle(packs) {
    rule = find(packs);
    if (!rule || window !== window.top || whose().ours === false) return;
    bevara.wire.tell({ type: "page.state", state: "blind", account_id: whose().account_id, counters: {} });
    if (!document.querySelector("bevara-banner")) show();
  }

  function show() {
    const host = document.createElement("bevara-banner");
    const root = host.attachShadow({ mode: "closed" });
    const box = document.createElement("div");
    box.className = "box banner";
    box.setAttribute("role", "status");
    const text = document.createElement("p");
    text.textContent = rule.banner[bevara.setup?.language] ?? rule.banner.sv;
    const close = document.createElement("button");
    close.textContent = bevara.say("close");
    close.addEventListener("click", (event) => event.isTrusted && host.remove());
    box.append(text, close);
    bevara.dress(root);
    root.append(box);
    document.documentElement.append(host);
  }

  /** The watchdog's question. @returns {Promise<any>} */
  async function seen() {
    return { ...(rule ? whose() : { ours: null }), known: false, capture: null, blobs: [] };
  }

  return { settle, seen };
})();
