const KEY = "bevara-single-keys";
const rows = [...document.querySelectorAll(".row[data-id]")];
const chosen = document.querySelector("#chosen");
const status = document.querySelector("#done");
const keys = document.querySelector("#keys");
const single = document.querySelector("#single-keys");
let current = -1;

function move(step) {
  const next = current + step;
  if (!rows[next]) return;
  link(current)?.removeAttribute("aria-current");
  current = next;
  link(current).setAttribute("aria-current", "true");
  link(current).focus();
}

function link(index) {
  return rows[index]?.querySelector("a");
}

/** A row that is withheld has no box, and gets no reason. */
function boxOf(row) {
  return row?.querySelector("input[name=val]");
}

function tick() {
  const box = boxOf(rows[current]);
  if (box) box.checked = !box.checked;
}

function tickAll() {
  const boxes = rows.map(boxOf).filter((box) => box);
  const on = boxes.some((box) => !box.checked);
  for (const box of boxes) box.checked = on;
}

/** Opens the page that asks for the decision about what is ticked, or about the row that is current. */
function ask(button) {
  const box = boxOf(rows[current]);
  if (box && !rows.some((row) => boxOf(row)?.checked)) box.checked = true;
  chosen.requestSubmit(button);
}

/** Sets the reason for what is ticked, or for the row that is current, and goes on to the next. */
async function decide(button) {
  const ticked = rows.filter((row) => boxOf(row)?.checked);
  const meant = ticked.length ? ticked : rows.slice(current, current + 1).filter(boxOf);
  if (!meant.length) return;
  const form = new FormData();
  form.set("csrf", chosen.elements.namedItem("csrf").value);
  form.set("skal", button.value);
  for (const row of meant) form.append("val", row.dataset.id);
  const answer = await fetch(chosen.action, { method: "POST", body: form }).catch(() => null);
  if (!answer?.ok) {
    status.textContent = status.dataset.failed;
    return;
  }
  for (const row of meant) settle(row, button.querySelector("span").textContent);
  status.textContent = status.dataset.done.replace("%s", String(meant.length));
  if (!ticked.length) move(1);
}

function settle(row, words) {
  const tag = row.querySelector("[data-reason]");
  tag.textContent = words;
  tag.className = "tag tag-open";
  boxOf(row).checked = false;
}

function press(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea, dialog")) return;
  if (event.key === "?") return act(event, () => keys.showModal());
  if (!single.checked) return;
  const button = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (button) return act(event, () => (chosen.method === "get" ? ask(button) : decide(button)));
  const doing = { j: () => move(1), k: () => move(-1), o: () => link(current)?.click(), x: tick, a: tickAll,
    "/": () => document.querySelector("#sok").select() }[event.key.toLowerCase()];
  if (doing) act(event, doing);
}

function act(event, doing) {
  event.preventDefault();
  doing();
}

single.checked = localStorage.getItem(KEY) !== "off";
single.addEventListener("change", () => localStorage.setItem(KEY, single.checked ? "on" : "off"));
document.addEventListener("keydown", press);
for (const [id, doing] of [["#show-keys", () => keys.showModal()], ["#tick-all", tickAll]]) {
  const button = document.querySelector(id);
  button.hidden = false;
  button.addEventListener("click", doing);
}
for (const row of rows) {
  row.querySelector("a").addEventListener("focus", () => {
    link(current)?.removeAttribute("aria-current");
    current = rows.indexOf(row);
    link(current).setAttribute("aria-current", "true");
  });
}
