/* Whose page a comment is on. This is the only thing read before a page part is known to be ours. */

bevara.owner = (() => {
  /** @type {Map<string, "ours"|"not_ours">} */
  const answered = new Map();

  /** @param {CommentAt} comment @returns {Element|null} the post that the comment belongs to */
  function container(comment) {
    if (comment.post) return comment.node;
    const selector = bevara.pack.post.container.join(",");
    for (let node = comment.node.parentElement; node; node = node.parentElement) {
      if (selector && node.matches(selector) && !bevara.finder.at(node)) return node;
    }
    return null;
  }

  /** The post's own elements, never those inside its comments; the comment's own where the source says so.
   * @param {Element} post @param {Source} source @param {CommentAt} [comment] */
  function places(post, source, comment) {
    if (source.in === "comment") return comment ? bevara.finder.own(comment.node, source.selector ?? "a[href]") : [];
    const root = source.in === "document" ? document : post;
    const found = source.selector ? [...root.querySelectorAll(source.selector)] : [post];
    return found.filter((element) => element === post || !bevara.finder.of(element));
  }

  /** @param {Element|null} post @param {CommentAt} [comment] @returns {Owner|null} */
  function read(post, comment) {
    const list = (bevara.pack.post.owner ?? []).filter((/** @type {Source} */ source) => post || source.in === "document" || source.in === "comment");
    const found = bevara.sources.first(list, (/** @type {Source} */ source) => places(post ?? document.documentElement, source, comment));
    if (!found) return null;
    const heading = found.source.in === "comment" ? headingOf(list, post, found.value) : found.element;
    const name = (heading && bevara.sources.shownText(heading).split("\n")[0]) || null;
    if (typeof found.value === "string") return { id: found.value, vanity: null, url: null, name };
    return { ...found.value, name: found.value.name ?? name };
  }

  /** The element that shows the owner's name, when the owner was read from the comment's own link.
   * @param {Source[]} list @param {Element|null} post @param {any} owner @returns {Element|null} */
  function headingOf(list, post, owner) {
    const shown = list.filter((source) => source.in !== "comment");
    const found = post && bevara.sources.first(shown, (/** @type {Source} */ source) => places(post, source));
    const same = found && (found.value.id ?? found.value.vanity) === (owner.id ?? owner.vanity);
    return same ? found.element : null;
  }

  /** @returns {Account[]} */
  function accounts() {
    const practice = onPractice();
    const all = [...(bevara.setup?.accounts ?? []), ...(practice && bevara.setup.practice_account ? [bevara.setup.practice_account] : [])];
    return all.filter((account) => account.platform === bevara.pack.id && Boolean(account.practice) === practice);
  }

  function onPractice() {
    return Boolean(bevara.setup?.practice_origin) && location.origin === bevara.setup.practice_origin;
  }

  /** @returns {Account|null} the practice page's own account, there and nowhere else */
  function practice() {
    return onPractice() ? accounts()[0] ?? null : null;
  }

  /** @param {Account} account @param {Owner} owner */
  function belongs(account, owner) {
    return account.identifiers.some(({ kind, value }) => {
      if (kind === "page_id") return owner.id === value;
      return (kind === "vanity" || kind === "alias") && owner.vanity !== null && plain(owner.vanity) === plain(value);
    });
  }

  /** @param {string} name without what the platform itself overlooks in names */
  function plain(name) {
    return [...name.normalize("NFC").toLowerCase()].filter((each) => !bevara.pack.post.ignored_in_names?.includes(each)).join("");
  }

  /** @param {Account} account @param {Owner} owner true when the two name a page in the same way */
  function comparable(account, owner) {
    return account.identifiers.some(({ kind }) => (kind === "page_id" ? owner.id !== null : owner.vanity !== null));
  }

  /** @param {Account[]} known */
  function byHost(known) {
    const host = location.hostname;
    return known.find((account) => account.identifiers.some(({ kind, value }) => kind === "host" &&
      (value === host || value === location.host))) ?? null;
  }

  /** @param {Owner|null} owner @param {Account[]} known @returns {Ownership} */
  function judge(owner, known) {
    if (!owner) return { state: "unknown", account: null, owner };
    const account = known.find((one) => belongs(one, owner)) ?? null;
    if (account) return { state: "ours", account, owner };
    const said = answered.get(key(owner));
    if (said) return { state: said, account: null, owner };
    return { state: known.every((one) => comparable(one, owner)) ? "not_ours" : "unknown", account: null, owner };
  }

  /** @param {Owner|null} owner */
  function key(owner) {
    return owner ? `${owner.id ?? ""}|${owner.vanity ?? ""}` : "";
  }

  /** Says whose page a comment is on. @param {CommentAt} comment @returns {Ownership} */
  function of(comment) {
    const known = accounts();
    const whole = byHost(known);
    const found = judge(read(container(comment), comment), known);
    if (whole && !found.account && !named(known)) return { state: "ours", account: whole, owner: found.owner };
    if (onPractice() && found.state !== "ours" && !named(known)) return { state: "ours", account: known[0] ?? null, owner: found.owner };
    return found;
  }

  /** Whose page an address names, read as the pack reads the owner's links. @param {string} address @returns {Ownership} */
  function ofAddress(address) {
    const names = new Set(bevara.pack.post.owner.map((/** @type {Source} */ source) => source.decode).filter((/** @type {string|undefined} */ name) => /owner$/.test(name ?? "")));
    const found = [...names].map((name) => bevara.decoders.decode(name, address)).find((one) => one !== null);
    return judge(found ?? null, accounts());
  }

  /** Whose page a comment is on, also after the page has taken it away or put another in its place.
   * @param {CommentAt} comment @returns {Ownership} */
  function settled(comment) {
    const now = bevara.finder.again(comment);
    const found = now ? of(now) : null;
    if (found && found.state !== "unknown") return found;
    return comment.whose ?? found ?? { state: "unknown", account: null, owner: null };
  }

  /** @param {Account[]} known true when the register names pages, not only hosts */
  function named(known) {
    return known.some((account) => account.identifiers.some(({ kind }) => kind !== "host"));
  }

  /** Remembers the moderator's answer in this tab. @param {Owner|null} owner @param {"ours"|"not_ours"} answer */
  function remember(owner, answer) {
    if (owner) answered.set(key(owner), answer);
  }

  return { of, ofAddress, settled, practice, container, places, read, remember, accounts };
})();
