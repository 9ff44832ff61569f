const status = document.querySelector("#copied");
const print = document.querySelector("#print");

/** Copies one value; where the browser refuses, it is marked so that Ctrl+C does it. */
async function copy(button) {
  const value = document.querySelector(`#${button.dataset.copy}`);
  const copied = await navigator.clipboard?.writeText(value.textContent).then(() => true, () => false);
  if (copied) status.textContent = status.dataset.words;
  else getSelection().selectAllChildren(value);
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
