/* The form that saves what is marked on the page. */

import { ask, find, say } from "./page.js";

const REASONS = ["defamation", "hate_speech", "violence_pornography", "incitement", "copyright", "profanity", "commercial", "secrecy"];
const CAUSES = new Set(["unreadable", "nothing_marked", "changed", "no_account"]);

/** @param {string} selector @returns {HTMLInputElement} */
const field = (selector) => find(selector);

/** Lets the person save what is marked in a tab. @param {number} tab_id */
export function offer(tab_id) {
  const button = find("#manual");
  button.toggleAttribute("hidden", false);
  button.addEventListener("click", () => open(tab_id));
}

/** @param {number} tab_id */
async function open(tab_id) {
  const answer = await ask({ type: "manual.look", tab_id });
  if (!answer.ok) return tell(cause(answer.code));
  tell("");
  find("#marked").textContent = answer.seen.text;
  fill(answer.accounts);
  find("#manual").toggleAttribute("hidden", true);
  const form = find("#manual-form");
  form.toggleAttribute("hidden", false);
  form.addEventListener("submit", (event) => { event.preventDefault(); keep(tab_id, answer.seen.text); });
  field("#author").focus();
}

/** @param {{id: string, name: string}[]} accounts */
function fill(accounts) {
  const choices = accounts.map(({ id, name }) => new Option(name, id));
  find("#own").replaceChildren(...(accounts.length === 1 ? [] : [new Option(say("choose_account"), "")]), ...choices);
  find("#category").replaceChildren(new Option(say("later"), ""), ...REASONS.map((id) => new Option(say(`reason_${id}`), id)));
}

/** @param {number} tab_id @param {string} text */
async function keep(tab_id, text) {
  const account_id = field("#own").value;
  if (!account_id) return tell(say("manual_no_account"));
  tell(say("saving_title"));
  const answer = await ask({ type: "manual.save", tab_id, text, account_id, author: field("#author").value,
    secrecy: field("#secret").checked, category: field("#category").value || null });
  tell(answer.ok ? say("saved_title") : `${say("failed_title_save")} ${cause(answer.code)}`);
  find("#manual-form").toggleAttribute("hidden", answer.ok);
}

/** @param {string} code */
function cause(code) {
  return CAUSES.has(code) ? say(`manual_${code}`) : say("failed_text");
}

/** @param {string} text */
function tell(text) {
  find("#manual-answer").textContent = text;
}
