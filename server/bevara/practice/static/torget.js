/* A small platform with the habits of the large ones: menus and dialogs at the end of the body, div buttons. */

const post = document.querySelector("main > .post");
const threadNode = document.querySelector("#thread");
const CUT = 180;

function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "text") node.textContent = value;
    else if (name === "on") for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** A div that acts as a button, by click, Enter and Space. */
function press(properties, handler, ...children) {
  return make("div", {
    tabindex: "0", role: "button", ...properties,
    on: {
      click: handler,
      keydown(event) {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.currentTarget.click();
      },
    },
  }, ...children);
}

function address(comment) {
  const own = `/storkoping/posts/800?comment_id=${comment.parent ?? comment.id}`;
  return comment.parent ? `${own}&reply_comment_id=${comment.id}` : own;
}

async function send(operation, id) {
  const answer = await fetch("/torget/api", { method: "POST", body: new URLSearchParams({ op: operation, comment_id: id }) });
  if (!answer.ok) throw new Error(String(answer.status));
  await draw();
}

function words(text) {
  const node = make("div", { class: "words", dir: "auto", lang: "sv" });
  if (text.length <= CUT) {
    node.textContent = text;
    return node;
  }
  const more = press({ class: "more" }, () => { node.textContent = text; });
  more.textContent = "Visa mer";
  node.append(`${text.slice(0, CUT)}… `, more);
  return node;
}

function avatar(name) {
  const initials = name.split(" ").map((part) => part[0]).filter((sign) => sign === sign.toUpperCase());
  return make("span", { class: "avatar", "aria-hidden": "true", text: initials.slice(0, 2).join("") });
}

function draw_comment(comment) {
  const query = address(comment).split("?")[1];
  const author = make("a", { href: `/${comment.vanity}?${query}`, role: "link", "data-author": "" }, make("b", { text: comment.author }));
  const bubble = make("div", { class: "bubble" }, author, words(comment.text));
  if (comment.picture) bubble.append(make("img", { class: "picture", src: "/torget/static/dack.png", alt: "Reklambild: fyra vinterdäck", width: "200", height: "110" }));
  const doings = make("ul", { class: "doings" },
    make("li", {}, make("a", { href: address(comment), "data-time": "", text: comment.time })),
    make("li", { text: "Svara" }));
  if (comment.edited) doings.append(make("li", { "data-edited": "", text: "Redigerad" }));
  if (comment.state === "hidden") doings.append(make("li", {}, make("b", { text: "Dold för andra" })));
  const dots = press({ class: "dots", "aria-haspopup": "menu", "aria-label": "Redigera, dölj eller ta bort det här" }, () => open_menu(comment, dots));
  dots.textContent = "⋯";
  const classes = ["comment", comment.parent ? "reply" : "", comment.state === "hidden" ? "hidden" : ""].join(" ");
  return make("div", { class: classes, role: "article", "aria-label": `Kommentar från ${comment.author}` }, avatar(comment.author), bubble, dots, doings);
}

async function draw() {
  const { comments } = await (await fetch("/torget/thread")).json();
  threadNode.replaceChildren(...comments.map(draw_comment));
  post.querySelector("[data-count]").textContent = comments.length === 1 ? "1 kommentar" : `${comments.length} kommentarer`;
  if (comments.length) document.querySelector("main .opening").after(post);
  else post.remove();
}

function open_menu(comment, button) {
  show_menu(button, [
    comment.state === "hidden" ? ["Ta fram kommentaren", () => send("restore_comment", comment.id)]
      : ["Dölj kommentar", () => send("hide_comment", comment.id)],
    ["Ta bort", () => open_dialog({ ask: "Ta bort kommentaren?", yes: "Ta bort", act: () => send("delete_comment", comment.id) }, button)],
    ["Kopiera länk", () => undefined],
    [`Blockera ${comment.author}`, () => open_dialog({ ask: `Blockera ${comment.author}?`, yes: "Blockera", act: () => send("block_author", comment.id) }, button)],
  ]);
}

function open_post_menu(button) {
  show_menu(button, [
    ["Fäst inlägget", () => undefined],
    ["Ta bort inlägget", () => open_dialog({ ask: "Ta bort inlägget?", yes: "Ta bort", act: () => send("delete_post", "800") }, button)],
  ]);
}

function show_menu(button, items) {
  close_all();
  const place = button.getBoundingClientRect();
  const menu = make("div", { class: "menu", role: "menu", "data-portal": "" });
  for (const [text, handler] of items) {
    const node = press({ role: "menuitem", tabindex: "-1" }, () => { close_all(); handler(); });
    node.textContent = text;
    menu.append(node);
  }
  menu.style.left = `${Math.max(8, place.right + scrollX - 224)}px`;
  menu.style.top = `${place.bottom + scrollY + 4}px`;
  menu.addEventListener("keydown", (event) => move(event, menu, button));
  document.body.append(menu);
  menu.firstElementChild.focus();
}

function move(event, menu, button) {
  const items = [...menu.children];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  }
  if (event.key === "Escape") {
    close_all();
    button.focus();
  }
}

function open_dialog({ ask, yes, act }, button) {
  const confirm = press({ "data-confirm": "", "aria-label": yes }, () => { close_all(); act(); });
  confirm.textContent = yes;
  const cancel = press({ "aria-label": "Avbryt" }, () => { close_all(); button.focus(); });
  cancel.textContent = "Avbryt";
  const dialog = make("div", { class: "dialog", role: "dialog", "aria-label": ask, "aria-modal": "true" },
    make("h2", { text: ask }), make("p", { text: "Är du säker? Det går inte att ångra." }),
    make("div", { class: "buttons" }, cancel, confirm));
  document.body.append(make("div", { class: "shade", "data-portal": "" }, dialog));
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") cancel.click();
  });
  cancel.focus();
}

function close_all() {
  for (const node of document.querySelectorAll("[data-portal]")) node.remove();
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-portal], .dots")) close_all();
});
const post_dots = document.querySelector("#post-dots");
post_dots.addEventListener("click", () => open_post_menu(post_dots));
post_dots.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  post_dots.click();
});
document.querySelector("#reset").addEventListener("click", async () => {
  await fetch("/torget/reset", { method: "POST" });
  await draw();
});
draw();
