/* Reads a page with a pack and says where that differs from what is expected. Changes nothing but this document. */

/** @typedef {{id: string|null, parent: string|null, author: string|null, text: string|null, owner: string|null}} Row
 * @typedef {{label: string, step: string|null}} Press
 * @typedef {{name: string, html: string, comments: Row[], presses?: Press[]}} ExpectedPage */

bevara.reading = (() => {
  /** Every comment on the page, in short. @returns {Row[]} */
  function rows() {
    return bevara.finder.all().map((/** @type {CommentAt} */ comment) => {
      const read = bevara.parts.read(comment);
      const { owner } = bevara.owner.of(comment);
      return { id: read.id, parent: read.parent_id, author: read.author.name, text: read.text, owner: owner?.vanity ?? owner?.id ?? null };
    });
  }

  /** @param {string[]} around @param {string[]} selectors @returns {Element[]} */
  function inside(around, selectors) {
    return [...document.querySelectorAll(around.join(","))].flatMap((one) => [...one.querySelectorAll(selectors.join(","))]);
  }

  /** @param {Element} button @returns {boolean} true in a dialog that asks, not in the post's own window */
  function asks(button) {
    const box = bevara.dialog.around(button);
    return Boolean(box) && bevara.finder.all(box, 1).length === 0;
  }

  /** What a press on each item of the open menu, and each button of the open dialog, would be when the first comment's
   * menu button opened it. @returns {Map<string, string|null>} by label */
  function steps() {
    const { menu: { button, menu, item }, dialog } = bevara.pack;
    const places = button.map((/** @type {Source} */ source) => source.selector).join(",");
    const dots = [...document.querySelectorAll(places)].find((element) => bevara.finder.of(element));
    if (dots) bevara.menu.arm(dots);
    const buttons = inside(dialog.container, dialog.button ?? ["button", "[role='button']"]).filter(asks);
    const items = [...buttons, ...inside(menu, item)];
    return new Map(items.map((element) => [bevara.labels.shown(element) ?? "", bevara.classify.of(element, new Event("click"))?.step ?? null]));
  }

  /** @param {string} html what is shown instead of the document's body; nothing in it runs */
  function show(html) {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    document.body.replaceChildren(...parsed.body.childNodes);
  }

  /** The first difference between what is expected and what is found, or null. @param {ExpectedPage} page */
  function difference({ comments, presses = [] }) {
    const found = rows();
    if (found.length !== comments.length) return `comments: ${found.length} of ${comments.length}`;
    const at = comments.findIndex((row, index) => Object.keys(row).some((name) => row[/** @type {keyof Row} */ (name)] !== found[index][/** @type {keyof Row} */ (name)]));
    if (at >= 0) return `comments/${at}: ${JSON.stringify(found[at])}`;
    const now = steps();
    const press = presses.find(({ label, step }) => (now.has(label) ? now.get(label) : undefined) !== step);
    return press ? `presses/${press.label}: ${now.get(press.label)}` : null;
  }

  /** @param {Pack} pack */
  function use(pack) {
    bevara.pack = pack;
    bevara.setup = { accounts: [] };
  }

  /** Reads the page that is shown. @param {Pack} pack @param {ExpectedPage|null} expected
   * @returns {{wrong: string|null, comments: Row[], presses: Press[]}} */
  function here(pack, expected) {
    use(pack);
    const comments = rows();
    return { wrong: expected && difference(expected), comments, presses: [...steps()].map(([label, step]) => ({ label, step })) };
  }

  /** @param {Pack} pack @param {ExpectedPage[]} pages @returns {{name: string, wrong: string|null}[]} */
  function run(pack, pages) {
    use(pack);
    return pages.map((page) => {
      show(page.html);
      try {
        return { name: page.name, wrong: difference(page) };
      } catch (error) {
        return { name: page.name, wrong: String(error) };
      }
    });
  }

  return { run, here, rows, steps, difference };
})();
