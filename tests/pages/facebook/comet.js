/* Our own reconstruction of Facebook's comment threads: roles, links, portals and requests, no styling. */
"use strict";

const view = window.view;
const words = {
  sv: { by: "Kommentar av", reply: "Svar av", menu: "Ta bort, dölj eller rapportera det här", hide: "Dölj kommentar",
    unhide: "Visa kommentar", remove: "Ta bort", block: "Blockera", report: "Rapportera kommentar", ask: "Ta bort kommentar?",
    cancel: "Avbryt", close: "Stäng", like: "Gilla", answer: "Svara", more: "Visa mer", inline: "Dölj", see: "Se fler kommentarer" },
  en: { by: "Comment by", reply: "Reply by", menu: "Delete, hide or report this", hide: "Hide comment",
    unhide: "Unhide comment", remove: "Delete", block: "Block", report: "Report comment", ask: "Delete comment?",
    cancel: "Cancel", close: "Close", like: "Like", answer: "Reply", more: "See more", inline: "Hide", see: "View more comments" },
};
const say = { ...words[view.lang ?? "sv"], ...(view.labels ?? {}) };
const SITE = "https://www.facebook.com";
const TRACK = "__cft__[0]=AZX0p&__tn__=R]-R";

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** A control that answers to click and, as Facebook's do, to Enter and Space by itself. */
function button(label, act, attributes = {}, shown = label) {
  const keys = (event) => {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); act(event); }
  };
  return make("div", { role: "button", tabindex: "0", "aria-label": label, onclick: act, onkeydown: keys, ...attributes }, shown);
}

function code(comment) {
  return btoa(`comment:${comment.post}_${comment.id}`);
}

function authorAddress(comment) {
  const own = comment.parent && view.reply_links !== "own_only"
    ? `comment_id=${btoa(`comment:${comment.post}_${comment.parent}`)}&reply_comment_id=${code(comment)}`
    : `comment_id=${code(comment)}`;
  const numeric = view.numeric ? `comment_id=${comment.parent ?? comment.id}` + (comment.parent ? `&reply_comment_id=${comment.id}` : "") : own;
  return `${comment.author.url}${comment.author.url.includes("?") ? "&" : "?"}${numeric}&${TRACK}`;
}

function permalink(comment, post) {
  const ids = comment.parent ? `comment_id=${comment.parent}&reply_comment_id=${comment.id}` : `comment_id=${comment.id}`;
  return `${post.link}${post.link.includes("?") ? "&" : "?"}${ids}&${TRACK}`;
}

function lines(comment) {
  const shown = comment.cut ? comment.text.slice(0, 12) : comment.text;
  const rows = shown.split("\n").map((line) => make("div", { dir: "auto", style: "text-align: start;" }, ...emoji(line)));
  if (comment.link) rows.push(make("div", { dir: "auto" }, make("a", { role: "link", tabindex: "0", href: comment.link }, comment.link)));
  if (comment.cut) rows[rows.length - 1].append(button(say.more, () => { comment.cut = false; render(); }));
  const language = view.no_lang ? {} : { lang: comment.lang ?? "sv-SE" };
  return make("span", { dir: "auto", ...language }, make("div", {}, ...rows));
}

function emoji(line) {
  return line.split(/(\p{Extended_Pictographic})/u).map((part) => (/\p{Extended_Pictographic}/u.test(part)
    ? make("img", { alt: part, width: "16", height: "16", src: "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=" }) : part));
}

function footer(comment, post) {
  const time = make("li", {}, make("span", {}, make("a", { role: "link", tabindex: "0", href: permalink(comment, post) }, comment.time)));
  const items = [time, make("li", {}, button(say.like, () => {})), make("li", {}, button(say.answer, () => {}))];
  if (view.inline_hide) items.push(make("li", {}, button(say.inline, () => hide(comment))));
  if (comment.edited) items.push(make("li", {}, button(view.lang === "en" ? "Edited" : "Redigerad", () => {})));
  return view.no_list ? make("div", {}, ...items.map((item) => make("div", {}, ...item.childNodes))) : make("ul", { "aria-hidden": "false" }, ...items);
}

function picture(comment) {
  if (!comment.picture) return null;
  const img = make("img", { alt: comment.picture, width: "480", height: "320", src: comment.picture_src ?? "/picture.png" });
  return make("a", { role: "link", href: `${SITE}/photo.php?fbid=${comment.id}9&set=p.${comment.id}9&type=3` }, img);
}

/** The mark of a verified page, whose title nobody sees. */
function badge(comment) {
  if (!comment.author.verified) return [];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
  title.textContent = "Verifierat konto";
  svg.append(title);
  return [svg];
}

/** @returns {HTMLElement} one comment, in the node given or in a new one */
function article(comment, post, nested = [], node = make("div")) {
  const label = `${comment.parent ? say.reply : say.by} ${comment.author.name} ${view.lang === "en" ? "2 hours ago" : "för 2 timmar sedan"}`;
  node.setAttribute("role", "article");
  node.setAttribute("tabindex", "-1");
  node.setAttribute("aria-label", label);
  const href = authorAddress(comment);
  const avatar = make("a", { "aria-hidden": "true", role: "link", tabindex: "-1", href }, make("div", { role: "none" }));
  const name = make("a", { ...(view.no_hints ? {} : { "aria-hidden": "false" }), role: "link", tabindex: "0", href }, make("span", {}, make("span", { dir: "auto" }, comment.author.name, ...badge(comment))));
  const dots = view.admin === false ? null : button(say.menu, (event) => menu(comment, event.currentTarget),
    { "aria-haspopup": "menu", "aria-expanded": "false" }, "···");
  node.replaceChildren(avatar, make("div", {}, name, lines(comment)), ...[picture(comment), dots].filter(Boolean), footer(comment, post), ...nested);
  node.style.opacity = comment.hidden ? "0.4" : "1";
  return node;
}

let portal = null;
function shut() {
  portal?.remove();
  portal = null;
}

function menu(comment, opener) {
  const again = portal?.opener === opener;
  shut();
  if (again) return;
  const entries = view.menu ?? [["hide"], ["remove"], ["block"], ["report"]];
  const acts = { hide: () => hide(comment), remove: () => confirm(comment), block: () => send("CometProfileBlockMutation", comment), report: () => {} };
  const items = entries.map(([act, label]) => {
    const text = label ?? (act === "block" ? `${say.block} ${comment.author.name}` : act === "hide" && comment.hidden ? say.unhide : say[act]);
    const go = () => { shut(); acts[act](); };
    const keys = (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); go(); } };
    return make("div", { role: view.item_role ?? "menuitem", tabindex: "0", onclick: go, onkeydown: keys },
      make("span", { dir: "auto" }, text));
  });
  portal = make("div", { class: "portal" }, make("div", { role: "menu" }, ...items));
  portal.opener = opener;
  document.body.append(portal);
  opener.setAttribute("aria-expanded", "true");
  items[0].focus();
}

function confirm(comment) {
  const yes = view.confirm ?? say.remove;
  const box = make("div", { role: view.dialog_role ?? "dialog", "aria-modal": "true", "aria-label": say.ask }, make("h2", { dir: "auto" }, say.ask),
    button(say.close, shut, {}, ""), button(say.cancel, shut), button(yes, () => { shut(); remove(comment); }));
  portal = make("div", { class: "portal" }, box);
  document.body.append(portal);
}

async function send(name, comment) {
  const input = { comment_id: code(comment), feedback_source: 110, actor_id: "61550000000001" };
  const body = new URLSearchParams({ fb_api_req_friendly_name: name, variables: JSON.stringify({ input }), doc_id: "1" });
  await fetch("/api/graphql/", { method: "POST", headers: { "X-FB-Friendly-Name": name }, body });
}

async function remove(comment) {
  const sent = send(view.mutation ?? "useCometUFIDeleteCommentMutation", comment);
  if (!view.optimistic) await sent;
  for (const post of view.posts) post.comments = post.comments.filter((each) => each !== comment && each.parent !== comment.id);
  render();
}

async function hide(comment) {
  await send(comment.hidden ? "CometUFIUnhideCommentMutation" : "CometUFIHideCommentMutation", comment);
  comment.hidden = !comment.hidden;
  render();
}

function thread(post) {
  const nest = view.replies === "nested";
  const shown = view.window ? post.comments.slice(view.from ?? 0, (view.from ?? 0) + view.window) : post.comments;
  const top = nest ? shown.filter((comment) => !comment.parent) : shown;
  return top.map((comment) => {
    const replies = nest ? shown.filter((each) => each.parent === comment.id).map((reply) => article(reply, post)) : [];
    return article(comment, post, replies);
  });
}

function header(post) {
  return make("h2", { id: `h${post.id}` }, make("a", { role: "link", tabindex: "0", href: `${post.owner.url}?${TRACK}` }, post.owner.name));
}

function message(post) {
  return make("div", { "data-ad-rendering-role": "story_message" },
    make("div", { "data-ad-comet-preview": "message", "data-ad-preview": "message" }, make("div", { dir: "auto" }, post.text)));
}

function postTime(post) {
  return make("a", { role: "link", tabindex: "0", href: `${post.link}${post.link.includes("?") ? "&" : "?"}${TRACK}` }, "3 tim");
}

/** The recycled list keeps its nodes and gives them other comments when it scrolls. */
const recycled = [];
function recycle(post) {
  const shown = post.comments.slice(view.from ?? 0, (view.from ?? 0) + view.window);
  shown.forEach((comment, at) => { recycled[at] = article(comment, post, [], recycled[at]); });
  return recycled.slice(0, shown.length);
}

/** Where a signed-in person writes. */
function composer() {
  return view.composer ? [make("div", { role: "textbox", contenteditable: "true", tabindex: "0", "aria-label": "Skriv en kommentar" })] : [];
}

function comments(post) {
  return [...(view.recycle ? recycle(post) : thread(post)), ...composer()];
}

const places = {
  feed: () => make("div", { role: "feed" }, ...view.posts.map((post, at) => make("div", {},
    make("div", { role: "article", "aria-posinset": String(at + 1), "aria-labelledby": `h${post.id}` }, header(post), postTime(post), message(post), ...comments(post))))),
  bare_feed: () => make("div", { role: "feed" }, ...view.posts.map((post) => make("div", {}, header(post), message(post), ...comments(post)))),
  dialog: () => make("div", { role: "dialog", "aria-modal": "true" }, ...view.posts.map((post) =>
    make("div", { role: "article", "aria-posinset": "1", "aria-labelledby": `h${post.id}` }, header(post), postTime(post), message(post), ...comments(post)))),
  photo: () => make("div", { role: "dialog" }, make("img", { alt: "", width: "10", height: "10" }),
    make("div", { role: "complementary" }, header(view.posts[0]), postTime(view.posts[0]), ...comments(view.posts[0]))),
  reel: () => make("div", { role: "main" }, make("div", {}, header(view.posts[0])), make("div", {}, ...comments(view.posts[0]))),
  reel_alone: () => make("div", {}, ...comments(view.posts[0])),
};

function render() {
  document.getElementById("mount").replaceChildren(make("div", { role: view.surface === "reel" ? "none" : "main" }, places[view.surface]()));
}

if (view.data) {
  const script = make("script", { type: "application/json" });
  script.textContent = JSON.stringify(view.data);
  document.body.append(script);
}
window.scrollThread = (from) => { view.from = from; render(); };
window.deleteWithoutMenu = (id) => remove(view.posts.flatMap((post) => post.comments).find((comment) => comment.id === id));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") shut(); });
document.addEventListener("pointerdown", (event) => {
  if (portal?.opener && !portal.contains(event.target) && !portal.opener.contains(event.target)) shut();
});
if (view.late) setTimeout(render, view.late);
else render();
