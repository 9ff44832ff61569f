const exits = { r: "register", h: "keep", u: "minor" };
const follow = { j: "next", k: "prev", escape: "up" };

function press(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.target.closest("input[type=text], input[type=search], select, textarea")) return;
  const key = event.key.toLowerCase();
  if (key !== "escape" && localStorage.getItem("bevara-single-keys") === "off") return;
  const link = follow[key] && document.querySelector(`a[rel=${follow[key]}]`);
  const chosen = link ? null : choice(key);
  if (!link && !chosen) return;
  event.preventDefault();
  if (link) return link.click();
  chosen.focus();
  chosen.click();
}

/** Gives the reason or the exit that a key means, where the page has one that can be chosen. */
function choice(key) {
  if (/^[1-8]$/.test(key)) return document.querySelectorAll("input[name=skal]")[Number(key) - 1];
  return exits[key] && document.querySelector(`input[type=radio][name=beslut][value=${exits[key]}]:enabled`);
}

document.addEventListener("keydown", press);

/** Copies what a field holds; where the browser refuses, it is marked so that Ctrl+C does it. */
async function copy(button) {
  const field = document.querySelector(`#${button.dataset.copyField}`);
  field.select();
  const copied = await navigator.clipboard?.writeText(field.value).then(() => true, () => false);
  if (copied) button.querySelector("span").textContent = button.dataset.words;
}

for (const button of document.querySelectorAll("[data-copy-field]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
