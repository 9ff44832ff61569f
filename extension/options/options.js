/* The options page: pairing, the list of moderators, the language, the port or the shared address. */

import { allow, ask, find, PAIR_AGAIN, say, speak } from "../popup/page.js";

const FAULTS = new Set(["bad_code", "code_not_this_helper", "bad_pairing", "pairing_closed", "helper_down", "impostor", "unsupported_contract"]);

/** Which form each of IT's settings is in. */
const FORMS = new Map([["port", "#advanced"], ["address", "#shared"], ["moderators", "#moderators"], ["language", "#languages"]]);

/** @param {string} selector @returns {HTMLInputElement} */
const field = (selector) => find(selector);

async function show() {
  const status = await ask({ type: "status.get" });
  find("#paired").toggleAttribute("hidden", !status.paired);
  find("#pair").toggleAttribute("hidden", status.paired);
  /** @type {HTMLAnchorElement} */ (find("#desk")).href = status.desk ?? "";
  field("#names").value = status.names_here.join("\n");
  field("#language").value = document.documentElement.lang;
  field("#port").value = String(status.port);
  field("#address").value = status.address ?? "";
  for (const name of status.locked) lock(name);
  if (status.paired) await askAnew();
}

/** Offers the code where another Bevara than the paired one answers, as after a copy was restored. */
async function askAnew() {
  const answer = await ask({ type: "helper.check" });
  if (!PAIR_AGAIN.has(answer.code)) return;
  find("#paired").toggleAttribute("hidden", true);
  find("#pair").toggleAttribute("hidden", false);
  find("#pair-answer").textContent = answer.said ?? say(`cause_${answer.code}`);
}

/** What IT has decided is shown and cannot be changed. @param {string} name */
function lock(name) {
  const form = FORMS.get(name);
  if (!form || find(`${form} .policy`)) return;
  const line = document.createElement("p");
  line.className = "policy";
  line.id = `${name}-policy`;
  line.textContent = say("by_policy");
  for (const one of document.querySelectorAll(`${form} :is(input, textarea, select, button)`)) {
    one.toggleAttribute("disabled", true);
    one.setAttribute("aria-describedby", line.id);
  }
  find(`${form} label`).after(line);
}

/** @param {string} form @param {(data: FormData) => Promise<string>} job @param {string} answer */
function onSubmit(form, job, answer) {
  find(form).addEventListener("submit", async (event) => {
    event.preventDefault();
    find(answer).textContent = say("moment");
    find(answer).textContent = await job(new FormData(/** @type {HTMLFormElement} */ (event.target)));
  });
}

onSubmit("#pair", async (data) => {
  const result = await ask({ type: "pair.start", code: String(data.get("code")), label: String(data.get("label")) || say("label_value") });
  if (!result.ok) return result.said ?? say(FAULTS.has(result.code) ? `fault_${result.code}` : "pair_failed");
  field("#code").value = "";
  await show();
  field("#desk").focus();
  return say("pair_done");
}, "#pair-answer");

find("#pair-again").addEventListener("click", () => {
  find("#paired").toggleAttribute("hidden", true);
  find("#pair").toggleAttribute("hidden", false);
  find("#pair-answer").textContent = "";
  field("#code").focus();
});

onSubmit("#moderators", async (data) => {
  const names = String(data.get("names")).split("\n").map((name) => name.trim()).filter(Boolean);
  await ask({ type: "moderators.set", names: [...new Set(names)] });
  return say("stored");
}, "#names-answer");

onSubmit("#languages", async (data) => {
  await ask({ type: "language.set", language: data.get("language") });
  location.reload();
  return say("stored");
}, "#language-answer");

onSubmit("#shared", async (data) => {
  const typed = String(data.get("address")).trim();
  const chosen = URL.canParse(typed) && typed.startsWith("https://") ? new URL(typed).origin : null;
  if (typed && !chosen) return say("address_wrong");
  if (chosen && !(await allow(`${chosen}/*`))) return say("address_refused");
  await ask({ type: "address.set", address: chosen });
  await show();
  return say("stored");
}, "#address-answer");

onSubmit("#advanced", async (data) => {
  const port = Number(data.get("port"));
  if (!Number.isInteger(port) || port < 1024 || port > 65535) return say("port_wrong");
  await ask({ type: "port.set", port });
  return say("stored");
}, "#port-answer");

speak();
field("#label").value = say("label_value");
await show();
