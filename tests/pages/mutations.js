/* Changes a page as a platform might overnight, and tries to delete a comment on it. Runs in the page beside the
 * content scripts; comet.js is the page. */
"use strict";

const mutations = (() => {
  let state = 1;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const one = (list) => list[Math.floor(random() * list.length)];
  const every = (root, selector) => [...root.querySelectorAll(selector)];
  const word = () => Array.from({ length: 7 }, () => one([..."abdefghijklmnoprstuvy"])).join("");
  const wrap = (node, tag = "div") => {
    const box = document.createElement(tag);
    node.replaceWith(box);
    box.append(node);
  };
  const strip = (root, name) => every(root, `[${name}]`).forEach((node) => node.removeAttribute(name));
  const rename = (root, from, to) => every(root, `[${from}]`).forEach((node) => {
    node.setAttribute(to, node.getAttribute(from));
    node.removeAttribute(from);
  });
  const retag = (root, selector, tag) => every(root, selector).filter((node) => !node.listening).forEach((node) => {
    const other = document.createElement(tag);
    for (const { name, value } of [...node.attributes]) other.setAttribute(name, value);
    other.append(...node.childNodes);
    node.replaceWith(other);
  });
  const relabel = (root, say) => every(root, "*").filter((node) => node.listening).forEach((node) => {
    if (node.hasAttribute("aria-label")) node.setAttribute("aria-label", say(node));
    const leaf = [...node.querySelectorAll("*"), node].find((each) => each.childNodes.length === 1 && each.firstChild.nodeType === 3);
    if (leaf && leaf.textContent !== "···") leaf.textContent = say(node);
  });
  const german = { "Ta bort": "Löschen", "Dölj kommentar": "Kommentar verbergen", "Avbryt": "Abbrechen", "Stäng": "Schließen", "Rapportera kommentar": "Kommentar melden" };
  const role = (name, to) => (root) => every(root, `[role=${name}]`).forEach((node) => (to ? node.setAttribute("role", to) : node.removeAttribute("role")));
  const hrefs = (change) => (root) => every(root, "a[href]").forEach((node) => node.setAttribute("href", change(node.getAttribute("href"))));

  /** Each takes the root of what was just drawn: the thread, a menu or a dialog. */
  const kinds = {
    "unknown words": (root) => relabel(root, word),
    "another language": (root) => relabel(root, (node) => german[node.getAttribute("aria-label") ?? node.textContent] ?? word()),
    "no aria-label": (root) => strip(root, "aria-label"),
    "other names of comments": (root) => every(root, "[role=article][aria-label]").forEach((node) => node.setAttribute("aria-label", word())),
    "no role article": role("article"), "no role menu": role("menu"), "no role menuitem": role("menuitem"), "no role button": role("button"),
    "no role dialog": role("dialog"), "no role link": role("link"), "article is listitem": role("article", "listitem"),
    "menu is listbox": role("menu", "listbox"), "menuitem is option": role("menuitem", "option"), "menuitem is radio": role("menuitem", "menuitemradio"),
    "dialog is alertdialog": role("dialog", "alertdialog"), "dialog is region": role("dialog", "region"), "button is switch": role("button", "switch"),
    "wrappers": (root) => { for (let n = 0; n < 12; n += 1) wrap(one(every(root, "*")), one(["div", "span", "section"])); },
    "much deeper": (root) => every(root, "[role]").forEach((node) => { for (let n = 0; n < 3; n += 1) wrap(node); }),
    "haspopup renamed": (root) => rename(root, "aria-haspopup", "data-popup"),
    "haspopup true": (root) => every(root, "[aria-haspopup]").forEach((node) => node.setAttribute("aria-haspopup", "true")),
    "aria-hidden gone": (root) => strip(root, "aria-hidden"), "dir gone": (root) => strip(root, "dir"), "lang gone": (root) => strip(root, "lang"),
    "tabindex gone": (root) => strip(root, "tabindex"), "posinset gone": (root) => strip(root, "aria-posinset"),
    "labelledby gone": (root) => strip(root, "aria-labelledby"),
    "data renamed": (root) => ["data-ad-preview", "data-ad-comet-preview", "data-ad-rendering-role"].forEach((name) => rename(root, name, `${name}-x`)),
    "ids renamed": (root) => every(root, "[id]").forEach((node) => { node.id = word(); }),
    "classes": (root) => every(root, "*").forEach((node) => { node.setAttribute("class", `x${word()}`); }),
    "comment_id renamed": hrefs((href) => href.replaceAll("comment_id=", "cid=")),
    "reply_comment_id gone": hrefs((href) => href.replace(/&?reply_comment_id=[^&]*/g, "")),
    "comment_id plain": hrefs((href) => href.replace(/comment_id=([A-Za-z0-9+/%=]+)/g, (whole, code) => { try { return `comment_id=${atob(code).split("_")[1]}`; } catch { return whole; } })),
    "posts renamed": hrefs((href) => href.replace("/posts/", "/p/")),
    "addresses relative": hrefs((href) => href.replace("https://www.facebook.com", "")),
    "addresses gone": (root) => strip(root, "href"),
    "page by number": hrefs((href) => href.replace("/storkopingskommun", "/61550000000001")),
    "order turned": (root) => every(root, "[role=article],[role=menu],ul").forEach((node) => node.append(...[...node.childNodes].reverse())),
    "lists are boxes": (root) => { retag(root, "li", "div"); retag(root, "ul", "div"); },
    "headings are boxes": (root) => retag(root, "h2", "div"),
    "authors gone": (root) => every(root, "a[aria-hidden]").forEach((node) => node.remove()),
    "times gone": (root) => every(root, "li a").forEach((node) => node.remove()),
    "texts bare": (root) => { retag(root, "span[lang]", "p"); every(root, "p").forEach((node) => [...node.attributes].forEach(({ name }) => node.removeAttribute(name))); },
  };

  /** @param {number} seed @param {number} most @returns {string[]} */
  function pick(seed, most) {
    state = seed;
    const names = Object.keys(kinds);
    return [...new Set(Array.from({ length: 1 + Math.floor(random() * most) }, () => one(names)))];
  }

  function press(node) {
    for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup"]) {
      const Kind = type.startsWith("pointer") ? PointerEvent : MouseEvent;
      node.dispatchEvent(new Kind(type, { bubbles: true, cancelable: true, composed: true }));
    }
    node.click();
  }

  return { kinds, pick, press, apply: (names, root) => names.forEach((name) => kinds[name](root)) };
})();

const plainMake = make;
window.make = (tag, attributes = {}, ...children) => {
  const node = plainMake(tag, attributes, ...children);
  node.listening = Object.keys(attributes).some((name) => name.startsWith("on"));
  return node;
};

/** Tries one deletion on a changed page; says how it ended. */
window.tryMutation = async (names, action, number, fresh) => {
  const asked = [];
  window.send = async (name, comment) => { asked.push(comment.id); };
  view.posts = structuredClone(fresh);
  shut();
  render();
  const mount = document.getElementById("mount");
  const dots = [...document.querySelectorAll("[role=article][tabindex='-1']")].map((node) => node.querySelector(":scope > [aria-haspopup=menu]"));
  const own = dots[number].parentElement;
  mutations.apply(names, mount);
  await window.startBevara();
  const words = () => bevara.health.now();
  const before = words();
  mutations.press(dots[number]);
  await Promise.resolve();
  if (!portal) return { end: bevara.hold.busy() ? "held" : "nothing", before, asked };
  const items = [...portal.querySelectorAll("*")].filter((node) => node.listening);
  mutations.apply(names, portal);
  bevara.came.expect(bevara.menu.last()?.ids.comment ?? null, false);
  bevara.came.judge();
  const inMenu = words();
  const item = items[{ hide: 0, remove: 1 }[action]];
  mutations.press(item);
  await Promise.resolve();
  const holding = () => bevara.hold.current();
  const ended = (state) => ({ end: holding() ? (holding().comment.node === own ? "held" : "wrong") : asked.length ? "through" : "nothing", before, inMenu, state, asked });
  if (holding() || asked.length || action === "hide") return ended(inMenu);
  const buttons = portal ? [...portal.querySelectorAll("*")].filter((node) => node.listening) : [];
  if (!buttons.length) return ended(inMenu);
  mutations.apply(names, portal);
  const inDialog = words();
  mutations.press(buttons[2]);
  return ended(inDialog);
};
