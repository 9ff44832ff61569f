/* Shows what a recording holds, as text and as a page that can run and fetch nothing, and lets the person save it. */

import { ask, find, say, speak } from "../popup/page.js";

/** @param {string} host @returns {string} a name for the file that says nothing but the platform and the day */
function fileName(host) {
  const place = host.endsWith(".invalid") ? "" : `-${host.replace(/[^a-z0-9.-]/g, "")}`;
  return `bevara-sida${place}-${new Date().toISOString().slice(0, 10)}.html`;
}

/** @param {any} recording */
function show({ html, host, elements }) {
  const file = new Blob([html], { type: "text/html" });
  const place = host.endsWith(".invalid") ? say("record_unknown_host") : host;
  find("#counts").textContent = say("record_counts", elements, place, Math.ceil(file.size / 1000));
  const frame = /** @type {HTMLIFrameElement} */ (find("#look iframe"));
  frame.title = say("record_look");
  frame.srcdoc = html;
  find("#whole pre").textContent = html;
  const link = /** @type {HTMLAnchorElement} */ (find("#save"));
  link.href = URL.createObjectURL(file);
  link.download = fileName(host);
  link.addEventListener("click", () => { find("#saved").textContent = say("record_saved", link.download); });
  for (const part of ["#look", "#whole", "#save"]) find(part).removeAttribute("hidden");
}

speak();
document.title = say("record_page");
find("#whole pre").setAttribute("aria-label", say("record_code"));
const recording = await ask({ type: "page.record", tab_id: Number(new URLSearchParams(location.search).get("tab")) });
if (recording?.ok) show(recording);
else find("#counts").textContent = say("record_unreadable");
